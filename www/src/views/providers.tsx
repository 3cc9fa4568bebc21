//! The payment providers of a site: connected, in trouble, or waiting to be connected.
import { useState } from 'preact/hooks';
import { disconnectProvider, listIntegrations, siteStatus } from '../api/sites';
import type { Integration, Site, SiteStatus } from '../api/types';
import { Card, Loaded } from '../components/card';
import { CodeBlock, CopyLine } from '../components/copy';
import { Dialog } from '../components/dialog';
import { Fault, useSubmission } from '../components/field';
import { Icon } from '../components/icon';
import { Action, Popover } from '../components/popover';
import { Ago, Badge, Moment } from '../components/words';
import { providerName } from '../format/names';
import { count, plural } from '../format/number';
import { say } from '../state/notice';
import { openPanel } from '../state/panel';
import { useResource } from '../state/resource';
import { purchaseSnippet, serverOrigin } from './snippets';
import { StripeForm } from './stripe-form';

const POLL_MS = 10_000;

type Health = { tone: 'good' | 'warn' | 'plain'; words: string };

function healthOf(integration: Integration, status: SiteStatus | null): Health {
  const refused =
    status?.last_refused_webhook?.provider === integration.provider && status.refused_webhooks_24h > 0;
  if (refused) return { tone: 'warn', words: 'Needs you' };
  if (!integration.last_event_at) return { tone: 'plain', words: 'Waiting for the first webhook' };
  return { tone: 'good', words: 'Healthy' };
}

function Refused({ status, name, onSecret }: { status: SiteStatus; name: string; onSecret: () => void }) {
  const last = status.last_refused_webhook;
  if (!last || status.refused_webhooks_24h === 0) return null;
  return (
    <div class="notice" role="status">
      <Icon name="warn" />
      <div>
        <p class="strong">
          {plural(status.refused_webhooks_24h, 'webhook was', 'webhooks were')} refused in 24 hours.
        </p>
        <p class="soft">
          The last <Ago at={last.at} />: {last.reason}. {name} tries again for some days, so no order is lost
          if the right secret is entered before it gives up.
        </p>
        <div class="notice-actions">
          <button class="button small primary" type="button" onClick={onSecret}>
            Enter the new secret
          </button>
        </div>
      </div>
    </div>
  );
}

interface ConnectedProps {
  site: Site;
  integration: Integration;
  status: SiteStatus | null;
  onChanged: () => void;
}

