//! Money keeps every minor unit from the wire to the screen.
import { describe, expect, it } from 'vitest';
import type { Money } from '../../src/api/types';
import {
  axisMoney,
  bareMoney,
  decimalOf,
  exactMoney,
  inOwnCurrency,
  roundMoney,
  withMinor,
} from '../../src/format/money';

const usd = (minor: number): Money => ({ minor, currency: 'USD', decimal: decimalOf(minor, 2) });
const plain = (text: string) => text.replaceAll('\u00a0', ' ');

describe('money', () => {
  it('shows each currency with its own exponent', () => {
    expect(exactMoney(usd(14_999))).toBe('$149.99');
    expect(exactMoney({ minor: 14_800, currency: 'JPY', decimal: '14800' })).toBe('¥14,800');
    expect(plain(exactMoney({ minor: 1250, currency: 'KWD', decimal: '1.250' }))).toBe('KWD 1.250');
  });

  it('follows the exponent on the wire where the reader’s own list says otherwise', () => {
    expect(plain(exactMoney({ minor: 12_345, currency: 'MGA', decimal: '123.45' }))).toBe('MGA 123.45');
  });

  it('writes a negative amount with a real minus', () => {
    expect(exactMoney(usd(-1900))).toBe('−$19.00');
  });

  it('does not pass an amount through a float', () => {
    expect(
      exactMoney({ minor: Number.MAX_SAFE_INTEGER, currency: 'USD', decimal: '90071992547409.91' }),
    ).toBe('$90,071,992,547,409.91');
    expect(decimalOf(1005, 3)).toBe('1.005');
    expect(decimalOf(-5, 2)).toBe('-0.05');
    expect(decimalOf(7, 0)).toBe('7');
  });

  it('rounds figure tiles to whole units from a thousand up only', () => {
    expect(roundMoney(usd(4_880_190))).toBe('$48,802');
    expect(roundMoney(usd(99_999))).toBe('$999.99');
    expect(roundMoney(usd(-100_050))).toBe('−$1,001');
  });

  it('names axis steps shortly', () => {
    expect(axisMoney(100_000, usd(0))).toBe('$1k');
    expect(axisMoney(250_000, usd(0))).toBe('$2.5k');
    expect(axisMoney(0, usd(0))).toBe('$0');
    expect(axisMoney(5_000, usd(0))).toBe('$50');
  });

  it('leaves the symbol out where the head of a column names the currency', () => {
    expect(bareMoney(usd(1_421_245))).toBe('14,212.45');
  });

  it('gives an amount of a mixed report back at the exponent of its own currency', () => {
    const yen = { minor: 14_800_000, currency: null, decimal: '14800.000' };
    expect(inOwnCurrency(yen, 'JPY')).toEqual({ minor: 14_800, currency: 'JPY', decimal: '14800' });
    const euro = { minor: 12_500, currency: null, decimal: '12.500' };
    expect(inOwnCurrency(euro, 'EUR')).toEqual({ minor: 1250, currency: 'EUR', decimal: '12.50' });
  });

  it('keeps currency and exponent in a difference', () => {
    expect(withMinor(usd(500), -25)).toEqual({ minor: -25, currency: 'USD', decimal: '-0.25' });
  });
});
