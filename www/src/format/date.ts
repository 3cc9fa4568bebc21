//! Days of the site's calendar, and moments on the reader's clock.
import { readerLocale } from './locale';

const formats = new Map<string, Intl.DateTimeFormat>();

function format(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const known = formats.get(name) ?? new Intl.DateTimeFormat(readerLocale(), options);
  formats.set(name, known);
  return known;
}

const noon = (day: string) => new Date(`${day.slice(0, 10)}T12:00:00Z`);

/** "Nov 18"; with the year only when it is not this one. `day` is a calendar day, in no time zone. */
export function dayText(day: string, thisYear: number): string {
  const year = day.slice(0, 4) === String(thisYear) ? {} : { year: 'numeric' as const };
  const options = { month: 'short' as const, day: 'numeric' as const, timeZone: 'UTC', ...year };
  return format(`day${'year' in options}`, options).format(noon(day));
}

/** "Tue, Nov 17". */
export function weekdayText(day: string): string {
  const options = { weekday: 'short', month: 'short', day: 'numeric', timeZone: 'UTC' } as const;
  return format('weekday', options).format(noon(day));
}

/** "November 2026". */
export function monthText(day: string): string {
  return format('month', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(noon(day));
}

/** "Nov". */
export function monthShort(day: string): string {
  return format('monthShort', { month: 'short', timeZone: 'UTC' }).format(noon(day));
}

/** "Oct 25 – Nov 23". */
export function rangeText(from: string, to: string, thisYear: number): string {
  if (from === to) return dayText(from, thisYear);
  const sameYear = from.slice(0, 4) === to.slice(0, 4);
  const first = dayText(from, sameYear ? Number(from.slice(0, 4)) : thisYear);
  return `${first} – ${dayText(to, thisYear)}`;
}

/** "08:06" on the reader's clock. */
export function clockText(at: string | Date): string {
  return format('clock', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(at));
}

/** "08:06:11" on the reader's clock. */
export function secondsText(at: string): string {
  const options = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
  return format('seconds', options).format(new Date(at));
}

/** "Nov 18, 08:06", with the year when it is not this one, or when asked for. */
export function momentText(at: string, now: Date, always = false): string {
  const date = new Date(at);
  const withYear = always || date.getFullYear() !== now.getFullYear();
  const options: Intl.DateTimeFormatOptions = { month: 'short', day: 'numeric' };
  if (withYear) options.year = 'numeric';
  return `${format(`moment${withYear}`, options).format(date)}, ${clockText(date)}`;
}

/** "just now", "9 min ago", "3 h ago"; from 24 hours on the date. */
export function agoText(at: string, now: Date): string {
  const seconds = Math.max(0, (now.getTime() - new Date(at).getTime()) / 1000);
  if (seconds < 45) return 'just now';
  if (seconds < 3600) return `${Math.max(1, Math.round(seconds / 60))} min ago`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`;
  return momentText(at, now);
}

/** The same in running text: "23 days". */
export function spanText(from: string, to: string): string {
  const text = gapText(from, to);
  return text.endsWith(' d') ? text.replace(' d', text === '1 d' ? ' day' : ' days') : text;
}

/** The distance between two moments, in its largest unit: "14 min", "8 d". */
export function gapText(from: string, to: string): string {
  const seconds = Math.max(0, (new Date(to).getTime() - new Date(from).getTime()) / 1000);
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}
