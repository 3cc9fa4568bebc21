// The guarded ways into the module: no exception of it reaches the page, and the page's own calls always happen.

let enter = () => {};

/** Sets the way in, and who is told when the module fails; a module that failed is never entered again. */
export const connect = (handle, failed) => {
  enter = (code, first, second, third) => {
    try {
      handle(code, first, second, third);
    } catch (error) {
      enter = () => {};
      failed(error);
    }
  };
};

export const listen = (target, kind, code) =>
  target.addEventListener(kind, (event) => enter(code, event), { capture: true, passive: true });

export const wrap = (target, name, before, after) => {
  const original = target[name];
  target[name] = function (...all) {
    if (before) enter(before, all);
    const result = original.apply(this, all);
    if (after) enter(after);
    return result;
  };
};

export const later = (afterMs, code) => setTimeout(() => enter(code), afterMs);

export const post = (url, body, keepalive, code, number) => {
  fetch(url, { method: 'POST', body, keepalive, credentials: 'omit' }).then(
    (answer) => enter(code, number, answer.status, answer.headers.get('retry-after')),
    () => enter(code, number),
  );
};

export const replaceAddress = (state, url) => {
  try {
    history.replaceState(state, '', url);
  } catch {
    // The page stays under the address that it has.
  }
};
