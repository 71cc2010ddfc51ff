/** Who is signed in, and the way out. A 401 of any call leads to the sign-in page, and back after it. */
import { createQuery } from '@tanstack/svelte-query';
import { goto } from '$app/navigation';
import { api, ask, type Person, sentence } from '$lib/api/client';
import { queryClient } from '$lib/query';
import { readSetting, writeSetting } from '$lib/settings';
import { t } from '$lib/text';
import { toast } from '$lib/toasts.svelte';

const KEY = ['session'];
const MARK = 'signed-in';
/** Its 401 means a wrong password. */
const SIGN_IN = '/api/2.0/authentication';

export function useSession() {
  const query = createQuery(() => ({
    queryKey: KEY,
    queryFn: () => ask(api.GET('/api/2.0/people/@self')),
    staleTime: 60_000,
  }));
  return {
    get person(): Person | undefined {
      return query.data;
    },
    get isLoading(): boolean {
      return query.isLoading;
    },
    get error(): Error | null {
      return query.error;
    },
  };
}

api.use({
  onResponse({ response, schemaPath }) {
    if (response.status === 401 && schemaPath !== SIGN_IN) sessionEnded();
  },
});

function sessionEnded(): void {
  const { pathname, search } = location;
  if (isOutside(pathname)) return;
  queryClient.clear();
  void goto(`/sign-in?next=${encodeURIComponent(pathname + search)}`, { replaceState: true });
}

/** Pages that need no session. */
function isOutside(pathname: string): boolean {
  return /^\/(sign-in|setup|confirm|s|_parts)(\/|$)/.test(pathname);
}

/** Whether this browser was signed in and did not sign out: then a missing session has ended by itself. */
export function wasSignedIn(): boolean {
  return readSetting(MARK) !== null;
}

/** To be called after signing in or setting up. */
export async function signedIn(next = '/rooms'): Promise<void> {
  writeSetting(MARK, 'yes');
  queryClient.clear();
  await goto(next, { replaceState: true });
}

export async function signOut(): Promise<void> {
  try {
    await ask(api.POST('/api/2.0/authentication/logout'));
  } catch (error) {
    toast(t('shell.signOut.failed', { reason: sentence(error) }), { kind: 'failed' });
    return;
  }
  writeSetting(MARK, null);
  await goto('/sign-in');
  queryClient.clear();
}
