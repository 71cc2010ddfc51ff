/**
 * What can be done to keys. Switching one on or off shows at once and is rolled back, with the server's sentence, if
 * it is refused; everything else waits for the server.
 */
import { type QueryClient, useQueryClient } from '@tanstack/svelte-query';
import { api, type ApiKey, ask, type Schemas, sentence } from '$lib/api/client';
import { t } from '$lib/text';
import { toast } from '$lib/toasts.svelte';
import { ageList, holdList, patchKey, patchKeys } from './queries';

export type KeyActions = ReturnType<typeof keyActions>;

export function useKeyActions(): KeyActions {
  return keyActions(useQueryClient());
}

function keyActions(client: QueryClient) {
  return {
    /** The key with its text, which no later reply holds. Throws the refusal. */
    async create(body: Schemas['CreateApiKeyRequestDto']): Promise<ApiKey> {
      return refreshing(client, async () => {
        const made = await ask(api.POST('/api/2.0/keys', { body }));
        // The cache never gets to know the text.
        const masked = { ...made, key: `sk-***${made.keyPostfix}` };
        await holdList(client);
        patchKeys(client, (keys) => [masked, ...keys]);
        return made;
      });
    },

    /** Throws the refusal: the form shows it beside its field. */
    async rename(key: ApiKey, name: string): Promise<void> {
      await refreshing(client, async () => {
        await update(key.id, { name });
        patchKey(client, key.id, { name });
      });
      toast(t('keys.renamed', { name }), { kind: 'done' });
    },

    async setActive(key: ApiKey, isActive: boolean): Promise<void> {
      await holdList(client);
      patchKey(client, key.id, { isActive });
      try {
        await refreshing(client, () => update(key.id, { isActive }));
        if (isActive) toast(t('keys.enabled', { name: key.name }), { kind: 'done' });
        else toast(t('keys.disabled', { name: key.name }), { undo: () => void this.setActive(key, true) });
      } catch (error) {
        patchKey(client, key.id, { isActive: !isActive });
        const values = { name: key.name, reason: sentence(error) };
        toast(t(isActive ? 'keys.enable.failed' : 'keys.disable.failed', values), { kind: 'failed' });
      }
    },

    /** Throws the refusal. */
    async remove(key: ApiKey): Promise<void> {
      await refreshing(client, async () => {
        const path = { keyId: key.id };
        if (!(await ask(api.DELETE('/api/2.0/keys/{keyId}', { params: { path } }))))
          throw new Error(t('keys.remove.refused'));
        await holdList(client);
        patchKeys(client, (keys) => keys.filter(({ id }) => id !== key.id));
      });
      toast(t('keys.removed', { name: key.name }), { kind: 'done' });
    },
  };
}

/** The server answers `false`, with a status of 200, for what it left alone. */
async function update(keyId: string, body: Partial<Schemas['UpdateApiKeyRequest']>): Promise<void> {
  const params = { path: { keyId } };
  if (!(await ask(api.PUT('/api/2.0/keys/{keyId}', { params, body })))) throw new Error(t('keys.unchanged'));
}

/** However it ends, the list is asked for anew. */
async function refreshing<T>(client: QueryClient, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } finally {
    ageList(client);
  }
}
