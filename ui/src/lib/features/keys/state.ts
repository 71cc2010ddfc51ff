import type { ApiKey } from '$lib/api/client';

export type KeyState = 'on' | 'off' | 'expired';

export function stateOf(key: ApiKey, now: number): KeyState {
  if (key.expiresAt && Date.parse(key.expiresAt) <= now) return 'expired';
  return key.isActive ? 'on' : 'off';
}

/** Whether every word typed occurs in the name, the key's end, or the maker's name. */
export function matches(key: ApiKey, typed: string): boolean {
  const text = [key.name, key.keyPostfix, key.createBy?.displayName].join(' ').toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

const days = new Intl.DateTimeFormat('en', { dateStyle: 'medium' });

/** A date without its time. */
export function day(date: string | number): string {
  return days.format(new Date(date));
}
