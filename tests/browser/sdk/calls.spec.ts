//! The methods, as a shop calls them, and as nobody should.

import { expect, ids, ready, test, visit } from './fixture.ts';

test('a purchase carries its campaign, exactly its amount, and counts once however often the page is loaded', async ({ page, shop }) => {
  const pay = `<script>addEventListener('DOMContentLoaded', () => engagetrack.trackPurchase('ORD-789', '149.990', 'usd'))</script>`;
  shop.put('/thanks', { body: pay });
  await visit(page, shop, '/?utm_source=news&utm_campaign=may&gclid=x1');
  await visit(page, shop, '/thanks?order=1#top');
  await page.reload();
  const tries = () => shop.arrived.flatMap(({ sent }) => sent).filter(({ event_type }) => event_type === 'purchase');
  await expect.poll(() => tries().length).toBe(2);
  expect(new Set(tries().map(({ event_id }) => event_id)).size).toBe(1);
  await expect.poll(() => shop.of('purchase').length).toBe(1);
  expect(shop.of('purchase')[0]).toMatchObject({
    url: `${shop.origin}/thanks?order=1&utm_source=news&utm_campaign=may&gclid=x1`,
    revenue: '149.990',
    currency: 'USD',
    order_id: 'ORD-789',
    ...(await ids(page).then(({ visitor, session }) => ({ visitor_uid: visitor, session_id: session }))),
  });
});

test('identify tells who the visitor is', async ({ page, shop }) => {
  await visit(page, shop, '/a');
  await page.evaluate(() => window.engagetrack.identify(42, { name: 'Ana', email: 'ana@a.example', plan: 'pro' }));
  const told = () => shop.arrived.find(({ path }) => path === '/api/v1/identify');
  await expect.poll(() => told()?.status).toBe(202);
  const { visitor } = await ids(page);
  const who = { user_id: '42', name: 'Ana', email: 'ana@a.example', custom: { plan: 'pro' }, visitor_uid: visitor };
  expect(told()?.sent[0]).toMatchObject(who);
});

test('what a checkout takes along names visitor, session, order and the campaign, within 500 characters', async ({ page, shop }) => {
  await visit(page, shop, `/?utm_source=news&utm_content=${'c'.repeat(400)}&gclid=g&junk=${'j'.repeat(300)}`);
  await visit(page, shop, '/cart?items=3');
  const metadata = await page.evaluate(() => window.engagetrack.checkoutMetadata('ORD-1'));
  const { visitor, session } = await ids(page);
  expect(metadata).toMatchObject({
    engagetrack_visitor_id: visitor,
    engagetrack_session_id: session,
    engagetrack_order_id: 'ORD-1',
  });
  expect(metadata.engagetrack_url).toMatch(/\/cart\?utm_source=news&utm_content=c+&gclid=g$/);
  expect(metadata.engagetrack_url?.length).toBeLessThanOrEqual(500);
  expect(await page.evaluate(() => Object.keys(window.engagetrack.checkoutMetadata()))).not.toContain('engagetrack_order_id');
});

