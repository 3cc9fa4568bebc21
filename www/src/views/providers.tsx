//! The payment providers of a site: connected, in trouble, or waiting to be connected.
import { useState } from 'preact/hooks';
import { listIntegrations } from '../api/sites';
import type { Site } from '../api/types';
import { Card, Loaded } from '../components/card';
import { CodeBlock } from '../components/copy';
import { Icon } from '../components/icon';
import { say } from '../state/notice';
import { useResource } from '../state/resource';
import { Connected } from './provider-connected';
import { PROVIDERS, type ProviderFacts } from './provider-facts';
import { ProviderForm } from './provider-form';
import { purchaseSnippet, serverOrigin } from './snippets';

const POLL_MS = 5_000;

function Unconnected({
  site,
  facts,
  onChanged,
}: {
  site: Site;
  facts: ProviderFacts;
  onChanged: () => void;
}) {
  const [open, setOpen] = useState(false);
  return (
    <section class="provider" aria-label={facts.name}>
      <span class="provider-tile" aria-hidden="true">
        {facts.name.charAt(0)}
      </span>
      <div class="provider-head">
        <h3>{facts.name}</h3>
        <p class="faint">{facts.about}</p>
      </div>
      {!open && (
        <button class="button small" type="button" onClick={() => setOpen(true)}>
          Connect<span class="unseen"> {facts.name}</span>
        </button>
      )}
      {open && (
        <div class="provider-body">
          <ProviderForm
            site={site}
            facts={facts}
            onClose={() => setOpen(false)}
            onConnected={(integration) => {
              onChanged();
              say(integration.left_behind ?? `${facts.name} connected`);
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
                onChanged={integrations.retry}
              />
            ))}
            {PROVIDERS.filter((facts) => !rows.some((row) => row.provider === facts.id)).map((facts) => (
              <Unconnected key={facts.id} site={site} facts={facts} onChanged={integrations.retry} />
            ))}
            <OwnBackend site={site} />
          </>
        )}
      </Loaded>
    </Card>
  );
}
