/** The sections of the settings, each at an address of its own. */
export const SECTIONS = [
  { name: 'general', path: '/settings' },
  { name: 'security', path: '/settings/security' },
] as const;

export type Section = (typeof SECTIONS)[number]['name'];

/** The section of an address; nothing for one that isn't there. */
export function sectionOf(name: string | undefined): Section | undefined {
  if (!name) return 'general';
  return SECTIONS.find((section) => section.path === `/settings/${name}`)?.name;
}
