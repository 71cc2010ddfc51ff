/** What a new password must be, by the portal's policy; shown while one types. */
import type { PasswordPolicy } from '$lib/api/access';
import { api, ask } from '$lib/api/client';
import type { Key } from '$lib/text';

export interface Rule {
  key: Key;
  values?: Record<string, number>;
  holds: (password: string) => boolean;
}

const MOST = 30;
const PLAIN: PasswordPolicy = { minLength: 8, upperCase: false, digits: false, specSymbols: false };
const SIGNS = /[\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]/;

export function rulesOf(policy: PasswordPolicy = PLAIN): Rule[] {
  const least = policy.minLength;
  const rules: Rule[] = [
    { key: 'password.rule.length', values: { least, most: MOST }, holds: (typed) => isBetween(typed, least) },
    { key: 'password.rule.letters', holds: (typed) => /^[\x21-\x7e]+$/.test(typed) },
  ];
  if (policy.upperCase) rules.push({ key: 'password.rule.capital', holds: (typed) => /[A-Z]/.test(typed) });
  if (policy.digits) rules.push({ key: 'password.rule.digit', holds: (typed) => /\d/.test(typed) });
  if (policy.specSymbols) rules.push({ key: 'password.rule.sign', holds: (typed) => SIGNS.test(typed) });
  return rules;
}

function isBetween(typed: string, least: number): boolean {
  return typed.length >= least && typed.length <= MOST;
}

export function isGood(password: string, rules: readonly Rule[]): boolean {
  return rules.every((rule) => rule.holds(password));
}

/** The portal's rules, asked for with a mailed link. */
export async function rulesFor(confirm: string): Promise<Rule[]> {
  return rulesOf(await ask(api.GET('/api/2.0/settings/security/password', { headers: { confirm } })));
}
