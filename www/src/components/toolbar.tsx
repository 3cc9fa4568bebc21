//! The bar above every report: period, comparison, model, filters.
import type { Site } from '../api/types';
import { dayText, rangeText } from '../format/date';
import { now } from '../state/clock';
import { ask, hrefFor, question } from '../state/location';
import { DEFAULT_MODEL, MODELS, modelName, offered } from '../state/models';
import { announce, say } from '../state/notice';
import { openPanel } from '../state/panel';
import {
  addDays,
  comparedRange,
  type Compare,
  earlierPeriod,
  laterPeriod,
  type Period,
  type PeriodChoice,
  rangeOf,
  todayIn,
} from '../state/period';
import { rememberModel } from '../state/preference';
import { useEffect, useState } from 'preact/hooks';
import { probeModels } from '../state/probe';
import { FilterChips, FilterMenu } from './filter';
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

const COMPARE_NAMES: Record<Compare, string> = {
  weekdays: 'same weekdays before',
  previous: 'days just before',
  year: 'a year earlier',
  none: 'nothing',
};

export const COMPARE_ORDER: readonly Compare[] = ['weekdays', 'previous', 'year', 'none'];

export const siteToday = (site: Site) => todayIn(site.time_zone, now.value);

const plainChoice: PeriodChoice & { from: undefined } = { period: 'day', from: undefined, to: undefined, date: undefined };

/** Period members that are absent must be taken away, not left from before. */
export const fullChoice = (choice: PeriodChoice) => ({ ...plainChoice, ...choice });

export function periodName(choice: PeriodChoice, today: string, thisYear: number): string {
  const range = rangeOf(choice, today);
  if (choice.period === 'day') return range.to === today ? 'Today' : dayText(range.to, thisYear);
  if (range.to === today || choice.period === 'custom') return PERIOD_NAMES[choice.period];
  return { '7d': '7 days', '30d': '30 days', month: 'Month', '12mo': '12 months' }[choice.period];
}

function CustomDates({ from, to, today, close }: { from: string; to: string; today: string; close: () => void }) {
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
        <input type="date" value={first} max={today} data-first onInput={(event) => setFirst(event.currentTarget.value)} />
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

function PeriodMenu({ site }: { site: Site }) {
  const asked = question.value;
  const today = siteToday(site);
  const year = Number(today.slice(0, 4));
  const range = rangeOf(asked, today);
  const later = laterPeriod(asked, today);
  const panel = openPanel.value;
  const name = panel === 'dates' ? 'dates' : 'period';
  return (
    <span class="joined period-group">
      <a class="button icon-only" href={hrefFor(fullChoice(earlierPeriod(asked, today)))} aria-label="Earlier period">
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

export const lastFourWeeks = (today: string): PeriodChoice => ({
  period: 'custom',
  from: addDays(today, -27),
  to: today,
});

function CompareMenu({ site }: { site: Site }) {
  const asked = question.value;
  const today = siteToday(site);
  const year = Number(today.slice(0, 4));
  const range = rangeOf(asked, today);
  const note = (compare: Compare) => {
    const before = comparedRange(range, compare);
    return before ? rangeText(before.from, before.to, year) : undefined;
  };
  return (
    <Popover
      name="compare"
      label="Compare with"
      button={
        <>
          <span class="light">vs</span>
          <span class="long-word">{COMPARE_NAMES[asked.compare]}</span>
          <span class="short-word">{COMPARE_NAMES[asked.compare].replace('same ', '').replace('days just before', 'days before')}</span>
          <Icon name="down" />
        </>
      }
    >
      {(close) => (
        <>
          {COMPARE_ORDER.map((compare) => (
            <Choice
              key={compare}
              chosen={asked.compare === compare}
              note={note(compare)}
              onChoose={() => {
                close();
                ask({ compare });
              }}
            >
              {compare === 'none' ? 'Nothing' : COMPARE_NAMES[compare].replace(/^./, (letter) => letter.toUpperCase())}
            </Choice>
          ))}
          <Separator />
          <p class="menu-help">A day that still runs is compared with the same hours.</p>
        </>
      )}
    </Popover>
  );
}

export function chooseModel(site: Site, model: string): void {
  rememberModel(site.site_id, model);
  ask({ model });
}

function ModelMenu({ site }: { site: Site }) {
  const asked = question.value;
  const isOpen = openPanel.value === 'model';
  useEffect(() => {
    if (isOpen) probeModels(site.site_id);
  }, [isOpen, site.site_id]);
  return (
    <Popover
      name="model"
      label="Attribution model"
      button={
        <>
          <span class="light">Model</span>
          {modelName(asked.model)}
          <Icon name="down" />
        </>
      }
    >
      {(close) =>
        MODELS.map((model) => {
          const missing = offered(model.id) === 'no';
          return (
            <Choice
              key={model.id}
              chosen={asked.model === model.id}
              disabled={missing}
              note={missing ? 'not offered by this server' : model.gist}
              onChoose={() => {
                close();
                chooseModel(site, model.id);
              }}
            >
              {model.name}
            </Choice>
          );
        })
      }
    </Popover>
  );
}

/** Puts the present view, its period pinned to today's dates, on the clipboard. */
export function shareAddress(today: string): string {
  const asked = question.peek();
  const pinned = asked.period === 'custom' || asked.date ? {} : { date: today };
  return window.location.origin + hrefFor(pinned);
}

export function clearFilters(): void {
  const { filters, mode } = question.peek();
  if (filters.length === 0 && mode === 'live') return;
  ask({ filters: [], mode: 'live' });
  say('Filters cleared', () => ask({ filters, mode }));
}

export function Toolbar({ site, model = true, compare = true }: { site: Site; model?: boolean; compare?: boolean }) {
  const asked = question.value;
  const missing = offered(asked.model) === 'no';
  return (
    <>
      <div class="tools" role="group" aria-label="Period, comparison, model and filters">
        <PeriodMenu site={site} />
        {compare && <CompareMenu site={site} />}
        {model && <ModelMenu site={site} />}
        <FilterMenu site={site} />
        <FilterChips onClear={clearFilters} />
      </div>
      {model && missing && (
        <p class="quiet-line">
          <Icon name="info" />
          <span>
            This server does not offer {modelName(asked.model)}; figures are by last touch.{' '}
            <button
              class="text-button"
              type="button"
              onClick={() => {
                chooseModel(site, DEFAULT_MODEL);
                announce('Model: last touch');
              }}
            >
              Use last touch
            </button>
          </span>
        </p>
      )}
    </>
  );
}
