// The guarded ways into the module: no exception of it reaches the page, and the page's own calls always happen.

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

export const post = (url, body, most, way, number) => {
  const keepalive = new Blob([body]).size <= most;
  fetch(url, { method: 'POST', body, keepalive, credentials: 'omit' }).then(
    (answer) => enter(way, number, answer.status, answer.headers.get('retry-after')),
    () => enter(way, number),
  );
};

/** What fails answers nothing, and costs a detail, never the page. */
const guarded = (act, otherwise) => (...all) => {
  try {
    return act(...all);
  } catch {
    return otherwise;
  }
};

export const beacon = guarded((url, body) => navigator.sendBeacon(url, body));
export const replaceAddress = guarded((url) => history.replaceState(history.state, '', url));
export const find = guarded((object, path) => path.split('.').reduce((found, name) => found[name], object));
export const set = guarded(Reflect.set);
export const assign = guarded(Object.assign);
export const string = guarded(String);
export const stringify = guarded(JSON.stringify);
export const absolute = guarded((url) => new URL(url, location).href);
export const parameter = guarded((query, name) => new URLSearchParams(query).get(name));
export const stored = guarded((storage, name) => storage.getItem(name));
export const store = guarded((storage, name, text) => (text ? storage.setItem(name, text) : storage.removeItem(name)));
export const keys = guarded(Object.keys, []);
