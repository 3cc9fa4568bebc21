//! Models side by side: nothing is lost between the columns, and every column proves its sum.
import { describe, expect, it } from 'vitest';
import type { Money, RevenueReport } from '../../src/api/types';
import { decimalOf } from '../../src/format/money';
import { parseSort, rowsOf, sortRows } from '../../src/views/breakdown-rows';
import { largestMover, matrixRows, sumsAgree } from '../../src/views/matrix-data';

const usd = (minor: number): Money => ({ minor, currency: 'USD', decimal: decimalOf(minor, 2) });

function report(amounts: Record<string, number>, unattributed = 0): RevenueReport {
  const metrics = (minor: number) => ({ revenue: usd(minor), visitors: minor / 10, orders: 1 });
  const sum = Object.values(amounts).reduce((total, minor) => total + minor, unattributed);
  return {
    rows: Object.entries(amounts).map(([channel, minor]) => ({ key: { channel }, metrics: metrics(minor) })),
    totals: metrics(sum),
    unattributed: metrics(unattributed),
    next_cursor: null,
  } as unknown as RevenueReport;
}

const last = report({ Email: 700, Direct: 200 }, 100);
const first = report({ Email: 300, Social: 600 }, 100);
const COLUMNS = [
  { model: 'last_touch', report: last },
  { model: 'first_touch', report: first },
];

describe('the matrix', () => {
  it('has a row for each value of any model, in the order of the chosen one', () => {
    const rows = matrixRows(COLUMNS, 'channel', 'last_touch');
    expect(rows.map(({ value }) => value)).toEqual(['Email', 'Direct', 'Social']);
    expect(rows[2]?.amounts.last_touch).toEqual(usd(0));
    expect(matrixRows(COLUMNS, 'channel', 'first_touch').map(({ value }) => value)).toEqual([
      'Social',
      'Email',
      'Direct',
    ]);
  });

  it('claims equal sums only where rows and unattributed add up to one total everywhere', () => {
    expect(sumsAgree(COLUMNS)).toBe(true);
    expect(sumsAgree([...COLUMNS, { model: 'linear', report: report({ Email: 901 }, 100) }])).toBe(false);
    const short = { ...last, rows: last.rows.slice(1) };
    expect(sumsAgree([{ model: 'last_touch', report: short }])).toBe(false);
    const paged = { ...report({ Email: 1 }), next_cursor: 'more' };
    expect(sumsAgree([...COLUMNS, { model: 'linear', report: paged }])).toBe(false);
  });

  it('names the row that the choice of model moves most', () => {
    expect(largestMover(matrixRows(COLUMNS, 'channel', 'last_touch'), 'last_touch')).toEqual({
      value: 'Direct',
      model: 'first_touch',
      change: -1,
    });
    const columns = [
      { model: 'last_touch', report: report({ Email: 700, Direct: 200 }) },
      { model: 'first_touch', report: report({ Social: 600, Direct: 300 }) },
    ];
    expect(largestMover(matrixRows(columns, 'channel', 'last_touch'), 'last_touch')?.value).toBe('Email');
    expect(
      largestMover(
        matrixRows([{ model: 'last_touch', report: last }], 'channel', 'last_touch'),
        'last_touch',
      ),
    ).toBeNull();
  });
});

describe('a breakdown', () => {
  it('is sorted by revenue until something else is asked', () => {
    expect(parseSort(undefined)).toEqual({ by: 'revenue', descending: true });
    expect(parseSort('orders')).toEqual({ by: 'orders', descending: false });
    expect(parseSort('nonsense')).toEqual({ by: 'revenue', descending: true });
    expect(parseSort('-nonsense')).toEqual({ by: 'revenue', descending: true });
  });

  it('sorts by any column both ways, ties by name', () => {
    const rows = rowsOf(report({ B: 5, A: 5, C: 9 }), 'channel');
    expect(sortRows(rows, 'revenue', true).map(({ value }) => value)).toEqual(['C', 'A', 'B']);
    expect(sortRows(rows, 'key', true).map(({ value }) => value)).toEqual(['C', 'B', 'A']);
    expect(sortRows(rows, 'revenue', false).map(({ value }) => value)).toEqual(['A', 'B', 'C']);
  });
});
