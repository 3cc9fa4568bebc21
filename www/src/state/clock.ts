//! The present moment, as a signal that moves once in half a minute: nothing on the page ages unseen.
import { signal } from '@preact/signals';

const STEP_MS = 30_000;

export const now = signal(new Date());

export function startClock(): void {
  setInterval(() => {
    now.value = new Date();
  }, STEP_MS);
}
