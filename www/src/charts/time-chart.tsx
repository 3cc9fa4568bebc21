//! Money above, people below, one time axis: two panels, so that no false crossings are read.
import { area, line } from 'd3-shape';
import { useState } from 'preact/hooks';
import { timeTicks, verticalAxis } from './axis';
import { useWidth } from './width';

export interface ChartPoint {
  at: string;
  money: number;
  people: number;
  /** The same interval of the compared period. */
  moneyBefore: number | null;
  peopleBefore: number | null;
}

interface TimeChartProps {
  points: ChartPoint[];
  interval: 'hour' | 'day' | 'week' | 'month';
  /** The last interval is not over yet. */
  running: boolean;
  thisYear: number;
  moneyTitle: string;
  peopleTitle: string;
  moneyTick: (value: number) => string;
  peopleTick: (value: number) => string;
  /** The smallest honest step of the upper axis. */
  moneyStep: number;
  label: string;
  tip: (place: number) => preact.ComponentChildren;
  spoken: (place: number) => string;
  onOpen?: ((place: number) => void) | undefined;
}

const LEFT = 46;
const RIGHT = 4;
const UPPER = { top: 26, bottom: 160 };
const LOWER = { top: 202, bottom: 262 };
const HEIGHT = 286;
const TIP_WIDTH = 236;

interface Geometry {
  width: number;
  band: number;
  bar: number;
  x: (place: number) => number;
}

function geometry(width: number, total: number): Geometry {
  const band = (width - LEFT - RIGHT) / Math.max(1, total);
  const bar = Math.max(2, Math.min(44, band * 0.68));
  return { width, band, bar, x: (place) => LEFT + band * (place + 0.5) };
}

function Panel(props: {
  axis: ReturnType<typeof verticalAxis>;
  width: number;
  tick: (value: number) => string;
}) {
  return (
    <>
      {props.axis.ticks.map((tick) => (
        <g key={tick}>
          <line
            class={tick === 0 ? 'base' : 'grid'}
            x1={LEFT}
            x2={props.width - RIGHT}
            y1={Math.round(props.axis.y(tick))}
            y2={Math.round(props.axis.y(tick))}
          />
          <text x={LEFT - 8} y={props.axis.y(tick) + 4} text-anchor="end">
            {props.tick(tick)}
          </text>
        </g>
      ))}
    </>
  );
}

function Bars({
  points,
  running,
  box,
  y,
}: {
  points: ChartPoint[];
  running: boolean;
  box: Geometry;
  y: (v: number) => number;
}) {
  const last = points.length - 1;
  const floor = y(0);
  return (
    <>
      {points.map((point, place) => {
        const height = floor - y(Math.max(0, point.money));
        const left = box.x(place) - box.bar / 2;
        const before = point.moneyBefore === null ? null : y(Math.max(0, point.moneyBefore));
        return (
          <g key={point.at}>
            {height > 0.3 && (
              <rect
                class={running && place === last ? 'bar part' : 'bar'}
                x={left}
                y={floor - Math.max(1, height)}
                width={box.bar}
                height={Math.max(1, height)}
                rx={Math.min(2, box.bar / 4)}
              />
            )}
            {before !== null && before < floor - 0.5 && (
              <>
                <line class="before-under" x1={left - 1} x2={left + box.bar + 1} y1={before} y2={before} />
                <line class="before" x1={left - 1} x2={left + box.bar + 1} y1={before} y2={before} />
              </>
            )}
          </g>
        );
      })}
    </>
  );
}

function Lines({
  points,
  running,
  box,
  y,
}: {
  points: ChartPoint[];
  running: boolean;
  box: Geometry;
  y: (v: number) => number;
}) {
  const indexed = points.map((point, place) => ({ ...point, place }));
  const done = running ? indexed.slice(0, -1) : indexed;
  const x = (point: { place: number }) => box.x(point.place);
  const now = line<(typeof indexed)[number]>()
    .x(x)
    .y((point) => y(point.people));
  const fill = area<(typeof indexed)[number]>()
    .x(x)
    .y0(y(0))
    .y1((point) => y(point.people));
  const was = line<(typeof indexed)[number]>()
    .defined((point) => point.peopleBefore !== null)
    .x(x)
    .y((point) => y(point.peopleBefore ?? 0));
  if (points.length === 1) {
    const [point] = indexed;
    if (!point) return null;
    const height = y(0) - y(point.people);
    return (
      <rect
        class="people-column"
        x={box.x(0) - box.bar / 2}
        y={y(point.people)}
        width={box.bar}
        height={height}
        rx="2"
      />
    );
  }
  return (
    <>
      <path class="fill" d={fill(done) ?? ''} />
      <path class="line was" d={was(indexed) ?? ''} />
      <path class="line" d={now(done) ?? ''} />
      {running && <path class="line part" d={now(indexed.slice(-2)) ?? ''} />}
    </>
  );
}

