import { SvelteMap } from 'svelte/reactivity';

interface Identified {
  id: number | string;
}

/** The item at a place of the list, if it is there already. */
type ItemAt<Item> = (index: number) => Item | undefined;

/** The items chosen in a list, by id, so that they stay chosen while the list changes around them. */
export class Selection<Item extends Identified> {
  readonly #items = new SvelteMap<Item['id'], Item>();
  /** Where a stretch begins. */
  #anchor = 0;
  /** What was chosen before the stretch under way. */
  #before: Item[] = [];

  get size(): number {
    return this.#items.size;
  }

  /** As they were when they were chosen. */
  get items(): Item[] {
    return [...this.#items.values()];
  }

  has(id: Item['id']): boolean {
    return this.#items.has(id);
  }

  toggle(item: Item, index: number): void {
    if (!this.#items.delete(item.id)) this.#items.set(item.id, item);
    this.anchorAt(index);
  }

  only(items: Item[], index: number): void {
    this.#items.clear();
    for (const item of items) this.#items.set(item.id, item);
    this.anchorAt(index);
  }

  anchorAt(index: number): void {
    this.#anchor = index;
    this.#before = this.items;
  }

  /** Chooses everything from the anchor to `index`. */
  extendTo(index: number, itemAt: ItemAt<Item>): void {
    this.#items.clear();
    for (const item of this.#before) this.#items.set(item.id, item);
    for (let at = Math.min(this.#anchor, index); at <= Math.max(this.#anchor, index); at++) {
      const item = itemAt(at);
      if (item) this.#items.set(item.id, item);
    }
  }

  clear(): void {
    this.#items.clear();
    this.#before = [];
  }

  forget(items: readonly Identified[]): void {
    for (const { id } of items) this.#items.delete(id);
    this.#before = this.items;
  }

  /** A press on an item's box. */
  check(event: MouseEvent, item: Item, index: number, itemAt: ItemAt<Item>): void {
    if (event.shiftKey) this.extendTo(index, itemAt);
    else this.toggle(item, index);
  }

  /** A press on an item itself. Not said: a finger that chooses nothing yet. */
  press(event: MouseEvent, item: Item, index: number, itemAt: ItemAt<Item>): boolean {
    const finger = isTouch(event);
    if (event.shiftKey) this.extendTo(index, itemAt);
    else if (event.ctrlKey || event.metaKey || (finger && this.size > 0)) this.toggle(item, index);
    else if (finger) return false;
    else this.only([item], index);
    return true;
  }

  /** What Space and Escape do on an item. */
  key(key: string, item: Item | undefined, index: number): boolean {
    if (key === ' ' && item) this.toggle(item, index);
    else if (key === 'Escape' && this.size > 0) this.clear();
    else return false;
    return true;
  }
}

export function isTouch(event: MouseEvent): boolean {
  return event instanceof PointerEvent && event.pointerType === 'touch';
}
