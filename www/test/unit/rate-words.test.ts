//! What is said of exchange rates.
import { describe, expect, it } from 'vitest';
import type { OrderEntry } from '../../src/api/types';
import { doubtOf, lacksRate, rateName } from '../../src/views/rate-words';

const money = (currency: string) => ({ minor: 100, currency, decimal: '1.00' });
const entry = (more: Partial<OrderEntry>): OrderEntry => ({
  at: '2026-10-30T12:00:00Z',
  kind: 'payment',
  id: 'pi_1',
  status: 'paid',
  amount: money('RON'),
  counts: true,
  reporting: money('USD'),
  rate: '1.1172/5.3447',
  rate_date: '2026-10-30',
  rate_source: 'ecb',
  ...more,
});

describe('a rate', () => {
  it('is named by whose it is, the bank with the day', () => {
    expect(rateName(entry({}), 2026)).toBe('Rate, ECB Oct 30');
    expect(rateName(entry({ rate_source: 'lemonsqueezy' }), 2026)).toBe('Rate, Lemon Squeezy');
    expect(rateName(entry({ rate: null, rate_date: null, rate_source: null }), 2026)).toBe('Rate');
  });

  it('is missing where a movement that counts has no converted amount', () => {
    expect(lacksRate(entry({ reporting: null }))).toBe(true);
    expect(lacksRate(entry({ reporting: null, counts: false }))).toBe(false);
    expect(lacksRate(entry({}))).toBe(false);
  });

  it('is doubted when it is provisional, and more so when it is old', () => {
    expect(doubtOf({ provisional: false, stale: false })).toBeNull();
    expect(doubtOf({ provisional: true, stale: false })?.badge).toBe('provisional');
    expect(doubtOf({ provisional: true, stale: true })?.badge).toBe('old rate');
    expect(doubtOf({ stale: true })?.words).toContain('engagetrack import rates');
  });
});
