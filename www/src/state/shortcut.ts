//! Single keys for what is done often; never while typing, never with a modifier, and they can be switched off.
import { signal } from '@preact/signals';
import { singleKeys } from './preference';

export const helpOpen = signal(false);

type Action = (event: KeyboardEvent) => void;
type Keys = Record<string, Action>;

/** Views on top answer first. */
const layers: Keys[] = [];
/** After G the next key is a place to go to, within this time. */
const SEQUENCE_MS = 1_200;
let pending: { key: string; at: number } | null = null;

export function addShortcuts(keys: Keys): () => void {
  layers.push(keys);
  return () => {
    layers.splice(layers.indexOf(keys), 1);
  };
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName))
  );
}

/** Menus, dialogs and charts have keys of their own. */
const hasOwnKeys = (target: EventTarget | null) =>
  target instanceof Element &&
  target.closest('[role="menu"],[role="dialog"],dialog,[data-own-keys]') !== null;

function nameOf(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.shiftKey && /^[a-z]$/.test(key)) return `shift+${key}`;
  return key;
}

function press(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (isTyping(event.target) || hasOwnKeys(event.target)) return;
  const key = nameOf(event);
  if (!singleKeys.peek() && key.length === 1 && key !== '?') return;
  const sequence = pending && event.timeStamp - pending.at < SEQUENCE_MS ? `${pending.key} ${key}` : null;
  pending = key === 'g' ? { key, at: event.timeStamp } : null;
  for (const layer of [...layers].reverse()) {
    const action = (sequence && layer[sequence]) || (sequence ? undefined : layer[key]);
    if (!action) continue;
    event.preventDefault();
    action(event);
    return;
  }
}

export function startShortcuts(): void {
  document.addEventListener('keydown', press);
}
