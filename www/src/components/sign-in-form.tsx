//! E-mail and password, on the sign-in page and over a view whose session has ended.
import { useState } from 'preact/hooks';
import { signIn } from '../api/account';
import { enter } from '../state/session';
import { Fault, Field, Submit, useSubmission } from './field';

export function SignInForm({ email = '', onDone }: { email?: string; onDone?: () => void }) {
  const [address, setAddress] = useState(email);
  const [password, setPassword] = useState('');
  const form = useSubmission(['email', 'password']);
  return (
    <form
      class="form"
      onSubmit={form.run(async () => {
        await enter(await signIn(address.trim(), password));
        onDone?.();
      })}
    >
      <Fault text={form.general} />
      <Field label="E-mail" fault={form.faultOf('email')}>
        {(attributes) => (
          <input
            {...attributes}
            class="input"
            type="email"
            autocomplete="username"
            required
            value={address}
            onInput={(event) => setAddress(event.currentTarget.value)}
          />
        )}
      </Field>
      <Field label="Password" fault={form.faultOf('password')}>
        {(attributes) => (
          <input
            {...attributes}
            class="input"
            type="password"
            autocomplete="current-password"
            required
            value={password}
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
        )}
      </Field>
      <Submit busy={form.busy}>Sign in</Submit>
    </form>
  );
}
