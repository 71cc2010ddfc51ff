/** Where pickers find people. */
import { type Account, accounts, type Group } from '$lib/api/accounts';
import { nameOf } from '$lib/names';
import type { Pick } from '$lib/parts/Picker.svelte';
import { t } from '$lib/text';

export interface PartyPick extends Pick {
  kind: 'person' | 'group' | 'email';
  person?: Account;
}

const MOST = 20;

export function pickOf(person: Account, refused?: string): PartyPick {
  const name = nameOf(person);
  return {
    kind: 'person',
    id: person.id,
    name,
    detail: person.email === name ? undefined : person.email,
    photo: person.hasAvatar ? person.avatarSmall : undefined,
    refused,
    person,
  };
}

export function pickOfGroup(group: Group, refused?: string): PartyPick {
  const detail = t('groups.count', { count: group.membersCount });
  return { kind: 'group', id: group.id, name: group.name, icon: 'people', detail, refused };
}

/** Members of groups: whoever is no guest and not disabled. */
export function findMembers(taken: (person: Account) => string | undefined = () => undefined) {
  return async (text: string): Promise<PartyPick[]> => {
    const wanted = { area: 1, filterValue: text || undefined, count: MOST, startIndex: 0 };
    const { items } = await accounts.people(wanted);
    return items.filter(({ status }) => status !== 2).map((person) => pickOf(person, taken(person)));
  };
}

/** Those who may own rooms. */
export async function findOwners(text: string): Promise<PartyPick[]> {
  const wanted = {
    payments: 0,
    employeeStatus: 1,
    filterValue: text || undefined,
    count: MOST,
    startIndex: 0,
  };
  return (await accounts.people(wanted)).items.map((person) => pickOf(person));
}
