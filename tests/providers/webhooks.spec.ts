import { expect, test } from '@playwright/test';
import { SALES, SESSION, type Unsigned, VISITOR } from './payloads.ts';
import { Shop } from './shop.ts';
import { SIGNERS } from './signers.ts';

for (const [name, provider, signer] of SIGNERS) {
  test.describe(name, () => {
    let shop: Shop;
    const secret = signer.secret();

    test.beforeEach(async () => {
      shop = await Shop.open();
      expect((await shop.connect(provider, secret)).status).toBe(201);
    });

    test.afterEach(() => shop.close());

    const hear = async (unsigned: Unsigned, by = secret, seconds?: number) =>
      shop.hear(provider, await signer.sign(JSON.stringify(unsigned.body), by, unsigned.id, seconds));

    test('a sale and a refund are one order, whatever is sent twice', async () => {
      const { orderId, country, sale, refund } = SALES[provider]();
      const page = 'https://shop.example/?utm_source=newsletter&utm_medium=email';
      expect((await shop.visit(VISITOR, SESSION, page)).status).toBe(202);
      for (const unsigned of [...refund, ...sale]) {
        const { status, body } = await hear(unsigned);
        expect(status, JSON.stringify(body)).toBe(200);
        expect(['recorded', 'enriched', 'duplicate']).toContain(body.status);
      }
      for (const unsigned of [...sale, ...refund]) {
        expect(await hear(unsigned)).toEqual({ status: 200, body: { status: 'duplicate' } });
      }
      const { status, body } = await shop.order(orderId);
      expect(status, JSON.stringify(body)).toBe(200);
      const order = body.data ?? body;
      expect(order).toMatchObject({
        order_id: orderId,
        provider,
        trust: 'verified',
        level: 'session',
        amount: { minor: 5831, currency: 'EUR' },
        refunded: { minor: 1190 },
        net: { minor: 4641 },
        tax: { minor: 931 },
        country,
        key: { source: 'newsletter', channel: 'Email' },
        kind: 'new',
      });
      expect(order.webhooks).toHaveLength(sale.length + refund.length);
    });

    test('a forged one is refused and changes nothing', async () => {
      const { orderId, sale } = SALES[provider]();
      for (const unsigned of sale) {
        const body = JSON.stringify(unsigned.body);
        const signed = await signer.sign(body, secret, unsigned.id);
        const forged = await shop.hear(provider, { ...signed, body: body.replace('5831', '9831') });
        if (body.includes('5831')) expect(forged.status).toBe(401);
        expect((await shop.hear(provider, { body, headers: {} })).status).toBe(401);
        expect((await hear(unsigned, signer.secret())).status).toBe(401);
      }
      expect((await shop.order(orderId)).status).toBe(404);
    });

    test('during a rotation both secrets are valid', async () => {
      const [first] = SALES[provider]().sale;
      if (!first) throw new Error('a sale has a webhook');
      const next = signer.secret();
      expect((await hear(first, next)).status).toBe(401);
      expect((await shop.connect(provider, next)).status).toBe(201);
      expect((await hear(first, next)).status).toBe(200);
      expect(await hear(first, secret)).toEqual({ status: 200, body: { status: 'duplicate' } });
    });

    test('one that was signed long ago is refused', async () => {
      const [first] = SALES[provider]().sale;
      if (!first) throw new Error('a sale has a webhook');
      const longAgo = Math.floor(Date.now() / 1000) - 400;
      expect((await hear(first, secret, longAgo)).status).toBe(signer.ages ? 401 : 200);
    });
  });
}

test('money of Lemon Squeezy\'s test mode is kept apart', async () => {
  const shop = await Shop.open();
  const [, provider, signer] = SIGNERS.find(([name]) => name === 'lemonsqueezy')!;
  const secret = signer.secret();
  await shop.connect(provider, secret);
  const { orderId, sale } = SALES[provider]();
  for (const { body, id } of sale) {
    body.meta.test_mode = true;
    expect((await shop.hear(provider, await signer.sign(JSON.stringify(body), secret, id))).status).toBe(200);
  }
  expect((await shop.order(orderId)).status).toBe(404);
  expect((await shop.order(orderId, '?mode=test')).status).toBe(200);
  await shop.close();
});

test('a webhook of Paddle Classic is refused with a word on what it is', async () => {
  const shop = await Shop.open();
  await shop.connect('paddle', 'pdl_ntfset_01gkdqa2h5tj9y4k6b3k3xg4ta');
  const body = 'alert_name=payment_succeeded&p_signature=AAAA';
  const answer = await shop.hear('paddle', { body, headers: {} });
  expect(answer.status).toBe(401);
  expect(JSON.stringify(answer.body)).toContain('Paddle Classic');
  await shop.close();
});

test('a secret of another provider\'s shape is refused with a word on the right one', async () => {
  const shop = await Shop.open();
  for (const [provider, wrong] of [
    ['stripe', 'sk_live_abc'],
    ['lemonsqueezy', 'short'],
    ['paddle', 'pdl_live_apikey_abc'],
    ['polar', 'polar_oat_abc'],
  ] as const) {
    const answer = await shop.connect(provider, wrong);
    expect(answer.status, provider).toBe(400);
    expect(JSON.stringify(answer.body)).not.toContain(wrong);
  }
  await shop.close();
});
