//! Settings → Revenue: the payment providers, and how money is counted.
import { useState } from 'preact/hooks';
import { changeSite } from '../api/sites';
import type { Site, SiteChange } from '../api/types';
import { Card } from '../components/card';
import { CurrencySelect } from '../components/choice-select';
import { CodeBlock } from '../components/copy';
import { Fault, Field, Switch } from '../components/field';
import { count, share } from '../format/number';
import { siteHref } from '../state/location';
import { say } from '../state/notice';
import { replaceSite } from '../state/session';
import { Providers } from './providers';
import { useOrders } from './report';
import { CHECKOUT_SNIPPET } from './snippets';

const WINDOWS: [string, string][] = [
  ['30', '30 days before the payment'],
  ['60', '60 days before the payment'],
  ['90', '90 days before the payment'],
  ['', 'Unlimited'],
];

function Counting({ site }: { site: Site }) {
  const [error, setError] = useState<string | null>(null);
  const save = (change: SiteChange, words: string) => {
    setError(null);
    changeSite(site.site_id, change)
      .then((changed) => {
        replaceSite(changed);
        say(words);
      })
      .catch((cause: Error) => setError(cause.message));
  };
  return (
    <Card title="How money is counted">
      <div class="form">
        <Fault text={error} />
        <Field
          label="Reporting currency"
          help="Other currencies are converted at the European Central Bank's rate of each payment's day."
        >
          {({ id }) => (
            <CurrencySelect
              id={id}
              value={site.currency}
              onChange={(currency) => save({ currency }, `Reports are in ${currency}`)}
            />
          )}
        </Field>
        <Field label="Attribution window" help="Visits before it get no credit; they are shown as left out.">
          {({ id }) => (
            <select
              id={id}
              class="input"
              value={String(site.window_days ?? '')}
              onChange={(event) => {
                const days = event.currentTarget.value;
                save(
                  { window_days: days ? Number(days) : null },
                  days ? `Window: ${days} days` : 'Window: unlimited',
                );
              }}
            >
              {WINDOWS.map(([days, name]) => (
                <option key={days} value={days}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Switch
          label="Count each order once"
          help="For purchases that pages report. Webhooks are always counted once."
          on={site.count_orders_once}
          onChange={(on) =>
            save({ count_orders_once: on }, on ? 'Each order counts once' : 'Every purchase counts')
          }
        />
      </div>
    </Card>
  );
}

function Ties({ site }: { site: Site }) {
  const orders = useOrders(site, { limit: 1 });
  const levels = orders.data?.totals.levels;
  const total = levels ? Object.values(levels).reduce((sum, n) => sum + n, 0) : 0;
  const shown: [string, number][] = levels
    ? [
        ['Session', levels.session],
        ['Visitor', levels.visitor],
        ['Customer', levels.customer],
        ['URL', levels.url],
      ]
    : [];
  return (
    <Card title="Tie a checkout to its visit">
      <div class="form">
        <p class="soft">Payment links need nothing. In your own checkout, pass the ids along:</p>
        <CodeBlock text={CHECKOUT_SNIPPET} what="checkout snippet" />
        {levels && total > 0 && (
          <>
            <dl class="stats four">
              {shown.map(([name, n]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{share(n / total)}</dd>
                </div>
              ))}
            </dl>
            <p class="help">
              {count(total)} orders of the chosen period by the level that tied them;{' '}
              {share(levels.unattributed / total)} are unattributed.{' '}
              <a class="link" href={siteHref(site.site_id, '/orders', { level: 'unattributed' })}>
                See them
              </a>
            </p>
          </>
        )}
      </div>
    </Card>
  );
}

export function SettingsRevenue({ site }: { site: Site }) {
  return (
    <div class="columns two-one top">
      <Providers site={site} />
      <div class="stack">
        <Counting site={site} />
        <Ties site={site} />
      </div>
    </div>
  );
}
