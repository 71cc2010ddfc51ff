/**
 * Calls about people, groups and members of rooms (people.md §4–8, rooms.md §7): lists come with their totals, which
 * {@link ask} leaves out.
 */
import { api, ApiError, ask, type Person, type Schemas } from './client';

export type TypeName = 'DocSpaceAdmin' | 'RoomAdmin' | 'User' | 'Guest';

/** Types as the API numbers them. */
export const TYPE_NUMBERS: Record<TypeName, number> = { RoomAdmin: 1, Guest: 2, DocSpaceAdmin: 3, User: 4 };

export type GroupSummary = Schemas['GroupSummaryDto'];
/** `shared`: a room is shared with it already; only from {@link accounts.search}. */
export type Group = Schemas['GroupDto'];
/** A person in a list. */
export type Account = Person;
/** A person or a group who has a room; `isLocked` is the caller's own row. */
export type Member = Schemas['FileShareDto'];
/** What came of sharing a room: `error` 1 says that a part in a form was in the way, and nothing was done. */
export type ShareOutcome = Schemas['RoomSecurityDto'] & { warning?: string | null };

export interface Invitee {
  id?: string;
  email?: string;
  access: number;
}

/** Work of the server's: `status` 1 runs, 2 is done, 3 was stopped, 4 failed. */
export type Task = Schemas['TaskProgressResponseDto'];
export type InvitationLink = Schemas['InvitationLinkDto'];

export interface Listed<Item> {
  items: Item[];
  /** Of the whole list. */
  total: number;
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** A list with its total. */
async function list<Item>(
  asked: Promise<Answer<{ response?: unknown; total?: number }>>,
): Promise<Listed<Item>> {
  let total = 0;
  const items = await ask(asked.then((answer) => ((total = answer.data?.total ?? 0), answer)));
  return { items: (items ?? []) as Item[], total };
}

export interface Window {
  filterValue?: string;
  count: number;
  startIndex: number;
}

interface Order {
  sortBy?: string;
  sortOrder?: 'ascending' | 'descending';
}

export type GroupsQuery = Window & Order;

export interface PeopleQuery extends GroupsQuery {
  /** 1 people, 2 guests. */
  area?: number;
  employeeType?: number;
  employeeStatus?: number;
  /** 0: those who may own rooms. */
  payments?: number;
  groupId?: string;
}

export const accounts = {
  people: (query: PeopleQuery, signal?: AbortSignal) =>
    list<Account>(api.GET('/api/2.0/people/filter', { params: { query }, signal })),
  invite: (emails: string[], type: TypeName) => {
    const invitations = emails.map((email) => ({ email, type }));
    return ask(api.POST('/api/2.0/people/invite', { body: { invitations } }));
  },
  // Those below say by their reply whom they were done to.
  inviteAgain: (userIds: string[]): Promise<Account[]> =>
    ask(api.PUT('/api/2.0/people/invite', { body: { userIds, resendAll: false } })),
  sendPassword: (email: string) => ask(api.POST('/api/2.0/people/password', { body: { email } })),
  /** All of them or none. */
  setStatus: (userIds: string[], status: 'Active' | 'Terminated'): Promise<Account[]> =>
    ask(api.PUT('/api/2.0/people/status/{status}', { params: { path: { status } }, body: { userIds } })),
  /** Upwards, and from administrator to room administrator: at once. Whoever comes before a refusal stays changed. */
  setType: (userIds: string[], type: TypeName): Promise<Account[]> =>
    ask(api.PUT('/api/2.0/people/type/{type}', { params: { path: { type } }, body: { userIds } })),
  /** Downwards: a task of the server's, for the rooms go to another. */
  startType: (userId: string, type: TypeName, reassignUserId?: string) =>
    ask(api.POST('/api/2.0/people/type', { body: { type, userId, reassignUserId } })),
  /** Nothing once it is long over. */
  typeTask: (userid: string): Promise<Task | undefined> =>
    ask(api.GET('/api/2.0/people/type/progress/{userid}', { params: { path: { userid } } })),
  stopType: (userId: string) => ask(api.PUT('/api/2.0/people/type/terminate', { body: { userId } })),
  /** Those who are disabled; whoever isn't there any more is left out. */
  remove: (userIds: string[]): Promise<Account[]> =>
    ask(api.PUT('/api/2.0/people/delete', { body: { userIds } })),

  /** Null where there is none. */
  link: async (employeeType: TypeName): Promise<InvitationLink | null> => {
    const path = { employeeType };
    return (
      (await ask(api.GET('/api/2.0/portal/users/invitationlink/{employeeType}', { params: { path } }))) ??
      null
    );
  },
  makeLink: (employeeType: TypeName, expiration?: string, maxUseCount?: number) =>
    ask(
      api.POST('/api/2.0/portal/users/invitationlink', { body: { employeeType, expiration, maxUseCount } }),
    ),
  /** What is left out is lifted. */
  changeLink: (id: string, expiration?: string, maxUseCount?: number) =>
    ask(api.PUT('/api/2.0/portal/users/invitationlink', { body: { id, expiration, maxUseCount } })),
  removeLink: (id: string) => ask(api.DELETE('/api/2.0/portal/users/invitationlink', { body: { id } })),

  groups: (query: GroupsQuery, signal?: AbortSignal) =>
    list<Group>(api.GET('/api/2.0/group', { params: { query }, signal })),
  group: (id: string, signal?: AbortSignal) => {
    const params = { path: { id }, query: { includeMembers: false } };
    return ask(api.GET('/api/2.0/group/{id}', { params, signal }));
  },
  makeGroup: (groupName: string, groupManager: string | undefined, members: string[]) =>
    ask(api.POST('/api/2.0/group', { body: { groupName, groupManager, members } })),
  changeGroup: (id: string, body: Schemas['UpdateGroupRequest']) =>
    ask(api.PUT('/api/2.0/group/{id}', { params: { path: { id } }, body })),
  removeGroup: (id: string) => ask(api.DELETE('/api/2.0/group/{id}', { params: { path: { id } } })),

  members: (id: number, query: Window, signal?: AbortSignal) =>
    list<Member>(api.GET('/api/2.0/files/rooms/{id}/share', { params: { path: { id }, query }, signal })),
  share: (id: number, invitations: Invitee[], notify = false): Promise<ShareOutcome> => {
    const params = { path: { id } };
    return ask(api.PUT('/api/2.0/files/rooms/{id}/share', { params, body: { invitations, notify } }));
  },
  /** Groups first, then people; nothing for an empty text. */
  search: (id: number, filterValue: string, signal?: AbortSignal) => {
    const params = { path: { id }, query: { filterValue, count: 20, startIndex: 0 } };
    return list<Account | Group>(api.GET('/api/2.0/accounts/room/{id}/search', { params, signal }));
  },
  inviteMemberAgain: (id: number, userId: string) => {
    const body = { usersIds: [userId], resendAll: false };
    return ask(api.POST('/api/2.0/files/rooms/{id}/resend', { params: { path: { id } }, body }));
  },
  changeOwner: (room: number, userId: string) =>
    ask(api.POST('/api/2.0/files/owner', { body: { folderIds: [room], fileIds: [], userId } })),
};

export function isDenied(error: unknown): boolean {
  return error instanceof ApiError && error.status === 403;
}

export function isMissing(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}
