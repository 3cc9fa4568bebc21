//! Revenue: how it adds up, then what each model says about where it came from.
import type { Money as Amount, Site } from '../api/types';
import { Card, Loaded } from '../components/card';
import { PageHead } from '../components/page-head';
import { Toolbar } from '../components/toolbar';
import { Delta, Money } from '../components/words';
import { delta, type Wanted } from '../format/delta';
import { roundMoney } from '../format/money';
import { currencyName, providerName, valueName } from '../format/names';
import { count, credited, rate } from '../format/number';
import { question } from '../state/location';
import { Subtotals } from './breakdown-cells';
import { DayChart } from './day-chart';
import { MixedNote } from './mixed-note';
import { MATRIX_DIMENSIONS, type MatrixDimension, ModelMatrix } from './model-matrix';
import { NothingYet } from './nothing-yet';
import { revenueQuery, usableModel, useBreakdown, useOverview, useTitle } from './report';
import { useKeys } from './report-keys';

interface TermProps {
  name: string;
  amount: Amount | undefined;
  previous: Amount | null | undefined;
  wanted?: Wanted;
  total?: boolean;
}

function Term({ name, amount, previous, wanted = 'up', total }: TermProps) {
  return (
    <div class={total ? 'term total' : 'term'}>
      <span class="tile-name">{name}</span>
      <span class="tile-value">
        {amount ? <Money of={amount} /> : <i class="bone value" aria-hidden="true" />}
      </span>
      {amount ? <Delta value={delta('money', amount, previous, wanted)} /> : <span class="delta" />}
    </div>
  );
}

const Operator = ({ sign, spoken }: { sign: string; spoken: string }) => (
  <span class="operator">
    <span aria-hidden="true">{sign}</span>
    <span class="unseen">{spoken}</span>
  </span>
);

function Equation({ site }: { site: Site }) {
  const overview = useOverview(site);
  const breakdown = useBreakdown(site, 'channel');
  const metrics = overview.data?.metrics;
  const report = breakdown.data?.report;
  const attributed =
    report && report.totals.revenue.minor > 0 && !report.mixed_currencies
      ? 1 - report.unattributed.revenue.minor / report.totals.revenue.minor
      : null;
  if (overview.data?.mixed_currencies) {
    return (
      <section class="card mixed-equation" aria-label="Revenue by currency">
        <span class="tile-name">Net revenue</span>
        <span class="tile-value">
          <Subtotals amounts={overview.data.by_currency ?? []} />
        </span>
      </section>
    );
  }
  return (
    <section
      class={overview.stale ? 'card equation dimmed' : 'card equation'}
      aria-label="How revenue adds up"
    >
      <Term
        name="New customers"
        amount={metrics?.new_revenue.value}
        previous={metrics?.new_revenue.previous}
      />
      <Operator sign="+" spoken="plus" />
      <Term
        name="Renewals"
        amount={metrics?.renewal_revenue.value}
        previous={metrics?.renewal_revenue.previous}
      />
      <Operator sign="−" spoken="minus" />
      <Term
        name="Refunds and disputes"
        amount={metrics?.refunds.value}
        previous={metrics?.refunds.previous}
        wanted="down"
      />
      <Operator sign="=" spoken="equals" />
      <Term name="Net revenue" amount={metrics?.revenue.value} previous={metrics?.revenue.previous} total />
      <div class="equation-side">
        <div class="term">
          <span class="tile-name">Orders</span>
          <span class="tile-value">
            {metrics ? count(metrics.orders.value) : <i class="bone value" aria-hidden="true" />}
          </span>
          {metrics && (
            <Delta value={delta('count', metrics.orders.value, metrics.orders.previous)} was={false} />
          )}
        </div>
        <div class="term">
          <span class="tile-name">Attributed</span>
          <span class="tile-value">{rate(attributed)}</span>
          <span class="delta">of revenue</span>
        </div>
      </div>
    </section>
  );
}

/** A list of money by something that is the order's own: provider, trust. */
function PlainBreakdown({ site, dimension, title }: { site: Site; dimension: string; title: string }) {
  const breakdown = useBreakdown(site, dimension, { compare: 'none' });
  return (
    <Card title={title} class="small-card">
      <Loaded of={breakdown} what="This list" rows={3}>
        {({ report }) => (
          <ul class="plain-rows">
            {report.rows.map((row) => {
              const value = row.key[dimension] ?? '(not set)';
              return (
                <li key={value}>
                  <span>{dimension === 'provider' ? providerName(value) : valueName(dimension, value)}</span>
                  <span class="push">
                    <b>{report.mixed_currencies ? '–' : <Money of={row.metrics.revenue} />}</b>
                    <small>
                      {credited(row.metrics.orders)} {row.metrics.orders === 1 ? 'order' : 'orders'}
                    </small>
                  </span>
                </li>
              );
            })}
            {report.rows.length === 0 && <li class="faint">Nothing in this period yet.</li>}
          </ul>
        )}
      </Loaded>
    </Card>
  );
}

function Currencies({ site }: { site: Site }) {
  const overview = useOverview(site);
  return (
    <Card title="Currencies" class="small-card">
      <Loaded of={overview} what="This list" rows={3}>
        {(data) => {
          const paid = data.by_currency ?? [];
          const lacking = new Set((data.unconverted ?? []).map((each) => each.currency));
          return (
            <ul class="plain-rows">
              {paid.map((each) => (
                <li key={each.currency}>
                  <span class="country-code">{each.currency}</span>
                  <span>{currencyName(each.currency ?? '')}</span>
                  <span class="push">
                    <b>
                      <Money of={each} />
                    </b>
                    <small>{lacking.has(each.currency) ? 'no rate, left out' : 'as it was paid'}</small>
                  </span>
                </li>
              ))}
              {paid.length === 0 && (
                <li>
                  <span>{currencyName(data.metrics.revenue.value.currency ?? site.currency)}</span>
                  <span class="push">
                    <b>
                      <Money of={data.metrics.revenue.value} />
                    </b>
                  </span>
                </li>
              )}
            </ul>
          );
        }}
      </Loaded>
    </Card>
  );
}

export function Revenue({ site }: { site: Site }) {
  useKeys(site, true);
  const overview = useOverview(site);
  const asked = question.value;
  const dimension: MatrixDimension = MATRIX_DIMENSIONS.find((each) => each === asked.dimension) ?? 'channel';
  const revenue = overview.data?.metrics.revenue.value;
  const mixed = overview.data?.mixed_currencies ?? false;
  useTitle(
    revenue && !mixed ? `${roundMoney(revenue)} revenue · ${site.domain}` : `Revenue · ${site.domain}`,
  );
  return (
    <>
      <PageHead
        site={site}
        title="Revenue"
        csv={{ report: 'revenue', query: revenueQuery(dimension, usableModel()) }}
      />
      <Toolbar site={site} />
      <NothingYet site={site}>
        {overview.data && <MixedNote of={overview.data} />}
        <div class="stack">
          <Equation site={site} />
          <ModelMatrix site={site} dimension={dimension} />
          <DayChart site={site} money={mixed ? 'orders' : 'revenue'} people="visitors" />
          <div class="columns three small-row">
            <Currencies site={site} />
            <PlainBreakdown site={site} dimension="provider" title="Providers" />
            <PlainBreakdown site={site} dimension="trust" title="Verified and reported" />
          </div>
        </div>
      </NothingYet>
    </>
  );
}
