//! The address is the whole state: what it says is read back, and nonsense in it does no harm.
import { describe, expect, it } from 'vitest';
import {
  apiQuery,
  carried,
  defaultQuestion,
  parseQuestion,
  type Question,
  questionSearch,
  toggleFilter,
} from '../../src/state/question';

const parse = (search: string) => parseQuestion(new URLSearchParams(search));

const FULL: Question = {
  period: '7d',
  date: '2026-11-10',
  compare: 'year',
  model: 'first_touch',
  filters: [{ dimension: 'campaign', op: 'is_not', values: ['a & b', 'größe'] }],
  mode: 'test',
  dimension: 'source',
  sort: '-orders',
  level: 'url',
};

describe('the address', () => {
  it('is empty for the usual question', () => {
    expect(questionSearch(defaultQuestion())).toBe('');
    expect(parse('')).toMatchObject(defaultQuestion());
  });

  it('says everything that was asked, and reading it gives the same question', () => {
    expect(parse(questionSearch(FULL))).toEqual(FULL);
    const custom: Question = { ...defaultQuestion(), period: 'custom', from: '2026-10-01', to: '2026-10-09' };
    expect(questionSearch(custom)).toBe('?from=2026-10-01&to=2026-10-09');
    expect(parse(questionSearch(custom))).toMatchObject(custom);
  });

  it('falls back to the usual where it makes no sense', () => {
    expect(
      parse('period=century&compare=moon&model=magic&level=9&sort=%3Cscript%3E&dimension=A-B'),
    ).toMatchObject(defaultQuestion());
    expect(parse('from=2026-10-09&to=2026-10-01').period).toBe('30d');
    expect(parse('from=2026-02-30&to=2026-03-01').period).toBe('30d');
    expect(parse('date=yesterday').date).toBeUndefined();
  });

  it('reads filters as far as they are filters', () => {
    const good = { dimension: 'country', op: 'is', values: ['DE'] };
    const odd = [
      good,
      null,
      7,
      { dimension: 'x', op: 'like', values: ['a'] },
      { dimension: 'x', op: 'is', values: [] },
    ];
    expect(parse(`filters=${encodeURIComponent(JSON.stringify(odd))}`).filters).toEqual([good]);
    expect(parse('filters=[').filters).toEqual([]);
    const many = Array.from({ length: 50 }, () => good);
    expect(parse(`filters=${encodeURIComponent(JSON.stringify(many))}`).filters).toHaveLength(20);
  });

  it('carries period, comparison, model and filters to another view, and leaves the order behind', () => {
    expect(carried(FULL)).toMatchObject({
      period: '7d',
      compare: 'year',
      model: 'first_touch',
      mode: 'test',
    });
    expect(carried(FULL).sort).toBeUndefined();
    expect(carried(FULL).level).toBeUndefined();
    expect(carried(FULL).dimension).toBeUndefined();
  });

  it('asks the server in its own words', () => {
    expect(apiQuery(FULL)).toEqual({
      period: '7d',
      date: '2026-11-10',
      compare: 'year',
      filters: JSON.stringify(FULL.filters),
      mode: 'test',
    });
    expect(apiQuery(defaultQuestion())).toEqual({ period: '30d', date: undefined, compare: 'weekdays' });
  });
});

describe('a click on a row', () => {
  const email = { dimension: 'channel', op: 'is' as const, values: ['Email'] };
  const direct = { dimension: 'channel', op: 'is' as const, values: ['Direct'] };
  const country = { dimension: 'country', op: 'is' as const, values: ['DE'] };

  it('filters, and a second one takes the filter off', () => {
    expect(toggleFilter([], email)).toEqual([email]);
    expect(toggleFilter([country, email], email)).toEqual([country]);
  });

  it('takes the place of another value of the same dimension', () => {
    expect(toggleFilter([email, country], direct)).toEqual([country, direct]);
  });
});