/** Keeps the tip beside the crosshair, on the side where there is room. */
function tipLeft(x: number, width: number): number {
  const right = x + 16;
  return right + TIP_WIDTH > width ? Math.max(0, x - TIP_WIDTH - 16) : right;
}

export function TimeChart(props: TimeChartProps) {
  const { points, interval, running, thisYear } = props;
  const [element, width] = useWidth<HTMLDivElement>();
  const [place, setPlace] = useState<number | null>(null);
  const box = geometry(width, points.length);
  const highest = (pick: (point: ChartPoint) => number | null) =>
    points.reduce((most, point) => Math.max(most, pick(point) ?? 0), 0);
  const upper = verticalAxis(
    UPPER.top,
    UPPER.bottom,
    Math.max(
      highest((p) => p.money),
      highest((p) => p.moneyBefore),
    ),
    props.moneyStep,
  );
  const lower = verticalAxis(
    LOWER.top,
    LOWER.bottom,
    Math.max(
      highest((p) => p.people),
      highest((p) => p.peopleBefore),
    ),
  );
  const lowerTicks = lower.ticks.filter(
    (_, index, all) => index === 0 || index === all.length - 1 || all.length < 4,
  );
  const ticks = timeTicks(
    interval,
    points.map((point) => point.at),
    { width, running, thisYear },
  );
  const shown = place !== null && place < points.length ? place : null;
  const point = shown === null ? null : points[shown];

  const find = (event: PointerEvent) => {
    const left = element.current?.getBoundingClientRect().left ?? 0;
    const found = Math.floor((event.clientX - left - LEFT) / box.band);
    setPlace(found >= 0 && found < points.length ? found : null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const last = points.length - 1;
    if (event.key === 'ArrowRight') setPlace(shown === null ? 0 : Math.min(last, shown + 1));
    else if (event.key === 'ArrowLeft') setPlace(shown === null ? last : Math.max(0, shown - 1));
    else if (event.key === 'Home') setPlace(0);
    else if (event.key === 'End') setPlace(last);
    else if (event.key === 'Enter' && shown !== null) props.onOpen?.(shown);
    else if (event.key === 'Escape' && shown !== null) setPlace(null);
    else return;
    event.preventDefault();
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: no element of HTML is a chart
    <div
      class="chart"
      ref={element}
      role="group"
      aria-label={`${props.label}. Left and right arrow keys move from one to the next.`}
      data-own-keys
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move the crosshair
      tabIndex={0}
      onKeyDown={onKeyDown}
      onBlur={() => setPlace(null)}
      onPointerMove={find}
      onPointerDown={find}
      onPointerLeave={() => setPlace(null)}
      onClick={(event) => event.detail > 0 && shown !== null && props.onOpen?.(shown)}
    >
      {width > 0 && (
        <svg class={props.onOpen ? 'plot opens' : 'plot'} width={width} height={HEIGHT} aria-hidden="true">
          <defs>
            <pattern
              id="hatch-money"
              width="5"
              height="5"
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <rect class="hatch-ground" width="5" height="5" />
              <rect class="hatch-line" width="2" height="5" />
            </pattern>
          </defs>
          {shown !== null && (
            <rect
              class="column"
              x={box.x(shown) - box.band / 2}
              y={UPPER.top - 6}
              width={box.band}
              height={LOWER.bottom - UPPER.top + 6}
            />
          )}
          <rect class="key-money" x="0" y="2" width="8" height="8" rx="2" />
          <text class="panel-title" x="13" y="10">
            {props.moneyTitle}
          </text>
          <Panel axis={upper} width={width} tick={props.moneyTick} />
          <Bars points={points} running={running} box={box} y={upper.y} />
          <circle class="key-people" cx="4" cy={LOWER.top - 18} r="4" />
          <text class="panel-title" x="13" y={LOWER.top - 14}>
            {props.peopleTitle}
          </text>
          <Panel axis={{ ...lower, ticks: lowerTicks }} width={width} tick={props.peopleTick} />
          <Lines points={points} running={running} box={box} y={lower.y} />
          {ticks.map((tick) => (
            <text
              key={tick.place}
              x={Math.min(width - RIGHT, box.x(tick.place))}
              y={HEIGHT - 4}
              text-anchor={box.x(tick.place) > width - 30 ? 'end' : 'middle'}
            >
              {tick.text}
            </text>
          ))}
          {shown !== null && point && (
            <>
              <line class="cross" x1={box.x(shown)} x2={box.x(shown)} y1={UPPER.top - 6} y2={LOWER.bottom} />
              <circle class="dot" cx={box.x(shown)} cy={lower.y(point.people)} r="4" />
            </>
          )}
        </svg>
      )}
      {shown !== null && (
        <div class="tip" style={{ left: `${tipLeft(box.x(shown), width)}px` }}>
          {props.tip(shown)}
        </div>
      )}
      <span class="unseen" aria-live="polite">
        {shown !== null ? props.spoken(shown) : ''}
      </span>
    </div>
  );
}
