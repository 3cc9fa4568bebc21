/** The stand-in for Stripe, asked by Stripe's own SDK. */

import assert from 'node:assert/strict';
import Stripe from 'stripe';
import { all, has, key, origin, reader, refused, refusedByHand } from './asked.mjs';

const { hostname, port } = new URL(origin);
const at = { host: hostname, port: Number(port), protocol: 'http', maxNetworkRetries: 0, telemetry: false };
const by = (secret, more) => new Stripe(secret, { ...at, ...more });
const stripe = by(key);
const ids = (rows) => rows.map(({ id }) => id);

// An endpoint, from its making to its end.
const wanted = {
  url: 'https://shop.example/hook',
  enabled_events: ['payment_intent.succeeded', 'refund.created'],
  api_version: Stripe.API_VERSION,
  description: 'A description, with a space & more',
  metadata: { of: 'the test' },
};
const once = { idempotencyKey: 'key-of-the-first' };
const made = await stripe.webhookEndpoints.create(wanted, once);
has(made, { ...wanted, object: 'webhook_endpoint', status: 'enabled', livemode: true }, 'made');
has(made, { id: /^we_/, secret: /^whsec_/ }, 'made');
const again = await stripe.webhookEndpoints.create(wanted, once);
assert.equal(again.id, made.id, 'the same key of idempotency makes nothing');
assert.equal(again.lastResponse.headers['idempotent-replayed'], 'true');
const second = await stripe.webhookEndpoints.create({ ...wanted, enabled_events: ['*'] });
const third = await stripe.webhookEndpoints.create(wanted);
const shown = await stripe.webhookEndpoints.retrieve(made.id);
has(shown, wanted, 'shown');
assert.equal(shown.secret, undefined, 'a secret is told once');
const first = await stripe.webhookEndpoints.list({ limit: 2 });
has(first, { object: 'list', has_more: true, url: '/v1/webhook_endpoints' }, 'a page');
assert.equal(first.data.length, 2);
const endpoints = await all(stripe.webhookEndpoints.list({ limit: 1 }));
assert.deepEqual(ids(endpoints), [third.id, second.id, made.id], 'the newest first, page by page');
const gone = await stripe.webhookEndpoints.del(second.id);
has(gone, { id: second.id, object: 'webhook_endpoint', deleted: true }, 'gone');
assert.equal((await stripe.webhookEndpoints.list()).data.length, 2);

// Payments and what belongs to them.
const payments = await all(stripe.paymentIntents.list({ limit: 2 }));
assert.deepEqual(ids(payments), ['pi_5', 'pi_4', 'pi_3', 'pi_2', 'pi_1']);
assert.equal(payments[0].latest_charge, 'ch_5', 'not expanded');
const expanded = await stripe.paymentIntents.list({ limit: 1, expand: ['data.latest_charge'] });
has(expanded.data[0].latest_charge, { id: 'ch_5', created: /^\d+$/ }, 'expanded');
const invoices = await stripe.invoices.list({ status: 'paid', expand: ['data.payments'] });
assert.deepEqual(ids(invoices.data), ['in_3', 'in_1'], 'the paid ones');
assert.equal(invoices.data[0].payments.data[0].id, 'inpay_3');
assert.equal((await stripe.invoices.list()).data[0].payments, undefined, 'not expanded');
assert.deepEqual(ids((await stripe.checkout.sessions.list({ status: 'complete' })).data), ['cs_3', 'cs_1']);
assert.deepEqual(ids(await all(stripe.refunds.list({ limit: 1 }))), ['re_3', 're_2', 're_1']);
assert.deepEqual(ids(await all(stripe.disputes.list())), ['dp_3', 'dp_2', 'dp_1']);
assert.equal((await by(reader).webhookEndpoints.list()).data.length, 2, 'a restricted key may read');

