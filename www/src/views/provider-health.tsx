//! Trouble with the webhooks of a provider: the cause, and the one button that mends it.
import type { ComponentChildren } from 'preact';
import type { Integration } from '../api/types';
import { Icon } from '../components/icon';
import { Ago } from '../components/words';
import { isBroken, isRefusing } from '../format/health';
import { plural } from '../format/number';

const WRONG: Record<string, (name: string) => string> = {
  missing: (name) => `${name} no longer has the webhook: new payments do not arrive.`,
  disabled: (name) => `${name} has switched the webhook off, most often after failed deliveries.`,
  moved: () => 'The webhook sends to another address than this server has now.',
};

function Notice({ title, children, actions }: Record<'title' | 'children' | 'actions', ComponentChildren>) {
  return (
    <div class="notice" role="status">
      <Icon name="warn" />
      <div>
        <p class="strong">{title}</p>
        <p class="soft">{children}</p>
        {actions && <div class="notice-actions">{actions}</div>}
      </div>
    </div>
  );
}

interface TroubleProps {
  integration: Integration;
  onSecret: () => void;
  onRotate: () => void;
}

export function Trouble({ integration, onSecret, onRotate }: TroubleProps) {
  const { endpoint, name, last_refused: refused } = integration;
  const wrong = endpoint && isBroken(endpoint) ? WRONG[endpoint.state] : undefined;
  const again = (
    <button class="button small primary" type="button" onClick={onRotate}>
      Make the webhook anew
    </button>
  );
  return (
    <>
      {endpoint && wrong && (
        <Notice title={wrong(name)} actions={again}>
          Seen <Ago at={endpoint.checked_at} />. What was paid meanwhile comes with the history, which can be
          fetched again.
        </Notice>
      )}
      {endpoint?.problem && (
        <Notice title={`${name} could not be asked about the webhook.`} actions={null}>
          {endpoint.problem} Tried <Ago at={endpoint.checked_at} />; it is tried again by itself.
        </Notice>
      )}
      {refused && isRefusing(integration) && (
        <Notice
          title={`${plural(integration.refused_24h, 'webhook was', 'webhooks were')} refused in 24 hours.`}
          actions={
            integration.connected_by === 'api_key' ? (
              !wrong && again
            ) : (
              <button class="button small primary" type="button" onClick={onSecret}>
                Enter the new secret
              </button>
            )
          }
        >
          The last <Ago at={refused.at} />: {refused.reason}. {name} tries again for a while, so no order is
          lost if this is mended soon.
        </Notice>
      )}
    </>
  );
}
