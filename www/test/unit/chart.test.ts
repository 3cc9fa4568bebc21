//! Axes are honest and their labels do not touch.
import { describe, expect, it } from 'vitest';
import { timeTicks, verticalAxis } from '../../src/charts/axis';
import { spreadOut } from '../../src/charts/journey-axis';

describe('a vertical axis', () => {
  it('begins at zero and covers the highest value', () => {
    const axis = verticalAxis(0, 100, 3965);
    expect(axis.ticks[0]).toBe(0);
    expect(axis.y(0)).toBe(100);
    expect(axis.y(3965)).toBeGreaterThanOrEqual(0);
    expect(axis.ticks.at(-1)).toBeGreaterThanOrEqual(3965);
  });

  it('has no step smaller than one thing', () => {
    for (const tick of verticalAxis(0, 100, 1).ticks) expect(Number.isInteger(tick)).toBe(true);
    expect(verticalAxis(0, 100, 0).ticks.length).toBeGreaterThan(1);
  });
});

describe('a time axis', () => {
  const days = Array.from({ length: 30 }, (_, place) =>
    new Date(Date.UTC(2026, 9, 27 + place)).toISOString().slice(0, 10),
  );

  it('labels Mondays and calls the running day today', () => {
    const texts = timeTicks('day', days, { width: 950, running: true, thisYear: 2026 }).map(
      ({ text }) => text,
    );
    expect(texts).toEqual(['Nov 2', 'Nov 9', 'Nov 16', 'Nov 23', 'Today']);
  });

  it('leaves labels out rather than let them touch', () => {
    const ticks = timeTicks('day', days, { width: 200, running: true, thisYear: 2026 });
    const places = ticks.map(({ place }) => (place * 200) / 30);
    for (const [index, place] of places.entries()) {
      if (index > 0) expect(place - (places[index - 1] ?? 0)).toBeGreaterThanOrEqual(40);
    }
  });

  it('gives way to today where a Monday stands too close to it', () => {
    const texts = timeTicks('day', days, { width: 330, running: true, thisYear: 2026 }).map(
      ({ text }) => text,
    );
    expect(texts).toEqual(['Nov 2', 'Nov 9', 'Nov 16', 'Today']);
  });

  it('has nothing to say about nothing', () => {
    expect(timeTicks('day', [], { width: 200, running: true, thisYear: 2026 })).toEqual([]);
  });
});

describe('marks on a journey', () => {
  it('are moved apart, never out of order, and never past the payment', () => {
    expect(spreadOut([10, 90, 95, 99], 17, 100)).toEqual([10, 49, 66, 83]);
    expect(spreadOut([10, 40], 17, 100)).toEqual([10, 40]);
  });
});
