import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command, Running } from './binary.ts';

/** An event as the server gives it out again. */
export interface Stored {
  event_id: string;
  event_type: string;
  event_name: string | null;
  visitor_uid: string | null;
  session_id: string | null;
  path: string;
}

/** The real server on a free port, over a data directory of its own with one site. */
export class Server {
  readonly origin: string;
  readonly site: string;
  readonly #process: Running;
  readonly #folder: string;

  private constructor(process: Running, folder: string, site: string) {
    this.origin = process.told(/Script\s+(http\S+)\/engagetrack\.js/);
    this.site = site;
    this.#process = process;
    this.#folder = folder;
  }

  /** The site's domain, and its other hosts. */
  static async start(domain: string, ...aliases: string[]): Promise<Server> {
    const folder = await mkdtemp(join(tmpdir(), 'engagetrack-sdk-'));
    const others = aliases.flatMap((host) => ['--alias', host]);
    const added = await command('site', 'add', domain, ...others, '--json', '--data-dir', folder);
    const serve = ['serve', '--listen', '127.0.0.1:0', '--data-dir', folder];
    const process = await Running.start(serve, { ENGAGETRACK_EVENTS_PER_SITE: '0' });
    return new Server(process, folder, JSON.parse(added).site_id);
  }

  /** Ends it, and gives all that it has stored. */
  async stop(): Promise<Stored[]> {
    await this.#process.stop();
    const lines = await command('export', 'events', '--site', this.site, '--data-dir', this.#folder);
    await rm(this.#folder, { recursive: true });
    return lines.split('\n').filter(Boolean).map((line) => JSON.parse(line));
  }
}
