//! Settings → Tracking: the line to copy, whether data arrives, and what counts as this site.
import { useState } from 'preact/hooks';
import { changeSite, siteStatus } from '../api/sites';
import type { Site } from '../api/types';
import { Card, Loaded } from '../components/card';
import { ZoneSelect } from '../components/choice-select';
import { CopyLine } from '../components/copy';
import { Fault, Field, Submit, useSubmission } from '../components/field';
import { Ago, Badge } from '../components/words';
import { capital } from '../format/names';
import { count } from '../format/number';
import { say } from '../state/notice';
import { useResource } from '../state/resource';
import { replaceSite } from '../state/session';
import { Install } from './install';
import { pathOf } from './latest-orders';

const POLL_MS = 5_000;

function Arrival({ site }: { site: Site }) {
  const status = useResource(`status ${site.site_id}`, (signal) => siteStatus(site.site_id, signal), POLL_MS);
  return (
    <Card
      title="Does data arrive?"
      right={
        status.data &&
        (status.data.last_event_at ? (
          <Badge tone="good" icon="check">
            Yes
          </Badge>
        ) : (
          <Badge tone="warn">Not yet</Badge>
        ))
      }
    >
      <Loaded of={status} what="This card" rows={3}>
        {(data) => (
          <dl class="facts">
            <dt>Last event</dt>
            <dd>{data.last_event_at ? <Ago at={data.last_event_at} /> : '–'}</dd>
            <dt>In 24 hours</dt>
            <dd>{count(data.events_24h)}</dd>
            <dt>First event</dt>
            <dd>{data.first_event_at ? <Ago at={data.first_event_at} /> : '–'}</dd>
            {data.last_event && (
              <>
                <dt>{capital(data.last_event.event_type)}</dt>
                <dd class="ellipsis" title={data.last_event.url}>
                  {pathOf(data.last_event.url)}
                </dd>
                <dt>Its source</dt>
                <dd>{data.last_event.source ?? '–'}</dd>
              </>
            )}
          </dl>
        )}
      </Loaded>
    </Card>
  );
}

function SiteForm({ site }: { site: Site }) {
  const [domain, setDomain] = useState(site.domain);
  const [aliases, setAliases] = useState(site.aliases.join('\n'));
  const [zone, setZone] = useState(site.time_zone);
  const form = useSubmission(['domain', 'aliases', 'time_zone']);
  const hosts = aliases.split(/[\s,]+/).filter(Boolean);
  return (
    <Card title="What counts as this site">
      <form
        class="form"
        onSubmit={form.run(async () => {
          replaceSite(
            await changeSite(site.site_id, { domain: domain.trim(), aliases: hosts, time_zone: zone }),
          );
          say('Site saved');
        })}
      >
        <Fault text={form.general} />
        <Field label="Domain" help="Subdomains belong to it." fault={form.faultOf('domain')}>
          {(attributes) => (
            <input
              {...attributes}
              class="input"
              required
              value={domain}
              onInput={(event) => setDomain(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field
          label="Aliases"
          help="Other hosts of the same site, one in a line."
          fault={form.faultOf('aliases')}
        >
          {(attributes) => (
            <textarea
              {...attributes}
              class="input"
              rows={3}
              value={aliases}
              onInput={(event) => setAliases(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label="Time zone" help="Days of every report are cut here." fault={form.faultOf('time_zone')}>
          {(attributes) => <ZoneSelect id={attributes.id} value={zone} onChange={setZone} />}
        </Field>
        <div>
          <Submit busy={form.busy}>Save</Submit>
        </div>
      </form>
    </Card>
  );
}

export function SettingsTracking({ site }: { site: Site }) {
  return (
    <div class="columns two-one top">
      <div class="stack">
        <Card title="One line on every page">
          <div class="form">
            <Install site={site} />
            <p class="help">
              The script is one file with no cookies. Page views, outbound links, downloads and payment links
              need nothing more.
            </p>
            <div class="field">
              <span class="label">Site id</span>
              <CopyLine text={site.site_id} what="site id" />
            </div>
          </div>
        </Card>
        <SiteForm key={site.site_id} site={site} />
      </div>
      <Arrival site={site} />
    </div>
  );
}
