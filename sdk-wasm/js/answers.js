// The public methods, before, while and after the module can answer: ids come from storage, other calls wait.

import { guarded } from './values.js';

const stored = guarded((area, key) => window[area].getItem(key) || '', '');

/** The methods, in the order of src/browser/ways.rs, written as the package exports them. */
const names =
  'getVisitorId,getSessionId,getAttribution,checkoutMetadata,trackPurchase,track,identify,pageview,optOut,optIn,setConsent'.split(
    ',',
  );

/** What the first of them answer without the module; a call of another waits for it. */
const answers = [
  () => stored('localStorage', 'engagetrack_visitor_id'),
  () => stored('sessionStorage', 'engagetrack_session_id'),
  () => ({}),
  () => ({}),
];

/** The ways into the module of the start, and of the first method. */
const START = 0;
const FIRST = 16;

/** Whether there is a page; on a server no module ever comes. */
export const isPage = typeof document !== 'undefined';

/** As many calls wait at most. */
const WAITING = 200;

/** Makes the methods. `compatible(adopt, refuse)` is to load the module that needs no WebAssembly. */
export const create = (waiting, options, origin, compatible) => {
  let module;
  let resumed;
  let fellBack = false;
  let settle;
  const api = { version: VERSION, ready: new Promise((resolve) => { settle = resolve; }) };

  const call = (method, all) => {
    const answer = answers[method];
    if (module) {
      try {
        const given = module(FIRST + method, ...all);
        return answer && given;
      } catch (error) {
        fail(error);
      }
    }
    if (answer) return answer();
    if (isPage && waiting.length < WAITING) waiting.push([names[method], all]);
  };

  /** Takes a module into service: it starts, and what has waited is replayed in order. */
  const adopt = (enter, connect) => {
    try {
      const ask = connect(enter, fail);
      ask(START, options, origin, resumed);
      module = ask;
      resumed = true;
    } catch (error) {
      return fail(error);
    }
    for (const [name, all] of waiting.splice(0)) if (names.includes(name)) api[name](...all);
    settle(api);
  };

  /** A module could not run, or runs no longer; the page must not notice. */
  const fail = (error) => {
    module = undefined;
    if (fellBack) return settle(api);
    fellBack = true;
    console.warn(`engagetrack: no WebAssembly (${error}); using the compatible file`);
    compatible(adopt, () => settle(api));
  };

  names.forEach((name, method) => {
    api[name] = (...all) => call(method, all);
  });
  return { api, adopt, fail };
};
