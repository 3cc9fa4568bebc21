//! The ways in: stub, late injection, policies, encodings; no WebAssembly never means no checkout.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../binary.ts';
import { expect, ids, type Page, ready, test, visit } from './fixture.ts';

/** The scripts of the SDK that a page asks for, and what it says about them. */
function watch(page: Page): { scripts: string[]; said: string[]; thrown: string[] } {
  const seen = { scripts: [] as string[], said: [] as string[], thrown: [] as string[] };
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith('/engagetrack')) seen.scripts.push(pathname);
  });
  page.on('console', (message) => {
    if (message.text().startsWith('engagetrack')) seen.said.push(message.text());
  });
  page.on('pageerror', (error) => seen.thrown.push(String(error)));
  return seen;
}

test('one file is all: no second request, and an answer as soon as it has run', async ({ page, shop }) => {
  const seen = watch(page);
  shop.put('/a', { body: `<script defer src="data:text/javascript,window.early=engagetrack.getVisitorId()"></script>` });
  await visit(page, shop, '/a');
  expect(await page.evaluate(() => (window as unknown as { early: string }).early)).toBe((await ids(page)).visitor);
  expect(seen).toEqual({ scripts: ['/engagetrack.js'], said: [], thrown: [] });
  expect(await page.evaluate(() => window.engagetrack.version)).toMatch(/^\d+\.\d+\.\d+$/);
});

test('calls before the tag runs are kept by the stub, and replayed in order', async ({ page, shop }) => {
  const stub = await readFile(join(ROOT, 'sdk-wasm/js/stub.js'), 'utf8');
  const calls = `engagetrack.track('first', { n: 1 }); engagetrack.trackPurchase('ORD-1', 10, 'EUR'); engagetrack.track('second');
    window.kept = engagetrack; window.early = [engagetrack.getVisitorId(), engagetrack.getSessionId()];`;
  shop.everywhere = { head: `<script>${stub}</script><script>${calls}</script>` };
  await visit(page, shop, '/a');
  const before = await ids(page);
  expect(await page.evaluate(() => (window as unknown as { early: string[] }).early)).toEqual(['', '']);
  expect(await page.evaluate(() => (window as unknown as { kept: unknown }).kept === window.engagetrack)).toBe(true);
  await expect.poll(() => shop.of('second').length).toBe(1);
  expect(shop.taken.map(({ event_type, event_name }) => event_name ?? event_type)).toEqual(['pageview', 'first', 'purchase', 'second']);
  expect(shop.of('first')[0]?.properties).toEqual({ n: 1 });
  await visit(page, shop, '/b');
  expect(await page.evaluate(() => (window as unknown as { early: string[] }).early)).toEqual([before.visitor, before.session]);
});

test('a tag that is added late works the same, and one that is there twice runs once', async ({ page, shop }) => {
  shop.everywhere = { attributes: null };
  await page.goto(`${shop.origin}/late`);
  const add = () =>
    page.evaluate(
      ([source, site]) => {
        const script = document.createElement('script');
        Object.assign(script, { src: source, async: true });
        script.dataset.siteId = site;
        document.head.append(script);
        return new Promise((loaded) => script.addEventListener('load', () => loaded(undefined)));
      },
      [shop.script, shop.site],
    );
  await add();
  await expect.poll(() => shop.pageviews).toEqual(['/late']);
  await add();
  await page.evaluate(() => window.engagetrack.track('after both'));
  await expect.poll(() => shop.of('after both').length).toBe(1);
  expect(shop.pageviews).toEqual(['/late']);
});

const SCRIPTS = "script-src 'self' http://stats.shop.example";
const REST = "connect-src http://stats.shop.example; img-src data:; default-src 'none'";

