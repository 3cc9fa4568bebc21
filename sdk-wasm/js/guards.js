// The guarded ways into the module: no exception of it reaches the page, and the page's own calls always happen.

import { from, value } from './texts.js';

let enter = () => {};

/** Sets the way in, and who is told when the module fails; a module that failed is never entered again. */
export const connect = (module, failed) => {
  enter = (...all) => {
    try {
      module(...all);
    } catch (error) {
      enter = () => {};
      failed(error);
    }
  };
};

export const listen = (target, kind, way) =>
  target.addEventListener(kind, (event) => enter(way, event), { capture: true, passive: true });

export const wrap = (target, name, before, after) => {
  const original = target[name];
  target[name] = function (...all) {
    if (before) enter(before, all);
    const result = original.apply(this, all);
    if (after) enter(after);
    return result;
  };
};

export const later = (afterMs, way) => setTimeout(() => enter(way), afterMs);

/** What fails answers nothing, and costs a detail, never the page. */
const guarded = (act, otherwise) => (...all) => {
  try {
    return act(...all);
  } catch {
    return otherwise;
  }
};

export const post = (url, body, most, way, number) => {
  const keepalive = new Blob([value(body)]).size <= most;
  fetch(value(url), { method: 'POST', body: value(body), keepalive, credentials: 'omit' }).then(
    (answer) => enter(way, number, answer.status, answer.headers.get('retry-after')),
    () => enter(way, number),
  );
};

export const beacon = guarded((url, body) => navigator.sendBeacon(value(url), value(body)));
export const replaceAddress = guarded((url) => history.replaceState(history.state, '', value(url)));
export const find = guarded((object, path) => path.split('.').reduce((found, name) => found[name], object));
export const text = (object, path) => from(find(object, path));
export const set = guarded(Reflect.set);
export const setText = (object, name, text) => set(object, name, value(text));
export const assign = guarded(Object.assign);
export const string = guarded((given) => from(String(given)), 0);
export const stringify = guarded((given) => from(JSON.stringify(given)), 0);
export const absolute = guarded((url) => from(new URL(value(url), location).href), 0);
export const parameter = (query, name) => from(new URLSearchParams(value(query)).get(name));
const storage = (ofTab) => (ofTab ? sessionStorage : localStorage);
export const stored = guarded((ofTab, name, id) => from(storage(ofTab).getItem(name + value(id))), 0);
export const store = guarded((ofTab, name, id, text) =>
  text ? storage(ofTab).setItem(name + value(id), value(text)) : storage(ofTab).removeItem(name + value(id)),
);
export const keys = guarded(() => Object.keys(localStorage), []);
