//! Beside the big table: whether data arrives, and the latest orders with their source.
import { siteStatus } from '../api/sites';
import type { OrderRow, Site } from '../api/types';
import { Card, Loaded } from '../components/card';
import { Ago, Badge, Money } from '../components/words';
import { capital, sourceDetail } from '../format/names';
import { count } from '../format/number';
import { siteHref } from '../state/location';
import { useResource } from '../state/resource';
import { useOrders } from './report';

const LATEST = 6;
const POLL_MS = 20_000;

export function orderHref(site: Site, order: OrderRow): string {
  return siteHref(site.site_id, `/orders/${encodeURIComponent(order.order_id)}`);
}

export const orderSource = (order: OrderRow) =>
  order.level === 'unattributed' ? 'Unattributed' : (order.key.channel ?? 'Unassigned');

export function orderDetail(order: OrderRow): string {
  if (order.level === 'unattributed') return 'nothing ties it to a visit';
  const detail = sourceDetail(order.key);
  if (order.kind === 'renewal') return detail ? `renewal, won by ${detail}` : 'renewal';
  return detail || (order.key.channel === 'Direct' ? 'typed in, or no referrer' : '');
}

function Latest({ site, rows }: { site: Site; rows: OrderRow[] }) {
  if (rows.length === 0) return <p class="thin-state">No order in this period yet.</p>;
  return (
    <ul class="order-list">
      {rows.slice(0, LATEST).map((order) => (
        <li key={order.row_id ?? order.order_id}>
          <a href={orderHref(site, order)}>
            <span class="order-source">{orderSource(order)}</span>
            <span class="order-amount">
              <Money of={order.amount} />
            </span>
            <small>{orderDetail(order)}</small>
            <small class="order-when">
              {order.refunded.minor !== 0 && <Badge tone="warn">refund</Badge>} <Ago at={order.at} />
            </small>
          </a>
        </li>
      ))}
    </ul>
  );
}

function Arriving({ site }: { site: Site }) {
  const status = useResource(`status ${site.site_id}`, (signal) => siteStatus(site.site_id, signal), POLL_MS);
  return (
    <Card
      title="Arriving"
      right={
        status.data?.last_event_at ? (
          <span class="live">
            <i aria-hidden="true" />
            <Ago at={status.data.last_event_at} />
          </span>
        ) : undefined
      }
    >
      <Loaded of={status} what="This card" rows={1}>
        {(data) => (
          <div class="arriving">
            <p>
              <b class="big-figure">{count(data.events_24h)}</b> <span class="soft">events in 24 hours</span>
            </p>
            {data.last_event && (
              <p class="faint ellipsis" title={data.last_event.url}>
                {capital(data.last_event.event_type)} {pathOf(data.last_event.url)}
                {data.last_event.source && ` · ${data.last_event.source}`}
              </p>
            )}
          </div>
        )}
      </Loaded>
    </Card>
  );
}

export function pathOf(url: string): string {
  try {
    return new URL(url).pathname;
  } catch {
    return url;
  }
}

export function LatestOrders({ site }: { site: Site }) {
  const orders = useOrders(site, { limit: LATEST }, POLL_MS);
  const total = orders.data?.totals.orders ?? 0;
  return (
    <div class="stack side-stack">
      <Arriving site={site} />
      <Card
        title="Latest orders"
        class="latest-card"
        footer={
          <a class="foot-link" href={siteHref(site.site_id, '/orders')}>
            {total > 0 ? `All ${count(total)} orders` : 'All orders'}
          </a>
        }
      >
        <Loaded of={orders} what="The latest orders" rows={LATEST}>
          {(data) => <Latest site={site} rows={data.rows} />}
        </Loaded>
      </Card>
    </div>
  );
}