test('a policy without wasm-unsafe-eval: the compatible file takes over, with one message, and the checkout goes on', async ({ page, shop }) => {
  const seen = watch(page);
  shop.everywhere = { headers: { 'content-security-policy': `${SCRIPTS}; ${REST}` } };
  shop.put('/calls.js', {
    html: `engagetrack.trackPurchase('ORD-csp', 10, 'EUR'); window.early = [engagetrack.getVisitorId(), engagetrack.checkoutMetadata()];`,
    headers: { 'content-type': 'text/javascript' },
  });
  shop.put('/a', { body: '<script defer src="/calls.js"></script>' });
  await visit(page, shop, '/a?utm_source=news');
  await ready(page);
  await expect.poll(() => shop.of('purchase').length).toBe(1);
  expect(seen.scripts).toEqual(['/engagetrack.js', '/engagetrack.compat.js']);
  expect(seen.said.length).toBe(1);
  expect(seen.said[0]).toMatch(/no WebAssembly.*compatible file/);
  const { visitor, session } = await ids(page);
  const metadata = await page.evaluate(() => window.engagetrack.checkoutMetadata('ORD-1'));
  expect(metadata).toMatchObject({ engagetrack_visitor_id: visitor, engagetrack_session_id: session });
  expect(shop.taken.every(({ visitor_uid }) => visitor_uid === visitor)).toBe(true);
  await page.evaluate(() => {
    for (let count = 0; count < 3_000; count += 1) window.engagetrack.track(`grow ${'x'.repeat(count % 200)}`);
    window.engagetrack.track('zażółć gęślą jaźń 漢字 🙂');
  });
  await expect.poll(() => shop.of('zażółć gęślą jaźń 漢字 🙂').length).toBe(1);
  await visit(page, shop, '/b');
  await ready(page);
  expect(await ids(page)).toEqual({ visitor, session });
  expect(seen.thrown).toEqual([]);
});

test('a policy with wasm-unsafe-eval needs nothing more', async ({ page, shop }) => {
  const seen = watch(page);
  shop.script = '/engagetrack.js';
  shop.everywhere = { headers: { 'content-security-policy': "script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; img-src data:; default-src 'none'" } };
  await visit(page, shop, '/a');
  expect(seen).toEqual({ scripts: ['/engagetrack.js'], said: [], thrown: [] });
});

test('a policy that allows scripts by nonce alone: the compatible file inherits it', async ({ page, shop }) => {
  const seen = watch(page);
  shop.everywhere = {
    headers: { 'content-security-policy': `script-src 'nonce-r4nd0m'; ${REST}` },
    attributes: { nonce: 'r4nd0m' },
  };
  await visit(page, shop, '/a');
  expect(seen.scripts).toEqual(['/engagetrack.js', '/engagetrack.compat.js']);
});

test('neither file can run: nothing is thrown, ids come from storage, ready is kept', async ({ page, shop }) => {
  await visit(page, shop, '/a');
  const { visitor, session } = await ids(page);
  const seen = watch(page);
  await page.route('**/engagetrack.compat.js', (route) => route.abort());
  shop.put('/b', { headers: { 'content-security-policy': `${SCRIPTS}; ${REST}` } });
  await page.goto(`${shop.origin}/b`);
  await ready(page);
  expect(await ids(page)).toEqual({ visitor, session });
  expect(await page.evaluate(() => window.engagetrack.checkoutMetadata('ORD-1'))).toEqual({});
  await page.evaluate(() => window.engagetrack.track('nobody hears'));
  expect(seen.thrown).toEqual([]);
});

for (const charset of ['windows-1252', 'shift_jis', 'utf-16le']) {
  test(`a page in ${charset} does not spoil the file`, async ({ page, shop }) => {
    const seen = watch(page);
    shop.script += '?no-charset';
    const text = `<!doctype html><title>x</title>${shop.tag()}`;
    const encoding = charset === 'utf-16le' ? charset : 'latin1';
    shop.put('/a', { html: text, encoding, headers: { 'content-type': `text/html; charset=${charset}` } });
    await visit(page, shop, '/a');
    expect(await page.evaluate(() => document.characterSet.toLowerCase())).toBe(charset);
    expect(seen).toEqual({ scripts: ['/engagetrack.js'], said: [], thrown: [] });
  });
}
