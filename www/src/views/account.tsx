//! The account: who is signed in, how the dashboard looks, and the way out.
import { Card } from '../components/card';
import { Switch } from '../components/field';
import { PlainShell } from '../components/shell';
import { Segments } from '../components/tabs';
import { capital } from '../format/names';
import { navigate } from '../state/location';
import { setSingleKeys, singleKeys, type Theme, theme } from '../state/preference';
import { account, leave } from '../state/session';
import { useTitle } from './report';

const THEMES: { id: Theme; name: string }[] = [
  { id: 'system', name: 'As the system' },
  { id: 'light', name: 'Light' },
  { id: 'dark', name: 'Dark' },
];

export function AccountView() {
  useTitle('Account · EngageTrack');
  const who = account.value;
  return (
    <PlainShell narrow>
      <div class="page-head">
        <h1>Account</h1>
      </div>
      <div class="stack">
        <Card title="You">
          <dl class="facts">
            {who?.name && (
              <>
                <dt>Name</dt>
                <dd>{who.name}</dd>
              </>
            )}
            <dt>E-mail</dt>
            <dd>{who?.email}</dd>
            <dt>Role</dt>
            <dd>{capital(who?.role ?? '')}</dd>
          </dl>
        </Card>
        <Card title="This browser">
          <div class="form">
            <div class="field">
              <span class="label">Colours</span>
              <Segments
                label="Colours"
                options={THEMES}
                current={theme.value}
                onChoose={(id) => {
                  theme.value = id;
                }}
              />
            </div>
            <Switch
              label="Single keys"
              help="D for today, F for a filter, and so on; press ? in a report for the list."
              on={singleKeys.value}
              onChange={setSingleKeys}
            />
          </div>
        </Card>
        <div>
          <button class="button" type="button" onClick={() => leave().then(() => navigate('/login'))}>
            Sign out
          </button>
        </div>
      </div>
    </PlainShell>
  );
}
