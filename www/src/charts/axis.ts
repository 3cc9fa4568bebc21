//! Scales and ticks: y from 0, three to five round steps; x at the days where weeks or months begin.
import { scaleLinear } from 'd3-scale';
import { clockText, dayText, monthShort } from '../format/date';

export interface VerticalAxis {
  y: (value: number) => number;
  ticks: number[];
}

/** `step` is the smallest honest step: one whole thing, or one whole unit of a currency. */
export function verticalAxis(top: number, bottom: number, highest: number, step = 1): VerticalAxis {
  const scale = scaleLinear()
    .domain([0, Math.max(highest, step * 2)])
    .range([bottom, top])
    .nice(3);
  const ticks = scale.ticks(3).filter((tick) => tick % step === 0);
  return { y: (value) => scale(value), ticks };
}

export interface Tick {
  place: number;
  text: string;
}

const isMonday = (day: string) => new Date(`${day.slice(0, 10)}T12:00:00Z`).getUTCDay() === 1;

type Interval = 'hour' | 'day' | 'week' | 'month';

function label(interval: Interval, at: string, thisYear: number): string {
  if (interval === 'hour') return clockText(at);
  if (interval === 'month') return monthShort(at);
  return dayText(at, thisYear);
}

/** Where a label would be welcome, before asking whether there is room for it. */
function welcome(interval: Interval, at: string, place: number, total: number): boolean {
  if (interval === 'hour') return place % 3 === 0;
  if (interval === 'day') return total <= 10 || isMonday(at);
  return true;
}

/** Labels that do not touch one another; the running interval is called what it is. */
export function timeTicks(
  interval: Interval,
  moments: string[],
  options: { width: number; running: boolean; thisYear: number },
): Tick[] {
  const total = moments.length;
  if (total === 0) return [];
  const last = total - 1;
  const room = Math.max(1, Math.floor(options.width / 64));
  const candidates = moments
    .map((at, place) => ({ at, place }))
    .filter(({ at, place }) => welcome(interval, at, place, total));
  const every = Math.ceil(candidates.length / room) || 1;
  const closest = (total * 56) / options.width;
  const ticks = candidates
    .filter((_, place) => place % every === 0)
    .filter(({ place }) => !options.running || last - place >= closest)
    .map(({ at, place }) => ({ place, text: label(interval, at, options.thisYear) }));
  if (!options.running) return ticks;
  const words = { hour: 'Now', day: 'Today', week: 'This week', month: 'This month' } as const;
  return [...ticks, { place: last, text: words[interval] }];
}
