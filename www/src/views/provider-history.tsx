//! How far the payments of the past have been fetched, while they are, and what came of it.
import type { History } from '../api/types';
import { Ago, Moment } from '../components/words';
import { count, plural } from '../format/number';

/** Where it stands, in the provider's own lists: "invoices, 300 of about 1,200". */
function place(history: History): string {
  if (!history.part) return '';
  if (history.read_of_part === 0) return history.part;
  const of = history.of_part === null ? '' : ` of about ${count(history.of_part)}`;
  return `${history.part}, ${count(history.read_of_part)}${of}`;
}

function done(history: History): number {
  const within = history.of_part ? Math.min(1, history.read_of_part / history.of_part) : 0;
  return Math.min(history.parts, history.parts_done + within);
}

export function HistoryProgress({ history, name }: { history: History; name: string }) {
  const { state } = history;
  const label = `Past payments of ${name}`;
  return (
    <div class="progress">
      <p class="progress-line">
        <span class="strong">{state === 'done' ? 'Past payments fetched' : 'Fetching past payments'}</span>
        <span class="faint">
          {state !== 'done' && <>{place(history)} · </>}
          {plural(history.read, 'object read', 'objects read')}, {count(history.told)} new
          {history.finished_at && (
            <>
              {' '}
              · <Moment at={history.finished_at} />
            </>
          )}
        </span>
      </p>
      {state !== 'done' && <progress aria-label={label} max={history.parts} value={done(history)} />}
      {state === 'waiting' && history.problem && (
        <p class="help">
          {history.problem}
          {history.next_at && (
            <>
              {' '}
              It goes on <Moment at={history.next_at} /> by itself.
            </>
          )}
        </p>
      )}
      {history.left_out.map((reason) => (
        <p key={reason} class="help">
          Left out: {reason}.
        </p>
      ))}
      {state === 'done' && history.left_out.length > 0 && (
        <p class="help">Once that is mended, fetch past payments again under Manage.</p>
      )}
      {state === 'running' && history.read === 0 && (
        <p class="help">
          Begun <Ago at={history.started_at} />.
        </p>
      )}
    </div>
  );
}
