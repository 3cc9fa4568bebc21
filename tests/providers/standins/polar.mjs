/** The stand-in for Polar, asked by Polar's own SDK. */

import assert from 'node:assert/strict';
import { PolarClientError } from '@polar-sh/sdk';
import { createPolar, errors } from '@polar-sh/sdk/2026-10';
import { all, answers, has, key, origin, reader, refused, refusedByHand } from './asked.mjs';

const by = (accessToken) => createPolar({ accessToken, baseUrl: origin });
const polar = by(key);
const ids = (rows) => rows.map(({ id }) => id);

// An endpoint, from its making to its end.
const wanted = {
  url: 'https://shop.example/hook',
  name: 'A name',
  format: 'raw',
  events: ['order.paid', 'refund.created'],
  api_version: '2026-10',
};
const make = (more) => polar.webhooks.createWebhookEndpoint({ ...wanted, ...more });
const made = await make();
assert.equal(answers.at(-1), 201);
has(made, { ...wanted, enabled: true, id: /^[0-9a-f-]{36}$/, secret: /^whsec_/ }, 'made');
const second = await make();
const third = await make();
has(await polar.webhooks.getWebhookEndpoint(made.id), wanted, 'shown');
const page = await polar.webhooks.listWebhookEndpoints({ limit: 2 });
has(page.pagination, { total_count: 3, max_page: 2 }, 'a page');
const endpoints = await all(polar.webhooks.iterListWebhookEndpoints({ limit: 1 }));
assert.deepEqual(ids(endpoints), [third.id, second.id, made.id], 'page by page');
await polar.webhooks.deleteWebhookEndpoint(second.id);
assert.equal(answers.at(-1), 204);
assert.deepEqual(ids((await polar.webhooks.listWebhookEndpoints()).items), [third.id, made.id]);

// Payments and what belongs to them.
const orders = await all(polar.orders.iterList({ limit: 2 }));
assert.deepEqual(ids(orders), ['0000-5', '0000-4', '0000-3', '0000-2', '0000-1']);
const metadata = { engagetrack_visitor_id: 'v-5' };
has(orders[0], { paid: true, total_amount: 1999, currency: 'usd', metadata }, 'a sale');
const refunds = await polar.refunds.list({ limit: 100 });
assert.deepEqual(ids(refunds.items), ['0000-re-3', '0000-re-2', '0000-re-1']);
assert.deepEqual((await polar.orders.list({ page: 9 })).items, [], 'a page past the end is empty');
assert.equal((await by(reader).webhooks.listWebhookEndpoints()).items.length, 2, 'a key may be allowed to read alone');
const headers = { authorization: `Bearer ${key}` };
const plain = await fetch(`${origin}/v1/webhooks/endpoints`, { headers });
assert.equal(plain.status, 200, 'without a version it is the present one');

// Keys.
const list = (client) => () => client.webhooks.listWebhookEndpoints();
const unknown = { name: 'PolarClientError', statusCode: 401, error: /"error":"invalid_token"/ };
await refused('a wrong key', list(by('polar_oat_wrong')), unknown);
const path = '/v1/webhooks/endpoints';
await refusedByHand('no key', path, {}, 401, { error: 'Unauthorized', detail: /./ });
await refused('a key that may only read', () => by(reader).webhooks.createWebhookEndpoint(wanted), {
  name: 'PolarClientError',
  statusCode: 403,
  error: /"error":"insufficient_scope"/,
});

// What makes an endpoint: a refusal names the place of each fault.
const post = (type, body) => ({ method: 'POST', headers: { ...headers, 'content-type': type }, body });
const fault = (type, ...loc) => ({ detail: [{ type, loc, msg: /./ }] });
const form = post('application/x-www-form-urlencoded', 'format=raw');
await refusedByHand('a form for JSON', path, form, 422, fault('model_attributes_type', 'body'));
const broken = post('application/json', '{"url":');
await refusedByHand('half of JSON', path, broken, 422, fault('json_invalid', 'body'));
const faulty = async (why, call, type, ...loc) => {
  await refused(why, call, { name: 'HTTPValidationError', statusCode: 422, error: fault(type, ...loc) });
};
await faulty('no url', () => make({ url: undefined }), 'missing', 'body', 'url');
await faulty('no format', () => make({ format: undefined }), 'missing', 'body', 'format');
await faulty('no events', () => make({ events: undefined }), 'missing', 'body', 'events');
const events = ['order.paid', 'order.imagined'];
await faulty('an unknown event', () => make({ events }), 'enum', 'body', 'events', 1);
await faulty('an unknown format', () => make({ format: 'pigeon' }), 'enum', 'body', 'format');
await faulty('an unknown version for events', () => make({ api_version: '1999-01' }), 'enum', 'body', 'api_version');
await faulty('a plain address', () => make({ url: 'http://shop.example/' }), 'url_scheme', 'body', 'url');
await faulty('its own host', () => make({ url: 'https://localhost/' }), 'value_error', 'body', 'url');

// What is asked for.
await faulty('a page before the first', () => polar.orders.list({ page: 0 }), 'greater_than', 'query', 'page');
await faulty('a page that is no number', () => polar.orders.list({ page: 'next' }), 'int_parsing', 'query', 'page');
await faulty('a page of nothing', () => polar.refunds.list({ limit: 0 }), 'greater_than', 'query', 'limit');
await faulty('an id that is none', () => polar.webhooks.deleteWebhookEndpoint('we_1'), 'uuid_parsing', 'path', 'id');
const missing = { name: 'ResourceNotFound', statusCode: 404, error: { error: 'ResourceNotFound' } };
await refused('an endpoint that is gone', () => polar.webhooks.deleteWebhookEndpoint(second.id), missing);
await refused('an endpoint that never was', () => polar.webhooks.getWebhookEndpoint(second.id), missing);
const old = { headers: { ...headers, 'polar-version': '1999-01' } };
await refusedByHand('an unknown version', path, old, 404, { detail: 'Not Found' });
await refusedByHand('a path without its last slash', '/v1/orders', { headers }, 307, {});
await refusedByHand('an unknown path', '/v1/webhooks', { headers }, 404, { detail: 'Not Found' });
await assert.rejects(make({ url: undefined }), PolarClientError);
await assert.rejects(make({ url: undefined }), errors.HTTPValidationError);
