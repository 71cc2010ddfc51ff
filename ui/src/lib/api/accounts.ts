/**
 * Calls about people, groups and members of rooms, by the contract (people.md §4–8, rooms.md §7): lists come with their
 * totals, which {@link ask} leaves out.
 */
import { api, ApiError, ask, type Person } from './client';

export type TypeName = 'DocSpaceAdmin' | 'RoomAdmin' | 'User' | 'Guest';

/** Types as the API numbers them. */
export const TYPE_NUMBERS: Record<TypeName, number> = { RoomAdmin: 1, Guest: 2, DocSpaceAdmin: 3, User: 4 };

export interface GroupSummary {
  id: string;
  name: string;
  /** Only when true: a role, or everyone. */
  isSystem?: boolean | null;
}

export interface Group extends GroupSummary {
  manager?: Person | null;
  members?: Person[] | null;
  membersCount: number;
  /** Whether a room is shared with it already; only from {@link findAccounts}. */
  shared?: boolean | null;
}

/** A person in a list. */
export type Account = Person & { groups?: GroupSummary[] | null; shared?: boolean | null };

/** A person or a group who has a room. */
export interface Member {
  access: number;
  sharedToUser?: Account | null;
  sharedToGroup?: GroupSummary | null;
  /** The caller's own row. */
  isLocked: boolean;
  isOwner: boolean;
  canEditAccess: boolean;
}

/** What came of sharing a room: `error` 1 says that a part in a form was in the way, and nothing was done. */
export interface ShareOutcome {
  members?: Member[] | null;
  warning?: string | null;
  error: number;
}

export interface Invitee {
  id?: string;
  email?: string;
  access: number;
}

/** Work of the server's: `status` 1 runs, 2 is done, 3 was stopped, 4 failed. */
export interface Task {
  percentage: number;
  isCompleted: boolean;
  status: number;
  error: string;
}

export interface InvitationLink {
  id: string;
  employeeType: number;
  expiration?: string | null;
  isExpired: boolean;
  maxUseCount?: number | null;
  currentUseCount: number;
  url: string;
}

export interface Listed<Item> {
  items: Item[];
  /** Of the whole list. */
  total: number;
}

type Query = Record<string, string | number | boolean | undefined>;
type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
interface Options {
  params?: { query: Query };
  body?: unknown;
  signal?: AbortSignal;
}
interface Envelope {
  response?: unknown;
  total?: number;
}
type Send = (
  path: string,
  options: Options,
) => Promise<{ data?: Envelope; error?: unknown; response: Response }>;

/** `response` of the envelope; nothing where the server has nothing to say. */
async function send<T>(method: Method, path: string, options: Options = {}): Promise<T> {
  // An empty reply, as deletions give, is no JSON.
  return ask((api[method] as unknown as Send)(`/api/2.0/${path}`, options)) as Promise<T>;
}

async function list<Item>(path: string, query: Query, signal?: AbortSignal): Promise<Listed<Item>> {
  let total = 0;
  const asked = (api.GET as unknown as Send)(`/api/2.0/${path}`, { params: { query }, signal });
  const items = await ask(asked.then((answered) => ((total = answered.data?.total ?? 0), answered)));
  return { items: (items ?? []) as Item[], total };
}

export interface Window {
  filterValue?: string;
  count: number;
  startIndex: number;
}

export interface PeopleQuery extends Window {
  /** 1 people, 2 guests. */
  area?: number;
  employeeType?: TypeName;
  employeeStatus?: number;
  /** 0: those who may own rooms. */
  payments?: number;
  groupId?: string;
  sortBy?: string;
  sortOrder?: 'ascending' | 'descending';
}

export interface GroupsQuery extends Window {
  sortBy?: string;
  sortOrder?: 'ascending' | 'descending';
}

const query = (wanted: object) => wanted as Query;

export const accounts = {
  people: (wanted: PeopleQuery, signal?: AbortSignal) =>
    list<Account>('people/filter', query(wanted), signal),
  invite: (emails: string[], type: TypeName) =>
    send<unknown>('POST', 'people/invite', {
      body: { invitations: emails.map((email) => ({ email, type })) },
    }),
  inviteAgain: (id: string) =>
    send<Account[]>('PUT', 'people/invite', { body: { userIds: [id], resendAll: false } }),
  sendPassword: (email: string) => send<string>('POST', 'people/password', { body: { email } }),
  setStatus: (id: string, status: 'Active' | 'Terminated') =>
    send<Account[]>('PUT', `people/status/${status}`, { body: { userIds: [id] } }),
  /** Upwards, and from administrator to room administrator: at once. */
  setType: (id: string, type: TypeName) =>
    send<Account[]>('PUT', `people/type/${type}`, { body: { userIds: [id] } }),
  /** Downwards: a task of the server's, for the rooms go to another. */
  startType: (id: string, type: TypeName, reassignUserId?: string) =>
    send<Task>('POST', 'people/type', { body: { type, userId: id, reassignUserId } }),
  typeTask: (id: string) => send<Task | undefined>('GET', `people/type/progress/${id}`),
  stopType: (id: string) => send<Task | undefined>('PUT', 'people/type/terminate', { body: { userId: id } }),
  remove: (id: string) => send<Account>('DELETE', `people/${id}`),

  link: async (type: TypeName) =>
    (await send<InvitationLink | undefined>('GET', `portal/users/invitationlink/${type}`)) ?? null,
  makeLink: (employeeType: TypeName, expiration?: string, maxUseCount?: number) =>
    send<InvitationLink>('POST', 'portal/users/invitationlink', {
      body: { employeeType, expiration, maxUseCount },
    }),
  removeLink: (id: string) => send<unknown>('DELETE', 'portal/users/invitationlink', { body: { id } }),

  groups: (wanted: GroupsQuery, signal?: AbortSignal) => list<Group>('group', query(wanted), signal),
  group: (id: string, signal?: AbortSignal) =>
    send<Group>('GET', `group/${id}`, { params: { query: { includeMembers: false } }, signal }),
  makeGroup: (groupName: string, groupManager: string | undefined, members: string[]) =>
    send<Group>('POST', 'group', { body: { groupName, groupManager, members } }),
  changeGroup: (
    id: string,
    change: {
      groupName?: string;
      groupManager?: string;
      membersToAdd?: string[];
      membersToRemove?: string[];
    },
  ) => send<Group>('PUT', `group/${id}`, { body: change }),
  removeGroup: (id: string) => send<unknown>('DELETE', `group/${id}`),

  members: (room: number, wanted: Window, signal?: AbortSignal) =>
    list<Member>(`files/rooms/${room}/share`, query(wanted), signal),
  share: (room: number, invitations: Invitee[], how: { notify?: boolean; force?: boolean } = {}) =>
    send<ShareOutcome>('PUT', `files/rooms/${room}/share`, { body: { invitations, ...how } }),
  /** Groups first, then people; nothing for an empty text. */
  search: (room: number, text: string, signal?: AbortSignal) =>
    list<Account | Group>(
      `accounts/room/${room}/search`,
      { filterValue: text, count: 20, startIndex: 0 },
      signal,
    ),
  inviteMemberAgain: (room: number, id: string) =>
    send<unknown>('POST', `files/rooms/${room}/resend`, { body: { usersIds: [id], resendAll: false } }),
  changeOwner: (room: number, userId: string) =>
    send<unknown>('POST', 'files/owner', { body: { folderIds: [room], fileIds: [], userId } }),
};

export function isDenied(error: unknown): boolean {
  return error instanceof ApiError && error.status === 403;
}

export function isMissing(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}
