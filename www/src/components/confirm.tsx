//! A question before something that is not easily undone: what will happen, and a way out.
import type { ComponentChildren } from 'preact';
import { Dialog } from './dialog';
import { Fault, type Submission } from './field';

interface ConfirmProps {
  title: string;
  /** What the button does, in its own words. */
  action: string;
  /** Whether something ends by it. */
  danger?: boolean;
  form: Submission;
  /** What went wrong, where the server's own sentence is not for this place. */
  fault?: string | null;
  act: () => Promise<void>;
  onClose: () => void;
  children: ComponentChildren;
}

export function Confirm({ title, action, danger, form, fault, act, onClose, children }: ConfirmProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <form class="form" onSubmit={form.run(act)}>
        <p class="soft">{children}</p>
        <Fault text={fault ?? form.general} />
        <div class="form-actions">
          <button class={danger ? 'button danger' : 'button primary'} type="submit" aria-disabled={form.busy}>
            {form.busy ? 'One moment…' : action}
          </button>
          <button class="button quiet" type="button" onClick={onClose}>
            Keep it
          </button>
        </div>
      </form>
    </Dialog>
  );
}
