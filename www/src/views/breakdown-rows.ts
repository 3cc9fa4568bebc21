//! Rows of a breakdown as its tables show them: sorted, scaled against the largest, with their former values.
import type { Money, RevenueMetrics, RevenueReport } from '../api/types';

export interface BreakdownRow {
  value: string;
  metrics: RevenueMetrics;
  previous: RevenueMetrics | null;
}

export const SORTS = [
  'key',
  'visitors',
  'orders',
  'conversion_rate',
  'revenue',
  'revenue_per_visitor',
] as const;
export type Sort = (typeof SORTS)[number];

export function rowsOf(report: RevenueReport, dimension: string): BreakdownRow[] {
  return report.rows.map((row) => ({
    value: row.key[dimension] ?? '(not set)',
    metrics: row.metrics,
    previous: row.previous ?? null,
  }));
}

export function parseSort(text: string | undefined): { by: Sort; descending: boolean } {
  const descending = !text || text.startsWith('-');
  const by = SORTS.find((each) => each === text?.replace('-', ''));
  return { by: by ?? 'revenue', descending: by ? descending : true };
}

const amount = (value: Money | number | null): number =>
  value === null ? Number.NEGATIVE_INFINITY : typeof value === 'number' ? value : value.minor;

export function sortRows(rows: BreakdownRow[], by: Sort, descending: boolean): BreakdownRow[] {
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const order =
      by === 'key' ? a.value.localeCompare(b.value) : amount(a.metrics[by]) - amount(b.metrics[by]);
    return sign * order || a.value.localeCompare(b.value);
  });
}

/** Largest values among all rows, Unattributed included: the bars of a table share one scale. */
export function scaleOf(
  rows: BreakdownRow[],
  unattributed: RevenueMetrics,
): { people: number; money: number } {
  return {
    people: Math.max(1, ...rows.map((row) => row.metrics.visitors)),
    money: Math.max(1, unattributed.revenue.minor, ...rows.map((row) => row.metrics.revenue.minor)),
  };
}
