//! The reader's language, asked in one place.

/** U+2212: a real minus, as wide as the plus. */
export const MINUS = '−';

/** Stands for "does not apply"; what is unknown is never shown as 0. */
export const NONE = '–';

export function readerLocale(): string {
  return globalThis.navigator?.language || 'en-US';
}
