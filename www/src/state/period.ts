//! Calendar arithmetic on the site's days: what a period spans, what came before it, and its neighbours.

export const PERIODS = ['day', '7d', '30d', 'month', '12mo', 'custom'] as const;
export type Period = (typeof PERIODS)[number];
export const COMPARES = ['weekdays', 'previous', 'year', 'none'] as const;
export type Compare = (typeof COMPARES)[number];

/** Both ends are days of the site's calendar, and both belong to the range. */
export interface Range {
  from: string;
  to: string;
}

export interface PeriodChoice {
  period: Period;
  /** The last day of the period, or a day within the month; absent means today. */
  date?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

const DAY_MS = 86_400_000;

const toDate = (day: string) => new Date(`${day}T00:00:00Z`);
const toDay = (date: Date) => date.toISOString().slice(0, 10);

export function isDay(text: string | null | undefined): text is string {
  return (
    typeof text === 'string' &&
    /^\d{4}-\d{2}-\d{2}$/.test(text) &&
    !Number.isNaN(toDate(text).getTime()) &&
    toDay(toDate(text)) === text
  );
}

export const addDays = (day: string, days: number) => toDay(new Date(toDate(day).getTime() + days * DAY_MS));

/** Moves by months; a day that the other month lacks becomes its last one. */
export function addMonths(day: string, months: number): string {
  const date = toDate(day);
  const first = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  return toDay(new Date(first.getTime() + (Math.min(date.getUTCDate(), last) - 1) * DAY_MS));
}

const firstOfMonth = (day: string) => `${day.slice(0, 8)}01`;
const lastOfMonth = (day: string) => addDays(addMonths(firstOfMonth(day), 1), -1);
const earlier = (a: string, b: string) => (a < b ? a : b);

export const daysIn = ({ from, to }: Range) =>
  Math.round((toDate(to).getTime() - toDate(from).getTime()) / DAY_MS) + 1;

/** The present day in a time zone. */
export function todayIn(timeZone: string, now: Date): string {
  try {
    return new Intl.DateTimeFormat('en-CA', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    }).format(now);
  } catch {
    return toDay(now);
  }
}

/** What the choice spans; a period that still runs ends today. */
export function rangeOf(choice: PeriodChoice, today: string): Range {
  const date = choice.date ?? today;
  switch (choice.period) {
    case 'day':
      return { from: date, to: date };
    case '7d':
      return { from: addDays(date, -6), to: date };
    case '30d':
      return { from: addDays(date, -29), to: date };
    case 'month':
      return { from: firstOfMonth(date), to: earlier(lastOfMonth(date), today) };
    case '12mo':
      return { from: firstOfMonth(addMonths(date, -11)), to: earlier(lastOfMonth(date), today) };
    case 'custom':
      return { from: choice.from ?? date, to: choice.to ?? date };
  }
}

function moved(choice: PeriodChoice, today: string, steps: number): PeriodChoice {
  const date = choice.date ?? today;
  switch (choice.period) {
    case 'day':
      return { period: 'day', date: addDays(date, steps) };
    case '7d':
      return { period: '7d', date: addDays(date, 7 * steps) };
    case '30d':
      return { period: '30d', date: addDays(date, 30 * steps) };
    case 'month':
      return { period: 'month', date: addMonths(firstOfMonth(date), steps) };
    case '12mo':
      return { period: '12mo', date: addMonths(firstOfMonth(date), 12 * steps) };
    case 'custom': {
      const range = rangeOf(choice, today);
      const days = daysIn(range) * steps;
      return { period: 'custom', from: addDays(range.from, days), to: addDays(range.to, days) };
    }
  }
}

export const earlierPeriod = (choice: PeriodChoice, today: string) => moved(choice, today, -1);

/** The next period; null where it would begin after today. One that reaches today is the running one. */
export function laterPeriod(choice: PeriodChoice, today: string): PeriodChoice | null {
  if (rangeOf(choice, today).to >= today) return null;
  const next = moved(choice, today, 1);
  if (next.period === 'custom') return rangeOf(next, today).from > today ? null : next;
  const reaches =
    next.period === 'month' || next.period === '12mo'
      ? (next.date ?? today).slice(0, 7) >= today.slice(0, 7)
      : (next.date ?? today) >= today;
  return reaches ? { period: next.period } : next;
}

/** The range that a period is held against. */
export function comparedRange(range: Range, compare: Compare): Range | null {
  const days = daysIn(range);
  switch (compare) {
    case 'none':
      return null;
    case 'previous':
      return { from: addDays(range.from, -days), to: addDays(range.to, -days) };
    case 'weekdays': {
      const back = Math.ceil(days / 7) * 7;
      return { from: addDays(range.from, -back), to: addDays(range.to, -back) };
    }
    case 'year':
      return { from: addMonths(range.from, -12), to: addMonths(range.to, -12) };
  }
}

/** An end of a range as a day of the site: the server may name it as a date or as a moment. */
export function dayOf(end: string, timeZone: string, exclusive: boolean): string {
  if (end.length === 10) return end;
  const moment = new Date(end);
  return todayIn(timeZone, exclusive ? new Date(moment.getTime() - 1) : moment);
}
