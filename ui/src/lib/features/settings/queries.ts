/** The portal's settings in the query cache, one entry each. */
import { queryOptions } from '@tanstack/svelte-query';
import { settings } from '$lib/api/settings';

const KEY = 'settings';
const FRESH = 10_000;

function options<Value>(name: string, queryFn: () => Promise<Value>) {
  return queryOptions({ queryKey: [KEY, name], queryFn, staleTime: FRESH });
}

// null, not undefined: a query must have an answer.
export const factorOptions = () => options('factor', async () => (await settings.factor()) ?? null);
export const passwordsOptions = () => options('passwords', settings.passwords);
export const attemptsOptions = () => options('attempts', settings.attempts);
export const lifetimeOptions = () => options('lifetime', settings.lifetime);
export const invitationsOptions = () => options('invitations', settings.invitations);
export const titleOptions = () => options('title', settings.title);
export const placeOptions = () => options('place', settings.place);
export const timeZonesOptions = () => ({ ...options('time-zones', settings.timeZones), staleTime: Infinity });
