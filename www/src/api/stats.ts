//! The reports of one site.
import { apiPath, get, type Query } from './client';
import type { Order, OrdersReport, Overview, RevenueReport, Timeseries } from './types';

const at = (site: string, report: string) => `/sites/${encodeURIComponent(site)}/stats/${report}`;

export const overview = (site: string, query: Query, signal?: AbortSignal) =>
  get<Overview>(at(site, 'overview'), query, signal);

export const revenue = (site: string, query: Query, signal?: AbortSignal) =>
  get<RevenueReport>(at(site, 'revenue'), query, signal);

export const timeseries = (site: string, query: Query, signal?: AbortSignal) =>
  get<Timeseries>(at(site, 'timeseries'), query, signal);

export const orders = (site: string, query: Query, signal?: AbortSignal) =>
  get<OrdersReport>(at(site, 'orders'), query, signal);

export const order = (site: string, id: string, signal?: AbortSignal) =>
  get<Order>(at(site, `orders/${encodeURIComponent(id)}`), {}, signal);

/** The address of a report as a file, with everything that narrows it. */
export const csvPath = (site: string, report: string, query: Query) =>
  apiPath(at(site, report), { ...query, format: 'csv' });
