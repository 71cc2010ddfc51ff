/** What goes on at the place of the keys: the row that holds the tab stop, and what is asked about which key. */
import type { ApiKey } from '$lib/api/client';
import { copyText } from '$lib/clipboard';
import type { MenuItem } from '$lib/parts/menu';
import { t } from '$lib/text';
import { toast } from '$lib/toasts.svelte';
import { type KeyActions, useKeyActions } from './actions';
import { stateOf } from './state';

export class Desk {
  creating = $state(false);
  renaming = $state.raw<ApiKey>();
  removing = $state.raw<ApiKey>();
  /** The id of the key whose menu is open. */
  menu = $state<string>();
  /** The id of the row with the tab stop. */
  active = $state<string>();
  /** Moves on by itself, for "2 h ago". */
  now = $state(Date.now());
  readonly asking = $derived(this.creating || Boolean(this.renaming ?? this.removing));

  constructor(private readonly actions: KeyActions) {}

  rename(key: ApiKey): void {
    if (stateOf(key, Date.now()) !== 'expired') this.renaming = key;
  }

  async copyId(key: ApiKey): Promise<void> {
    if (await copyText(key.id)) toast(t('keys.id.copied', { name: key.name }), { kind: 'done' });
    else toast(t('keys.id.refused', { id: key.id }), { kind: 'failed' });
  }

  /** Nothing about an expired key changes any more: the server would leave it as it is. */
  items(key: ApiKey): MenuItem[] {
    const state = stateOf(key, this.now);
    const expired = state === 'expired';
    const isActive = !key.isActive;
    return [
      {
        label: t('keys.rename'),
        icon: 'rename',
        hint: expired ? t('keys.state.expired') : 'F2',
        disabled: expired,
        onselect: () => this.rename(key),
      },
      {
        label: t(isActive ? 'keys.enable' : 'keys.disable'),
        icon: isActive ? 'play' : 'pause',
        hint: expired ? t('keys.state.expired') : undefined,
        disabled: expired,
        onselect: () => void this.actions.setActive(key, isActive),
      },
      { label: t('keys.id.copy'), icon: 'copy', onselect: () => void this.copyId(key) },
      {
        label: t('keys.remove'),
        icon: 'trash',
        kind: 'loss',
        hint: t('keys.remove.key'),
        onselect: () => (this.removing = key),
      },
    ];
  }
}

const TICK = 15_000;

export function useDesk(): Desk {
  const desk = new Desk(useKeyActions());
  $effect(() => {
    const clock = setInterval(() => (desk.now = Date.now()), TICK);
    return () => clearInterval(clock);
  });
  return desk;
}
