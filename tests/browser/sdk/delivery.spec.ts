//! Delivery: what is sent arrives once, however the way and the page end.

import type { Treatment } from '../gate.ts';
import { expect, ids, type Page, ready, test, visit } from './fixture.ts';

const track = (name: string) => window.engagetrack.track(name);

test('what a page tells while it is being left goes at once', async ({ page, shop }) => {
  shop.everywhere = { attributes: { 'data-persistence': 'memory' } };
  await visit(page, shop, '/a');
  await page.evaluate(() => addEventListener('pagehide', () => window.engagetrack.trackPurchase('ORD-1', 5, 'EUR')));
  await page.goto('about:blank');
  await expect.poll(() => shop.of('purchase').length).toBe(1);
});

test('a page closed in mid-flight: what did not arrive goes with the next page', async ({ context, shop }) => {
  const page = await context.newPage();
  await visit(page, shop, '/a');
  let close = () => {};
  const closed = new Promise<void>((resolve) => {
    close = resolve;
  });
  shop.treat = async (): Promise<Treatment> => {
    await closed;
    return 'cut request';
  };
  await page.evaluate(track, 'in flight');
  await page.evaluate(track, 'behind it');
  await expect.poll(() => shop.arrived.length).toBe(2);
  await page.close({ runBeforeUnload: true });
  await expect.poll(() => page.isClosed()).toBe(true);
  close();
  shop.treat = () => 'pass';
  await visit(await context.newPage(), shop, '/b');
  await expect.poll(() => [shop.of('in flight').length, shop.of('behind it').length]).toEqual([1, 1]);
});

test('an answer that is lost makes nothing count twice', async ({ page, shop }) => {
  await visit(page, shop, '/a');
  shop.treat = () => 'cut answer';
  await page.evaluate(track, 'answered in vain');
  await expect.poll(() => shop.arrived.length).toBeGreaterThan(1);
  shop.treat = () => 'pass';
  const isBack = () => shop.arrived.filter(({ sent }) => sent.some(({ event_name }) => event_name)).length;
  const before = isBack();
  await expect.poll(isBack).toBeGreaterThan(before);
  const came = shop.arrived.flatMap(({ sent }) => sent).filter(({ event_name }) => event_name === 'answered in vain');
  expect(came.length).toBeGreaterThan(1);
  expect(new Set(came.map(({ event_id }) => event_id)).size).toBe(1);
  expect(new Set(came.map(({ at }) => at)).size).toBe(1);
});

test('offline, what happens waits; online, it is delivered with the times at which it happened', async ({ page, context, shop }) => {
  await visit(page, shop, '/a');
  await context.setOffline(true);
  for (const name of ['one', 'two', 'three']) await page.evaluate(track, name);
  await page.evaluate(() => history.pushState(null, '', '/offline'));
  const begun = Date.now();
  expect(shop.taken.length).toBe(1);
  await context.setOffline(false);
  await expect.poll(() => shop.pageviews).toEqual(['/a', '/offline']);
  for (const name of ['one', 'two', 'three']) {
    expect(shop.of(name).length).toBe(1);
    expect(shop.of(name)[0]?.at).toBeLessThanOrEqual(begun);
  }
});

test('a server that asks for patience gets it, also from the next page', async ({ page, shop }) => {
  await visit(page, shop, '/a');
  shop.treat = () => ({ status: 503, headers: { 'retry-after': '2' } });
  await page.evaluate(track, 'refused for now');
  await expect.poll(() => shop.arrived.length).toBe(2);
  const refusedAt = shop.arrived[1]?.at ?? 0;
  shop.treat = () => 'pass';
  await page.evaluate(track, 'meanwhile');
  await page.reload();
  await ready(page);
  await page.evaluate(track, 'on the next page');
  await expect.poll(() => shop.of('on the next page').length).toBe(1);
  expect(shop.arrived.slice(2).every(({ at }) => at - refusedAt >= 2_000)).toBe(true);
  expect([shop.of('refused for now').length, shop.of('meanwhile').length]).toEqual([1, 1]);
});

test('what the server names as faulty is not sent again, and takes nothing else with it', async ({ page, shop }) => {
  let go = () => {};
  const held = new Promise<void>((resolve) => {
    go = resolve;
  });
  shop.treat = async (): Promise<Treatment> => {
    await held;
    return 'pass';
  };
  await page.goto(`${shop.origin}/a`);
  await expect.poll(() => shop.arrived.length).toBe(1);
  await page.evaluate(() => window.engagetrack.track('deep', { nested: { too: 'deep' } } as never));
  await page.evaluate(track, 'good');
  go();
  await expect.poll(() => shop.of('good').length).toBe(1);
  expect(shop.arrived[1]?.sent.map(({ event_name }) => event_name)).toEqual(['deep', 'good']);
  await visit(page, shop, '/b');
  await page.evaluate(track, 'after');
  await expect.poll(() => shop.of('after').length).toBe(1);
  const tries = shop.arrived.flatMap(({ sent }) => sent).filter(({ event_name }) => event_name === 'deep');
  expect(tries.length).toBe(1);
});

test('request follows request, though together they are more than browsers let outlive a page', async ({ page, shop }) => {
  const refused: string[] = [];
  page.on('requestfailed', (request) => refused.push(request.failure()?.errorText ?? ''));
  await visit(page, shop, '/a');
  await page.evaluate(() => {
    for (let count = 0; count < 190; count += 1) window.engagetrack.track('long', { count, text: 'x'.repeat(900) });
  });
  await expect.poll(() => shop.of('long').length).toBe(190);
  expect(refused).toEqual([]);
});

test('ten thousand calls in a loop: the page goes on, the newest and the purchase arrive, storage stays small', async ({ page, shop }) => {
  await visit(page, shop, '/a');
  const kept = await page.evaluate(() => {
    window.engagetrack.trackPurchase('ORD-loop', 10, 'EUR');
    for (let count = 0; count < 10_000; count += 1) window.engagetrack.track('burst', { count });
    window.dispatchEvent(new Event('pagehide'));
    return Object.values(localStorage).join('').length;
  });
  expect(kept).toBeGreaterThan(10_000);
  expect(kept).toBeLessThan(300_000);
  await page.reload();
  await expect.poll(() => shop.of('burst').some(({ properties }) => properties?.count === 9_999)).toBe(true);
  await expect.poll(() => shop.of('purchase').length).toBe(1);
  expect(shop.of('burst').length).toBeLessThanOrEqual(250);
});

test('two tabs at once: everything of both arrives', async ({ context, shop }) => {
  const tabs = [await context.newPage(), await context.newPage()];
  await visit(tabs[0] as Page, shop, '/first');
  await Promise.all(tabs.map((tab, place) => tab.goto(`${shop.origin}/${place}`)));
  await Promise.all(tabs.map(ready));
  await Promise.all(
    tabs.map((tab, place) =>
      tab.evaluate(async (place) => {
        for (let count = 0; count < 50; count += 1) {
          window.engagetrack.track('both', { key: `${place}-${count}` });
          await new Promise((soon) => setTimeout(soon, 5));
        }
      }, place),
    ),
  );
  await Promise.all(tabs.map((tab) => tab.close({ runBeforeUnload: true })));
  const last = await context.newPage();
  await visit(last, shop, '/last');
  await expect.poll(() => new Set(shop.of('both').map(({ properties }) => properties?.key)).size).toBe(100);
  const { visitor } = await ids(last);
  expect(new Set(shop.taken.map(({ visitor_uid }) => visitor_uid))).toEqual(new Set([visitor]));
});
