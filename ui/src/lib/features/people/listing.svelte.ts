/** A list of any length, whose pages follow as the reader scrolls. */
import {
  createInfiniteQuery,
  type InfiniteData,
  type infiniteQueryOptions,
  type QueryKey,
} from '@tanstack/svelte-query';
import type { Listed } from '$lib/api/accounts';
import type { Shortcuts } from '$lib/shortcuts.svelte';

type Options<Item> = ReturnType<
  typeof infiniteQueryOptions<Listed<Item>, Error, InfiniteData<Listed<Item>>, QueryKey, number>
>;

export interface Listing<Item> {
  readonly items: Item[];
  readonly total: number;
  readonly isKnown: boolean;
  /** The first page is on its way. */
  readonly isWaiting: boolean;
  /** Another list is on its way; the one before it stays. */
  readonly isStale: boolean;
  readonly isOffline: boolean;
  readonly error: Error | null;
  /** The reader looks as far as this place. */
  look(index: number): void;
  retry(): void;
  /** Every item, up to a thousand. */
  all(): Promise<Item[]>;
}

/** What a list of rows can be asked for. */
export interface RosterHandle {
  focus: () => void;
  shortcuts: () => Shortcuts;
}

/** Places before the end at which the next page is asked for. */
const AHEAD = 20;
const MOST_AT_ONCE = 1000;

export function useListing<Item>(options: () => unknown): Listing<Item> {
  const query = createInfiniteQuery(() => ({
    ...(options() as Options<Item>),
    placeholderData: (before: InfiniteData<Listed<Item>, number> | undefined) => before,
  }));
  const items = $derived(query.data?.pages.flatMap((page) => page.items) ?? []);
  return {
    get items() {
      return items;
    },
    get total() {
      return query.data?.pages.at(-1)?.total ?? 0;
    },
    get isKnown() {
      return query.data !== undefined;
    },
    get isWaiting() {
      return query.isPending && query.fetchStatus !== 'paused';
    },
    get isStale() {
      return query.isPlaceholderData;
    },
    get isOffline() {
      return query.isPending && query.fetchStatus === 'paused';
    },
    get error() {
      return query.error;
    },
    look(index) {
      if (index + AHEAD < items.length || !query.hasNextPage || query.isFetching || query.error) return;
      void query.fetchNextPage();
    },
    retry() {
      void query.refetch();
    },
    async all() {
      let got = { hasNextPage: query.hasNextPage, data: query.data };
      const items = () => got.data?.pages.flatMap((page) => page.items) ?? [];
      while (got.hasNextPage && items().length < MOST_AT_ONCE)
        got = await query.fetchNextPage({ throwOnError: true });
      return items().slice(0, MOST_AT_ONCE);
    },
  };
}
