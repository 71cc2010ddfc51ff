/** Who is signed in: one query, and the ways in and out. */
import { createQuery, useQueryClient, type QueryClient } from '@tanstack/svelte-query';
import { api, ApiError, ask, type Person } from './api/client';

const SELF = ['self'];

/** The signed-in person; `error` with status 401 means nobody is. */
export function useSession() {
  const query = createQuery(() => ({
    queryKey: SELF,
    queryFn: () => ask(api.GET('/api/2.0/people/@self')),
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

/** Signs in with a password, hashed in the browser where the browser can. */
export async function signIn(email: string, password: string): Promise<void> {
  const secret = await secretOf(password);
  await ask(api.POST('/api/2.0/authentication', { body: { userName: email, ...secret } as never }));
}

/** Ends the session and forgets everything that was loaded with it. */
export function useSignOut(): () => Promise<void> {
  const client: QueryClient = useQueryClient();
  return async () => {
    await ask(api.POST('/api/2.0/authentication/logout'));
    client.clear();
    // A fresh document: nothing of the last person stays in memory.
    location.assign('/sign-in');
  };
}

/** The hash clients send instead of a password; the plain one where the browser has no `crypto.subtle` (plain http). */
async function secretOf(password: string): Promise<{ passwordHash: string } | { password: string }> {
  const hash = await passwordHash(password);
  return hash === undefined ? { password } : { passwordHash: hash };
}

/** PBKDF2-SHA256 of the password by the server's parameters, in hex; nothing where the browser can't. */
export async function passwordHash(password: string): Promise<string | undefined> {
  if (!globalThis.crypto?.subtle) return undefined;
  const settings = await ask(api.GET('/api/2.0/settings', { params: { query: { withpassword: true } } }));
  const { salt = '', iterations = 0, size = 0 } = settings.passwordHash ?? {};
  const encoder = new TextEncoder();
  const key = await crypto.subtle.importKey('raw', encoder.encode(password), 'PBKDF2', false, ['deriveBits']);
  const parameters = { name: 'PBKDF2', hash: 'SHA-256', salt: encoder.encode(salt), iterations };
  const bits = await crypto.subtle.deriveBits(parameters, key, size);
  return Array.from(new Uint8Array(bits), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
