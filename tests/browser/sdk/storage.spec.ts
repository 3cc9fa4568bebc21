//! Where ids live: in storage, in memory alone, and where storage is forbidden or full.

import { expect, ids, type Page, ready, test, visit } from './fixture.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** All that the origin keeps in the browser. */
const kept = (page: Page) => page.evaluate(() => ({ ...localStorage, ...sessionStorage }));

test('ids are lower-case UUIDs of version 4, under documented names', async ({ page, shop }) => {
  await visit(page, shop, '/a');
  const { visitor, session } = await ids(page);
  expect(visitor).toMatch(UUID);
  expect(session).toMatch(UUID);
  expect(await page.evaluate(() => localStorage.getItem('engagetrack_visitor_id'))).toBe(visitor);
  expect(await page.evaluate(() => sessionStorage.getItem('engagetrack_session_id'))).toBe(session);
});

test('where storage is forbidden, ids live as long as the page', async ({ page, shop }) => {
  const thrown: Error[] = [];
  page.on('pageerror', (error) => thrown.push(error));
  shop.everywhere = { headers: { 'content-security-policy': 'sandbox allow-scripts' } };
  await visit(page, shop, '/a');
  expect(await page.evaluate(() => { try { return localStorage.length; } catch (error) { return (error as Error).name; } })).toBe('SecurityError');
  const before = await ids(page);
  expect(before.visitor).toMatch(UUID);
  await page.evaluate(() => window.engagetrack.track('kept in memory'));
  await expect.poll(() => shop.of('kept in memory').length).toBe(1);
  expect(await ids(page)).toEqual(before);
  expect(shop.taken.every(({ visitor_uid }) => visitor_uid === before.visitor)).toBe(true);
  await visit(page, shop, '/b');
  expect((await ids(page)).visitor).not.toBe(before.visitor);
  expect(thrown).toEqual([]);
});

test('a full storage costs nothing that is sent', async ({ page, shop }) => {
  const thrown: Error[] = [];
  page.on('pageerror', (error) => thrown.push(error));
  const fill = `<script>for (const area of [localStorage, sessionStorage]) for (let size = 1 << 22; size; size >>= 1) {
    try { for (let count = 0; ; count += 1) area.setItem('full' + size + count, 'x'.repeat(size)); } catch {}
  }</script>`;
  shop.put('/a', { head: fill });
  await visit(page, shop, '/a');
  expect(await page.evaluate(() => { try { localStorage.setItem('more', 'than fits'); } catch (error) { return (error as Error).name; } })).toBe('QuotaExceededError');
  await page.evaluate(() => window.engagetrack.track('while full'));
  await expect.poll(() => shop.of('while full').length).toBe(1);
  await visit(page, shop, '/b');
  expect(thrown).toEqual([]);
});

test('memory persistence keeps nothing, names no visitor, and the checkout carries session and address', async ({ page, context, shop }) => {
  shop.everywhere = { attributes: { 'data-persistence': 'memory' } };
  await visit(page, shop, '/a?utm_source=news');
  const { session } = await ids(page);
  await page.evaluate(() => window.engagetrack.track('seen'));
  await expect.poll(() => shop.of('seen').length).toBe(1);
  await page.evaluate(() => window.engagetrack.identify('somebody'));
  const metadata = await page.evaluate(() => window.engagetrack.checkoutMetadata());
  expect(metadata).toEqual({ engagetrack_session_id: session, engagetrack_url: `${shop.origin}/a?utm_source=news` });
  for (const sent of shop.taken) {
    expect(sent).toMatchObject({ persistence: 'memory', session_id: session });
    expect(sent).not.toHaveProperty('visitor_uid');
  }
  await visit(page, shop, '/b');
  expect((await ids(page)).session).not.toBe(session);
  expect(await kept(page)).toEqual({});
  expect(await context.cookies()).toEqual([]);
  expect(shop.arrived.filter(({ path }) => path.endsWith('/identify'))).toEqual([]);
});

test('what is stored by somebody else under our names does no harm', async ({ page, shop }) => {
  const names = ['engagetrack_visitor_id', 'engagetrack_session_id', 'engagetrack_session', 'engagetrack_first_touch', 'engagetrack_queue'];
  const spoil = `<script>for (const name of ${JSON.stringify(names)}) for (const area of [localStorage, sessionStorage]) area.setItem(name, '\\n{"<script>\\t\\ne9\\tx\\t{}\\n'.repeat(300))</script>`;
  shop.put('/a', { head: spoil });
  await visit(page, shop, '/a');
  await ready(page);
  expect((await ids(page)).visitor).toMatch(UUID);
  await page.evaluate(() => window.engagetrack.track('good'));
  await expect.poll(() => shop.of('good').length).toBe(1);
});
