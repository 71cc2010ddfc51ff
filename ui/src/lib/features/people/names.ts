/** What several people are called together. */
import { nameOf } from '$lib/names';
import { t } from '$lib/text';

const MOST = 5;

/** The first of them by name. */
export function namesOf(people: readonly { displayName: string; email?: string }[]): string {
  const named = people.slice(0, MOST).map(nameOf).join(', ');
  const others = people.length - MOST;
  return others > 0 ? `${named} ${t('common.more', { count: others })}` : named;
}
