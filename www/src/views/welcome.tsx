//! First run: site, one line on every page, the place where you are paid, the first order. One page, no wizard.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { addSite, listIntegrations, siteStatus } from '../api/sites';
import { orders as askOrders } from '../api/stats';
import type { Integration, OrderRow, Site, SiteStatus } from '../api/types';
import { CurrencySelect, ZoneSelect } from '../components/choice-select';
import { Fault, Field, Submit, useSubmission } from '../components/field';
import { Icon } from '../components/icon';
import { PlainShell } from '../components/shell';
import { Ago, LevelBadge, Money } from '../components/words';
import { currencyName, providerName, sourceName } from '../format/names';
import { navigate, place, siteHref } from '../state/location';
import { announce } from '../state/notice';
import { type Resource, useResource } from '../state/resource';
import { replaceSite, sites } from '../state/session';
import { hostOf } from './host';
import { Install } from './install';
import { orderHref, pathOf } from './latest-orders';
import { factsOf, PROVIDERS } from './provider-facts';
import { ProviderForm } from './provider-form';
import { useTitle } from './report';

/** A newcomer is watching: what arrives shows within a second or two. */
const POLL_MS = 1_500;

type StepState = 'done' | 'now' | 'later';

interface StepProps {
  number: number;
  title: string;
  state: StepState;
  children: ComponentChildren;
}

function Step({ number, title, state, children }: StepProps) {
  return (
    <li class={`setup-step ${state}`}>
      <span class="setup-number">
        {state === 'done' ? <Icon name="check" small /> : number}
        {state === 'done' && <span class="unseen">Done:</span>}
      </span>
      <div class="setup-body">
        <h2>{title}</h2>
        {children}
      </div>
    </li>
  );
}

const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

function SiteForm() {
  const [domain, setDomain] = useState('');
  const [zone, setZone] = useState(ownZone);
  const [currency, setCurrency] = useState('USD');
  const form = useSubmission(['domain', 'time_zone', 'currency']);
  return (
    <form
      class="form flush"
      onSubmit={form.run(async () => {
        const site = await addSite({ domain: hostOf(domain), time_zone: zone, currency });
        replaceSite(site);
        navigate(`/welcome?site=${encodeURIComponent(site.site_id)}`, { replace: true });
      })}
    >
      <Fault text={form.general} />
      <Field
        label="Domain"
        help="Subdomains belong to it; others can be added later."
        fault={form.faultOf('domain')}
      >
        {(attributes) => (
          <input
            {...attributes}
            class="input"
            required
            placeholder="shop.example"
            autocapitalize="none"
            spellcheck={false}
            value={domain}
            onInput={(event) => setDomain(event.currentTarget.value)}
          />
        )}
      </Field>
      <div class="field-pair">
        <Field label="Days are cut in" fault={form.faultOf('time_zone')}>
          {({ id }) => <ZoneSelect id={id} value={zone} onChange={setZone} />}
        </Field>
        <Field label="Reports are in" fault={form.faultOf('currency')}>
          {({ id }) => <CurrencySelect id={id} value={currency} onChange={setCurrency} />}
        </Field>
      </div>
      <div>
        <Submit busy={form.busy}>Add the site</Submit>
      </div>
    </form>
  );
}

const Waiting = ({ children }: { children: ComponentChildren }) => (
  <p class="waiting">
    <span class="live">
      <i aria-hidden="true" />
    </span>
    <span>{children}</span>
  </p>
);

function FirstVisit({ site, status }: { site: Site; status: SiteStatus | null }) {
  if (status?.last_event) {
    const { at, event_type, url, source } = status.last_event;
    return (
      <p class="arrived">
        {event_type === 'pageview' ? 'A page view' : `A ${event_type.replaceAll('_', ' ')}`} of{' '}
        <b>{pathOf(url)}</b> arrived <Ago at={at} />
        {source && (
          <>
            , from <b>{source}</b>
          </>
        )}
        .
      </p>
    );
  }
  return (
    <Waiting>
      Waiting for the first visit… Open{' '}
      <a class="link" href={`https://${site.domain}/`} target="_blank" rel="noreferrer noopener">
        {site.domain}
      </a>{' '}
      in another tab; it shows here within a second.
    </Waiting>
  );
}

function Payments({ site, integrations }: { site: Site; integrations: Resource<Integration[]> }) {
  const [provider, setProvider] = useState('stripe');
  const facts = factsOf(provider);
  const connected = integrations.data?.[0];
  if (connected) {
    return (
      <p class="arrived">
        {providerName(connected.provider)} is connected.{' '}
        {connected.last_event_at ? (
          <>
            Its last webhook came <Ago at={connected.last_event_at} />.
          </>
        ) : (
          'Its first webhook will show here.'
        )}
      </p>
    );
  }
  return (
    <div class="connect">
      <Field label="Provider">
        {({ id }) => (
          <select
            id={id}
            class="input"
            value={provider}
            onChange={(event) => setProvider(event.currentTarget.value)}
          >
            {PROVIDERS.map((each) => (
              <option key={each.id} value={each.id}>
                {each.name}
              </option>
            ))}
          </select>
        )}
      </Field>
      {facts && (
        <ProviderForm
          key={facts.id}
          site={site}
          facts={facts}
          onConnected={(integration) => integrations.set([integration])}
        />
      )}
    </div>
  );
}

