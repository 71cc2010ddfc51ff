// The catalogue in two parts: what the first page says, and what the others do, which load later. One file stays one
// file for whoever writes texts.
import { readFileSync } from 'node:fs';

const CATALOGUE = new URL('../messages/en.json', import.meta.url);
const NAMES = ['virtual:texts/first', 'virtual:texts/later'];

/** What keys begin with that no part of the first page uses. Pages that do import `$lib/later`. */
export const LATER = [
  'confirm',
  'factor',
  'forgotten',
  'groups',
  'keys',
  'members',
  'password',
  'people',
  'picker',
  'profile',
  'settings',
  'setup',
  'signIn',
];

/** @param {string} key */
function isLater(key) {
  return LATER.some((area) => key.startsWith(`${area}.`));
}

/** @returns {import('vite').Plugin} */
export function texts() {
  return {
    name: 'texts',
    resolveId: (id) => (NAMES.includes(id) ? `\0${id}` : undefined),
    load(id) {
      const at = NAMES.indexOf(id.slice(1));
      if (id[0] !== '\0' || at < 0) return undefined;
      this.addWatchFile(CATALOGUE.pathname);
      const all = Object.entries(JSON.parse(readFileSync(CATALOGUE, 'utf8')));
      const part = all.filter(([key]) => isLater(key) === (at === 1));
      return `export default ${JSON.stringify(Object.fromEntries(part))}`;
    },
  };
}
