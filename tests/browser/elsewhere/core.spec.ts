//! The core of the SDK in browsers that Playwright does not drive: the same promises, asked over WebDriver.

import { test as base, expect } from '@playwright/test';
import type { WebDriver } from 'selenium-webdriver';
import { World } from '../sdk/fixture.ts';
import type { Shop } from '../shop.ts';
import { Driven } from './driver.ts';

const test = base.extend<{ shop: Shop; tab: Tab }, { world: World; driven: Driven }>({
  world: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
    async ({}, use) => {
      const world = await World.start();
      await use(world);
      await world.stop();
    },
    { scope: 'worker' },
  ],
  driven: [
    async ({ world }, use, { project }) => {
      const driven = await Driven.open(project.name, world.gate.port);
      await use(driven);
      await driven.close();
    },
    { scope: 'worker' },
  ],
  shop: async ({ world }, use) => {
    await use(world.shop());
  },
  tab: async ({ driven, shop }, use) => {
    await use(new Tab(driven.driver, shop));
  },
});

/** The tab that the driver looks at, on the pages of one shop. */
class Tab {
  readonly driver: WebDriver;
  readonly #shop: Shop;

  constructor(driver: WebDriver, shop: Shop) {
    this.driver = driver;
    this.#shop = shop;
  }

