//! A connected provider: how its webhooks do, how far its history has come, and what can be done with it.
import { useState } from 'preact/hooks';
import { ApiError } from '../api/client';
import { disconnectProvider, fetchHistory, rotateSecret } from '../api/sites';
import type { Integration, Site } from '../api/types';
import { Confirm } from '../components/confirm';
import { CopyLine } from '../components/copy';
import { useSubmission } from '../components/field';
import { Icon } from '../components/icon';
import { Action, Popover } from '../components/popover';
import { Ago, Badge, Moment } from '../components/words';
import { healthOf } from '../format/health';
import { count } from '../format/number';
import { say } from '../state/notice';
import { openPanel } from '../state/panel';
import { factsOf } from './provider-facts';
import { KeyForm, ModeBadge, SecretForm } from './provider-form';
import { Trouble } from './provider-health';
import { HistoryProgress } from './provider-history';

interface ConnectedProps {
  site: Site;
  integration: Integration;
  onChanged: () => void;
}

type Asked = 'secret' | 'key' | 'rotate' | 'disconnect' | null;

/** What could not be tidied up at the provider is said; else that it is done. */
const sayDone = (leftBehind: string | null | undefined, words: string) => say(leftBehind ?? words);

interface DialogProps {
  site: Site;
  integration: Integration;
  onDone: () => void;
  onClose: () => void;
}

function Rotate({ site, integration, onDone, onClose }: DialogProps) {
  const form = useSubmission();
  const { name, provider } = integration;
  const rotate = async () => {
    const changed = await rotateSecret(site.site_id, provider);
    onDone();
    sayDone(changed.left_behind, `${name} signs with a new secret`);
  };
  return (
    <Confirm
      title={`A new secret for ${name}?`}
      action="Make it anew"
      form={form}
      act={rotate}
      onClose={onClose}
    >
      The webhook is made anew at {name} with a secret of its own. The old secret stays valid for a day, so
      nothing on its way is lost.
    </Confirm>
  );
}

/** Why the webhook could not be taken away at the provider, where that is what went wrong. */
function reasonLeft(error: Error | null): string | null {
  const isLeft = error instanceof ApiError && error.code === 'not_removed';
  return isLeft ? String(error.body.reason) : null;
}

function Disconnect({ site, integration, onDone, onClose }: DialogProps) {
  const form = useSubmission();
  const { name, provider } = integration;
  // It could not be removed there: the second press leaves it there.
  const reason = reasonLeft(form.error);
  const force = reason !== null;
  const disconnect = async () => {
    const { left_behind: leftBehind } = await disconnectProvider(site.site_id, provider, force);
    onDone();
    sayDone(leftBehind, `${name} disconnected; its orders are kept`);
  };
  return (
    <Confirm
      title={`Disconnect ${name}?`}
      action={force ? 'Disconnect here alone' : 'Disconnect'}
      danger
      form={form}
      fault={
        reason &&
        `The webhook could not be removed at ${name}: ${reason}. Nothing was changed. Try again later, or disconnect here alone and delete the webhook at ${name} yourself.`
      }
      act={disconnect}
      onClose={onClose}
    >
      {integration.connected_by === 'api_key' && `The webhook is taken away at ${name}. `}
      Orders that are here stay. Webhooks that come from now on are refused until {name} is connected again,
      and amounts are no longer converted while no provider is connected.
    </Confirm>
  );
}

