//! Settings of a site: a tab each for tracking, revenue and API keys.
import type { Site } from '../api/types';
import { type SettingsTab, siteHref } from '../state/location';
import { useTitle } from './report';
import { useKeys } from './report-keys';
import { SettingsKeys } from './settings-keys';
import { SettingsRevenue } from './settings-revenue';
import { SettingsTracking } from './settings-tracking';

const TABS: { id: SettingsTab; name: string }[] = [
  { id: 'tracking', name: 'Tracking' },
  { id: 'revenue', name: 'Revenue' },
  { id: 'keys', name: 'API keys' },
];

export function Settings({ site, tab }: { site: Site; tab: SettingsTab }) {
  useKeys(site, false);
  useTitle(`Settings · ${site.domain}`);
  return (
    <>
      <div class="page-head">
        <h1>Settings</h1>
        <p class="page-actions faint long-word">
          {site.domain} · <span class="mono">{site.site_id}</span>
        </p>
      </div>
      <nav class="sub-tabs" aria-label="Settings">
        {TABS.map(({ id, name }) => (
          <a
            key={id}
            href={siteHref(site.site_id, `/settings/${id}`)}
            aria-current={id === tab ? 'page' : undefined}
          >
            {name}
          </a>
        ))}
      </nav>
      {tab === 'tracking' && <SettingsTracking site={site} />}
      {tab === 'revenue' && <SettingsRevenue site={site} />}
      {tab === 'keys' && <SettingsKeys site={site} />}
    </>
  );
}
