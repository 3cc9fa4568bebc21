import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Running } from './binary.ts';

/** The demo as a newcomer starts it: the real binary on free ports, with a data directory of its own. */
export class Demo {
  readonly shop: string;
  readonly welcome: string;
  readonly origin: string;
  readonly #process: Running;
  readonly #folder: string;

  private constructor(process: Running, folder: string) {
    this.#process = process;
    this.#folder = folder;
    this.shop = process.told(/Demo shop\s+(http\S+)\//);
    this.welcome = process.told(/Dashboard\s+(http\S+#token=\w+)/);
    this.origin = new URL(this.welcome).origin;
  }

  static async start(): Promise<Demo> {
    const folder = await mkdtemp(join(tmpdir(), 'engagetrack-e2e-'));
    const ports = ['--listen', '127.0.0.1:0', '--shop-listen', '127.0.0.1:0'];
    return new Demo(await Running.start(['demo', '--data-dir', folder, ...ports]), folder);
  }

  async stop(): Promise<void> {
    await this.#process.stop();
    await rm(this.#folder, { recursive: true });
  }
}
