/** The kinds of rooms, as the API numbers them, in the order in which they are offered. */
import type { Room } from '$lib/api/client';
import type { IconName } from '$lib/parts/icons';
import type { Key } from '$lib/text';

export interface RoomType {
  id: number;
  icon: IconName;
  /** Its one word. */
  word: Key;
  /** What it is for, in a sentence. */
  meaning: Key;
}

export const ROOM_TYPES: readonly RoomType[] = [
  {
    id: 2,
    icon: 'collaboration',
    word: 'rooms.type.collaboration',
    meaning: 'rooms.type.collaboration.meaning',
  },
  { id: 6, icon: 'public', word: 'rooms.type.public', meaning: 'rooms.type.public.meaning' },
  { id: 5, icon: 'custom', word: 'rooms.type.custom', meaning: 'rooms.type.custom.meaning' },
  { id: 1, icon: 'form', word: 'rooms.type.form', meaning: 'rooms.type.form.meaning' },
  { id: 8, icon: 'data', word: 'rooms.type.data', meaning: 'rooms.type.data.meaning' },
];

const OTHER: RoomType = { id: 0, icon: 'room', word: 'rooms.type.other', meaning: 'rooms.type.other' };

export function roomType(room: Room): RoomType {
  return ROOM_TYPES.find((type) => type.id === room.roomType) ?? OTHER;
}

const ARCHIVE = 20;

export function isArchived(room: Room): boolean {
  return room.rootFolderType === ARCHIVE;
}

/** Whether the caller may do this to the room: a member of its `security` map. */
export function may(room: Room, right: 'Rename' | 'EditRoom' | 'Move' | 'Delete'): boolean {
  return room.security[right] === true;
}
