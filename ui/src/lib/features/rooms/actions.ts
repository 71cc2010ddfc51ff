/**
 * What can be done to rooms. What can be undone shows at once and is rolled back, with the server's sentence, if it
 * is refused; deletion waits for the server.
 */
import { type QueryClient, useQueryClient } from '@tanstack/svelte-query';
import { api, ask, type Room, type Schemas, sentence } from '$lib/api/client';
import { t } from '$lib/text';
import { toast } from '$lib/toasts.svelte';
import { dropRooms, patchRoom, writeRoom } from './cache';
import { roomKeys } from './queries';

export type NewRoom = Partial<Schemas['CreateRoomRequestDto']>;
export type RoomChange = Partial<Schemas['UpdateRoomRequest']>;
export type RoomActions = ReturnType<typeof roomActions>;

/** Requests of one action under way together. */
const ABREAST = 6;

export function useRoomActions(): RoomActions {
  return roomActions(useQueryClient());
}

function roomActions(client: QueryClient) {
  return {
    /** Throws the refusal: the form shows it beside its fields. */
    async create(room: NewRoom): Promise<Room> {
      const body = room as Schemas['CreateRoomRequestDto'];
      const made = await ask(api.POST('/api/2.0/files/rooms', { body }));
      client.setQueryData(roomKeys.one(made.id), made);
      void client.invalidateQueries({ queryKey: roomKeys.lists });
      return made;
    },

    /** Throws the refusal: the form shows it beside its fields. */
    async update(room: Room, change: RoomChange): Promise<Room> {
      const body = change as Schemas['UpdateRoomRequest'];
      const path = { id: room.id };
      const changed = await ask(api.PUT('/api/2.0/files/rooms/{id}', { params: { path }, body }));
      writeRoom(client, room.id, () => changed);
      ageLists(client);
      return changed;
    },

    async rename(room: Room, title: string): Promise<void> {
      if (title.trim() === '' || title.trim() === room.title) return;
      const rollBack = await patchRoom(client, room.id, (known) => ({ ...known, title: title.trim() }));
      try {
        await this.update(room, { title });
      } catch (error) {
        rollBack();
        toast(t('rooms.rename.failed', { title: room.title, reason: sentence(error) }), { kind: 'failed' });
      }
    },

    async archive(rooms: Room[]): Promise<void> {
      await moveAway(client, rooms, archiveOne, 'rooms.archive.failed', (moved) =>
        toast(t('rooms.archived', named(moved)), { undo: () => void this.restore(moved) }),
      );
    },

    async restore(rooms: Room[]): Promise<void> {
      await moveAway(client, rooms, restoreOne, 'rooms.restore.failed', (moved) =>
        toast(t('rooms.restored', named(moved)), { kind: 'done' }),
      );
    },

    /** Throws the first refusal, after having tried them all. */
    async remove(rooms: Room[]): Promise<void> {
      const { done, failed } = await forEach(rooms, removeOne);
      await dropRooms(client, idsOf(done));
      for (const { id } of done) client.removeQueries({ queryKey: roomKeys.one(id) });
      void client.invalidateQueries({ queryKey: roomKeys.lists });
      if (failed[0]) throw failed[0].error;
      toast(t('rooms.removed', named(done)), { kind: 'done' });
    },
  };
}

const archiveOne = (id: number) =>
  ask(api.PUT('/api/2.0/files/rooms/{id}/archive', { params: { path: { id } } }));
const restoreOne = (id: number) =>
  ask(api.PUT('/api/2.0/files/rooms/{id}/unarchive', { params: { path: { id } } }));
const removeOne = (id: number) => ask(api.DELETE('/api/2.0/files/rooms/{id}', { params: { path: { id } } }));

/** Moves rooms to the other list; those refused come back. */
async function moveAway(
  client: QueryClient,
  rooms: Room[],
  move: (id: number) => Promise<unknown>,
  failure: 'rooms.archive.failed' | 'rooms.restore.failed',
  tell: (moved: Room[]) => void,
): Promise<void> {
  const rollBack = await dropRooms(client, idsOf(rooms));
  const { done, failed } = await forEach(rooms, move);
  if (failed[0]) {
    rollBack();
    await dropRooms(client, idsOf(done));
    const reason = sentence(failed[0].error);
    toast(t(failure, { ...named(failed.map(({ room }) => room)), reason }), { kind: 'failed' });
  }
  for (const { id } of rooms) void client.invalidateQueries({ queryKey: roomKeys.one(id) });
  void client.invalidateQueries({ queryKey: roomKeys.lists });
  if (done.length > 0) tell(done);
}

interface Outcome {
  done: Room[];
  failed: { room: Room; error: unknown }[];
}

async function forEach(rooms: Room[], act: (id: number) => Promise<unknown>): Promise<Outcome> {
  const outcome: Outcome = { done: [], failed: [] };
  const waiting = rooms.values();
  const worker = async () => {
    for (const room of waiting) {
      try {
        refuseByOperation(await act(room.id));
        outcome.done.push(room);
      } catch (error) {
        outcome.failed.push({ room, error });
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(ABREAST, rooms.length) }, worker));
  return outcome;
}

/** An operation may be refused with a reply of 200: its `error` says why. */
function refuseByOperation(answer: unknown): void {
  const { error } = (answer ?? {}) as Partial<Schemas['FileOperationDto']>;
  if (error) throw new Error(error);
}

/** Old lists are fetched anew when they are looked at next; the one on screen does not jump. */
function ageLists(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: roomKeys.lists, refetchType: 'none' });
}

function idsOf(rooms: Room[]): Set<number> {
  return new Set(rooms.map((room) => room.id));
}

/** For texts about one room by name, or about several by number. */
function named(rooms: Room[]): { count: number; title: string } {
  return { count: rooms.length, title: rooms[0]?.title ?? '' };
}
