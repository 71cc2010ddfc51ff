/** The lists of people and groups, as tabs of their places. */
import { t } from '$lib/text';

const TABS = [
  { tab: 'people', path: '/people' },
  { tab: 'guests', path: '/people/guests' },
  { tab: 'groups', path: '/people/groups' },
] as const;

export function tabsFor(
  here: (typeof TABS)[number]['tab'],
): { path: string; label: string; here: boolean }[] {
  return TABS.map(({ tab, path }) => ({ path, label: t(`people.tab.${tab}`), here: tab === here }));
}
