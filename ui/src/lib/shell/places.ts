/** The places of the rail, in its order. */
import type { Person } from '$lib/api/client';
import { isAdministrator, maySeePeople } from '$lib/features/people/rights';
import type { IconName } from '$lib/parts/icons';
import type { Key } from '$lib/text';

export interface Place {
  path: string;
  label: Key;
  icon: IconName;
  /** The two letters that lead there. */
  keys: string;
  /** Who is led there; everybody, where it is not said. */
  isFor?: (person: Person) => boolean;
}

export const PLACES: readonly Place[] = [
  { path: '/rooms', label: 'shell.rooms', icon: 'room', keys: 'g r' },
  { path: '/archive', label: 'shell.archive', icon: 'archive', keys: 'g a' },
  { path: '/people', label: 'shell.people', icon: 'people', keys: 'g p', isFor: maySeePeople },
  { path: '/developer/keys', label: 'shell.keys', icon: 'key', keys: 'g k' },
  { path: '/settings', label: 'shell.settings', icon: 'settings', keys: 'g s', isFor: isAdministrator },
];

/** The places somebody is led to. */
export function placesFor(person: Person | undefined): Place[] {
  return PLACES.filter(({ isFor }) => !isFor || (person !== undefined && isFor(person)));
}
