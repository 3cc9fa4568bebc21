//! Each of the examples, as a visitor meets it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../binary.ts';
import { example, installed, program, publish } from '../package.ts';
import type { Shop } from '../shop.ts';
import { expect, test, visit } from './fixture.ts';

const HOST = 'http://stats.shop.example';

/** Shows a plain example in a shop. */
async function show(name: string, shop: Shop): Promise<void> {
  const html = await readFile(join(ROOT, 'www/examples', name, 'index.html'), 'utf8');
  shop.everywhere = { html: html.replaceAll('{{HOST}}', HOST).replaceAll('{{SITE_ID}}', shop.site) };
}

test('one script tag', async ({ page, shop }) => {
  await show('tag', shop);
  await visit(page, shop, '/?utm_source=news');
  await page.click('#buy');
  await expect.poll(() => shop.of('purchase')[0]).toMatchObject({ order_id: 'ORD-1001', revenue: '149.99' });
});

test('a tag that comes late', async ({ page, shop }) => {
  await show('late', shop);
  await visit(page, shop, '/');
  await expect.poll(() => shop.of('before the tag')[0]?.properties).toEqual({ plan: 'pro' });
  const stub = await readFile(join(ROOT, 'sdk-wasm/js/stub.js'), 'utf8');
  const shown = await readFile(join(ROOT, 'www/examples/late/index.html'), 'utf8');
  const tight = (text: string) => text.replaceAll(/\s+/g, ' ');
  expect(tight(shown), 'the stub is the documented one').toContain(tight(stub).trim());
});

test('a page with a policy', async ({ page, shop }) => {
  const warned: string[] = [];
  page.on('console', (message) => warned.push(message.text()));
  await show('policy', shop);
  await visit(page, shop, '/');
  expect(await page.evaluate(() => window.engagetrack.checkoutMetadata())).toHaveProperty('engagetrack_visitor_id');
  expect(warned).toEqual([]);
});

test('React, built by Vite', async ({ page, shop }) => {
  const folder = await example('react', test.info().outputPath('react'));
  await program(folder, installed('tsc'), ['--noEmit']);
  const environment = { VITE_HOST: HOST, VITE_SITE_ID: shop.site };
  await program(folder, installed('vite'), ['build', '--logLevel', 'error'], environment);
  await publish(join(folder, 'dist'), shop);
  await visit(page, shop, '/?utm_source=news');
  await page.getByRole('button', { name: 'To the checkout' }).click();
  await expect.poll(() => shop.pageviews).toEqual(['/?utm_source=news', '/checkout']);
  const visitor = await page.evaluate(() => localStorage.getItem('engagetrack_visitor_id'));
  await expect(page.locator('output')).toHaveText(visitor ?? '');
  await page.getByRole('button', { name: 'Pay' }).click();
  await expect.poll(() => shop.of('purchase')[0]).toMatchObject({ order_id: 'ORD-2001', visitor_uid: visitor });
  expect(shop.of('purchase')[0]?.url).toBe(`${shop.origin}/checkout?utm_source=news`);
});

test('rendered on a server, taken over by the browser', async ({ page, shop }) => {
  const folder = await example('ssr', test.info().outputPath('ssr'));
  const env = { ...process.env, HOST, SITE_ID: shop.site, PORT: '0' };
  const server = spawn('node', ['server.mjs'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = await once(server.stdout, 'data');
  shop.behind = String(said).trim().replace(/\/$/, '');
  const rendered = await (await fetch(shop.behind)).text();
  expect(rendered).toContain('<p id="who">somebody</p>');
  await visit(page, shop, '/');
  await expect.poll(() => shop.of('begun').map(({ properties }) => properties?.on)).toEqual(['the browser']);
  const visitor = await page.evaluate(() => localStorage.getItem('engagetrack_visitor_id'));
  await expect(page.locator('#who')).toHaveText(visitor ?? '');
  server.kill();
  await once(server, 'exit');
});
