//! Counts, rates, durations, days and moments read as people say them.
import { describe, expect, it } from 'vitest';
import { agoText, dayText, gapText, momentText, rangeText, spanText } from '../../src/format/date';
import { sourceDetail, sourceName, valueName } from '../../src/format/names';
import { count, credited, duration, plural, rate, share } from '../../src/format/number';

describe('numbers', () => {
  it('show rates with two decimals under ten percent and one above', () => {
    expect([rate(0.0115), rate(0.0999), rate(0.1), rate(0.976), rate(null)]).toEqual([
      '1.15%',
      '9.99%',
      '10.0%',
      '97.6%',
      '–',
    ]);
  });

  it('show shares in whole percents and never round something to nothing', () => {
    expect([share(0.291), share(0.004), share(0)]).toEqual(['29%', 'less than 1%', '0%']);
  });

  it('show durations in the units of speech', () => {
    expect([duration(47), duration(192), duration(180), duration(3840), duration(null)]).toEqual([
      '47 s',
      '3 min 12 s',
      '3 min',
      '1 h 4 min',
      '–',
    ]);
  });

  it('show split orders in tenths and whole ones whole', () => {
    expect([credited(12.4), credited(12), count(51_327), plural(1, 'order'), plural(0, 'order')]).toEqual([
      '12.4',
      '12',
      '51,327',
      '1 order',
      '0 orders',
    ]);
  });
});

describe('days and moments', () => {
  const now = new Date(2026, 10, 25, 10, 0, 0);

  it('name the year only when it is another one', () => {
    expect(dayText('2026-11-18', 2026)).toBe('Nov 18');
    expect(dayText('2025-11-18', 2026)).toBe('Nov 18, 2025');
    expect(rangeText('2026-10-25', '2026-11-23', 2026)).toBe('Oct 25 – Nov 23');
    expect(rangeText('2025-10-25', '2025-11-23', 2026)).toBe('Oct 25 – Nov 23, 2025');
    expect(rangeText('2026-11-23', '2026-11-23', 2026)).toBe('Nov 23');
  });

  it('tell the distance up to a day and the date from then on', () => {
    const past = (seconds: number) => new Date(now.getTime() - seconds * 1000).toISOString();
    expect([agoText(past(5), now), agoText(past(540), now), agoText(past(7300), now)]).toEqual([
      'just now',
      '9 min ago',
      '2 h ago',
    ]);
    expect(agoText(past(86_400), now)).toBe('Nov 24, 10:00');
    expect(momentText(past(0), now, true)).toBe('Nov 25, 2026, 10:00');
  });

  it('measure a gap in its largest unit', () => {
    expect(gapText('2026-11-18T07:52:00Z', '2026-11-18T08:06:00Z')).toBe('14 min');
    expect(spanText('2026-10-26T08:00:00Z', '2026-11-18T08:00:00Z')).toBe('23 days');
    expect(spanText('2026-11-17T08:00:00Z', '2026-11-18T08:00:00Z')).toBe('1 day');
  });
});

describe('names', () => {
  it('join channel, source and campaign without saying anything twice', () => {
    const email = { channel: 'Email', source: 'newsletter', campaign: 'spring' };
    expect(sourceName(email)).toBe('Email · newsletter / spring');
    expect(sourceName({ channel: 'Direct', source: 'Direct', campaign: '(not set)' })).toBe('Direct');
    expect(sourceDetail({ channel: 'Organic Search', source: 'Google', campaign: null })).toBe('Google');
  });

  it('spell countries and devices out and leave other values as they are', () => {
    expect([
      valueName('country', 'DE'),
      valueName('device', 'mobile'),
      valueName('campaign', 'mobile'),
      valueName('source', ''),
    ]).toEqual(['Germany', 'Mobile', 'mobile', '(not set)']);
  });
});
