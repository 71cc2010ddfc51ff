/** Who has a room, in the query cache. */
import { infiniteQueryOptions, type QueryClient } from '@tanstack/svelte-query';
import { accounts, type Listed, type Member } from '$lib/api/accounts';
import { isUnreachable } from '$lib/api/client';
import { roomKeys } from '$lib/features/rooms/queries';

const PAGE = 100;
const FRESH = 10_000;

const key = (room: number) => ['members', room] as const;

export function membersOptions(room: number) {
  return infiniteQueryOptions({
    queryKey: key(room),
    queryFn: ({ pageParam, signal }) =>
      accounts.members(room, { count: PAGE, startIndex: pageParam }, signal),
    initialPageParam: 0,
    getNextPageParam: (last: Listed<Member>, all: Listed<Member>[]) => {
      const have = all.reduce((sum, page) => sum + page.items.length, 0);
      return last.items.length > 0 && have < last.total ? have : undefined;
    },
    staleTime: FRESH,
    retry: (failures, error) => failures < 2 && isUnreachable(error),
  });
}

/** The members changed, and with them what the room lets the caller do. */
export function ageMembers(client: QueryClient, room: number): Promise<void> {
  void client.invalidateQueries({ queryKey: roomKeys.one(room) });
  void client.invalidateQueries({ queryKey: roomKeys.lists, refetchType: 'none' });
  return client.invalidateQueries({ queryKey: key(room) });
}

/** The caller is out of the room. */
export function forgetRoom(client: QueryClient, room: number): void {
  client.removeQueries({ queryKey: roomKeys.one(room) });
  client.removeQueries({ queryKey: key(room) });
  void client.invalidateQueries({ queryKey: roomKeys.lists });
}
