//! Connecting a provider: its API key and nothing else, or the secret of a webhook that was made by hand.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { ApiError } from '../api/client';
import { connectProvider } from '../api/sites';
import type { Integration, Site } from '../api/types';
import { CopyLine } from '../components/copy';
import { Fault, Field, type FieldAttributes, Submit, useSubmission } from '../components/field';
import { Badge } from '../components/words';
import type { ProviderFacts } from './provider-facts';
import { serverOrigin, webhookAddress } from './snippets';

interface FormProps {
  site: Site;
  facts: ProviderFacts;
  onConnected: (integration: Integration) => void;
  /** Puts the form away, where it can be. */
  onClose?: (() => void) | undefined;
}

interface Store {
  id: string;
  name: string;
}

/** The stores among which the server asks to choose. */
function storesOf(error: Error | null): Store[] {
  const stores = error instanceof ApiError ? error.body.stores : null;
  return Array.isArray(stores) ? (stores as Store[]) : [];
}

interface SecretInputProps extends FieldAttributes {
  placeholder: string;
  value: string;
  onValue: (value: string) => void;
}

/** What is pasted here nobody reads over a shoulder, and no browser keeps. */
function SecretInput({ onValue, ...attributes }: SecretInputProps) {
  return (
    <input
      {...attributes}
      class="input mono"
      type="password"
      autocomplete="off"
      spellcheck={false}
      required
      onInput={(event) => onValue(event.currentTarget.value)}
    />
  );
}

interface ActionsProps {
  busy: boolean;
  onClose: (() => void) | undefined;
  children: ComponentChildren;
}

function Actions({ busy, onClose, children }: ActionsProps) {
  return (
    <div class="form-actions">
      <Submit busy={busy}>{children}</Submit>
      {onClose && (
        <button class="button quiet" type="button" onClick={onClose}>
          Cancel
        </button>
      )}
    </div>
  );
}

export function KeyForm({ site, facts, onConnected, onClose }: FormProps) {
  const [key, setKey] = useState('');
  const [store, setStore] = useState('');
  const [stores, setStores] = useState<Store[]>([]);
  const form = useSubmission(['api_key', 'store_id']);
  const mode = facts.modeOf(key.trim());
  const connect = async () => {
    try {
      const by = { api_key: key.trim(), ...(store && { store_id: store }) };
      onConnected(await connectProvider(site.site_id, facts.id, by));
      setKey('');
    } catch (cause) {
      const offered = storesOf(cause as Error);
      setStores(offered);
      if (offered[0]) setStore(offered[0].id);
      throw cause;
    }
  };
  return (
    <form class="form flush" onSubmit={form.run(connect)}>
      <Fault text={form.general} />
      <Field
        label={facts.keyName}
        help={
          <>
            {facts.keyHelp}{' '}
            <a class="link" href={facts.keyHref} target="_blank" rel="noreferrer noopener">
              Make one at {facts.name}
            </a>
            . It is kept encrypted and never shown again.
          </>
        }
        fault={form.faultOf('api_key')}
      >
        {(attributes) => (
          <div class="key-line">
            <SecretInput {...attributes} placeholder={facts.keyPlaceholder} value={key} onValue={setKey} />
            {mode && <ModeBadge mode={mode} />}
          </div>
        )}
      </Field>
      {stores.length > 0 && (
        <Field label="Store" help="This key opens several stores. Choose the one that sells on this site.">
          {({ id }) => (
            <select
              id={id}
              class="input"
              value={store}
              onChange={(event) => setStore(event.currentTarget.value)}
            >
              {stores.map((each) => (
                <option key={each.id} value={each.id}>
                  {each.name || each.id}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      <Actions busy={form.busy} onClose={onClose}>
        Connect {facts.name}
      </Actions>
    </form>
  );
}

export function ModeBadge({ mode }: { mode: 'live' | 'test' }) {
  return mode === 'live' ? <Badge tone="money">Live</Badge> : <Badge tone="warn">Test</Badge>;
}

/** `another` where a secret is there already: the new one is valid beside it. */
export function SecretForm({
  site,
  facts,
  another = false,
  onConnected,
  onClose,
}: FormProps & { another?: boolean }) {
  const [secret, setSecret] = useState('');
  const form = useSubmission(['webhook_secret']);
  return (
    <form
      class="form flush"
      onSubmit={form.run(async () => {
        onConnected(await connectProvider(site.site_id, facts.id, { webhook_secret: secret.trim() }));
        setSecret('');
      })}
    >
      {!another && (
        <>
          <div class="field">
            <span class="label">1. {facts.byHand}</span>
            <CopyLine text={webhookAddress(serverOrigin(), facts.id, site.site_id)} what="webhook address" />
          </div>
          <details class="events">
            <summary>Which events to send</summary>
            <p class="event-names">
              {facts.events.map((name) => (
                <code key={name}>{name}</code>
              ))}
            </p>
          </details>
        </>
      )}
      <Fault text={form.general} />
      <Field
        label={
          another
            ? `New ${facts.secretName.toLowerCase()}`
            : `2. Paste the ${facts.secretName.toLowerCase()} that belongs to it`
        }
        help={
          another
            ? 'Both secrets are valid until you disconnect, so nothing is lost while you change it.'
            : 'It is kept encrypted and never shown again.'
        }
        fault={form.faultOf('webhook_secret')}
      >
        {(attributes) => (
          <SecretInput
            {...attributes}
            placeholder={facts.secretPlaceholder}
            value={secret}
            onValue={setSecret}
          />
        )}
      </Field>
      <Actions busy={form.busy} onClose={onClose}>
        {another ? 'Add the secret' : `Connect ${facts.name}`}
      </Actions>
    </form>
  );
}

/** The key first; whoever would rather make the webhook by hand still can. */
export function ProviderForm(props: FormProps) {
  const [byHand, setByHand] = useState(false);
  return (
    <div class="connect">
      {byHand ? <SecretForm {...props} /> : <KeyForm {...props} />}
      <button class="text-button" type="button" onClick={() => setByHand(!byHand)}>
        {byHand ? `Connect by an API key instead` : 'Make the webhook by hand instead'}
      </button>
    </div>
  );
}
