//! What every test of the SDK has: a shop of its own behind the gate, and the real server behind that.

import { test as base, expect, type Page } from '@playwright/test';
import type {} from '../../../sdk-wasm/js/index.d.ts';
import { Gate } from '../gate.ts';
import { Server, type Stored } from '../server.ts';
import { Shop } from '../shop.ts';

export { expect } from '@playwright/test';
export type { Page } from '@playwright/test';

/** The server with the gate before it. */
export class World {
  readonly gate: Gate;
  readonly #server: Server;
  #shops = 0;

  private constructor(server: Server, gate: Gate) {
    this.#server = server;
    this.gate = gate;
  }

  static async start(): Promise<World> {
    const server = await Server.start('shop.example', 'other.example', 'localhost', '127.0.0.1');
    return new World(server, await Gate.start(server.origin));
  }

  /** The argument by which Chromium finds all hosts behind the gate. */
  get hosts(): string {
    return `--host-resolver-rules=MAP *.example 127.0.0.1:${this.gate.port}`;
  }

  /** A shop under a host that no other test has. */
  shop(...more: string[]): Shop {
    this.#shops += 1;
    const shop = new Shop(this.#server.site, [`t${this.#shops}.shop.example`, ...more]);
    this.gate.open(shop);
    return shop;
  }

  /** A shop on the developer's own machine. */
  local(): Shop {
    const shop = new Shop(this.#server.site, ['localhost'], String(this.gate.port));
    shop.script = `${shop.origin}/engagetrack.js`;
    this.gate.open(shop);
    return shop;
  }

  /** Ends all; what the server acknowledged is stored once, and nothing else is. */
  async stop(): Promise<Stored[]> {
    await this.gate.stop();
    const stored = await this.#server.stop();
    compare(stored, this.gate);
    return stored;
  }
}

function compare(stored: Stored[], gate: Gate): void {
  const ids = stored.map(({ event_id }) => event_id);
  const kept = new Set(ids);
  expect(ids.length, 'no event is stored twice').toBe(kept.size);
  expect([...gate.acknowledged].filter((id) => !kept.has(id)), 'acknowledged, and not stored').toEqual([]);
  expect([...kept].filter((id) => !gate.given.has(id)), 'stored, and never sent').toEqual([]);
}

export const test = base.extend<{ shop: Shop }, { world: World }>({
  world: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
    async ({}, use) => {
      const world = await World.start();
      await use(world);
      await world.stop();
    },
    { scope: 'worker' },
  ],
  launchOptions: [
    async ({ launchOptions, world }, use) => {
      await use({ ...launchOptions, args: [...(launchOptions.args ?? []), world.hosts] });
    },
    { scope: 'worker' },
  ],
  shop: async ({ world }, use) => {
    await use(world.shop());
  },
});

/** Waits until the module answers. */
export async function ready(page: Page): Promise<void> {
  await page.waitForFunction(() => window.engagetrack?.version);
  await page.evaluate(() => window.engagetrack.ready.then(() => {}));
}

/** Goes to a page of a shop, and waits until the server has its page view. */
export async function visit(page: Page, shop: Shop, path: string): Promise<void> {
  const before = shop.of('pageview').length;
  await page.goto(shop.origin + path);
  await expect.poll(() => shop.of('pageview').length).toBeGreaterThan(before);
}

/** The ids that the page has. */
export function ids(page: Page): Promise<{ visitor: string; session: string }> {
  return page.evaluate(() => ({
    visitor: window.engagetrack.getVisitorId(),
    session: window.engagetrack.getSessionId(),
  }));
}
