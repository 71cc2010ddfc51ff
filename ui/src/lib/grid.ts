/** Where the keys lead in a list of rows or tiles. */

/** Where the keys lead in a grid of `total` things, `columns` beside each other. */
export interface GridShape {
  total: number;
  columns: number;
  /** Lines in sight. */
  lines: number;
}

/** The place after the key, or nothing if the key does not move. */
export function nextIndex(
  key: string,
  from: number,
  { total, columns, lines }: GridShape,
): number | undefined {
  const to = from + (step(key, columns, lines) ?? NaN);
  if (key === 'Home') return 0;
  if (key === 'End') return Math.max(total - 1, 0);
  if (Number.isNaN(to)) return undefined;
  return Math.min(Math.max(to, 0), Math.max(total - 1, 0));
}

function step(key: string, columns: number, lines: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return columns;
    case 'ArrowUp':
    case 'k':
      return -columns;
    case 'ArrowRight':
      return columns > 1 ? 1 : undefined;
    case 'ArrowLeft':
      return columns > 1 ? -1 : undefined;
    case 'PageDown':
      return columns * Math.max(lines - 1, 1);
    case 'PageUp':
      return -columns * Math.max(lines - 1, 1);
    default:
      return undefined;
  }
}

interface GridKeys {
  /** Moves the tab stop, and with it the focus; `extend` chooses what lies between. */
  move: (key: string, extend: boolean) => boolean;
  /** Chooses everything there is. */
  all?: () => void;
  /** What a key does on an item. */
  act: (key: string) => boolean;
}

/** What the keys do in a list. Single letters are the shortcuts' business, which can be switched off. */
export function gridKeys(event: KeyboardEvent, { move, all, act }: GridKeys): void {
  const target = event.target as Element;
  if (event.defaultPrevented || event.altKey || target.matches('input')) return;
  if (event.ctrlKey || event.metaKey) {
    if (!all || event.key.toLowerCase() !== 'a' || event.shiftKey) return;
    event.preventDefault();
    all();
  } else if (event.key.length > 1 && move(event.key, event.shiftKey)) {
    event.preventDefault();
  } else if (target.matches('[data-index]') && act(event.key)) {
    event.preventDefault();
  }
}
