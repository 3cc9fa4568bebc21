//! The answer in words: which row brought the most money, and where people and money part ways.
import type { Money } from '../api/types';

export interface Part {
  name: string;
  revenue: Money;
  visitors: number;
}

export interface Answer {
  best: { name: string; revenue: Money; moneyShare: number; peopleShare: number };
  gap: { name: string; moneyShare: number; peopleShare: number } | null;
}

/** Fewer orders than this are anecdotes. */
const MIN_ORDERS = 10;
/** A row is worth a remark from this share of people or of money on. */
const MIN_SHARE = 0.05;

/** Null where the report is too thin, or its currencies too mixed, for a sentence to be true. */
export function answerOf(parts: Part[], revenue: Money, visitors: number, orders: number): Answer | null {
  if (orders < MIN_ORDERS || revenue.currency === null || revenue.minor <= 0) return null;
  const shares = parts.map((part) => ({
    ...part,
    moneyShare: part.revenue.minor / revenue.minor,
    peopleShare: visitors > 0 ? part.visitors / visitors : 0,
  }));
  const [best] = [...shares].sort((a, b) => b.revenue.minor - a.revenue.minor);
  if (!best || best.revenue.minor <= 0) return null;
  const distance = (part: (typeof shares)[number]) => Math.abs(part.peopleShare - part.moneyShare);
  const [gap] = shares
    .filter((part) => part !== best && Math.max(part.moneyShare, part.peopleShare) >= MIN_SHARE)
    .sort((a, b) => distance(b) - distance(a));
  return {
    best: {
      name: best.name,
      revenue: best.revenue,
      moneyShare: best.moneyShare,
      peopleShare: best.peopleShare,
    },
    gap: gap ? { name: gap.name, moneyShare: gap.moneyShare, peopleShare: gap.peopleShare } : null,
  };
}
