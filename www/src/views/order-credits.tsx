//! Credit under each model: one column per touch, one bar per model, every row summing to the order.
import { useState } from 'preact/hooks';
import type { Credit, Money, Order } from '../api/types';
import { ShareBar } from '../charts/share-bar';
import { Card } from '../components/card';
import { Body, Cell, Head, HeadCell, KeyCell, Row, Table } from '../components/table';
import { Segments } from '../components/tabs';
import { bareMoney, exactMoney } from '../format/money';
import { MODELS } from '../state/models';
import { type NumberedTouch, touchName } from './order-story';

type Side = 'money' | 'net';

/** More columns than this do not fit; the bars then stand alone. */
const MAX_COLUMNS = 8;

interface CreditsProps {
  order: Order;
  numbered: NumberedTouch[];
  model: string;
  onModel: (model: string) => void;
}

/** A share of money is drawn by its weight, which no rounding of cents distorts. */
function partsOf(credits: Record<string, Credit>, used: NumberedTouch[]) {
  return used.flatMap(({ place, hue }) => {
    const credit = credits[String(place)];
    return credit && credit.weight > 0 ? [{ key: String(place), share: credit.weight / 1e12, hue }] : [];
  });
}

function sumOf(order: Order, side: Side): Money {
  return side === 'net' ? order.net : order.amount;
}

interface LineProps extends CreditsProps {
  id: string;
  name: string;
  used: NumberedTouch[];
  columns: NumberedTouch[];
  side: Side;
}

function Line({ order, id, name, used, columns, side, model, onModel }: LineProps) {
  const credits = order.credits[id] ?? {};
  return (
    <Row class={id === model ? 'chosen-row' : ''}>
      <KeyCell>
        <button class="row-link" type="button" aria-pressed={id === model} onClick={() => onModel(id)}>
          <span class="row-name">{name}</span>
        </button>
      </KeyCell>
      {columns.map(({ place }) => {
        const credit = credits[String(place)];
        const nothing = !credit || credit.weight === 0;
        return (
          <Cell key={place} n class={nothing ? 'faint' : ''}>
            {nothing ? '–' : bareMoney(credit[side])}
          </Cell>
        );
      })}
      <Cell class="share-cell">
        <ShareBar parts={partsOf(credits, used)} />
      </Cell>
    </Row>
  );
}

export function OrderCredits(props: CreditsProps) {
  const { order, numbered } = props;
  const [side, setSide] = useState<Side>('money');
  const used = numbered.filter(({ number }) => number !== null);
  const columns = used.length <= MAX_COLUMNS ? used : [];
  const models = MODELS.filter(({ id }) => order.credits[id] !== undefined);
  const refunded = order.refunded.minor !== 0;
  return (
    <Card
      title="Credit under each model"
      beside={
        <span class="faint long-word">
          {order.amount.currency}; each row sums to {bareMoney(sumOf(order, side))}
        </span>
      }
      right={
        refunded && (
          <Segments
            label="Amount"
            options={[
              { id: 'money', name: 'Paid' },
              { id: 'net', name: 'Net of refund' },
            ]}
            current={side}
            onChoose={setSide}
          />
        )
      }
      class="credits-card"
    >
      <Table
        caption={`Credit of ${exactMoney(sumOf(order, side))} under each model`}
        class={`credits cols-${columns.length}`}
      >
        <Head>
          <HeadCell>Model</HeadCell>
          {columns.map(({ touch, number, hue, place }) => (
            <HeadCell key={place} n>
              <span class={`step-mark ring-${hue}`} title={touchName(touch)}>
                {number}
              </span>
              <span class="unseen"> {touchName(touch)}</span>
            </HeadCell>
          ))}
          <HeadCell class="share-cell">
            <span class="unseen">Shares</span>
          </HeadCell>
        </Head>
        <Body>
          {models.map(({ id, name }) => (
            <Line key={id} {...props} id={id} name={name} used={used} columns={columns} side={side} />
          ))}
        </Body>
      </Table>
    </Card>
  );
}
