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

/** Browsers refuse a request that outlives the page with more than 64 KiB. */
const KEEPALIVE_BYTES = 60 * 1024;

export const post = async (url, text, way, number) => {
  const body = take(text);
  const keepalive = new TextEncoder().encode(body).length <= KEEPALIVE_BYTES;
  let answer;
  try {
    answer = await fetch(take(url), { method: 'POST', body, keepalive, credentials: 'omit' });
    // Until it is read to the end, its request counts among those that outlive the page, of which browsers allow
    // 64 KiB: the next would be refused.
    await answer.text();
  } catch {
    // Without an answer it is lost, and will be sent again.
  }
  enter(way, number, answer?.status, answer?.headers.get('retry-after'));
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

const storage = (area) => window[read(area)];
export const stored = asked((area, name, id) => storage(area).getItem(read(name) + take(id)));
export const store = guarded((area, name, id, text) =>
  text ? storage(area).setItem(read(name) + take(id), take(text)) : storage(area).removeItem(read(name) + take(id)),
);
export const endings = asked((area, at) => {
  const beginning = read(at);
  const ending = (name) => (name.startsWith(beginning) ? name.slice(beginning.length) : []);
  return Object.keys(storage(area)).flatMap(ending).join('\0');
});

export const warn = (what) => console.warn('engagetrack:', read(what));
