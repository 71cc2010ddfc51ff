/** The keys in the query cache: one list, newest first. Administrators get everybody's, others their own. */
import { type QueryClient, queryOptions } from '@tanstack/svelte-query';
import { api, type ApiKey, ask } from '$lib/api/client';

const LIST = ['keys', 'list'] as const;
const FRESH = 15_000;
/** So that the last use stays true while one looks. */
const AGAIN = 30_000;

export function keysOptions() {
  return queryOptions({
    queryKey: LIST,
    queryFn: async ({ signal }) => (await ask(api.GET('/api/2.0/keys', { signal }))).slice().reverse(),
    staleTime: FRESH,
    refetchInterval: AGAIN,
  });
}

/** The list with one key, or all, as `change` makes it. */
export function patchKeys(client: QueryClient, change: (keys: ApiKey[]) => ApiKey[]): void {
  client.setQueryData<ApiKey[]>(LIST, (keys) => keys && change(keys));
}

export function patchKey(client: QueryClient, id: string, change: Partial<ApiKey>): void {
  patchKeys(client, (keys) => keys.map((key) => (key.id === id ? { ...key, ...change } : key)));
}

export async function holdList(client: QueryClient): Promise<void> {
  await client.cancelQueries({ queryKey: LIST });
}

export function ageList(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: LIST });
}
