import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/** The real binary; `ENGAGETRACK_BINARY` names another one. */
const BINARY =
  process.env.ENGAGETRACK_BINARY ??
  join(resolve(ROOT, process.env.CARGO_TARGET_DIR ?? 'target'), 'start/engagetrack');

/** The demo as a newcomer starts it: the real binary on free ports, with a data directory of its own. */
export class Demo {
  readonly shop: string;
  readonly welcome: string;
  readonly origin: string;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(child: ChildProcess, folder: string, shop: string, welcome: string) {
    this.#child = child;
    this.#folder = folder;
    this.shop = shop;
    this.welcome = welcome;
    this.origin = new URL(welcome).origin;
  }

  static async start(): Promise<Demo> {
    const folder = await mkdtemp(join(tmpdir(), 'engagetrack-e2e-'));
    const ports = ['--listen', '127.0.0.1:0', '--shop-listen', '127.0.0.1:0'];
    // Tests ask nobody outside.
    const env = { ...process.env, ENGAGETRACK_REFRESH_RATES: 'off' };
    const child = spawn(BINARY, ['demo', '--data-dir', folder, ...ports], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = await Demo.#until(child, /Ctrl-C/);
    const shop = /Demo shop\s+(http\S+)\//.exec(said)?.[1];
    const welcome = /Dashboard\s+(http\S+#token=\w+)/.exec(said)?.[1];
    if (!shop || !welcome) throw new Error(`the demo did not say where to look:\n${said}`);
    return new Demo(child, folder, shop, welcome);
  }

  /** What the process has printed, once it matches. */
  static #until(child: ChildProcess, wanted: RegExp): Promise<string> {
    return new Promise((found, failed) => {
      let said = '';
      const hear = (chunk: Buffer) => {
        said += chunk.toString();
        if (wanted.test(said)) found(said);
      };
      child.stdout?.on('data', hear);
      child.stderr?.on('data', hear);
      child.once('error', failed);
      child.once('exit', (code) => failed(new Error(`the demo ended with ${code}:\n${said}`)));
    });
  }

  async stop(): Promise<void> {
    this.#child.removeAllListeners('exit');
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const [code] = await ended;
    await rm(this.#folder, { recursive: true });
    if (code !== 0) throw new Error(`the demo ended with ${code}`);
  }
}
