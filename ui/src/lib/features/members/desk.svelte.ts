/** What goes on with the members of one room: what is asked, and what can be done. */
import { type QueryClient, useQueryClient } from '@tanstack/svelte-query';
import { accounts, type Account, type Invitee, type Member, type ShareOutcome } from '$lib/api/accounts';
import { type Room, sentence } from '$lib/api/client';
import { nameOf, unescaped } from '$lib/names';
import { t } from '$lib/text';
import { toast } from '$lib/toasts.svelte';
import { ageMembers, forgetRoom } from './queries';
import { roleWord } from './roles';

export type MembersDesk = Desk;

class Desk {
  inviting = $state(false);
  handing = $state(false);
  leaving = $state(false);
  readonly asking = $derived(this.inviting || this.handing || this.leaving);
  /** The id of the row whose change is under way. */
  busy = $state<string>();

  constructor(
    private readonly client: QueryClient,
    private readonly shown: () => Room,
  ) {}

  get room(): Room {
    return this.shown();
  }

  get mayInvite(): boolean {
    return this.room.security.EditAccess === true;
  }

  get mayHandOver(): boolean {
    return this.room.security.ChangeOwner === true;
  }

  /** Throws the refusal. What the server warns of is the caller's to show. */
  async invite(invitees: Invitee[], notify: boolean): Promise<ShareOutcome> {
    const outcome = await this.refreshing(accounts.share(this.room.id, invitees, notify));
    return refuseByOutcome(outcome);
  }

  async setRole(member: Member, access: number): Promise<void> {
    const id = idOf(member);
    await this.told(id, async () => {
      warn(refuseByOutcome(await accounts.share(this.room.id, [{ id, access }])));
      toast(t('members.changed', { name: titleOf(member), role: t(roleWord(access)) }), { kind: 'done' });
    });
  }

  async remove(member: Member): Promise<void> {
    const id = idOf(member);
    const putBack = () =>
      void this.told(id, async () => {
        warn(refuseByOutcome(await accounts.share(this.room.id, [{ id, access: member.access }])));
      });
    await this.told(id, async () => {
      warn(refuseByOutcome(await accounts.share(this.room.id, [{ id, access: 0 }])));
      toast(t('members.removed', { name: titleOf(member) }), { undo: putBack });
    });
  }

  async inviteAgain(member: Member): Promise<void> {
    await this.told(idOf(member), async () => {
      await accounts.inviteMemberAgain(this.room.id, idOf(member));
      toast(t('people.invitedAgain', { name: titleOf(member) }), { kind: 'done' });
    });
  }

  /** Throws the refusal. */
  async leave(me: string): Promise<void> {
    const { id, title } = this.room;
    refuseByOutcome(await accounts.share(id, [{ id: me, access: 0 }]));
    toast(t('members.left', { title }), { kind: 'done' });
  }

  /** When the page of the room is left behind. */
  forget(room: number): void {
    forgetRoom(this.client, room);
  }

  /** Throws the refusal. */
  async handOver(person: Account): Promise<void> {
    await this.refreshing(accounts.changeOwner(this.room.id, person.id));
    toast(t('members.owner.changed', { name: nameOf(person), title: this.room.title }), { kind: 'done' });
  }

  private async refreshing<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } finally {
      await ageMembers(this.client, this.room.id);
    }
  }

  private async told(id: string, work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = id;
    try {
      await this.refreshing(work());
    } catch (error) {
      toast(sentence(error), { kind: 'failed' });
    } finally {
      this.busy = undefined;
    }
  }
}

export function useMembersDesk(room: () => Room): Desk {
  return new Desk(useQueryClient(), room);
}

export function idOf(member: Member): string {
  return member.sharedToUser?.id ?? member.sharedToGroup?.id ?? '';
}

export function titleOf(member: Member): string {
  if (member.sharedToUser) return nameOf(member.sharedToUser);
  return unescaped(member.sharedToGroup?.name ?? '');
}

/** The server answers 200 for what it left alone because of a part in a form. */
function refuseByOutcome(outcome: ShareOutcome): ShareOutcome {
  if (outcome.error) throw new Error(t('members.formPart'));
  return outcome;
}

function warn({ warning }: ShareOutcome): void {
  if (warning) toast(warning, { kind: 'failed' });
}
