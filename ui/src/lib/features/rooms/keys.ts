/** What the keys do in the list of rooms. */
import { gridKeys, nextIndex } from '$lib/grid';
import type { Desk } from './desk.svelte';

export function pressKey(event: KeyboardEvent, desk: Desk): void {
  gridKeys(event, {
    move: (key, extend) => moveBy(key, desk, extend),
    all: () => void desk.selectAll(),
    act: (key) => act(key, desk),
  });
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
    case 'F2':
      desk.rename(room);
      return true;
    case 'Delete':
      if (desk.area === 'archive') desk.askRemove(desk.targets());
      else desk.archive(desk.targets());
      return true;
    default:
      return desk.selection.key(key, room, desk.active.index);
  }
}
