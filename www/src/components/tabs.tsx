//! Tabs that are links: each names a state of the address.
interface TabsProps {
  label: string;
  tabs: { id: string; name: string; href: string; count?: string }[];
  current: string;
}

export function Tabs({ label, tabs, current }: TabsProps) {
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map((tab) => (
        <a key={tab.id} href={tab.href} aria-current={tab.id === current ? 'true' : undefined}>
          {tab.name}
          {tab.count !== undefined && <span class="tab-count">{tab.count}</span>}
        </a>
      ))}
    </nav>
  );
}

interface SegmentsProps<T extends string> {
  label: string;
  options: { id: T; name: string }[];
  current: T;
  onChoose: (id: T) => void;
}

/** Two or three ways to see the same thing. */
export function Segments<T extends string>({ label, options, current, onChoose }: SegmentsProps<T>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out in a line everywhere
    <div class="segments" role="group" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.id}
          type="button"
          aria-pressed={option.id === current}
          onClick={() => onChoose(option.id)}
        >
          {option.name}
        </button>
      ))}
    </div>
  );
}
