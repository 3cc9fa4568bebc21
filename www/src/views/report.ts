//! The reports that views ask for: each one is named by what was asked, so that equal questions share an answer.
import { useEffect } from 'preact/hooks';
import type { Query } from '../api/client';
import { orders, overview, revenue, timeseries } from '../api/stats';
import type { OrdersReport, Overview, RevenueReport, Site, Timeseries } from '../api/types';
import { question } from '../state/location';
import { DEFAULT_MODEL, noteOffered, noteRefused, offered } from '../state/models';
import { comparedRange, type Range, rangeOf } from '../state/period';
import { apiQuery } from '../state/question';
import { type Resource, useResource } from '../state/resource';
import { siteToday } from '../state/site-period';

const keyOf = (report: string, site: string, query: Query) => `${report} ${site} ${JSON.stringify(query)}`;

export function useRange(site: Site): {
  range: Range;
  before: Range | null;
  today: string;
  thisYear: number;
} {
  const asked = question.value;
  const today = siteToday(site);
  const range = rangeOf(asked, today);
  return { range, before: comparedRange(range, asked.compare), today, thisYear: Number(today.slice(0, 4)) };
}

/** The model that reports are asked under: the chosen one, or last touch where the server lacks it. */
export function usableModel(): string {
  const { model } = question.value;
  return offered(model) === 'no' ? DEFAULT_MODEL : model;
}

export function useOverview(site: Site): Resource<Overview> {
  const query = apiQuery(question.value);
  return useResource(keyOf('overview', site.site_id, query), (signal) =>
    overview(site.site_id, query, signal),
  );
}

/** A revenue report together with the dimension it was asked by: rows outlive a change of tab by a moment. */
export interface Breakdown {
  dimension: string;
  report: RevenueReport;
}

export function revenueQuery(dimension: string, model: string, extra: Query = {}): Query {
  return { ...apiQuery(question.value), dimension, model, ...extra };
}

export function useBreakdown(site: Site, dimension: string | null, extra: Query = {}, model = usableModel()) {
  const query = dimension === null ? null : revenueQuery(dimension, model, extra);
  const resource = useResource<Breakdown>(
    query && keyOf('revenue', site.site_id, query),
    async (signal): Promise<Breakdown> => {
      const asked = dimension ?? '';
      try {
        const report = await revenue(site.site_id, query ?? {}, signal);
        noteOffered(model);
        return { dimension: asked, report };
      } catch (error) {
        noteRefused(model, error);
        throw error;
      }
    },
  );
  return resource;
}

export function useTimeseries(site: Site): Resource<Timeseries> {
  const query: Query = {
    ...apiQuery(question.value),
    metrics: 'visitors,sessions,pageviews,revenue,orders,refunds,customers',
  };
  return useResource(keyOf('timeseries', site.site_id, query), (signal) =>
    timeseries(site.site_id, query, signal),
  );
}

/** The compared period as a series of its own, for a server that does not put former values into the rows. */
export function useFormerSeries(site: Site, wanted: boolean): Resource<Timeseries> {
  const { before } = useRange(site);
  const asked = question.value;
  const query: Query | null =
    wanted && before
      ? {
          ...apiQuery({ ...asked, period: 'custom', from: before.from, to: before.to, compare: 'none' }),
          metrics: 'visitors,sessions,pageviews,revenue,orders',
        }
      : null;
  return useResource(query && keyOf('timeseries', site.site_id, query), (signal) =>
    timeseries(site.site_id, query ?? {}, signal),
  );
}

export function ordersQuery(extra: Query = {}): Query {
  const { compare: _unused, ...query } = apiQuery(question.value);
  return { ...query, model: usableModel(), ...extra };
}

export function useOrders(site: Site, extra: Query = {}, pollMs = 0): Resource<OrdersReport> {
  const query = ordersQuery(extra);
  return useResource(
    keyOf('orders', site.site_id, query),
    (signal) => orders(site.site_id, query, signal),
    pollMs,
  );
}

/** Names the tab of the browser while a view is open. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title;
  }, [title]);
}
