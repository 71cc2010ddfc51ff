/** Set-up: the one-time token, the rules of a password, and the owner's account. */
import { api, ask } from '$lib/api/client';
import { passwordHash } from '$lib/session.svelte';
import type { Key } from '$lib/text';

/** The rules a password keeps, each with its text; shown while one types. */
export const RULES: readonly { key: Key; holds: (password: string) => boolean }[] = [
  { key: 'setup.rule.length', holds: (password) => password.length >= 8 && password.length <= 30 },
  { key: 'setup.rule.letters', holds: (password) => /^[\x21-\x7e]+$/.test(password) },
];

function confirm(token: string): Record<string, string> {
  return { confirm: `type=Wizard&key=${token}` };
}

/** Whether the token is the one the server printed at its last start, and there is no owner yet. */
export async function isTokenGood(token: string): Promise<boolean> {
  const settings = await ask(api.GET('/api/2.0/settings', { headers: confirm(token) }));
  return Boolean(settings.wizardToken);
}

/** Makes the owner's account; the reply signs the owner in. */
export async function makeOwner(token: string, email: string, password: string): Promise<void> {
  const body = {
    email,
    passwordHash: await passwordHash(password),
    lng: navigator.language,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
  await ask(api.PUT('/api/2.0/settings/wizard/complete', { headers: confirm(token), body }));
}
