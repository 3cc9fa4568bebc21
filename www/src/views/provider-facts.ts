//! What the forms say of each payment provider: its keys, its secrets, and what a webhook made by hand must send.

export interface ProviderFacts {
  id: string;
  name: string;
  /** One line under the name, before it is connected. */
  about: string;
  keyName: string;
  keyHelp: string;
  /** Where the key is made, with its permissions filled in where the provider allows that. */
  keyHref: string;
  keyPlaceholder: string;
  /** Whether a key moves live money or a test's, where the key itself shows it. */
  modeOf: (key: string) => 'live' | 'test' | null;
  secretName: string;
  secretPlaceholder: string;
  /** Where the webhook is made by hand. */
  byHand: string;
  events: readonly string[];
}

/** What a restricted key of Stripe needs: to make the webhook, and to read what was paid before. */
const STRIPE_PERMISSIONS = [
  'rak_webhook_write',
  'rak_charge_read',
  'rak_payment_intent_read',
  'rak_checkout_session_read',
  'rak_invoice_read',
  'rak_dispute_read',
];

const STRIPE_KEY_HREF = `https://dashboard.stripe.com/apikeys/create?${new URLSearchParams([
  ['name', 'EngageTrack'],
  ...STRIPE_PERMISSIONS.map((permission) => ['permissions[]', permission]),
])}`;

const prefixed = (live: RegExp, test: RegExp) => (key: string) =>
  live.test(key) ? 'live' : test.test(key) ? 'test' : null;

export const PROVIDERS: readonly ProviderFacts[] = [
  {
    id: 'stripe',
    name: 'Stripe',
    about: 'API key; the webhook is made for you. Payment Links are attributed without code.',
    keyName: 'Restricted key',
    keyHelp: 'The link opens Stripe with the permissions filled in.',
    keyHref: STRIPE_KEY_HREF,
    keyPlaceholder: 'rk_live_…',
    modeOf: prefixed(/^[rs]k_live_/, /^[rs]k_test_/),
    secretName: 'Signing secret',
    secretPlaceholder: 'whsec_…',
    byHand: 'In Stripe, under Developers → Webhooks, add this endpoint',
    events: [
      'checkout.session.completed',
      'checkout.session.async_payment_succeeded',
      'payment_intent.succeeded',
      'invoice.paid',
      'invoice_payment.paid',
      'charge.refunded',
      'refund.created',
      'refund.updated',
      'refund.failed',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.funds_reinstated',
    ],
  },
  {
    id: 'lemonsqueezy',
    name: 'Lemon Squeezy',
    about: 'API key; the webhook is made for you. Checkout links are attributed without code.',
    keyName: 'API key',
    keyHelp: 'Keys of test mode read test orders, keys of live mode live ones.',
    keyHref: 'https://app.lemonsqueezy.com/settings/api',
    keyPlaceholder: 'eyJ0eXAiOiJKV1Qi…',
    modeOf: () => null,
    secretName: 'Signing secret',
    secretPlaceholder: '6 to 40 characters, chosen by you',
    byHand: 'In Lemon Squeezy, under Settings → Webhooks, add this address',
    events: [
      'order_created',
      'order_refunded',
      'subscription_created',
      'subscription_payment_success',
      'subscription_payment_refunded',
    ],
  },
  {
    id: 'paddle',
    name: 'Paddle',
    about: 'API key of Paddle Billing; the webhook is made for you. Sandbox and live.',
    keyName: 'API key',
    keyHelp:
      'Permissions: read and write notification settings; read transactions, adjustments and customers.',
    keyHref: 'https://vendors.paddle.com/authentication-v2',
    keyPlaceholder: 'pdl_live_apikey_…',
    modeOf: prefixed(/^pdl_live_/, /^pdl_sdbx_/),
    secretName: 'Secret key',
    secretPlaceholder: 'pdl_ntfset_…',
    byHand: 'In Paddle, under Developer tools → Notifications, add this destination',
    events: [
      'transaction.completed',
      'adjustment.created',
      'adjustment.updated',
      'customer.created',
      'customer.updated',
      'address.created',
      'address.updated',
    ],
  },
  {
    id: 'polar',
    name: 'Polar',
    about: 'Access token; the webhook is made for you. Sandbox and live.',
    keyName: 'Organization access token',
    keyHelp: 'Scopes: webhooks:write, orders:read, refunds:read.',
    keyHref: 'https://polar.sh/dashboard',
    keyPlaceholder: 'polar_oat_…',
    modeOf: () => null,
    secretName: 'Secret',
    secretPlaceholder: 'whsec_…',
    byHand: 'In Polar, under Settings → Webhooks, add this endpoint, format Raw',
    events: ['order.paid', 'order.refunded', 'refund.created', 'refund.updated'],
  },
];

export const factsOf = (provider: string): ProviderFacts | undefined =>
  PROVIDERS.find((facts) => facts.id === provider);
