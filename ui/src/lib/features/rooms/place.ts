/** What the list shows, kept in the URL: a shared address, Back and reload all bring the same list. */
export type Area = 'rooms' | 'archive';
export type SortBy = 'updated' | 'title' | 'created' | 'type';

/** Which rooms, in which order: what the server is asked. */
export interface ListView {
  area: Area;
  search: string;
  types: number[];
  sort: SortBy;
  descending: boolean;
}

/** {@link ListView} and how it is drawn. */
export interface Place extends ListView {
  tiles: boolean;
  panel: boolean;
}

const SORTS: readonly SortBy[] = ['updated', 'title', 'created', 'type'];

/** Dates begin with the newest, words with A. */
export function descendsByItself(sort: SortBy): boolean {
  return sort === 'updated' || sort === 'created';
}

export function readPlace(area: Area, query: URLSearchParams): Place {
  const sort = SORTS.find((known) => known === query.get('sort')) ?? 'updated';
  const direction = query.get('dir');
  return {
    area,
    search: query.get('q') ?? '',
    types: [...new Set(query.getAll('type').map(Number))].filter(
      (type) => Number.isInteger(type) && type > 0,
    ),
    sort,
    descending: direction === 'desc' || (direction !== 'asc' && descendsByItself(sort)),
    tiles: query.get('view') === 'tiles',
    panel: query.get('panel') === 'details',
  };
}

/** The address of a place; what is as usual is left out. */
export function placeAddress(place: Place): string {
  const query = new URLSearchParams();
  if (place.search) query.set('q', place.search);
  for (const type of place.types) query.append('type', String(type));
  if (place.sort !== 'updated') query.set('sort', place.sort);
  if (place.descending !== descendsByItself(place.sort)) query.set('dir', place.descending ? 'desc' : 'asc');
  if (place.tiles) query.set('view', 'tiles');
  if (place.panel) query.set('panel', 'details');
  const text = query.toString();
  return `/${place.area}${text && `?${text}`}`;
}

export function listView({ area, search, types, sort, descending }: Place): ListView {
  return { area, search, types, sort, descending };
}

export function isFiltered(view: ListView): boolean {
  return view.search !== '' || view.types.length > 0;
}
