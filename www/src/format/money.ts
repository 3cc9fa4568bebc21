//! Money in the reader's locale, exact: from minor units and the exponent on the wire, never through a float.
import type { Money } from '../api/types';
import { MINUS, readerLocale } from './locale';

type Exact = `${number}`;

/** The digits after the point that this amount is kept with; the wire's decimal is the authority. */
export function exponentOf(money: Money): number {
  const point = money.decimal.indexOf('.');
  return point < 0 ? 0 : money.decimal.length - point - 1;
}

/** Minor units as an exact decimal: (-1250, 3) → "-1.250". */
export function decimalOf(minor: number, exponent: number): string {
  const digits = String(Math.abs(minor)).padStart(exponent + 1, '0');
  const sign = minor < 0 ? '-' : '';
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

/** A sum or difference that keeps the currency and exponent of the money it was made from. */
export function withMinor(like: Money, minor: number): Money {
  return { minor, currency: like.currency, decimal: decimalOf(minor, exponentOf(like)) };
}

const formatters = new Map<string, Intl.NumberFormat>();

function formatter(currency: string | null, digits: number, compact = false): Intl.NumberFormat {
  const name = `${currency}/${digits}/${compact}`;
  const known = formatters.get(name);
  if (known) return known;
  const made = new Intl.NumberFormat(readerLocale(), {
    ...(currency ? { style: 'currency' as const, currency } : {}),
    ...(compact ? { notation: 'compact' as const } : {}),
    minimumFractionDigits: compact ? 0 : digits,
    maximumFractionDigits: digits,
  });
  formatters.set(name, made);
  return made;
}

function signed(parts: Intl.NumberFormatPart[]): string {
  return parts.map((part) => (part.type === 'minusSign' ? MINUS : part.value)).join('');
}

/** Intl takes an exact decimal text as it is, though its type for parts does not say so yet. */
function partsOf(format: Intl.NumberFormat, decimal: string): Intl.NumberFormatPart[] {
  return format.formatToParts(decimal as Exact as unknown as number);
}

/** The exact amount: "$149.99", "¥14,800", "−$19.00". */
export function exactMoney(money: Money): string {
  return signed(partsOf(formatter(money.currency, exponentOf(money)), money.decimal));
}

/** The exact amount without its symbol, for columns whose head names the currency. */
export function bareMoney(money: Money): string {
  return signed(partsOf(formatter(null, exponentOf(money)), money.decimal));
}

/** For figure tiles and small cards: whole units from 1,000 up, else exact. */
export function roundMoney(money: Money): string {
  const whole = money.decimal.replace('-', '').split('.')[0] ?? '';
  if (whole.length < 4) return exactMoney(money);
  return signed(partsOf(formatter(money.currency, 0), money.decimal));
}

/** For axes: "$1k", "$2.5k", "$0". */
export function axisMoney(minor: number, like: Money): string {
  const decimal = decimalOf(Math.round(minor), exponentOf(like));
  const small = Math.abs(minor) < 1000 * 10 ** exponentOf(like);
  const format = small
    ? formatter(like.currency, minor === 0 ? 0 : 2, true)
    : formatter(like.currency, 1, true);
  const parts = partsOf(format, decimal);
  return signed(parts.map((part) => (part.value === 'K' ? { ...part, value: 'k' } : part)));
}

/** The sign that stands for a currency in this locale: "$", "€", "CHF". */
export function currencySymbol(currency: string): string {
  const part = formatter(currency, 0)
    .formatToParts(0)
    .find((each) => each.type === 'currency');
  return part?.value ?? currency;
}

/**
 * In a report of mixed currencies every amount comes at the report's largest exponent.
 * A row that is of one currency alone is given back at that currency's own.
 */
export function inOwnCurrency(money: Money, currency: string): Money {
  const own = ownExponent(currency);
  let decimal = money.decimal;
  while (exponentOf({ ...money, decimal }) > own && decimal.endsWith('0')) decimal = decimal.slice(0, -1);
  if (decimal.endsWith('.')) decimal = decimal.slice(0, -1);
  return { minor: Number(decimal.replace('.', '')), currency, decimal };
}

function ownExponent(currency: string): number {
  const options = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions();
  return options.maximumFractionDigits ?? 2;
}

export const isZero = (money: Money): boolean => money.minor === 0;
