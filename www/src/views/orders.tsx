//! Orders: every payment with its source and the level that tied it; the untied ones are one press away.
import { useState } from 'preact/hooks';
import { orders as askOrders } from '../api/stats';
import type { OrderLevel, OrderRow, OrdersReport, Site } from '../api/types';
import { Card, Loaded } from '../components/card';
import { PageHead } from '../components/page-head';
import { Body, Cell, Head, HeadCell, KeyCell, Row, Table } from '../components/table';
import { Tabs } from '../components/tabs';
import { Toolbar } from '../components/toolbar';
import { Ago, Badge, LevelBadge, Money, Swatch, TrustBadge } from '../components/words';
import { exactMoney, isZero } from '../format/money';
import { levelName, providerName, shortId } from '../format/names';
import { count, plural } from '../format/number';
import { hrefFor, question } from '../state/location';
import { say } from '../state/notice';
import { channelHues } from '../state/preference';
import { NoRows } from './breakdown-cells';
import { orderDetail, orderHref, orderSource } from './latest-orders';
import { MixedNote } from './mixed-note';
import { NothingYet } from './nothing-yet';
import { doubtOf } from './rate-words';
import { ordersQuery, useOrders, useTitle } from './report';
import { useKeys } from './report-keys';

const PAGE = 50;
const LEVELS: readonly OrderLevel[] = ['session', 'visitor', 'customer', 'url', 'unattributed'];

function LevelTabs({ report }: { report: OrdersReport | null }) {
  const levels = report?.totals.levels;
  const sum = levels ? LEVELS.reduce((total, level) => total + (levels[level] ?? 0), 0) : null;
  const tabs = [
    {
      id: 'all',
      name: 'All',
      href: hrefFor({ level: undefined }),
      ...(sum !== null && { count: count(sum) }),
    },
    ...LEVELS.map((level) => ({
      id: level as string,
      name: levelName(level),
      href: hrefFor({ level }),
      ...(levels && { count: count(levels[level] ?? 0) }),
    })),
  ];
  return <Tabs label="Tied by" tabs={tabs} current={question.value.level ?? 'all'} />;
}

function Totals({ report }: { report: OrdersReport }) {
  const { orders, net, refunded } = report.totals;
  const mixed = net.currency === null;
  return (
    <span class="faint figures">
      {plural(orders, 'order')}
      {!mixed && !isZero(refunded) && `, ${exactMoney(refunded)} refunded`}
      {!mixed && `, ${exactMoney(net)} net`}
    </span>
  );
}

function OrderLine({ site, order, hue }: { site: Site; order: OrderRow; hue: number }) {
  const converted =
    order.converted && order.converted.currency !== order.amount.currency ? order.converted : null;
  const doubt = doubtOf(order);
  return (
    <Row>
      <KeyCell>
        <Swatch hue={hue} />
        <a class="row-link two-lines" data-row href={orderHref(site, order)}>
          <span class="row-name">{orderSource(order)}</span>
          <small>{orderDetail(order) || ' '}</small>
        </a>
      </KeyCell>
      <Cell wide>
        <LevelBadge level={order.level} />
      </Cell>
      <Cell wide class="soft">
        {providerName(order.provider)}
      </Cell>
      <Cell wide>
        <TrustBadge trust={order.trust} />
      </Cell>
      <Cell wide class="soft">
        <span class="mono" title={order.order_id}>
          {shortId(order.order_id)}
        </span>
        {order.kind === 'renewal' && <Badge>renewal</Badge>}
        {order.mode === 'test' && <Badge tone="warn">test</Badge>}
        {doubt && (
          <Badge tone="warn" title={doubt.words}>
            {doubt.badge}
          </Badge>
        )}
      </Cell>
      <Cell n class="faint">
        <Ago at={order.at} />
      </Cell>
      <Cell n strong class="amount-cell" title={converted ? `${exactMoney(converted)} net` : undefined}>
        <Money of={order.amount} />
        {!isZero(order.refunded) ? (
          <small class="warn-text">{exactMoney(order.refunded)} refunded</small>
        ) : (
          converted && <small>{exactMoney(converted)}</small>
        )}
      </Cell>
    </Row>
  );
}

