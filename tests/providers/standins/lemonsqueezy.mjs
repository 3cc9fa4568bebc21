/** The stand-in for Lemon Squeezy, asked by Lemon Squeezy's own SDK. */

import assert from 'node:assert/strict';
import {
  createWebhook,
  deleteWebhook,
  getAuthenticatedUser,
  getWebhook,
  lemonSqueezySetup,
  listOrders,
  listStores,
  listSubscriptionInvoices,
  listSubscriptions,
  listWebhooks,
} from '@lemonsqueezy/lemonsqueezy.js';
import { answers, has, key, redirect, refused, refusedByHand } from './asked.mjs';

// The SDK knows no other host than the real one.
redirect('https://api.lemonsqueezy.com');
lemonSqueezySetup({ apiKey: key });
const ids = (rows) => rows.map(({ id }) => id);

/** What a call brings; its errors, which the SDK returns, are thrown. */
async function taken(call) {
  const { data, error, statusCode } = await call;
  if (error) throw Object.assign(error, { statusCode });
  return data;
}

// Whose key it is.
has(await taken(getAuthenticatedUser()), { meta: { test_mode: true }, data: { type: 'users' } }, 'the user');
assert.deepEqual(ids((await taken(listStores())).data), ['1']);

// An endpoint, from its making to its end.
const wanted = {
  url: 'https://shop.example/hook',
  events: ['order_created', 'subscription_payment_success'],
  secret: 'a secret of ours',
  testMode: true,
};
const make = (more, store = '1') => taken(createWebhook(store, { ...wanted, ...more }));
const made = await make();
assert.equal(answers.at(-1), 201);
const { url, events } = wanted;
has(made.data, { type: 'webhooks', id: /^\d+$/, attributes: { store_id: 1, url, events, test_mode: true } }, 'made');
// So it is in the SDK's own test of the real API.
const members = ['store_id', 'url', 'events', 'last_sent_at', 'test_mode', 'created_at', 'updated_at'];
assert.deepEqual(Object.keys(made.data.attributes).sort(), members.sort(), 'the secret is not among them');
assert.match(made.links.self, new RegExp(`/v1/webhooks/${made.data.id}$`));
assert.ok(made.data.relationships.store.links);
const second = await make();
const third = await make();
has((await taken(getWebhook(made.data.id))).data.attributes, { url, events }, 'shown');
const page = await taken(listWebhooks({ filter: { storeId: 1 }, page: { number: 1, size: 2 } }));
const about = { currentPage: 1, from: 1, to: 2, perPage: 2, lastPage: 2, total: 3 };
assert.deepEqual(page.meta.page, about);
assert.ok(page.links.first && page.links.last && page.links.next);
const last = await taken(listWebhooks({ page: { number: 2, size: 2 } }));
assert.deepEqual(ids([...page.data, ...last.data]), [made.data.id, second.data.id, third.data.id]);
assert.deepEqual((await taken(listWebhooks({ filter: { storeId: 9 } }))).data, [], 'another store has none');
// The SDK reads the answer as JSON, although it is empty, and outside of Bun that fails: the status tells.
await deleteWebhook(second.data.id);
assert.equal(answers.at(-1), 204);
assert.deepEqual(ids((await taken(listWebhooks())).data), [made.data.id, third.data.id]);

// Payments and what belongs to them.
const sold = [];
for (let number = 1, end = 1; number <= end; number += 1) {
  const { data, meta } = await taken(listOrders({ filter: { storeId: '1' }, page: { number, size: 2 } }));
  sold.push(...data);
  end = meta.page.lastPage;
}
assert.deepEqual(ids(sold), ['5', '4', '3', '2', '1'], 'page by page');
has(sold[0], { type: 'orders', attributes: { total: 1999, currency: 'USD', refunded_amount: 0 } }, 'a sale');
assert.deepEqual(ids((await taken(listSubscriptions())).data), ['3', '2', '1']);
const invoices = await taken(listSubscriptionInvoices({ filter: { storeId: '1' } }));
has(invoices.data[0], { type: 'subscription-invoices', attributes: { billing_reason: 'renewal' } }, 'an invoice');

