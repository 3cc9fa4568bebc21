import axe from 'axe-core';
import { expect, type Page, test } from '@playwright/test';
import Stripe from 'stripe';
import { Demo } from './demo.ts';

/** The endpoint's signing secret, as a merchant copies it out of Stripe. */
const SECRET = 'whsec_9f2c1d7b5a3e48e6b0c4d2f1a8e7b6c5';

/** What the shop's page gives to whoever takes the payment. */
interface Order {
  order_id: string;
  amount: number;
  currency: string;
  email: string;
  metadata: Record<string, string>;
}

let demo: Demo;

test.beforeAll(async () => {
  demo = await Demo.start();
});

test.afterAll(async () => {
  await demo.stop();
});

/** Stripe, as far as the shop and the server see of it: a payment, reported by a webhook that its own SDK signed. */
async function payByStripe(order: Order, site: string): Promise<{ intent: string; status: number; told: unknown }> {
  const intent = 'pi_3QfTnewsletter1';
  const created = Math.floor(Date.now() / 1000);
  const payload = JSON.stringify({
    id: 'evt_3QfTnewsletter1',
    object: 'event',
    type: 'checkout.session.completed',
    livemode: true,
    created,
    data: {
      object: {
        id: 'cs_live_newsletter1',
        object: 'checkout.session',
        mode: 'payment',
        payment_status: 'paid',
        amount_total: order.amount,
        currency: order.currency.toLowerCase(),
        payment_intent: intent,
        customer_details: { email: order.email, address: { country: 'DE' } },
        metadata: order.metadata,
      },
    },
  });
  const stripe = new Stripe('sk_test_of_nobody');
  const signature = stripe.webhooks.generateTestHeaderString({ payload, secret: SECRET });
  const answer = await fetch(`${demo.origin}/api/v1/webhooks/stripe/${site}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'stripe-signature': signature },
    body: payload,
  });
  return { intent, status: answer.status, told: await answer.json() };
}

async function makeAccount(page: Page): Promise<void> {
  await page.goto(demo.welcome);
  await page.getByLabel('Your name').fill('Ana');
  await page.getByLabel('E-mail').fill('ana@example.com');
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('heading', { name: /Set up localhost/ })).toBeVisible();
}

/** Follows a link of the shop, and waits until the server has the page view. */
async function follow(page: Page, name: string | RegExp): Promise<void> {
  const stored = page.waitForResponse((answer) => answer.url().includes('/api/v1/event') && answer.status() === 202);
  await page.getByRole('navigation', { name: 'Shop' }).getByRole('link', { name }).click();
  await stored;
}

/** Fails on what axe finds wrong with a view. */
async function expectAccessible(page: Page): Promise<void> {
  const violations = await page.evaluate(async (source) => {
    // The policy of the page allows no inline script; evaluated by the driver, it is none.
    if (!('axe' in window)) (0, eval)(source);
    const found = await (window as unknown as { axe: typeof axe }).axe.run();
    return found.violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.target.join(' ')).join(', ')}`);
  }, axe.source);
  expect(violations).toEqual([]);
}

test('a visitor comes by a campaign, pays, and the dashboard says which source brought the money', async ({ browser }) => {
  const owner = await browser.newPage();
  await makeAccount(owner);
  const site = await owner.evaluate(async () => {
    const answer = await fetch('/api/v1/sites');
    return (await answer.json()).data[0].site_id as string;
  });
  const connected = await owner.evaluate(
    async ({ site, secret }) => {
      const answer = await fetch(`/api/v1/sites/${site}/integrations`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ provider: 'stripe', webhook_secret: secret }),
      });
      return answer.status;
    },
    { site, secret: SECRET },
  );
  expect(connected).toBe(201);

  const visitor = await (await browser.newContext()).newPage();
  const first = visitor.waitForResponse((answer) => answer.url().includes('/api/v1/event'));
  await visitor.goto(`${demo.shop}/?utm_source=newsletter&utm_campaign=spring`);
  expect((await first).status()).toBe(202);
  await follow(visitor, 'The mug');
  await follow(visitor, 'Cart');
  const stored = visitor.waitForResponse((answer) => answer.url().includes('/api/v1/event'));
  await visitor.goto(`${demo.shop}/pay`);
  await stored;
  const ids = await visitor.evaluate(() => {
    const { engagetrack } = window as unknown as { engagetrack: { getVisitorId(): string; getSessionId(): string } };
    return { visitor: engagetrack.getVisitorId(), session: engagetrack.getSessionId() };
  });
  let paid: Awaited<ReturnType<typeof payByStripe>> | undefined;
  await visitor.route('**/pay', async (route) => {
    if (route.request().method() !== 'POST') return route.fallback();
    paid = await payByStripe(route.request().postDataJSON() as Order, site);
    return route.fulfill({ json: { payment_intent: paid.intent } });
  });
  await visitor.locator('#pay').click();
  await visitor.waitForURL('**/thanks**');
  expect(paid).toMatchObject({ status: 200, told: { status: 'recorded' } });

  await owner.goto(`${demo.origin}/s/${site}/revenue?dimension=campaign`);
  const row = owner.getByRole('row', { name: /spring/ });
  await expect(row).toContainText('28.90');
  await owner.goto(`${demo.origin}/s/${site}/revenue?dimension=source`);
  await expect(owner.getByRole('row', { name: /newsletter/ })).toContainText('28.90');
  await expectAccessible(owner);

  await owner.goto(`${demo.origin}/s/${site}/orders`);
  await expect(owner.getByText('newsletter / spring').first()).toBeVisible();
  await expectAccessible(owner);
  await owner.goto(`${demo.origin}/s/${site}/orders/${paid?.intent}`);
  const reason = owner.getByRole('region', { name: 'Why this order was credited so' });
  await expect(reason).toContainText('newsletter / spring');
  await expect(reason).toContainText(`Session ${ids.session} is one of visitor ${ids.visitor}`);
  await expect(reason.getByText('decided')).toBeVisible();
  await expectAccessible(owner);
});

test('the shop pays by itself, and the order leads to its explanation', async ({ page }) => {
  const stored = page.waitForResponse((answer) => answer.url().includes('/api/v1/event') && answer.status() === 202);
  await page.goto(`${demo.shop}/?utm_source=facebook&utm_medium=cpc&utm_campaign=launch`);
  await stored;
  await page.goto(`${demo.shop}/pay`);
  await page.locator('#pay').click();
  await page.waitForURL('**/thanks**');
  await expect(page.locator('#see')).toHaveAttribute('href', /\/orders\/pi_/);
});
