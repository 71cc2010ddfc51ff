/** What the palette (Ctrl or ⌘ K) offers besides places and rooms: components register their actions. */
import { createSubscriber } from 'svelte/reactivity';
import type { IconName } from '$lib/parts/icons';

export interface Action {
  id: string;
  label: string;
  hint?: string;
  icon?: IconName;
  keywords?: string;
  run: () => void;
}

export const palette = $state({ open: false });

const sources = new Set<() => Action[]>();
let update = () => {};
const subscribe = createSubscriber((changed) => {
  update = changed;
});

export function useActions(actions: () => Action[]): void {
  $effect(() => {
    sources.add(actions);
    update();
    return () => {
      sources.delete(actions);
      update();
    };
  });
}

export function allActions(): Action[] {
  subscribe();
  return [...sources].flatMap((source) => source());
}
