/** What the palette (Ctrl or ⌘ + K) offers: components add actions while they are there. */
import { untrack } from 'svelte';
import type { IconName } from './parts/icons';

export interface Action {
  id: string;
  label: string;
  hint?: string;
  icon?: IconName;
  keywords?: string;
  run: () => void;
}

const sources = $state<(() => Action[])[]>([]);

/** Adds actions while the component lives. */
export function useActions(actions: () => Action[]): void {
  $effect(() => {
    // Reads what it writes: tracked, it would run for ever.
    untrack(() => sources.push(actions));
    return () => {
      untrack(() => sources.splice(sources.indexOf(actions), 1));
    };
  });
}

/** Every action there is now, the latest component's first; one id counts once. */
export function allActions(): Action[] {
  const all = [...sources].reverse().flatMap((source) => source());
  return all.filter((action, at) => all.findIndex((other) => other.id === action.id) === at);
}

/** Whether an action fits what was typed: every word of it occurs. */
export function fits(action: Action, typed: string): boolean {
  const text = `${action.label} ${action.keywords ?? ''}`.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
