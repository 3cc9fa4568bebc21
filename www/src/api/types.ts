//! The shapes that travel between the dashboard and the server's HTTP API.

/** An amount: integer minor units, the ISO 4217 code (null where currencies are mixed), the exact decimal. */
export interface Money {
  minor: number;
  currency: string | null;
  decimal: string;
}

export interface Account {
  email: string;
  name: string | null;
  role: string;
}

export interface Site {
  site_id: string;
  domain: string;
  aliases: string[];
  time_zone: string;
  currency: string;
  window_days: number | null;
  count_orders_once: boolean;
  created_at: string;
}

/** What the server accepts when a site is made or changed. */
export type SiteChange = Partial<Omit<Site, 'site_id' | 'created_at'>>;

export interface SiteStatus {
  first_event_at: string | null;
  last_event_at: string | null;
  events_24h: number;
  last_event: { at: string; event_type: string; url: string; source: string | null } | null;
  last_webhook: { at: string; provider: string; type: string; status: string } | null;
  refused_webhooks_24h: number;
  last_refused_webhook: { at: string; provider: string; reason: string } | null;
  orders: number;
  verified_orders: number;
}

/** How a provider is connected: by its API key, or by the secret of a webhook made by hand. */
export type ConnectBy = { api_key: string; store_id?: string } | { webhook_secret: string };

export type EndpointState = 'present' | 'disabled' | 'moved' | 'missing' | 'unknown';

export interface Endpoint {
  id: string;
  state: EndpointState;
  checked_at: string;
  problem: string | null;
}

/** How far the payments of the past have been fetched. */
export interface History {
  state: 'running' | 'waiting' | 'done';
  part: string | null;
  parts_done: number;
  parts: number;
  read: number;
  read_of_part: number;
  of_part: number | null;
  told: number;
  started_at: string;
  finished_at: string | null;
  next_at: string | null;
  problem: string | null;
  left_out: string[];
}

export interface Integration {
  provider: string;
  name: string;
  connected_by: 'api_key' | 'webhook_secret';
  mode: 'live' | 'test' | null;
  webhook_url: string;
  secrets: number;
  created_at: string;
  last_event_at: string | null;
  last_event: { at: string; type: string; status: string } | null;
  refused_24h: number;
  last_refused: { at: string; reason: string } | null;
  endpoint: Endpoint | null;
  history: History | null;
  /** What could not be tidied up at the provider, in the answer to a change. */
  left_behind?: string | null;
}

export interface ApiKey {
  id: string;
  name: string | null;
  scopes: string[];
  created_at: string;
  expires_at: string | null;
}

/** The answer to making a key: the only time its secret is told. */
export type NewApiKey = ApiKey & { key: string };

export interface Figure<T> {
  value: T;
  previous: T | null;
  change: number | null;
}

export interface DateRange {
  from: string;
  to: string;
}

/** What is to be known of a conversion. */
export interface RateDoubts {
  provisional?: boolean;
  stale?: boolean;
}

interface MixedMoney extends RateDoubts {
  mixed_currencies: boolean;
  unconverted?: Money[];
  by_currency?: Money[];
}

export interface Overview extends MixedMoney {
  metrics: {
    visitors: Figure<number>;
    sessions: Figure<number>;
    pageviews: Figure<number>;
    bounce_rate: Figure<number | null>;
    duration: Figure<number | null>;
    revenue: Figure<Money>;
    orders: Figure<number>;
    refunds: Figure<Money>;
    conversion_rate: Figure<number | null>;
    average_order: Figure<Money | null>;
    revenue_per_visitor: Figure<Money | null>;
    new_revenue: Figure<Money>;
    renewal_revenue: Figure<Money>;
  };
  from: string;
  to: string;
  previous: DateRange | null;
}

export interface RevenueMetrics {
  revenue: Money;
  orders: number;
  refunds: Money;
  new_revenue: Money;
  renewal_revenue: Money;
  visitors: number;
  sessions: number;
  conversion_rate: number | null;
  average_order: Money | null;
  revenue_per_visitor: Money | null;
}

