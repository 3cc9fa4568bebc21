//! Answers of the server in a view: old ones stay while new ones load, and each card fails alone.
import { type Signal, signal } from '@preact/signals';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ConnectionError } from '../api/client';

export interface Resource<T> {
  data: T | null;
  error: Error | null;
  /** True while what is shown does not answer what was asked last. */
  stale: boolean;
  retry: () => void;
  /** Puts an answer in place without asking, after a change that returned it. */
  set: (data: T) => void;
}

type Load<T> = (signal: AbortSignal) => Promise<T>;

interface Held {
  data: unknown;
  error: Error | null;
}

/** One question, whoever asks it: its answer, and the one request under way for it. */
interface Entry {
  held: Signal<Held>;
  flight: { abort: AbortController; users: number } | null;
}

/** Enough for a morning's clicking back and forth. */
const MAX_ENTRIES = 120;
const entries = new Map<string, Entry>();

function entryOf(key: string): Entry {
  const entry = entries.get(key) ?? { held: signal<Held>({ data: null, error: null }), flight: null };
  // The order of the map is the order of use: the first is the one longest unused.
  entries.delete(key);
  entries.set(key, entry);
  if (entries.size > MAX_ENTRIES) {
    const [oldest] = entries.keys();
    if (oldest !== undefined) entries.delete(oldest);
  }
  return entry;
}

/** Asked again by every card when it moves on. */
const round = signal(0);

/** While the server is away: since when the figures are old, and when the next try is due. */
export const connection = signal({ lost: false, since: 0, retryAt: 0 });

const FIRST_RETRY_MS = 4_000;
const LAST_RETRY_MS = 60_000;
let wait = FIRST_RETRY_MS;
let newestAnswer = 0;

function noteAnswer(): void {
  newestAnswer = Date.now();
  wait = FIRST_RETRY_MS;
  if (connection.peek().lost) connection.value = { lost: false, since: 0, retryAt: 0 };
}

function noteLoss(): void {
  const now = Date.now();
  if (connection.peek().lost && connection.peek().retryAt > now) return;
  connection.value = { lost: true, since: newestAnswer, retryAt: now + wait };
  wait = Math.min(wait * 2, LAST_RETRY_MS);
}

export function refreshAll(): void {
  round.value += 1;
}

export function forgetAnswers(): void {
  entries.clear();
}

function begin<T>(entry: Entry, load: Load<T>): NonNullable<Entry['flight']> {
  const flight = { abort: new AbortController(), users: 0 };
  entry.flight = flight;
  load(flight.abort.signal)
    .then((data) => {
      if (entry.flight === flight) entry.held.value = { data, error: null };
      noteAnswer();
    })
    .catch((error: Error) => {
      if (flight.abort.signal.aborted) return;
      if (error instanceof ConnectionError) noteLoss();
      if (entry.flight === flight) entry.held.value = { data: entry.held.peek().data, error };
    })
    .finally(() => {
      if (entry.flight === flight) entry.flight = null;
    });
  return flight;
}

/** Joins the request under way or begins one; the last to leave stops it. */
function join<T>(entry: Entry, load: Load<T>): () => void {
  const flight = entry.flight ?? begin(entry, load);
  flight.users += 1;
  return () => {
    flight.users -= 1;
    if (flight.users > 0 || entry.flight !== flight) return;
    entry.flight = null;
    flight.abort.abort();
  };
}

const NOTHING: Held = { data: null, error: null };

/** Fetches what `key` names, whenever it changes; null asks nothing. `pollMs` asks again while the page is seen. */
export function useResource<T>(key: string | null, load: Load<T>, pollMs = 0): Resource<T> {
  const entry = key === null ? null : entryOf(key);
  const held = entry ? entry.held.value : NOTHING;
  const [tries, setTries] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  const last = useRef<T | null>(null);
  if (key === null) last.current = null;
  else if (held.data !== null) last.current = held.data as T;
  const turn = round.value;

  // `tries` and `turn` are there to ask again.
  useEffect(() => {
    if (key === null) return;
    return join(entryOf(key), (abort) => latest.current(abort));
  }, [key, tries, turn]);

  useEffect(() => {
    if (!pollMs || key === null) return;
    const timer = setInterval(() => {
      if (!document.hidden) setTries((n) => n + 1);
    }, pollMs);
    return () => clearInterval(timer);
  }, [pollMs, key]);

  const retry = useCallback(() => setTries((n) => n + 1), []);
  const set = useCallback(
    (data: T) => {
      if (key !== null) entryOf(key).held.value = { data, error: null };
    },
    [key],
  );
  return {
    data: last.current,
    error: held.error,
    stale: held.data === null && last.current !== null,
    retry,
    set,
  };
}
