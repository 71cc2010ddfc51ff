/** The languages there are, and what they are called. */
import { queryOptions } from '@tanstack/svelte-query';
import { api, ask } from './api/client';

export function culturesOptions() {
  return queryOptions({
    queryKey: ['cultures'],
    queryFn: ({ signal }) => ask(api.GET('/api/2.0/settings/cultures', { signal })),
    staleTime: Infinity,
  });
}

/** A language by its own name. */
function ownName(culture: string): string {
  try {
    const name = new Intl.DisplayNames([culture], { type: 'language' }).of(culture) ?? culture;
    return name.charAt(0).toLocaleUpperCase(culture) + name.slice(1);
  } catch {
    return culture;
  }
}

/** Choices for a field; the one that is chosen already is among them, whatever the server offers. */
export function languagesFor(
  cultures: readonly string[] = [],
  chosen?: string,
): { value: string; label: string }[] {
  const all = new Set([...cultures, ...(chosen ? [chosen] : [])]);
  return [...all].map((value) => ({ value, label: ownName(value) }));
}
