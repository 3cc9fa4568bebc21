//! How a provider does, in a word: nobody is alarmed by what strangers send.
import { describe, expect, it } from 'vitest';
import type { Integration } from '../../src/api/types';
import { healthOf } from '../../src/format/health';

const refused = { refused_24h: 1, last_refused: { at: '2026-11-26T10:00:00Z', reason: 'its signature …' } };
const quiet = { endpoint: null, history: null, refused_24h: 0, last_refused: null, last_event_at: null };
const words = (now: Partial<Integration>) => healthOf({ ...quiet, ...now } as Integration).words;

describe('the health of a provider', () => {
  it('is trouble while webhooks are refused', () => {
    expect(words(refused)).toBe('Needs you');
    expect(words({ ...refused, last_event_at: '2026-11-26T09:00:00Z' })).toBe('Needs you');
  });

  it('is no trouble once one came through since', () => {
    expect(words({ ...refused, last_event_at: '2026-11-26T10:00:01Z' })).toBe('Healthy');
  });

  it('is trouble where the endpoint is gone', () => {
    const endpoint = { id: 'we_1', state: 'missing', checked_at: '2026-11-26T10:00:00Z', problem: null };
    expect(words({ endpoint, last_event_at: '2026-11-26T10:00:01Z' } as Partial<Integration>)).toBe(
      'Needs you',
    );
  });

  it('waits for the first webhook', () => {
    expect(words({})).toBe('Waiting for the first webhook');
  });
});
