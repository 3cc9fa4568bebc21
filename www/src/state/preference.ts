//! What this browser remembers: the colour scheme, the model of each site, the hue of each channel.
import { effect, signal } from '@preact/signals';
import { isModel } from './models';

const PREFIX = 'engagetrack.';

function recall(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

function keep(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, value);
  } catch {
    // A browser that stores nothing shows the defaults.
  }
}

export type Theme = 'system' | 'light' | 'dark';
const stored = recall('theme');
export const theme = signal<Theme>(stored === 'light' || stored === 'dark' ? stored : 'system');

export function startTheme(): void {
  effect(() => {
    const chosen = theme.value;
    if (chosen === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = chosen;
    keep('theme', chosen === 'system' ? null : chosen);
  });
}

const darkNow = () =>
  theme.peek() === 'dark' ||
  (theme.peek() === 'system' && window.matchMedia('(prefers-color-scheme: dark)').matches);

export function switchTheme(): void {
  theme.value = darkNow() ? 'light' : 'dark';
}

export function rememberedModel(site: string): string | null {
  const model = recall(`model.${site}`);
  return isModel(model) ? model : null;
}

export const rememberModel = (site: string, model: string) => keep(`model.${site}`, model);

const HUES = 5;

/**
 * The first five channels of a site by money keep their hue for ever; all others are grey (6).
 * With `store` off, what is given fills the free hues for this once.
 */
export function channelHues(site: string, byMoney: string[], store = true): Map<string, number> {
  const saved = recall(`hues.${site}`);
  let known: string[] = [];
  try {
    const parsed: unknown = saved ? JSON.parse(saved) : [];
    if (Array.isArray(parsed)) known = parsed.filter((each): each is string => typeof each === 'string');
  } catch {
    known = [];
  }
  const hues = known.slice(0, HUES);
  for (const channel of byMoney) {
    if (hues.length < HUES && !hues.includes(channel)) hues.push(channel);
  }
  if (store && hues.length !== known.length) keep(`hues.${site}`, JSON.stringify(hues));
  return new Map(hues.map((channel, place) => [channel, place + 1]));
}

export const singleKeys = signal(recall('keys') !== 'off');

export function setSingleKeys(on: boolean): void {
  singleKeys.value = on;
  keep('keys', on ? null : 'off');
}
