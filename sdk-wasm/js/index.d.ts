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
  /** Page views by themselves: on load, on navigation within an app, on return from the cache. On unless `false`. */
  autoPageviews?: boolean;
  /** Links to other sites that are followed. On unless `false`. */
  outbound?: boolean;
  /** Links to files that are followed. On unless `false`. */
  downloads?: boolean;
  /** Forms that are sent: their name and address, never their fields. On unless `false`. */
  forms?: boolean;
  /** Visible time on a page, and how far it was scrolled. On unless `false`. */
  engagement?: boolean;
  /** Payment links carry the visitor to the provider's webhook. On unless `false`. */
  paymentLinks?: boolean;
}

/** A value that JSON can hold. */
export type Json = string | number | boolean | null;

/** What is known of a user; other members are kept as custom traits. */
export interface Traits {
  /** As shown beside the visitor. */
  name?: string;
  /** As the site knows it; payments of the same address are tied to this visitor. */
  email?: string;
  /** Address of a picture. */
  avatar?: string;
  /** Lower-case hex HMAC-SHA256 of the user id under the site's identify secret, made on a server. */
  user_hash?: string;
  /** Traits of the site's own. */
  custom?: Record<string, Json>;
  /** Any other member is a custom trait too, where `custom` is not given. */
  [trait: string]: unknown;
}

/** What brought a session: campaign parameters and ad click ids that were there, and where it came from. */
export interface Touch {
  /** Who sent the visitor, such as `newsletter`. */
  utm_source?: string;
  /** By what kind of link, such as `email`. */
  utm_medium?: string;
  /** For which campaign. */
  utm_campaign?: string;
  /** By which search term. */
  utm_term?: string;
  /** By which of several links or pictures. */
  utm_content?: string;
  /** Google Ads. */
  gclid?: string;
  /** Google Ads, from an app. */
  gbraid?: string;
  /** Google Ads, to the web from an app. */
  wbraid?: string;
  /** Google's display network. */
  dclid?: string;
  /** Facebook and Instagram. */
  fbclid?: string;
  /** Microsoft Advertising. */
  msclkid?: string;
  /** TikTok. */
  ttclid?: string;
  /** X. */
  twclid?: string;
  /** LinkedIn. */
  li_fat_id?: string;
  /** Reddit. */
  rdt_cid?: string;
  /** Pinterest. */
  epik?: string;
  /** Snapchat. */
  ScCid?: string;
  /** Yandex. */
  yclid?: string;
  /** impact.com. */
  irclickid?: string;
  /** Address of the page before, empty without one. */
  referrer?: string;
  /** Path of the first page. */
  landing_page?: string;
}

/** The session's touch, and the visitor's first with its time in milliseconds. */
export interface Attribution extends Touch {
  /** What brought the visitor for the first time. */
  first_touch?: Touch & { at: number };
}

/** To be spread into a provider's checkout metadata. */
export interface CheckoutMetadata {
  /** The visitor; absent where nothing is kept in the browser. */
  engagetrack_visitor_id?: string;
  /** The session. */
  engagetrack_session_id?: string;
  /** The page with its campaign, at most 500 characters. */
  engagetrack_url?: string;
  /** The order id that was given. */
  engagetrack_order_id?: string;
}

/** `window.engagetrack`, and what {@link init} gives. No method throws. */
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
  /** What brought this session, and the visitor at first. */
  getAttribution(): Attribution;
  /** What a provider's webhook needs to find this visit; spread it into the checkout's metadata. */
  checkoutMetadata(orderId?: string | number): CheckoutMetadata;
  /** Stop, and forget what was kept. */
  optOut(): void;
  /** Start again, as somebody new. */
  optIn(): void;
  /** Consent was given, or was refused or withdrawn; without it, where it is required, nothing is kept or sent. */
  setConsent(granted: boolean): void;
  /** Resolves once calls are answered by the module; never rejects. */
  readonly ready: Promise<EngageTrack>;
  /** The version of this SDK. */
  readonly version: string;
}

/** Starts, once; on a server it does nothing and does not throw. */
export function init(options: Options): EngageTrack;

/** See {@link EngageTrack.getVisitorId}. */
export const getVisitorId: EngageTrack['getVisitorId'];
/** See {@link EngageTrack.getSessionId}. */
export const getSessionId: EngageTrack['getSessionId'];
/** See {@link EngageTrack.getAttribution}. */
export const getAttribution: EngageTrack['getAttribution'];
/** See {@link EngageTrack.checkoutMetadata}. */
export const checkoutMetadata: EngageTrack['checkoutMetadata'];
/** See {@link EngageTrack.trackPurchase}. */
export const trackPurchase: EngageTrack['trackPurchase'];
/** See {@link EngageTrack.track}. */
export const track: EngageTrack['track'];
/** See {@link EngageTrack.identify}. */
export const identify: EngageTrack['identify'];
/** See {@link EngageTrack.pageview}. */
export const pageview: EngageTrack['pageview'];
/** See {@link EngageTrack.optOut}. */
export const optOut: EngageTrack['optOut'];
/** See {@link EngageTrack.optIn}. */
export const optIn: EngageTrack['optIn'];
/** See {@link EngageTrack.setConsent}. */
export const setConsent: EngageTrack['setConsent'];
/** See {@link EngageTrack.ready}. */
export const ready: EngageTrack['ready'];
/** See {@link EngageTrack.version}. */
export const version: string;

declare global {
  interface Window {
    /** There as soon as the tag has run. */
    engagetrack: EngageTrack;
  }
}
