//! Text to take along: addresses and snippets with a button that copies and says so.
import { useEffect, useState } from 'preact/hooks';
import { announce, say } from '../state/notice';
import { Icon } from './icon';

const COPIED_MS = 2_000;

export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** Plain http has no clipboard interface: an unseen field and the old command do it. */
function copyBySelection(text: string): boolean {
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'unseen';
  document.body.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  return done;
}

export function CopyButton({ text, what }: { text: string; what: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), COPIED_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const onClick = async () => {
    if (await copyText(text)) {
      setCopied(true);
      announce(`${what} copied`);
    } else {
      say('This browser does not allow copying: select the text instead');
    }
  };
  return (
    <button class="button small quiet copy-button" type="button" onClick={onClick}>
      <Icon name={copied ? 'check' : 'copy'} small />
      {copied ? 'Copied' : 'Copy'}
      <span class="unseen"> {what}</span>
    </button>
  );
}

export function CopyLine({ text, what }: { text: string; what: string }) {
  return (
    <div class="copy-line">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long line scrolls, and the keyboard must reach it */}
      <code tabIndex={0}>{text}</code>
      <CopyButton text={text} what={what} />
    </div>
  );
}

export function CodeBlock({ text, what }: { text: string; what: string }) {
  return (
    <div class="code-block">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long line scrolls, and the keyboard must reach it */}
      <pre tabIndex={0}>{paint(text)}</pre>
      <CopyButton text={text} what={what} />
    </div>
  );
}

const TOKEN = /("[^"]*"|'[^']*'|\/\/[^\n]*|<\/?[a-z]+|\b(?:import|from|await|const|new)\b)/g;

function classOf(token: string): string | null {
  if (token.startsWith('//')) return 'code-comment';
  if (/^["']/.test(token)) return 'code-text';
  if (/^(<|import|from|await|const|new)/.test(token)) return 'code-word';
  return null;
}

/** Just enough colour to find one's way in three lines of code. */
function paint(text: string) {
  return text.split(TOKEN).map((token, place) => {
    const name = classOf(token);
    if (!name) return token;
    return (
      <span key={place} class={name}>
        {token}
      </span>
    );
  });
}
