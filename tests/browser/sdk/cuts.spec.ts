//! Connections cut at random bytes while pages send, navigate, reload and close: nothing is lost, nothing counts twice.

import type { BrowserContext, Page } from '@playwright/test';
import { Chance } from '../chance.ts';
import { Cutter } from '../cutter.ts';
import type { Stored } from '../server.ts';
import type { Shop } from '../shop.ts';
import { expect, ready, test, World } from './fixture.ts';

const CUTS = Number(process.env.ENGAGETRACK_CUTS ?? 60);
const SEED = Number(process.env.ENGAGETRACK_SEED ?? 1);

// A trace of hundreds of pages takes longer than they do.
test.use({ trace: 'off' });

/** What pages have said that they did, by a name of its own each, and how often. */
class Ledger {
  readonly #told = new Map<string, number>();
  #names = 0;

  name(kind: string): string {
    this.#names += 1;
    return `${kind}-${this.#names}`;
  }

  tell(name: string): void {
    this.#told.set(name, (this.#told.get(name) ?? 0) + 1);
  }

  get all(): [string, number][] {
    return [...this.#told].sort();
  }
}

/** A tab that is used at random, until nothing is left to cut. */
class Visit {
  readonly #context: BrowserContext;
  readonly #shop: Shop;
  readonly #ledger: Ledger;
  readonly #chance: Chance;
  #page: Page | undefined;

  constructor(context: BrowserContext, shop: Shop, ledger: Ledger, seed: number) {
    this.#context = context;
    this.#shop = shop;
    this.#ledger = ledger;
    this.#chance = new Chance(seed);
  }

  async until(isOver: () => boolean): Promise<void> {
    while (!isOver()) await this.#act(await this.#open());
    if (this.#page && !this.#page.isClosed()) await this.#page.close({ runBeforeUnload: true });
  }

  async #open(): Promise<Page> {
    if (!this.#page || this.#page.isClosed()) {
      this.#page = await this.#context.newPage();
      await this.#go(this.#page);
    }
    return this.#page;
  }

  async #go(page: Page): Promise<void> {
    const name = this.#ledger.name('page');
    await page.goto(`${this.#shop.origin}/${name}`, { waitUntil: 'commit' });
    await ready(page);
    this.#ledger.tell(`/${name}`);
  }

  async #act(page: Page): Promise<void> {
    const deed = this.#chance.one(['track', 'track', 'track', 'purchase', 'go', 'reload', 'within', 'close', 'wait'] as const);
    const name = this.#ledger.name(deed);
    if (deed === 'track') {
      const names = Array.from({ length: 1 + this.#chance.below(5) }, () => this.#ledger.name(deed));
      await page.evaluate((names) => names.forEach((name) => { window.engagetrack.track(name); }), names);
      for (const each of names) this.#ledger.tell(each);
    } else if (deed === 'purchase') {
      await page.evaluate((name) => window.engagetrack.trackPurchase(name, '9.90', 'EUR'), name);
      this.#ledger.tell(`order:${name}`);
    } else if (deed === 'go') {
      await this.#go(page);
    } else if (deed === 'reload') {
      const { pathname } = new URL(page.url());
      await page.reload({ waitUntil: 'commit' });
      await ready(page);
      this.#ledger.tell(pathname);
    } else if (deed === 'within') {
      await page.evaluate((name) => history.pushState(null, '', `/${name}`), name);
      this.#ledger.tell(`/${name}`);
    } else if (deed === 'close') {
      const closed = page.waitForEvent('close');
      await page.close({ runBeforeUnload: true });
      await closed;
    } else {
      await page.waitForTimeout(this.#chance.below(40));
    }
  }
}

/** What a stored event is called in the ledger; nothing for time on a page, which is worth one delivery. */
function nameOf(event: Stored): string | undefined {
  if (event.event_name === 'engagement') return undefined;
  if (event.event_type === 'pageview') return event.path;
  return event.event_type === 'purchase' ? event.event_id : (event.event_name ?? undefined);
}

/** Opens one page more, from which all that still waits is delivered. */
async function drain(context: BrowserContext, shop: Shop, ledger: Ledger): Promise<void> {
  const page = await context.newPage();
  const name = ledger.name('last');
  await page.goto(`${shop.origin}/${name}`);
  await ready(page);
  ledger.tell(`/${name}`);
  const waiting = () =>
    page.evaluate(() => Object.entries(localStorage).filter(([name]) => name.startsWith('engagetrack_queue.')));
  await expect.poll(waiting).toEqual([]);
}

test(`${CUTS} cut connections`, async ({ browser }) => {
  test.setTimeout(60_000 + CUTS * 2_000);
  const world = await World.start();
  const cutter = await Cutter.start(world.gate.origin, CUTS, SEED);
  const shop = world.local();
  shop.everywhere = { attributes: { 'data-allow-localhost': '', 'data-api-host': cutter.origin } };
  const ledger = new Ledger();
  // Two people, one of them with two tabs at once.
  const [one, other] = [await browser.newContext(), await browser.newContext()];
  const visits = [one, one, other].map((context, place) => new Visit(context, shop, ledger, SEED * 100 + place));
  await Promise.all(visits.map((visit) => visit.until(() => cutter.left <= 0)));
  for (const context of [one, other]) await drain(context, shop, ledger);
  await Promise.all([one.close(), other.close()]);
  await cutter.stop();
  const stored = new Map<string, number>();
  for (const name of (await world.stop()).map(nameOf)) {
    if (name) stored.set(name, (stored.get(name) ?? 0) + 1);
  }
  expect([...stored].sort(), 'what was stored is what was done').toEqual(ledger.all);
  const { request, unanswered, answer } = cutter.cuts;
  console.log(`  seed ${SEED}: ${stored.size} things done; cut ${request} requests, ${answer} answers, ${unanswered} between`);
  expect(request + unanswered + answer).toBeGreaterThanOrEqual(CUTS);
  expect(unanswered * 3, 'a third of the cuts come after the disk and before the answer').toBeGreaterThanOrEqual(request + unanswered + answer);
});
