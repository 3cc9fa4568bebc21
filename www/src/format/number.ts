//! Counts, rates, shares and durations.
import { MINUS, NONE, readerLocale } from './locale';

const formats = new Map<string, Intl.NumberFormat>();

function format(name: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const known = formats.get(name) ?? new Intl.NumberFormat(readerLocale(), options);
  formats.set(name, known);
  return known;
}

const minus = (text: string) => text.replace('-', MINUS);

/** "51,327". */
export function count(value: number): string {
  return minus(format('count', { maximumFractionDigits: 0 }).format(value));
}

/** Orders under splitting models are credited in parts: "12.4", but "12" where it is whole. */
export function credited(value: number): string {
  return minus(format('credited', { maximumFractionDigits: 1 }).format(value));
}

/** For axes: "2k". */
export function shortCount(value: number): string {
  return format('short', { notation: 'compact', maximumFractionDigits: 1 }).format(value).replace('K', 'k');
}

/** A rate of 0 to 1: two decimals under 10 %, one above. */
export function rate(value: number | null): string {
  if (value === null) return NONE;
  const digits = Math.abs(value) < 0.1 ? 2 : 1;
  const options = { style: 'percent' as const, minimumFractionDigits: digits, maximumFractionDigits: digits };
  return minus(format(`rate${digits}`, options).format(value));
}

/** A share in running text: whole percents. */
export function share(value: number): string {
  if (value > 0 && value < 0.01) return 'less than 1%';
  return format('share', { style: 'percent', maximumFractionDigits: 0 }).format(value);
}

/** Seconds as a reader says them: "47 s", "3 min 12 s", "1 h 4 min". */
export function duration(seconds: number | null): string {
  if (seconds === null) return NONE;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 ? `${minutes} min ${whole % 60} s` : `${minutes} min`;
  return minutes % 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${Math.floor(minutes / 60)} h`;
}

/** "1 order", "12 orders". */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}
