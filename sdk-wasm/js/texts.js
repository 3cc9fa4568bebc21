// The module's texts: it holds numbers, and here are the strings that they stand for. 0 is the empty one.

let texts = [''];
let kept = [''];

const put = (text) => (text ? texts.push(text) - 1 : 0);

export const of = put;
export const hexadecimal = (bytes) => put([...bytes].map((byte) => (byte + 256).toString(16).slice(1)).join(''));
export const from = (value) => (typeof value === 'string' ? put(value) : 0);
export const value = (text) => texts[text];
export const joined = (text, sign, part) => put(texts[text] + sign + texts[part]);
export const numbered = (text, sign, number) => put(texts[text] + sign + number);
export const found = (text, pattern) => put(texts[text].match(texts[pattern])?.[1]);
export const matches = (text, pattern) => texts[text].search(pattern) >= 0;
export const replaced = (text, pattern, by) => put(texts[text].replace(RegExp(pattern, 'g'), by));
export const same = (one, other) => texts[one] === texts[other];
export const length = (text) => texts[text].length;
export const slice = (text, from, to) => put(texts[text].slice(from, to));
export const lower = (text) => put(texts[text].toLowerCase());
export const upper = (text) => put(texts[text].toUpperCase());
export const parsed = (text) => Number.parseInt(texts[text], 10);

/** Takes a text over to those that stay, under its new number. */
export const keep = (text) => text && kept.push(texts[text]) - 1;
/** Only what was kept stays. */
export const sweep = () => {
  texts = kept;
  kept = [''];
};
