import { createQuery, QueryObserver, useQueryClient } from '@tanstack/svelte-query';
import type { Room } from '$lib/api/client';
import type { ListView } from './place';
import { PAGE, pageOptions, type RoomPage } from './queries';

/** A list of any length: its total is known with its first page, the others are fetched as they are looked at. */
export type RoomPages = ReturnType<typeof usePages>;

/** A page has to stay in sight for this long to be fetched: flying past thousands of rooms asks for none of them. */
const SETTLE = 90;
const MOST_AT_ONCE = 1000;

export function usePages(view: () => ListView) {
  const client = useQueryClient();
  let wanted = $state.raw<number[]>([0]);
  let version = $state(0);
  /** While another list is on its way the one before it stays. */
  let shown = $state.raw(view());
  let timer: ReturnType<typeof setTimeout> | undefined;

  const first = createQuery(() => ({
    ...pageOptions(view(), 0),
    placeholderData: (before: RoomPage | undefined) => (view().area === shown.area ? before : undefined),
  }));
  $effect(() => {
    if (!first.isPlaceholderData && first.data) shown = view();
  });

  const observers = new Map<string, { observer: QueryObserver<RoomPage>; stop: () => void }>();
  $effect(() => {
    const kept = new Set<string>();
    for (const page of wanted) {
      const options = pageOptions(shown, page) as never;
      const id = JSON.stringify(pageOptions(shown, page).queryKey);
      kept.add(id);
      if (observers.has(id)) continue;
      const observer = new QueryObserver<RoomPage>(client, options);
      observers.set(id, { observer, stop: observer.subscribe(() => version++) });
    }
    for (const [id, { stop }] of observers) {
      if (kept.has(id)) continue;
      stop();
      observers.delete(id);
    }
  });
  $effect(() => () => {
    clearTimeout(timer);
    for (const { stop } of observers.values()) stop();
  });

  return {
    get first() {
      return first;
    },
    get view() {
      return shown;
    },
    get total() {
      void version;
      return client.getQueryData<RoomPage>(pageOptions(shown, 0).queryKey)?.total ?? first.data?.total ?? 0;
    },
    get stale() {
      return first.isPlaceholderData;
    },
    /** The room at a place in the list, if its page is here. */
    room(index: number): Room | undefined {
      void version;
      const page = client.getQueryData<RoomPage>(pageOptions(shown, Math.floor(index / PAGE)).queryKey);
      return page?.rooms[index % PAGE];
    },
    /** What went wrong with a page in sight. */
    get problem(): unknown {
      void version;
      for (const { observer } of observers.values()) {
        const { error } = observer.getCurrentResult();
        if (error) return error;
      }
      return undefined;
    },
    retry(): void {
      void first.refetch();
      for (const { observer } of observers.values()) void observer.refetch();
    },
    /** The reader looks at these places now. */
    look(from: number, to: number): void {
      const pages: number[] = [];
      for (let page = Math.floor(from / PAGE); page <= Math.floor(Math.max(from, to) / PAGE); page++)
        pages.push(page);
      if (pages.join() === wanted.join()) return clearTimeout(timer);
      clearTimeout(timer);
      timer = setTimeout(() => (wanted = pages), SETTLE);
    },
    /** Every room of the list, up to a thousand. */
    async all(): Promise<Room[]> {
      const count = Math.ceil(Math.min(this.total, MOST_AT_ONCE) / PAGE);
      const pages = Array.from({ length: count }, (_, page) => client.fetchQuery(pageOptions(shown, page)));
      return (await Promise.all(pages)).flatMap((page) => page.rooms.filter((room) => room !== undefined));
    },
  };
}
