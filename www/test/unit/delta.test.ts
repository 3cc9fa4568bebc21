//! Deltas tell how a figure moved, without exaggeration.
import { describe, expect, it } from 'vitest';
import type { Money } from '../../src/api/types';
import { delta, type Kind, type Wanted } from '../../src/format/delta';
import { decimalOf } from '../../src/format/money';

const usd = (minor: number): Money => ({ minor, currency: 'USD', decimal: decimalOf(minor, 2) });

function check(
  kind: Kind,
  now: number | Money,
  before: number | Money | null,
  size: string,
  judged = 'good',
  wanted: Wanted = 'up',
) {
  const found = delta(kind, now, before, wanted);
  expect([found?.size, found?.judgement]).toEqual([size, judged]);
}

describe('deltas', () => {
  it('say what the figure was', () => {
    expect(delta('money', usd(4_880_190), usd(4_351_730))).toEqual({
      direction: 'up',
      judgement: 'good',
      size: '12.1%',
      was: 'was $43,517',
    });
  });

  it('have one decimal under a hundred percent, none above, a factor from tenfold', () => {
    check('count', 541, 588, '8.0%', 'bad');
    check('count', 250, 100, '150%');
    check('count', 1000, 100, '10×');
    check('count', 999, 100, '899%');
  });

  it('call it new after nothing, and claim no percentage', () => {
    check('count', 12, 0, 'new');
    check('money', usd(100), usd(0), 'new');
  });

  it('tell only the two numbers where the base is small', () => {
    check('count', 30, 19, '');
    check('count', 30, 20, '50.0%');
  });

  it('call less than a twentieth of a percent no change', () => {
    check('count', 100_049, 100_000, 'no change', 'neutral');
    check('count', 100_051, 100_000, '0.1%');
    check('money', usd(5), usd(5), 'no change', 'neutral');
  });

  it('count rates in points, never in percent of percent', () => {
    check('rate', 0.0115, 0.0103, '0.12 pp');
  });

  it('judge by what is wanted, not by the direction', () => {
    check('money', usd(1200), usd(1000), '20.0%', 'bad', 'down');
    check('money', usd(800), usd(1000), '20.0%', 'good', 'down');
    check('count', 120, 100, '20.0%', 'neutral', 'either');
  });

  it('are absent where there is nothing to compare with', () => {
    expect(delta('count', 5, null)).toBeNull();
    expect(delta('count', 5, undefined)).toBeNull();
    expect(delta('money', null, usd(1))).toBeNull();
  });
});
