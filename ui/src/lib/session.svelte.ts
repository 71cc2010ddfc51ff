/** Who is signed in: one query, and the ways in and out. */
import { createQuery, useQueryClient, type QueryClient } from '@tanstack/svelte-query';
import { api, ApiError, ask, type Person } from './api/client';
import type { Token } from './api/access';
import { forgetKept } from './kept';
import { followTheme } from './preferences.svelte';

export const SELF = ['self'];

/** The signed-in person; `error` with status 401 means nobody is. */
export function useSession() {
  const query = createQuery(() => ({
    queryKey: SELF,
    queryFn: async () => {
      const person = await ask(api.GET('/api/2.0/people/@self'));
      followTheme(person.theme);
      return person;
    },
    staleTime: 60_000,
  }));
  return {
    get person(): Person | undefined {
      return query.data;
    },
    get isLoading(): boolean {
      return query.isPending;
    },
    get error(): Error | null {
      return query.error;
    },
    retry: () => query.refetch(),
  };
}

/** Whether an error says that nobody is signed in (any more). */
export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}

/**
 * Signs in with a password, which doesn't leave the browser: its hash does. Where a second factor is due, nobody is
 * signed in yet: the reply says so, and where it is given.
 */
export async function signIn(email: string, password: string): Promise<Token> {
  const body = { userName: email, passwordHash: await passwordHash(password) };
  return ask(api.POST('/api/2.0/authentication', { body }));
}

/** Ends the session and forgets everything that was loaded with it. */
export function useSignOut(): () => Promise<void> {
  const client: QueryClient = useQueryClient();
  return async () => {
    await ask(api.POST('/api/2.0/authentication/logout'));
    client.clear();
    forgetKept();
    // A fresh document: nothing of the last person stays in memory.
    location.assign('/sign-in');
  };
}

/**
 * PBKDF2-SHA256 of the password by the server's parameters, in hex: what clients send instead of a password. Browsers
 * withhold their own on plain http, except on the own machine; then a script does it.
 */
export async function passwordHash(password: string): Promise<string> {
  const settings = await ask(api.GET('/api/2.0/settings', { params: { query: { withpassword: true } } }));
  const { salt = '', iterations = 0, size = 0 } = settings.passwordHash ?? {};
  const encoder = new TextEncoder();
  const [secret, seasoning] = [encoder.encode(password.trim()), encoder.encode(salt)];
  if (!globalThis.crypto?.subtle) return hex(await byScript(secret, seasoning, iterations, size / 8));
  const key = await crypto.subtle.importKey('raw', secret, 'PBKDF2', false, ['deriveBits']);
  const parameters = { name: 'PBKDF2', hash: 'SHA-256', salt: seasoning, iterations };
  return hex(new Uint8Array(await crypto.subtle.deriveBits(parameters, key, size)));
}

async function byScript(secret: Uint8Array, salt: Uint8Array, c: number, dkLen: number): Promise<Uint8Array> {
  const [{ pbkdf2Async }, { sha256 }] = await Promise.all([
    import('@noble/hashes/pbkdf2.js'),
    import('@noble/hashes/sha2.js'),
  ]);
  return pbkdf2Async(sha256, secret, salt, { c, dkLen });
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
