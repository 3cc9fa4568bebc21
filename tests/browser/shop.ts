//! A shop of one test: hosts of its own, pages with the tag in them, and what they sent.

import type { Arrived, Sent, Treatment } from './gate.ts';

/** What stands on a page; what is left out is as for every page of the shop. */
export interface Page {
  /** The whole page, in place of one with the tag. */
  html?: string;
  /** How it is written, UTF-8 unless this is given. */
  encoding?: BufferEncoding;
  /** Ahead of the tag. */
  head?: string;
  body?: string;
  headers?: Record<string, string>;
  /** The tag's attributes beside its source and site; `null` leaves the tag out. */
  attributes?: Record<string, string> | null;
}

export class Shop {
  readonly hosts: string[];
  readonly site: string;
  /** All requests to the API that its pages made, in order. */
  readonly arrived: Arrived[] = [];
  /** Paths of the pages that were asked for, in order. */
  readonly asked: string[] = [];
  /** What is done with requests to the API. */
  treat: (arrived: Arrived) => Treatment | Promise<Treatment> = () => 'pass';
  /** What stands on all pages. */
  everywhere: Page = {};
  /** The origin of a server of the test's own, which has the pages. */
  behind?: string;
  /** Where the tag's script comes from. */
  script = 'http://stats.shop.example/engagetrack.js';
  readonly #pages = new Map<string, Page>();
  readonly #port: string;

  /** Seen under the hosts, at a port where the browser does not map them. */
  constructor(site: string, hosts: string[], port = '') {
    this.site = site;
    this.hosts = hosts;
    this.#port = port && `:${port}`;
  }

  get origin(): string {
    return `http://${this.hosts[0]}${this.#port}`;
  }

  /** Puts something on one page. */
  put(path: string, page: Page): void {
    this.#pages.set(path, page);
  }

  tag(attributes: Record<string, string> = {}): string {
    const all = { src: this.script, 'data-site-id': this.site, ...attributes };
    const written = Object.entries(all).map(([name, value]) => `${name}="${value}"`);
    return `<script defer ${written.join(' ')}></script>`;
  }

  /** A page as it is sent; every path has one. */
  page({ pathname }: URL): { status: number; headers: Record<string, string>; body: Buffer } {
    this.asked.push(pathname);
    const page = { ...this.everywhere, ...this.#pages.get(pathname) };
    const tag = page.attributes === null ? '' : this.tag(page.attributes);
    const html =
      page.html ??
      `<!doctype html><html><head><meta charset="utf-8"><link rel="icon" href="data:,"><title>${pathname}</title>${page.head ?? ''}${tag}</head><body>${page.body ?? ''}</body></html>`;
    const status = pathname === '/favicon.ico' ? 404 : 200;
    return { status, headers: { 'content-type': 'text/html', ...page.headers }, body: Buffer.from(html, page.encoding) };
  }

  /** What the server took, each event once however often it came. */
  get taken(): Sent[] {
    const all = this.arrived.filter(({ status, dropped }) => status === 202 && !dropped).flatMap(({ sent }) => sent);
    return [...new Map(all.map((sent) => [sent.event_id, sent])).values()];
  }

  /** Addresses of the page views that the server took, without the origin. */
  get pageviews(): string[] {
    const seen = this.taken.filter((sent) => sent.event_type === 'pageview');
    return seen.map(({ url }) => url.replace(this.origin, ''));
  }

  /** The events of a kind, or the custom events of a name, that the server took. */
  of(kind: string): Sent[] {
    return this.taken.filter((sent) => sent.event_type === kind || sent.event_name === kind);
  }
}
