import { tick } from 'svelte';

/**
 * What had the focus before a dialog may be gone with it: a menu's item, a deleted row. Then the focus stays in the
 * dialog while that leaves, and is nowhere afterwards. `regain` gives it a place.
 */
export function useRegainedFocus(isAsking: () => boolean, regain: () => void): void {
  let asked = false;
  $effect(() => {
    const done = asked && !isAsking();
    asked = isAsking();
    if (!done) return;
    void tick().then(() => {
      const focused = document.activeElement;
      if (focused === document.body || focused?.closest('[role="dialog"][data-state="closed"]')) regain();
    });
  });
}
