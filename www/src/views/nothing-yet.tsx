//! Before the first visit and before the first payment a report says what is missing, not nothing.
import type { ComponentChildren } from 'preact';
import { siteStatus } from '../api/sites';
import type { Site } from '../api/types';
import { StateBox } from '../components/card';
import { siteHref } from '../state/location';
import { useResource } from '../state/resource';

const POLL_MS = 5_000;

export function NothingYet({ site, children }: { site: Site; children: ComponentChildren }) {
  const status = useResource(`status ${site.site_id}`, (signal) => siteStatus(site.site_id, signal));
  const silent = status.data !== null && status.data.first_event_at === null && status.data.orders === 0;
  if (silent) return <FirstVisit site={site} />;
  const unpaid = status.data !== null && status.data.orders === 0 && status.data.last_webhook === null;
  return (
    <>
      {unpaid && (
        <p class="quiet-line">
          Visits arrive, money does not yet.{' '}
          <a href={siteHref(site.site_id, '/settings/revenue')}>Connect the place where you are paid</a>
        </p>
      )}
      {children}
    </>
  );
}

function FirstVisit({ site }: { site: Site }) {
  useResource(`status ${site.site_id}`, (signal) => siteStatus(site.site_id, signal), POLL_MS);
  return (
    <section class="card">
      <StateBox
        art
        title={`No visit of ${site.domain} has arrived yet`}
        actions={
          <a class="button primary" href={`/welcome?site=${encodeURIComponent(site.site_id)}`}>
            Set up tracking
          </a>
        }
      >
        Put one line on every page; figures show here within a second of the first visit.
      </StateBox>
    </section>
  );
}
