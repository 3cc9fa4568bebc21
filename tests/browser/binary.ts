//! The real binary: its commands, and its processes that say when they are ready.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

export const ROOT = resolve(import.meta.dirname, '../..');

/** `ENGAGETRACK_BINARY` names another one than the one that was built. */
const BINARY =
  process.env.ENGAGETRACK_BINARY ?? join(resolve(ROOT, process.env.CARGO_TARGET_DIR ?? 'target'), 'start/engagetrack');

/** Runs a command to its end, and gives what it printed. */
export async function command(...words: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(BINARY, words, { maxBuffer: 1 << 28 });
  return stdout;
}

/** A process of the binary that runs until it is stopped. */
export class Running {
  readonly said: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, said: string) {
    this.#child = child;
    this.said = said;
  }

  /** Starts it, and waits until it says that Ctrl-C stops it. */
  static async start(words: string[], environment: Record<string, string> = {}): Promise<Running> {
    // Tests ask nobody outside.
    const env = { ...process.env, ENGAGETRACK_REFRESH_RATES: 'off', ...environment };
    const child = spawn(BINARY, words, { stdio: ['ignore', 'pipe', 'pipe'], env });
    return new Running(child, await Running.#until(child, /Ctrl-C/));
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
      child.once('exit', (code) => failed(new Error(`engagetrack ended with ${code}:\n${said}`)));
    });
  }

  /** What it said, by a pattern with one group. */
  told(pattern: RegExp): string {
    const found = pattern.exec(this.said)?.[1];
    if (!found) throw new Error(`engagetrack did not say ${pattern}:\n${this.said}`);
    return found;
  }

  async stop(): Promise<void> {
    this.#child.removeAllListeners('exit');
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const [code] = await ended;
    if (code !== 0) throw new Error(`engagetrack ended with ${code}`);
  }
}
