import { SvelteMap } from 'svelte/reactivity';
import type { Room } from '$lib/api/client';

/** The rooms chosen in a list, by id, so that they stay chosen while the list changes around them. */
export class Selection {
  readonly #rooms = new SvelteMap<number, Room>();
  /** Where a stretch begins. */
  #anchor = 0;
  /** What was chosen before the stretch under way. */
  #before: Room[] = [];

  get size(): number {
    return this.#rooms.size;
  }

  get rooms(): Room[] {
    return [...this.#rooms.values()];
  }

  has(id: number): boolean {
    return this.#rooms.has(id);
  }

  toggle(room: Room, index: number): void {
    if (!this.#rooms.delete(room.id)) this.#rooms.set(room.id, room);
    this.anchorAt(index);
  }

  only(rooms: Room[], index: number): void {
    this.#rooms.clear();
    for (const room of rooms) this.#rooms.set(room.id, room);
    this.anchorAt(index);
  }

  anchorAt(index: number): void {
    this.#anchor = index;
    this.#before = this.rooms;
  }

  /** Chooses everything from the anchor to `index`. */
  extendTo(index: number, roomAt: (index: number) => Room | undefined): void {
    this.#rooms.clear();
    for (const room of this.#before) this.#rooms.set(room.id, room);
    for (let at = Math.min(this.#anchor, index); at <= Math.max(this.#anchor, index); at++) {
      const room = roomAt(at);
      if (room) this.#rooms.set(room.id, room);
    }
  }

  clear(): void {
    this.#rooms.clear();
    this.#before = [];
  }

  forget(rooms: Room[]): void {
    for (const room of rooms) this.#rooms.delete(room.id);
    this.#before = this.rooms;
  }
}
