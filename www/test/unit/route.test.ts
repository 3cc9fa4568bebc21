//! Each address leads to one view, and a strange one to none.
import { describe, expect, it } from 'vitest';
import { parseRoute } from '../../src/state/location';
import { hostOf } from '../../src/views/host';

describe('routes', () => {
  it('lead to the views of a site', () => {
    expect(parseRoute('/s/pk_live_1')).toEqual({ name: 'site', site: 'pk_live_1', view: 'overview' });
    expect(parseRoute('/s/pk_live_1/revenue/')).toEqual({ name: 'site', site: 'pk_live_1', view: 'revenue' });
    expect(parseRoute('/s/pk_live_1/orders/a%2Fb')).toEqual({
      name: 'site',
      site: 'pk_live_1',
      view: 'orders',
      order: 'a/b',
    });
    expect(parseRoute('/s/pk_live_1/settings')).toMatchObject({ view: 'settings', tab: 'tracking' });
    expect(parseRoute('/s/pk_live_1/settings/keys')).toMatchObject({ view: 'settings', tab: 'keys' });
  });

  it('lead nowhere where there is nothing', () => {
    for (const path of ['/s', '/s/x/magic', '/s/x/orders/1/2', '/s/x/settings/magic', '/admin']) {
      expect(parseRoute(path)).toEqual({ name: 'missing' });
    }
  });

  it('survive a broken escape', () => {
    expect(parseRoute('/s/x/orders/%E0%A4')).toMatchObject({ view: 'orders', order: '%E0%A4' });
  });
});

describe('a domain that somebody pastes', () => {
  it('is reduced to its host', () => {
    expect([
      hostOf('https://www.Shop.example/path?x=1'),
      hostOf('shop.example'),
      hostOf(' shop.example:8080 '),
    ]).toEqual(['shop.example', 'shop.example', 'shop.example']);
  });
});
