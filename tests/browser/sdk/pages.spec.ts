//! Page views: what is one, what is none, and where each came from.

import { expect, ids, ready, test, visit } from './fixture.ts';

test('a reload is another page view of the same visitor and session', async ({ page, shop }) => {
  await visit(page, shop, '/a?utm_source=news');
  const before = await ids(page);
  await page.reload();
  await expect.poll(() => shop.pageviews).toEqual(['/a?utm_source=news', '/a?utm_source=news']);
  expect(await ids(page)).toEqual(before);
  for (const sent of shop.taken) {
    expect(sent).toMatchObject({ visitor_uid: before.visitor, session_id: before.session, title: '/a' });
  }
});

test('a new tab has the same visitor and a session of its own', async ({ page, context, shop }) => {
  await visit(page, shop, '/a');
  const other = await context.newPage();
  await visit(other, shop, '/b');
  const [first, second] = [await ids(page), await ids(other)];
  expect(second.visitor).toBe(first.visitor);
  expect(second.session).not.toBe(first.session);
  expect(shop.taken.map((sent) => sent.session_id)).toEqual([first.session, second.session]);
});

test('navigation within an app is page views, each with the address before as its referrer', async ({ page, shop }) => {
  await visit(page, shop, '/app');
  await page.evaluate(() => history.pushState(null, '', '/app/b'));
  await page.evaluate(() => history.replaceState({ more: 1 }, ''));
  await page.evaluate(() => history.replaceState(null, '', '/app/c'));
  await page.evaluate(() => history.pushState(null, '', '#part'));
  await page.evaluate(() => history.pushState(null, '', '/app/d'));
  await page.goBack();
  await expect.poll(() => shop.pageviews).toEqual(['/app', '/app/b', '/app/c', '/app/d', '/app/c']);
  const referrers = shop.of('pageview').map(({ referrer }) => referrer?.replace(shop.origin, ''));
  expect(referrers).toEqual([undefined, '/app', '/app/b', '/app/c', '/app/d']);
  expect(new Set(shop.taken.map((sent) => sent.session_id)).size).toBe(1);
});

test('routes behind the hash are pages where that is asked for, and only there', async ({ page, shop }) => {
  shop.put('/routes', { attributes: { 'data-hash-routes': '' } });
  for (const path of ['/plain', '/routes']) {
    await visit(page, shop, path);
    await page.evaluate(() => Object.assign(location, { hash: '#/pricing' }));
    await page.evaluate(() => history.pushState(null, '', '#/buy'));
    await page.evaluate(() => window.engagetrack.track('walked'));
    await expect.poll(() => shop.of('walked').length).toBe(path === '/plain' ? 1 : 2);
  }
  expect(shop.pageviews).toEqual(['/plain', '/routes', '/routes#/pricing', '/routes#/buy']);
});

test('page views by hand, of any address', async ({ page, shop }) => {
  shop.everywhere = { attributes: { 'data-auto-pageviews': 'off' } };
  await page.goto(`${shop.origin}/a`);
  await ready(page);
  await page.evaluate(() => history.pushState(null, '', '/b'));
  await page.evaluate(() => window.engagetrack.pageview());
  await page.evaluate(() => window.engagetrack.pageview('/named?x=1'));
  await expect.poll(() => shop.pageviews).toEqual(['/b', '/named?x=1']);
});

test('a session turns over after half an hour without a new source, and without a page view', async ({ page, shop }) => {
  await page.clock.install();
  await visit(page, shop, '/a?utm_source=news&utm_campaign=may');
  const before = await ids(page);
  await page.clock.fastForward('31:00');
  await page.evaluate(() => window.engagetrack.track('back'));
  await expect.poll(() => shop.of('back').length).toBe(1);
  const after = await ids(page);
  expect(after.visitor).toBe(before.visitor);
  expect(after.session).not.toBe(before.session);
  expect(shop.of('back')[0]).toMatchObject({ session_id: after.session });
  expect(await page.evaluate(() => window.engagetrack.getAttribution())).toMatchObject({ utm_source: 'news' });
  expect(shop.of('pageview').length).toBe(1);
});

test('another campaign begins another session, and the first touch stays', async ({ page, shop }) => {
  await visit(page, shop, '/a?utm_source=news&gclid=1');
  const before = await ids(page);
  await visit(page, shop, '/b?utm_source=news&gclid=1');
  expect(await ids(page)).toEqual(before);
  await visit(page, shop, '/c?utm_source=ads');
  const after = await ids(page);
  expect(after.session).not.toBe(before.session);
  const attribution = await page.evaluate(() => window.engagetrack.getAttribution());
  expect(attribution).toMatchObject({ utm_source: 'ads', landing_page: '/c' });
  expect(attribution).not.toHaveProperty('gclid');
  expect(attribution.first_touch).toMatchObject({ utm_source: 'news', gclid: '1', landing_page: '/a' });
});

test('time on a page is the time for which it was seen, and how far it was scrolled', async ({ page, shop }) => {
  await page.clock.install();
  shop.everywhere = { body: '<div style="height: 5000px"></div>' };
  await visit(page, shop, '/long');
  await page.evaluate(() => window.scrollTo(0, 1600));
  await page.waitForFunction(() => window.scrollY === 1600);
  await page.clock.fastForward(7_000);
  await page.evaluate(() => history.pushState(null, '', '/next'));
  await expect.poll(() => shop.of('engagement').length).toBe(1);
  const [told] = shop.of('engagement');
  expect(told).toMatchObject({ url: `${shop.origin}/long`, event_type: 'custom' });
  expect(told?.time_on_page).toBeGreaterThanOrEqual(7);
  expect(told?.time_on_page).toBeLessThan(60);
  expect(told?.scroll_depth).toBeGreaterThanOrEqual(40);
  expect(told?.scroll_depth).toBeLessThanOrEqual(60);
});