function Disconnect({
  site,
  integration,
  onDone,
  onClose,
}: {
  site: Site;
  integration: Integration;
  onDone: () => void;
  onClose: () => void;
}) {
  const form = useSubmission();
  const name = providerName(integration.provider);
  return (
    <Dialog title={`Disconnect ${name}?`} onClose={onClose}>
      <form
        class="form"
        onSubmit={form.run(async () => {
          await disconnectProvider(site.site_id, integration.provider);
          onDone();
          say(`${name} disconnected; its orders are kept`);
        })}
      >
        <p class="soft">
          Orders that are here stay. Webhooks that come from now on are refused until {name} is connected
          again, and amounts are no longer converted while no provider is connected.
        </p>
        <Fault text={form.general} />
        <div class="form-actions">
          <button class="button danger" type="submit">
            Disconnect
          </button>
          <button class="button quiet" type="button" onClick={onClose}>
            Keep it
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function Connected({ site, integration, status, onChanged }: ConnectedProps) {
  const [adding, setAdding] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const name = providerName(integration.provider);
  const health = healthOf(integration, status);
  const panel = `provider-${integration.provider}`;
  const choose = (act: () => void) => () => {
    openPanel.value = null;
    act();
  };
  return (
    <section class="provider" aria-label={name}>
      <span class="provider-tile" aria-hidden="true">
        {name.charAt(0)}
      </span>
      <div class="provider-head">
        <h3>
          {name}{' '}
          <Badge tone={health.tone} {...(health.tone === 'good' ? { icon: 'check' as const } : {})}>
            {health.words}
          </Badge>
        </h3>
        <p class="faint">
          connected <Moment at={integration.created_at} />
          {integration.last_event_at && (
            <>
              {' '}
              · last webhook <Ago at={integration.last_event_at} />
            </>
          )}
        </p>
      </div>
      <Popover
        name={panel}
        label={`More for ${name}`}
        align="end"
        buttonClass="button small"
        button={
          <>
            Manage
            <Icon name="down" />
          </>
        }
      >
        {() => (
          <>
            <Action onChoose={choose(() => setAdding(true))}>Add a signing secret</Action>
            <Action onChoose={choose(() => setLeaving(true))}>Disconnect…</Action>
          </>
        )}
      </Popover>
      <div class="provider-body">
        {status && (
          <dl class="stats">
            <div>
              <dt>Orders</dt>
              <dd>
                {count(status.verified_orders)} <small>verified</small>
              </dd>
            </div>
            <div>
              <dt>Last webhook</dt>
              <dd class="ellipsis">{status.last_webhook ? status.last_webhook.status : '–'}</dd>
            </div>
            <div>
              <dt>Refused in 24 h</dt>
              <dd>{count(status.refused_webhooks_24h)}</dd>
            </div>
            <div>
              <dt>Secrets</dt>
              <dd>{count(integration.secrets)}</dd>
            </div>
          </dl>
        )}
        {status && <Refused status={status} name={name} onSecret={() => setAdding(true)} />}
        <div class="field">
          <span class="label">Webhook URL</span>
          <CopyLine text={integration.webhook_url} what="webhook address" />
        </div>
        {adding && integration.provider === 'stripe' && (
          <StripeForm
            site={site}
            another
            onConnected={() => {
              setAdding(false);
              onChanged();
              say('The new secret is valid beside the old one');
            }}
          />
        )}
      </div>
      {leaving && (
        <Disconnect
          site={site}
          integration={integration}
          onClose={() => setLeaving(false)}
          onDone={() => {
            setLeaving(false);
            onChanged();
          }}
        />
      )}
    </section>
  );
}

function ConnectStripe({ site, onChanged }: { site: Site; onChanged: () => void }) {
  const [open, setOpen] = useState(false);
  return (
    <section class="provider" aria-label="Stripe">
      <span class="provider-tile" aria-hidden="true">
        S
      </span>
      <div class="provider-head">
        <h3>Stripe</h3>
        <p class="faint">A webhook and its signing secret. Payment Links are attributed without code.</p>
      </div>
      {!open && (
        <button class="button small" type="button" onClick={() => setOpen(true)}>
          Connect
        </button>
      )}
      {open && (
        <div class="provider-body">
          <StripeForm
            site={site}
            onConnected={() => {
              onChanged();
              say('Stripe connected');
            }}
          />
        </div>
      )}
    </section>
  );
}

function OwnBackend({ site }: { site: Site }) {
  const [open, setOpen] = useState(false);
  return (
    <section class="provider" aria-label="Your own backend">
      <span class="provider-tile">
        <Icon name="open" />
      </span>
      <div class="provider-head">
        <h3>Your own backend</h3>
        <p class="faint">Any other processor: report a purchase from the page or from your server.</p>
      </div>
      <button class="button small" type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? 'Hide the call' : 'Show the call'}
      </button>
      {open && (
        <div class="provider-body">
          <CodeBlock text={purchaseSnippet(serverOrigin(), site.site_id, site.domain)} what="call" />
        </div>
      )}
    </section>
  );
}

export function Providers({ site }: { site: Site }) {
  const integrations = useResource(
    `integrations ${site.site_id}`,
    (signal) => listIntegrations(site.site_id, signal),
    POLL_MS,
  );
  const status = useResource(`status ${site.site_id}`, (signal) => siteStatus(site.site_id, signal), POLL_MS);
  const changed = () => {
    integrations.retry();
    status.retry();
  };
  return (
    <Card title="Payment providers" class="providers">
      <Loaded of={integrations} what="The providers" rows={4}>
        {(rows) => (
          <>
            {rows.map((integration) => (
              <Connected
                key={integration.provider}
                site={site}
                integration={integration}
                status={status.data}
                onChanged={changed}
              />
            ))}
            {!rows.some((row) => row.provider === 'stripe') && (
              <ConnectStripe site={site} onChanged={changed} />
            )}
            <OwnBackend site={site} />
          </>
        )}
      </Loaded>
    </Card>
  );
}
