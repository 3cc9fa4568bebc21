import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command, Running } from '../browser/binary.ts';
import type { Provider, Signed } from './signers.ts';

/** A browser that is no bot's. */
const AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36';

/** Where providers would reach the server, if it were not on this machine alone. */
const PUBLIC = 'stats.shop.example';

const SCOPES = ['analytics:read', 'sites:read', 'sites:write', 'integrations:write'];

/** What the server answered. */
export interface Answer {
  status: number;
  body: any;
}

/** A shop that is counted: the real server on a free port, with one site and a key that opens it. */
export class Shop {
  readonly #server: Running;
  readonly #folder: string;
  readonly #origin: string;
  readonly #key: string;
  readonly site: string;

  private constructor(server: Running, folder: string, site: string, key: string) {
    this.#server = server;
    this.#folder = folder;
    this.#origin = server.told(/Listens on\s+(http\S+)/);
    this.site = site;
    this.#key = key;
  }

  /** Hosts stand in for the providers' APIs, each as in `stripe=http://127.0.0.1:4010`. */
  static async open(...hosts: string[]): Promise<Shop> {
    const folder = await mkdtemp(join(tmpdir(), 'engagetrack-providers-'));
    const told = async (...words: string[]) =>
      JSON.parse(await command(...words, '--json', '--data-dir', folder));
    const { site_id: site } = await told('site', 'add', 'shop.example', '--currency', 'EUR');
    const { key } = await told('key', 'add', ...SCOPES.flatMap((scope) => ['--scope', scope]));
    const reached = ['--listen', '127.0.0.1:0', '--public-url', `https://${PUBLIC}`];
    const standIns = hosts.flatMap((host) => ['--provider-host', host]);
    const server = await Running.start(['serve', ...reached, ...standIns, '--data-dir', folder]);
    return new Shop(server, folder, site, key);
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

  /** Connects a provider by an API key. */
  connectByKey(provider: Provider, key: string): Promise<Answer> {
    return this.ask('POST', '/integrations', { provider, api_key: key });
  }

  /** How a provider is doing. */
  async health(provider: Provider): Promise<any> {
    const { body } = await this.ask('GET', '/integrations');
    return body.data.find((row: any) => row.provider === provider);
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
    await this.#server.stop();
    await rm(this.#folder, { recursive: true });
  }
}
