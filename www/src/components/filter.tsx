//! Filters: chips that read as sentences, and the small form that makes or changes one.
import { useState } from 'preact/hooks';
import { revenue } from '../api/stats';
import type { RevenueReport, Site } from '../api/types';
import { dimensionName, filterDimensions, valueName } from '../format/names';
import { ask, question } from '../state/location';
import { openPanel } from '../state/panel';
import { apiQuery, type Filter, type Operator } from '../state/question';
import { useResource } from '../state/resource';
import { Icon } from './icon';
import { Popover } from './popover';

const OPERATOR_WORDS: Record<Operator, string> = { is: 'is', is_not: 'is not', contains: 'contains' };
const MAX_SHOWN = 60;

const valueWords = (filter: Filter) =>
  filter.values.map((value) => valueName(filter.dimension, value)).join(', ');

export const filterSentence = (filter: Filter) =>
  `${dimensionName(filter.dimension)} ${OPERATOR_WORDS[filter.op]} ${valueWords(filter)}`;

/** The values that a dimension has in the present period, without its own filters. */
function useValues(site: Site, dimension: string | null) {
  const asked = question.value;
  const others = { ...asked, filters: asked.filters.filter((each) => each.dimension !== dimension) };
  const query = dimension
    ? { ...apiQuery({ ...others, compare: 'none' }), dimension, model: 'last_touch', limit: MAX_SHOWN }
    : null;
  return useResource<RevenueReport>(
    query ? `values ${site.site_id} ${JSON.stringify(query)}` : null,
    (signal) => revenue(site.site_id, query ?? {}, signal),
  );
}

interface EditorProps {
  site: Site;
  initial: Filter | null;
  onDone: (filter: Filter) => void;
}

function ValueList(props: {
  site: Site;
  dimension: string;
  chosen: string[];
  onToggle: (value: string) => void;
}) {
  const values = useValues(props.site, props.dimension);
  const [search, setSearch] = useState('');
  const listed = new Set(props.chosen);
  for (const row of values.data?.rows ?? []) {
    const value = row.key[props.dimension];
    if (typeof value === 'string') listed.add(value);
  }
  const found = [...listed].filter((value) =>
    valueName(props.dimension, value).toLowerCase().includes(search.toLowerCase()),
  );
  return (
    <>
      <input
        class="input"
        type="search"
        placeholder="Find a value"
        aria-label="Find a value"
        value={search}
        data-first
        onInput={(event) => setSearch(event.currentTarget.value)}
      />
      <ul class="value-list">
        {found.slice(0, MAX_SHOWN).map((value) => (
          <li key={value}>
            <label>
              <input
                type="checkbox"
                checked={props.chosen.includes(value)}
                onChange={() => props.onToggle(value)}
              />
              <span>{valueName(props.dimension, value)}</span>
            </label>
          </li>
        ))}
        {found.length === 0 && (
          <li class="faint">
            {values.data ? 'No such value in this period.' : values.error ? values.error.message : 'Loading…'}
          </li>
        )}
      </ul>
    </>
  );
}

