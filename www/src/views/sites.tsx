//! All sites, each with what it earned in the last 30 days.

import { useEffect } from 'preact/hooks';
import { overview } from '../api/stats';
import type { Site } from '../api/types';
import { StateBox } from '../components/card';
import { Icon } from '../components/icon';
import { PlainShell } from '../components/shell';
import { Delta } from '../components/words';
import { delta } from '../format/delta';
import { roundMoney } from '../format/money';
import { plural } from '../format/number';
import { navigate, siteHref } from '../state/location';
import { rememberedModel } from '../state/preference';
import { useResource } from '../state/resource';
import { sites } from '../state/session';
import { Subtotals } from './breakdown-cells';
import { useTitle } from './report';

export function siteEntrance(site: Site): string {
  const model = rememberedModel(site.site_id);
  return siteHref(site.site_id, '', { filters: [], ...(model && { model }) });
}

function SiteCard({ site }: { site: Site }) {
  const query = { period: '30d', compare: 'weekdays' };
  const figures = useResource(`overview ${site.site_id} ${JSON.stringify(query)}`, (signal) =>
    overview(site.site_id, query, signal),
  );
  const metrics = figures.data?.metrics;
  return (
    <li>
      <a class="card site-card" href={siteEntrance(site)}>
        <span class="site-tile large" aria-hidden="true">
          {site.domain.charAt(0).toUpperCase()}
        </span>
        <span class="site-card-name">
          <b>{site.domain}</b>
          <span class="faint">
            {metrics
              ? `${plural(metrics.visitors.value, 'visitor')}, ${plural(metrics.orders.value, 'order')} in 30 days`
              : figures.error
                ? figures.error.message
                : 'Loading…'}
          </span>
        </span>
        <span class="site-card-money">
          {metrics && (
            <>
              <b>
                {figures.data?.mixed_currencies ? (
                  <Subtotals amounts={figures.data.by_currency ?? []} />
                ) : (
                  roundMoney(metrics.revenue.value)
                )}
              </b>
              {!figures.data?.mixed_currencies && (
                <Delta value={delta('money', metrics.revenue.value, metrics.revenue.previous)} />
              )}
            </>
          )}
        </span>
        <Icon name="right" />
      </a>
    </li>
  );
}

export function Sites() {
  useTitle('Sites · EngageTrack');
  const list = sites.value ?? [];
  return (
    <PlainShell>
      <div class="page-head">
        <h1>Sites</h1>
        <div class="page-actions">
          <a class="button primary" href="/welcome?site=new">
            <Icon name="plus" />
            Add a site
          </a>
        </div>
      </div>
      {list.length === 0 && (
        <section class="card">
          <StateBox art title="No site yet">
            Add the one whose visits and orders you want to tie together.
          </StateBox>
        </section>
      )}
      <ul class="site-list">
        {list.map((site) => (
          <SiteCard key={site.site_id} site={site} />
        ))}
      </ul>
    </PlainShell>
  );
}

/** The root: none leads to the first run, one straight to it, several to the list. */
export function Home() {
  const list = sites.value;
  const [only] = list ?? [];
  const target = !list
    ? null
    : list.length === 0
      ? '/welcome'
      : list.length === 1 && only
        ? siteEntrance(only)
        : null;
  useEffect(() => {
    if (target) navigate(target, { replace: true });
  }, [target]);
  return target ? null : <Sites />;
}
