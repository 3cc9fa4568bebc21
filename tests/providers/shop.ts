import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Provider, Signed } from './signers.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** The real binary; `ENGAGETRACK_BINARY` names another one. */
const BINARY =
  process.env.ENGAGETRACK_BINARY ??
  join(resolve(ROOT, process.env.CARGO_TARGET_DIR ?? 'target'), 'start/engagetrack');

/** A browser that is no bot's. */
const AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36';

const SCOPES = ['analytics:read', 'sites:read', 'sites:write', 'integrations:write'];

/** What the server answered. */
export interface Answer {
  status: number;
  body: any;
}

/** A shop that is counted: the real server on a free port, with one site and a key that opens it. */
export class Shop {
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #origin: string;
  readonly #key: string;
  readonly site: string;

  private constructor(child: ChildProcess, folder: string, origin: string, site: string, key: string) {
    this.#child = child;
    this.#folder = folder;
    this.#origin = origin;
    this.site = site;
    this.#key = key;
  }

  static async open(): Promise<Shop> {
    const folder = await mkdtemp(join(tmpdir(), 'engagetrack-providers-'));
    const told = (...command: string[]) =>
      JSON.parse(execFileSync(BINARY, [...command, '--json', '--data-dir', folder], { encoding: 'utf8' }));
    const { site_id: site } = told('site', 'add', 'shop.example', '--currency', 'EUR');
    const { key } = told('key', 'add', ...SCOPES.flatMap((scope) => ['--scope', scope]));
    const child = spawn(BINARY, ['serve', '--listen', '127.0.0.1:0', '--data-dir', folder], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new Shop(child, folder, await Shop.#listening(child), site, key);
  }

  /** Where the server listens, once it has said so. */
  static #listening(child: ChildProcess): Promise<string> {
    return new Promise((found, failed) => {
      let said = '';
      const hear = (chunk: Buffer) => {
        said += chunk.toString();
        const origin = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
        if (origin) found(origin);
      };
      child.stdout?.on('data', hear);
      child.stderr?.on('data', hear);
      child.once('error', failed);
      child.once('exit', (code) => failed(new Error(`the server ended with ${code}:\n${said}`)));
    });
  }

  /** Asks an endpoint as the site's owner. */
  async ask(method: string, path: string, body?: unknown): Promise<Answer> {
    return this.#send(method, `/api/v1/sites/${this.site}${path}`, body && JSON.stringify(body), {
      authorization: `Bearer ${this.#key}`,
      'content-type': 'application/json',
    });
  }

  /** Connects a provider by its webhook secret; once more, and both secrets are valid. */
  connect(provider: Provider, secret: string): Promise<Answer> {
    return this.ask('POST', '/integrations', { provider, webhook_secret: secret });
  }

  /** A page view, as a browser sends it. */
  async visit(visitor: string, session: string, url: string): Promise<Answer> {
    const event = { site_id: this.site, event_type: 'pageview', url, visitor_uid: visitor, session_id: session };
    const at = Date.parse('2026-03-02T09:20:00Z');
    return this.#send('POST', '/api/v1/event', JSON.stringify({ ...event, at, sent_at: Date.now() }), {
      'user-agent': AGENT,
      'content-type': 'text/plain',
    });
  }

  /** A webhook, as its provider sends it. */
  hear(provider: Provider, signed: Signed): Promise<Answer> {
    return this.#send('POST', `/api/v1/webhooks/${provider}/${this.site}`, signed.body, {
      'content-type': 'application/json',
      ...signed.headers,
    });
  }

  /** The explanation of an order. */
  order(id: string, query = ''): Promise<Answer> {
    return this.ask('GET', `/stats/orders/${encodeURIComponent(id)}${query}`);
  }

  async #send(method: string, path: string, body: any, headers: Record<string, string>): Promise<Answer> {
    const answer = await fetch(this.#origin + path, { method, body, headers });
    const text = await answer.text();
    return { status: answer.status, body: text.startsWith('{') ? JSON.parse(text) : text };
  }

  async close(): Promise<void> {
    this.#child.removeAllListeners('exit');
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const [code] = await ended;
    await rm(this.#folder, { recursive: true });
    if (code !== 0) throw new Error(`the server ended with ${code}`);
  }
}
