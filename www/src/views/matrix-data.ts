//! Several reports of one dimension, each under another model, joined into one row per value.
import type { Money, RevenueReport } from '../api/types';
import { withMinor } from '../format/money';

export interface MatrixColumn {
  model: string;
  report: RevenueReport;
}

export interface MatrixRow {
  value: string;
  /** Model → amount; a value that a model gives nothing is 0. */
  amounts: Record<string, Money>;
}

/** Rows in the order of the chosen model, then by the most that any model gives them. */
export function matrixRows(columns: MatrixColumn[], dimension: string, chosen: string): MatrixRow[] {
  const rows = new Map<string, MatrixRow>();
  for (const { model, report } of columns) {
    for (const row of report.rows) {
      const value = row.key[dimension] ?? '(not set)';
      const known = rows.get(value) ?? { value, amounts: {} };
      known.amounts[model] = row.metrics.revenue;
      rows.set(value, known);
    }
  }
  for (const row of rows.values()) {
    for (const { model, report } of columns) row.amounts[model] ??= withMinor(report.totals.revenue, 0);
  }
  const most = (row: MatrixRow) => Math.max(...Object.values(row.amounts).map((amount) => amount.minor));
  const own = (row: MatrixRow) => row.amounts[chosen]?.minor ?? 0;
  return [...rows.values()]
    .filter((row) => Object.values(row.amounts).some((amount) => amount.minor !== 0))
    .sort((a, b) => own(b) - own(a) || most(b) - most(a) || a.value.localeCompare(b.value));
}

/** Whether rows and Unattributed sum to the same revenue under every model, to the last minor unit. */
export function sumsAgree(columns: MatrixColumn[]): boolean {
  const [first] = columns;
  if (!first) return false;
  const total = first.report.totals.revenue.minor;
  return columns.every(({ report }) => {
    const rows = report.rows.reduce((sum, row) => sum + row.metrics.revenue.minor, 0);
    const whole = report.next_cursor !== null || rows + report.unattributed.revenue.minor === total;
    return whole && report.totals.revenue.minor === total;
  });
}

export interface Mover {
  value: string;
  model: string;
  /** Against the chosen model: −0.73 is 73 % less. */
  change: number;
}

/** A change under a tenth is not worth a sentence, and a row under 3 % of the money neither. */
const MIN_CHANGE = 0.1;
const MIN_SHARE = 0.03;

/** The row that the choice of model matters most to. */
export function largestMover(rows: MatrixRow[], chosen: string): Mover | null {
  const total = rows.reduce((sum, row) => sum + (row.amounts[chosen]?.minor ?? 0), 0);
  let found: Mover | null = null;
  for (const row of rows) {
    const base = row.amounts[chosen]?.minor ?? 0;
    if (base <= 0 || base / total < MIN_SHARE) continue;
    for (const [model, amount] of Object.entries(row.amounts)) {
      const change = (amount.minor - base) / base;
      if (Math.abs(change) >= MIN_CHANGE && Math.abs(change) > Math.abs(found?.change ?? 0)) {
        found = { value: row.value, model, change };
      }
    }
  }
  return found;
}
