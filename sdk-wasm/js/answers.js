// The public methods, before, while and after the module can answer: ids come from storage, other calls wait.

const stored = (area, key) => {
  try {
    return window[area].getItem(key) || '';
  } catch {
    return '';
  }
};

/**
 * What each method answers without the module; `null` marks those whose call waits for it. Their order is that of
 * src/browser/ways.rs.
 */
const answers = {
  getVisitorId: () => stored('localStorage', 'engagetrack_visitor_id'),
  getSessionId: () => stored('sessionStorage', 'engagetrack_session_id'),
  getAttribution: () => ({}),
  checkoutMetadata: () => ({}),
  trackPurchase: null,
  track: null,
  identify: null,
  pageview: null,
  optOut: null,
  optIn: null,
  setConsent: null,
};

/** The way into the module of each method, and of the start. */
const names = Object.keys(answers);
const FIRST = 16;
const START = 0;

/** As many calls wait at most; none on a server, where no module ever comes. */
const WAITING = typeof document === 'undefined' ? 0 : 200;

/** Makes the methods. `compatible(adopt, refuse)` is to load the module that needs no WebAssembly. */
export const create = (queued, options, origin, compatible) => {
  let module;
  let resumed = false;
  let fellBack = false;
  let settle;
  const waiting = [...queued];
  const api = { version: VERSION, ready: new Promise((resolve) => { settle = resolve; }) };

  const call = (name, all) => {
    if (module) {
      try {
        const answer = module(FIRST + names.indexOf(name), ...all);
        return answers[name] ? answer : undefined;
      } catch (error) {
        fail(error);
      }
    }
    if (answers[name]) return answers[name]();
    if (waiting.length < WAITING) waiting.push([name, all]);
  };

  /** Takes a module into service: it starts, and what has waited is replayed in order. */
  const adopt = (enter, connect) => {
    try {
      const ask = connect(enter, fail);
      ask(START, options, origin, resumed);
      module = ask;
      resumed = true;
    } catch (error) {
      fail(error);
      return;
    }
    for (const [name, all] of waiting.splice(0)) if (names.includes(name)) call(name, [...all]);
    settle(api);
  };

  /** A module could not run, or runs no longer; the page must not notice. */
  const fail = (error) => {
    module = undefined;
    if (fellBack) {
      settle(api);
      return;
    }
    fellBack = true;
    console.warn(`engagetrack: no WebAssembly here (${error}); using the compatible file`);
    compatible(adopt, () => settle(api));
  };

  for (const name of names) api[name] = (...all) => call(name, all);
  return { api, adopt, fail };
};
