/** What the lists of people and groups show, kept in the URL: a shared address, Back and reload bring the same list. */
import type { TypeName } from '$lib/api/accounts';
import type { State } from './rights';

export type Area = 'people' | 'guests';
export type SortBy = 'name' | 'type' | 'email' | 'added' | 'members';

export interface Place {
  search: string;
  type?: TypeName;
  state?: State;
  sort: SortBy;
  descending: boolean;
}

const TYPES: readonly TypeName[] = ['DocSpaceAdmin', 'RoomAdmin', 'User'];
const STATES: readonly State[] = ['active', 'pending', 'disabled'];
const SORTS: readonly SortBy[] = ['name', 'type', 'email', 'added', 'members'];

/** Dates begin with the newest, numbers with the largest, words with A. */
export function descendsByItself(sort: SortBy): boolean {
  return sort === 'added' || sort === 'members';
}

export function readPlace(query: URLSearchParams): Place {
  const sort = SORTS.find((known) => known === query.get('sort')) ?? 'name';
  const direction = query.get('dir');
  return {
    search: query.get('q') ?? '',
    type: TYPES.find((known) => known === query.get('type')),
    state: STATES.find((known) => known === query.get('state')),
    sort,
    descending: direction === 'desc' || (direction !== 'asc' && descendsByItself(sort)),
  };
}

/** The query of a place; what is as usual is left out. */
export function placeQuery(place: Place): string {
  const query = new URLSearchParams();
  if (place.search) query.set('q', place.search);
  if (place.type) query.set('type', place.type);
  if (place.state) query.set('state', place.state);
  if (place.sort !== 'name') query.set('sort', place.sort);
  if (place.descending !== descendsByItself(place.sort)) query.set('dir', place.descending ? 'desc' : 'asc');
  const text = query.toString();
  return text && `?${text}`;
}

export function isFiltered(place: Place): boolean {
  return place.search !== '' || place.type !== undefined || place.state !== undefined;
}
