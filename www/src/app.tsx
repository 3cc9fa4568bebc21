//! Which view answers to the address.
import { StateBox } from './components/card';
import { Overlay } from './components/overlay';
import { PlainShell, Shell } from './components/shell';
import { type Route, route } from './state/location';
import { account, boot, siteById, start } from './state/session';
import { AccountView } from './views/account';
import { FirstAccount, SignIn, Unreachable } from './views/entry';
import { Order } from './views/order';
import { Orders } from './views/orders';
import { Overview } from './views/overview';
import { Revenue } from './views/revenue';
import { Settings } from './views/settings';
import { Home, Sites } from './views/sites';
import { Welcome } from './views/welcome';

function Missing({ what }: { what: string }) {
  return (
    <PlainShell narrow>
      <div class="page-head">
        <h1>Not found</h1>
      </div>
      <section class="card">
        <StateBox
          art
          title={what}
          actions={
            <a class="button" href="/sites">
              All sites
            </a>
          }
        >
          The address may be old, or mistyped.
        </StateBox>
      </section>
    </PlainShell>
  );
}

function SiteView({ at }: { at: Extract<Route, { name: 'site' }> }) {
  const site = siteById(at.site);
  if (!site) return <Missing what="There is no such site, or you may not see it" />;
  return (
    <Shell site={site} view={at.view}>
      {at.view === 'overview' && <Overview site={site} />}
      {at.view === 'revenue' && <Revenue site={site} />}
      {at.view === 'orders' &&
        (at.order ? <Order key={at.order} site={site} id={at.order} /> : <Orders site={site} />)}
      {at.view === 'settings' && <Settings site={site} tab={at.tab ?? 'tracking'} />}
    </Shell>
  );
}

function SignedIn() {
  const at = route.value;
  switch (at.name) {
    case 'home':
    case 'login':
      return <Home />;
    case 'sites':
      return <Sites />;
    case 'welcome':
      return <Welcome />;
    case 'account':
      return <AccountView />;
    case 'missing':
      return <Missing what="There is nothing at this address" />;
    case 'site':
      return <SiteView key={at.site} at={at} />;
  }
}

function View() {
  if (boot.value === 'starting') return <div class="starting" aria-busy="true" />;
  if (boot.value === 'unreachable') return <Unreachable onRetry={start} />;
  if (account.value) return <SignedIn />;
  return route.value.name === 'welcome' ? <FirstAccount /> : <SignIn />;
}

export function App() {
  return (
    <>
      <View />
      <Overlay />
    </>
  );
}
