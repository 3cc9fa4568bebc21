//! Firefox and WebKit, each behind its WebDriver; both find all hosts through the gate, as their proxy.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Builder, type WebDriver } from 'selenium-webdriver';

/** How a driver is started, and what it is asked for. */
interface Way {
  command: (port: number) => string[];
  capabilities: Record<string, unknown>;
}

const WEBKIT = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/webkit2gtk-4.1/MiniBrowser`;

const WAYS: Record<string, Way> = {
  firefox: {
    command: (port) => ['geckodriver', '--port', String(port), '--websocket-port', '0'],
    capabilities: {
      browserName: 'firefox',
      'moz:firefoxOptions': {
        binary: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
        args: ['-headless'],
        prefs: { 'privacy.globalprivacycontrol.enabled': true },
      },
    },
  },
  webkit: {
    command: (port) => ['xvfb-run', '-a', 'WebKitWebDriver', `--port=${port}`],
    capabilities: {
      browserName: 'MiniBrowser',
      'webkitgtk:browserOptions': { binary: process.env.WEBKIT ?? WEBKIT, args: ['--automation'] },
    },
  },
};

/** A browser, until it is closed. */
export class Driven {
  readonly driver: WebDriver;
  readonly #process: ChildProcess;

  private constructor(driver: WebDriver, process: ChildProcess) {
    this.driver = driver;
    this.#process = process;
  }

  /** Opens a browser by its name, whose requests all go to a proxy. */
  static async open(name: string, proxy: number): Promise<Driven> {
    const way = WAYS[name];
    if (!way) throw new Error(`no such browser: ${name}`);
    const port = 20_000 + Math.floor(Math.random() * 20_000);
    const [program = '', ...words] = way.command(port);
    const PATH = [process.env.PATH, join(homedir(), '.cargo/bin')].join(delimiter);
    // As root, WebKit's sandbox cannot be made.
    const env = { ...process.env, PATH, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' };
    const child = spawn(program, words, { stdio: 'ignore', detached: true, env });
    const failed = once(child, 'exit').then(([code]) => Promise.reject(new Error(`${program} ended with ${code}`)));
    const server = `http://127.0.0.1:${port}`;
    await Promise.race([failed, answering(`${server}/status`)]);
    failed.catch(() => {});
    const capabilities = {
      ...way.capabilities,
      proxy: { proxyType: 'manual', httpProxy: `127.0.0.1:${proxy}` },
    };
    return new Driven(await new Builder().usingServer(server).withCapabilities(capabilities).build(), child);
  }

  async close(): Promise<void> {
    await this.driver.quit();
    const ended = once(this.#process, 'exit');
    if (this.#process.pid) process.kill(-this.#process.pid, 'SIGTERM');
    await ended;
  }
}

/** Waits until something answers, for ten seconds. */
async function answering(url: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await fetch(url);
      return;
    } catch (error) {
      if (tries === 200) throw error;
      await new Promise((over) => setTimeout(over, 50));
    }
  }
}