test('hostile arguments and events: nothing is thrown, the module stays, what is good arrives', async ({ page, shop }) => {
  const thrown: string[] = [];
  page.on('pageerror', (error) => thrown.push(String(error)));
  page.on('console', (message) => {
    if (message.text().includes('compatible file')) thrown.push(message.text());
  });
  await visit(page, shop, '/a');
  const names = await page.evaluate(() => {
    const tag = window.engagetrack as unknown as Record<string, (...all: unknown[]) => unknown>;
    const cycle: Record<string, unknown> = {};
    cycle.me = cycle;
    const thrower = {
      get boom() {
        throw new Error('boom');
      },
      toString() {
        throw new Error('no text');
      },
    };
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const caller = { toJSON: () => tag.track?.('from within') };
    const hostile: Record<string, unknown> = {
      cycle,
      thrower,
      proxy,
      caller,
      big: 10n,
      symbol: Symbol('s'),
      nothing: null,
      missing: undefined,
      nan: Number.NaN,
      function: () => 1,
      'ten megabytes': { text: 'x'.repeat(10 << 20) },
      'wide object': Object.fromEntries(Array.from({ length: 10_000 }, (_, place) => [`k${place}`, place])),
      'lone surrogate': '\ud800',
    };
    const methods = ['track', 'trackPurchase', 'identify', 'pageview', 'checkoutMetadata', 'getAttribution', 'getVisitorId'];
    for (const value of Object.values(hostile)) {
      for (const method of methods) {
        tag[method]?.(value, value, value);
        tag[method]?.('named', value, value);
        tag[method]?.('named', { value, inner: { value } }, 'USD');
      }
    }
    return Object.keys(hostile);
  });
  expect(names.length).toBe(13);
  await page.evaluate(() => {
    const field = document.createElement('form');
    field.innerHTML = '<input name="getAttribute"><input name="action"><input name="id">';
    document.body.append(field);
    for (const target of [document, document.body, window, field]) {
      for (const kind of ['click', 'submit', 'scroll', 'keydown', 'auxclick']) {
        target.dispatchEvent(new Event(kind, { bubbles: true, cancelable: true }));
      }
    }
  });
  await page.evaluate(() => window.engagetrack.track('still here'));
  await expect.poll(() => shop.of('still here').length).toBe(1);
  expect(thrown).toEqual([]);
});

test('a ten megabyte event leaves the others alone', async ({ page, shop }) => {
  await visit(page, shop, '/a');
  await page.evaluate(() => {
    for (let round = 0; round < 5; round += 1) {
      window.engagetrack.track('huge', { text: 'é'.repeat(10 << 20) });
      window.engagetrack.track(`small ${round}`);
    }
  });
  await expect.poll(() => shop.of('small 4').length).toBe(1);
  expect(shop.taken.filter(({ event_name }) => event_name?.startsWith('small')).length).toBe(5);
  expect(Math.max(...shop.arrived.map(({ bytes }) => bytes))).toBeLessThan(256 * 1024);
});

test('half a character, as a title that was cut has it, spoils no message', async ({ page, shop }) => {
  await visit(page, shop, '/a');
  await page.evaluate(() => {
    document.title = 'cut \ud83d';
    window.engagetrack.track('named \ud83d', { text: 'a\udc00b', whole: '\ud83d\ude00' });
    window.engagetrack.trackPurchase('ORD-\ud83d', 5, 'EUR');
  });
  await expect.poll(() => shop.of('purchase').length).toBe(1);
  const [event] = shop.of('named \ufffd');
  expect(event?.title).toBe('cut \ufffd');
  expect(event?.properties).toEqual({ text: 'a\ufffdb', whole: '\ud83d\ude00' });
});

test('functions of the page under the names of the browser\'s do no harm', async ({ page, shop }) => {
  shop.put('/a', {
    head: `<script>
      const addEventListener = (target, kind, handler) => target.addEventListener(kind, handler);
      window.fetch = ((real) => (...all) => { if (!window.tried) { window.tried = true; throw new Error('not now'); } return real(...all); })(window.fetch);
    </script>`,
  });
  const thrown: string[] = [];
  page.on('pageerror', (error) => thrown.push(String(error)));
  await page.goto(`${shop.origin}/a`);
  await ready(page);
  await page.evaluate(() => window.engagetrack.track('after all'));
  await expect.poll(() => [shop.pageviews.length, shop.of('after all').length]).toEqual([1, 1]);
  expect(thrown).toEqual([]);
});

test('no cookie is ever written', async ({ page, context, shop }) => {
  await visit(page, shop, '/a?utm_source=x');
  await page.evaluate(() => window.engagetrack.optOut());
  await ready(page);
  expect(await context.cookies()).toEqual([]);
});
