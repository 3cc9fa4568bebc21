// The page's values, of which the module knows the numbers: 0 is nothing, and the empty text; 1 is the window.

const always = () => ['', globalThis];
let values = always();
let kept = always();

export const put = (value) => (value == null || value === '' ? 0 : values.push(value) - 1);
export const take = (number) => values[number];

/** What fails answers nothing, and costs a detail, never the page. */
export const guarded = (act, otherwise) => (...all) => {
  try {
    return act(...all);
  } catch {
    return otherwise;
  }
};
/** The same for what answers a value. */
export const asked = (act) => guarded((...all) => put(act(...all)), 0);

/** Takes a value over to those that stay, under its new number. */
export const keep = (number) => number && kept.push(values[number]) - 1;
/** Only what was kept stays. */
export const sweep = () => {
  values = kept;
  kept = always();
};

/** The way into the module, for values instead of their numbers. */
export const speak = (enter) => (way, ...all) => take(enter(way, ...all.map(put)));

// Constants of the module are ASCII in its memory, from their address up to a zero.
let memory;
export const remember = (given) => {
  memory = given;
};
export const read = (at) => {
  const bytes = new Uint8Array(memory.buffer);
  let text = '';
  for (; bytes[at]; at++) text += String.fromCharCode(bytes[at]);
  return text;
};

// Texts.
export const constant = (at) => put(read(at));
export const hexadecimal = (bytes) => put(bytes.reduce((text, byte) => text + (byte + 256).toString(16).slice(1), ''));
export const joined = (text, sign, part) => put(values[text] + read(sign) + values[part]);
export const found = asked((text, pattern) => values[text].match(values[pattern])[1]);
export const includes = (text, part) => values[text].includes(read(part));
export const matches = (text, pattern) => values[text].search(read(pattern)) >= 0;
export const replaced = (text, pattern, by) => put(values[text].replace(RegExp(read(pattern), 'g'), read(by)));
export const same = (one, other) => values[one] === values[other];
export const length = (text) => values[text].length;
export const slice = (text, from, to) => put(values[text].slice(from, to));
export const cased = (text, method) => put(values[text][read(method)]());
export const parsed = (text) => Number.parseInt(values[text], 10);
