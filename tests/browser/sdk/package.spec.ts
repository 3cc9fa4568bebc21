//! The npm package, installed from its archive into empty projects: types, a build, a browser, and a plain Node script.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installed, pack, program, publish } from '../package.ts';
import { expect, ids, test, visit } from './fixture.ts';

const MAIN = (host: string, site: string) => `
import * as named from 'engagetrack';
import { type Attribution, type CheckoutMetadata, type EngageTrack, init, type Options, type Touch } from 'engagetrack';

const options: Options = { siteId: '${site}', apiHost: '${host}', forms: false, allowedHostnames: ['a.example'] };
const tag: EngageTrack = init(options);
const metadata: CheckoutMetadata = named.checkoutMetadata('ORD-1');
const attribution: Attribution = named.getAttribution();
const first: (Touch & { at: number }) | undefined = attribution.first_touch;
named.track('begun', { plan: 'pro', seats: 3, trial: true, coupon: null });
named.identify(42, { name: 'Ana', custom: { plan: 'pro' } });
named.trackPurchase('ORD-1', 149.99, 'USD');
tag.ready.then((same: EngageTrack) => same.pageview('/virtual'));
export const all: [string, string, string, string | undefined, number | undefined] =
  [named.getVisitorId(), tag.getSessionId(), named.version, metadata.engagetrack_url, first?.at];
`;

const WRONG = `
import * as named from 'engagetrack';
// @ts-expect-error there is no tag without a site
named.init({ apiHost: 'https://a.example' });
// @ts-expect-error a purchase has a currency
named.trackPurchase('ORD-1', 149.99);
// @ts-expect-error properties are flat
named.track('deep', { deep: { er: 1 } });
// @ts-expect-error ids are not set
named.version = '1';
`;

const NODE = `
import * as engagetrack from 'engagetrack';
const { init, ready, version, ...methods } = engagetrack;
const told = Object.fromEntries(Object.entries(methods).map(([name, method]) => [name, method('a', 1, 'USD') ?? null]));
console.log(JSON.stringify({ told, isSame: init({ siteId: 'x', apiHost: 'https://a.example' }) !== undefined, version }));
`;

const types = (module: string, moduleResolution: string) =>
  JSON.stringify({
    compilerOptions: { target: 'ES2022', lib: ['ES2022', 'DOM'], types: [], strict: true, noEmit: true, module, moduleResolution },
    files: ['main.ts', 'wrong.ts'],
  });

test('installed into empty projects, it type-checks strictly, builds, runs, and is quiet on a server', async ({ page, shop }) => {
  const folder = await mkdtemp(join(tmpdir(), 'engagetrack-package-'));
  const files = {
    'package.json': JSON.stringify({ name: 'empty', private: true, type: 'module' }),
    'main.ts': MAIN('http://stats.shop.example', shop.site),
    'wrong.ts': WRONG,
    'index.html': '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/main.ts"></script>',
    'server.mjs': NODE,
    'tsconfig.bundler.json': types('ESNext', 'bundler'),
    'tsconfig.node16.json': types('Node16', 'Node16'),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const archive = await pack(folder);
  await program(folder, 'npm', ['install', '--offline', '--no-audit', '--no-fund', `./${archive}`]);

  for (const kind of ['bundler', 'node16']) await program(folder, installed('tsc'), ['-p', `tsconfig.${kind}.json`]);

  const said = JSON.parse(await program(folder, 'node', ['server.mjs']));
  const silent = { getVisitorId: '', getSessionId: '', getAttribution: {}, checkoutMetadata: {} };
  const rest = ['trackPurchase', 'track', 'identify', 'pageview', 'optOut', 'optIn', 'setConsent'];
  expect(said.told).toEqual({ ...silent, ...Object.fromEntries(rest.map((name) => [name, null])) });
  expect(said.isSame).toBe(true);

  await program(folder, installed('vite'), ['build', '--logLevel', 'error']);
  await publish(join(folder, 'dist'), shop);
  await visit(page, shop, '/?utm_source=news');
  await expect.poll(() => shop.pageviews).toEqual(['/?utm_source=news', '/virtual']);
  await expect.poll(() => [shop.of('begun').length, shop.of('purchase').length]).toEqual([1, 1]);
  const visitor = await page.evaluate(() => localStorage.getItem('engagetrack_visitor_id'));
  expect(shop.taken.every(({ visitor_uid }) => visitor_uid === visitor)).toBe(true);
  await rm(folder, { recursive: true });
});

test('a page that may not run WebAssembly gets the package\'s compatible file', async ({ page, shop }) => {
  const folder = await mkdtemp(join(tmpdir(), 'engagetrack-package-'));
  const archive = await pack(folder);
  await program(folder, 'tar', ['-xzf', archive]);
  await publishPlain(join(folder, 'package'), shop);
  await visit(page, shop, '/');
  await page.evaluate(() => window.engagetrack.trackPurchase('ORD-1', '10', 'EUR'));
  await expect.poll(() => shop.of('purchase').length).toBe(1);
  expect((await ids(page)).visitor).toBe(shop.taken[0]?.visitor_uid);
  await rm(folder, { recursive: true });
});

/** The package's files as they are, without a bundler, on a page with a policy. */
async function publishPlain(folder: string, shop: Parameters<typeof publish>[1]): Promise<void> {
  await writeFile(
    join(folder, 'main.js'),
    `import { init } from './index.js';
     window.engagetrack = init({ siteId: '${shop.site}', apiHost: 'http://stats.shop.example' });`,
  );
  await writeFile(
    join(folder, 'index.html'),
    `<!doctype html><meta http-equiv="Content-Security-Policy" content="script-src 'self'; connect-src http://stats.shop.example">
     <link rel="icon" href="data:,"><script type="module" src="/main.js"></script>`,
  );
  await publish(folder, shop);
}
