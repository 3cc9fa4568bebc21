// What the module asks of the page, each guarded: no exception reaches the page, nor the module from the page, and the
// page's own calls always happen.

import { asked, guarded, put, read, speak, take } from './values.js';

let enter = () => {};

/** Sets the way in, and who is told when the module fails; a module that failed is never entered again. */
export const connect = (module, failed) => {
  const ask = speak(module);
  enter = (...all) => {
    try {
      ask(...all);
    } catch (error) {
      enter = () => {};
      failed(error);
    }
  };
  return ask;
};

export const listen = guarded((kind, way) =>
  window.addEventListener(read(kind), (event) => enter(way, event), true),
);

export const wrap = guarded((target, at, before, after) => {
  const owner = take(target);
  const name = read(at);
  const original = owner[name];
  owner[name] = function (...all) {
    if (before) enter(before, all);
    const result = original.apply(this, all);
    if (after) enter(after);
    return result;
  };
});

export const later = guarded((afterMs, way) => setTimeout(() => enter(way), afterMs));

export const post = (url, text, most, way, number) => {
  const body = take(text);
  const keepalive = new TextEncoder().encode(body).length <= most;
  // A page's own `fetch` may throw.
  (async () => fetch(take(url), { method: 'POST', body, keepalive, credentials: 'omit' }))().then(
    (answer) => enter(way, number, answer.status, answer.headers.get('retry-after')),
    () => enter(way, number),
  );
};

export const beacon = guarded((url, body) => navigator.sendBeacon(take(url), take(body)));
export const replaceAddress = guarded((url) => history.replaceState(history.state, '', take(url)));

const follow = guarded((object, path) => read(path).split('.').reduce((found, name) => found?.[name], take(object)));
export const find = asked(follow);
export const has = (object, path) => !!follow(object, path);
export const isMissing = (object, path) => follow(object, path) == null;
export const text = asked((object, path) => {
  const found = follow(object, path);
  return typeof found === 'string' ? found : '';
});
export const closest = asked((element, selector) => take(element).closest(read(selector)));
export const isObject = (value) => typeof take(value) === 'object';
export const string = asked((value) => String(take(value)));

export const object = () => put({});
export const set = guarded((object, name, value) => {
  take(object)[read(name)] = take(value);
});
export const unset = guarded((object, name) => delete take(object)[read(name)]);
export const assign = guarded((onto, from) => Object.assign(take(onto), take(from)));
export const stringify = asked((value) => JSON.stringify(take(value)));

export const absolute = asked((url) => new URL(take(url), location).href);
export const parameter = asked((query, name) => new URLSearchParams(take(query)).get(read(name)));

const storage = (ofTab) => (ofTab ? sessionStorage : localStorage);
export const stored = asked((ofTab, name, id) => storage(ofTab).getItem(read(name) + take(id)));
export const store = guarded((ofTab, name, id, text) =>
  text ? storage(ofTab).setItem(read(name) + take(id), take(text)) : storage(ofTab).removeItem(read(name) + take(id)),
);
export const keys = asked((beginning) =>
  Object.keys(localStorage).filter((name) => name.startsWith(read(beginning))).join('\0'),
);

export const warn = (what) => console.warn('engagetrack:', read(what));
