//! Overview: an answer in words, seven figures, one chart, one big table, and what arrives right now.
import { useState } from 'preact/hooks';
import type { Overview as Figures, Site } from '../api/types';
import { Failed } from '../components/card';
import { PageHead } from '../components/page-head';
import { Toolbar } from '../components/toolbar';
import { exactMoney, roundMoney } from '../format/money';
import { valueName } from '../format/names';
import { share } from '../format/number';
import { answerOf } from '../format/sentence';
import { hrefFor, question } from '../state/location';
import { channelHues } from '../state/preference';
import { toggleFilter } from '../state/question';
import { DayChart } from './day-chart';
import { type ChartedMoney, type ChartedPeople, FigureTiles } from './figures';
import { LatestOrders } from './latest-orders';
import { MixedNote } from './mixed-note';
import { NothingYet } from './nothing-yet';
import { revenueQuery, usableModel, useBreakdown, useOverview, useTitle } from './report';
import { useKeys } from './report-keys';
import { SmallTable } from './small-table';
import { SourceTable } from './source-table';

function Name({ children }: { children: string }) {
  const filters = toggleFilter(question.value.filters, {
    dimension: 'channel',
    op: 'is',
    values: [children],
  });
  return <a href={hrefFor({ filters })}>{valueName('channel', children)}</a>;
}

function AnswerLine({ site, figures }: { site: Site; figures: Figures }) {
  const breakdown = useBreakdown(site, 'channel');
  const report = breakdown.data?.report;
  if (!report || question.value.filters.some((filter) => filter.dimension === 'channel')) return null;
  const parts = report.rows.map((row) => ({
    name: row.key.channel ?? '(not set)',
    revenue: row.metrics.revenue,
    visitors: row.metrics.visitors,
  }));
  if (report.rows.length > 0 && question.value.filters.length === 0) {
    channelHues(
      site.site_id,
      [...parts].sort((a, b) => b.revenue.minor - a.revenue.minor).map(({ name }) => name),
    );
  }
  const answer = answerOf(parts, report.totals.revenue, figures.metrics.visitors.value, report.totals.orders);
  if (!answer) return null;
  const { best, gap } = answer;
  return (
    <p class="answer">
      <Name>{best.name}</Name> brought the most money:{' '}
      <b title={exactMoney(best.revenue)}>{roundMoney(best.revenue)}</b>, {share(best.moneyShare)} of revenue
      from {share(best.peopleShare)} of visitors.
      {gap && (
        <>
          {' '}
          <Name>{gap.name}</Name> brought {share(gap.peopleShare)} of visitors, {share(gap.moneyShare)} of
          revenue.
        </>
      )}
    </p>
  );
}

export function Overview({ site }: { site: Site }) {
  useKeys(site, true);
  const overview = useOverview(site);
  const [money, setMoney] = useState<ChartedMoney>('revenue');
  const [people, setPeople] = useState<ChartedPeople>('visitors');
  const revenue = overview.data?.metrics.revenue.value;
  const mixed = overview.data?.mixed_currencies ?? false;
  useTitle(revenue && !mixed ? `${roundMoney(revenue)} · ${site.domain}` : `Overview · ${site.domain}`);
  return (
    <>
      <PageHead
        site={site}
        title="Overview"
        csv={{ report: 'revenue', query: revenueQuery(question.value.dimension ?? 'channel', usableModel()) }}
      />
      <Toolbar site={site} />
      <NothingYet site={site}>
        {overview.data && <AnswerLine site={site} figures={overview.data} />}
        {overview.data && <MixedNote of={overview.data} />}
        <div class="stack overview">
          <div class="card tile-card">
            {overview.error && overview.data === null ? (
              <Failed error={overview.error} retry={overview.retry} what="The figures" />
            ) : (
              <FigureTiles
                overview={overview}
                money={mixed ? 'orders' : money}
                people={people}
                onMoney={setMoney}
                onPeople={setPeople}
              />
            )}
          </div>
          <DayChart site={site} money={mixed ? 'orders' : money} people={people} />
          <div class="columns two-one">
            <SourceTable site={site} />
            <LatestOrders site={site} />
          </div>
          <div class="columns three small-row">
            <SmallTable site={site} dimension="country" />
            <SmallTable site={site} dimension="device" />
            <SmallTable site={site} dimension="medium" />
          </div>
        </div>
      </NothingYet>
    </>
  );
}
