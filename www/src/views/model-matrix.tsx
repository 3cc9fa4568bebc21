//! Models side by side: every column sums to the same revenue, and the dots show where the choice matters.
import { useState } from 'preact/hooks';
import type { Money as Amount, Site } from '../api/types';
import { Spread } from '../charts/spread';
import { Card, Failed, Skeleton } from '../components/card';
import { Body, Cell, Foot, Head, HeadCell, KeyCell, Row, Table } from '../components/table';
import { Segments } from '../components/tabs';
import { Badge, Hint, Swatch } from '../components/words';
import { bareMoney, exactMoney } from '../format/money';
import { dimensionName, valueName } from '../format/names';
import { share } from '../format/number';
import { ask, hrefFor, siteHref } from '../state/location';
import { MODELS, modelName, offered } from '../state/models';
import { channelHues, rememberModel } from '../state/preference';
import type { Resource } from '../state/resource';
import { NoRows, RowLink } from './breakdown-cells';
import { largestMover, type MatrixColumn, type MatrixRow, matrixRows, sumsAgree } from './matrix-data';
import { type Breakdown, usableModel, useBreakdown } from './report';

export const MATRIX_DIMENSIONS = ['channel', 'source', 'campaign', 'landing_page', 'country'] as const;
export type MatrixDimension = (typeof MATRIX_DIMENSIONS)[number];

const ROWS = 12;
const MATRIX_LIMIT = 1000;

/** One report per model that the server may offer; the list of models is fixed, and so is the order of hooks. */
function useColumns(site: Site, dimension: string): { model: string; resource: Resource<Breakdown> }[] {
  return MODELS.map(({ id }) => ({
    model: id,
    resource: useBreakdown(
      site,
      offered(id) === 'no' ? null : dimension,
      { compare: 'none', limit: MATRIX_LIMIT },
      id,
    ),
  })).filter(({ model }) => offered(model) !== 'no');
}

function MoverLine({ rows, chosen, dimension }: { rows: MatrixRow[]; chosen: string; dimension: string }) {
  const mover = largestMover(rows, chosen);
  if (!mover) return null;
  const size = share(Math.abs(mover.change));
  return (
    <p class="mover">
      <b>{valueName(dimension, mover.value)}</b> changes most with the model: {size}{' '}
      {mover.change < 0 ? 'less' : 'more'} under {modelName(mover.model).toLowerCase()}.
    </p>
  );
}

function rangeWords(row: MatrixRow): string {
  const amounts = Object.values(row.amounts).sort((a, b) => a.minor - b.minor);
  const [least, most] = [amounts[0], amounts.at(-1)];
  if (!least || !most || least.minor === most.minor) return 'the same under every model';
  return `from ${exactMoney(least)} to ${exactMoney(most)} across ${amounts.length} models`;
}

/** The head names the currency; where phones leave the head out, the amount does. */
function MatrixAmount({ of }: { of: Amount }) {
  return (
    <data value={of.decimal}>
      <span class="bare">{bareMoney(of)}</span>
      <span class="whole">{exactMoney(of)}</span>
    </data>
  );
}

interface LineProps {
  row: MatrixRow;
  columns: MatrixColumn[];
  chosen: string;
  dimension: string;
  hue: number | null;
}

function Line({ row, columns, chosen, dimension, hue }: LineProps) {
  const [open, setOpen] = useState(false);
  const others = columns
    .filter(({ model }) => model !== chosen)
    .map(({ model }) => row.amounts[model]?.minor ?? 0);
  return (
    <Row class={open ? 'open' : ''}>
      <KeyCell>
        {hue !== null && <Swatch hue={hue} />}
        <RowLink dimension={dimension} value={row.value} />
      </KeyCell>
      {columns.map(({ model }) => {
        const amount = row.amounts[model];
        return (
          <Cell key={model} n class={model === chosen ? 'chosen' : 'other-model'}>
            <span class="model-name">{modelName(model)}</span>
            {amount && <MatrixAmount of={amount} />}
          </Cell>
        );
      })}
      {columns.length > 1 && (
        <Cell class="spread-cell">
          <Spread chosen={row.amounts[chosen]?.minor ?? 0} others={others} />
          <button class="range-words" type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
            {rangeWords(row)}
          </button>
        </Cell>
      )}
    </Row>
  );
}

function MatrixHead({
  site,
  columns,
  chosen,
  dimension,
}: {
  site: Site;
  columns: MatrixColumn[];
  chosen: string;
  dimension: string;
}) {
  const currency = columns[0]?.report.totals.revenue.currency;
  return (
    <Head>
      <HeadCell>
        {dimensionName(dimension)}
        {currency && ` · ${currency}`}
      </HeadCell>
      {columns.map(({ model }) => (
        <HeadCell
          key={model}
          n
          class={model === chosen ? 'chosen' : ''}
          hint={MODELS.find(({ id }) => id === model)?.gist ?? ''}
        >
          <a
            href={hrefFor({ model })}
            aria-current={model === chosen ? 'true' : undefined}
            onClick={() => rememberModel(site.site_id, model)}
          >
            {modelName(model)}
          </a>
        </HeadCell>
      ))}
      {columns.length > 1 && (
        <HeadCell class="spread-cell">
          <span class="spread-scale">
            <span>−100%</span>
            <span>{modelName(chosen).toLowerCase()}</span>
            <span>+100%</span>
          </span>
        </HeadCell>
      )}
    </Head>
  );
}

