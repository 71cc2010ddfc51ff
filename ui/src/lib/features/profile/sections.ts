/** The sections of the profile, each at an address of its own. */
export const SECTIONS = [
  { name: 'about', path: '/profile' },
  { name: 'security', path: '/profile/security' },
  { name: 'sessions', path: '/profile/sessions' },
  { name: 'looks', path: '/profile/looks' },
] as const;

export type Section = (typeof SECTIONS)[number]['name'];

/** The section of an address; nothing for one that isn't there. */
export function sectionOf(name: string | undefined): Section | undefined {
  if (!name) return 'about';
  return SECTIONS.find((section) => section.path === `/profile/${name}`)?.name;
}
