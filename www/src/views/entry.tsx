//! Before anybody is signed in: the sign-in page, and the making of the first account.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { createAccount } from '../api/account';
import { ApiError } from '../api/client';
import { Fault, Field, Submit, useSubmission } from '../components/field';
import { Icon, Mark } from '../components/icon';
import { SignInForm } from '../components/sign-in-form';
import { navigate, place } from '../state/location';
import { switchTheme } from '../state/preference';
import { enter, needsAccount } from '../state/session';
import { useTitle } from './report';

function Gate({
  title,
  lead,
  children,
}: {
  title: string;
  lead?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <main id="main" tabIndex={-1} class="gate">
      <div class="gate-box">
        <p class="gate-brand">
          <Mark />
          EngageTrack
        </p>
        <section class="card gate-card">
          <h1>{title}</h1>
          {lead && <p class="soft gate-lead">{lead}</p>}
          {children}
        </section>
        <p class="gate-foot">
          <span>Which traffic source brought this money?</span>
          <button class="button icon-only quiet small" type="button" onClick={switchTheme}>
            <Icon name="theme" />
            <span class="unseen">Switch light and dark</span>
          </button>
        </p>
      </div>
    </main>
  );
}

export function SignIn() {
  useTitle('Sign in · EngageTrack');
  if (needsAccount.value) return <NoAccount />;
  return (
    <Gate title="Sign in">
      <SignInForm
        onDone={() => {
          if (place.peek().path === '/login') navigate('/', { replace: true });
        }}
      />
    </Gate>
  );
}

function NoAccount() {
  return (
    <Gate
      title="Open the one-time link"
      lead="There is no account yet. When the server first started it printed a link in its terminal; whoever opens it creates the first account."
    >
      <p class="help">
        The link works once and for one hour. Restart the server to get a new one while no account exists.
      </p>
    </Gate>
  );
}

const MIN_PASSWORD = 10;

const tokenOf = (hash: string) => new URLSearchParams(hash.replace(/^#/, '')).get('token') ?? '';

export function FirstAccount() {
  useTitle('Welcome · EngageTrack');
  const [token] = useState(() => tokenOf(place.peek().hash));
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const form = useSubmission(['email', 'password', 'name']);
  if (!needsAccount.value) return <SignIn />;
  if (!token) return <NoAccount />;
  const dead = form.error instanceof ApiError && form.error.code === 'setup_link_invalid';
  return (
    <Gate
      title="Create your account"
      lead="You will own this server. It stays on your machine: nothing is sent anywhere else."
    >
      <form
        class="form"
        onSubmit={form.run(async () => {
          await enter(await createAccount(token, email.trim(), password, name.trim()));
          // The token has done its work: it leaves the address bar, and the history with it.
          navigate('/welcome', { replace: true });
        })}
      >
        <Fault text={form.general} />
        {dead && <p class="help">Restart the server: it prints a new link while no account exists.</p>}
        <Field label="Your name" fault={form.faultOf('name')}>
          {(attributes) => (
            <input
              {...attributes}
              class="input"
              autocomplete="name"
              maxLength={100}
              value={name}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label="E-mail" fault={form.faultOf('email')}>
          {(attributes) => (
            <input
              {...attributes}
              class="input"
              type="email"
              autocomplete="username"
              required
              value={email}
              onInput={(event) => setEmail(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field
          label="Password"
          help={`At least ${MIN_PASSWORD} characters.`}
          fault={form.faultOf('password')}
        >
          {(attributes) => (
            <input
              {...attributes}
              class="input"
              type="password"
              autocomplete="new-password"
              minLength={MIN_PASSWORD}
              required
              value={password}
              onInput={(event) => setPassword(event.currentTarget.value)}
            />
          )}
        </Field>
        <Submit busy={form.busy}>Create account</Submit>
      </form>
    </Gate>
  );
}

export function Unreachable({ onRetry }: { onRetry: () => void }) {
  return (
    <Gate title="The server does not answer" lead="It may be starting, or the network is away.">
      <button class="button primary" type="button" onClick={onRetry}>
        Try again
      </button>
    </Gate>
  );
}
