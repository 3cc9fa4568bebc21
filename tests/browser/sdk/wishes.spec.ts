//! What visitors and sites wish: opting out and in, consent, signals of the browser, and quiet on the developer's machine.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, ids, type Page, ready, test, visit } from './fixture.ts';

const kept = (page: Page) => page.evaluate(() => ({ ...localStorage, ...sessionStorage }));

const NOBODY = { visitor: '', session: '' };

test('opting out forgets and stops, on later pages too; opting in begins as somebody new', async ({ page, shop }) => {
  await visit(page, shop, '/a?utm_source=news');
  const before = await ids(page);
  await page.evaluate(() => window.engagetrack.optOut());
  expect(await ids(page)).toEqual(NOBODY);
  expect(Object.keys(await kept(page))).toEqual(['engagetrack_choice']);
  expect(await page.evaluate(() => window.engagetrack.checkoutMetadata())).toEqual({});
  expect(await page.evaluate(() => window.engagetrack.getAttribution())).not.toHaveProperty('utm_source');
  await page.evaluate(() => window.engagetrack.track('not to be sent'));
  await page.goto(`${shop.origin}/b`);
  await ready(page);
  await page.evaluate(() => window.engagetrack.track('not to be sent'));
  expect(await ids(page)).toEqual(NOBODY);
  await page.evaluate(() => window.engagetrack.optIn());
  await expect.poll(() => shop.pageviews).toEqual(['/a?utm_source=news', '/b']);
  const after = await ids(page);
  expect(after.visitor).not.toBe(before.visitor);
  expect(shop.of('pageview')[1]).toMatchObject({ visitor_uid: after.visitor, session_id: after.session });
  expect(shop.of('not to be sent')).toEqual([]);
});

test('opting out in one tab stops the others, and so does a consent that is withdrawn', async ({ page, context, shop }) => {
  const other = await context.newPage();
  shop.put('/asked', { attributes: { 'data-consent': 'required' } });
  await visit(page, shop, '/a');
  await visit(other, shop, '/b');
  await other.evaluate(() => window.engagetrack.optOut());
  await expect.poll(() => ids(page)).toEqual(NOBODY);
  await page.evaluate(() => window.engagetrack.track('not to be sent'));
  await other.evaluate(() => window.engagetrack.optIn());
  await expect.poll(() => shop.pageviews).toEqual(['/a', '/b', '/b']);
  await other.goto(`${shop.origin}/asked`);
  await ready(other);
  await other.evaluate(() => window.engagetrack.setConsent(true));
  await visit(page, shop, '/asked');
  await other.evaluate(() => window.engagetrack.setConsent(false));
  await expect.poll(() => ids(page)).toEqual(NOBODY);
  await page.evaluate(() => window.engagetrack.track('not to be sent'));
  expect(await kept(page)).toEqual({});
  await page.goto('about:blank');
  expect(shop.of('not to be sent')).toEqual([]);
});

test('where consent is required, everything waits in memory until it is given, once for all pages', async ({ page, shop }) => {
  shop.everywhere = { attributes: { 'data-consent': 'required' } };
  await page.goto(`${shop.origin}/a?utm_source=news`);
  await ready(page);
  await page.evaluate(() => window.engagetrack.track('held'));
  const waiting = await ids(page);
  expect(await kept(page)).toEqual({});
  expect(shop.arrived).toEqual([]);
  await page.evaluate(() => window.engagetrack.setConsent(true));
  await expect.poll(() => shop.of('held').length).toBe(1);
  expect(shop.pageviews).toEqual(['/a?utm_source=news']);
  expect(await ids(page)).toEqual(waiting);
  await visit(page, shop, '/b');
  expect((await ids(page)).visitor).toBe(waiting.visitor);
  await page.evaluate(() => window.engagetrack.setConsent(false));
  expect(await ids(page)).toEqual(NOBODY);
  expect(await kept(page)).toEqual({});
  await page.goto(`${shop.origin}/c`);
  await ready(page);
  await page.evaluate(() => window.engagetrack.track('not to be sent'));
  await page.goto('about:blank');
  expect(shop.pageviews.length).toBe(2);
  expect(shop.of('not to be sent')).toEqual([]);
});

for (const [signal, attribute] of [
  ['globalPrivacyControl', 'data-respect-gpc'],
  ['doNotTrack', 'data-respect-dnt'],
] as const) {
  test(`${signal} is honoured where the site asks for it`, async ({ page, shop }) => {
    await page.addInitScript((signal) => {
      const value = signal === 'doNotTrack' ? '1' : true;
      Object.defineProperty(Navigator.prototype, signal, { get: () => value });
    }, signal);
    shop.put('/asked', { attributes: { [attribute]: '' } });
    await page.goto(`${shop.origin}/asked`);
    await ready(page);
    await page.evaluate(() => window.engagetrack.track('not to be sent'));
    expect(await ids(page)).toEqual(NOBODY);
    expect(await kept(page)).toEqual({});
    await visit(page, shop, '/not-asked');
    expect(shop.pageviews).toEqual(['/not-asked']);
    expect(shop.of('not to be sent')).toEqual([]);
  });
}

test('on localhost it is silent unless asked for, and answers all the same', async ({ page, world }) => {
  const shop = world.local();
  shop.put('/asked', { attributes: { 'data-allow-localhost': '' } });
  await page.goto(`${shop.origin}/silent`);
  await ready(page);
  await page.evaluate(() => window.engagetrack.track('not to be sent'));
  const { visitor } = await ids(page);
  expect(visitor).not.toBe('');
  await visit(page, shop, '/asked');
  expect(shop.arrived.flatMap(({ sent }) => sent).map(({ url }) => url)).toEqual([`${shop.origin}/asked`]);
});

test('on a page from a file it is silent', async ({ page, shop }) => {
  const folder = await mkdtemp(join(tmpdir(), 'engagetrack-page-'));
  const file = join(folder, 'page.html');
  await writeFile(file, `<!doctype html><title>A file</title>${shop.tag()}`);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(pathToFileURL(file).href);
  await ready(page);
  await page.evaluate(() => window.engagetrack.track('not to be sent'));
  expect((await ids(page)).visitor).not.toBe('');
  await page.goto('about:blank');
  expect(asked.filter((url) => url.includes('/api/'))).toEqual([]);
  expect(asked.filter((url) => url.endsWith('/engagetrack.js')).length).toBe(1);
  await rm(folder, { recursive: true });
});