export interface RevenueRow {
  key: Partial<Record<string, string | null>>;
  metrics: RevenueMetrics;
  previous?: RevenueMetrics | null;
}

export interface RevenueReport extends MixedMoney {
  rows: RevenueRow[];
  totals: RevenueMetrics;
  unattributed: RevenueMetrics;
  model: string;
  from: string;
  to: string;
  previous: DateRange | null;
  next_cursor: string | null;
}

export interface SeriesMetrics {
  visitors: number;
  sessions: number;
  pageviews: number;
  revenue: Money;
  orders: number;
  refunds: Money;
  customers: number;
}

export interface SeriesRow {
  at: string;
  metrics: SeriesMetrics;
  previous?: SeriesMetrics | null;
}

export interface Timeseries {
  interval: 'hour' | 'day' | 'week' | 'month';
  rows: SeriesRow[];
  totals: SeriesMetrics;
}

export type Level = 'session' | 'visitor' | 'customer' | 'url';
export type OrderLevel = Level | 'unattributed';

export interface OrderKey {
  channel: string | null;
  source: string | null;
  medium: string | null;
  campaign: string | null;
}

export interface OrderRow extends RateDoubts {
  order_id: string;
  row_id?: string;
  provider: string | null;
  trust: 'verified' | 'reported';
  mode: 'live' | 'test';
  at: string;
  amount: Money;
  refunded: Money;
  net: Money;
  converted: Money | null;
  kind: 'new' | 'renewal';
  level: OrderLevel;
  key: OrderKey;
  visitor_uid: string | null;
}

export interface OrdersReport extends MixedMoney {
  rows: OrderRow[];
  totals: {
    orders: number;
    amount: Money;
    refunded: Money;
    net: Money;
    levels: Record<OrderLevel, number>;
  };
  possible_duplicates?: [OrderRow, OrderRow][];
  next_cursor: string | null;
}

export interface OrderEntry {
  at: string;
  kind: 'payment' | 'refund' | 'dispute';
  id: string;
  status: string;
  amount: Money;
  counts: boolean;
  reporting: Money | null;
  rate: string | null;
  rate_date: string | null;
  rate_source: string | null;
}

export interface LevelEvidence {
  level: Level;
  holds: boolean;
  decided: boolean;
  looked_for: Record<string, unknown> | null;
  found: { session_id?: string | null; visitor_uid?: string | null; touch?: number | null } | null;
  reported?: boolean;
  reason: string;
}

export interface OrderTouch extends OrderKey {
  at: string;
  session_id: string | null;
  visitor_uid: string;
  term: string | null;
  content: string | null;
  referrer: string | null;
  landing_page: string | null;
  country: string | null;
  device: string | null;
  used: boolean;
  reason: LeftOut | null;
}

export type LeftOut =
  | 'after_payment'
  | 'after_named_session'
  | 'outside_window'
  | 'other_person'
  | 'after_first_order';

export interface Credit {
  weight: number;
  money: Money;
  net: Money;
}

export interface OrderWebhook {
  event_id: string;
  type: string;
  at: string;
  received_at: string;
  status: 'recorded' | 'enriched' | 'duplicate' | 'ignored';
  changed: string[];
}

export interface Order extends OrderRow {
  tax: Money | null;
  country: string | null;
  customer: { customer_id: string | null; user_id: string | null; name: string | null } | null;
  inherited_from: string | null;
  replaces: string[];
  others: string[];
  entries: OrderEntry[];
  evidence: {
    level: OrderLevel;
    order_time: string;
    window_from: string | null;
    levels: LevelEvidence[];
  };
  touches: OrderTouch[];
  /** Model → place of the touch in `touches` → what it gets. */
  credits: Record<string, Record<string, Credit>>;
  webhooks: OrderWebhook[];
}
