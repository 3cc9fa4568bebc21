//! The frame of every view of a site: rail, top bar on small screens, five tabs on phones.
import type { ComponentChildren } from 'preact';
import { listIntegrations } from '../api/sites';
import type { Site } from '../api/types';
import { healthOf } from '../format/health';
import { navigate, place, type SiteView, siteHref } from '../state/location';
import { rememberedModel, switchTheme } from '../state/preference';
import { useResource } from '../state/resource';
import { account, leave, sites } from '../state/session';
import { helpOpen } from '../state/shortcut';
import { Icon, type IconName, Mark } from './icon';
import { Action, Choice, Popover, Separator } from './popover';

interface Destination {
  view: SiteView;
  rest: string;
  name: string;
  icon: IconName;
}

export const DESTINATIONS: readonly Destination[] = [
  { view: 'overview', rest: '', name: 'Overview', icon: 'overview' },
  { view: 'revenue', rest: '/revenue', name: 'Revenue', icon: 'revenue' },
  { view: 'orders', rest: '/orders', name: 'Orders', icon: 'orders' },
];

const INTEGRATIONS_POLL_MS = 60_000;

/** Said on Settings when a provider needs someone; null while all is well. */
function useTrouble(site: string): string | null {
  const integrations = useResource(
    `integrations ${site}`,
    (signal) => listIntegrations(site, signal),
    INTEGRATIONS_POLL_MS,
  );
  const troubled = integrations.data?.find((each) => healthOf(each).tone === 'warn');
  return troubled ? `${troubled.name} needs you` : null;
}

function openSite(id: string): void {
  const model = rememberedModel(id);
  navigate(siteHref(id, '', { filters: [], ...(model && { model }) }));
}

function SiteSwitch({ site, name }: { site: Site; name: string }) {
  const list = sites.value ?? [];
  return (
    <Popover
      name={name}
      label="Sites"
      buttonClass="site-switch"
      button={
        <>
          <span class="site-tile" aria-hidden="true">
            {site.domain.charAt(0).toUpperCase()}
          </span>
          <span class="site-name">{site.domain}</span>
          <Icon name="updown" />
        </>
      }
    >
      {(close) => (
        <>
          {list.map((each) => (
            <Choice
              key={each.site_id}
              chosen={each.site_id === site.site_id}
              onChoose={() => {
                close();
                openSite(each.site_id);
              }}
            >
              {each.domain}
            </Choice>
          ))}
          <Separator />
          <Action
            onChoose={() => {
              close();
              navigate('/sites');
            }}
          >
            All sites
          </Action>
          <Action
            onChoose={() => {
              close();
              navigate('/welcome?site=new');
            }}
          >
            Add a site
          </Action>
        </>
      )}
    </Popover>
  );
}

function initials(text: string): string {
  const words = text.split(/[\s@.]+/).filter(Boolean);
  return ((words[0]?.charAt(0) ?? '') + (words[1]?.charAt(0) ?? '')).toUpperCase();
}

export function AccountMenu({ name, up = false }: { name: string; up?: boolean }) {
  const who = account.value;
  if (!who) return null;
  const shown = who.name || who.email;
  return (
    <Popover
      name={name}
      label="Account"
      up={up}
      align={up ? 'start' : 'end'}
      buttonClass="account-button"
      button={
        <>
          <span class="avatar" aria-hidden="true">
            {initials(shown)}
          </span>
          <span class="who">{shown}</span>
        </>
      }
    >
      {(close) => (
        <>
          <Action
            onChoose={() => {
              close();
              navigate('/account');
            }}
          >
            Account
          </Action>
          <Action
            onChoose={() => {
              close();
              switchTheme();
            }}
          >
            Switch light and dark
          </Action>
          <Action
            keys="?"
            onChoose={() => {
              close();
              helpOpen.value = true;
            }}
          >
            Keyboard
          </Action>
          <Separator />
          <Action
            onChoose={() => {
              close();
              leave().then(() => navigate('/login'));
            }}
          >
            Sign out
          </Action>
        </>
      )}
    </Popover>
  );
}

