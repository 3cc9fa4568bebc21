//! The bar above every report: period, comparison, model, filters.

import { useEffect } from 'preact/hooks';
import type { Site } from '../api/types';
import { rangeText } from '../format/date';
import { ask, hrefFor, question } from '../state/location';
import { DEFAULT_MODEL, MODELS, modelName, offered } from '../state/models';
import { announce, say } from '../state/notice';
import { openPanel } from '../state/panel';
import { type Compare, comparedRange, rangeOf } from '../state/period';
import { rememberModel } from '../state/preference';
import { probeModels } from '../state/probe';
import { siteToday } from '../state/site-period';
import { FilterChips, FilterMenu } from './filter';
import { Icon } from './icon';
import { PeriodMenu } from './period-menu';
import { Choice, Popover, Separator } from './popover';

const COMPARE_NAMES: Record<Compare, string> = {
  weekdays: 'same weekdays before',
  previous: 'days just before',
  year: 'a year earlier',
  none: 'nothing',
};

export const COMPARE_ORDER: readonly Compare[] = ['weekdays', 'previous', 'year', 'none'];

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
          <span class="short-word">
            {COMPARE_NAMES[asked.compare].replace('same ', '').replace('days just before', 'days before')}
          </span>
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
              {compare === 'none'
                ? 'Nothing'
                : COMPARE_NAMES[compare].replace(/^./, (letter) => letter.toUpperCase())}
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

export function Toolbar({
  site,
  model = true,
  compare = true,
}: {
  site: Site;
  model?: boolean;
  compare?: boolean;
}) {
  const asked = question.value;
  const missing = offered(asked.model) === 'no';
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot stick or wrap in a line */}
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
