//! The explanation of one order in words, made from what the server says about its evidence.
import type { Level, LevelEvidence, Money, Order, OrderTouch } from '../api/types';
import { withMinor } from '../format/money';
import { sourceName } from '../format/names';

/** A touch with its number in the journey; those left out have none. */
export interface NumberedTouch {
  touch: OrderTouch;
  /** Its place in the order's list: credits and evidence name it by this. */
  place: number;
  number: number | null;
  hue: number;
}

/** `hues` are the site's: the same channel has the same hue on every page. */
export function numberTouches(touches: OrderTouch[], hues: Map<string, number>): NumberedTouch[] {
  let used = 0;
  return touches.map((touch, place) => {
    const hue = hues.get(touch.channel ?? '') ?? 6;
    if (!touch.used) return { touch, place, number: null, hue };
    used += 1;
    return { touch, place, number: used, hue };
  });
}

const BECAUSE: Record<Level, string> = {
  session: 'the checkout carried the id of a session of this site',
  visitor: 'the checkout carried the id of a visitor of this site',
  customer: 'the customer was known from an earlier visit or payment',
  url: 'the address of the checkout carried a campaign',
};

export interface Story {
  /** What the chosen model credits, most first. */
  credited: { touch: NumberedTouch; money: Money; share: number }[];
  because: string;
}

export function storyOf(order: Order, numbered: NumberedTouch[], model: string): Story {
  const credits = order.credits[model] ?? {};
  const credited = Object.entries(credits)
    .flatMap(([place, credit]) => {
      const touch = numbered[Number(place)];
      if (!touch || credit.money.minor === 0) return [];
      return [{ touch, money: credit.money, share: credit.weight / 1e12 }];
    })
    .sort((a, b) => b.money.minor - a.money.minor);
  return { credited, because: becauseOf(order) };
}

function becauseOf(order: Order): string {
  if (order.inherited_from) return 'it renews an order that this source won';
  const { level } = order.evidence;
  return level === 'unattributed' ? '' : BECAUSE[level];
}

const ORDINALS = ['', 'first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth'];
const CARDINALS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

const cardinal = (n: number) => CARDINALS[n] ?? String(n);

/** "and it was the last of five touches": where in the journey the credited touch stands. */
export function positionWords(number: number, total: number): string {
  if (total === 1) return 'and it was the only touch of the journey';
  if (number === total) return `and it was the last of ${cardinal(total)} touches`;
  return `and it was the ${ORDINALS[number] ?? `${number}th`} of ${cardinal(total)} touches`;
}

export type Verdict = 'decided' | 'agrees' | 'differs' | 'nothing';

/** Whether a level says the same as the one that decided: by the last touch it would credit, else by the visitor. */
export function verdictOf(level: LevelEvidence, decided: LevelEvidence | undefined, order: Order): Verdict {
  if (level.decided) return 'decided';
  if (!level.holds) return 'nothing';
  if (!decided) return 'agrees';
  return sameTouch(level, decided, order) ? 'agrees' : 'differs';
}

const identity = (touch: OrderTouch) =>
  [touch.channel, touch.source, touch.medium, touch.campaign].join('\n').toLowerCase();

function sameTouch(a: LevelEvidence, b: LevelEvidence, order: Order): boolean {
  const [left, right] = [a.found?.touch, b.found?.touch];
  if (typeof left === 'number' && typeof right === 'number') {
    const [one, other] = [order.touches[left], order.touches[right]];
    return left === right || (one !== undefined && other !== undefined && identity(one) === identity(other));
  }
  const pairs = [
    [a.found?.session_id, b.found?.session_id],
    [a.found?.visitor_uid, b.found?.visitor_uid],
  ];
  const known = pairs.filter(([one, other]) => one && other);
  return known.length === 0 || known.every(([one, other]) => one === other);
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

export interface Agreement {
  good: boolean;
  words: string;
}

/** Agreement is the proof, disagreement a finding. */
export function agreementOf(order: Order): Agreement {
  const { levels } = order.evidence;
  const decided = levels.find((level) => level.decided);
  const verdicts = levels.map((level) => verdictOf(level, decided, order));
  const holding = verdicts.filter((verdict) => verdict !== 'nothing').length;
  const place = (verdict: Verdict) =>
    verdicts.flatMap((each, index) => (each === verdict ? [String(index + 1)] : []));
  if (!decided)
    return { good: false, words: 'None of the four levels holds: nothing ties this payment to a visit.' };
  const differing = place('differs');
  if (differing.length) {
    const words =
      differing.length === 1 ? `Level ${differing[0]} points` : `Levels ${differing.join(' and ')} point`;
    return { good: false, words: `${words} to another source; the first level that holds decides.` };
  }
  if (holding === 1) return { good: true, words: 'One of four levels holds; nothing speaks against it.' };
  const all = holding === 2 ? 'both' : `all ${cardinal(holding)}`;
  return {
    good: true,
    words: `${capital(cardinal(holding))} of four levels hold, and ${all} point to the same source.`,
  };
}

/** Refunds and disputes that count, as one amount. */
export const netOf = (order: Order): Money =>
  withMinor(order.amount, order.amount.minor - order.refunded.minor);

/** What would have tied an order that nothing ties. */
export const WOULD_TIE: Record<Level, string> = {
  session: 'Pass checkoutMetadata() into the checkout, so that the payment carries the session.',
  visitor: 'A payment link that the script decorates carries the visitor by itself.',
  customer: 'Call identify() with your own user id, or let the customer come back after a tied payment.',
  url: 'Keep utm parameters in the address from which the checkout is opened.',
};

export const touchName = (touch: OrderTouch) => sourceName(touch);