/** Pages that were asked for after the first one. */
function useMore(site: Site, first: OrdersReport, level: OrderLevel | undefined) {
  const [extra, setExtra] = useState<{ of: OrdersReport; rows: OrderRow[]; cursor: string | null } | null>(
    null,
  );
  const [busy, setBusy] = useState(false);
  const own = extra?.of === first ? extra : null;
  const cursor = own ? own.cursor : first.next_cursor;
  const more = async () => {
    if (!cursor || busy) return;
    setBusy(true);
    try {
      const page = await askOrders(site.site_id, ordersQuery({ level, limit: PAGE, cursor }));
      setExtra({ of: first, rows: [...(own?.rows ?? []), ...page.rows], cursor: page.next_cursor });
    } catch (error) {
      say(error instanceof Error ? error.message : 'The next orders could not be loaded');
    } finally {
      setBusy(false);
    }
  };
  return { rows: [...first.rows, ...(own?.rows ?? [])], more: cursor ? more : null, busy };
}

/** Channels in the order of their first appearance: stand-ins until the site's own hues are stored. */
const channelsOf = (rows: OrderRow[]) => [
  ...new Set(
    rows.flatMap(({ key, level }) => (level !== 'unattributed' && key.channel ? [key.channel] : [])),
  ),
];

function OrderTable({
  site,
  report,
  level,
}: {
  site: Site;
  report: OrdersReport;
  level: OrderLevel | undefined;
}) {
  const { rows, more, busy } = useMore(site, report, level);
  const hues = channelHues(site.site_id, channelsOf(rows), false);
  const hueOf = (order: OrderRow) =>
    order.level === 'unattributed' ? 0 : (hues.get(order.key.channel ?? '') ?? 6);
  if (rows.length === 0 && level === 'unattributed' && report.totals.levels) {
    return <p class="thin-state">Every order of this period is tied to a source.</p>;
  }
  if (rows.length === 0) return <NoRows />;
  return (
    <>
      <Table caption="Orders, newest first" class="orders-table">
        <Head>
          <HeadCell>Source</HeadCell>
          <HeadCell wide hint="Which of the four levels of evidence tied the payment to a visit">
            Tied by
          </HeadCell>
          <HeadCell wide>Provider</HeadCell>
          <HeadCell wide hint="Verified: a provider or your backend said so. Reported: a browser said so.">
            Trust
          </HeadCell>
          <HeadCell wide>Order</HeadCell>
          <HeadCell n>When</HeadCell>
          <HeadCell n>Amount</HeadCell>
        </Head>
        <Body>
          {rows.map((order) => (
            <OrderLine key={order.row_id ?? order.order_id} site={site} order={order} hue={hueOf(order)} />
          ))}
        </Body>
      </Table>
      <div class="card-foot">
        <span class="figures">
          {count(rows.length)} of {count(report.totals.orders)}
        </span>
        {more && (
          <button class="foot-link" type="button" onClick={more}>
            {busy ? 'One moment…' : 'Show more'}
          </button>
        )}
        <span class="faint long-word">J K to move, Enter to open</span>
      </div>
    </>
  );
}

function Duplicates({ site, report }: { site: Site; report: OrdersReport }) {
  const pairs = report.possible_duplicates ?? [];
  if (pairs.length === 0) return null;
  return (
    <details class="card duplicates">
      <summary>
        <Badge tone="warn" icon="warn">
          {plural(pairs.length, 'possible duplicate')}
        </Badge>
        <span class="soft">
          A browser reported and a provider verified the same amount for the same visitor within a day.
        </span>
      </summary>
      <ul class="plain-rows">
        {pairs.map(([reported, verified]) => (
          <li key={`${reported.order_id} ${verified.order_id}`}>
            <span>
              <a class="link" href={orderHref(site, reported)}>
                {shortId(reported.order_id)}
              </a>{' '}
              <span class="faint">reported, and</span>{' '}
              <a class="link" href={orderHref(site, verified)}>
                {shortId(verified.order_id)}
              </a>{' '}
              <span class="faint">by {providerName(verified.provider)}</span>
            </span>
            <span class="push">
              <b>{exactMoney(verified.amount)}</b>
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

export function Orders({ site }: { site: Site }) {
  useKeys(site, true);
  useTitle(`Orders · ${site.domain}`);
  const { level } = question.value;
  const orders = useOrders(site, { level, limit: PAGE });
  return (
    <>
      <PageHead site={site} title="Orders" csv={{ report: 'orders', query: ordersQuery({ level }) }} />
      <Toolbar site={site} compare={false} />
      <NothingYet site={site}>
        <div class="stack">
          {orders.data && <MixedNote of={orders.data} />}
          {orders.data && <Duplicates site={site} report={orders.data} />}
          <Card
            title="Orders, newest first"
            quiet
            class="orders-card"
            beside={<LevelTabs report={orders.data} />}
            right={orders.data && <Totals report={orders.data} />}
          >
            <Loaded of={orders} what="The orders" rows={10}>
              {(data) => <OrderTable site={site} report={data} level={level} />}
            </Loaded>
          </Card>
        </div>
      </NothingYet>
    </>
  );
}
