//! The big table: each channel, source, campaign … with its people and its money.
import { useState } from 'preact/hooks';
import type { Money as Amount, RevenueMetrics, Site } from '../api/types';
import { PairBars } from '../charts/pair-bars';
import { Card, Loaded } from '../components/card';
import { Body, Cell, Foot, Head, HeadCell, KeyCell, Row, Table } from '../components/table';
import { Tabs } from '../components/tabs';
import { Delta, Hint, Money } from '../components/words';
import { delta } from '../format/delta';
import { NONE } from '../format/locale';
import { inOwnCurrency } from '../format/money';
import { dimensionName, dimensionNames } from '../format/names';
import { count, credited, rate } from '../format/number';
import { hrefFor, question, siteHref } from '../state/location';
import { NoRows, RowLink, Subtotals } from './breakdown-cells';
import { type BreakdownRow, parseSort, rowsOf, type Sort, scaleOf, sortRows } from './breakdown-rows';
import { type Breakdown, useBreakdown, useOverview } from './report';

export const SOURCE_DIMENSIONS = ['channel', 'source', 'campaign', 'referrer', 'landing_page'] as const;
const FIRST_ROWS = 10;

const HINTS: Record<string, string> = {
  visitors: 'Different people whose visit began there in this period',
  orders: 'Payments credited to the row by the chosen model; refunded ones count too',
  conversion_rate: 'Orders ÷ visitors',
  revenue: 'Payments − refunds, tax included',
  revenue_per_visitor: 'Revenue ÷ visitors',
};

type ByCurrency = Map<string, Amount[]>;

/** With mixed currencies a second report splits each row by currency. */
function useSubtotals(site: Site, breakdown: Breakdown | null): ByCurrency | null {
  const mixed = breakdown?.report.mixed_currencies ? breakdown.dimension : null;
  const split = useBreakdown(site, mixed && `${mixed},currency`, { limit: 1000 });
  if (!mixed || !split.data) return null;
  const found: ByCurrency = new Map();
  for (const row of split.data.report.rows) {
    const currency = row.key.currency;
    if (!currency) continue;
    const value = row.key[mixed] ?? '(not set)';
    found.set(value, [...(found.get(value) ?? []), inOwnCurrency(row.metrics.revenue, currency)]);
  }
  return found;
}

function SortHead({ by, n, wide, children }: { by: Sort; n?: boolean; wide?: boolean; children: string }) {
  const sorted = parseSort(question.value.sort);
  const isOn = sorted.by === by;
  const flipped = isOn ? !sorted.descending : by !== 'key';
  const sort = flipped ? `-${by}` : by;
  const direction = isOn ? (sorted.descending ? 'descending' : 'ascending') : null;
  return (
    <HeadCell
      {...(n && { n })}
      {...(wide && { wide })}
      {...(HINTS[by] && { hint: HINTS[by] })}
      sort={{ href: hrefFor({ sort: sort === '-revenue' ? undefined : sort }), direction }}
    >
      {children}
    </HeadCell>
  );
}

interface FiguresProps {
  metrics: RevenueMetrics;
  /** The revenue of the compared period. */
  former: Amount | null;
  /** Unattributed money has no visitors. */
  people: boolean;
  wanted?: 'up' | 'down';
  subtotals?: Amount[] | undefined;
  mixed: boolean;
}

function Figures({ metrics, former, people, wanted = 'up', subtotals, mixed }: FiguresProps) {
  const perVisitor = metrics.revenue_per_visitor;
  return (
    <>
      <Cell n>{people ? count(metrics.visitors) : NONE}</Cell>
      <Cell n wide>
        {credited(metrics.orders)}
      </Cell>
      <Cell n wide>
        {people ? rate(metrics.conversion_rate) : NONE}
      </Cell>
      <Cell n strong>
        {mixed ? <Subtotals amounts={subtotals ?? []} /> : <Money of={metrics.revenue} />}
      </Cell>
      <Cell n wide>
        {people && perVisitor && !mixed ? <Money of={perVisitor} /> : NONE}
      </Cell>
      <Cell n wide class="change">
        {mixed ? '' : <Delta value={delta('money', metrics.revenue, former, wanted)} was={false} />}
      </Cell>
    </>
  );
}

function DataRow(props: {
  row: BreakdownRow;
  dimension: string;
  scale: { people: number; money: number };
  mixed: boolean;
  subtotals: Amount[] | undefined;
}) {
  const { row, dimension, scale, mixed } = props;
  return (
    <Row>
      <KeyCell>
        <RowLink dimension={dimension} value={row.value} />
      </KeyCell>
      <Cell class="bars">
        <PairBars
          people={row.metrics.visitors / scale.people}
          money={mixed ? null : row.metrics.revenue.minor / scale.money}
        />
      </Cell>
      <Figures
        metrics={row.metrics}
        former={row.previous?.revenue ?? null}
        people
        mixed={mixed}
        subtotals={props.subtotals}
      />
    </Row>
  );
}

