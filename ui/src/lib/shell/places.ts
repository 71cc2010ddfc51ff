/** The places of the rail, in its order. */
import type { IconName } from '$lib/parts/icons';
import type { Key } from '$lib/text';

export interface Place {
  path: string;
  label: Key;
  icon: IconName;
  /** The two letters that lead there. */
  keys: string;
}

export const PLACES: readonly Place[] = [
  { path: '/rooms', label: 'shell.rooms', icon: 'room', keys: 'g r' },
  { path: '/archive', label: 'shell.archive', icon: 'archive', keys: 'g a' },
  { path: '/developer/keys', label: 'shell.keys', icon: 'key', keys: 'g k' },
];
