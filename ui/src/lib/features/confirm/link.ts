/** Mailed links: what stands in the address, and what the server says of it (people.md §7.1, foundation.md §2.6). */
import type { LinkState } from '$lib/api/access';
import { api, ask, type Person } from '$lib/api/client';
import { ours } from '$lib/redirects';

export const TYPES = [
  'LinkInvite',
  'EmpInvite',
  'PasswordChange',
  'Activation',
  'EmailActivation',
  'EmailChange',
  'ProfileRemove',
  'PortalOwnerChange',
  'PortalSuspend',
  'PortalContinue',
  'PortalRemove',
  'Auth',
  'TfaActivation',
  'TfaAuth',
  'GuestShareLink',
] as const;

export type LinkType = (typeof TYPES)[number];

export interface Link {
  type: LinkType;
  /** The query of the address: it goes back as the header `confirm` of every call. */
  confirm: string;
  key: string;
  email?: string;
  sealedEmail?: string;
  user?: string;
  invites?: string;
  room?: string;
  culture?: string;
  first: boolean;
  /** Where the way goes on, if not to the rooms. */
  next?: string;
}

/** Types that are about the account they name. */
const OWN: readonly LinkType[] = [
  'PasswordChange',
  'Activation',
  'EmailActivation',
  'EmailChange',
  'ProfileRemove',
  'TfaActivation',
];

/** What is wrong with a link; the numbers are the server's. */
export type Flaw = 'invalid' | 'expired' | 'full' | 'existed' | 'excluded' | 'used';
const FLAWS: readonly (Flaw | undefined)[] = [
  undefined,
  'invalid',
  'expired',
  'full',
  'existed',
  'excluded',
  'used',
];

/** The link an address is; none when it is of no type that is served here. */
export function linkOf(type: string | undefined, query: URLSearchParams): Link | undefined {
  const name = (type || query.get('type') || '').toLowerCase();
  const known = TYPES.find((one) => one.toLowerCase() === name);
  if (!known || (OWN.includes(known) && !query.get('uid'))) return undefined;
  const words = new URLSearchParams(query);
  words.set('type', known);
  const next = ours(words.get('next'));
  words.delete('next');
  const said = (word: string) => words.get(word) || undefined;
  return {
    type: known,
    confirm: words.toString(),
    key: words.get('key') ?? '',
    email: said('email'),
    sealedEmail: said('encemail'),
    user: said('uid'),
    invites: said('emplType'),
    room: said('roomId'),
    culture: said('culture'),
    first: said('first')?.toLowerCase() === 'true',
    next,
  };
}

/** Whether the portal of a link may be suspended: then the server answers to nothing but what the link does. */
export function isOfSuspended({ type }: Link): boolean {
  return type === 'PortalContinue';
}

/** What the server says of a link. The key of a second step may stand in a cookie: then the step itself will tell. */
export async function check(link: Link): Promise<{ flaw?: Flaw; state: LinkState }> {
  if (!link.key && link.type.startsWith('Tfa')) return { state: { result: 0 } };
  const body = {
    type: link.type,
    key: link.key,
    email: link.email,
    encEmail: link.sealedEmail,
    emplType: link.invites,
    uiD: link.user,
    // As it stood in the address.
    first: link.first ? 'true' : undefined,
    roomId: link.room,
  };
  const state = await ask(api.POST('/api/2.0/authentication/confirm', { body }));
  return { flaw: state.result === 0 ? undefined : (FLAWS[state.result] ?? 'invalid'), state };
}

/** Who is signed in, without a refusal where nobody is. */
export async function whoIsHere(): Promise<Person | undefined> {
  if (!(await ask(api.GET('/api/2.0/authentication')))) return undefined;
  return ask(api.GET('/api/2.0/people/@self'));
}

/** An invitation that names nobody. */
export function isForAnybody({ type, email, sealedEmail }: Link): boolean {
  return (type === 'LinkInvite' || type === 'EmpInvite') && !email && !sealedEmail;
}

/** Whether a link is for somebody else than the one who is signed in: to use it, they sign out first. */
export function isForAnother({ type, user }: Link, person: Person): boolean {
  if (type === 'LinkInvite' || type === 'EmpInvite') return true;
  return OWN.includes(type) && user !== undefined && user !== person.id;
}