/** A refusal is an array of errors, each with its status, a title and where it is. */
const refusedWith = (status, title, why, call, source) => {
  const cause = [{ status: String(status), title, detail: /./, ...(source && { source }) }];
  return refused(why, call, { name: 'Lemon Squeezy Error', statusCode: status, cause });
};

// Keys.
lemonSqueezySetup({ apiKey: `${key}wrong` });
await refusedWith(401, 'Unauthorized', 'a wrong key', () => taken(listWebhooks()));
lemonSqueezySetup({ apiKey: key });
const media = 'application/vnd.api+json';
const right = { accept: media, 'content-type': media, authorization: `Bearer ${key}` };
const by = (more, rest) => ({ headers: { ...right, ...more }, ...rest });
const error = (status, title) => ({ errors: [{ status: String(status), title, detail: /./ }] });
const { authorization, ...none } = right;
await refusedByHand('no key', '/v1/webhooks', { headers: none }, 401, error(401, 'Unauthorized'));

// Types of content.
const json = { accept: 'application/json' };
await refusedByHand('another Accept', '/v1/orders', by(json), 406, error(406, 'Not Acceptable'));
const post = { method: 'POST', body: '{"data":{}}' };
const plain = by({ 'content-type': 'application/json' }, post);
await refusedByHand('plain JSON', '/v1/webhooks', plain, 415, error(415, 'Unsupported Media Type'));
const { 'content-type': type, ...untyped } = right;
const unsaid = error(415, 'Unsupported Media Type');
await refusedByHand('no content type', '/v1/orders', { headers: untyped }, 415, unsaid);
const broken = by({}, { method: 'POST', body: '{"data":' });
await refusedByHand('half of JSON', '/v1/webhooks', broken, 400, error(400, 'Invalid JSON'));
const other = by({}, { method: 'POST', body: '{"data":{"type":"hooks"}}' });
await refusedByHand('another type of object', '/v1/webhooks', other, 409, error(409, 'Conflict'));

// What makes an endpoint.
const field = (why, name, more) => {
  const source = { pointer: `/data/attributes/${name}` };
  return refusedWith(422, 'Unprocessable Entity', why, () => make(more), source);
};
await field('no url', 'url', { url: undefined });
await field('no events', 'events', { events: undefined });
await field('no secret', 'secret', { secret: undefined });
await field('a short secret', 'secret', { secret: 'short' });
await field('a long secret', 'secret', { secret: 'x'.repeat(41) });
await field('no address', 'url', { url: 'shop.example' });
await field('an unknown event', 'events/1', { events: ['order_created', 'order_imagined'] });
const store = { pointer: '/data/relationships/store' };
await refusedWith(404, 'Not Found', 'an unknown store', () => make({}, '9'), store);

// What is asked for.
const asks = (why, parameter, query) =>
  refusedWith(400, 'Invalid Query Parameter', why, () => taken(listOrders(query)), { parameter });
await asks('a page before the first', 'page.number', { page: { number: 0 } });
await asks('a page that is no number', 'page.number', { page: { number: 'next' } });
await asks('too many at once', 'page.size', { page: { size: 101 } });
await asks('an unknown filter', 'filter', { filter: { colour: 'red' } });
await asks('an unknown relation', 'include', { include: ['weather'] });
await refusedWith(404, 'Not Found', 'an endpoint that is gone', () => taken(getWebhook(second.data.id)));
const away = `/v1/webhooks/${second.data.id}`;
await refusedByHand('the same to be removed', away, by({}, { method: 'DELETE' }), 404, error(404, 'Not Found'));
await refusedByHand('an unknown path', '/v1/hooks', by({}), 404, error(404, 'Not Found'));
