/**
 * Keys. `useShortcuts(() => ({ 'Shift+R': create, 'g r': toRooms }))` in a component; the newest component goes first.
 * A handler that returns `false` passes the key on.
 */
import { readSetting, writeSetting } from '$lib/settings';

type Handler = (event: KeyboardEvent) => unknown;
type Shortcuts = Record<string, Handler>;

const SETTING = 'letters';
/** How long the second letter of `g r` may take. */
const PATIENCE = 1200;
const OVERLAYS = '[role=dialog], [role=menu], [role=listbox]';

let allowed = $state(readSetting(SETTING) !== 'off');
const layers: (() => Shortcuts)[] = [];
let first = '';
let forget: ReturnType<typeof setTimeout> | undefined;

/** Whether single characters are shortcuts. */
export const letters = {
  get on(): boolean {
    return allowed;
  },
  set on(value: boolean) {
    allowed = value;
    writeSetting(SETTING, value ? null : 'off');
  },
};

export function useShortcuts(shortcuts: () => Shortcuts): void {
  $effect(() => {
    if (layers.length === 0) addEventListener('keydown', onkeydown);
    layers.push(shortcuts);
    return () => {
      layers.splice(layers.indexOf(shortcuts), 1);
      if (layers.length === 0) removeEventListener('keydown', onkeydown);
    };
  });
}

function onkeydown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || /^(Shift|Control|Alt|Meta)$/.test(event.key)) return;
  const pressed = nameOf(event);
  const character = [...event.key].length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey;
  const target = event.target instanceof Element ? event.target : null;
  if (isOverlay(target) || (isTaken(target, event) && !pressed.startsWith('Mod+'))) return;
  if (character && !allowed) return;
  const sequence = first && `${first} ${pressed}`;
  first = '';
  if ((sequence && run(sequence, event)) || run(pressed, event)) return;
  if (character && startsSequence(pressed)) {
    first = pressed;
    clearTimeout(forget);
    forget = setTimeout(() => (first = ''), PATIENCE);
  }
}

function run(name: string, event: KeyboardEvent): boolean {
  for (const layer of [...layers].reverse()) {
    const shortcuts = layer();
    const match = Object.keys(shortcuts).find((key) => normal(key) === name);
    if (match === undefined || shortcuts[match]?.(event) === false) continue;
    event.preventDefault();
    return true;
  }
  return false;
}

function startsSequence(name: string): boolean {
  return layers.some((layer) => Object.keys(layer()).some((key) => normal(key).startsWith(`${name} `)));
}

/** `Ctrl+a`, `⌘+A` and `Mod+a` are one; a letter is written large. */
function normal(key: string): string {
  const one = (part: string) =>
    part.replace(/^(Ctrl|Meta|⌘)\+/, 'Mod+').replace(/(^|\+)([a-z])$/, (_, plus, letter) => plus + letter.toUpperCase());
  return key.split(' ').filter(Boolean).map(one).join(' ');
}

function nameOf(event: KeyboardEvent): string {
  let key = event.key === ' ' ? 'Space' : event.key;
  // Keyboards of other alphabets: by the place of the key.
  const place = /^Key([A-Z])$/.exec(event.code)?.[1];
  if (place && !/^[a-z]$/i.test(key)) key = place;
  const isLetter = /^[a-z]$/i.test(key);
  if (isLetter) key = key.toUpperCase();
  // A sign needs Shift on some keyboards and none on others.
  const shift = event.shiftKey && (isLetter || key.length > 1) ? 'Shift+' : '';
  return `${event.ctrlKey || event.metaKey ? 'Mod+' : ''}${event.altKey ? 'Alt+' : ''}${shift}${key}`;
}

/** A dialog or menu has its own keys. */
function isOverlay(target: Element | null): boolean {
  return target?.closest(OVERLAYS) != null || document.querySelector('[role=dialog][data-state=open]') !== null;
}

/** Whether the focused element wants the key itself. */
function isTaken(target: Element | null, event: KeyboardEvent): boolean {
  if (target instanceof HTMLInputElement && /^(radio|checkbox|button|submit)$/.test(target.type)) {
    return event.key === ' ' || event.key === 'Enter' || event.key.startsWith('Arrow');
  }
  if (target?.matches('input, textarea, select, [contenteditable=true]')) return true;
  return (event.key === 'Enter' || event.key === ' ') && target?.matches('a, button, summary') === true;
}
