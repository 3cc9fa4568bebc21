//! Parts of forms: a labelled field with help and fault, a switch, a submit button that knows it is busy.
import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { ApiError } from '../api/client';

/** What joins a control to its label, help and fault. */
export interface FieldAttributes {
  id: string;
  'aria-describedby'?: string;
  'aria-invalid'?: boolean;
}

interface FieldProps {
  label: string;
  help?: ComponentChildren;
  fault?: string | null;
  children: (attributes: FieldAttributes) => ComponentChildren;
}

export function Field({ label, help, fault, children }: FieldProps) {
  const id = useId();
  const described = [help && `${id}-help`, fault && `${id}-fault`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({
        id,
        ...(described && { 'aria-describedby': described }),
        ...(fault && { 'aria-invalid': true }),
      })}
      {fault && (
        <p id={`${id}-fault`} class="fault">
          {fault}
        </p>
      )}
      {help && (
        <p id={`${id}-help`} class="help">
          {help}
        </p>
      )}
    </div>
  );
}

interface SwitchProps {
  label: string;
  help?: string;
  on: boolean;
  disabled?: boolean;
  onChange: (on: boolean) => void;
}

export function Switch({ label, help, on, disabled, onChange }: SwitchProps) {
  const id = useId();
  return (
    <div class="switch-row">
      <div>
        <span id={id} class="label">
          {label}
        </span>
        {help && (
          <p id={`${id}-help`} class="help">
            {help}
          </p>
        )}
      </div>
      <button
        type="button"
        class="switch"
        role="switch"
        aria-checked={on}
        aria-labelledby={id}
        aria-describedby={help ? `${id}-help` : undefined}
        disabled={disabled}
        onClick={() => onChange(!on)}
      />
    </div>
  );
}

export interface Submission {
  busy: boolean;
  error: Error | null;
  /** The fault of one field, as the server named it. */
  faultOf: (field: string) => string | null;
  /** What stands above the button: faults that belong to no field of this form. */
  general: string | null;
  run: (work: () => Promise<void>) => (event: Event) => void;
}

export function useSubmission(fields: readonly string[] = []): Submission {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const field = error instanceof ApiError ? error.field : null;
  const own = field !== null && fields.includes(field);
  return {
    busy,
    error,
    faultOf: (name) => (own && field === name && error ? error.message : null),
    general: error && !own ? error.message : null,
    run: (work) => (event) => {
      event.preventDefault();
      if (busy) return;
      setBusy(true);
      setError(null);
      work()
        .catch((cause: Error) => setError(cause))
        .finally(() => setBusy(false));
    },
  };
}

export function Fault({ text }: { text: string | null }) {
  return text ? (
    <p class="fault box" role="alert">
      {text}
    </p>
  ) : null;
}

export function Submit({ busy, children }: { busy: boolean; children: ComponentChildren }) {
  return (
    <button class="button primary" type="submit" aria-disabled={busy}>
      {busy ? 'One moment…' : children}
    </button>
  );
}
