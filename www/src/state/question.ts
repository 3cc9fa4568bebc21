//! What a report is asked, kept in the address: period, comparison, model, filters, order.
import type { Query } from '../api/client';
import type { OrderLevel } from '../api/types';
import { DEFAULT_MODEL, isModel } from './models';
import { COMPARES, type Compare, isDay, PERIODS, type Period, type PeriodChoice } from './period';

export const OPERATORS = ['is', 'is_not', 'contains'] as const;
export type Operator = (typeof OPERATORS)[number];

export interface Filter {
  dimension: string;
  op: Operator;
  values: string[];
}

export interface Question extends PeriodChoice {
  compare: Compare;
  model: string;
  filters: Filter[];
  mode: 'live' | 'test';
  dimension?: string | undefined;
  /** A metric, with a minus in front for descending. */
  sort?: string | undefined;
  level?: OrderLevel | undefined;
}

export const DEFAULT_PERIOD: Period = '30d';
export const DEFAULT_COMPARE: Compare = 'weekdays';

/** A link that somebody else made is read as far as it makes sense, and never trusted further. */
const MAX_FILTERS = 20;
const MAX_VALUES = 100;
const MAX_VALUE_LENGTH = 500;

export const defaultQuestion = (): Question => ({
  period: DEFAULT_PERIOD,
  compare: DEFAULT_COMPARE,
  model: DEFAULT_MODEL,
  filters: [],
  mode: 'live',
});

function oneOf<T extends string>(allowed: readonly T[], text: string | null): T | undefined {
  return allowed.find((each) => each === text);
}

function parseFilter(value: unknown): Filter | null {
  if (typeof value !== 'object' || value === null) return null;
  const { dimension, op, values } = value as Record<string, unknown>;
  const operator = oneOf(OPERATORS, typeof op === 'string' ? op : null);
  if (typeof dimension !== 'string' || !/^[a-z_]{1,40}$/.test(dimension) || !operator) return null;
  if (!Array.isArray(values)) return null;
  const texts = values.filter((each): each is string => typeof each === 'string').slice(0, MAX_VALUES);
  if (texts.length === 0) return null;
  return { dimension, op: operator, values: texts.map((text) => text.slice(0, MAX_VALUE_LENGTH)) };
}

export function parseFilters(text: string | null): Filter[] {
  if (!text) return [];
  try {
    const parsed: unknown = JSON.parse(text);
    if (!Array.isArray(parsed)) return [];
    return parsed
      .slice(0, MAX_FILTERS)
      .map(parseFilter)
      .filter((each): each is Filter => each !== null);
  } catch {
    return [];
  }
}

const LEVELS = ['session', 'visitor', 'customer', 'url', 'unattributed'] as const;

export function parseQuestion(search: URLSearchParams): Question {
  const from = search.get('from');
  const to = search.get('to');
  const date = search.get('date');
  const pair = isDay(from) && isDay(to) && from <= to;
  const named = oneOf(PERIODS, search.get('period'));
  const period = pair ? 'custom' : named === 'custom' || !named ? DEFAULT_PERIOD : named;
  const model = search.get('model');
  const dimension = search.get('dimension');
  const sort = search.get('sort');
  return {
    period,
    ...(pair ? { from, to } : isDay(date) ? { date } : {}),
    compare: oneOf(COMPARES, search.get('compare')) ?? DEFAULT_COMPARE,
    model: isModel(model) ? model : DEFAULT_MODEL,
    filters: parseFilters(search.get('filters')),
    mode: search.get('mode') === 'test' ? 'test' : 'live',
    dimension: dimension && /^[a-z_]{1,40}$/.test(dimension) ? dimension : undefined,
    sort: sort && /^-?[a-z_]{1,40}$/.test(sort) ? sort : undefined,
    level: oneOf(LEVELS, search.get('level')),
  };
}

/** The query of an address; what is usual is left out. */
export function questionSearch(question: Question): string {
  const search = new URLSearchParams();
  if (question.period === 'custom') {
    if (question.from) search.set('from', question.from);
    if (question.to) search.set('to', question.to);
  } else {
    if (question.period !== DEFAULT_PERIOD) search.set('period', question.period);
    if (question.date) search.set('date', question.date);
  }
  if (question.compare !== DEFAULT_COMPARE) search.set('compare', question.compare);
  if (question.model !== DEFAULT_MODEL) search.set('model', question.model);
  if (question.dimension) search.set('dimension', question.dimension);
  if (question.filters.length) search.set('filters', JSON.stringify(question.filters));
  if (question.sort) search.set('sort', question.sort);
  if (question.level) search.set('level', question.level);
  if (question.mode === 'test') search.set('mode', 'test');
  const text = search.toString();
  return text ? `?${text}` : '';
}

/** What follows a reader from view to view; order, level and dimension belong to one view. */
export function carried(question: Question): Question {
  return { ...question, dimension: undefined, sort: undefined, level: undefined };
}

/** The period, filters and mode in the words of the API; model and dimension are the caller's to add. */
export function apiQuery(question: Question): Query {
  const dates =
    question.period === 'custom' ? { from: question.from, to: question.to } : { date: question.date };
  return {
    period: question.period,
    ...dates,
    compare: question.compare,
    ...(question.filters.length ? { filters: JSON.stringify(question.filters) } : {}),
    ...(question.mode === 'test' ? { mode: 'test' } : {}),
  };
}

const sameFilter = (a: Filter, b: Filter) =>
  a.dimension === b.dimension && a.op === b.op && a.values.join('\n') === b.values.join('\n');

/** A second click on the same filter takes it off; another value of its dimension takes its place. */
export function toggleFilter(filters: Filter[], filter: Filter): Filter[] {
  if (filters.some((each) => sameFilter(each, filter))) {
    return filters.filter((each) => !sameFilter(each, filter));
  }
  return [...filters.filter((each) => each.dimension !== filter.dimension || each.op !== filter.op), filter];
}

export const isFiltered = (filters: Filter[], dimension: string, value: string) =>
  filters.some((each) => each.dimension === dimension && each.op === 'is' && each.values.includes(value));
