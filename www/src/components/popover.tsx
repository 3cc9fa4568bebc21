//! A button and the panel it opens: a menu of choices or a small form. On phones the panel is a sheet.
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { openPanel } from '../state/panel';

interface PopoverProps {
  /** Which panel this is; one at a time is open. */
  name: string;
  kind?: 'menu' | 'dialog';
  label: string;
  buttonClass?: string;
  button: ComponentChildren;
  align?: 'start' | 'end';
  up?: boolean;
  children: (close: () => void) => ComponentChildren;
}

const focusable = (panel: HTMLElement) =>
  [...panel.querySelectorAll<HTMLElement>('[role^="menuitem"],button,input,select,a[href]')].filter(
    (each) => !each.hasAttribute('disabled') && each.getAttribute('aria-disabled') !== 'true',
  );

function step(panel: HTMLElement, by: number): void {
  const items = focusable(panel);
  const place = items.indexOf(document.activeElement as HTMLElement);
  const next = place < 0 ? (by > 0 ? 0 : items.length - 1) : (place + by + items.length) % items.length;
  items[next]?.focus();
}

export function Popover(props: PopoverProps) {
  const { name, kind = 'menu', label, buttonClass = 'button', button, align = 'start', up, children } = props;
  const id = useId();
  const root = useRef<HTMLDivElement>(null);
  const trigger = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const isOpen = openPanel.value === name;

  const close = () => {
    if (openPanel.peek() !== name) return;
    openPanel.value = null;
    trigger.current?.focus();
  };

  useEffect(() => {
    if (!isOpen || !panel.current) return;
    const chosen = panel.current.querySelector<HTMLElement>('[aria-checked="true"],[data-first]');
    (chosen ?? focusable(panel.current)[0])?.focus();
    const outside = (event: PointerEvent) => {
      if (!root.current?.contains(event.target as Node)) openPanel.value = null;
    };
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [isOpen]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (!panel.current) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (kind === 'menu' && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      step(panel.current, event.key === 'ArrowDown' ? 1 : -1);
    } else if (kind === 'menu' && (event.key === 'Home' || event.key === 'End')) {
      event.preventDefault();
      focusable(panel.current)
        .at(event.key === 'Home' ? 0 : -1)
        ?.focus();
    } else if (kind === 'menu' && event.key === 'Tab') {
      openPanel.value = null;
    }
  };

  const onFocusOut = (event: FocusEvent) => {
    const to = event.relatedTarget;
    if (isOpen && to instanceof Node && !root.current?.contains(to)) openPanel.value = null;
  };

  return (
    <div class="popover" ref={root} onFocusOut={onFocusOut}>
      <button
        ref={trigger}
        type="button"
        class={buttonClass}
        aria-haspopup={kind}
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => {
          openPanel.value = isOpen ? null : name;
        }}
      >
        {button}
      </button>
      {isOpen && (
        <>
          <div class="sheet-shade" aria-hidden="true" />
          {/* biome-ignore lint/a11y/noStaticElementInteractions: the role is one of two, both interactive */}
          {/* biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles take a label */}
          <div
            ref={panel}
            id={id}
            class={`panel ${align}${up ? ' up' : ''} ${kind}-panel`}
            role={kind}
            aria-label={label}
            tabIndex={-1}
            onKeyDown={onKeyDown}
          >
            {children(close)}
          </div>
        </>
      )}
    </div>
  );
}

interface ItemProps {
  chosen?: boolean;
  disabled?: boolean;
  onChoose: () => void;
  note?: ComponentChildren;
  keys?: string;
  children: ComponentChildren;
}

/** One of several choices, of which one holds. */
export function Choice({ chosen = false, disabled, onChoose, note, keys, children }: ItemProps) {
  return (
    <button
      type="button"
      class="menu-item"
      role="menuitemradio"
      aria-checked={chosen}
      aria-disabled={disabled}
      tabIndex={-1}
      onClick={() => !disabled && onChoose()}
    >
      <span class="menu-name">{children}</span>
      {note && <span class="menu-note">{note}</span>}
      {keys && <kbd>{keys}</kbd>}
    </button>
  );
}

/** Something to do. */
export function Action({ onChoose, note, keys, disabled, children }: ItemProps) {
  return (
    <button
      type="button"
      class="menu-item"
      role="menuitem"
      aria-disabled={disabled}
      tabIndex={-1}
      onClick={() => !disabled && onChoose()}
    >
      <span class="menu-name">{children}</span>
      {note && <span class="menu-note">{note}</span>}
      {keys && <kbd>{keys}</kbd>}
    </button>
  );
}

export function Separator() {
  return <div class="menu-line" role="presentation" />;
}
