/** A provider's own description in its place: Prism judges each request by it, and makes up the answer. */

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { request as ask, createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { ROOT } from '../browser/binary.ts';

const PRISM = join(import.meta.dirname, 'prism/node_modules/.bin/prism');
const SCRIPT = join(import.meta.dirname, 'description.py');
const PYTHON = join(resolve(ROOT, process.env.CARGO_TARGET_DIR ?? 'target'), 'xtask/descriptions/bin/python');

/** A request that came in, and all that the description finds wrong with it. */
export interface Judged {
  method: string;
  path: string;
  query: URLSearchParams;
  body: string;
  status: number;
  faults: string[];
}

interface Parameter {
  name: string;
  in: string;
}

/** Where the pages of a list are said, per provider: each list ends with its second page. */
const ENDINGS: ((answer: any, isSecond: boolean) => void)[] = [
  (answer, isSecond) => {
    if ('has_more' in answer) answer.has_more = !isSecond;
  },
  (answer, isSecond) => {
    if (answer.meta?.pagination) answer.meta.pagination.has_more = !isSecond;
  },
  (answer) => {
    if (answer.pagination) answer.pagination.max_page = 2;
  },
];
/** How long an idle connection stays open: longer than any pause of the server's. */
const STAYS_MS = 120_000;
const CURSORS = ['starting_after', 'after', 'page'];

export class Gate {
  judged: Judged[] = [];
  readonly origin: string;
  readonly #server: Server;
  readonly #prism: ChildProcess;
  readonly #file: string;

  private constructor(server: Server, prism: ChildProcess, file: string) {
    this.#server = server;
    this.#prism = prism;
    this.#file = file;
    this.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** Of the description only the paths that are named are read: the whole would take Prism half a minute. */
  static async open(source: string, paths: string[], amend?: (description: any) => void): Promise<Gate> {
    const { stdout } = await promisify(execFile)(PYTHON, [SCRIPT, source, ...paths], { maxBuffer: 1 << 26 });
    const description = JSON.parse(stdout);
    amend?.(description);
    const file = join(tmpdir(), `engagetrack-description-${process.pid}-${Date.now()}.json`);
    await writeFile(file, JSON.stringify(description));
    const { prism, port } = await start(file);
    const server = createServer({ keepAliveTimeout: STAYS_MS });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const gate = new Gate(server, prism, file);
    server.on('request', async (request, response) => {
      try {
        const { status, body } = await gate.#judge(request, `http://127.0.0.1:${port}`, description);
        response.writeHead(status, { 'content-type': 'application/json' }).end(body);
      } catch (reason) {
        gate.judged.push({ ...asked(request), body: '', status: 500, faults: [String(reason)] });
        response.writeHead(500).end();
      }
    });
    return gate;
  }

  async #judge(request: IncomingMessage, prism: string, description: any) {
    const { method, path, query } = asked(request);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const answer = await passOn(prism + request.url, request, body);
    const { text } = answer;
    const found: { location: string[]; message: string }[] = JSON.parse(answer.violations ?? '[]');
    const faults = found.filter(({ location }) => location[0] === 'request').map(({ message }) => message);
    // Prism is silent on parameters that the description does not know.
    const known = parameters(description, path, method);
    for (const name of query.keys()) {
      if (!known.has(name.replace(/\[\]$/, ''))) faults.push(`the query parameter ${name} is unknown`);
    }
    const isGood = answer.status < 300;
    if (!isGood && faults.length === 0) faults.push(`${answer.status}: ${text}`);
    this.judged.push({ method, path, query, body, status: answer.status, faults });
    if (!isGood || !text.startsWith('{')) return { status: answer.status, body: text };
    const page = CURSORS.map((name) => query.get(name)).find(Boolean) ?? '1';
    const told = JSON.parse(text);
    for (const end of ENDINGS) end(told, page !== '1');
    return { status: answer.status, body: JSON.stringify(told) };
  }

  /** Begins anew. */
  forget(): void {
    this.judged = [];
  }

  /** All that was found wrong, each with the request that it was found in. */
  faults(): string[] {
    return this.judged.flatMap(({ method, path, faults }) => faults.map((fault) => `${method} ${path}: ${fault}`));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    this.#prism.kill('SIGKILL');
    await rm(this.#file);
  }
}

interface Passed {
  status: number;
  text: string;
  violations: string | undefined;
}

/** Passes a request on over a connection of its own: one that is kept may be closed just as it is used again. */
function passOn(url: string, from: IncomingMessage, body: string): Promise<Passed> {
  const { host, connection, ...headers } = from.headers;
  return new Promise((done, failed) => {
    const request = ask(url, { method: from.method, headers, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      answer.once('error', failed);
      answer.once('end', () => {
        const violations = answer.headers['sl-violations'] as string | undefined;
        done({ status: answer.statusCode ?? 0, text, violations });
      });
    });
    request.once('error', failed);
    request.end(body);
  });
}

function asked(request: IncomingMessage) {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://prism');
  return { method: request.method ?? 'GET', path: pathname, query: searchParams };
}

/** The query parameters that a described operation knows. */
function parameters(description: any, path: string, method: string): Set<string> {
  const fits = (template: string) => new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path);
  const item = description.paths[Object.keys(description.paths).find(fits) ?? ''] ?? {};
  const all: any[] = [...(item.parameters ?? []), ...(item[method.toLowerCase()]?.parameters ?? [])];
  const resolved = all.map((one): Parameter => {
    const [, , kind, name] = one.$ref?.split('/') ?? [];
    return kind ? description.components[kind][name] : one;
  });
  return new Set(resolved.filter((one) => one.in === 'query').map((one) => one.name));
}

/** Starts Prism on a free port, and waits until it listens. */
function start(file: string): Promise<{ prism: ChildProcess; port: number }> {
  const prism = spawn(PRISM, ['mock', '--port', '0', file], { stdio: ['ignore', 'pipe', 'pipe'] });
  return new Promise((found, failed) => {
    let said = '';
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      const port = /listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (port) found({ prism, port: Number(port) });
    };
    prism.stdout.on('data', hear);
    prism.stderr.on('data', hear);
    prism.once('error', failed);
    prism.once('exit', (code) => failed(new Error(`Prism ended with ${code}:\n${said}`)));
  });
}
