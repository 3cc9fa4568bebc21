/** What the scripts share: where the stand-in is, the keys that it knows, and how a refusal is judged. */

import assert from 'node:assert/strict';

export const [origin, key, reader] = process.argv.slice(2);
assert.ok(origin && key && reader, 'node SCRIPT ORIGIN KEY READER');

/** A list that never ends is a fault too. */
const LONGEST_MS = 60_000;
setTimeout(() => {
  console.error(`nothing ended within ${LONGEST_MS} ms`);
  process.exit(1);
}, LONGEST_MS).unref();

/** Each answer that came by `fetch`: not every SDK tells its status. */
export const answers = [];
const real = globalThis.fetch;

/** Sends what is meant for the provider to the stand-in. */
export function redirect(from) {
  globalThis.fetch = async (url, init) => {
    const answer = await real(String(url).replace(from, origin), init);
    answers.push(answer.status);
    return answer;
  };
}

redirect(origin);

/** Asserts that an object has these members at least, however deep. */
export function has(actual, wanted, why) {
  for (const [name, value] of Object.entries(wanted)) {
    const found = actual?.[name];
    if (value instanceof RegExp) assert.match(String(found), value, `${why}: ${name}`);
    else if (value !== null && typeof value === 'object') has(found, value, `${why}: ${name}`);
    else assert.equal(found, value, `${why}: ${name} in ${JSON.stringify(actual)}`);
  }
}

/** A call of an SDK that must throw an error with these members. */
export async function refused(why, call, wanted) {
  const error = await call().then(
    (answer) => assert.fail(`${why}: it is taken, with ${JSON.stringify(answer)}`),
    (reason) => reason,
  );
  if (error instanceof assert.AssertionError) throw error;
  has(error, wanted, why);
  console.log(`refused: ${why}`);
}

/** A request by hand, for what an SDK would not send; its answer must have this status and these members. */
export async function refusedByHand(why, path, init, status, wanted) {
  const answer = await fetch(origin + path, { redirect: 'manual', ...init });
  const text = await answer.text();
  assert.equal(answer.status, status, `${why}: ${text}`);
  has(text ? JSON.parse(text) : {}, wanted, why);
  console.log(`refused: ${why}`);
}

/** All that an iterator brings. */
export async function all(iterable) {
  const found = [];
  for await (const one of iterable) found.push(one);
  return found;
}
