//! Money and people over time, with the compared period behind them and the same numbers as a table.
import type { Money as Amount, SeriesMetrics, SeriesRow, Site, Timeseries } from '../api/types';
import { type ChartPoint, TimeChart } from '../charts/time-chart';
import { Card, Loaded } from '../components/card';
import { clockText, dayText, monthText, weekdayText } from '../format/date';
import { axisMoney, exactMoney, exponentOf } from '../format/money';
import { count, shortCount } from '../format/number';
import { now } from '../state/clock';
import { ask } from '../state/location';
import { todayIn } from '../state/period';
import { fullChoice } from '../state/site-period';
import type { ChartedMoney, ChartedPeople } from './figures';
import { useFormerSeries, useRange, useTimeseries } from './report';

interface Series {
  rows: SeriesRow[];
  interval: Timeseries['interval'];
  before: (SeriesMetrics | null)[];
  beforeAt: (string | null)[];
}

function seriesOf(current: Timeseries, former: Timeseries | null): Series {
  const inRows = current.rows.some((row) => row.previous);
  return {
    rows: current.rows,
    interval: current.interval,
    before: current.rows.map((row, place) =>
      inRows ? (row.previous ?? null) : (former?.rows[place]?.metrics ?? null),
    ),
    beforeAt: current.rows.map((_, place) => former?.rows[place]?.at ?? null),
  };
}

const amountOf = (value: Amount | number) => (typeof value === 'number' ? value : value.minor);
const textOf = (value: Amount | number) => (typeof value === 'number' ? count(value) : exactMoney(value));

function pointsOf(series: Series, money: ChartedMoney, people: ChartedPeople): ChartPoint[] {
  return series.rows.map((row, place) => {
    const before = series.before[place];
    return {
      at: row.at,
      money: amountOf(row.metrics[money]),
      people: row.metrics[people],
      moneyBefore: before ? amountOf(before[money]) : null,
      peopleBefore: before ? before[people] : null,
    };
  });
}

function nameOf(interval: Timeseries['interval'], at: string, thisYear: number): string {
  if (interval === 'hour') return clockText(at);
  if (interval === 'month') return monthText(at);
  if (interval === 'week') return `Week of ${dayText(at, thisYear)}`;
  return weekdayText(at);
}

/** The last interval still runs when it holds the present moment. */
function isRunning(series: Series, site: Site): boolean {
  const last = series.rows.at(-1)?.at;
  if (!last) return false;
  const today = todayIn(site.time_zone, now.value);
  if (series.interval === 'hour') return now.value.getTime() - Date.parse(last) < 3_600_000;
  if (series.interval === 'month') return last.slice(0, 7) === today.slice(0, 7);
  if (series.interval === 'day') return last.slice(0, 10) === today;
  return Date.parse(today) - Date.parse(last.slice(0, 10)) < 7 * 86_400_000;
}

const TITLES = { revenue: 'Revenue', orders: 'Orders', visitors: 'Visitors', sessions: 'Sessions' } as const;

interface TipProps {
  series: Series;
  place: number;
  money: ChartedMoney;
  people: ChartedPeople;
  name: string;
  beforeName: string | null;
  running: boolean;
}

function Tip({ series, place, money, people, name, beforeName, running }: TipProps) {
  const metrics = series.rows[place]?.metrics;
  const before = series.before[place];
  if (!metrics) return null;
  return (
    <>
      <p class="tip-head">
        <b>{name}</b> {running && 'so far '}
        {beforeName && <span class="faint">vs {beforeName}</span>}
      </p>
      <dl>
        <dt class="money-key">{TITLES[money]}</dt>
        <dd>{textOf(metrics[money])}</dd>
        {before && (
          <>
            <dt>before</dt>
            <dd class="light">{textOf(before[money])}</dd>
          </>
        )}
        {money === 'revenue' && (
          <>
            <dt>Orders</dt>
            <dd>{count(metrics.orders)}</dd>
          </>
        )}
        <dt class="people-key">{TITLES[people]}</dt>
        <dd>{count(metrics[people])}</dd>
        {before && (
          <>
            <dt>before</dt>
            <dd class="light">{count(before[people])}</dd>
          </>
        )}
      </dl>
      {series.interval === 'day' && <p class="tip-foot">Click to open the day</p>}
    </>
  );
}

