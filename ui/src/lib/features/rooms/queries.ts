/** Rooms in the query cache: how they are asked for. Lists are kept as pages of 100, which come as they are looked at. */
import { type QueryClient, queryOptions } from '@tanstack/svelte-query';
import { api, ApiError, ask, type Room } from '$lib/api/client';
import type { ListView, SortBy } from './place';

export const PAGE = 100;
const FRESH = 15_000;

/** A page of a list. A room taken away before its successor is known leaves a hole at the end. */
export interface RoomPage {
  rooms: (Room | undefined)[];
  /** Of the whole list. */
  total: number;
  mayCreate: boolean;
}

export const roomKeys = {
  lists: ['rooms', 'list'] as const,
  list: (view: ListView) => [...roomKeys.lists, view] as const,
  page: (view: ListView, page: number) => [...roomKeys.list(view), page] as const,
  one: (id: number) => ['rooms', 'one', id] as const,
};

const SORT_NAMES: Record<SortBy, string> = {
  updated: 'DateAndTime',
  title: 'AZ',
  created: 'DateAndTimeCreation',
  type: 'RoomType',
};

export function pageOptions(view: ListView, page: number) {
  return queryOptions({
    queryKey: roomKeys.page(view, page),
    queryFn: ({ signal }) => fetchPage(view, page, signal),
    staleTime: FRESH,
  });
}

async function fetchPage(view: ListView, page: number, signal: AbortSignal): Promise<RoomPage> {
  const query = {
    searchArea: view.area === 'archive' ? 1 : 0,
    filterValue: view.search || undefined,
    type: view.types.length > 0 ? view.types : undefined,
    sortBy: SORT_NAMES[view.sort],
    sortOrder: view.descending ? 'descending' : 'ascending',
    count: PAGE,
    startIndex: page * PAGE,
  };
  const content = await ask(api.GET('/api/2.0/files/rooms', { params: { query }, signal }));
  return {
    rooms: content.folders,
    total: content.total,
    mayCreate: content.current.security.Create === true,
  };
}

/** One room; what the lists know of it shows at once. */
export function roomOptions(client: QueryClient, id: number) {
  return queryOptions<Room, Error, Room, ReturnType<typeof roomKeys.one>>({
    queryKey: roomKeys.one(id),
    queryFn: ({ signal }) => ask(api.GET('/api/2.0/files/rooms/{id}', { params: { path: { id } }, signal })),
    placeholderData: () => listedRoom(client, id),
    staleTime: FRESH,
    retry: (failures, error) => failures < 2 && !(error instanceof ApiError && error.status > 0),
  });
}

function listedRoom(client: QueryClient, id: number): Room | undefined {
  for (const [, page] of client.getQueriesData<RoomPage>({ queryKey: roomKeys.lists })) {
    const room = page?.rooms.find((listed) => listed?.id === id);
    if (room) return room;
  }
  return undefined;
}
