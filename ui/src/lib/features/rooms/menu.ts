import type { MenuItem } from '$lib/parts/menu';
import type { Room } from '$lib/api/client';
import { t } from '$lib/text';
import type { Desk } from './desk.svelte';
import { isArchived, may } from './types';

/** What the menu of a room in a list offers: only what the caller may do. */
export function roomMenu(room: Room, desk: Desk): MenuItem[] {
  const items: MenuItem[] = [
    { label: t('rooms.open'), icon: 'room', hint: t('rooms.key.enter'), onselect: () => desk.openRoom(room) },
    { label: t('rooms.id.copy'), icon: 'copy', onselect: () => void desk.copyId(room) },
    { label: t('rooms.details'), icon: 'info', hint: 'I', onselect: () => desk.go({ panel: true }) },
  ];
  if (may(room, 'Rename')) {
    items.push({ label: t('rooms.rename'), icon: 'rename', hint: 'F2', onselect: () => desk.rename(room) });
  }
  if (may(room, 'Move') && isArchived(room)) {
    items.push({ label: t('rooms.restore'), icon: 'undo', onselect: () => desk.restore([room]) });
  } else if (may(room, 'Move')) {
    const hint = t('rooms.key.delete');
    items.push({ label: t('rooms.archive'), icon: 'archive', hint, onselect: () => desk.archive([room]) });
  }
  if (may(room, 'Delete')) {
    const onselect = () => desk.askRemove([room]);
    items.push({ label: t('rooms.remove'), icon: 'trash', kind: 'loss', onselect });
  }
  return items;
}
