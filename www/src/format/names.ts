//! Words for what the server speaks of in codes: dimensions, levels, providers, countries, reasons.
import type { LeftOut, Level, OrderLevel } from '../api/types';
import { readerLocale } from './locale';

const DIMENSIONS: Record<string, [one: string, many: string]> = {
  channel: ['Channel', 'Channels'],
  source: ['Source', 'Sources'],
  medium: ['Medium', 'Mediums'],
  campaign: ['Campaign', 'Campaigns'],
  term: ['Term', 'Terms'],
  content: ['Content', 'Contents'],
  referrer: ['Referrer', 'Referrers'],
  landing_page: ['Landing page', 'Landing pages'],
  country: ['Country', 'Countries'],
  device: ['Device', 'Devices'],
  provider: ['Provider', 'Providers'],
  trust: ['Trust', 'Trust'],
  currency: ['Currency', 'Currencies'],
};

export const filterDimensions = Object.keys(DIMENSIONS);

export const dimensionName = (dimension: string) => DIMENSIONS[dimension]?.[0] ?? capital(dimension);
export const dimensionNames = (dimension: string) => DIMENSIONS[dimension]?.[1] ?? capital(dimension);

export function capital(text: string): string {
  const words = text.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const PROVIDERS: Record<string, string> = {
  stripe: 'Stripe',
  lemonsqueezy: 'Lemon Squeezy',
  paddle: 'Paddle',
  polar: 'Polar',
  api: 'Orders API',
  event: 'Browser',
};

export const providerName = (provider: string | null) =>
  provider ? (PROVIDERS[provider] ?? capital(provider)) : 'Browser';

const LEVELS: Record<OrderLevel, string> = {
  session: 'Session',
  visitor: 'Visitor',
  customer: 'Customer',
  url: 'Checkout URL',
  unattributed: 'Unattributed',
};

export const levelName = (level: OrderLevel) => LEVELS[level];

export const LEVEL_ORDER: readonly Level[] = ['session', 'visitor', 'customer', 'url'];

let regions: Intl.DisplayNames | null = null;

export function countryName(code: string): string {
  if (!/^[A-Z]{2}$/.test(code)) return code;
  regions ??= new Intl.DisplayNames(readerLocale(), { type: 'region', fallback: 'code' });
  return regions.of(code) ?? code;
}

let currencies: Intl.DisplayNames | null = null;

export function currencyName(code: string): string {
  if (!/^[A-Z]{3}$/.test(code)) return code;
  currencies ??= new Intl.DisplayNames(readerLocale(), { type: 'currency', fallback: 'code' });
  return currencies.of(code) ?? code;
}

/** A row's value as a reader sees it. */
export function valueName(dimension: string, value: string | null | undefined): string {
  if (value === null || value === undefined || value === '') return '(not set)';
  if (dimension === 'country') return countryName(value);
  if (dimension === 'currency') return currencyName(value);
  if (dimension === 'provider') return providerName(value);
  if (dimension === 'device' || dimension === 'trust') return capital(value);
  return value;
}

export const isSet = (value: string | null): value is string =>
  value !== null && value !== '' && value !== '(not set)' && value !== '(none)';

interface Entry {
  channel: string | null;
  source: string | null;
  campaign: string | null;
}

/** "Email · newsletter / november-launch", "Organic Search · Google", "Direct". */
export function sourceName(entry: Entry): string {
  const detail = sourceDetail(entry);
  const channel = isSet(entry.channel) ? entry.channel : 'Unassigned';
  return detail ? `${channel} · ${detail}` : channel;
}

/** What stands under the channel: source and campaign, where they say more than the channel does. */
export function sourceDetail(entry: Entry): string {
  const source = isSet(entry.source) && entry.source !== entry.channel ? entry.source : '';
  const campaign = isSet(entry.campaign) ? entry.campaign : '';
  return [source, campaign].filter(Boolean).join(' / ');
}

const LEFT_OUT: Record<LeftOut, string> = {
  after_payment: 'It came after the payment.',
  after_named_session: 'It came after the session that the checkout named.',
  outside_window: 'It came before the attribution window.',
  other_person: 'It belongs to another person.',
  after_first_order: 'It came after the first order, which a renewal inherits from.',
};

export const leftOutReason = (reason: LeftOut | null) =>
  reason ? (LEFT_OUT[reason] ?? capital(reason)) : 'It was not part of the journey.';

/** A long id, so that it can still be recognised: "9c1e…b7f4". */
export function shortId(id: string): string {
  return id.length > 16 ? `${id.slice(0, 8)}…${id.slice(-4)}` : id;
}
