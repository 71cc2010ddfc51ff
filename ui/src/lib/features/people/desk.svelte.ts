/** What goes on at the place of the people: who is asked about, and what their menu offers. */
import { goto } from '$app/navigation';
import { page } from '$app/state';
import type { Account } from '$lib/api/accounts';
import { copyText } from '$lib/clipboard';
import type { MenuItem } from '$lib/parts/menu';
import { Selection } from '$lib/selection.svelte';
import { t } from '$lib/text';
import { toast } from '$lib/toasts.svelte';
import { type PeopleActions, usePeopleActions } from './actions';
import { type Place, placeQuery, readPlace } from './place';
import {
  mayAll,
  mayDelete,
  mayDisable,
  mayEnable,
  mayInviteAgain,
  maySendPassword,
  newTypes,
  type Party,
} from './rights';

export class Desk {
  inviting = $state(false);
  retyping = $state.raw<Account[]>([]);
  removing = $state.raw<Account[]>([]);
  readonly asking = $derived(this.inviting || this.retyping.length + this.removing.length > 0);
  readonly selection = new Selection<Account>();

  constructor(
    readonly actions: PeopleActions,
    private readonly self: () => Party | undefined,
  ) {}

  get me(): Party | undefined {
    return this.self();
  }

  /** Those of a list that are chosen, as they are now. */
  chosen(listed: Account[]): Account[] {
    return listed.filter(({ id }) => this.selection.has(id));
  }

  /** What Delete does: it disables first, and deletes those who are disabled already. */
  askRemove(people: Account[]): void {
    const { me } = this;
    if (!me) return;
    if (mayAll(mayDelete, me, people)) this.removing = people;
    else if (mayAll(mayDisable, me, people)) void this.disable(people);
    else if (people.length > 1) toast(t('people.selection.nothing'), { kind: 'failed' });
  }

  // To whom something was done isn't chosen any more; the others stay, for another try.
  async inviteAgain(people: Account[]): Promise<void> {
    this.selection.forget(await this.actions.inviteAgain(people));
  }

  async disable(people: Account[]): Promise<void> {
    this.selection.forget(await this.actions.disable(people));
  }

  async enable(people: Account[]): Promise<void> {
    this.selection.forget(await this.actions.enable(people));
  }

  /** Only what the caller may do. */
  items(person: Account): MenuItem[] {
    const { me, actions } = this;
    if (!me) return [];
    const items: MenuItem[] = [];
    if (newTypes(me, person).length > 0)
      items.push({
        label: t('people.type.change'),
        icon: 'person',
        onselect: () => (this.retyping = [person]),
      });
    if (mayInviteAgain(me, person))
      items.push({
        label: t('people.inviteAgain'),
        icon: 'mail',
        onselect: () => void this.inviteAgain([person]),
      });
    if (maySendPassword(me, person))
      items.push({
        label: t('people.sendPassword'),
        icon: 'key',
        onselect: () => void actions.sendPassword(person),
      });
    items.push(
      { label: t('people.email.copy'), icon: 'copy', onselect: () => void copy(person.email) },
      { label: t('people.id.copy'), icon: 'copy', onselect: () => void copy(person.id) },
    );
    if (mayDisable(me, person))
      items.push({
        label: t('people.disable'),
        icon: 'pause',
        hint: t('people.key.delete'),
        onselect: () => void this.disable([person]),
      });
    if (mayEnable(me, person))
      items.push({ label: t('people.enable'), icon: 'play', onselect: () => void this.enable([person]) });
    if (mayDelete(me, person))
      items.push({
        label: t('people.remove'),
        icon: 'trash',
        kind: 'loss',
        hint: t('people.key.delete'),
        onselect: () => (this.removing = [person]),
      });
    return items;
  }
}

export function useDesk(self: () => Party | undefined): Desk {
  return new Desk(usePeopleActions(), self);
}

/** Into the clipboard, and says so. */
export async function copy(what: string): Promise<void> {
  const copied = await copyText(what);
  toast(t(copied ? 'people.copied' : 'people.copy.refused', { text: what }), {
    kind: copied ? 'done' : 'failed',
  });
}

/** The place in the URL, and the way to another. */
export function usePlace() {
  const place = $derived(readPlace(page.url.searchParams));
  return {
    get now(): Place {
      return place;
    },
    go(change: Partial<Place>): void {
      // The first letter makes a place of its own for Back; the others refine it.
      const replaceState = place.search !== '' && Boolean(change.search);
      const address = page.url.pathname + placeQuery({ ...place, ...change });
      void goto(address, { keepFocus: true, noScroll: true, replaceState });
    },
  };
}
