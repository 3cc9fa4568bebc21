//! Links: what is told of those that were followed, and what they carry along.

import { expect, ids, type Page, ready, test, visit } from './fixture.ts';

const LINKS = `
  <a id="inside" href="/inside">inside</a>
  <a id="out" href="http://elsewhere.example/x?y=1"><b>out</b></a>
  <a id="file" href="/list.pdf">file</a>
  <a id="named" href="/report" download>named</a>
  <form id="newsletter" action="/subscribe?secret=1"><input name="mail" value="a@b.example"><button>Go</button></form>`;

/** Stands in for the places that links lead to; gives the addresses that were asked for. */
async function elsewhere(page: Page, ...hosts: string[]): Promise<string[]> {
  const asked: string[] = [];
  const isThere = (url: URL) => hosts.includes(url.hostname);
  await page.context().route(isThere, (route) => {
    asked.push(route.request().url());
    return route.fulfill({ contentType: 'text/html', body: 'elsewhere' });
  });
  return asked;
}

test('outbound links, downloads and forms are told, each with where it went', async ({ page, shop }) => {
  shop.put('/a', { body: LINKS });
  const asked = await elsewhere(page, 'elsewhere.example');
  await visit(page, shop, '/a');
  const save = page.waitForEvent('download');
  await page.click('#named');
  await save;
  await expect.poll(() => shop.of('download').length).toBe(1);
  await page.click('#out b');
  await expect.poll(() => shop.of('outbound').length).toBe(1);
  expect(asked).toEqual(['http://elsewhere.example/x?y=1']);
  await page.goto(`${shop.origin}/a`);
  await page.click('#file');
  await expect.poll(() => shop.of('download').length).toBe(2);
  await page.goto(`${shop.origin}/a`);
  await page.click('button');
  await expect.poll(() => shop.of('form_submit').length).toBe(1);
  await page.goto(`${shop.origin}/a`);
  await page.click('#inside');
  await expect.poll(() => shop.pageviews.at(-1)).toBe('/inside');
  const told = (kind: string) => shop.of(kind).map(({ properties }) => properties);
  expect(told('outbound')).toEqual([{ href: 'http://elsewhere.example/x?y=1' }]);
  expect(told('download')).toEqual([{ href: `${shop.origin}/report` }, { href: `${shop.origin}/list.pdf` }]);
  expect(told('form_submit')).toEqual([{ form: 'newsletter', action: `${shop.origin}/subscribe` }]);
});

test('each follower has a switch', async ({ page, shop }) => {
  const off = ['auto-pageviews', 'outbound', 'downloads', 'forms', 'engagement', 'payment-links'];
  shop.everywhere = { attributes: Object.fromEntries(off.map((name) => [`data-${name}`, 'off'])) };
  shop.put('/a', { body: `${LINKS}<a id="pay" href="https://buy.stripe.com/test_1">pay</a>` });
  const asked = await elsewhere(page, 'elsewhere.example', 'buy.stripe.com');
  await page.clock.install();
  for (const link of ['#out', '#file', 'button', '#pay']) {
    await page.goto(`${shop.origin}/a`);
    await ready(page);
    await page.clock.fastForward(5_000);
    await page.click(link);
    await page.waitForURL((url) => url.pathname !== '/a');
  }
  await page.goto(`${shop.origin}/a`);
  await ready(page);
  await page.evaluate(() => window.engagetrack.track('by hand'));
  await expect.poll(() => shop.of('by hand').length).toBe(1);
  expect(shop.taken.length).toBe(1);
  expect(asked).toEqual(['http://elsewhere.example/x?y=1', 'https://buy.stripe.com/test_1']);
});

test('payment links carry the visitor in the parameter that their provider passes on', async ({ page, shop }) => {
  const stores = {
    'buy.stripe.com': ['/test_1?prefilled_email=a%40b.example', 'client_reference_id'],
    'store.lemonsqueezy.com': ['/checkout/buy/1', 'checkout[custom][engagetrack_visitor_id]'],
    'buy.polar.sh': ['/polar_cl_1', 'reference_id'],
  };
  const asked = await elsewhere(page, ...Object.keys(stores));
  const links = Object.entries(stores).map(([host, [path]]) => `<a id="${host}" href="https://${host}${path}">pay</a>`);
  shop.put('/pay', { body: `${links.join('')}<a id="own" href="https://buy.stripe.com/x?client_reference_id=cart-7">own</a>` });
  await visit(page, shop, '/pay');
  const { visitor } = await ids(page);
  for (const [host, [path, name]] of Object.entries(stores)) {
    await page.goto(`${shop.origin}/pay`);
    await ready(page);
    await page.click(`[id="${host}"]`);
    await page.waitForURL((url) => url.hostname === host);
    const followed = new URL(asked.at(-1) ?? '');
    expect(followed.searchParams.get(name ?? '')).toBe(visitor);
    for (const [key, value] of new URLSearchParams(path?.split('?')[1])) expect(followed.searchParams.get(key)).toBe(value);
  }
  await page.goto(`${shop.origin}/pay`);
  await ready(page);
  await page.click('#own');
  await page.waitForURL((url) => url.hostname === 'buy.stripe.com');
  expect(asked.at(-1)).toBe('https://buy.stripe.com/x?client_reference_id=cart-7');
});

