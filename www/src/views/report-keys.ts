//! The single keys that every report answers to.
import { useEffect } from 'preact/hooks';
import type { Site } from '../api/types';
import { COMPARE_ORDER, chooseModel, clearFilters } from '../components/toolbar';
import { ask, navigate, question, siteHref } from '../state/location';
import { modelName, nextModel } from '../state/models';
import { announce } from '../state/notice';
import { openPanel } from '../state/panel';
import { earlierPeriod, laterPeriod, type Period } from '../state/period';
import { addShortcuts, helpOpen } from '../state/shortcut';
import { fullChoice, lastFourWeeks, siteToday } from '../state/site-period';

function moveRow(by: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')];
  const place = rows.indexOf(document.activeElement as HTMLElement);
  rows[Math.max(0, Math.min(rows.length - 1, place + by))]?.focus();
}

const open = (panel: string) => () => {
  openPanel.value = panel;
};

const choose = (period: Period) => () => ask(fullChoice({ period }));

/** Places and rows: on every view of a site. */
function placeKeys(site: Site) {
  const go = (rest: string) => () => navigate(siteHref(site.site_id, rest));
  return {
    'g o': go(''),
    'g r': go('/revenue'),
    'g b': go('/orders'),
    'g s': go('/settings'),
    j: () => moveRow(1),
    k: () => moveRow(-1),
    '?': () => {
      helpOpen.value = true;
    },
  };
}

/** What a report is asked: only where the toolbar is. */
function questionKeys(site: Site) {
  return {
    d: choose('day'),
    w: choose('7d'),
    t: choose('30d'),
    m: choose('month'),
    y: choose('12mo'),
    '4': () => ask(fullChoice(lastFourWeeks(siteToday(site)))),
    c: open('dates'),
    f: open('filter'),
    x: () => {
      const place = COMPARE_ORDER.indexOf(question.peek().compare);
      ask({ compare: COMPARE_ORDER[(place + 1) % COMPARE_ORDER.length] ?? 'weekdays' });
    },
    'shift+m': () => {
      const model = nextModel(question.peek().model);
      chooseModel(site, model);
      announce(`Model: ${modelName(model)}`);
    },
    ArrowLeft: () => ask(fullChoice(earlierPeriod(question.peek(), siteToday(site)))),
    ArrowRight: () => {
      const later = laterPeriod(question.peek(), siteToday(site));
      if (later) ask(fullChoice(later));
    },
    Backspace: () => ask({ filters: question.peek().filters.slice(0, -1) }),
    Escape: clearFilters,
  };
}

export function useKeys(site: Site, report: boolean): void {
  useEffect(
    () => addShortcuts({ ...placeKeys(site), ...(report ? questionKeys(site) : {}) }),
    [site, report],
  );
}
