import { QueryClient } from '@tanstack/svelte-query';
import { isUnreachable } from '$lib/api/client';

const TRIES = 3;

/** The one cache. A refusal is an answer: only a server that was not reached is asked again. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // A server on the own machine answers without a network, too.
      networkMode: 'always',
      retry: (failures, error) => isUnreachable(error) && failures < TRIES,
      retryDelay: (failures) => 500 * 2 ** failures,
      staleTime: 5_000,
      refetchOnWindowFocus: true,
    },
    mutations: { networkMode: 'always', retry: false },
  },
});
