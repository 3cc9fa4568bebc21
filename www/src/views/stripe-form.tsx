//! Connecting Stripe: the address that Stripe calls, and the secret that it signs with.
import { useState } from 'preact/hooks';
import { connectProvider } from '../api/sites';
import type { Integration, Site } from '../api/types';
import { CopyLine } from '../components/copy';
import { Fault, Field, Submit, useSubmission } from '../components/field';
import { STRIPE_EVENTS, serverOrigin, webhookAddress } from './snippets';

interface StripeFormProps {
  site: Site;
  /** True where a secret is there already: the new one is valid beside it. */
  another?: boolean;
  onConnected: (integration: Integration) => void;
}

export function StripeForm({ site, another = false, onConnected }: StripeFormProps) {
  const [secret, setSecret] = useState('');
  const form = useSubmission(['webhook_secret']);
  const typed = secret.trim();
  const odd =
    typed !== '' && !typed.startsWith('whsec_') ? 'A signing secret of Stripe begins with whsec_.' : null;
  return (
    <form
      class="form flush"
      onSubmit={form.run(async () => {
        onConnected(await connectProvider(site.site_id, 'stripe', typed));
        setSecret('');
      })}
    >
      {!another && (
        <>
          <div class="field">
            <span class="label">1. In Stripe, under Developers → Webhooks, add this endpoint</span>
            <CopyLine text={webhookAddress(serverOrigin(), 'stripe', site.site_id)} what="webhook address" />
          </div>
          <details class="events">
            <summary>Which events to send</summary>
            <p class="event-names">
              {STRIPE_EVENTS.map((name) => (
                <code key={name}>{name}</code>
              ))}
            </p>
          </details>
        </>
      )}
      <Fault text={form.general} />
      <Field
        label={another ? 'New signing secret' : '2. Paste the signing secret that Stripe shows for it'}
        help={
          another
            ? 'Both secrets are valid until you disconnect, so nothing is lost while you change it.'
            : 'It is kept encrypted and never shown again.'
        }
        fault={form.faultOf('webhook_secret') ?? odd}
      >
        {(attributes) => (
          <input
            {...attributes}
            class="input mono"
            type="password"
            autocomplete="off"
            spellcheck={false}
            placeholder="whsec_…"
            required
            value={secret}
            onInput={(event) => setSecret(event.currentTarget.value)}
          />
        )}
      </Field>
      <div>
        <Submit busy={form.busy}>{another ? 'Add the secret' : 'Connect Stripe'}</Submit>
      </div>
    </form>
  );
}
