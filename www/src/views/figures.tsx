//! The seven figures of the Overview; four of them choose what the chart below draws.
import type { Money as Amount, Figure, Overview } from '../api/types';
import { Delta } from '../components/words';
import { delta, figureText, type Kind, type Wanted } from '../format/delta';
import type { Resource } from '../state/resource';
import { Subtotals } from './breakdown-cells';

export type ChartedMoney = 'revenue' | 'orders';
export type ChartedPeople = 'visitors' | 'sessions';

interface TileProps {
  name: string;
  kind: Kind;
  figure: Figure<number | Amount | null> | undefined;
  wanted?: Wanted;
  /** What stands in place of the value: subtotals of several currencies. */
  instead?: preact.ComponentChildren;
  pressed?: boolean;
  tone?: 'money' | 'people';
  onPress?: () => void;
}

function TileBody({ name, kind, figure, wanted = 'up', instead }: TileProps) {
  if (!figure) {
    return (
      <>
        <span class="tile-name">{name}</span>
        <span class="tile-value">
          <i class="bone value" aria-hidden="true" />
        </span>
        <span class="delta">
          <i class="bone short" aria-hidden="true" />
        </span>
      </>
    );
  }
  return (
    <>
      <span class="tile-name">{name}</span>
      <span class="tile-value" title={figureText(kind, figure.value, true)}>
        {instead ?? figureText(kind, figure.value)}
      </span>
      {instead ? null : <Delta value={delta(kind, figure.value, figure.previous, wanted)} />}
    </>
  );
}

function Tile(props: TileProps) {
  if (!props.onPress) {
    return (
      <div class="tile">
        <TileBody {...props} />
      </div>
    );
  }
  return (
    <button
      type="button"
      class={`tile ${props.tone ?? ''}`}
      aria-pressed={props.pressed}
      title={`Draw ${props.name.toLowerCase()} in the chart`}
      onClick={props.onPress}
    >
      <TileBody {...props} />
    </button>
  );
}

interface FigureTilesProps {
  overview: Resource<Overview>;
  money: ChartedMoney;
  people: ChartedPeople;
  onMoney: (money: ChartedMoney) => void;
  onPeople: (people: ChartedPeople) => void;
}

export function FigureTiles({ overview, money, people, onMoney, onPeople }: FigureTilesProps) {
  const metrics = overview.data?.metrics;
  const mixed = overview.data?.mixed_currencies ?? false;
  const none = mixed ? <span class="faint">–</span> : undefined;
  const subtotals = mixed ? <Subtotals amounts={overview.data?.by_currency ?? []} /> : undefined;
  return (
    <div class={overview.stale ? 'tiles dimmed' : 'tiles'} aria-busy={overview.stale || !metrics}>
      <Tile
        name="Revenue"
        kind="money"
        figure={metrics?.revenue}
        {...(subtotals && { instead: subtotals })}
        tone="money"
        pressed={money === 'revenue'}
        onPress={() => onMoney('revenue')}
      />
      <Tile
        name="Orders"
        kind="count"
        figure={metrics?.orders}
        tone="money"
        pressed={money === 'orders'}
        onPress={() => onMoney('orders')}
      />
      <Tile
        name="Visitors"
        kind="count"
        figure={metrics?.visitors}
        tone="people"
        pressed={people === 'visitors'}
        onPress={() => onPeople('visitors')}
      />
      <Tile
        name="Sessions"
        kind="count"
        figure={metrics?.sessions}
        tone="people"
        pressed={people === 'sessions'}
        onPress={() => onPeople('sessions')}
      />
      <Tile name="Conversion" kind="rate" figure={metrics?.conversion_rate} />
      <Tile
        name="Average order"
        kind="money"
        figure={metrics?.average_order}
        {...(none && { instead: none })}
      />
      <Tile
        name="Per visitor"
        kind="money"
        figure={metrics?.revenue_per_visitor}
        {...(none && { instead: none })}
      />
    </div>
  );
}
