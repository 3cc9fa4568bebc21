//! Small pieces of type: badges, deltas, swatches, money and moments with their exact values.
import type { ComponentChildren } from 'preact';
import type { Money as Amount, OrderLevel } from '../api/types';
import { agoText, momentText } from '../format/date';
import type { Delta as Movement } from '../format/delta';
import { exactMoney, roundMoney } from '../format/money';
import { levelName } from '../format/names';
import { now } from '../state/clock';
import { Icon, type IconName } from './icon';

export type Tone = 'plain' | 'good' | 'bad' | 'warn' | 'money';

interface BadgeProps {
  tone?: Tone;
  icon?: IconName;
  title?: string;
  children: ComponentChildren;
}

export function Badge({ tone = 'plain', icon, title, children }: BadgeProps) {
  return (
    <span class={`badge ${tone}`} title={title}>
      {icon && <Icon name={icon} small />}
      {children}
    </span>
  );
}

/** A `?` whose words come on hover, on focus and by long press. */
export function Hint({ text }: { text: string }) {
  return (
    <span class="hint" title={text}>
      <span aria-hidden="true">?</span>
      <span class="unseen">{text}</span>
    </span>
  );
}

const JUDGED = { good: 'better', bad: 'worse', neutral: '' } as const;
const MOVED = { up: 'up', down: 'down', flat: '', none: '' } as const;

function Arrow({ direction }: { direction: 'up' | 'down' }) {
  return (
    <svg class="arrow" viewBox="0 0 8 8" aria-hidden="true">
      <path d={direction === 'up' ? 'M4 1 8 7H0z' : 'M4 7 0 1h8z'} />
    </svg>
  );
}

export function Delta({ value, was = true }: { value: Movement | null; was?: boolean }) {
  if (!value) return null;
  const spoken = [MOVED[value.direction], JUDGED[value.judgement]].filter(Boolean).join(', ');
  const arrow = value.direction === 'up' || value.direction === 'down';
  return (
    <span class={`delta ${value.judgement}`} {...(!was && { title: value.was })}>
      {arrow && value.size !== '' && <Arrow direction={value.direction as 'up' | 'down'} />}
      {spoken && <span class="unseen">{spoken} </span>}
      {value.size && <span>{value.size}</span>}
      {was && <span class="was">{value.was}</span>}
    </span>
  );
}

/** An amount; whole units keep the exact sum in their title. */
export function Money({ of, round = false }: { of: Amount; round?: boolean }) {
  const exact = exactMoney(of);
  return (
    <data value={of.decimal} {...(round && { title: exact })}>
      {round ? roundMoney(of) : exact}
    </data>
  );
}

export function Ago({ at }: { at: string }) {
  return (
    <time dateTime={at} title={momentText(at, now.value, true)}>
      {agoText(at, now.value)}
    </time>
  );
}

export function Moment({ at, always = false }: { at: string; always?: boolean }) {
  return <time dateTime={at}>{momentText(at, now.value, always)}</time>;
}

/** 1 to 5 are the stored hues of a site's channels, 6 is the rest, 0 is Unattributed. */
export function Swatch({ hue }: { hue: number }) {
  return <i class={`swatch hue-${hue}`} aria-hidden="true" />;
}

export function LevelBadge({ level }: { level: OrderLevel }) {
  return level === 'unattributed' ? <Badge tone="warn">None</Badge> : <Badge>{levelName(level)}</Badge>;
}

export function TrustBadge({ trust }: { trust: string }) {
  return trust === 'verified' ? (
    <Badge tone="good" icon="check" title="The payment provider or your backend said so">
      verified
    </Badge>
  ) : (
    <Badge title="A browser said so; no payment provider has confirmed it">reported</Badge>
  );
}
