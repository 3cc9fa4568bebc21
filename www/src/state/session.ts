//! Who is signed in, which sites there are, and what to do when the session has ended.
import { signal } from '@preact/signals';
import { signOut as askToSignOut, setupState, whoAmI } from '../api/account';
import { ApiError, whenSignedOut } from '../api/client';
import { listSites } from '../api/sites';
import type { Account, Site } from '../api/types';
import { forgetAnswers, refreshAll } from './resource';

export type Boot = 'starting' | 'ready' | 'unreachable';

export const boot = signal<Boot>('starting');
export const account = signal<Account | null>(null);
export const needsAccount = signal(false);
/** A view was open when the server said that nobody is signed in: it stays, and signing in lies over it. */
export const sessionEnded = signal(false);
export const sites = signal<Site[] | null>(null);

/** Read while a view is drawn, it follows every change of the site. */
export const siteById = (id: string) => sites.value?.find((site) => site.site_id === id);

whenSignedOut(() => {
  if (account.peek()) sessionEnded.value = true;
});

export async function loadSites(): Promise<void> {
  sites.value = await listSites();
}

export function replaceSite(site: Site): void {
  const known = sites.peek() ?? [];
  const exists = known.some((each) => each.site_id === site.site_id);
  sites.value = exists
    ? known.map((each) => (each.site_id === site.site_id ? site : each))
    : [...known, site];
}

async function findAccount(): Promise<void> {
  try {
    account.value = await whoAmI();
    await loadSites();
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    needsAccount.value = (await setupState()).needs_account;
  }
}

export async function start(): Promise<void> {
  boot.value = 'starting';
  try {
    await findAccount();
    boot.value = 'ready';
  } catch {
    boot.value = 'unreachable';
  }
}

/** After signing in: the same person goes on where the view was; sites are asked anew. */
export async function enter(who: Account): Promise<void> {
  const sameView = sessionEnded.peek();
  await loadSites();
  account.value = who;
  needsAccount.value = false;
  sessionEnded.value = false;
  if (sameView) refreshAll();
}

export async function leave(): Promise<void> {
  await askToSignOut().catch((error: unknown) => {
    if (!(error instanceof ApiError)) throw error;
  });
  forgetAnswers();
  account.value = null;
  sites.value = null;
  sessionEnded.value = false;
}
