//! The cards beside a journey: the money, the customer, and what the provider said.
import type { Order, OrderEntry, OrderWebhook, Site } from '../api/types';
import { Card } from '../components/card';
import { Badge } from '../components/words';
import { gapText, momentText, secondsText, spanText } from '../format/date';
import { exactMoney, isZero } from '../format/money';
import { capital, countryName, providerName } from '../format/names';
import { now } from '../state/clock';
import { siteHref } from '../state/location';
import { doubtOf, lacksRate, rateName } from './rate-words';

const day = (at: string) => momentText(at, now.value).split(',')[0] ?? '';

function Conversion({ entry, order }: { entry: OrderEntry; order: Order }) {
  if (lacksRate(entry)) return <FactRow name="Rate">none is known, so it is in no sum</FactRow>;
  if (!entry.reporting || entry.reporting.currency === entry.amount.currency) return null;
  const doubt = doubtOf(order);
  return (
    <>
      <dt>{rateName(entry, now.value.getFullYear())}</dt>
      <dd>
        {entry.rate ?? '–'}
        {doubt && (
          <Badge tone="warn" title={doubt.words}>
            {doubt.badge}
          </Badge>
        )}
      </dd>
      <dt>In {entry.reporting.currency}</dt>
      <dd>{exactMoney(entry.reporting)}</dd>
    </>
  );
}

export function MoneyCard({ order }: { order: Order }) {
  const payment = order.entries.find((entry) => entry.kind === 'payment');
  const taken = order.entries.filter((entry) => entry.kind !== 'payment');
  return (
    <Card title="Money">
      <dl class="facts">
        <dt>Charged</dt>
        <dd>{exactMoney(order.amount)}</dd>
        {order.tax && (
          <>
            <dt>of which tax</dt>
            <dd class="faint">{exactMoney(order.tax)}</dd>
          </>
        )}
        {payment && <Conversion entry={payment} order={order} />}
        {taken.map((entry) => (
          <FactRow key={entry.id} name={`${capital(entry.kind)}, ${day(entry.at)}`} faint={!entry.counts}>
            {exactMoney(entry.amount)}
            {!entry.counts && ` (${entry.status})`}
          </FactRow>
        ))}
        {taken.length === 0 && !isZero(order.refunded) && (
          <FactRow name="Refunded">{exactMoney(order.refunded)}</FactRow>
        )}
        <dt class="total">Net</dt>
        <dd class="total">{exactMoney(order.net)}</dd>
        {order.converted && order.converted.currency !== order.net.currency && (
          <FactRow name={`Net in ${order.converted.currency}`}>{exactMoney(order.converted)}</FactRow>
        )}
      </dl>
    </Card>
  );
}

function FactRow({
  name,
  faint,
  children,
}: {
  name: string;
  faint?: boolean;
  children: preact.ComponentChildren;
}) {
  return (
    <>
      <dt>{name}</dt>
      <dd class={faint ? 'faint' : ''}>{children}</dd>
    </>
  );
}

function OrderLinks({ site, ids }: { site: Site; ids: string[] }) {
  return (
    <>
      {ids.map((id) => (
        <a
          key={id}
          class="link mono block"
          href={siteHref(site.site_id, `/orders/${encodeURIComponent(id)}`)}
        >
          {id}
        </a>
      ))}
    </>
  );
}

export function CustomerCard({ site, order }: { site: Site; order: Order }) {
  const { customer } = order;
  const first = order.touches.find((touch) => touch.used);
  const rows: [string, preact.ComponentChildren][] = [
    ['Name', customer?.name],
    ['User id', customer?.user_id && <span class="mono">{customer.user_id}</span>],
    ['Customer id', customer?.customer_id && <span class="mono">{customer.customer_id}</span>],
    ['Visitor', order.visitor_uid && <span class="mono">{order.visitor_uid}</span>],
    ['To convert', first && spanText(first.at, order.at)],
    ['Billing country', order.country && countryName(order.country)],
    ['Takes the place of', order.replaces.length > 0 && order.replaces.join(', ')],
    ['Rows of the same id', order.others.length > 0 && <OrderLinks site={site} ids={order.others} />],
  ];
  const known = rows.filter(([, value]) => value);
  return (
    <Card title="Customer">
      {known.length === 0 ? (
        <p class="thin-state">The payment says nothing about its customer.</p>
      ) : (
        <dl class="facts">
          {known.map(([name, value]) => (
            <FactRow key={name} name={name}>
              {value}
            </FactRow>
          ))}
        </dl>
      )}
    </Card>
  );
}

const SAID: Record<OrderWebhook['status'], string> = {
  recorded: 'counted as money',
  enriched: 'added something new',
  duplicate: 'same order, counted once',
  ignored: 'not ours to count',
};

function WebhookRow({ webhook }: { webhook: OrderWebhook }) {
  const late = Date.parse(webhook.received_at) - Date.parse(webhook.at);
  const changed = webhook.changed.length
    ? `changed ${webhook.changed.map((each) => each.replaceAll('_', ' ')).join(', ')}`
    : SAID[webhook.status];
  return (
    <li>
      <i class={`webhook-dot ${webhook.status}`} aria-hidden="true" />
      <code class="ellipsis" title={webhook.event_id}>
        {webhook.type}
      </code>
      <Badge>{webhook.status}</Badge>
      <small>
        {day(webhook.received_at)} {secondsText(webhook.received_at)}
        {late > 60_000 && `, ${gapText(webhook.at, webhook.received_at)} late`} · {changed}
      </small>
    </li>
  );
}

export function WebhooksCard({ order }: { order: Order }) {
  const name = providerName(order.provider);
  return (
    <Card
      title={order.provider ? `What ${name} said` : 'What was said'}
      right={order.webhooks.length > 1 && <span class="faint">counted once</span>}
    >
      {order.webhooks.length === 0 ? (
        <p class="thin-state">
          {order.trust === 'reported'
            ? 'No webhook speaks of this order: a browser reported it.'
            : 'No webhook speaks of this order: your backend sent it.'}
        </p>
      ) : (
        <ul class="webhooks">
          {order.webhooks.map((webhook) => (
            <WebhookRow key={webhook.event_id} webhook={webhook} />
          ))}
        </ul>
      )}
    </Card>
  );
}
