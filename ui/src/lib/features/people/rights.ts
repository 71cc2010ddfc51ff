/**
 * Who may do what to whom (people.md §3), so that the page offers nothing that would be refused. The server decides all
 * the same. Pure, and tested by itself.
 */
import type { TypeName } from '$lib/api/accounts';

export interface Party {
  id: string;
  isOwner: boolean;
  isAdmin: boolean;
  isRoomAdmin: boolean;
  isCollaborator: boolean;
  isVisitor: boolean;
  isLDAP: boolean;
  isSSO: boolean;
  /** 1 active, 2 disabled, 4 invited. */
  status: number;
  activationStatus: number;
}

export type State = 'active' | 'pending' | 'disabled';

/** A type somebody may be given: `raise` happens at once, `lower` is work of the server's. */
export interface NewType {
  type: TypeName;
  way: 'raise' | 'lower';
}

export const TYPES: readonly TypeName[] = ['DocSpaceAdmin', 'RoomAdmin', 'User', 'Guest'];

export function typeOf(person: Party): TypeName {
  if (person.isOwner || person.isAdmin) return 'DocSpaceAdmin';
  if (person.isVisitor) return 'Guest';
  return person.isCollaborator ? 'User' : 'RoomAdmin';
}

export function stateOf({ status }: Pick<Party, 'status'>): State {
  if (status === 2) return 'disabled';
  return status === 4 ? 'pending' : 'active';
}

export function isAdministrator(me: Party): boolean {
  return me.isOwner || me.isAdmin;
}

/** The lists of people and groups. */
export function maySeePeople(me: Party): boolean {
  return isAdministrator(me) || typeOf(me) === 'RoomAdmin';
}

export const mayEditGroups = isAdministrator;

/** Guests come with invitations to rooms only. */
export function invitableTypes(me: Party): TypeName[] {
  return (['DocSpaceAdmin', 'RoomAdmin', 'User'] as const).filter((type) => mayAdd(me, type));
}

function mayAdd(me: Party, type: TypeName): boolean {
  if (type === 'DocSpaceAdmin') return me.isOwner;
  if (type === 'RoomAdmin') return isAdministrator(me);
  return maySeePeople(me);
}

/** What somebody may be made; nothing for oneself, the owner, and those who are disabled. */
export function newTypes(me: Party, person: Party): NewType[] {
  if (me.id === person.id || person.isOwner || stateOf(person) === 'disabled') return [];
  const from = typeOf(person);
  if (from === 'DocSpaceAdmin' && !me.isOwner) return [];
  return TYPES.filter((type) => type !== from).flatMap((type): NewType[] => {
    const isRaise = TYPES.indexOf(type) < TYPES.indexOf(from);
    if (isRaise) return mayAdd(me, type) ? [{ type, way: 'raise' }] : [];
    // Between the two that may own rooms nothing has to be handed over.
    if (type === 'RoomAdmin') return [{ type, way: 'raise' }];
    return isAdministrator(me) ? [{ type, way: 'lower' }] : [];
  });
}

/** What people may be made together: several go upwards alone. */
export function newTypesOf(me: Party, people: readonly Party[]): NewType[] {
  const [first, ...others] = people.map((person) => newTypes(me, person));
  if (!first || others.length === 0) return first ?? [];
  return first.filter(
    ({ type, way }) =>
      way === 'raise' &&
      others.every((choices) => choices.some((other) => other.type === type && other.way === way)),
  );
}

/** Whether something may be done to all of them. */
export function mayAll(
  verb: (me: Party, person: Party) => boolean,
  me: Party,
  people: readonly Party[],
): boolean {
  return people.length > 0 && people.every((person) => verb(me, person));
}

/** Whether the caller rules over somebody's account. */
function rules(me: Party, person: Party): boolean {
  if (me.id === person.id || person.isOwner || person.isLDAP) return false;
  return person.isAdmin ? me.isOwner : isAdministrator(me);
}

export function mayDisable(me: Party, person: Party): boolean {
  return rules(me, person) && stateOf(person) !== 'disabled';
}

export function mayEnable(me: Party, person: Party): boolean {
  return rules(me, person) && stateOf(person) === 'disabled';
}

/** Only those who are disabled already. */
export const mayDelete = mayEnable;

export function mayInviteAgain(me: Party, person: Party): boolean {
  if (me.id === person.id || person.isOwner) return false;
  if (person.activationStatus === 1 || stateOf(person) === 'disabled') return false;
  return mayAdd(me, typeOf(person));
}

export function maySendPassword(me: Party, person: Party): boolean {
  if (stateOf(person) !== 'active' || person.isLDAP || person.isSSO) return false;
  if (me.id === person.id) return true;
  return person.isOwner || person.isAdmin ? me.isOwner && !person.isOwner : isAdministrator(me);
}
