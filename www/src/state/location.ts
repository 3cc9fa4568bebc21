//! The address bar as a signal: links, back and reload all work because nothing else remembers where we are.
import { computed, signal } from '@preact/signals';
import { carried, parseQuestion, type Question, questionSearch } from './question';

interface Place {
  path: string;
  search: string;
  hash: string;
}

const read = (): Place => ({
  path: window.location.pathname,
  search: window.location.search,
  hash: window.location.hash,
});

export const place = signal<Place>(read());

export const question = computed(() => parseQuestion(new URLSearchParams(place.value.search)));

export type SettingsTab = 'tracking' | 'revenue' | 'keys';
export type SiteView = 'overview' | 'revenue' | 'orders' | 'settings';

export type Route =
  | { name: 'home' | 'sites' | 'login' | 'welcome' | 'account' | 'missing' }
  | { name: 'site'; site: string; view: SiteView; order?: string; tab?: SettingsTab };

const FIXED: Record<string, Exclude<Route, { name: 'site' }>['name']> = {
  '/': 'home',
  '/sites': 'sites',
  '/login': 'login',
  '/welcome': 'welcome',
  '/account': 'account',
};

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function siteRoute(site: string, rest: string[]): Route {
  const [view, detail, ...beyond] = rest;
  const missing: Route = { name: 'missing' };
  if (beyond.length) return missing;
  if (view === undefined) return { name: 'site', site, view: 'overview' };
  if (view === 'revenue' && detail === undefined) return { name: 'site', site, view };
  if (view === 'orders') return { name: 'site', site, view, ...(detail && { order: decoded(detail) }) };
  if (view !== 'settings') return missing;
  const tab = (['tracking', 'revenue', 'keys'] as const).find((each) => each === (detail ?? 'tracking'));
  return tab ? { name: 'site', site, view, tab } : missing;
}

export function parseRoute(path: string): Route {
  const trimmed = path.length > 1 ? path.replace(/\/+$/, '') : path;
  const fixed = FIXED[trimmed || '/'];
  if (fixed) return { name: fixed };
  const [, prefix, site, ...rest] = trimmed.split('/');
  if (prefix === 's' && site) return siteRoute(decoded(site), rest);
  return { name: 'missing' };
}

export const route = computed(() => parseRoute(place.value.path));

export function navigate(href: string, options: { replace?: boolean; keepScroll?: boolean } = {}): void {
  const target = new URL(href, window.location.href);
  const changesPath = target.pathname !== window.location.pathname;
  if (target.href === window.location.href) return;
  if (options.replace) window.history.replaceState(null, '', target);
  else window.history.pushState(null, '', target);
  place.value = read();
  if (changesPath && !options.keepScroll) {
    window.scrollTo(0, 0);
    // Whoever reads with a screen reader or the keyboard starts at the new view, not at the old link.
    queueMicrotask(() => document.getElementById('main')?.focus({ preventScroll: true }));
  }
}

/** Asks the same view something else. */
export function ask(change: Partial<Question>, options: { replace?: boolean } = {}): void {
  const next = { ...question.peek(), ...change };
  navigate(window.location.pathname + questionSearch(next), { ...options, keepScroll: true });
}

/** The address of the present view with another question. */
export const hrefFor = (change: Partial<Question>): string =>
  place.value.path + questionSearch({ ...question.value, ...change });

/** The address of a view of a site, with what follows the reader from view to view. */
export function siteHref(site: string, rest = '', change: Partial<Question> = {}): string {
  const base = `/s/${encodeURIComponent(site)}${rest}`;
  return base + questionSearch({ ...carried(question.value), ...change });
}

function isOrdinary(event: MouseEvent): boolean {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}

function follow(event: MouseEvent): void {
  if (event.defaultPrevented || !isOrdinary(event)) return;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (!link?.href || link.target || link.hasAttribute('download')) return;
  const target = new URL(link.href);
  if (target.origin !== window.location.origin || target.pathname.startsWith('/api/')) return;
  if (link.getAttribute('href')?.startsWith('#')) return;
  event.preventDefault();
  navigate(target.href, { keepScroll: target.pathname === window.location.pathname });
}

/** Real links stay real: only an ordinary click on one of our own is answered without a reload. */
export function startLocation(): void {
  window.addEventListener('popstate', () => {
    place.value = read();
  });
  document.addEventListener('click', follow);
}
