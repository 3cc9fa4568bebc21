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

export const post = (url, body, keepalive, way, number) => {
  fetch(url, { method: 'POST', body, keepalive, credentials: 'omit' }).then(
    (answer) => enter(way, number, answer.status, answer.headers.get('retry-after')),
    () => enter(way, number),
  );
};

export const replaceAddress = (url) => {
  try {
    history.replaceState(history.state, '', url);
  } catch {
    // The page stays under the address that it has.
  }
};
