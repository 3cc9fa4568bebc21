//! The journey of an order: every touch in its time, used or left out with the reason, then the money.
import type { Order, OrderEntry, OrderTouch, Site } from '../api/types';
import { JourneyAxis } from '../charts/journey-axis';
import { Card } from '../components/card';
import { Icon } from '../components/icon';
import { Badge, Moment } from '../components/words';
import { gapText, momentText, spanText } from '../format/date';
import { exactMoney } from '../format/money';
import { capital, countryName, isSet, leftOutReason } from '../format/names';
import { plural } from '../format/number';
import { now } from '../state/clock';
import { siteHref } from '../state/location';
import { type NumberedTouch, touchName } from './order-story';

interface JourneyProps {
  site: Site;
  order: Order;
  numbered: NumberedTouch[];
  model: string;
}

function circumstances(touch: OrderTouch): string {
  return [
    touch.landing_page,
    touch.referrer && touch.channel !== 'Direct' ? `from ${touch.referrer}` : null,
    isSet(touch.term) ? `term ${touch.term}` : null,
    isSet(touch.content) ? `content ${touch.content}` : null,
    touch.device ? capital(touch.device) : null,
    touch.country ? countryName(touch.country) : null,
  ]
    .filter((part) => part && part !== '(not set)')
    .join(' · ');
}

function LeftOutReason({ site, order, touch }: { site: Site; order: Order; touch: OrderTouch }) {
  const from = order.evidence.window_from;
  if (touch.reason !== 'outside_window') return <>{leftOutReason(touch.reason)}</>;
  const days = site.window_days ? `${site.window_days}-day window` : 'window';
  return (
    <>
      Before the {days}
      {from && `, which begins ${momentText(from, now.value)}`}.{' '}
      <a class="link" href={siteHref(site.site_id, '/settings/revenue')}>
        Change the window
      </a>
    </>
  );
}

interface StepProps extends JourneyProps {
  step: NumberedTouch;
  gap: string;
}

function TouchStep({ site, order, step, gap, model }: StepProps) {
  const { touch, number, hue, place } = step;
  const credit = order.credits[model]?.[String(place)];
  const credited = credit !== undefined && credit.money.minor !== 0;
  return (
    <li class={number === null ? 'step left-out' : 'step'}>
      <Moment at={touch.at} />
      <span class={number === null ? 'step-mark out' : `step-mark ring-${hue}`} aria-hidden={number === null}>
        {number ?? '–'}
      </span>
      <div class="step-body">
        <p class="step-name">
          {touchName(touch)}
          {number === null && <Badge>left out</Badge>}
          {credited && (
            <Badge tone="money">
              {credit.money.minor === order.amount.minor ? 'credited' : exactMoney(credit.money)}
            </Badge>
          )}
        </p>
        <p class="step-more">
          {number === null ? (
            <LeftOutReason site={site} order={order} touch={touch} />
          ) : (
            circumstances(touch) || 'nothing more is known'
          )}
        </p>
      </div>
      <span class="step-gap">{gap}</span>
    </li>
  );
}

const ENTRY_NAMES: Record<OrderEntry['kind'], string> = {
  payment: 'Paid',
  refund: 'Refunded',
  dispute: 'Disputed',
};

function EntryStep({ entry, gap }: { entry: OrderEntry; gap: string }) {
  const isPayment = entry.kind === 'payment';
  return (
    <li class={entry.counts ? 'step' : 'step left-out'}>
      <Moment at={entry.at} />
      <span class={isPayment ? 'step-mark pay' : 'step-mark out'} aria-hidden="true">
        {isPayment ? '$' : <Icon name="undo" small />}
      </span>
      <div class="step-body">
        <p class="step-name">
          {ENTRY_NAMES[entry.kind]} {exactMoney(entry.amount)}
          {!entry.counts && <Badge tone="warn">{entry.status}, not counted</Badge>}
        </p>
        <p class="step-more">
          {isPayment ? (
            <span class="mono">{entry.id}</span>
          ) : entry.counts ? (
            'Takes back the same share of every credit below, to the last minor unit.'
          ) : (
            'It failed or was taken back, so it lowers no period.'
          )}
        </p>
      </div>
      <span class="step-gap">{gap}</span>
    </li>
  );
}

type Step = { at: string; touch: NumberedTouch } | { at: string; entry: OrderEntry };

/** Touches and money in one time line; a touch of the same moment stands before the payment. */
function stepsOf(order: Order, numbered: NumberedTouch[]): Step[] {
  const touches: Step[] = numbered.map((touch) => ({ at: touch.touch.at, touch }));
  const entries: Step[] = order.entries.map((entry) => ({ at: entry.at, entry }));
  return [...touches, ...entries].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

export function OrderJourney(props: JourneyProps) {
  const { order, numbered } = props;
  const used = numbered.filter(({ number }) => number !== null);
  const leftOut = numbered.length - used.length;
  const [first] = used;
  const days = first ? spanText(first.touch.at, order.at) : '';
  const steps = stepsOf(order, numbered);
  let before: string | null = null;
  const gapOf = (step: Step): string => {
    const counts = 'entry' in step || step.touch.number !== null;
    if (!counts) return '';
    const text =
      before === null ? ('entry' in step ? '' : 'first touch') : `${gapText(before, step.at)} later`;
    before = step.at;
    return text;
  };
  return (
    <Card
      title="Journey"
      beside={
        <span class="faint">
          {used.length > 0
            ? `${plural(used.length, 'touch', 'touches')}${used.length > 1 ? ` in ${days}` : ''}`
            : 'no touch is known'}
          {leftOut > 0 && `, ${leftOut} left out`}
        </span>
      }
      class="journey-card"
    >
      <div class="journey">
        {numbered.length > 0 && (
          <JourneyAxis
            marks={numbered.map(({ touch, number, hue }) => ({ at: touch.at, number, hue }))}
            windowFrom={order.evidence.window_from}
            paidAt={order.evidence.order_time}
            label={`The journey on a time line from ${momentText(steps[0]?.at ?? order.at, now.value)} to the payment on ${momentText(order.at, now.value)}; the list below has the same steps.`}
          />
        )}
        <ol class="steps">
          {steps.map((step) =>
            'entry' in step ? (
              <EntryStep key={`${step.entry.kind} ${step.entry.id}`} entry={step.entry} gap={gapOf(step)} />
            ) : (
              <TouchStep key={`touch ${step.touch.place}`} {...props} step={step.touch} gap={gapOf(step)} />
            ),
          )}
        </ol>
      </div>
    </Card>
  );
}
