/** What a key may be used for: as the server names it, as it is chosen, and in plain words. */
import { t } from '$lib/text';

export const AREAS = ['rooms', 'files', 'accounts.self', 'accounts'] as const;
export const LEVELS = ['none', 'read', 'write'] as const;
export const BREADTHS = ['all', 'read', 'some'] as const;

export type Area = (typeof AREAS)[number];
export type Level = (typeof LEVELS)[number];
export type Breadth = (typeof BREADTHS)[number];

export interface Access {
  breadth: Breadth;
  /** Counts with `some` only. */
  areas: Record<Area, Level>;
}

/** Never empty unless nothing was chosen: the server takes an empty list for everything. */
export function permissionsOf({ breadth, areas }: Access): string[] {
  if (breadth === 'all') return ['*'];
  if (breadth === 'read') return ['*:read'];
  return AREAS.flatMap((area) => {
    if (areas[area] === 'none') return [];
    // Both, since writing alone does not let a key look at groups.
    return areas[area] === 'read' ? [`${area}:read`] : [`${area}:read`, `${area}:write`];
  });
}

export function levelOf(permissions: string[], area: Area): Level {
  if (isEverything(permissions) || permissions.includes(`${area}:write`)) return 'write';
  return permissions.includes('*:read') || permissions.includes(`${area}:read`) ? 'read' : 'none';
}

/** "Rooms: read", "Files and folders: read and write". */
export function inWords(permissions: string[]): string[] {
  if (isEverything(permissions)) return [t('keys.access.all')];
  const readsAll = permissions.includes('*:read');
  const words = AREAS.flatMap((area) => {
    const level = levelOf(permissions, area);
    if (level === 'none' || (readsAll && level === 'read')) return [];
    return [t('keys.access.area', { area: t(`keys.area.${area}`), level: t(`keys.access.may.${level}`) })];
  });
  return readsAll ? [t('keys.access.read'), ...words] : words;
}

function isEverything(permissions: string[]): boolean {
  return permissions.length === 0 || permissions.includes('*') || permissions.includes('*:write');
}
