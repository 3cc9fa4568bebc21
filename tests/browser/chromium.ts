//! How Chromium is started here, and one without a driver: drivers keep every page visible and prerender nothing.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** As root, and without a network, Chromium needs to be told so. */
export const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A visitor's browser; the one that says "headless" is taken for a bot, as it should be. */
export const AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36';

/** Chromium as people run it: its pages have to drive themselves. */
export class Undriven {
  readonly #child: ChildProcess;
  readonly #profile: string;

  private constructor(child: ChildProcess, profile: string) {
    this.#child = child;
    this.#profile = profile;
  }

  static async open(url: string, ...more: string[]): Promise<Undriven> {
    const profile = await mkdtemp(join(tmpdir(), 'engagetrack-chromium-'));
    const own = ['--headless=new', '--disable-popup-blocking', `--user-data-dir=${profile}`, `--user-agent=${AGENT}`];
    return new Undriven(spawn(CHROMIUM, [...ARGUMENTS, ...own, ...more, url], { stdio: 'ignore' }), profile);
  }

  async close(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
    // Its children may write a last time.
    await rm(this.#profile, { recursive: true, maxRetries: 10 });
  }
}
