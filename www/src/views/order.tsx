//! One order: why it was credited so, the journey, the money, and what the provider said.
import { useState } from 'preact/hooks';
import { ApiError } from '../api/client';
import { order as askOrder } from '../api/stats';
import type { Order as OrderData, Site } from '../api/types';
import { Failed, Skeleton, StateBox } from '../components/card';
import { Icon } from '../components/icon';
import { Badge, Moment, TrustBadge } from '../components/words';
import { exactMoney, isZero } from '../format/money';
import { providerName } from '../format/names';
import { question, siteHref } from '../state/location';
import { channelHues } from '../state/preference';
import { useResource } from '../state/resource';
import { OrderCredits } from './order-credits';
import { CustomerCard, MoneyCard, WebhooksCard } from './order-facts';
import { OrderJourney } from './order-journey';
import { OrderReason } from './order-reason';
import { numberTouches } from './order-story';
import { useTitle } from './report';
import { useKeys } from './report-keys';

function Crumb({ site, id }: { site: Site; id: string }) {
  return (
    <nav class="crumb" aria-label="Breadcrumb">
      <a href={siteHref(site.site_id, '/orders')}>Orders</a>
      <Icon name="right" small />
      <span class="mono ellipsis">{id}</span>
    </nav>
  );
}

/** Where the provider's own page of a payment is; only Stripe's ids say it by themselves. */
function providerPage(order: OrderData): string | null {
  if (order.provider !== 'stripe' || !/^(pi|py|ch)_/.test(order.order_id)) return null;
  const test = order.mode === 'test' ? 'test/' : '';
  return `https://dashboard.stripe.com/${test}payments/${encodeURIComponent(order.order_id)}`;
}

function statusBadge(order: OrderData) {
  if (order.entries.length === 0 || order.entries.some((entry) => entry.kind === 'payment' && entry.counts)) {
    return (
      <Badge tone="good" icon="check">
        Paid
      </Badge>
    );
  }
  return <Badge tone="warn">Not counted</Badge>;
}

function Hero({ order }: { order: OrderData }) {
  const page = providerPage(order);
  const name = order.customer?.name ?? order.customer?.user_id;
  return (
    <div class="hero">
      <h1 class="hero-amount">
        <span class="unseen">Order of </span>
        {exactMoney(order.amount)}
      </h1>
      <div class="hero-facts">
        {statusBadge(order)}
        {!isZero(order.refunded) && (
          <Badge tone="warn" icon="undo">
            {exactMoney(order.refunded)} refunded
          </Badge>
        )}
        <TrustBadge trust={order.trust} />
        {order.kind === 'renewal' && <Badge>renewal</Badge>}
        {order.mode === 'test' && <Badge tone="warn">test payment</Badge>}
        <span>{providerName(order.provider)}</span>
        <Moment at={order.at} always />
        {name && <span>{name}</span>}
      </div>
      {page && (
        <a class="button hero-action" href={page} target="_blank" rel="noreferrer noopener">
          <Icon name="open" />
          Open in {providerName(order.provider)}
        </a>
      )}
    </div>
  );
}

function Explained({ site, order }: { site: Site; order: OrderData }) {
  const built = Object.keys(order.credits);
  const asked = question.value.model;
  const [chosen, setChosen] = useState<string | null>(null);
  const wanted = chosen ?? asked;
  const model = built.includes(wanted) ? wanted : (built[0] ?? wanted);
  const channels = order.touches.flatMap(({ channel, used }) => (used && channel ? [channel] : []));
  const numbered = numberTouches(order.touches, channelHues(site.site_id, channels, false));
  return (
    <>
      <Hero order={order} />
      <div class="stack">
        <OrderReason
          site={site}
          order={order}
          numbered={numbered}
          model={model}
          models={built}
          onModel={setChosen}
        />
        <div class="columns two-one order-columns">
          <OrderJourney site={site} order={order} numbered={numbered} model={model} />
          <div class="stack">
            <MoneyCard order={order} />
            <CustomerCard site={site} order={order} />
            <WebhooksCard order={order} />
          </div>
        </div>
        {built.length > 0 && order.level !== 'unattributed' && (
          <OrderCredits order={order} numbered={numbered} model={model} onModel={setChosen} />
        )}
      </div>
    </>
  );
}

export function Order({ site, id }: { site: Site; id: string }) {
  useKeys(site, false);
  const order = useResource(`order ${site.site_id} ${id}`, (signal) => askOrder(site.site_id, id, signal));
  const shown = order.stale ? null : order.data;
  useTitle(`${shown ? exactMoney(shown.amount) : 'Order'} · ${site.domain}`);
  const missing = order.error instanceof ApiError && order.error.status === 404;
  return (
    <>
      <Crumb site={site} id={id} />
      {shown ? (
        <Explained key={id} site={site} order={shown} />
      ) : missing ? (
        <section class="card lone">
          <h1 class="unseen">Order {id}</h1>
          <StateBox
            art
            title="There is no such order"
            actions={
              <>
                <button class="button" type="button" onClick={order.retry}>
                  Look again
                </button>
                <a class="button quiet" href={siteHref(site.site_id, '/orders')}>
                  All orders
                </a>
              </>
            }
          >
            It may not have arrived yet: a provider's webhook takes a few seconds after the payment.
          </StateBox>
        </section>
      ) : (
        <section class="card lone">
          <h1 class="unseen">Order {id}</h1>
          {order.error ? (
            <Failed error={order.error} retry={order.retry} what="This order" />
          ) : (
            <Skeleton rows={8} />
          )}
        </section>
      )}
    </>
  );
}
