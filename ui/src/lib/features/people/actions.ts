/** What can be done to accounts and groups. None of it shows before the server has said yes: it is about rights. */
import { type QueryClient, useQueryClient } from '@tanstack/svelte-query';
import { type Account, accounts, type Group, type Task, type TypeName } from '$lib/api/accounts';
import { sentence } from '$lib/api/client';
import { nameOf } from '$lib/names';
import { type Key, t } from '$lib/text';
import { toast } from '$lib/toasts.svelte';
import { agePeople, peopleKeys } from './queries';

export type PeopleActions = ReturnType<typeof peopleActions>;

const AGAIN = 400;
const DONE = 2;
const STOPPED = 3;

export function usePeopleActions() {
  return peopleActions(useQueryClient());
}

function peopleActions(client: QueryClient) {
  /** However it ends, the lists are asked for anew. */
  async function refreshing<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } finally {
      void agePeople(client);
    }
  }

  /** For what has no dialog to show its refusal in. */
  async function told(work: Promise<unknown>, done: () => void): Promise<void> {
    try {
      await refreshing(work);
      done();
    } catch (error) {
      toast(sentence(error), { kind: 'failed' });
    }
  }

  return {
    /** Throws the refusal; whoever was invited before it stays invited. */
    async invite(emails: string[], type: TypeName): Promise<void> {
      await refreshing(accounts.invite(emails, type));
      toast(t('people.invited', { count: emails.length, email: emails[0] ?? '' }), { kind: 'done' });
    },

    inviteAgain: (person: Account) =>
      told(accounts.inviteAgain(person.id), () => done('people.invitedAgain', person)),

    sendPassword: (person: Account) =>
      told(accounts.sendPassword(person.email), () => done('people.passwordSent', person)),

    async disable(person: Account): Promise<void> {
      await told(accounts.setStatus(person.id, 'Terminated'), () =>
        toast(t('people.disabled', { name: nameOf(person) }), { undo: () => void this.enable(person) }),
      );
    },

    enable: (person: Account) =>
      told(accounts.setStatus(person.id, 'Active'), () => done('people.enabled', person)),

    /** Throws the refusal. */
    async raise(person: Account, type: TypeName): Promise<void> {
      await refreshing(accounts.setType(person.id, type));
      toast(t('people.type.changed', { name: nameOf(person), type: t(`people.type.${type}`) }), {
        kind: 'done',
      });
    },

    /** Says how far it is, and throws why it failed. Whether it was done: it may be stopped on the way. */
    async lower(
      person: Account,
      type: TypeName,
      receiver: string | undefined,
      onprogress: (percentage: number) => void,
    ): Promise<boolean> {
      const task = await refreshing(follow(person, type, receiver, onprogress));
      if (task?.status === STOPPED) return false;
      if (task && task.status !== DONE) throw new Error(task.error || t('error.unknown'));
      toast(t('people.type.changed', { name: nameOf(person), type: t(`people.type.${type}`) }), {
        kind: 'done',
      });
      return true;
    },

    /** Throws the refusal. */
    async remove(person: Account): Promise<void> {
      await refreshing(accounts.remove(person.id));
      done('people.removed', person);
    },

    /** Throws the refusal. */
    async makeGroup(name: string, manager: string | undefined, members: string[]): Promise<Group> {
      const group = await refreshing(accounts.makeGroup(name, manager, members));
      toast(t('groups.made', { name }), { kind: 'done' });
      return group;
    },

    /** Throws the refusal. */
    async changeGroup(group: Group, change: { groupName?: string; groupManager?: string }): Promise<void> {
      const changed = await refreshing(accounts.changeGroup(group.id, change));
      client.setQueryData(peopleKeys.group(group.id), changed);
      toast(t('groups.changed', { name: changed.name }), { kind: 'done' });
    },

    /** Throws the refusal. */
    async addMembers(group: Group, ids: string[]): Promise<void> {
      await refreshing(accounts.changeGroup(group.id, { membersToAdd: ids }));
      toast(t('groups.added', { count: ids.length, name: group.name }), { kind: 'done' });
    },

    makeManager: (group: Group, person: Account) =>
      told(accounts.changeGroup(group.id, { groupManager: person.id }), () =>
        toast(t('groups.managed', { person: nameOf(person), name: group.name }), { kind: 'done' }),
      ),

    async takeOut(group: Group, person: Account): Promise<void> {
      const putBack = () =>
        void told(accounts.changeGroup(group.id, { membersToAdd: [person.id] }), () => {});
      await told(accounts.changeGroup(group.id, { membersToRemove: [person.id] }), () =>
        toast(t('groups.takenOut', { person: nameOf(person), name: group.name }), { undo: putBack }),
      );
    },

    /** Throws the refusal. */
    async removeGroup(group: Group): Promise<void> {
      await refreshing(accounts.removeGroup(group.id));
      toast(t('groups.removed', { name: group.name }), { kind: 'done' });
    },
  };
}

function done(key: Key, person: Account): void {
  toast(t(key, { name: nameOf(person) }), { kind: 'done' });
}

async function follow(
  person: Account,
  type: TypeName,
  receiver: string | undefined,
  onprogress: (percentage: number) => void,
): Promise<Task | undefined> {
  let task: Task | undefined = await accounts.startType(person.id, type, receiver);
  while (task && !task.isCompleted) {
    onprogress(task.percentage);
    await new Promise((resolve) => setTimeout(resolve, AGAIN));
    task = await accounts.typeTask(person.id);
  }
  return task;
}
