/** Short words about what was just done, with the way back. `parts/Toasts.svelte` shows them. */
export interface Toast {
  id: number;
  message: string;
  kind: 'plain' | 'done' | 'failed';
  undo?: () => void;
}

/** How long one is shown; the clock stands still under the pointer and the focus. */
export const SHOWN_FOR = 8000;
const MOST = 3;

let last = 0;
export const toasts = $state<Toast[]>([]);

export function toast(message: string, options: { kind?: Toast['kind']; undo?: () => void } = {}): void {
  toasts.push({ id: ++last, message, kind: options.kind ?? 'plain', undo: options.undo });
  if (toasts.length > MOST) toasts.shift();
}

export function dismiss(id: number): void {
  const at = toasts.findIndex((shown) => shown.id === id);
  if (at >= 0) toasts.splice(at, 1);
}