function Rail({ site, view, trouble }: { site: Site; view: SiteView; trouble: string | null }) {
  return (
    <aside class="rail">
      <a class="brand" href="/sites">
        <Mark />
        <span class="rail-text">EngageTrack</span>
      </a>
      <SiteSwitch site={site} name="rail-sites" />
      <nav class="rail-nav" aria-label="Site">
        {DESTINATIONS.map((each) => (
          <a
            key={each.view}
            href={siteHref(site.site_id, each.rest)}
            aria-current={each.view === view ? 'page' : undefined}
            title={each.name}
          >
            <Icon name={each.icon} />
            <span class="rail-text">{each.name}</span>
          </a>
        ))}
        <p class="rail-group">Manage</p>
        <a
          href={siteHref(site.site_id, '/settings')}
          aria-current={view === 'settings' ? 'page' : undefined}
          title="Settings"
        >
          <Icon name="settings" />
          <span class="rail-text">Settings</span>
          {trouble && (
            <span class="trouble-dot" title={trouble}>
              <span class="unseen">{trouble}</span>
            </span>
          )}
        </a>
      </nav>
      <div class="rail-foot">
        <AccountMenu name="rail-account" up />
        <button
          class="button icon-only quiet small"
          type="button"
          title="Switch light and dark"
          onClick={switchTheme}
        >
          <Icon name="theme" />
          <span class="unseen">Switch light and dark</span>
        </button>
      </div>
    </aside>
  );
}

function TabBar({ site, view, trouble }: { site: Site; view: SiteView; trouble: string | null }) {
  return (
    <nav class="tab-bar" aria-label="Views">
      {DESTINATIONS.map((each) => (
        <a
          key={each.view}
          href={siteHref(site.site_id, each.rest)}
          aria-current={each.view === view ? 'page' : undefined}
        >
          <Icon name={each.icon} />
          {each.name}
        </a>
      ))}
      <a href={siteHref(site.site_id, '/settings')} aria-current={view === 'settings' ? 'page' : undefined}>
        <Icon name="settings" />
        Settings
        {trouble && <span class="trouble-dot" />}
      </a>
      <a href="/account">
        <Icon name="person" />
        Account
      </a>
    </nav>
  );
}

export function Shell({ site, view, children }: { site: Site; view: SiteView; children: ComponentChildren }) {
  const trouble = useTrouble(site.site_id);
  return (
    <>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <header class="top-bar">
        <a href="/sites" aria-label="EngageTrack, all sites">
          <Mark />
        </a>
        <SiteSwitch site={site} name="top-sites" />
        <button class="button icon-only quiet" type="button" onClick={switchTheme}>
          <Icon name="theme" />
          <span class="unseen">Switch light and dark</span>
        </button>
      </header>
      <div class="shell">
        <Rail site={site} view={view} trouble={trouble} />
        <main id="main" tabIndex={-1} key={place.value.path}>
          {children}
        </main>
      </div>
      <TabBar site={site} view={view} trouble={trouble} />
    </>
  );
}

/** The frame of pages that belong to no site. */
export function PlainShell({ children, narrow }: { children: ComponentChildren; narrow?: boolean }) {
  return (
    <>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <header class="plain-bar">
        <a class="brand" href="/sites">
          <Mark />
          EngageTrack
        </a>
        <div class="plain-right">
          <button class="button icon-only quiet" type="button" onClick={switchTheme}>
            <Icon name="theme" />
            <span class="unseen">Switch light and dark</span>
          </button>
          <AccountMenu name="plain-account" />
        </div>
      </header>
      <main id="main" tabIndex={-1} class={narrow ? 'plain narrow' : 'plain'}>
        {children}
      </main>
    </>
  );
}