function Manage({
  integration,
  ask,
  refetch,
}: {
  integration: Integration;
  ask: (what: Asked) => void;
  refetch: () => void;
}) {
  const { name, provider } = integration;
  const choose = (act: () => void) => () => {
    openPanel.value = null;
    act();
  };
  return (
    <Popover
      name={`provider-${provider}`}
      label={`More for ${name}`}
      align="end"
      buttonClass="button small"
      button={
        <>
          Manage<span class="unseen"> {name}</span>
          <Icon name="down" />
        </>
      }
    >
      {() =>
        integration.connected_by === 'api_key' ? (
          <>
            <Action onChoose={choose(refetch)}>Fetch past payments again</Action>
            <Action onChoose={choose(() => ask('rotate'))}>New webhook secret…</Action>
            <Action onChoose={choose(() => ask('key'))}>Another API key</Action>
            <Action onChoose={choose(() => ask('disconnect'))}>Disconnect…</Action>
          </>
        ) : (
          <>
            <Action onChoose={choose(() => ask('key'))}>Connect by an API key</Action>
            <Action onChoose={choose(() => ask('secret'))}>Add a signing secret</Action>
            <Action onChoose={choose(() => ask('disconnect'))}>Disconnect…</Action>
          </>
        )
      }
    </Popover>
  );
}

function Head({ integration }: { integration: Integration }) {
  const health = healthOf(integration);
  return (
    <div class="provider-head">
      <h3>
        {integration.name}{' '}
        <Badge tone={health.tone} {...(health.tone === 'good' ? { icon: 'check' as const } : {})}>
          {health.words}
        </Badge>
        {integration.mode && <ModeBadge mode={integration.mode} />}
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
  );
}

function Stats({ integration }: { integration: Integration }) {
  const { endpoint } = integration;
  return (
    <dl class="stats">
      <div>
        <dt>Last webhook</dt>
        <dd class="ellipsis" title={integration.last_event?.type}>
          {integration.last_event ? integration.last_event.status : '–'}
        </dd>
      </div>
      <div>
        <dt>Refused in 24 h</dt>
        <dd>{count(integration.refused_24h)}</dd>
      </div>
      <div>
        <dt>Valid secrets</dt>
        <dd>{count(integration.secrets)}</dd>
      </div>
      <div>
        <dt>At {integration.name}</dt>
        <dd class="ellipsis">
          {endpoint ? (
            <>
              {endpoint.state}{' '}
              <small>
                <Ago at={endpoint.checked_at} />
              </small>
            </>
          ) : (
            'made by hand'
          )}
        </dd>
      </div>
    </dl>
  );
}

export function Connected({ site, integration, onChanged }: ConnectedProps) {
  const [asked, ask] = useState<Asked>(null);
  const { name, provider } = integration;
  const facts = factsOf(provider);
  const close = () => ask(null);
  const done = () => {
    close();
    onChanged();
  };
  const refetch = () => {
    fetchHistory(site.site_id, provider)
      .then(() => {
        onChanged();
        say('What is known already counts once');
      })
      .catch((cause: Error) => say(cause.message));
  };
  return (
    <section class="provider" aria-label={name}>
      <span class="provider-tile" aria-hidden="true">
        {name.charAt(0)}
      </span>
      <Head integration={integration} />
      <Manage integration={integration} ask={ask} refetch={refetch} />
      <div class="provider-body">
        <Stats integration={integration} />
        <Trouble integration={integration} onSecret={() => ask('secret')} onRotate={() => ask('rotate')} />
        {integration.history && <HistoryProgress history={integration.history} name={name} />}
        <div class="field">
          <span class="label">Webhook URL</span>
          <CopyLine text={integration.webhook_url} what="webhook address" />
        </div>
        {asked === 'secret' && facts && (
          <SecretForm
            site={site}
            facts={facts}
            another
            onClose={close}
            onConnected={() => {
              done();
              say('The new secret is valid beside the old one');
            }}
          />
        )}
        {asked === 'key' && facts && (
          <KeyForm
            site={site}
            facts={facts}
            onClose={close}
            onConnected={(changed) => {
              done();
              sayDone(changed.left_behind, `${name} is connected by the new key`);
            }}
          />
        )}
      </div>
      {asked === 'rotate' && <Rotate site={site} integration={integration} onDone={done} onClose={close} />}
      {asked === 'disconnect' && (
        <Disconnect site={site} integration={integration} onDone={done} onClose={close} />
      )}
    </section>
  );
}