test('a link that is followed as soon as the tag has run carries the visitor and is told', async ({ page, shop }) => {
  const asked = await elsewhere(page, 'buy.stripe.com');
  shop.put('/pay', {
    attributes: { onload: "document.querySelector('a').click()" },
    body: '<a href="https://buy.stripe.com/test_1">pay</a>',
  });
  await page.goto(`${shop.origin}/pay`);
  await page.waitForURL((url) => url.hostname === 'buy.stripe.com');
  expect(asked[0]).toMatch(/\?client_reference_id=[0-9a-f-]{36}$/);
  await visit(page, shop, '/again');
  await expect.poll(() => [shop.of('outbound').length, shop.pageviews.length]).toEqual([1, 2]);
});

test('signs that no host has do no harm in the list of hosts', async ({ page, shop }) => {
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  shop.everywhere = { attributes: { 'data-allowed-hostnames': '*.shop.example, (, [a' } };
  shop.put('/a', { body: '<a href="http://elsewhere.example/">out</a>' });
  await elsewhere(page, 'elsewhere.example');
  await visit(page, shop, '/a');
  await page.click('a');
  await expect.poll(() => shop.of('outbound').length).toBe(1);
  expect(said).toEqual([]);
});

test('a Paddle checkout carries the visitor, whenever Paddle is loaded, and the own data wins', async ({ page, shop }) => {
  const paddle = `window.opened = []; window.Paddle = { Checkout: { open(options) { opened.push([this === Paddle.Checkout, options]); return 'opened'; } } };`;
  shop.put('/early', { head: `<script>${paddle}</script>` });
  shop.put('/late', { body: '<button>Pay</button>' });
  for (const path of ['/early', '/late']) {
    await visit(page, shop, path);
    const { visitor } = await ids(page);
    if (path === '/late') {
      await page.evaluate(paddle);
      await page.click('button');
    }
    const given = await page.evaluate(() => {
      const { Paddle } = window as unknown as { Paddle: { Checkout: { open(options?: unknown): string } } };
      const options = Object.freeze({ items: [{ priceId: 'pri_1' }], customData: { cart: 7 } });
      const said = [
        Paddle.Checkout.open(options),
        Paddle.Checkout.open({ customData: { engagetrack_visitor_id: 'own' } }),
        Paddle.Checkout.open(),
      ];
      return { said, untouched: options, opened: (window as unknown as { opened: [boolean, Record<string, unknown>][] }).opened };
    });
    expect(given.said).toEqual(['opened', 'opened', 'opened']);
    expect(given.untouched.customData).toEqual({ cart: 7 });
    expect(given.opened.map(([isOwn]) => isOwn)).toEqual([true, true, true]);
    expect(given.opened.map(([, options]) => options.customData)).toEqual([
      { cart: 7, engagetrack_visitor_id: visitor },
      { engagetrack_visitor_id: 'own' },
      { engagetrack_visitor_id: visitor },
    ]);
    expect(given.opened[0]?.[1]).toHaveProperty('items');
  }
});

test('the visitor goes along to the shop\'s other domain, and to nobody else', async ({ page, browser, world }) => {
  const shop = world.shop('www.other.example');
  const other = 'http://www.other.example';
  shop.everywhere = { attributes: { 'data-allowed-hostnames': 'shop.example, other.example' } };
  shop.put('/a', { body: `<a id="own" href="${other}/there?x=1#part">other</a><a id="out" href="http://elsewhere.example/">out</a>` });
  const asked = await elsewhere(page, 'elsewhere.example');
  await visit(page, shop, '/a');
  const { visitor } = await ids(page);
  await page.click('#own');
  await page.waitForURL(`${other}/there?x=1#part`);
  await expect.poll(() => shop.pageviews.at(-1)).toBe(`${other}/there?x=1`);
  expect((await ids(page)).visitor).toBe(visitor);
  expect(shop.of('outbound')).toEqual([]);

  // A link that was copied and passed on makes nobody the same; nor does one over an id that is there already.
  const carried = `${other}/there?_engagetrack=${visitor}.${Date.now()}`;
  const stranger = await (await browser.newContext()).newPage();
  await stranger.goto(carried);
  await ready(stranger);
  expect((await ids(stranger)).visitor).not.toBe(visitor);
  expect(stranger.url()).toBe(`${other}/there`);
  const theirs = (await ids(stranger)).visitor;
  await stranger.goto(`${shop.origin}/a`);
  await ready(stranger);
  await stranger.click('#own');
  await stranger.waitForURL(`${other}/there?x=1#part`);
  await ready(stranger);
  expect((await ids(stranger)).visitor).toBe(theirs);
  await stranger.context().close();

  await page.goto(`${shop.origin}/a`);
  await ready(page);
  await page.click('#out');
  await page.waitForURL('http://elsewhere.example/');
  expect(asked).toEqual(['http://elsewhere.example/']);
});
