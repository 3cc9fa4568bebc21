//! Periods of the site's calendar: their ends, their neighbours and what they are held against.
import { describe, expect, it } from 'vitest';
import {
  addMonths,
  comparedRange,
  dayOf,
  earlierPeriod,
  laterPeriod,
  type PeriodChoice,
  rangeOf,
  todayIn,
} from '../../src/state/period';

const TODAY = '2026-11-23';
const span = (choice: PeriodChoice) => Object.values(rangeOf(choice, TODAY)).join(' ');

describe('periods', () => {
  it('end today and count it', () => {
    expect(span({ period: 'day' })).toBe('2026-11-23 2026-11-23');
    expect(span({ period: '7d' })).toBe('2026-11-17 2026-11-23');
    expect(span({ period: '30d' })).toBe('2026-10-25 2026-11-23');
    expect(span({ period: 'month' })).toBe('2026-11-01 2026-11-23');
    expect(span({ period: '12mo' })).toBe('2025-12-01 2026-11-23');
  });

  it('span a former month whole', () => {
    expect(span({ period: 'month', date: '2026-02-10' })).toBe('2026-02-01 2026-02-28');
  });

  it('move by their own length', () => {
    expect(earlierPeriod({ period: '30d' }, TODAY)).toEqual({ period: '30d', date: '2026-10-24' });
    expect(earlierPeriod({ period: 'month' }, TODAY)).toEqual({ period: 'month', date: '2026-10-01' });
    expect(earlierPeriod({ period: 'custom', from: '2026-11-01', to: '2026-11-10' }, TODAY)).toEqual({
      period: 'custom',
      from: '2026-10-22',
      to: '2026-10-31',
    });
  });

  it('do not move past today, and become the running one when they reach it', () => {
    expect(laterPeriod({ period: '7d' }, TODAY)).toBeNull();
    expect(laterPeriod({ period: '7d', date: '2026-11-16' }, TODAY)).toEqual({ period: '7d' });
    expect(laterPeriod({ period: '7d', date: '2026-11-01' }, TODAY)).toEqual({
      period: '7d',
      date: '2026-11-08',
    });
    expect(laterPeriod({ period: 'month', date: '2026-10-01' }, TODAY)).toEqual({ period: 'month' });
  });

  it('are held against the next whole weeks back that do not overlap', () => {
    const month = rangeOf({ period: '30d' }, TODAY);
    expect(comparedRange(month, 'weekdays')).toEqual({ from: '2026-09-20', to: '2026-10-19' });
    expect(comparedRange(month, 'previous')).toEqual({ from: '2026-09-25', to: '2026-10-24' });
    expect(comparedRange({ from: TODAY, to: TODAY }, 'weekdays')).toEqual({
      from: '2026-11-16',
      to: '2026-11-16',
    });
    expect(comparedRange(month, 'none')).toBeNull();
  });

  it('clip a day that another month lacks', () => {
    expect(addMonths('2026-03-31', -1)).toBe('2026-02-28');
    expect(comparedRange({ from: '2024-02-29', to: '2024-02-29' }, 'year')).toEqual({
      from: '2023-02-28',
      to: '2023-02-28',
    });
  });

  it('begin their day where the site is, not where the reader is', () => {
    const late = new Date('2026-11-23T23:30:00Z');
    expect(todayIn('Europe/Bucharest', late)).toBe('2026-11-24');
    expect(todayIn('America/New_York', late)).toBe('2026-11-23');
    expect(dayOf('2026-11-23T22:00:00Z', 'Europe/Bucharest', true)).toBe('2026-11-23');
    expect(dayOf('2026-11-23', 'Europe/Bucharest', false)).toBe('2026-11-23');
  });
});
