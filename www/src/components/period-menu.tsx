//! The period of a report: presets, chosen dates, and the way to its neighbours.
import { useState } from 'preact/hooks';
import type { Site } from '../api/types';
import { dayText, rangeText } from '../format/date';
import { ask, hrefFor, question } from '../state/location';
import { openPanel } from '../state/panel';
import { earlierPeriod, laterPeriod, type Period, type PeriodChoice, rangeOf } from '../state/period';
import { fullChoice, lastFourWeeks, siteToday } from '../state/site-period';
import { Icon } from './icon';
import { Choice, Popover, Separator } from './popover';

const PERIOD_NAMES: Record<Period, string> = {
  day: 'Today',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  month: 'This month',
  '12mo': 'Last 12 months',
  custom: 'Chosen dates',
};

const PERIOD_KEYS: [Period, string][] = [
  ['day', 'D'],
  ['7d', 'W'],
  ['30d', 'T'],
  ['month', 'M'],
  ['12mo', 'Y'],
];

export function periodName(choice: PeriodChoice, today: string, thisYear: number): string {
  const range = rangeOf(choice, today);
  if (choice.period === 'day') return range.to === today ? 'Today' : dayText(range.to, thisYear);
  if (range.to === today || choice.period === 'custom') return PERIOD_NAMES[choice.period];
  return { '7d': '7 days', '30d': '30 days', month: 'Month', '12mo': '12 months' }[choice.period];
}

function CustomDates({
  from,
  to,
  today,
  close,
}: {
  from: string;
  to: string;
  today: string;
  close: () => void;
}) {
  const [first, setFirst] = useState(from);
  const [last, setLast] = useState(to);
  const wrong = !first || !last || first > last;
  return (
    <form
      class="dates"
      onSubmit={(event) => {
        event.preventDefault();
        if (wrong) return;
        close();
        ask(fullChoice({ period: 'custom', from: first, to: last }));
      }}
    >
      <label>
        From
        <input
          type="date"
          value={first}
          max={today}
          data-first
          onInput={(event) => setFirst(event.currentTarget.value)}
        />
      </label>
      <label>
        To
        <input type="date" value={last} max={today} onInput={(event) => setLast(event.currentTarget.value)} />
      </label>
      <button class="button primary" type="submit" aria-disabled={wrong}>
        Show
      </button>
    </form>
  );
}

export function PeriodMenu({ site }: { site: Site }) {
  const asked = question.value;
  const today = siteToday(site);
  const year = Number(today.slice(0, 4));
  const range = rangeOf(asked, today);
  const later = laterPeriod(asked, today);
  const panel = openPanel.value;
  const name = panel === 'dates' ? 'dates' : 'period';
  return (
    <span class="joined period-group">
      <a
        class="button icon-only"
        href={hrefFor(fullChoice(earlierPeriod(asked, today)))}
        aria-label="Earlier period"
      >
        <Icon name="left" />
      </a>
      <Popover
        name={name}
        kind={name === 'dates' ? 'dialog' : 'menu'}
        label="Period"
        button={
          <>
            {periodName(asked, today, year)}
            <span class="light">{rangeText(range.from, range.to, year)}</span>
          </>
        }
      >
        {(close) =>
          name === 'dates' ? (
            <CustomDates from={range.from} to={range.to} today={today} close={close} />
          ) : (
            <>
              {PERIOD_KEYS.map(([period, key]) => (
                <Choice
                  key={period}
                  chosen={asked.period === period && !asked.date}
                  keys={key}
                  onChoose={() => {
                    close();
                    ask(fullChoice({ period }));
                  }}
                >
                  {PERIOD_NAMES[period]}
                </Choice>
              ))}
              <Choice
                note="whole weeks"
                keys="4"
                onChoose={() => {
                  close();
                  ask(fullChoice(lastFourWeeks(today)));
                }}
              >
                Last 28 days
              </Choice>
              <Choice
                chosen={asked.period === 'custom'}
                keys="C"
                onChoose={() => {
                  openPanel.value = 'dates';
                }}
              >
                Choose dates…
              </Choice>
              <Separator />
              <p class="menu-help">Days are cut in {site.time_zone.replaceAll('_', ' ')}.</p>
            </>
          )
        }
      </Popover>
      {later ? (
        <a class="button icon-only" href={hrefFor(fullChoice(later))} aria-label="Later period">
          <Icon name="right" />
        </a>
      ) : (
        <button class="button icon-only" type="button" aria-label="Later period" disabled>
          <Icon name="right" />
        </button>
      )}
    </span>
  );
}
