//! Periods as a site's reports ask for them: its present day, and choices that leave nothing behind.
import type { Site } from '../api/types';
import { now } from './clock';
import { addDays, type PeriodChoice, todayIn } from './period';

export const siteToday = (site: Site) => todayIn(site.time_zone, now.value);

const plainChoice: PeriodChoice & { from: undefined } = {
  period: 'day',
  from: undefined,
  to: undefined,
  date: undefined,
};

/** Period members that are absent must be taken away, not left from before. */
export const fullChoice = (choice: PeriodChoice) => ({ ...plainChoice, ...choice });

export const lastFourWeeks = (today: string): PeriodChoice => ({
  period: 'custom',
  from: addDays(today, -27),
  to: today,
});
