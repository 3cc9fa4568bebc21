// The npm package: the same methods as named exports, inert where there is no page.

import { enter } from '@glue';
import { create } from './answers.js';
import { connect } from './guards.js';
import { load } from './loader.js';

const options = {};
const waiting = [];
let started;

const { api, adopt, fail } = create(waiting, options, '', (run, refuse) => {
  import('./compat.js').then((file) => file.run(run)).catch(refuse);
});

/** Starts, once; on a server it does nothing. */
export const init = (given) => {
  if (!started && typeof window !== 'undefined' && typeof document !== 'undefined') {
    started = true;
    Object.assign(options, given);
    const bytes = '@MODULE@';
    load(Uint8Array.from(bytes, (letter) => letter.charCodeAt(0)), () => adopt(enter, connect), fail);
  }
  return api;
};

const inPage = (name) => (...all) => (typeof window === 'undefined' ? serverAnswers[name]?.() : api[name](...all));
const serverAnswers = {
  getVisitorId: () => '',
  getSessionId: () => '',
  getAttribution: () => ({}),
  checkoutMetadata: () => ({}),
};

export const getVisitorId = inPage('getVisitorId');
export const getSessionId = inPage('getSessionId');
export const trackPurchase = inPage('trackPurchase');
export const track = inPage('track');
export const identify = inPage('identify');
export const pageview = inPage('pageview');
export const getAttribution = inPage('getAttribution');
export const checkoutMetadata = inPage('checkoutMetadata');
export const optOut = inPage('optOut');
export const optIn = inPage('optIn');
export const setConsent = inPage('setConsent');
export const ready = api.ready;
export const version = api.version;
