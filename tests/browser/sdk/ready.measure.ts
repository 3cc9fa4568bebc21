//! How soon a tracker is ready after its script begins to run, and the longest task that its page has, in Chromium.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../binary.ts';
import { installed, program } from '../package.ts';
import { type Page, test } from './fixture.ts';

/** Visits that are timed, and visits that are traced: a trace slows what it watches. */
const TIMED = Number(process.env.ENGAGETRACK_VISITS ?? 30);
const TRACED = Math.ceil(TIMED / 3);

/** A script, and the promise that says that it is ready. */
interface Script {
  name: string;
  text: string;
  ready: string;
}

const median = (values: number[]) => values.sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Plausible's tracker from npm, as one file. */
async function plausible(host: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'engagetrack-ready-'));
  const entry = join(folder, 'entry.js');
  const tracker = join(ROOT, 'node_modules/@plausible-analytics/tracker/plausible.js');
  const options = `{ domain: 'shop.example', endpoint: '${host}/api/event', outboundLinks: true, fileDownloads: true, formSubmissions: true }`;
  await writeFile(entry, `import { init } from ${JSON.stringify(tracker)}; init(${options});`);
  const bundled = await program(folder, installed('esbuild'), [entry, '--bundle', '--minify', '--format=iife']);
  await rm(folder, { recursive: true });
  return bundled;
}

/** A file as a browser reads it: the mark at its front is no part of the script. */
const unmarked = (text: string) => text.replace(/^\ufeff/, '');

/** Milliseconds from the beginning of a script to its end, and until it is ready; its source is there already. */
function run(page: Page, { text, ready }: Script, data: Record<string, string>): Promise<[number, number]> {
  return page.evaluate(
    async ([text, ready, data]) => {
      const script = document.createElement('script');
      Object.assign(script.dataset, data);
      script.textContent = text;
      const begun = performance.now();
      document.head.append(script);
      const ended = performance.now();
      await (0, eval)(ready);
      return [ended - begun, performance.now() - begun] as [number, number];
    },
    [text, ready, data] as const,
  );
}

/** The longest task of the page's main thread while the script runs and sends, in milliseconds. */
async function longest(page: Page, work: () => Promise<unknown>): Promise<number> {
  const browser = page.context().browser();
  if (!browser) throw new Error('no browser');
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline', 'blink.user_timing'] });
  await work();
  await page.waitForTimeout(300);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  interface Task { name: string; ph: string; dur?: number; pid: number; tid: number; args?: { name?: string } }
  const all = traceEvents as Task[];
  const main = new Set(all.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain').map(({ pid, tid }) => `${pid} ${tid}`));
  const tasks = all.filter(({ name, ph, pid, tid }) => ph === 'X' && name.endsWith('RunTask') && main.has(`${pid} ${tid}`));
  return Math.max(...tasks.map(({ dur }) => (dur ?? 0) / 1000));
}

test('ready', async ({ browser, shop }) => {
  const host = 'http://stats.shop.example';
  shop.everywhere = { attributes: null };
  const scripts: Script[] = [
    { name: 'bare script', text: 'window.bare = 1', ready: '0' },
    { name: 'Plausible', text: await plausible(host), ready: '0' },
    { name: 'EngageTrack', text: unmarked(await readFile(join(ROOT, 'sdk-wasm/dist/engagetrack.js'), 'utf8')), ready: 'engagetrack.ready' },
  ];
  const taken = new Map(scripts.map(({ name }) => [name, { ran: [] as number[], ready: [] as number[], task: [] as number[] }]));
  const data = { siteId: shop.site, apiHost: host };
  for (let round = 0; round < TIMED + TRACED; round += 1) {
    // One after the other in each round, so that all meet the same machine; each in a browser that has seen nothing.
    for (const script of scripts) {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(shop.origin);
      const figures = taken.get(script.name);
      if (round % 4 === 0) figures?.task.push(await longest(page, () => run(page, script, data)));
      else {
        const [ran, ready] = await run(page, script, data);
        figures?.ran.push(ran);
        figures?.ready.push(ready);
      }
      await context.close();
    }
  }
  console.log(`milliseconds, medians of ${TIMED} visits each, and of ${TRACED} for the longest task of the main thread`);
  for (const [name, { ran, ready, task }] of taken) {
    const figures = [`script ${median(ran).toFixed(1)}`, `ready ${median(ready).toFixed(1)}`, `longest task ${median(task).toFixed(1)}`];
    console.log(`  ${name}: ${figures.join(', ')}`);
  }
});
