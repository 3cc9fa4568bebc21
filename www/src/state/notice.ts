//! Short messages: a toast for the eye, a live region for the ear.
import { signal } from '@preact/signals';

export interface Toast {
  id: number;
  text: string;
  undo?: () => void;
}

export const toast = signal<Toast | null>(null);
export const announcement = signal('');

const TOAST_MS = 6_000;
let last = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

export function announce(text: string): void {
  announcement.value = text;
}

export function say(text: string, undo?: () => void): void {
  last += 1;
  toast.value = { id: last, text, ...(undo && { undo }) };
  announce(text);
  clearTimeout(timer);
  timer = setTimeout(() => {
    toast.value = null;
  }, TOAST_MS);
}

export function hush(): void {
  toast.value = null;
}
