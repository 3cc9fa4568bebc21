import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import Stripe from 'stripe';
import { command } from '../browser/binary.ts';
import { Shop } from './shop.ts';
import type { Provider } from './signers.ts';
import { Gate } from './gate.ts';

/** The history is fetched some seconds after the start, page by page. */
const LONG = { timeout: 60_000 };

/** A provider by its own description: where that is, and what of it our server asks for. */
interface Described {
  provider: Provider;
  /** A file, or `stripe`: its description comes with a package. */
  source: string | undefined;
  /** How to give it where it is not at hand. */
  setting: string;
  key: string;
  /** Where it has webhook endpoints. */
  endpoints: string;
  paths: string[];
  /** What the history reads, in its order. */
  lists: string[];
  /** What the description is too old to know, and what Prism misreads in it. */
  amend?: (description: any) => void;
}

const ALL: Described[] = [
  {
    provider: 'stripe',
    source: process.env.ENGAGETRACK_OPENAPI_STRIPE ?? 'stripe',
    setting: 'ENGAGETRACK_OPENAPI_STRIPE',
    key: 'rk_live_51HyZdescribed',
    endpoints: '/v1/webhook_endpoints',
    paths: [
      '/v1/webhook_endpoints',
      '/v1/webhook_endpoints/{webhook_endpoint}',
      '/v1/payment_intents',
      '/v1/invoices',
      '/v1/checkout/sessions',
      '/v1/refunds',
      '/v1/disputes',
    ],
    lists: ['/v1/payment_intents', '/v1/invoices', '/v1/checkout/sessions', '/v1/refunds', '/v1/disputes'],
    // It was written before the version of the API that the official SDK speaks.
    amend: (description) => {
      const post = description.paths['/v1/webhook_endpoints'].post.requestBody;
      const { properties } = post.content['application/x-www-form-urlencoded'].schema;
      properties.api_version.enum.push(Stripe.API_VERSION);
      // Prism takes an object that need not be sent, and is not, for an empty one.
      const sessions = description.paths['/v1/checkout/sessions'].get;
      sessions.parameters = sessions.parameters.filter((one: any) => one.name !== 'customer_details');
    },
  },
  {
    provider: 'paddle',
    source: process.env.ENGAGETRACK_OPENAPI_PADDLE,
    setting: 'ENGAGETRACK_OPENAPI_PADDLE',
    key: 'pdl_live_apikey_01described',
    endpoints: '/notification-settings',
    paths: [
      '/event-types',
      '/notification-settings',
      '/notification-settings/{notification_setting_id}',
      '/transactions',
      '/adjustments',
      '/customers',
    ],
    lists: ['/transactions', '/adjustments', '/customers'],
  },
  {
    provider: 'polar',
    source: process.env.ENGAGETRACK_OPENAPI_POLAR,
    setting: 'ENGAGETRACK_OPENAPI_POLAR',
    key: 'polar_oat_described',
    endpoints: '/v1/webhooks/endpoints',
    paths: ['/v1/webhooks/endpoints', '/v1/webhooks/endpoints/{id}', '/v1/orders/', '/v1/refunds/'],
    lists: ['/v1/orders/', '/v1/refunds/'],
  },
];

for (const { provider, source, setting, key, endpoints, paths, lists, amend } of ALL) {
  test.describe(`${provider}, as its own description has it`, () => {
    test.skip(!source, `${setting} names no description`);
    test.describe.configure({ timeout: 120_000 });
    let gate: Gate;

    test.beforeAll(async () => {
      gate = await Gate.open(source ?? '', paths, amend);
    });

    test.afterAll(() => gate?.close());

    test.beforeEach(() => gate.forget());

    /** Each request that the gate saw since then, in a word. */
    const asked = (since = 0) => gate.judged.slice(since).map(({ method, path }) => `${method} ${path}`);

    test('connecting, fetching the past, rotating and disconnecting ask for nothing that it does not have', async () => {
      const shop = await Shop.open(`${provider}=${gate.origin}`);
      const connected = await shop.connectByKey(provider, key);
      expect(connected.status, JSON.stringify([connected.body, gate.faults()])).toBe(201);
      const [list, made] = [`GET ${endpoints}`, `POST ${endpoints}`];
      expect(asked()).toEqual(expect.arrayContaining([list, made]));

      const history = async () => (await shop.health(provider)).history;
      await expect.poll(history, LONG).toMatchObject({ state: 'done', problem: null, left_out: [] });
      expect((await history()).read).toBeGreaterThan(0);
      for (const path of lists) {
        const pages = gate.judged.filter((request) => request.path === path);
        expect(pages.length, `${path} is read page by page`).toBe(2);
        expect(pages[1]?.query.toString()).not.toBe(pages[0]?.query.toString());
      }

      const before = gate.judged.length;
      expect((await shop.ask('POST', `/integrations/${provider}/rotate`, {})).status).toBe(200);
      expect(asked(before)).toEqual(expect.arrayContaining([list, made]));
      const rotated = gate.judged.length;
      expect((await shop.ask('DELETE', `/integrations/${provider}`)).status).toBe(200);
      expect(asked(rotated)).toHaveLength(1);
      expect(asked(rotated)[0]).toMatch(new RegExp(`^DELETE ${endpoints}/.`));
      expect(gate.faults()).toEqual([]);
      await shop.close();
    });

    test('the command line connects, rotates and disconnects alike', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'engagetrack-described-'));
      const told = async (...words: string[]) =>
        JSON.parse(await command(...words, '--json', '--data-dir', folder));
      const { site_id: site } = await told('site', 'add', 'shop.example');
      const there = ['--public-url', 'https://stats.shop.example', '--provider-host', `${provider}=${gate.origin}`];
      const integration = (verb: string, ...words: string[]) =>
        told('integration', verb, provider, '--site', site, ...words, ...there);
      const webhook = `https://stats.shop.example/api/v1/webhooks/${provider}/${site}`;
      const connected = await integration('add', '--api-key', key);
      expect(connected).toMatchObject({ webhook_url: webhook, mode: 'live', connected_by: 'api_key' });
      expect(JSON.stringify(connected)).not.toContain(key);
      expect(await integration('rotate')).toMatchObject({ webhook_url: webhook });
      await integration('remove');
      const made = gate.judged.filter(({ method, path }) => method === 'POST' && path === endpoints);
      expect(made).toHaveLength(2);
      expect(gate.faults()).toEqual([]);
      await rm(folder, { recursive: true });
    });

    test('a request that the provider would refuse is found', async () => {
      const [path = ''] = lists;
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
      await fetch(`${gate.origin}${path}?unknown=1`, { headers });
      await fetch(`${gate.origin}${endpoints}`, { method: 'POST', headers, body: '{}' });
      await fetch(`${gate.origin}${path}`);
      await fetch(`${gate.origin}/somewhere`, { headers });
      for (const { method, path, faults } of gate.judged) expect(faults, `${method} ${path}`).not.toEqual([]);
      expect(gate.judged).toHaveLength(4);
    });
  });
}
