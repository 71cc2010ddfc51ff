/** Set-up: the one-time token, and the owner's account. */
import { api, ask } from '$lib/api/client';
import { passwordHash } from '$lib/session.svelte';

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
