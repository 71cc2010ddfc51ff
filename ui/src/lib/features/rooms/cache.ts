/** Changes to the rooms in the cache ahead of the server's answer, and their way back. */
import type { QueryClient, QueryKey } from '@tanstack/svelte-query';
import type { Room } from '$lib/api/client';
import { PAGE, roomKeys, type RoomPage } from './queries';

/** Puts the cache back to what it was. */
export type RollBack = () => void;

const everything = { queryKey: ['rooms'] };

async function snapshot(client: QueryClient): Promise<RollBack> {
  await client.cancelQueries(everything);
  const before = client.getQueriesData(everything);
  return () => {
    for (const [key, data] of before) client.setQueryData(key, data);
  };
}

/** The room, wherever it is kept, as `change` makes it. */
export async function patchRoom(
  client: QueryClient,
  id: number,
  change: (room: Room) => Room,
): Promise<RollBack> {
  const back = await snapshot(client);
  writeRoom(client, id, change);
  return back;
}

export function writeRoom(client: QueryClient, id: number, change: (room: Room) => Room): void {
  client.setQueryData<Room>(roomKeys.one(id), (room) => room && change(room));
  client.setQueriesData<RoomPage>({ queryKey: roomKeys.lists }, (page) => {
    if (!page?.rooms.some((room) => room?.id === id)) return page;
    return { ...page, rooms: page.rooms.map((room) => (room?.id === id ? change(room) : room)) };
  });
}

/** Takes rooms out of every list that holds them; those behind move up, across pages. */
export async function dropRooms(client: QueryClient, ids: ReadonlySet<number>): Promise<RollBack> {
  const back = await snapshot(client);
  for (const pages of lists(client)) dropFromList(client, pages, ids);
  return back;
}

type KeptPage = readonly [QueryKey, RoomPage];

/** The kept pages, list by list. */
function lists(client: QueryClient): KeptPage[][] {
  const byList = new Map<string, KeptPage[]>();
  for (const [key, page] of client.getQueriesData<RoomPage>({ queryKey: roomKeys.lists })) {
    if (!page) continue;
    const list = JSON.stringify(key.slice(0, -1));
    byList.set(list, [...(byList.get(list) ?? []), [key, page]]);
  }
  return [...byList.values()];
}

function dropFromList(client: QueryClient, pages: KeptPage[], ids: ReadonlySet<number>): void {
  const rooms: (Room | undefined)[] = [];
  for (const [key, page] of pages) {
    const start = Number(key.at(-1)) * PAGE;
    page.rooms.forEach((room, offset) => (rooms[start + offset] = room));
  }
  const kept = Array.from(rooms).filter((room) => !room || !ids.has(room.id));
  const gone = rooms.length - kept.length;
  if (gone === 0) return;
  for (const [key, page] of pages) {
    const start = Number(key.at(-1)) * PAGE;
    client.setQueryData<RoomPage>(key, {
      ...page,
      rooms: kept.slice(start, start + PAGE),
      total: page.total - gone,
    });
  }
}
