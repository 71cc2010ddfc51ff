/** People and groups in the query cache: lists come in pages, which follow as the reader scrolls. */
import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/svelte-query';
import {
  accounts,
  type Account,
  type Group,
  isDenied,
  isMissing,
  type Listed,
  TYPE_NUMBERS,
  type TypeName,
} from '$lib/api/accounts';
import { isUnreachable } from '$lib/api/client';
import type { Area, Place, SortBy } from './place';
import type { State } from './rights';

export const PAGE = 50;
const FRESH = 10_000;

export const peopleKeys = {
  everything: ['people'] as const,
  links: ['people', 'links'] as const,
  link: (type: TypeName) => [...peopleKeys.links, type] as const,
  group: (id: string) => ['people', 'group', id] as const,
};

const AREAS: Record<Area, number> = { people: 1, guests: 2 };
const STATES: Record<State, number> = { active: 1, disabled: 2, pending: 4 };
const SORTS: Record<SortBy, string> = {
  name: 'DisplayName',
  type: 'Type',
  email: 'Email',
  added: 'RegistrationDate',
  members: 'MembersCount',
};
const order = (place: Place) => (place.descending ? ('descending' as const) : ('ascending' as const));

/** Pages of a list; the number of a page is what comes before it. */
function pages<Item>(
  key: readonly unknown[],
  fetchPage: (startIndex: number, signal: AbortSignal) => Promise<Listed<Item>>,
) {
  return infiniteQueryOptions({
    queryKey: [...peopleKeys.everything, ...key],
    queryFn: ({ pageParam, signal }) => fetchPage(pageParam, signal),
    initialPageParam: 0,
    getNextPageParam: (last: Listed<Item>, all: Listed<Item>[]) => {
      const have = all.reduce((sum, page) => sum + page.items.length, 0);
      return last.items.length > 0 && have < last.total ? have : undefined;
    },
    staleTime: FRESH,
    retry: (failures, error) => failures < 2 && isUnreachable(error),
  });
}

export function peopleOptions(area: Area, place: Place) {
  return pages<Account>(['list', area, place], (startIndex, signal) => {
    const wanted = {
      area: AREAS[area],
      filterValue: place.search || undefined,
      employeeType: area === 'people' && place.type ? TYPE_NUMBERS[place.type] : undefined,
      employeeStatus: place.state && STATES[place.state],
      sortBy: SORTS[place.sort],
      sortOrder: order(place),
      count: PAGE,
      startIndex,
    };
    return accounts.people(wanted, signal);
  });
}

/** The people in a group. */
export function groupPeopleOptions(groupId: string, place: Place) {
  return pages<Account>(['group', groupId, 'members', place], (startIndex, signal) => {
    const wanted = {
      groupId,
      filterValue: place.search || undefined,
      sortBy: SORTS[place.sort],
      sortOrder: order(place),
      count: PAGE,
      startIndex,
    };
    return accounts.people(wanted, signal);
  });
}

export function groupsOptions(place: Place) {
  return pages<Group>(['groups', place], (startIndex, signal) => {
    const wanted = {
      filterValue: place.search || undefined,
      sortBy: place.sort === 'members' ? 'MembersCount' : 'Title',
      sortOrder: order(place),
      count: PAGE,
      startIndex,
    };
    return accounts.groups(wanted, signal);
  });
}

export function groupOptions(id: string) {
  return queryOptions({
    queryKey: peopleKeys.group(id),
    queryFn: ({ signal }) => accounts.group(id, signal),
    staleTime: FRESH,
    retry: (failures, error) => failures < 2 && !isMissing(error) && !isDenied(error),
  });
}

/** The portal's invitation link of a type; null where there is none. */
export function linkOptions(type: TypeName) {
  return queryOptions({ queryKey: peopleKeys.link(type), queryFn: () => accounts.link(type), retry: false });
}

/** Everything about people is asked for anew. */
export function agePeople(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ queryKey: peopleKeys.everything });
}
