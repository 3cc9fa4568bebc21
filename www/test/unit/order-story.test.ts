//! The explanation of an order says what its evidence says.
import { describe, expect, it } from 'vitest';
import type { LevelEvidence, Order } from '../../src/api/types';
import { agreementOf, numberTouches, positionWords, storyOf, verdictOf } from '../../src/views/order-story';
import { order as fixture, rows } from '../fixtures/orders.mjs';

const tied = () => structuredClone(fixture('pi_3QfT9mK2eZvKYlo2C1dxBq7A').data) as unknown as Order;
const untied = () =>
  structuredClone(
    fixture(rows.find((row) => row.level === 'unattributed')?.order_id).data,
  ) as unknown as Order;
const HUES = new Map([['Email', 1]]);

function level(order: Order, name: string): LevelEvidence {
  const found = order.evidence.levels.find((each) => each.level === name);
  if (!found) throw new Error(`no level ${name}`);
  return found;
}

describe('an order', () => {
  it('numbers the touches that were used and only those', () => {
    expect(numberTouches(tied().touches, HUES).map(({ number }) => number)).toEqual([
      null,
      1,
      2,
      3,
      4,
      5,
      null,
    ]);
  });

  it('gives touches of one channel one hue', () => {
    expect(numberTouches(tied().touches, HUES).map(({ hue }) => hue)).toEqual([6, 6, 6, 1, 6, 1, 6]);
  });

  it('credits the touch that the chosen model names by its place', () => {
    const order = tied();
    const numbered = numberTouches(order.touches, HUES);
    expect(storyOf(order, numbered, 'last_touch').credited.map(({ touch }) => touch.number)).toEqual([5]);
    expect(storyOf(order, numbered, 'first_touch').credited.map(({ touch }) => touch.number)).toEqual([1]);
    expect(storyOf(order, numbered, 'position').credited).toHaveLength(5);
  });

  it('says where in the journey the touch stands', () => {
    expect(positionWords(5, 5)).toContain('last of five');
    expect(positionWords(1, 5)).toContain('first of five');
    expect(positionWords(1, 1)).toContain('only touch');
  });

  it('finds agreement where levels name the same touch', () => {
    const order = tied();
    const decided = level(order, 'session');
    expect(verdictOf(decided, decided, order)).toBe('decided');
    expect(verdictOf(level(order, 'visitor'), decided, order)).toBe('agrees');
    expect(verdictOf(level(order, 'customer'), decided, order)).toBe('nothing');
    expect(agreementOf(order)).toEqual({
      good: true,
      words: 'Three of four levels hold, and all three point to the same source.',
    });
  });

  it('reports disagreement as a finding', () => {
    const order = tied();
    const url = level(order, 'url');
    url.found = { session_id: null, visitor_uid: null, touch: 1 };
    expect(verdictOf(url, level(order, 'session'), order)).toBe('differs');
    expect(agreementOf(order)).toMatchObject({
      good: false,
      words: expect.stringContaining('Level 4 points to another source'),
    });
  });

  it('says that nothing ties an unattributed one', () => {
    expect(agreementOf(untied())).toMatchObject({
      good: false,
      words: expect.stringContaining('None of the four'),
    });
  });
});