function UnattributedRow({
  site,
  metrics,
  scale,
  mixed,
}: {
  site: Site;
  metrics: RevenueMetrics;
  scale: { money: number };
  mixed: boolean;
}) {
  return (
    <Row class="unattributed">
      <KeyCell>
        <a class="row-link" data-row href={siteHref(site.site_id, '/orders', { level: 'unattributed' })}>
          <span class="row-name">Unattributed</span>
          <Hint text="Paid, but nothing ties these orders to a visit. Opens the list of them, with what would have tied each." />
        </a>
      </KeyCell>
      <Cell class="bars">
        <PairBars people={null} money={mixed ? null : metrics.revenue.minor / scale.money} />
      </Cell>
      <Figures metrics={metrics} former={null} people={false} wanted="down" mixed={mixed} />
    </Row>
  );
}

function Rows({
  site,
  breakdown,
  subtotals,
}: {
  site: Site;
  breakdown: Breakdown;
  subtotals: ByCurrency | null;
}) {
  const [all, setAll] = useState(false);
  const { dimension, report } = breakdown;
  const former = useOverview(site).data?.metrics.revenue.previous ?? null;
  const { by, descending } = parseSort(question.value.sort);
  const rows = sortRows(rowsOf(report, dimension), by, descending);
  const shown = all ? rows : rows.slice(0, FIRST_ROWS);
  const scale = scaleOf(rows, report.unattributed);
  const mixed = report.mixed_currencies;
  if (rows.length === 0 && report.unattributed.orders === 0) return <NoRows />;
  return (
    <>
      <Table caption={`${dimensionNames(dimension)} by revenue`} class="sources">
        <Head>
          <SortHead by="key">{dimensionName(dimension)}</SortHead>
          <HeadCell class="bars">
            <span class="unseen">Bars of visitors and revenue</span>
          </HeadCell>
          <SortHead by="visitors" n>
            Visitors
          </SortHead>
          <SortHead by="orders" n wide>
            Orders
          </SortHead>
          <SortHead by="conversion_rate" n wide>
            Conv.
          </SortHead>
          <SortHead by="revenue" n>
            Revenue
          </SortHead>
          <SortHead by="revenue_per_visitor" n wide>
            Per visitor
          </SortHead>
          <HeadCell n wide>
            Change
          </HeadCell>
        </Head>
        <Body>
          {shown.map((row) => (
            <DataRow
              key={row.value}
              row={row}
              dimension={dimension}
              scale={scale}
              mixed={mixed}
              subtotals={subtotals?.get(row.value)}
            />
          ))}
          <UnattributedRow site={site} metrics={report.unattributed} scale={scale} mixed={mixed} />
        </Body>
        <Foot>
          <Row>
            <KeyCell>All {dimensionNames(dimension).toLowerCase()}</KeyCell>
            <Cell class="bars" />
            <Figures
              metrics={report.totals}
              former={former}
              people
              mixed={mixed}
              subtotals={report.by_currency}
            />
          </Row>
        </Foot>
      </Table>
      {rows.length > FIRST_ROWS && (
        <button class="more-rows" type="button" onClick={() => setAll(!all)}>
          {all
            ? `Show the first ${FIRST_ROWS}`
            : `Show all ${count(rows.length)}${report.next_cursor ? ' largest' : ''}`}
        </button>
      )}
    </>
  );
}

export function SourceTable({ site }: { site: Site }) {
  const asked = question.value;
  const dimension = SOURCE_DIMENSIONS.find((each) => each === asked.dimension) ?? 'channel';
  const breakdown = useBreakdown(site, dimension);
  const subtotals = useSubtotals(site, breakdown.data);
  const tabs = SOURCE_DIMENSIONS.map((each) => ({
    id: each,
    name: dimensionNames(each),
    href: hrefFor({ dimension: each === 'channel' ? undefined : each, sort: undefined }),
  }));
  return (
    <Card
      title={`${dimensionNames(dimension)} by people and money`}
      quiet
      class="source-card"
      beside={<Tabs label="Break down by" tabs={tabs} current={dimension} />}
      right={
        <p class="pair-key">
          <span class="people-key">Visitors</span>
          <span class="money-key">Revenue</span>
        </p>
      }
      footer={
        <>
          <span>Visitors of several rows count once in the total.</span>
          <a class="foot-link" href={siteHref(site.site_id, '/revenue')}>
            Compare models
          </a>
        </>
      }
    >
      <Loaded of={breakdown} what="This table" rows={10}>
        {(data) => <Rows key={data.dimension} site={site} breakdown={data} subtotals={subtotals} />}
      </Loaded>
    </Card>
  );
}