function AsTable({ series, names }: { series: Series; names: string[] }) {
  return (
    <details class="as-table">
      <summary>Show as a table</summary>
      <div class="scroll-x">
        <table>
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Revenue</th>
              <th scope="col">Orders</th>
              <th scope="col">Visitors</th>
              <th scope="col">Sessions</th>
            </tr>
          </thead>
          <tbody>
            {series.rows.map((row, place) => (
              <tr key={row.at}>
                <th scope="row">{names[place]}</th>
                <td>{exactMoney(row.metrics.revenue)}</td>
                <td>{count(row.metrics.orders)}</td>
                <td>{count(row.metrics.visitors)}</td>
                <td>{count(row.metrics.sessions)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

interface DayChartProps {
  site: Site;
  money: ChartedMoney;
  people: ChartedPeople;
}

function Drawn({ site, series, money, people }: DayChartProps & { series: Series }) {
  const { thisYear } = useRange(site);
  const like = series.rows[0]?.metrics.revenue ?? { minor: 0, currency: site.currency, decimal: '0.00' };
  const running = isRunning(series, site);
  const names = series.rows.map((row) => nameOf(series.interval, row.at, thisYear));
  const last = series.rows.length - 1;
  const beforeName = (place: number) => {
    const at = series.beforeAt[place];
    return at && series.interval !== 'hour' ? nameOf(series.interval, at, thisYear) : null;
  };
  const open = (place: number) => {
    const date = series.rows[place]?.at.slice(0, 10);
    if (date) ask(fullChoice({ period: 'day', date }));
  };
  return (
    <>
      <TimeChart
        points={pointsOf(series, money, people)}
        interval={series.interval}
        running={running}
        thisYear={thisYear}
        moneyTitle={TITLES[money]}
        peopleTitle={TITLES[people]}
        moneyTick={(value) => (money === 'orders' ? shortCount(value) : axisMoney(value, like))}
        peopleTick={shortCount}
        moneyStep={money === 'orders' ? 1 : 10 ** exponentOf(like)}
        label={`${TITLES[money]} and ${TITLES[people].toLowerCase()} over time`}
        tip={(place) => (
          <Tip
            series={series}
            place={place}
            money={money}
            people={people}
            name={names[place] ?? ''}
            beforeName={beforeName(place)}
            running={running && place === last}
          />
        )}
        spoken={(place) => {
          const metrics = series.rows[place]?.metrics;
          if (!metrics) return '';
          return `${names[place]}: ${TITLES[money]} ${textOf(metrics[money])}, ${TITLES[people]} ${count(metrics[people])}`;
        }}
        onOpen={series.interval === 'day' ? open : undefined}
      />
      <AsTable series={series} names={names} />
    </>
  );
}

const BY = { hour: 'By hour', day: 'By day', week: 'By week', month: 'By month' } as const;

export function DayChart(props: DayChartProps) {
  const { site } = props;
  const current = useTimeseries(site);
  const { before } = useRange(site);
  const rowsHaveFormer = current.data?.rows.some((row) => row.previous) ?? true;
  const former = useFormerSeries(site, current.data !== null && !rowsHaveFormer);
  const formerData = former.stale ? null : former.data;
  const running = current.data ? isRunning(seriesOf(current.data, null), site) : false;
  return (
    <Card
      title={BY[current.data?.interval ?? 'day']}
      class="chart-card"
      beside={
        <p class="chart-key">
          {before && (
            <span>
              <svg viewBox="0 0 14 10" aria-hidden="true">
                <line class="before" x1="1" x2="13" y1="5" y2="5" />
              </svg>
              before
            </span>
          )}
          {running && (
            <span>
              <svg viewBox="0 0 14 10" aria-hidden="true">
                <rect class="bar part" x="2.5" y="0.5" width="9" height="9" rx="1.5" />
              </svg>
              not over yet
            </span>
          )}
        </p>
      }
    >
      <Loaded of={current} what="The chart" rows={7}>
        {(data) => <Drawn {...props} series={seriesOf(data, formerData)} />}
      </Loaded>
    </Card>
  );
}
