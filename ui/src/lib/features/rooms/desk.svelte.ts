import { goto } from '$app/navigation';
import { page } from '$app/state';
import { useQueryClient } from '@tanstack/svelte-query';
import { MediaQuery } from 'svelte/reactivity';
import { sentence, type Room } from '$lib/api/client';
import { copyText } from '$lib/clipboard';
import type { GridShape } from '$lib/grid';
import { Selection } from '$lib/selection.svelte';
import { t } from '$lib/text';
import { toast } from '$lib/toasts.svelte';
import { useRoomActions } from './actions';
import { usePages } from './pages.svelte';
import { type Area, listView, type Place, placeAddress, readPlace } from './place';
import { roomOptions } from './queries';
import { may } from './types';

/** Where the reader was in a list, to come back to. */
export interface Memory {
  offset: number;
  active: number;
}

/** What is open: the new room's form, a title being renamed, a room's menu, the question about deletion. */
interface Open {
  create: boolean;
  rename?: number;
  menu?: number;
  remove: Room[];
}

/** What one list of rooms and the parts around it share: the place, the selection, what is open. */
export type Desk = ReturnType<typeof useDesk>;

const PREFETCH_AFTER = 80;

export function useDesk(area: Area) {
  const client = useQueryClient();
  const actions = useRoomActions();
  const place = $derived(readPlace(area, page.url.searchParams));
  const pages = usePages(() => listView(place));
  const selection = new Selection<Room>();
  const narrow = new MediaQuery('(max-width: 899px)');
  /** The place in the list that has the tab stop. */
  const active = $state({ index: 0 });
  const open = $state<Open>({ create: false, remove: [] });
  let hovering: ReturnType<typeof setTimeout> | undefined;

  return {
    area,
    actions,
    pages,
    selection,
    active,
    open,
    /** Set by the grid. */
    grid: {
      focus: (): void => {},
      shape: (): GridShape => ({ total: 0, columns: 1, lines: 1 }),
      remember: (): Memory => ({ offset: 0, active: 0 }),
      recall: (_memory: Memory): void => {},
    },

    get place(): Place {
      return place;
    },
    get narrow(): boolean {
      return narrow.current;
    },
    get mayCreate(): boolean {
      return area === 'rooms' && pages.first.data?.mayCreate === true;
    },

    go(change: Partial<Place>, how: { replace?: boolean } = {}): void {
      const address = placeAddress({ ...place, ...change });
      void goto(address, { keepFocus: true, noScroll: true, replaceState: how.replace });
    },
    activeRoom(): Room | undefined {
      return pages.room(active.index);
    },
    /** The rooms an action is about: the chosen ones, else the one under the cursor. */
    targets(): Room[] {
      const room = this.activeRoom();
      if (selection.size > 0) return selection.items;
      return room ? [room] : [];
    },
    openRoom(room: Room): void {
      void goto(`/rooms/${room.id}`);
    },
    rename(room: Room | undefined): void {
      if (room && may(room, 'Rename')) open.rename = room.id;
      else if (room) toast(t('rooms.rename.refused'), { kind: 'failed' });
    },
    archive(rooms: Room[]): void {
      const allowed = this.allowed(rooms, 'Move');
      selection.forget(allowed);
      if (allowed.length > 0) void actions.archive(allowed);
    },
    restore(rooms: Room[]): void {
      const allowed = this.allowed(rooms, 'Move');
      selection.forget(allowed);
      if (allowed.length > 0) void actions.restore(allowed);
    },
    askRemove(rooms: Room[]): void {
      open.remove = this.allowed(rooms, 'Delete');
    },
    /** Those of the rooms that the caller has the right for; says so when there are others. */
    allowed(rooms: Room[], right: 'Move' | 'Delete'): Room[] {
      const allowed = rooms.filter((room) => may(room, right));
      const others = rooms.length - allowed.length;
      if (others > 0) toast(t('rooms.refused', { count: others }), { kind: 'failed' });
      return allowed;
    },
    async selectAll(): Promise<void> {
      try {
        const rooms = await pages.all();
        selection.only(rooms, active.index);
        if (rooms.length < pages.total)
          toast(t('rooms.selection.most', { count: rooms.length, total: pages.total }));
      } catch (error) {
        toast(sentence(error), { kind: 'failed' });
      }
    },
    async copyId(room: Room): Promise<void> {
      const copied = await copyText(String(room.id));
      if (copied) toast(t('rooms.id.copied', { id: room.id }), { kind: 'done' });
      else toast(t('rooms.id.refused', { id: room.id }), { kind: 'failed' });
    },
    /** The pointer rests on a room: have it ready. */
    prefetch(room: Room): void {
      clearTimeout(hovering);
      hovering = setTimeout(() => void client.prefetchQuery(roomOptions(client, room.id)), PREFETCH_AFTER);
    },
    stopPrefetch(): void {
      clearTimeout(hovering);
    },
  };
}
