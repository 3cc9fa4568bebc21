/** Options of {@link init}. Switches are on or off; the tag's attributes have the same names. */
export interface Options {
  /** The site's public id, `pk_live_…`. */
  siteId: string;
  /** Origin of the EngageTrack server, such as `https://stats.shop.example`. */
  apiHost: string;
  /** Path of ingest; `/api/v1/event` unless the server's configuration changes it. */
  eventPath?: string;
  /** `storage` keeps ids in the browser; `memory` keeps nothing there. */
  persistence?: 'storage' | 'memory';
  /** The shop's own domains, between which a visitor stays the same. */
  allowedHostnames?: string[] | string;
  /** Send from `localhost` and `file:` pages too. */
  allowLocalhost?: boolean;
  /** The part behind `#` is the route: changes of it are page views. */
  hashRoutes?: boolean;
  /** `required` holds everything in memory until `setConsent(true)`. */
  consent?: 'required';
  /** Honour Global Privacy Control. */
  respectGpc?: boolean;
  /** Honour Do Not Track. */
  respectDnt?: boolean;
  /** On unless switched off: */
  autoPageviews?: boolean;
  outbound?: boolean;
  downloads?: boolean;
  forms?: boolean;
  engagement?: boolean;
  paymentLinks?: boolean;
}

/** A value that JSON can hold. */
export type Json = string | number | boolean | null;

/** What is known of a user; other members are kept as custom traits. */
export interface Traits {
  name?: string;
  email?: string;
  avatar?: string;
  /** Lower-case hex HMAC-SHA256 of the user id under the site's identify secret, made on a server. */
  user_hash?: string;
  custom?: Record<string, Json>;
  [trait: string]: unknown;
}

/** What brought a session: campaign parameters and ad click ids that were there, and where it came from. */
export interface Touch {
  utm_source?: string;
  utm_medium?: string;
  utm_campaign?: string;
  utm_term?: string;
  utm_content?: string;
  gclid?: string;
  gbraid?: string;
  wbraid?: string;
  dclid?: string;
  fbclid?: string;
  msclkid?: string;
  ttclid?: string;
  twclid?: string;
  li_fat_id?: string;
  rdt_cid?: string;
  epik?: string;
  ScCid?: string;
  yclid?: string;
  irclickid?: string;
  /** Address of the page before, empty without one. */
  referrer?: string;
  /** Path of the first page. */
  landing_page?: string;
}

/** The session's touch, and the visitor's first with its time in milliseconds. */
export interface Attribution extends Touch {
  first_touch?: Touch & { at: number };
}

/** To be spread into a provider's checkout metadata. */
export interface CheckoutMetadata {
  engagetrack_visitor_id?: string;
  engagetrack_session_id?: string;
  engagetrack_url?: string;
  engagetrack_order_id?: string;
}

export interface EngageTrack {
  /** Lower-case UUID of this browser, empty after `optOut`. */
  getVisitorId(): string;
  /** UUID of this visit, empty after `optOut`. */
  getSessionId(): string;
  /** A purchase: `revenue` in major units, exact as a decimal string; an order id counts once. */
  trackPurchase(orderId: string | number, revenue: number | string, currency: string): void;
  /** A custom event. */
  track(name: string, properties?: Record<string, Json>): void;
  /** This visitor is the site's own user. */
  identify(userId: string | number, traits?: Traits): void;
  /** A page view, of the current address or another. */
  pageview(url?: string): void;
  getAttribution(): Attribution;
  checkoutMetadata(orderId?: string | number): CheckoutMetadata;
  /** Stop, and forget what was kept. */
  optOut(): void;
  /** Start again, as somebody new. */
  optIn(): void;
  setConsent(granted: boolean): void;
  /** Resolves once calls are answered by the module; never rejects. */
  readonly ready: Promise<EngageTrack>;
  readonly version: string;
}

/** Starts, once; on a server it does nothing and does not throw. */
export function init(options: Options): EngageTrack;

export const getVisitorId: EngageTrack['getVisitorId'];
export const getSessionId: EngageTrack['getSessionId'];
export const trackPurchase: EngageTrack['trackPurchase'];
export const track: EngageTrack['track'];
export const identify: EngageTrack['identify'];
export const pageview: EngageTrack['pageview'];
export const getAttribution: EngageTrack['getAttribution'];
export const checkoutMetadata: EngageTrack['checkoutMetadata'];
export const optOut: EngageTrack['optOut'];
export const optIn: EngageTrack['optIn'];
export const setConsent: EngageTrack['setConsent'];
export const ready: EngageTrack['ready'];
export const version: string;

declare global {
  interface Window {
    engagetrack: EngageTrack;
  }
}
