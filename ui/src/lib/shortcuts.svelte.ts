/**
 * Keyboard shortcuts: a component says which keys do what while it is there; the latest component wins.
 *
 * A name is the keys joined by `+` (`Shift+R`, `Mod+K` for Ctrl or ⌘, `F2`, `/`), or two letters in a row (`g r`).
 */
import { preferences } from './preferences.svelte';

export type Shortcuts = Record<string, ((event: KeyboardEvent) => void) | undefined>;

const layers: (() => Shortcuts)[] = [];
const PATIENCE = 1000;
let first = '';
let firstAt = 0;

/** Listens while the component lives. */
export function useShortcuts(shortcuts: () => Shortcuts): void {
  $effect(() => {
    layers.push(shortcuts);
    if (layers.length === 1) addEventListener('keydown', onKey);
    return () => {
      layers.splice(layers.indexOf(shortcuts), 1);
      if (layers.length === 0) removeEventListener('keydown', onKey);
    };
  });
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const names = namesOf(event);
  if (isTyping(event) && !event.ctrlKey && !event.metaKey) return;
  if (!preferences.letters && isLetter(event)) return;
  for (let at = layers.length - 1; at >= 0; at--) {
    const shortcuts = layers[at]!();
    const name = names.find((candidate) => shortcuts[candidate]);
    if (name) {
      event.preventDefault();
      first = '';
      shortcuts[name]!(event);
      return;
    }
  }
  [first, firstAt] = isLetter(event) ? [event.key.toLowerCase(), event.timeStamp] : ['', 0];
}

/** What the pressed keys may be called, the most particular first. */
function namesOf(event: KeyboardEvent): string[] {
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const mod = event.ctrlKey || event.metaKey ? 'Mod+' : '';
  const alt = event.altKey ? 'Alt+' : '';
  const shift = event.shiftKey ? 'Shift+' : '';
  const pair = first && event.timeStamp - firstAt < PATIENCE ? `${first} ${event.key.toLowerCase()}` : '';
  const whole = `${mod}${alt}${shift}${key}`;
  // `?` and `*` need Shift on many keyboards: the sign alone names them too.
  const sign = !mod && !alt ? event.key : '';
  return [pair, whole, sign].filter((name) => name !== '');
}

function isLetter(event: KeyboardEvent): boolean {
  return event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
}

/** Whether the keys belong to a field, a menu or an open dialog, wherever the focus is. */
function isTyping(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement | null;
  const overlay = document.querySelector(
    ':is([role="dialog"],[role="alertdialog"],[role="menu"])[data-state="open"]',
  );
  return overlay !== null || Boolean(target?.closest('input,textarea,select,[contenteditable="true"]'));
}
