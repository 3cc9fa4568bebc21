/** The stand-in for Paddle, asked by Paddle's own SDK. */

import assert from 'node:assert/strict';
import { ApiError, LogLevel, Paddle } from '@paddle/paddle-node-sdk';
import { all, answers, has, key, origin, reader, refused, refusedByHand } from './asked.mjs';

// What is no name of an environment is taken for the address of one.
const by = (secret) => new Paddle(secret, { environment: origin, logLevel: LogLevel.none });
const paddle = by(key);
const ids = (rows) => rows.map(({ id }) => id);

// An endpoint, from its making to its end.
const wanted = {
  description: 'A description',
  type: 'url',
  destination: 'https://shop.example/hook',
  subscribedEvents: ['transaction.completed', 'adjustment.created'],
  apiVersion: 1,
  trafficSource: 'platform',
};
const make = (more) => paddle.notificationSettings.create({ ...wanted, ...more });
const made = await make();
assert.equal(answers.at(-1), 201);
const { subscribedEvents, ...rest } = wanted;
has(made, { ...rest, active: true, includeSensitiveFields: false }, 'made');
has(made, { id: /^ntfset_[a-z\d]{26}$/, endpointSecretKey: /^pdl_ntfset_[a-zA-Z\d]{26}_[a-zA-Z\d]{32}$/ }, 'made');
assert.deepEqual(made.subscribedEvents.map(({ name }) => name), subscribedEvents);
const second = await make();
has(await paddle.notificationSettings.get(made.id), rest, 'shown');
assert.deepEqual(ids(await paddle.notificationSettings.list()), [second.id, made.id], 'the newest first');
const page = await paddle.notificationSettings.list({ perPage: 1 });
assert.deepEqual(ids(page), [second.id]);
const next = await paddle.notificationSettings.list({ perPage: 1, after: second.id });
assert.deepEqual(ids(next), [made.id]);
const upwards = await paddle.notificationSettings.list({ orderBy: 'id[ASC]' });
assert.deepEqual(ids(upwards), [made.id, second.id]);
await paddle.notificationSettings.delete(second.id);
assert.equal(answers.at(-1), 204);
assert.deepEqual(ids(await paddle.notificationSettings.list()), [made.id]);
const types = await paddle.eventTypes.list();
assert.ok(types.some(({ name, availableVersions }) => name === 'transaction.completed' && availableVersions[0] === 1));

// Payments and what belongs to them.
const sales = paddle.transactions.list({ perPage: 2, status: ['completed'], orderBy: 'id[DESC]' });
const transactions = await all(sales);
assert.deepEqual(ids(transactions), ['txn_5', 'txn_4', 'txn_3', 'txn_2', 'txn_1'], 'page by page');
assert.equal(sales.estimatedTotal, 5);
has(transactions[0], { origin: 'web', currencyCode: 'USD', details: { totals: { grandTotal: '1999' } } }, 'a sale');
assert.deepEqual(await all(paddle.transactions.list({ status: ['draft'] })), []);
const adjustments = await all(paddle.adjustments.list({ perPage: 2 }));
assert.deepEqual(ids(adjustments), ['adj_3', 'adj_2', 'adj_1']);
has(adjustments[0], { action: 'refund', transactionId: 'txn_3', totals: { total: '500' } }, 'an adjustment');
assert.deepEqual(ids(await all(paddle.customers.list({ status: ['active'] }))), ['ctm_3', 'ctm_1']);
const headers = { authorization: `Bearer ${key}` };
const plenty = await fetch(`${origin}/customers?per_page=999`, { headers });
has((await plenty.json()).meta, { pagination: { per_page: 200, has_more: false } }, 'more than it gives at once');
assert.equal((await by(reader).notificationSettings.list()).length, 1, 'a key may be allowed to read alone');

// A refusal is an error of the SDK, with a code and its page; its status is in the answer.
async function refusedWith(status, code, why, call, more = {}) {
  const documentationUrl = new RegExp(`^https://developer\\.paddle\\.com/errors/\\w+/${code}$`);
  await refused(why, call, { type: 'request_error', code, documentationUrl, ...more });
  assert.equal(answers.at(-1), status, why);
}

// Keys.
const list = (client) => () => client.notificationSettings.list();
await refusedWith(403, 'invalid_token', 'a wrong key', list(by('pdl_sdbx_apikey_wrong')));
await refusedWith(403, 'forbidden', 'a key that may only read', () => by(reader).notificationSettings.create(wanted));
const error = (code) => ({ error: { type: 'request_error', code }, meta: { request_id: /./ } });
await refusedByHand('no key', '/event-types', {}, 403, error('authentication_missing'));
const basic = { headers: { authorization: `Basic ${key}` } };
await refusedByHand('a key that is said otherwise', '/event-types', basic, 403, error('authentication_malformed'));

// What makes an endpoint.
const post = (type, body) => ({ method: 'POST', headers: { ...headers, 'content-type': type }, body });
const form = post('application/x-www-form-urlencoded', 'type=url');
await refusedByHand('a form for JSON', '/notification-settings', form, 415, error('unsupported_media_type'));
const broken = post('application/json', '{"type":');
await refusedByHand('half of JSON', '/notification-settings', broken, 400, error('bad_request'));
const field = async (why, name, more) => {
  const errors = [{ field: name, message: /./ }];
  await refusedWith(400, 'invalid_field', why, () => make(more), { errors });
};
await field('no destination', 'destination', { destination: undefined });
await field('no description', 'description', { description: undefined });
await field('no events', 'subscribed_events', { subscribedEvents: undefined });
await field('an unknown event', 'subscribed_events.1', { subscribedEvents: ['payout.paid', 'payout.imagined'] });
await field('an unknown type', 'type', { type: 'pigeon' });
await field('an unknown version for events', 'api_version', { apiVersion: 9 });
await field('an unknown source of traffic', 'traffic_source', { trafficSource: 'nobody' });
await field('an unknown member', 'secret', { secret: 'mine' });
const address = 'url_notification_setting_incorrect';
await refusedWith(400, address, 'no address', () => make({ destination: 'shop.example' }));

// What is asked for.
const asks = async (why, name, query) => {
  const errors = [{ field: name, message: /./ }];
  await refusedWith(400, 'invalid_field', why, () => all(paddle.transactions.list(query)), { errors });
};
await asks('a cursor of another list', 'after', { after: 'ctm_1' });
await asks('a cursor to nowhere', 'after', { after: 'txn_nowhere' });
await asks('a page of nothing', 'per_page', { perPage: 0 });
await asks('an unknown state', 'status', { status: ['late'] });
await asks('an unknown order', 'order_by', { orderBy: 'size' });
const remove = () => paddle.notificationSettings.delete(second.id);
await refusedWith(404, 'not_found', 'an endpoint that is gone', remove, { detail: `Entity ${second.id} not found` });
await refusedWith(404, 'not_found', 'an endpoint that never was', () => paddle.notificationSettings.get('ntfset_01'));
await refusedByHand('an unknown path', '/webhooks', { headers }, 404, error('invalid_url'));

// One more than may be switched on.
for (let count = 1; count < 10; count += 1) await make();
const most = 'notification_maximum_active_settings_reached';
await refusedWith(400, most, 'an eleventh endpoint', () => make());
await assert.rejects(make(), ApiError);