interface MatrixProps {
  site: Site;
  columns: MatrixColumn[];
  chosen: string;
  dimension: string;
}

function Matrix({ site, columns, chosen, dimension }: MatrixProps) {
  const [all, setAll] = useState(false);
  const rows = matrixRows(columns, dimension, chosen);
  const hues =
    dimension === 'channel'
      ? channelHues(
          site.site_id,
          rows.map((row) => row.value),
        )
      : null;
  const shown = all ? rows : rows.slice(0, ROWS);
  if (rows.length === 0 && columns.every(({ report }) => report.unattributed.orders === 0)) return <NoRows />;
  return (
    <>
      <MoverLine rows={rows} chosen={chosen} dimension={dimension} />
      <Table
        caption={`Revenue by ${dimensionName(dimension).toLowerCase()} under each model`}
        class={`matrix of-${columns.length}`}
      >
        <MatrixHead site={site} columns={columns} chosen={chosen} dimension={dimension} />
        <Body>
          {shown.map((row) => (
            <Line
              key={row.value}
              row={row}
              columns={columns}
              chosen={chosen}
              dimension={dimension}
              hue={hues ? (hues.get(row.value) ?? 6) : null}
            />
          ))}
          <Row class="unattributed">
            <KeyCell>
              {hues && <Swatch hue={0} />}
              <a
                class="row-link"
                data-row
                href={siteHref(site.site_id, '/orders', { level: 'unattributed' })}
              >
                <span class="row-name">Unattributed</span>
                <Hint text="Nothing ties these orders to a visit, so no model can move them." />
              </a>
            </KeyCell>
            {columns.map(({ model, report }) => (
              <Cell key={model} n class={model === chosen ? 'chosen' : 'other-model'}>
                <span class="model-name">{modelName(model)}</span>
                <MatrixAmount of={report.unattributed.revenue} />
              </Cell>
            ))}
            {columns.length > 1 && <Cell class="spread-cell faint same-everywhere">same in every model</Cell>}
          </Row>
        </Body>
        <Foot>
          <Row>
            <KeyCell>Net revenue</KeyCell>
            {columns.map(({ model, report }) => (
              <Cell key={model} n class={model === chosen ? 'chosen' : 'other-model'}>
                <span class="model-name">{modelName(model)}</span>
                <MatrixAmount of={report.totals.revenue} />
              </Cell>
            ))}
            {columns.length > 1 && <Cell class="spread-cell" />}
          </Row>
        </Foot>
      </Table>
      {rows.length > ROWS && (
        <button class="more-rows" type="button" onClick={() => setAll(!all)}>
          {all ? `Show the first ${ROWS}` : `Show all ${rows.length}`}
        </button>
      )}
    </>
  );
}

function Proof({ columns }: { columns: MatrixColumn[] }) {
  const [first] = columns;
  if (!first || columns.length < 2) return null;
  return sumsAgree(columns) ? (
    <Badge tone="good" icon="check">
      every column sums to {exactMoney(first.report.totals.revenue)}
    </Badge>
  ) : (
    <Badge tone="warn" icon="warn">
      the columns were asked at different moments
    </Badge>
  );
}

function MatrixNote({ columns, chosen }: { columns: MatrixColumn[]; chosen: string }) {
  const missing = MODELS.length - columns.length;
  return (
    <>
      {columns.length > 1 && (
        <span>
          <i class="note-dot" aria-hidden="true" /> {modelName(chosen)} is chosen; small dots are the other
          models.
        </span>
      )}
      {missing > 0 && (
        <span>
          Not offered by this server:{' '}
          {MODELS.filter(({ id }) => offered(id) === 'no')
            .map(({ name }) => name.toLowerCase())
            .join(', ')}
          .
        </span>
      )}
    </>
  );
}

export function ModelMatrix({ site, dimension }: { site: Site; dimension: MatrixDimension }) {
  const asked = useColumns(site, dimension);
  const chosen = usableModel();
  const own = asked.find(({ model }) => model === chosen)?.resource;
  const columns = asked.flatMap(({ model, resource }) =>
    resource.data?.dimension === dimension ? [{ model, report: resource.data.report }] : [],
  );
  const loading = asked.some(({ resource }) => resource.stale || (resource.data === null && !resource.error));
  const settled = !loading && columns.length > 0;
  const mixed = columns.some(({ report }) => report.mixed_currencies);
  const fault = own?.error && own.data === null ? own.error : null;
  return (
    <Card
      title="Models side by side"
      class="matrix-card"
      beside={settled && !mixed && <Proof columns={columns} />}
      right={
        <Segments
          label="By"
          options={MATRIX_DIMENSIONS.map((id) => ({ id, name: dimensionName(id) }))}
          current={dimension}
          onChoose={(id) => ask({ dimension: id === 'channel' ? undefined : id })}
        />
      }
      footer={settled && <MatrixNote columns={columns} chosen={chosen} />}
    >
      {fault && own ? (
        <Failed error={fault} retry={own.retry} what="This table" />
      ) : columns.length === 0 || !columns.some(({ model }) => model === chosen) ? (
        <Skeleton rows={9} />
      ) : mixed ? (
        <p class="thin-state">
          Amounts of several currencies cannot stand in one column. Choose one currency above, or connect a
          provider so that they are converted.
        </p>
      ) : (
        <div class={loading ? 'dimmed' : ''} aria-busy={loading}>
          <Matrix site={site} columns={columns} chosen={chosen} dimension={dimension} />
        </div>
      )}
    </Card>
  );
}
