//! Settings → API keys: made here, shown once, revoked here.
import { useState } from 'preact/hooks';
import { createKey, listKeys, revokeKey } from '../api/sites';
import type { ApiKey, NewApiKey, Site } from '../api/types';
import { Card, Loaded, StateBox } from '../components/card';
import { Confirm } from '../components/confirm';
import { CopyLine } from '../components/copy';
import { Dialog } from '../components/dialog';
import { Fault, Field, Submit, useSubmission } from '../components/field';
import { Body, Cell, Head, HeadCell, KeyCell, Row, Table } from '../components/table';
import { Badge } from '../components/words';
import { dayText, momentText } from '../format/date';
import { now } from '../state/clock';
import { say } from '../state/notice';
import { useResource } from '../state/resource';

const SCOPES: [string, string][] = [
  ['analytics:read', 'read every report'],
  ['sites:read', 'list sites and their settings'],
  ['sites:write', 'add and change sites'],
  ['integrations:write', 'connect and disconnect providers'],
  ['import:write', 'send orders and import data'],
  ['admin', 'keys and users; for owners'],
];

const EXPIRIES: [string, string][] = [
  ['', 'Never'],
  ['30', 'In 30 days'],
  ['90', 'In 90 days'],
  ['365', 'In a year'],
];

const inDays = (days: string): string | null =>
  days ? new Date(Date.now() + Number(days) * 86_400_000).toISOString() : null;

function KeyForm({ site, onMade }: { site: Site; onMade: (key: NewApiKey) => void }) {
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<string[]>(['analytics:read']);
  const [expiry, setExpiry] = useState('');
  const form = useSubmission(['name', 'scopes', 'expires_at']);
  const toggle = (scope: string) =>
    setScopes((old) => (old.includes(scope) ? old.filter((each) => each !== scope) : [...old, scope]));
  return (
    <form
      class="form"
      onSubmit={form.run(async () => {
        if (scopes.length === 0) throw new Error('Choose at least one thing that the key may do.');
        onMade(await createKey(site.site_id, name.trim(), scopes, inDays(expiry)));
        setName('');
      })}
    >
      <Fault text={form.general ?? form.faultOf('scopes')} />
      <Field label="Name" help="So that you know later what it was for." fault={form.faultOf('name')}>
        {(attributes) => (
          <input
            {...attributes}
            class="input"
            maxLength={100}
            placeholder="Nightly report"
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        )}
      </Field>
      <fieldset class="checks">
        <legend class="label">What it may do</legend>
        {SCOPES.map(([scope, words]) => (
          <label key={scope}>
            <input type="checkbox" checked={scopes.includes(scope)} onChange={() => toggle(scope)} />
            <span>
              <code>{scope}</code> <span class="faint">{words}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <Field label="Expires" fault={form.faultOf('expires_at')}>
        {(attributes) => (
          <select
            {...attributes}
            class="input"
            value={expiry}
            onChange={(event) => setExpiry(event.currentTarget.value)}
          >
            {EXPIRIES.map(([days, words]) => (
              <option key={days} value={days}>
                {words}
              </option>
            ))}
          </select>
        )}
      </Field>
      <div>
        <Submit busy={form.busy}>Create key</Submit>
      </div>
    </form>
  );
}

function MadeKey({ made, onClose }: { made: NewApiKey; onClose: () => void }) {
  return (
    <Dialog title="Your new key" onClose={onClose}>
      <div class="form">
        <p class="soft">Copy it now: it is kept as a hash and cannot be shown again.</p>
        <CopyLine text={made.key} what="key" />
        <p class="help">
          Send it as <code>Authorization: Bearer</code> with every call.
        </p>
        <button class="button primary" type="button" onClick={onClose}>
          I have copied it
        </button>
      </div>
    </Dialog>
  );
}

function Revoke({
  site,
  apiKey,
  onDone,
  onClose,
}: {
  site: Site;
  apiKey: ApiKey;
  onDone: () => void;
  onClose: () => void;
}) {
  const form = useSubmission();
  const revoke = async () => {
    await revokeKey(site.site_id, apiKey.id);
    onDone();
    say('Key revoked');
  };
  return (
    <Confirm
      title={`Revoke ${apiKey.name || 'this key'}?`}
      action="Revoke key"
      danger
      form={form}
      act={revoke}
      onClose={onClose}
    >
      Whatever uses it is refused from this moment on. There is no way back.
    </Confirm>
  );
}

function Day({ at }: { at: string }) {
  return (
    <time dateTime={at} title={momentText(at, now.value, true)}>
      {dayText(at, now.value.getFullYear())}
    </time>
  );
}

function KeyTable({ keys, onRevoke }: { keys: ApiKey[]; onRevoke: (key: ApiKey) => void }) {
  if (keys.length === 0) {
    return (
      <StateBox title="No keys yet">
        A key lets a script or a server read reports without signing in.
      </StateBox>
    );
  }
  return (
    <Table caption="API keys" class="keys-table">
      <Head>
        <HeadCell>Name</HeadCell>
        <HeadCell>May</HeadCell>
        <HeadCell wide>Created</HeadCell>
        <HeadCell wide>Expires</HeadCell>
        <HeadCell>
          <span class="unseen">Revoke</span>
        </HeadCell>
      </Head>
      <Body>
        {keys.map((key) => {
          const expired = key.expires_at !== null && new Date(key.expires_at) < now.value;
          return (
            <Row key={key.id}>
              <KeyCell>
                <span class="row-name">{key.name || 'Unnamed'}</span>
                {expired && <Badge tone="warn">expired</Badge>}
              </KeyCell>
              <Cell class="scopes">
                {key.scopes.map((scope) => (
                  <code key={scope}>{scope}</code>
                ))}
              </Cell>
              <Cell wide class="soft">
                <Day at={key.created_at} />
              </Cell>
              <Cell wide class="soft">
                {key.expires_at ? <Day at={key.expires_at} /> : 'never'}
              </Cell>
              <Cell n>
                <button class="button small" type="button" onClick={() => onRevoke(key)}>
                  Revoke<span class="unseen"> {key.name}</span>
                </button>
              </Cell>
            </Row>
          );
        })}
      </Body>
    </Table>
  );
}

export function SettingsKeys({ site }: { site: Site }) {
  const keys = useResource(`keys ${site.site_id}`, (signal) => listKeys(site.site_id, signal));
  const [made, setMade] = useState<NewApiKey | null>(null);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  return (
    <div class="columns two-one top">
      <Card title="API keys">
        <Loaded of={keys} what="The keys" rows={3}>
          {(rows) => <KeyTable keys={rows} onRevoke={setRevoking} />}
        </Loaded>
      </Card>
      <Card title="New key">
        <KeyForm
          site={site}
          onMade={(key) => {
            setMade(key);
            keys.retry();
          }}
        />
      </Card>
      {made && <MadeKey made={made} onClose={() => setMade(null)} />}
      {revoking && (
        <Revoke
          site={site}
          apiKey={revoking}
          onClose={() => setRevoking(null)}
          onDone={() => {
            setRevoking(null);
            keys.retry();
          }}
        />
      )}
    </div>
  );
}
