/**
 * Addresses of the reference's web client, and the places here that answer them. Links in mails, bookmarks and replies
 * of the API keep working. A test walks the table.
 */
export const REDIRECTS: readonly [pattern: RegExp, place: string][] = [
  [/^\/login\/?$/, '/sign-in'],
  [/^\/wizard\/?$/, '/setup'],
  [/^\/rooms\/shared\/(\d+)(?:\/filter)?\/?$/, '/rooms/$1'],
  [/^\/rooms\/shared(?:\/filter)?\/?$/, '/rooms'],
  [/^\/rooms\/personal(?:\/filter)?\/?$/, '/rooms'],
  [/^\/rooms\/archived\/(\d+)(?:\/filter)?\/?$/, '/rooms/$1'],
  [/^\/rooms\/archived(?:\/filter)?\/?$/, '/archive'],
  [/^\/developer-tools\/api-keys\/?$/, '/developer/keys'],
  [/^\/portal-settings\/developer-tools\/api-keys\/?$/, '/developer/keys'],
  [/^\/developer(?:-tools)?\/?$/, '/developer/keys'],
  [/^\/portal-settings\/security(?:\/.*)?$/, '/settings/security'],
  [/^\/portal-settings(?:\/customization(?:\/.*)?)?\/?$/, '/settings'],
  [/^\/profile\/login\/?$/, '/profile/security'],
  [/^\/profile\/interface-theme\/?$/, '/profile/looks'],
  [/^\/profile\/(?:notifications|file-management|authorized-apps)\/?$/, '/profile'],
  [/^\/my-profile(?:\/.*)?$/, '/profile'],
  [/^\/accounts\/(?:people\/)?(?:@self|view\/@self)(?:\/.*)?$/, '/profile'],
  [/^\/accounts(?:\/people)?(?:\/filter)?\/?$/, '/people'],
  [/^\/accounts\/guests(?:\/filter)?\/?$/, '/people/guests'],
  [/^\/accounts\/groups(?:\/filter)?\/?$/, '/people/groups'],
  [/^\/accounts\/groups\/([\da-f-]{36})(?:\/filter)?\/?$/, '/people/groups/$1'],
];

/** The place an address of the reference stands for here; nothing for our own. */
export function placeOf(path: string): string | undefined {
  for (const [pattern, place] of REDIRECTS) {
    if (pattern.test(path)) return path.replace(pattern, place);
  }
  return undefined;
}

/** An address to go on to, if it is a place of ours: whatever stands in a query may come from anybody. */
export function ours(wanted: string | null): string | undefined {
  return wanted && /^\/(?![/\\])/.test(wanted) ? wanted : undefined;
}

/** What the lists there are searched for, as the lists here are. */
export function queryOf(query: URLSearchParams): string {
  const wanted = query.get('search');
  return wanted ? `?${new URLSearchParams({ q: wanted })}` : '';
}
