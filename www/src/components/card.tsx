//! A card, and what it shows while its answer is loading, missing, failed or empty.
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { ApiError } from '../api/client';
import type { Resource } from '../state/resource';

interface CardProps {
  title: ComponentChildren;
  /** The title is spoken but not drawn, where tabs stand in its place. */
  quiet?: boolean;
  beside?: ComponentChildren;
  right?: ComponentChildren;
  footer?: ComponentChildren;
  class?: string;
  children: ComponentChildren;
}

export function Card({ title, quiet, beside, right, footer, class: extra, children }: CardProps) {
  const id = useId();
  return (
    <section class={extra ? `card ${extra}` : 'card'} aria-labelledby={id}>
      <header class="card-head">
        <h2 id={id} class={quiet ? 'unseen' : ''}>
          {title}
        </h2>
        {beside}
        {right && <div class="card-right">{right}</div>}
      </header>
      {children}
      {footer && <footer class="card-foot">{footer}</footer>}
    </section>
  );
}

export function Skeleton({ rows }: { rows: number }) {
  return (
    <ul class="skeleton" aria-hidden="true">
      {Array.from({ length: rows }, (_, place) => (
        <li key={place}>
          <i class={`bone w${place % 3}`} />
          <i class="bone short" />
        </li>
      ))}
    </ul>
  );
}

interface StateProps {
  title: string;
  children?: ComponentChildren;
  actions?: ComponentChildren;
  art?: boolean;
}

/** Rows of little bars that never rose: drawn above an empty state. */
function EmptyArt() {
  const heights = [3, 7, 4, 10, 6, 12];
  return (
    <svg class="empty-art" viewBox="0 0 96 36" aria-hidden="true">
      {heights.map((height, place) => (
        <rect key={place} x={8 + place * 14} y={32 - height * 2} width="8" height={height * 2} rx="2" />
      ))}
      <path d="M0 34.5h96" />
    </svg>
  );
}

export function StateBox({ title, children, actions, art }: StateProps) {
  return (
    <div class="state">
      {art && <EmptyArt />}
      <p class="state-title">{title}</p>
      {children && <div class="state-text">{children}</div>}
      {actions && <div class="state-actions">{actions}</div>}
    </div>
  );
}

export function Failed({ error, retry, what }: { error: Error; retry: () => void; what: string }) {
  const id = error instanceof ApiError ? error.requestId : null;
  return (
    <div role="alert">
      <StateBox
        title={`${what} could not be loaded`}
        actions={
          <button class="button" type="button" onClick={retry}>
            Try again
          </button>
        }
      >
        {error.message}
        {id && (
          <>
            <br />
            <span class="mono faint">request {id}</span>
          </>
        )}
      </StateBox>
    </div>
  );
}

interface LoadedProps<T> {
  of: Resource<T>;
  /** What failed to load, in the words of the reader: "This table". */
  what: string;
  rows?: number;
  children: (data: T) => ComponentChildren;
}

/** First load: rows of the true height. Later ones: old figures, dimmed. A failure with old figures keeps them. */
export function Loaded<T>({ of, what, rows = 5, children }: LoadedProps<T>) {
  if (of.data === null) {
    if (of.error) return <Failed error={of.error} retry={of.retry} what={what} />;
    return (
      <div aria-busy="true">
        <span class="unseen">Loading</span>
        <Skeleton rows={rows} />
      </div>
    );
  }
  if (of.error && of.stale) return <Failed error={of.error} retry={of.retry} what={what} />;
  return (
    <div class={of.stale ? 'dimmed' : ''} aria-busy={of.stale}>
      {children(of.data)}
    </div>
  );
}
