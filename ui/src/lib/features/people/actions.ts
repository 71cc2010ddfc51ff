/** What can be done to accounts and groups. None of it shows before the server has said yes: it is about rights. */
import { type QueryClient, useQueryClient } from '@tanstack/svelte-query';
import { type Account, accounts, type Group, type Task, type TypeName } from '$lib/api/accounts';
import { sentence } from '$lib/api/client';
import { nameOf } from '$lib/names';
import { type Key, t } from '$lib/text';
import { toast } from '$lib/toasts.svelte';
import { namesOf } from './names';
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

  /** For what has no dialog to show its refusal in. Nothing was done where it was refused. */
  async function told<T>(work: Promise<T>): Promise<T | undefined> {
    try {
      return await refreshing(work);
    } catch (error) {
      toast(sentence(error), { kind: 'failed' });
      return undefined;
    }
  }

  return {
    /** Throws the refusal; whoever was invited before it stays invited. */
    async invite(emails: string[], type: TypeName): Promise<void> {
      await refreshing(accounts.invite(emails, type));
      toast(t('people.invited', { count: emails.length, email: emails[0] ?? '' }), { kind: 'done' });
    },

    async inviteAgain(people: Account[]): Promise<Account[]> {
      return report(people, await told(accounts.inviteAgain(idsOf(people))), 'people.invitedAgain');
    },

    async sendPassword(person: Account): Promise<void> {
      if (await told(accounts.sendPassword(person.email)))
        toast(t('people.passwordSent', { name: nameOf(person) }), { kind: 'done' });
    },

    async disable(people: Account[]): Promise<Account[]> {
      const reply = await told(accounts.setStatus(idsOf(people), 'Terminated'));
      return report(people, reply, 'people.disabled', (done) => void this.enable(done));
    },

    async enable(people: Account[]): Promise<Account[]> {
      return report(people, await told(accounts.setStatus(idsOf(people), 'Active')), 'people.enabled');
    },

    /** Throws the refusal: whoever comes before it stays changed. */
    async raise(people: Account[], type: TypeName): Promise<Account[]> {
      const reply = await refreshing(accounts.setType(idsOf(people), type));
      return report(people, reply, 'people.type.changed', undefined, { type: t(`people.type.${type}`) });
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
      report([person], [person], 'people.type.changed', undefined, { type: t(`people.type.${type}`) });
      return true;
    },

    /** Throws the refusal. */
    async remove(people: Account[]): Promise<Account[]> {
      return report(people, await refreshing(accounts.remove(idsOf(people))), 'people.removed');
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

    async makeManager(group: Group, person: Account): Promise<void> {
      if (await told(accounts.changeGroup(group.id, { groupManager: person.id })))
        toast(t('groups.managed', { person: nameOf(person), name: group.name }), { kind: 'done' });
    },

    async takeOut(group: Group, person: Account): Promise<void> {
      const undo = () => void told(accounts.changeGroup(group.id, { membersToAdd: [person.id] }));
      if (await told(accounts.changeGroup(group.id, { membersToRemove: [person.id] })))
        toast(t('groups.takenOut', { person: nameOf(person), name: group.name }), { undo });
    },

    /** Throws the refusal. */
    async removeGroup(group: Group): Promise<void> {
      await refreshing(accounts.removeGroup(group.id));
      toast(t('groups.removed', { name: group.name }), { kind: 'done' });
    },
  };
}

function idsOf(people: Account[]): string[] {
  return people.map(({ id }) => id);
}

/** Says to whom it was done, and to whom it wasn't: a reply may leave out some of them. */
function report(
  people: Account[],
  reply: readonly Account[] | undefined,
  key: Key,
  undo?: (done: Account[]) => void,
  values: Record<string, string> = {},
): Account[] {
  if (!reply) return [];
  const answered = new Set(reply.map(({ id }) => id));
  const done = people.filter(({ id }) => answered.has(id));
  const others = people.filter(({ id }) => !answered.has(id));
  if (done.length > 0) {
    const message = t(key, { ...values, count: done.length, name: namesOf(done) });
    toast(message, undo ? { undo: () => undo(done) } : { kind: 'done' });
  }
  if (others.length > 0) toast(t('people.left', { names: namesOf(others) }), { kind: 'failed' });
  return done;
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