// Keys.
const list = (client) => () => client.webhookEndpoints.list();
const unknown = { type: 'StripeAuthenticationError', statusCode: 401, rawType: 'invalid_request_error' };
await refused('a wrong key', list(by('rk_live_wrong')), { ...unknown, message: /Invalid API Key provided/ });
const error = { type: 'invalid_request_error' };
await refusedByHand('no key', '/v1/refunds', {}, 401, { error: { ...error, message: /did not provide/ } });
await refused('a key that may only read', () => by(reader).webhookEndpoints.create(wanted), {
  type: 'StripePermissionError',
  statusCode: 403,
  message: /rak_webhook_write/,
});

// What makes an endpoint.
const create = (more) => () => stripe.webhookEndpoints.create({ ...wanted, ...more });
const invalid = { type: 'StripeInvalidRequestError', statusCode: 400, rawType: 'invalid_request_error' };
const bearer = { authorization: `Bearer ${key}` };
const json = { ...bearer, 'content-type': 'application/json' };
const sent = { method: 'POST', headers: json, body: JSON.stringify(wanted) };
const form = { error: { ...error, message: /content type is application\/x-www-form-urlencoded/ } };
await refusedByHand('JSON for a form', '/v1/webhook_endpoints', sent, 400, form);
const lacking = { ...invalid, code: 'parameter_missing' };
await refused('no url', create({ url: undefined }), { ...lacking, param: 'url' });
await refused('no events', create({ enabled_events: undefined }), { ...lacking, param: 'enabled_events' });
const events = ['refund.created', 'refund.imagined'];
await refused('an unknown event', create({ enabled_events: events }), { ...invalid, param: 'enabled_events[1]' });
const url = { ...invalid, code: 'url_invalid', param: 'url' };
await refused('no address', create({ url: 'shop.example' }), url);
await refused('a plain address for live money', create({ url: 'http://shop.example/' }), url);
await refused('an unknown version for events', create({ api_version: '1999-01-01' }), {
  ...invalid,
  param: 'api_version',
});
await refused('an unknown parameter', create({ secret: 'whsec_mine' }), {
  ...invalid,
  code: 'parameter_unknown',
  param: 'secret',
});
const other = { ...wanted, url: 'https://other.example/' };
await refused('a used key of idempotency', () => stripe.webhookEndpoints.create(other, once), {
  type: 'StripeIdempotencyError',
  statusCode: 400,
  rawType: 'idempotency_error',
});

// What is asked for.
await refused('an unknown version', list(by(key, { apiVersion: '1999-01-01' })), {
  ...invalid,
  message: /Invalid Stripe API version: 1999-01-01/,
});
const pages = (query) => () => stripe.paymentIntents.list(query);
const cursor = { ...invalid, code: 'resource_missing', param: 'starting_after' };
await refused('a bad cursor', pages({ starting_after: 'pi_nowhere' }), cursor);
await refused('too many at once', pages({ limit: 101 }), { ...invalid, param: 'limit' });
await refused('a limit that is no number', pages({ limit: 'many' }), {
  ...invalid,
  code: 'parameter_invalid_integer',
  param: 'limit',
});
await refused('an unknown expansion', pages({ expand: ['data.nothing'] }), { ...invalid, param: 'expand' });
await refused('an unknown filter', pages({ status: 'paid' }), { ...invalid, code: 'parameter_unknown' });
await refused('an unknown state', () => stripe.invoices.list({ status: 'late' }), { ...invalid, param: 'status' });
const missing = { type: 'StripeInvalidRequestError', statusCode: 404, code: 'resource_missing' };
await refused('an endpoint that is gone', () => stripe.webhookEndpoints.del(second.id), missing);
await refused('an endpoint that never was', () => stripe.webhookEndpoints.retrieve('we_never'), missing);
await refusedByHand('an unknown path', '/v1/webhooks', { headers: bearer }, 404, { error });

// One more than an account may have.
for (let count = 2; count < 16; count += 1) await create()();
await refused('a seventeenth endpoint', create(), { ...invalid, message: /maximum of 16/ });
