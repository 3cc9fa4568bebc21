import { createHmac, randomBytes } from 'node:crypto';
import { Paddle } from '@paddle/paddle-node-sdk';
import { webhooks } from '@polar-sh/sdk/2026-10';
import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';

export type Provider = 'stripe' | 'lemonsqueezy' | 'paddle' | 'polar';

/** A webhook with its signature. */
export interface Signed {
  body: string;
  headers: Record<string, string>;
}

/** How a provider signs: its secrets, and a signature at a time in seconds. */
export interface Signer {
  /** A new secret of the provider's own shape. */
  secret(): string;
  sign(body: string, secret: string, id: string, seconds?: number): Promise<Signed>;
  /** Whether the signature carries a time that can be too old. */
  ages: boolean;
}

const now = () => Math.floor(Date.now() / 1000);
/** Whether a signature of that time is right today; the SDKs refuse an old one, as the server must. */
const isFresh = (seconds: number) => Math.abs(now() - seconds) < 4;
const hmac = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest('hex');

const stripe: Signer = {
  ages: true,
  secret: () => `whsec_${randomBytes(24).toString('hex')}`,
  async sign(body, secret, _id, timestamp = now()) {
    const header = Stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp });
    return { body, headers: { 'stripe-signature': header } };
  },
};

const lemonsqueezy: Signer = {
  ages: false,
  secret: () => randomBytes(20).toString('hex'),
  async sign(body, secret) {
    return { body, headers: { 'x-signature': hmac(secret, body) } };
  },
};

/** Paddle's SDK only verifies; what is signed here must be right to it, unless it is too old on purpose. */
const paddle: Signer = {
  ages: true,
  secret: () => `pdl_ntfset_${randomBytes(13).toString('hex')}_${randomBytes(16).toString('hex')}`,
  async sign(body, secret, _id, seconds = now()) {
    const header = `ts=${seconds};h1=${hmac(secret, `${seconds}:${body}`)}`;
    const webhooks = new Paddle('pdl_sdbx_apikey_unused').webhooks;
    if (isFresh(seconds) && !(await webhooks.isSignatureValid(body, secret, header))) {
      throw new Error('the SDK of Paddle refuses this signature');
    }
    return { body, headers: { 'paddle-signature': header } };
  },
};

/** Signs by the Standard Webhooks library, whose key is given in base64; Polar's SDK must find it right. */
async function standard(body: string, secret: string, key: string, id: string, seconds: number): Promise<Signed> {
  const signature = new Webhook(key).sign(id, new Date(seconds * 1000), body);
  const headers = { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': signature };
  if (isFresh(seconds)) await webhooks.validateEvent(body, headers, secret);
  return { body, headers };
}

/** A secret that Polar made lately: what follows whsec_ is the key in base64. */
const polar: Signer = {
  ages: true,
  secret: () => `whsec_${randomBytes(32).toString('base64')}`,
  sign: (body, secret, id, seconds = now()) => standard(body, secret, secret, id, seconds),
};

/** An older secret, or one that the merchant chose: its text is the key. */
const polarChosen: Signer = {
  ages: true,
  secret: () => randomBytes(16).toString('hex'),
  sign: (body, secret, id, seconds = now()) =>
    standard(body, secret, Buffer.from(secret).toString('base64'), id, seconds),
};

/** Every kind of secret, with its provider. */
export const SIGNERS: [string, Provider, Signer][] = [
  ['stripe', 'stripe', stripe],
  ['lemonsqueezy', 'lemonsqueezy', lemonsqueezy],
  ['paddle', 'paddle', paddle],
  ['polar', 'polar', polar],
  ['polar, a chosen secret', 'polar', polarChosen],
];