function FirstOrder({ site, order }: { site: Site; order: OrderRow | null }) {
  if (!order) {
    return <Waiting>Waiting for the first order… Pay once, also in the provider's test mode.</Waiting>;
  }
  return (
    <a class="first-order" href={orderHref(site, order)}>
      <span>
        <b>
          <Money of={order.amount} />
        </b>{' '}
        {order.level === 'unattributed' ? (
          'is not tied to a visit yet'
        ) : (
          <>
            came from <b>{sourceName(order.key)}</b>
          </>
        )}
      </span>
      <span class="first-order-more">
        <LevelBadge level={order.level} /> See why
        <Icon name="right" small />
      </span>
    </a>
  );
}

/** The newest order, in test mode where there is no live one: a test payment is the usual first. */
function useFirstOrder(site: Site): Resource<OrderRow | null> {
  return useResource(
    `first-order ${site.site_id}`,
    async (signal) => {
      const live = await askOrders(site.site_id, { period: '12mo', limit: 1 }, signal);
      if (live.rows[0]) return live.rows[0];
      const test = await askOrders(site.site_id, { period: '12mo', limit: 1, mode: 'test' }, signal);
      return test.rows[0] ?? null;
    },
    POLL_MS * 2,
  );
}

function stateOf(done: boolean, before: boolean): StepState {
  if (done) return 'done';
  return before ? 'now' : 'later';
}

function SetUp({ site }: { site: Site }) {
  const status = useResource(`status ${site.site_id}`, (signal) => siteStatus(site.site_id, signal), POLL_MS);
  const integrations = useResource(
    `integrations ${site.site_id}`,
    (signal) => listIntegrations(site.site_id, signal),
    POLL_MS * 2,
  );
  const order = useFirstOrder(site);
  const visited = Boolean(status.data?.first_event_at);
  const connected = (integrations.data?.length ?? 0) > 0;
  const paid = Boolean(order.data);
  useEffect(() => {
    if (visited) announce('The first visit has arrived');
  }, [visited]);
  useEffect(() => {
    if (paid) announce('The first order has arrived');
  }, [paid]);
  return (
    <>
      <Step number={2} title="Put one line on every page" state={stateOf(visited, true)}>
        {!visited && <Install site={site} />}
        <FirstVisit site={site} status={status.data} />
      </Step>
      <Step number={3} title="Connect the place where you are paid" state={stateOf(connected, visited)}>
        <Payments site={site} integrations={integrations} />
      </Step>
      <Step number={4} title="See the first order and its source" state={stateOf(paid, visited && connected)}>
        <FirstOrder site={site} order={order.data} />
      </Step>
      <li class="setup-end">
        <a class={paid ? 'button primary' : 'button'} href={siteHref(site.site_id)}>
          {paid ? 'Open the dashboard' : 'Leave the rest for later'}
        </a>
      </li>
    </>
  );
}

function chosenSite(): Site | null {
  const named = new URLSearchParams(place.value.search).get('site');
  const list = sites.value ?? [];
  if (named === 'new') return null;
  return list.find((site) => site.site_id === named) ?? list.at(-1) ?? null;
}

export function Welcome() {
  useTitle('Set up · EngageTrack');
  const site = chosenSite();
  return (
    <PlainShell narrow>
      <div class="page-head">
        <h1>{site ? `Set up ${site.domain}` : 'Add a site'}</h1>
      </div>
      <ol class="card setup">
        <Step number={1} title="Your site" state={site ? 'done' : 'now'}>
          {site ? (
            <p class="soft">
              {site.domain} · days cut in {site.time_zone.replaceAll('_', ' ')} ·{' '}
              {currencyName(site.currency)}
            </p>
          ) : (
            <SiteForm />
          )}
        </Step>
        {site ? (
          <SetUp key={site.site_id} site={site} />
        ) : (
          <>
            <Step number={2} title="Put one line on every page" state="later">
              <p class="faint">A script tag or the npm package</p>
            </Step>
            <Step number={3} title="Connect the place where you are paid" state="later">
              <p class="faint">Stripe, Lemon Squeezy, Paddle, Polar, or your own backend</p>
            </Step>
            <Step number={4} title="See the first order and its source" state="later">
              <p class="faint">Pay once in test mode; you see how it was tied</p>
            </Step>
          </>
        )}
      </ol>
    </PlainShell>
  );
}