function Editor({ site, initial, onDone }: EditorProps) {
  const [dimension, setDimension] = useState(initial?.dimension ?? 'channel');
  const [op, setOp] = useState<Operator>(initial?.op ?? 'is');
  const [chosen, setChosen] = useState<string[]>(initial && initial.op !== 'contains' ? initial.values : []);
  const [text, setText] = useState(initial?.op === 'contains' ? (initial.values[0] ?? '') : '');
  const values = op === 'contains' ? [text.trim()].filter(Boolean) : chosen;
  const toggle = (value: string) =>
    setChosen((old) => (old.includes(value) ? old.filter((each) => each !== value) : [...old, value]));
  return (
    <form
      class="filter-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (values.length) onDone({ dimension, op, values });
      }}
    >
      <div class="filter-head">
        <select
          class="input"
          aria-label="What to filter by"
          value={dimension}
          onChange={(event) => {
            setDimension(event.currentTarget.value);
            setChosen([]);
          }}
        >
          {filterDimensions.map((each) => (
            <option key={each} value={each}>
              {dimensionName(each)}
            </option>
          ))}
        </select>
        <select
          class="input"
          aria-label="How"
          value={op}
          onChange={(event) => setOp(event.currentTarget.value as Operator)}
        >
          {Object.entries(OPERATOR_WORDS).map(([each, words]) => (
            <option key={each} value={each}>
              {words}
            </option>
          ))}
        </select>
      </div>
      {op === 'contains' ? (
        <input
          class="input"
          aria-label="Text"
          placeholder="Part of the value"
          maxLength={500}
          value={text}
          data-first
          onInput={(event) => setText(event.currentTarget.value)}
        />
      ) : (
        <ValueList site={site} dimension={dimension} chosen={chosen} onToggle={toggle} key={dimension} />
      )}
      <button class="button primary" type="submit" aria-disabled={values.length === 0}>
        {initial ? 'Change filter' : 'Add filter'}
      </button>
    </form>
  );
}

/** Which chip is being edited; -1 while a new filter is made. */
function editedPlace(panel: string | null): number {
  return panel?.startsWith('filter:') ? Number(panel.slice(7)) : -1;
}

export function FilterMenu({ site }: { site: Site }) {
  const asked = question.value;
  const panel = openPanel.value;
  const place = editedPlace(panel);
  const name = place >= 0 ? `filter:${place}` : 'filter';
  return (
    <Popover
      name={name}
      kind="dialog"
      label="Filter"
      buttonClass="button quiet"
      button={
        <>
          <Icon name="plus" />
          Filter
          <kbd>F</kbd>
        </>
      }
    >
      {(close) => (
        <>
          <Editor
            key={name}
            site={site}
            initial={asked.filters[place] ?? null}
            onDone={(filter) => {
              close();
              const others = asked.filters.filter(
                (each, index) =>
                  index !== place && !(each.dimension === filter.dimension && each.op === filter.op),
              );
              ask({ filters: [...others, filter] });
            }}
          />
          <label class="mode-line">
            <input
              type="checkbox"
              checked={asked.mode === 'test'}
              onChange={(event) => ask({ mode: event.currentTarget.checked ? 'test' : 'live' })}
            />
            Show test payments instead of live ones
          </label>
        </>
      )}
    </Popover>
  );
}

export function FilterChips({ onClear }: { onClear: () => void }) {
  const { filters, mode } = question.value;
  if (filters.length === 0 && mode === 'live') return null;
  const without = (place: number) => filters.filter((_, index) => index !== place);
  return (
    <>
      {filters.map((filter, place) => (
        <span class="chip" key={`${filter.dimension} ${filter.op}`}>
          <button
            type="button"
            class="chip-words"
            onClick={() => {
              openPanel.value = `filter:${place}`;
            }}
          >
            {dimensionName(filter.dimension)} {OPERATOR_WORDS[filter.op]} <b>{valueWords(filter)}</b>
          </button>
          <button
            type="button"
            class="chip-close"
            aria-label={`Remove the filter: ${filterSentence(filter)}`}
            onClick={() => ask({ filters: without(place) })}
          >
            <Icon name="close" small />
          </button>
        </span>
      ))}
      {mode === 'test' && (
        <span class="chip warn">
          <span class="chip-words">
            <b>Test payments</b>
          </span>
          <button
            type="button"
            class="chip-close"
            aria-label="Back to live payments"
            onClick={() => ask({ mode: 'live' })}
          >
            <Icon name="close" small />
          </button>
        </span>
      )}
      {filters.length > 1 && (
        <button type="button" class="button quiet" onClick={onClear}>
          Clear all <kbd>Esc</kbd>
        </button>
      )}
    </>
  );
}
