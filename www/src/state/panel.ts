//! Which menu is open: one at a time, and never in the address.
import { signal } from '@preact/signals';

export const openPanel = signal<string | null>(null);
