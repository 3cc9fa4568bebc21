//! A small table of the Overview: five rows, people over money.
import type { Site } from '../api/types';
import { PairBars } from '../charts/pair-bars';
import { Card, Loaded } from '../components/card';
import { Body, Cell, Head, HeadCell, KeyCell, Row, Table } from '../components/table';
import { Money } from '../components/words';
import { NONE } from '../format/locale';
import { dimensionName, dimensionNames } from '../format/names';
import { count } from '../format/number';
import { RowLink } from './breakdown-cells';
import { rowsOf, scaleOf, sortRows } from './breakdown-rows';
import { type Breakdown, useBreakdown } from './report';

const ROWS = 5;

function Rows({ breakdown }: { breakdown: Breakdown }) {
  const { dimension, report } = breakdown;
  const rows = sortRows(rowsOf(report, dimension), 'revenue', true).slice(0, ROWS);
  const scale = scaleOf(rows, {
    ...report.unattributed,
    revenue: { ...report.unattributed.revenue, minor: 0 },
  });
  if (rows.length === 0) return <p class="thin-state">Nothing in this period yet.</p>;
  return (
    <Table caption={`${dimensionNames(dimension)} by revenue`} class="small-table">
      <Head>
        <HeadCell>{dimensionName(dimension)}</HeadCell>
        <HeadCell class="bars">
          <span class="unseen">Bars of visitors and revenue</span>
        </HeadCell>
        <HeadCell n>Visitors</HeadCell>
        <HeadCell n>Revenue</HeadCell>
      </Head>
      <Body>
        {rows.map((row) => (
          <Row key={row.value}>
            <KeyCell>
              <RowLink dimension={dimension} value={row.value} />
            </KeyCell>
            <Cell class="bars">
              <PairBars
                people={row.metrics.visitors / scale.people}
                money={report.mixed_currencies ? null : row.metrics.revenue.minor / scale.money}
              />
            </Cell>
            <Cell n>{count(row.metrics.visitors)}</Cell>
            <Cell n strong>
              {report.mixed_currencies ? NONE : <Money of={row.metrics.revenue} round />}
            </Cell>
          </Row>
        ))}
      </Body>
    </Table>
  );
}

export function SmallTable({ site, dimension }: { site: Site; dimension: string }) {
  const breakdown = useBreakdown(site, dimension, { compare: 'none' });
  return (
    <Card title={dimensionNames(dimension)} class="small-card">
      <Loaded of={breakdown} what="This table" rows={ROWS}>
        {(data) => <Rows breakdown={data} />}
      </Loaded>
    </Card>
  );
}
