/** What members may be in a room: which roles each kind of room and each kind of member takes (rooms.md §7.1). */
import type { Room } from '$lib/api/client';
import type { TypeName } from '$lib/api/accounts';
import type { Key } from '$lib/text';

export const OWNER = 1;
export const MANAGER = 9;

const WORDS: Record<number, Key> = {
  [OWNER]: 'members.role.owner',
  [MANAGER]: 'members.role.manager',
  11: 'members.role.creator',
  10: 'members.role.editor',
  7: 'members.role.filler',
  5: 'members.role.reviewer',
  6: 'members.role.commenter',
  2: 'members.role.viewer',
};

const MEANINGS: Record<number, Key> = {
  [MANAGER]: 'members.role.manager.meaning',
  11: 'members.role.creator.meaning',
  10: 'members.role.editor.meaning',
  7: 'members.role.filler.meaning',
  5: 'members.role.reviewer.meaning',
  6: 'members.role.commenter.meaning',
  2: 'members.role.viewer.meaning',
};

/** By the room's type, the strongest first. */
const ROLES: Record<number, readonly number[]> = {
  1: [MANAGER, 11, 7],
  2: [MANAGER, 11, 10, 2],
  5: [MANAGER, 11, 10, 5, 6, 2],
  6: [MANAGER, 11],
  8: [MANAGER, 11, 10, 7, 2],
  9: [MANAGER, 11, 2],
};
const AI_ROOM = 9;

/** `Group` and `New` (whoever comes by an e-mail comes as a guest) beside the types of accounts. */
export type Kind = TypeName | 'Group' | 'New';

export function rolesFor(room: Pick<Room, 'roomType'>, kind: Kind): number[] {
  const all = ROLES[room.roomType ?? 0] ?? [2];
  if (kind === 'DocSpaceAdmin' || kind === 'RoomAdmin') return [...all];
  const others = all.filter((role) => role !== MANAGER);
  const isGuest = kind === 'Guest' || kind === 'New';
  return isGuest && room.roomType === AI_ROOM ? others.filter((role) => role === 2) : others;
}

/** What all of them may be. */
export function rolesForAll(room: Pick<Room, 'roomType'>, kinds: readonly Kind[]): number[] {
  const all = rolesFor(room, 'RoomAdmin');
  return all.filter((role) => kinds.every((kind) => rolesFor(room, kind).includes(role)));
}

export function roleWord(access: number): Key {
  return WORDS[access] ?? 'members.role.other';
}

export function roleMeaning(access: number): Key | undefined {
  return MEANINGS[access];
}
