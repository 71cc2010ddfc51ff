import type { Desk } from './desk.svelte';

/** Where the keys lead in a grid of `total` things, `columns` beside each other. */
export interface GridShape {
  total: number;
  columns: number;
  /** Lines in sight. */
  lines: number;
}

/** The place after the key, or nothing if the key does not move. */
export function nextIndex(
  key: string,
  from: number,
  { total, columns, lines }: GridShape,
): number | undefined {
  const to = from + (step(key, columns, lines) ?? NaN);
  if (key === 'Home') return 0;
  if (key === 'End') return Math.max(total - 1, 0);
  if (Number.isNaN(to)) return undefined;
  return Math.min(Math.max(to, 0), Math.max(total - 1, 0));
}

function step(key: string, columns: number, lines: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return columns;
    case 'ArrowUp':
    case 'k':
      return -columns;
    case 'ArrowRight':
      return columns > 1 ? 1 : undefined;
    case 'ArrowLeft':
      return columns > 1 ? -1 : undefined;
    case 'PageDown':
      return columns * Math.max(lines - 1, 1);
    case 'PageUp':
      return -columns * Math.max(lines - 1, 1);
    default:
      return undefined;
  }
}

/** What the keys do in the list. Single letters are the shortcuts' business, which can be switched off. */
export function gridKeys(event: KeyboardEvent, desk: Desk): void {
  const item = (event.target as Element).closest('[data-index]');
  if (event.defaultPrevented || event.altKey || (event.target as Element).matches('input')) return;
  if (event.ctrlKey || event.metaKey) {
    if (event.key.toLowerCase() !== 'a' || event.shiftKey) return;
    event.preventDefault();
    void desk.selectAll();
  } else if (event.key.length > 1 && moveBy(event.key, desk, event.shiftKey)) {
    event.preventDefault();
  } else if (item === event.target && act(event.key, desk)) {
    event.preventDefault();
  }
}

/** Moves the tab stop, and with it the focus; `extend` chooses what lies between. */
export function moveBy(key: string, desk: Desk, extend = false): boolean {
  const { selection, active } = desk;
  const next = nextIndex(key, active.index, desk.grid.shape());
  if (next === undefined) return false;
  active.index = next;
  if (extend) selection.extendTo(next, desk.pages.room);
  else selection.anchorAt(next);
  desk.grid.focus();
  return true;
}

function act(key: string, desk: Desk): boolean {
  const room = desk.activeRoom();
  switch (key) {
    case 'Enter':
      if (room) desk.openRoom(room);
      return true;
    case ' ':
      if (room) desk.selection.toggle(room, desk.active.index);
      return true;
    case 'Escape':
      if (desk.selection.size === 0) return false;
      desk.selection.clear();
      return true;
    case 'F2':
      desk.rename(room);
      return true;
    case 'Delete':
      if (desk.area === 'archive') desk.askRemove(desk.targets());
      else desk.archive(desk.targets());
      return true;
    default:
      return false;
  }
}
