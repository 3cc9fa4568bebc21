// The module's methods, under their public names.

export {
  checkoutMetadata,
  getAttribution,
  getSessionId,
  getVisitorId,
  identify,
  optIn,
  optOut,
  pageview,
  setConsent,
  start,
  track,
  trackPurchase,
} from '@glue';
