//! Pages that are prepared before they are seen, hidden, or brought back whole: in a Chromium that no driver holds.

import { Undriven } from '../chromium.ts';
import { expect, test } from './fixture.ts';

/** For pages that drive themselves: `go()` waits until the test has put something there. */
const SELF_DRIVEN = `<script>
  const pause = (ms) => new Promise((over) => setTimeout(over, ms));
  const go = async (path) => { while ((await (await fetch(path)).text()) !== 'go') await pause(50); };
</script>`;

let browser: Undriven | undefined;

test.afterEach(async () => {
  await browser?.close();
  browser = undefined;
});

test('a prerendered page sends nothing until it is seen, and then its page view', async ({ shop, world }) => {
  const rules = `<script type="speculationrules">{"prerender":[{"source":"list","urls":["/next"],"eagerness":"immediate"}]}</script>`;
  shop.put('/', { head: SELF_DRIVEN + rules, body: `<script>go('/activate').then(() => { location.href = '/next'; })</script>` });
  const watch = `<script>addEventListener('load', async () => {
    engagetrack.track('while ' + (document.prerendering ? 'prerendered' : 'seen'));
    await fetch('/prepared');
    document.addEventListener('prerenderingchange', () => engagetrack.track('activated'));
  })</script>`;
  shop.put('/next', { head: watch });
  browser = await Undriven.open(shop.origin, world.hosts);
  await expect.poll(() => shop.asked).toContain('/prepared');
  await expect.poll(() => shop.pageviews).toEqual(['/']);
  shop.put('/activate', { html: 'go' });
  await expect.poll(() => shop.of('activated').length).toBe(1);
  await expect.poll(() => shop.pageviews).toEqual(['/', '/next']);
  expect(shop.of('while seen').length).toBe(0);
  await expect.poll(() => shop.of('while prerendered').length).toBe(1);
  expect(shop.of('pageview')[1]).toMatchObject({ referrer: `${shop.origin}/` });
  expect(shop.asked.filter((path) => path === '/next').length).toBe(1);
});

test('a tab that is hidden parts with what waits, and only visible time counts', async ({ shop, world }) => {
  const drive = `<script>
    let since = performance.now(), seen = 0;
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) seen += performance.now() - since; else since = performance.now();
    });
    (async () => {
      await pause(1300);
      open('/other');
      await go('/leave');
      await pause(1300);
      engagetrack.track('leaving', { seen: seen + performance.now() - since });
      location.href = '/next';
    })();
  </script>`;
  shop.put('/', { head: SELF_DRIVEN, body: drive });
  shop.put('/other', { head: SELF_DRIVEN, body: `<script>go('/close').then(() => close())</script>` });
  browser = await Undriven.open(shop.origin, world.hosts);
  const attention = () => shop.of('engagement').filter(({ url }) => url === `${shop.origin}/`);
  await expect.poll(() => attention().length).toBe(1);
  const first = attention()[0]?.time_on_page ?? 0;
  expect(first).toBeGreaterThanOrEqual(1);
  // It stays hidden for longer than it is seen.
  await new Promise((over) => setTimeout(over, 3_000));
  shop.put('/close', { html: 'go' });
  shop.put('/leave', { html: 'go' });
  await expect.poll(() => attention().length).toBe(2);
  await expect.poll(() => shop.of('leaving').length).toBe(1);
  const seen = Number(shop.of('leaving')[0]?.properties?.seen) / 1000;
  const told = attention()[1]?.time_on_page ?? 0;
  expect(told).toBeGreaterThan(first);
  expect(Math.abs(told - seen)).toBeLessThan(2);
});

test('a page that the browser brings back whole is a page view that brought nobody anew', async ({ shop, world }) => {
  const forward = `<script>
    go('/forward').then(() => { location.href = '/b'; });
    addEventListener('pageshow', ({ persisted }) => { if (persisted) engagetrack.track('back'); });
  </script>`;
  shop.put('/a', { head: SELF_DRIVEN, body: forward });
  shop.put('/b', { head: SELF_DRIVEN, body: `<script>go('/return').then(() => history.back())</script>` });
  browser = await Undriven.open(`${shop.origin}/a`, world.hosts);
  await expect.poll(() => shop.pageviews).toEqual(['/a']);
  shop.put('/forward', { html: 'go' });
  await expect.poll(() => shop.pageviews).toEqual(['/a', '/b']);
  shop.put('/return', { html: 'go' });
  await expect.poll(() => shop.of('back').length).toBe(1);
  await expect.poll(() => shop.pageviews).toEqual(['/a', '/b', '/a']);
  const [first, , last] = shop.of('pageview');
  expect(last).toMatchObject({ referrer: `${shop.origin}/a`, session_id: first?.session_id });
  expect(shop.asked.filter((path) => path === '/a').length).toBe(1);
});

test('a page that comes back after the visitor has opted out on another stays silent', async ({ shop, world }) => {
  const forward = `<script>
    go('/forward').then(() => { location.href = '/b'; });
    addEventListener('pageshow', async ({ persisted }) => {
      if (!persisted) return;
      await pause(0);
      engagetrack.track('not to be sent');
      fetch('/came-back-as/' + (engagetrack.getVisitorId() || 'nobody'));
    });
  </script>`;
  shop.put('/a', { head: SELF_DRIVEN, body: forward });
  shop.put('/b', {
    head: SELF_DRIVEN,
    // What one process stores takes a moment to reach the others.
    body: `<script>go('/return').then(() => { engagetrack.optOut(); return pause(500); }).then(() => history.back())</script>`,
  });
  browser = await Undriven.open(`${shop.origin}/a`, world.hosts);
  await expect.poll(() => shop.pageviews).toEqual(['/a']);
  shop.put('/forward', { html: 'go' });
  await expect.poll(() => shop.pageviews).toEqual(['/a', '/b']);
  shop.put('/return', { html: 'go' });
  await expect.poll(() => shop.asked.find((path) => path.startsWith('/came-back-as/'))).toBe('/came-back-as/nobody');
  expect(shop.pageviews).toEqual(['/a', '/b']);
  expect(shop.of('not to be sent')).toEqual([]);
});
