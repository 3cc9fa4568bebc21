//! What floats over every view: toasts, the lost connection, the ended session, the list of keys.
import { useEffect, useState } from 'preact/hooks';
import { clockText } from '../format/date';
import { announcement, hush, toast } from '../state/notice';
import { setSingleKeys, singleKeys } from '../state/preference';
import { connection, refreshAll } from '../state/resource';
import { account, sessionEnded } from '../state/session';
import { helpOpen } from '../state/shortcut';
import { Dialog } from './dialog';
import { Switch } from './field';
import { Icon } from './icon';
import { SignInForm } from './sign-in-form';

function Toast() {
  const shown = toast.value;
  if (!shown) return null;
  return (
    <div class="toast" key={shown.id}>
      <Icon name="check" />
      <span>{shown.text}</span>
      {shown.undo && (
        <button
          class="button small"
          type="button"
          onClick={() => {
            shown.undo?.();
            hush();
          }}
        >
          Undo
        </button>
      )}
    </div>
  );
}

function LostConnection() {
  const { lost, since, retryAt } = connection.value;
  const [left, setLeft] = useState(0);
  useEffect(() => {
    if (!lost) return;
    const count = () => {
      const seconds = Math.ceil((retryAt - Date.now()) / 1000);
      setLeft(Math.max(0, seconds));
      if (seconds <= 0) refreshAll();
    };
    count();
    const timer = setInterval(count, 1000);
    return () => clearInterval(timer);
  }, [lost, retryAt]);
  if (!lost) return null;
  return (
    <div class="toast" role="status">
      <Icon name="warn" />
      <span>
        <b>No connection.</b> {since > 0 && `Figures are from ${clockText(new Date(since))}; `}
        <span aria-hidden="true">trying again in {left} s.</span>
      </span>
      <button class="button small" type="button" onClick={refreshAll}>
        Now
      </button>
    </div>
  );
}

function SessionEnded() {
  if (!sessionEnded.value) return null;
  return (
    <Dialog title="You were signed out">
      <p class="soft">This view is kept as it is; sign in to go on.</p>
      <SignInForm email={account.value?.email ?? ''} />
    </Dialog>
  );
}

const KEYS: [string, string[]][] = [
  ['Go to Overview', ['G', 'O']],
  ['Go to Revenue', ['G', 'R']],
  ['Go to Orders', ['G', 'B']],
  ['Go to Settings', ['G', 'S']],
  ['Today, 7, 28, 30 days', ['D', 'W', '4', 'T']],
  ['This month, 12 months', ['M', 'Y']],
  ['Choose dates', ['C']],
  ['Earlier, later period', ['←', '→']],
  ['Next comparison', ['X']],
  ['Next model', ['Shift', 'M']],
  ['Add a filter', ['F']],
  ['Remove the last filter', ['⌫']],
  ['Clear filters', ['Esc']],
  ['Next, previous row, open', ['J', 'K', '↵']],
  ['This list', ['?']],
];

function KeyList() {
  if (!helpOpen.value) return null;
  return (
    <Dialog
      title="Keyboard"
      onClose={() => {
        helpOpen.value = false;
      }}
    >
      <dl class="key-list">
        {KEYS.map(([what, keys]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <Switch
        label="Single keys"
        help="Switch them off if you speak to your computer or press keys by accident."
        on={singleKeys.value}
        onChange={setSingleKeys}
      />
    </Dialog>
  );
}

export function Overlay() {
  return (
    <>
      <section class="toasts" aria-label="Messages">
        <LostConnection />
        <Toast />
      </section>
      <p class="unseen" role="status" aria-live="polite">
        {announcement.value}
      </p>
      <SessionEnded />
      <KeyList />
    </>
  );
}
