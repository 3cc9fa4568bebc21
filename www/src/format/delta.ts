//! How a figure moved: an arrow, a size and what it was; good or bad depends on the figure, not on the direction.
import type { Money } from '../api/types';
import { NONE, readerLocale } from './locale';
import { exactMoney, roundMoney } from './money';
import { count, duration, rate } from './number';

export type Kind = 'count' | 'money' | 'rate' | 'seconds';
export type Wanted = 'up' | 'down' | 'either';

export interface Delta {
  direction: 'up' | 'down' | 'flat' | 'none';
  judgement: 'good' | 'bad' | 'neutral';
  /** "12.1%", "0.12 pp", "new", "no change"; empty where only the two numbers are told. */
  size: string;
  /** "was $43,517". */
  was: string;
}

/** Under this a percentage is noise: the two numbers say it better. */
const SMALL_BASE = 20;
const UNMOVED = 0.0005;

type Value = number | Money | null;

const plain = (value: Value): number | null => (typeof value === 'object' ? (value?.minor ?? null) : value);

export function figureText(kind: Kind, value: Value, exact = false): string {
  if (value === null) return NONE;
  if (typeof value === 'object') return exact ? exactMoney(value) : roundMoney(value);
  if (kind === 'rate') return rate(value);
  if (kind === 'seconds') return duration(value);
  return count(value);
}

function decimals(value: number, digits: number): string {
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(readerLocale(), options).format(value);
}

/** One decimal under 100 %, none above, a factor from tenfold on. */
function sizeOf(now: number, before: number): string {
  const change = Math.abs((now - before) / before);
  if (now / before >= 10) return `${decimals(now / before, 0)}×`;
  return `${decimals(change * 100, change < 1 ? 1 : 0)}%`;
}

function judge(direction: 'up' | 'down', wanted: Wanted): Delta['judgement'] {
  if (wanted === 'either') return 'neutral';
  return direction === wanted ? 'good' : 'bad';
}

/** Null where there is nothing to compare with. */
export function delta(
  kind: Kind,
  value: Value,
  previous: Value | undefined,
  wanted: Wanted = 'up',
): Delta | null {
  if (previous === undefined || previous === null) return null;
  const now = plain(value);
  const before = plain(previous);
  if (now === null || before === null) return null;
  const was = `was ${figureText(kind, previous)}`;
  if (now === before) return { direction: 'flat', judgement: 'neutral', size: 'no change', was };
  const direction = now > before ? 'up' : 'down';
  const judgement = judge(direction, wanted);
  if (kind === 'rate')
    return { direction, judgement, size: `${decimals(Math.abs(now - before) * 100, 2)} pp`, was };
  if (before === 0) return { direction, judgement, size: 'new', was };
  if (kind === 'count' && before < SMALL_BASE) return { direction, judgement, size: '', was };
  if (Math.abs((now - before) / before) < UNMOVED)
    return { direction: 'flat', judgement: 'neutral', size: 'no change', was };
  return { direction, judgement, size: sizeOf(now, before), was };
}
