//! A proxy in front of the real server: it serves the pages of a test, records what they send, and can spoil the way.

import { createServer, type IncomingMessage, request, type Server as HttpServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Shop } from './shop.ts';

/** An event, or an identify, as the SDK sent it. */
export interface Sent {
  site_id: string;
  url: string;
  event_id: string;
  at: number;
  sent_at: number;
  event_type?: string;
  event_name?: string;
  referrer?: string;
  title?: string;
  visitor_uid?: string;
  session_id?: string;
  screen_w?: number;
  time_on_page?: number;
  scroll_depth?: number;
  revenue?: number | string;
  currency?: string;
  order_id?: string;
  properties?: Record<string, unknown>;
  persistence?: string;
  user_id?: string;
  name?: string;
  custom?: Record<string, unknown>;
}

/** A request to the API: what it brought, and what became of it. */
export interface Arrived {
  path: string;
  sent: Sent[];
  bytes: number;
  at: number;
  /** The server's own status; 0 while it has not answered, or never saw the request. */
  status: number;
  /** Why the server does not count it. */
  dropped?: string;
}

/** What is done with a request: the server is asked and answers, its answer is cut off, it is never asked, or another answer is given. */
export type Treatment = 'pass' | 'cut answer' | 'cut request' | { status: number; headers?: Record<string, string>; body?: string };

/** Paths that are the server's own on every host, as behind a first-party proxy. */
const OWN = /^\/(api\/v1\/|engagetrack(\.compat)?\.js$)/;

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

export class Gate {
  readonly port: number;
  /** Ids of events that the server acknowledged, and of all that it was given. */
  readonly acknowledged = new Set<string>();
  readonly given = new Set<string>();
  readonly #server: HttpServer;
  readonly #target: string;
  readonly #shops = new Map<string, Shop>();

  private constructor(server: HttpServer, origin: string) {
    this.port = (server.address() as AddressInfo).port;
    this.#server = server;
    this.#target = origin;
    server.on('request', (asked, answer) => {
      this.#answer(asked, answer).catch((error) => answer.destroy(error));
    });
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** In front of the server at an origin. */
  static async start(origin: string): Promise<Gate> {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return new Gate(server, origin);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  /** Lets a shop's pages be seen under its hosts. */
  open(shop: Shop): void {
    for (const host of shop.hosts) this.#shops.set(host, shop);
  }

  async #answer(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    // A browser that uses this as its proxy asks for whole addresses.
    const url = new URL(asked.url ?? '/', `http://${asked.headers.host}`);
    const body = await read(asked);
    if (url.pathname.startsWith('/api/')) return this.#message(asked, url, body, answer);
    if (OWN.test(url.pathname)) return give(answer, this.#spoilt(url, await this.#ask(asked, url, body)));
    const shop = this.#shops.get(url.hostname);
    if (shop?.behind) return give(answer, await this.#ask(asked, url, body, shop.behind));
    const page = shop?.page(url);
    give(answer, page ?? { status: 404, headers: {}, body: Buffer.from('no such page') });
  }

  /** A script is sent without saying its encoding, so that the file itself has to. */
  #spoilt(url: URL, answer: Answer): Answer {
    return url.searchParams.has('no-charset') ? { ...answer, headers: { ...answer.headers, 'content-type': 'text/javascript' } } : answer;
  }

  async #message(asked: IncomingMessage, url: URL, body: Buffer, answer: ServerResponse): Promise<void> {
    const sent = messages(body);
    const arrived: Arrived = { path: url.pathname, sent, bytes: body.length, at: Date.now(), status: 0 };
    const shop = this.#shops.get(hostOf(sent[0]?.url) ?? hostOf(asked.headers.origin) ?? '');
    shop?.arrived.push(arrived);
    const treatment = (await shop?.treat(arrived)) ?? 'pass';
    if (treatment === 'cut request') return void answer.destroy();
    if (typeof treatment === 'object') {
      const headers = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'Retry-After', ...treatment.headers };
      return give(answer, { status: treatment.status, headers, body: Buffer.from(treatment.body ?? '') });
    }
    for (const { event_id } of sent) this.given.add(event_id);
    const answered = await this.#ask(asked, url, body);
    arrived.status = answered.status;
    arrived.dropped = answered.headers['x-engagetrack-dropped'] as string | undefined;
    const isWhole = answered.status === 202 && !arrived.dropped && answered.body.toString() === 'ok';
    if (isWhole && url.pathname.endsWith('/event')) for (const { event_id } of sent) this.acknowledged.add(event_id);
    if (treatment === 'cut answer') return void answer.destroy();
    give(answer, answered);
  }

  #ask(asked: IncomingMessage, url: URL, body: Buffer, target = this.#target): Promise<Answer> {
    const { 'proxy-connection': _, connection: __, ...headers } = asked.headers;
    return new Promise((answered, failed) => {
      const options = { method: asked.method, headers, path: url.pathname + url.search };
      const forward = request(target, options, (answer) => {
        read(answer).then((all) => answered({ status: answer.statusCode ?? 0, headers: answer.headers, body: all }), failed);
      });
      forward.once('error', failed);
      forward.end(body);
    });
  }
}

function messages(body: Buffer): Sent[] {
  if (!body.length) return [];
  const parsed = JSON.parse(body.toString());
  return Array.isArray(parsed) ? parsed : [parsed];
}

function hostOf(url: string | undefined): string | undefined {
  return url && URL.canParse(url) ? new URL(url).hostname : undefined;
}

function give(answer: ServerResponse, { status, headers, body }: Answer): void {
  const { 'transfer-encoding': _, connection: __, ...rest } = headers;
  answer.writeHead(status, { ...rest, 'content-length': body.length });
  answer.end(body);
}

async function read(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
