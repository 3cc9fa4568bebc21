//! Exchange rates in words: whose they are, and what is to be known of a conversion.
import type { OrderEntry, RateDoubts } from '../api/types';
import { dayText } from '../format/date';
import { providerName } from '../format/names';

/** The bank's name in answers. */
const BANK = 'ecb';

/** "Rate, ECB Oct 30", "Rate, Lemon Squeezy". */
export function rateName(entry: OrderEntry, thisYear: number): string {
  if (!entry.rate_source || !entry.rate_date) return 'Rate';
  if (entry.rate_source !== BANK) return `Rate, ${providerName(entry.rate_source)}`;
  return `Rate, ECB ${dayText(entry.rate_date, thisYear)}`;
}

/** Whether a movement that counts could not be converted. */
export const lacksRate = (entry: OrderEntry) => entry.counts && entry.reporting === null;

interface Doubt {
  badge: string;
  words: string;
}

const PROVISIONAL: Doubt = {
  badge: 'provisional',
  words: 'Provisional: the rate of the day is not out yet, so the last one before it stands in.',
};
const STALE: Doubt = {
  badge: 'old rate',
  words:
    'A rate is more than 7 days older than its payment. Newer ones: engagetrack import rates eurofxref-hist.zip.',
};

/** What is to be known; an old rate says more than that a newer one may come. */
export function doubtOf(of: RateDoubts): Doubt | null {
  if (of.stale) return STALE;
  return of.provisional ? PROVISIONAL : null;
}
