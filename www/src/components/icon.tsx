//! The icon set: strokes of one weight on a grid of 16.
const PATHS = {
  overview: 'M2.5 13.5v-4h2.5v4zM6.75 13.5v-7.5h2.5v7.5zM11 13.5v-11h2.5v11z',
  revenue:
    'M8 2.25a5.75 5.75 0 1 0 0 11.5a5.75 5.75 0 1 0 0-11.5M10 6.2C9.6 5.4 8.9 5.1 8 5.1c-1.1 0-1.9.5-1.9 1.4 0 2 3.9 1 3.9 3 0 .9-.9 1.4-2 1.4-1 0-1.7-.3-2.1-1.1M8 4.1v1M8 10.9v1',
  orders: 'M3.5 2.5h9v11l-2.2-1.4L8 13.5l-2.3-1.4-2.2 1.4zM6 6h4M6 8.7h4',
  settings:
    'M2.5 5h5.7M12 5h1.5M2.5 11h2.3M8.6 11h4.9M10.1 3.3a1.7 1.7 0 1 0 0 3.4a1.7 1.7 0 1 0 0-3.4M6.7 9.3a1.7 1.7 0 1 0 0 3.4a1.7 1.7 0 1 0 0-3.4',
  person: 'M8 2.5a2.7 2.7 0 1 0 0 5.4a2.7 2.7 0 1 0 0-5.4M2.8 13.5c.4-2.7 2.4-4 5.2-4s4.8 1.3 5.2 4',
  down: 'm4.75 6.5 3.25 3.25 3.25-3.25',
  left: 'M9.75 4.25 6 8l3.75 3.75',
  right: 'M6.25 4.25 10 8l-3.75 3.75',
  updown: 'm5.5 6.25 2.5-2.5 2.5 2.5M5.5 9.75l2.5 2.5 2.5-2.5',
  plus: 'M8 3.5v9M3.5 8h9',
  close: 'm4.75 4.75 6.5 6.5M11.25 4.75l-6.5 6.5',
  sortDown: 'M8 3.5v9M4.75 9.25 8 12.5l3.25-3.25',
  sortUp: 'M8 12.5v-9M4.75 6.75 8 3.5l3.25 3.25',
  download: 'M8 2.5v7.5M4.9 7.1 8 10.2l3.1-3.1M3 13.5h10',
  link: 'M6.7 9.3a2.6 2.6 0 0 0 3.9.3l2-2a2.6 2.6 0 0 0-3.7-3.7l-1 1M9.3 6.7a2.6 2.6 0 0 0-3.9-.3l-2 2a2.6 2.6 0 0 0 3.7 3.7l1-1',
  check: 'm3.5 8.6 3 3 6-7.1',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  warn: 'M8 2.7 14 13H2zM8 6.7v2.9M8 11.3v.1',
  info: 'M8 2.25a5.75 5.75 0 1 0 0 11.5a5.75 5.75 0 1 0 0-11.5M8 7.4v3.6M8 5v.1',
  open: 'M6.5 3.5h-3v9h9v-3M9.5 3H13v3.5M13 3 7.5 8.5',
  undo: 'M3 6h6.5a3.5 3.5 0 0 1 0 7H6M3 6l3-3M3 6l3 3',
  theme: 'M13 9.6A5.6 5.6 0 0 1 6.4 3 5.6 5.6 0 1 0 13 9.6',
  signOut: 'M9.5 3h-6v10h6M7 8h6.5M11 5.5 13.5 8 11 10.5',
  key: 'M5.5 7.5a3 3 0 1 0 0 6 3 3 0 1 0 0-6M7.6 8.4 13 3M10.5 5.5l2 2',
  globe:
    'M8 2.25a5.75 5.75 0 1 0 0 11.5a5.75 5.75 0 1 0 0-11.5M2.5 8h11M8 2.3c2 1.8 2.7 3.6 2.7 5.7S10 11.9 8 13.7C6 11.9 5.3 10.1 5.3 8S6 4.1 8 2.3',
  none: 'M4 8h8',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, small }: { name: IconName; small?: boolean }) {
  return (
    <svg class={small ? 'icon small' : 'icon'} viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

export function Mark() {
  return (
    <svg class="mark-logo" viewBox="0 0 20 20" aria-hidden="true">
      <rect class="mark-ground" width="20" height="20" rx="5" />
      <path class="mark-lines" d="M5.5 6h9M5.5 10h5.5M5.5 14h7" />
      <circle class="mark-dot" cx="14.4" cy="10" r="1.6" />
    </svg>
  );
}
