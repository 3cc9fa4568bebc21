//! The answer in words is true, or it is not said.
import { describe, expect, it } from 'vitest';
import type { Money } from '../../src/api/types';
import { decimalOf } from '../../src/format/money';
import { answerOf, type Part } from '../../src/format/sentence';

const usd = (minor: number): Money => ({ minor, currency: 'USD', decimal: decimalOf(minor, 2) });
const part = (name: string, visitors: number, minor: number): Part => ({
  name,
  visitors,
  revenue: usd(minor),
});

const PARTS = [
  part('Direct', 300, 3000),
  part('Email', 60, 5000),
  part('Social', 500, 200),
  part('Tiny', 4, 450),
];

describe('the answer', () => {
  it('names the row with the most money, with its share of money and of people', () => {
    const answer = answerOf(PARTS, usd(10_000), 1000, 20);
    expect(answer?.best).toMatchObject({ name: 'Email', moneyShare: 0.5, peopleShare: 0.06 });
  });

  it('names the row where people and money are furthest apart', () => {
    expect(answerOf(PARTS, usd(10_000), 1000, 20)?.gap).toMatchObject({
      name: 'Social',
      peopleShare: 0.5,
      moneyShare: 0.02,
    });
  });

  it('does not remark on a row with less than a twentieth of both', () => {
    const thin = [part('Email', 900, 9700), part('Tiny', 4, 490)];
    expect(answerOf(thin, usd(10_000), 1000, 20)?.gap).toBeNull();
  });

  it('is left out under ten orders', () => {
    expect(answerOf(PARTS, usd(10_000), 1000, 9)).toBeNull();
    expect(answerOf(PARTS, usd(10_000), 1000, 10)).not.toBeNull();
  });

  it('is left out where currencies are mixed or nothing was earned', () => {
    expect(answerOf(PARTS, { ...usd(10_000), currency: null }, 1000, 20)).toBeNull();
    expect(answerOf(PARTS, usd(0), 1000, 20)).toBeNull();
    expect(answerOf([part('Email', 1, 0)], usd(10_000), 1000, 20)).toBeNull();
  });
});
