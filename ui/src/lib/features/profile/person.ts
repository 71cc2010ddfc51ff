/** The person who is signed in, as the profile shows and changes them. */
import { type QueryClient, queryOptions } from '@tanstack/svelte-query';
import type { Connections } from '$lib/api/access';
import { api, ApiError, ask, type Person } from '$lib/api/client';
import { SELF } from '$lib/session.svelte';

/** What they are called; whoever has no name yet is called by their address. */
export function nameOf(person: Person): string {
  // Not `displayName`: the API sends that one escaped for HTML.
  return [person.firstName, person.lastName].join(' ').trim() || person.email;
}

export function photoOf(person: Person): string | undefined {
  return person.hasAvatar ? person.avatarMax : undefined;
}

/** Puts the server's answer where the page looks; what answers leave out stays. */
export async function patchSelf(client: QueryClient, change: Partial<Person>): Promise<void> {
  await client.cancelQueries({ queryKey: SELF });
  client.setQueryData<Person>(SELF, (person) => person && { ...person, ...change });
}

export function refreshSelf(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ queryKey: SELF });
}

const CONNECTIONS = ['connections'];
const FACTOR = ['second-factor'];

export function connectionsOptions() {
  return queryOptions({
    queryKey: CONNECTIONS,
    queryFn: ({ signal }): Promise<Connections> =>
      ask(api.GET('/api/2.0/security/activeconnections', { signal })),
    staleTime: 10_000,
  });
}

export function refreshConnections(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ queryKey: CONNECTIONS });
}

/** Whether the portal asks for a code from an app, and whether one is bound: how many backup codes are left says so. */
export interface FactorState {
  isAsked: boolean;
  left?: number;
}

export function factorOptions() {
  return queryOptions({
    queryKey: FACTOR,
    queryFn: async (): Promise<FactorState> => {
      const kinds = await ask(api.GET('/api/2.0/settings/tfaapp'));
      if (!kinds.some(({ id, enabled }) => id === 'app' && enabled)) return { isAsked: false };
      return { isAsked: true, left: await codesLeft() };
    },
    staleTime: 10_000,
  });
}

async function codesLeft(): Promise<number | undefined> {
  try {
    const codes = await ask(api.GET('/api/2.0/settings/tfaappcodes'));
    return codes.filter(({ isUsed }) => !isUsed).length;
  } catch (error) {
    // No app is bound, as happens to whoever comes from a trusted address.
    if (error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 401)
      return undefined;
    throw error;
  }
}

export function refreshFactor(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ queryKey: FACTOR });
}

/** The part of an address that is ours: the server's own name may be another than the one it is called by here. */
export function pathOf(address: string): string {
  const { pathname, search } = new URL(address, location.origin);
  return pathname + search;
}
