//! A TCP proxy that cuts connections at random bytes: of the request, of the answer, and between the two.

import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Chance } from './chance.ts';

/**
 * Where a connection is cut. `unanswered`: the server has begun to answer, so the events are on its disk, and the
 * browser hears nothing of it.
 */
const PLACES = ['request', 'unanswered', 'unanswered', 'unanswered', 'answer'] as const;
type Place = (typeof PLACES)[number];

export class Cutter {
  readonly port: number;
  /** How often it has cut, by place. */
  readonly cuts: Record<Place, number> = { request: 0, unanswered: 0, answer: 0 };
  /** Cuts that are still to be made; then everything passes but what is under way. */
  left: number;
  readonly #server: Server;
  readonly #target: AddressInfo;
  readonly #chance: Chance;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, target: URL, cuts: number, seed: number) {
    this.port = (server.address() as AddressInfo).port;
    this.left = cuts;
    this.#server = server;
    this.#target = { address: target.hostname, port: Number(target.port), family: 'IPv4' };
    this.#chance = new Chance(seed);
    server.on('connection', (browser) => this.#pass(browser));
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  static async start(origin: string, cuts: number, seed: number): Promise<Cutter> {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return new Cutter(server, new URL(origin), cuts, seed);
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((closed) => this.#server.close(closed));
  }

  /** Passes whole messages on, one after the other, until one is to be cut. */
  #pass(browser: Socket): void {
    const server = connect(this.#target.port, this.#target.address);
    let place: Place | undefined;
    const end = () => {
      browser.destroy();
      server.destroy();
    };
    const cut = (at: Place) => {
      this.cuts[at] += 1;
      this.left -= 1;
      // Half of the cuts are a reset, half an end.
      if (this.#chance.next() < 0.5) browser.resetAndDestroy();
      end();
    };
    for (const socket of [browser, server]) {
      this.#sockets.add(socket);
      // A connection that breaks by itself is one more cut.
      socket.on('error', end);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        end();
      });
    }
    whole(browser, (request) => {
      place = this.#choose();
      if (place !== 'request') return server.write(request);
      server.write(request.subarray(0, this.#chance.below(request.length)), () => cut('request'));
    });
    server.on('data', () => {
      if (place === 'unanswered') cut(place);
    });
    whole(server, (answer) => {
      if (place === 'unanswered') return;
      if (place !== 'answer') return browser.write(answer);
      browser.write(answer.subarray(0, 1 + this.#chance.below(answer.length - 1)), () => cut('answer'));
    });
  }

  #choose(): Place | undefined {
    if (this.left <= 0 || this.#chance.next() < 0.5) return undefined;
    return this.#chance.one(PLACES);
  }
}

/** Gives each HTTP message of a connection once all of it is there; both sides say their lengths. */
function whole(socket: Socket, found: (message: Buffer) => void): void {
  let waiting = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    waiting = Buffer.concat([waiting, chunk]);
    for (let length = lengthOf(waiting); length && length <= waiting.length; length = lengthOf(waiting)) {
      const message = waiting.subarray(0, length);
      waiting = waiting.subarray(length);
      found(message);
    }
  });
}

/** Bytes of the message that is begun; 0 while its head is not there. */
function lengthOf(bytes: Buffer): number {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return 0;
  const length = /\r\ncontent-length: *(\d+)/i.exec(bytes.subarray(0, end).toString('latin1'))?.[1];
  return end + 4 + Number(length ?? 0);
}
