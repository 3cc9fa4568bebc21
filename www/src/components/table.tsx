//! A table that stays one for assistive technology when narrow screens lay its rows out as grids.
import type { ComponentChildren } from 'preact';
import { Icon } from './icon';

interface TableProps {
  caption: string;
  class?: string;
  children: ComponentChildren;
}

export function Table({ caption, class: extra, children }: TableProps) {
  return (
    <table class={extra ? `table ${extra}` : 'table'} {...role('table')}>
      <caption class="unseen">{caption}</caption>
      {children}
    </table>
  );
}

type TableRole = 'table' | 'rowgroup' | 'row' | 'cell' | 'rowheader' | 'columnheader';

/** Said aloud, because `display: grid` takes the native role away. */
const role = (name: TableRole) => ({ role: name });

export const Head = ({ children }: { children: ComponentChildren }) => (
  <thead {...role('rowgroup')}>
    <tr {...role('row')}>{children}</tr>
  </thead>
);

export const Body = ({ children }: { children: ComponentChildren }) => (
  <tbody {...role('rowgroup')}>{children}</tbody>
);

export const Foot = ({ children }: { children: ComponentChildren }) => (
  <tfoot {...role('rowgroup')}>{children}</tfoot>
);

export const Row = ({ class: extra, children }: { class?: string; children: ComponentChildren }) => (
  <tr class={extra} {...role('row')}>
    {children}
  </tr>
);

interface CellProps {
  /** A number: right-aligned, in figures of one width. */
  n?: boolean;
  strong?: boolean;
  /** Left out on phones. */
  wide?: boolean;
  class?: string;
  title?: string | undefined;
  children?: ComponentChildren;
}

const classes = (...names: (string | false | undefined)[]) => names.filter(Boolean).join(' ');

export const Cell = ({ n, strong, wide, class: extra, title, children }: CellProps) => (
  <td
    class={classes(n && 'n', strong && 'strong', wide && 'wide-only', extra)}
    title={title}
    {...role('cell')}
  >
    {children}
  </td>
);

/** The cell that names its row. */
export const KeyCell = ({ class: extra, children }: { class?: string; children: ComponentChildren }) => (
  <th scope="row" class={classes('key-cell', extra)} {...role('rowheader')}>
    {children}
  </th>
);

interface HeadCellProps {
  n?: boolean;
  wide?: boolean;
  class?: string;
  /** One line that says what the column means. */
  hint?: string;
  /** Present where the column can be sorted by. */
  sort?: { href: string; direction: 'ascending' | 'descending' | null };
  children?: ComponentChildren;
}

export function HeadCell({ n, wide, class: extra, hint, sort, children }: HeadCellProps) {
  return (
    <th
      scope="col"
      class={classes(n && 'n', wide && 'wide-only', extra)}
      title={hint}
      aria-sort={sort?.direction ?? undefined}
      {...role('columnheader')}
    >
      {sort ? (
        <a class="sort" href={sort.href}>
          {children}
          {sort.direction && <Icon name={sort.direction === 'ascending' ? 'sortUp' : 'sortDown'} small />}
        </a>
      ) : (
        children
      )}
    </th>
  );
}
