//! What breakdowns share: the link that filters by its row, amounts of several currencies, and the empty state.
import type { Money as Amount } from '../api/types';
import { StateBox } from '../components/card';
import { NONE } from '../format/locale';
import { exactMoney } from '../format/money';
import { valueName } from '../format/names';
import { ask, hrefFor, question } from '../state/location';
import { isFiltered, toggleFilter } from '../state/question';

/** Filters by the row; with Alt it is excluded; a second click takes the filter off. */
function choose(event: MouseEvent, dimension: string, value: string): void {
  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  const op = event.altKey ? 'is_not' : 'is';
  ask({ filters: toggleFilter(question.peek().filters, { dimension, op, values: [value] }) });
}

export function RowLink({ dimension, value }: { dimension: string; value: string }) {
  const { filters } = question.value;
  const active = isFiltered(filters, dimension, value);
  const name = valueName(dimension, value);
  return (
    <a
      class="row-link"
      data-row
      href={hrefFor({ filters: toggleFilter(filters, { dimension, op: 'is', values: [value] }) })}
      title={active ? `Take the filter off: ${name}` : `Show only ${name}. Alt-click: all but it.`}
      aria-current={active ? 'true' : undefined}
      onClick={(event) => choose(event, dimension, value)}
    >
      {dimension === 'country' && /^[A-Z]{2}$/.test(value) && <span class="country-code">{value}</span>}
      <span class="row-name">{name}</span>
    </a>
  );
}

/** Amounts of several currencies, one under the other: never a sum. */
export function Subtotals({ amounts }: { amounts: Amount[] }) {
  if (amounts.length === 0) return <>{NONE}</>;
  return (
    <span class="subtotals">
      {amounts.map((each) => (
        <span key={each.currency}>{exactMoney(each)}</span>
      ))}
    </span>
  );
}

export function NoRows() {
  const { filters, mode } = question.value;
  const filtered = filters.length > 0 || mode === 'test';
  return (
    <StateBox
      art
      title={filtered ? 'Nothing with these filters' : 'Nothing in this period yet'}
      actions={
        filtered && (
          <button class="button" type="button" onClick={() => ask({ filters: [], mode: 'live' })}>
            Clear filters
          </button>
        )
      }
    >
      {filtered
        ? 'Take one off, or look at a longer period.'
        : 'Visits and orders show here as soon as they arrive.'}
    </StateBox>
  );
}
