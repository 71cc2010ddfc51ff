import {
  defaultRangeExtractor,
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
} from '@tanstack/virtual-core';
import { untrack } from 'svelte';

interface VirtualOptions {
  count: number;
  /** The element that scrolls. */
  element: HTMLElement | null;
  /** The height of one line. */
  size: number;
  /** What stands above the lines inside the scrolling element and stays in sight. */
  above: number;
  /** A line that is drawn even when out of sight: it holds the focus. */
  keep: number;
}

export type Virtual = ReturnType<typeof useVirtual>;

/** Draws only the lines in sight: the number of elements stays the same, however many lines there are. */
export function useVirtual(options: () => VirtualOptions) {
  let version = $state(0);
  const virtualizer = new Virtualizer<HTMLElement, HTMLElement>({
    count: 0,
    getScrollElement: () => null,
    estimateSize: () => 0,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => untrack(() => version++),
  });

  $effect(() => virtualizer._didMount());
  let size = 0;
  $effect(() => {
    const now = options();
    virtualizer.setOptions({
      ...virtualizer.options,
      count: now.count,
      getScrollElement: () => now.element,
      estimateSize: () => now.size,
      overscan: 6,
      scrollMargin: now.above,
      scrollPaddingStart: now.above,
      rangeExtractor: (range) => {
        const lines = defaultRangeExtractor(range);
        if (now.keep < 0 || now.keep >= now.count || lines.includes(now.keep)) return lines;
        return [...lines, now.keep].sort((a, b) => a - b);
      },
    });
    if (size !== now.size) {
      size = now.size;
      virtualizer.measure();
    }
    virtualizer._willUpdate();
    untrack(() => version++);
  });

  return {
    get lines() {
      void version;
      return virtualizer.getVirtualItems();
    },
    get height() {
      void version;
      return virtualizer.getTotalSize();
    },
    get range() {
      void version;
      return virtualizer.range;
    },
    scrollTo: (line: number) => virtualizer.scrollToIndex(line, { align: 'auto' }),
  };
}