  /** Goes to a page, and waits until the module answers. */
  async go(path: string): Promise<void> {
    await this.driver.get(this.#shop.origin + path);
    await this.ready();
  }

  async ready(): Promise<void> {
    await this.driver.wait(() => this.run('return Boolean(window.engagetrack && engagetrack.version)'), 10_000);
    await this.driver.executeAsyncScript('const done = arguments[0]; engagetrack.ready.then(() => done())');
  }

  run<T>(script: string, ...all: unknown[]): Promise<T> {
    return this.driver.executeScript<T>(script, ...all);
  }

  track(name: string): Promise<void> {
    return this.run('engagetrack.track(arguments[0])', name);
  }

  ids(): Promise<{ visitor: string; session: string }> {
    return this.run('return { visitor: engagetrack.getVisitorId(), session: engagetrack.getSessionId() }');
  }
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('ids persist across a reload and another page; another tab has a session of its own', async ({ tab, shop }) => {
  await tab.go('/a?utm_source=news');
  const before = await tab.ids();
  expect(before.visitor).toMatch(UUID);
  await tab.driver.navigate().refresh();
  await tab.ready();
  expect(await tab.ids()).toEqual(before);
  await tab.go('/b');
  expect(await tab.ids()).toEqual(before);
  const handle = await tab.driver.getWindowHandle();
  await tab.driver.switchTo().newWindow('tab');
  await tab.go('/c');
  const after = await tab.ids();
  expect(after.visitor).toBe(before.visitor);
  expect(after.session).not.toBe(before.session);
  await expect.poll(() => shop.pageviews).toEqual(['/a?utm_source=news', '/a?utm_source=news', '/b', '/c']);
  await tab.driver.close();
  await tab.driver.switchTo().window(handle);
});

test('navigation within an app, and back', async ({ tab, shop }) => {
  await tab.go('/app');
  await tab.run("history.pushState(null, '', '/app/b')");
  await tab.run("history.replaceState(null, '', '/app/c')");
  // By the page itself: WebKit's own button passes over what no gesture of a visitor brought.
  await tab.run('history.back()');
  await expect.poll(() => shop.pageviews).toEqual(['/app', '/app/b', '/app/c', '/app']);
  const referrers = shop.of('pageview').map(({ referrer }) => referrer?.replace(shop.origin, ''));
  expect(referrers).toEqual([undefined, '/app', '/app/b', '/app/c']);
});

test('an event with properties, hostile ones too, and an identify', async ({ tab, shop }) => {
  await tab.go('/a');
  await tab.run(`
    const cycle = {}; cycle.me = cycle;
    for (const hostile of [cycle, { get boom() { throw new Error('boom') } }, 10n, Symbol('s'), null, { text: 'x'.repeat(10 << 20) }]) {
      engagetrack.track('hostile', { hostile }); engagetrack.track('hostile', hostile); engagetrack.identify('u', hostile);
    }
    engagetrack.track('good', { n: 1, text: 'zażółć 漢字 🙂' });
    engagetrack.identify('u1', { name: 'Ana' });`);
  await expect.poll(() => shop.of('good')[0]?.properties).toEqual({ n: 1, text: 'zażółć 漢字 🙂' });
  const named = () => shop.arrived.filter(({ path, status }) => path.endsWith('/identify') && status === 202);
  await expect.poll(() => named().at(-1)?.sent[0]).toMatchObject({ user_id: 'u1', name: 'Ana' });
});

test('a purchase with its campaign counts once, however often its page is loaded', async ({ tab, shop }) => {
  shop.put('/thanks', {
    body: `<script>addEventListener('DOMContentLoaded', () => engagetrack.trackPurchase('ORD-1', 149.99, 'USD'))</script>`,
  });
  await tab.go('/?utm_source=news&gclid=1');
  await tab.go('/thanks');
  await tab.driver.navigate().refresh();
  await tab.ready();
  const came = () => shop.arrived.flatMap(({ sent }) => sent).filter(({ event_type }) => event_type === 'purchase');
  await expect.poll(() => came().length).toBeGreaterThanOrEqual(2);
  expect(new Set(came().map(({ event_id }) => event_id)).size).toBe(1);
  await expect.poll(() => shop.of('purchase').length).toBe(1);
  expect(came()[0]).toMatchObject({ url: `${shop.origin}/thanks?utm_source=news&gclid=1`, revenue: 149.99 });
});

test('opting out forgets and stops, opting in begins as somebody new', async ({ tab, shop }) => {
  await tab.go('/a');
  const before = await tab.ids();
  await expect.poll(() => shop.pageviews).toEqual(['/a']);
  await tab.run('engagetrack.optOut()');
  await tab.go('/b');
  await tab.track('not to be sent');
  expect(await tab.ids()).toEqual({ visitor: '', session: '' });
  expect(await tab.run('return Object.keys(localStorage).concat(Object.keys(sessionStorage))')).toEqual(['engagetrack_choice']);
  await tab.run('engagetrack.optIn()');
  await expect.poll(() => shop.pageviews).toEqual(['/a', '/b']);
  expect((await tab.ids()).visitor).not.toBe(before.visitor);
  expect(shop.of('not to be sent')).toEqual([]);
});

test('what cannot be sent waits, and goes with a later page', async ({ tab, shop }) => {
  await tab.go('/a');
  await expect.poll(() => shop.pageviews).toEqual(['/a']);
  shop.treat = () => 'cut request';
  for (const name of ['one', 'two', 'three']) await tab.track(name);
  await expect.poll(() => shop.arrived.length).toBeGreaterThan(1);
  await tab.go('/b');
  await tab.track('four');
  expect(shop.taken.length).toBe(1);
  await tab.driver.get('about:blank');
  shop.treat = () => 'pass';
  await tab.go('/c');
  await expect.poll(() => shop.pageviews).toEqual(['/a', '/b', '/c']);
  for (const name of ['one', 'two', 'three', 'four']) expect(shop.of(name).length, name).toBe(1);
});

test('a page that is left parts with what waits, and with the time for which it was seen', async ({ tab, shop }) => {
  await tab.go('/a');
  await expect.poll(() => shop.pageviews).toEqual(['/a']);
  await new Promise((over) => setTimeout(over, 1_200));
  await tab.driver.get('about:blank');
  await expect.poll(() => shop.of('engagement').length).toBe(1);
  expect(shop.of('engagement')[0]?.time_on_page).toBeGreaterThanOrEqual(1);
});

test('a tab that is hidden does so too', async ({ tab, shop }) => {
  test.skip(test.info().project.name !== 'firefox', 'tabs of a driven WebKit stay visible');
  await tab.go('/a');
  await expect.poll(() => shop.pageviews).toEqual(['/a']);
  await new Promise((over) => setTimeout(over, 1_200));
  const handle = await tab.driver.getWindowHandle();
  await tab.driver.switchTo().newWindow('tab');
  await expect.poll(() => shop.of('engagement').length).toBe(1);
  await tab.driver.close();
  await tab.driver.switchTo().window(handle);
});

test('where storage is forbidden, ids live as long as the page', async ({ tab, shop }) => {
  shop.everywhere = { headers: { 'content-security-policy': 'sandbox allow-scripts' } };
  await tab.go('/a');
  const refusal = 'try { return localStorage.length } catch (error) { return error.name }';
  expect(await tab.run(refusal)).toBe('SecurityError');
  const { visitor } = await tab.ids();
  expect(visitor).toMatch(UUID);
  await tab.track('in memory');
  await expect.poll(() => shop.of('in memory')[0]?.visitor_uid).toBe(visitor);
});

test('a policy without WebAssembly: the compatible file takes over', async ({ tab, shop }) => {
  const hosts = 'http://stats.shop.example';
  const policy = `default-src 'none'; script-src 'self' ${hosts}; connect-src ${hosts}; img-src data:`;
  shop.everywhere = { headers: { 'content-security-policy': policy } };
  await tab.go('/a?utm_source=news');
  await expect.poll(() => shop.pageviews).toEqual(['/a?utm_source=news']);
  await tab.run("engagetrack.trackPurchase('ORD-csp', '10.00', 'EUR'); engagetrack.track('漢字')");
  await expect.poll(() => [shop.of('purchase').length, shop.of('漢字').length]).toEqual([1, 1]);
  const loaded = "return performance.getEntriesByType('resource').map(({ name }) => name.split('/').pop())";
  expect(await tab.run(loaded)).toContain('engagetrack.compat.js');
});

test('Global Privacy Control, as the browser itself sends it', async ({ tab, shop }) => {
  test.skip(test.info().project.name !== 'firefox', 'WebKit has no such setting');
  shop.put('/asked', { attributes: { 'data-respect-gpc': '' } });
  await tab.go('/asked');
  expect(await tab.run('return navigator.globalPrivacyControl')).toBe(true);
  await tab.track('not to be sent');
  await tab.go('/not-asked');
  await expect.poll(() => shop.pageviews).toEqual(['/not-asked']);
  expect(shop.of('not to be sent')).toEqual([]);
});
