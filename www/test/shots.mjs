//! Pictures of every view in both schemes and at phone width, with an audit by axe and a check for sideways scrolling.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { fixtureState, startFixtures } from './fixtures/server.mjs';

const OUT = process.env.SHOTS ?? new URL('./shots/', import.meta.url).pathname;
const ONLY = process.argv.slice(2);
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const S = '/s/pk_live_7f3a91c2';

const signedOut = { signedIn: false };
const VIEWS = [
  ['overview', S],
  [
    'overview-filtered',
    `${S}?period=7d&filters=${encodeURIComponent('[{"dimension":"channel","op":"is","values":["Email"]},{"dimension":"country","op":"is_not","values":["RO","IN"]}]')}`,
  ],
  ['overview-day', `${S}?period=day`],
  ['overview-12mo', `${S}?period=12mo&dimension=landing_page`],
  ['overview-mixed', '/s/pk_live_mixed001'],
  ['overview-fresh', '/s/pk_live_fresh001'],
  ['overview-faulty', '/s/pk_live_faulty01'],
  ['revenue', `${S}/revenue`],
  ['revenue-mixed', '/s/pk_live_mixed001/revenue'],
  ['orders', `${S}/orders`],
  ['orders-none', `${S}/orders?mode=test`],
  ['order', `${S}/orders/pi_3QfT9mK2eZvKYlo2C1dxBq7A`],
  ['order-untied', `${S}/orders/pi_3QgA77K2eZvKYlo2C2ddMn3L`],
  ['order-renewal', `${S}/orders/pi_3QgB11K2eZvKYlo2C0aaQw2P`],
  ['order-missing', `${S}/orders/pi_missing`],
  ['settings-tracking', `${S}/settings/tracking`],
  ['settings-revenue', '/s/pk_live_faulty01/settings/revenue'],
  ['settings-connect', '/s/pk_live_fresh001/settings/revenue'],
  ['settings-keys', `${S}/settings/keys`],
  ['sites', '/sites'],
  ['account', '/account'],
  ['welcome-new', '/welcome?site=new'],
  ['welcome-setup', '/welcome?site=pk_live_fresh001'],
  ['welcome-done', '/welcome?site=pk_live_7f3a91c2'],
  ['login', '/login', signedOut],
  ['first-account', '/welcome#token=good', { ...signedOut, needsAccount: true }],
  ['no-account', '/', { ...signedOut, needsAccount: true }],
];

/** [name of the picture, width, height, scheme] */
const SCREENS = [
  ['light', 1280, 900, 'light'],
  ['dark', 1280, 900, 'dark'],
  ['390-light', 390, 844, 'light'],
  ['390-dark', 390, 844, 'dark'],
];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--hide-scrollbars',
  ],
});
mkdirSync(OUT, { recursive: true });
let faults = 0;

function complain(name, text) {
  faults += 1;
  console.log(`BAD ${name}: ${text}`);
}

async function look(page, name, origin, path) {
  const foreign = [];
  page.on('request', (request) => request.url().startsWith(origin) || foreign.push(request.url()));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of (40|50)/.test(message.text()))
      complain(name, message.text());
  });
  page.on('pageerror', (error) => complain(name, error.message));
  await page.goto(origin + path, { waitUntil: 'networkidle' });
  await page
    .waitForFunction(() => !document.querySelector('[aria-busy="true"]'), undefined, { timeout: 10_000 })
    .catch(() => complain(name, 'still busy'));
  const wide = await page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth - innerWidth,
    over: [...document.querySelectorAll('body *')]
      .filter(
        (e) =>
          e.getBoundingClientRect().width &&
          e.getBoundingClientRect().right > innerWidth + 1 &&
          !e.closest('.unseen,.skip,.tabs,.segments,.copy-line,thead'),
      )
      .map((e) => `${e.tagName}.${e.className.baseVal ?? e.className}`)
      .slice(0, 4),
    cut: [...document.querySelectorAll('h1,h2,.tile-value,.order-amount,td.n,dt,.button,.badge')]
      .filter((e) => e.clientWidth > 2 && e.scrollWidth > e.clientWidth + 1 && !e.closest('thead'))
      .map((e) => e.textContent.trim().slice(0, 30))
      .slice(0, 4),
  }));
  if (wide.scroll > 0 || wide.over.length) complain(name, `sideways: ${JSON.stringify(wide)}`);
  if (wide.cut.length) complain(name, `cut: ${wide.cut.join(' | ')}`);
  if (foreign.length) complain(name, `foreign requests: ${foreign}`);
  await page.evaluate(AXE).catch(() => {});
  const found = await page.evaluate(() =>
    globalThis.axe?.run(document, { resultTypes: ['violations'] }).then((r) =>
      r.violations.map(
        (v) =>
          `${v.id}: ${v.nodes
            .slice(0, 2)
            .map((n) => `${n.html.slice(0, 120)} :: ${n.any[0]?.message?.slice(0, 140) ?? ''}`)
            .join(' | ')}`,
      ),
    ),
  );
  if (!found) complain(name, 'axe did not run');
  for (const each of found ?? []) complain(name, `axe ${each}`);
  await page.screenshot({ path: join(OUT, `${name}.png`), fullPage: true });
}

for (const [name, path, overrides] of VIEWS) {
  if (ONLY.length && !ONLY.includes(name)) continue;
  for (const [screen, width, height, colorScheme] of SCREENS) {
    const { server, url } = await startFixtures(fixtureState(overrides));
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme,
      deviceScaleFactor: width < 800 ? 2 : 1,
      locale: 'en-US',
      timezoneId: 'UTC',
      bypassCSP: false,
    });
    await look(await context.newPage(), `${name}-${screen}`, url, path);
    await context.close();
    server.close();
  }
}
await browser.close();
console.log(faults ? `${faults} faults` : 'all clean');
process.exit(faults ? 1 : 0);
