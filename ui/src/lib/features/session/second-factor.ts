/** The second factor: binding an authenticator app, giving a code, and the codes for when the app is gone. */
import type { BackupCode, Token, TwoFactorSetup } from '$lib/api/access';
import { api, ApiError, ask } from '$lib/api/client';

/** What a reply, or a mailed address, asks for; the key may stand in a cookie. */
export interface Factor {
  /** The query of the address, which goes back as the header `confirm`. */
  confirm: string;
  /** An app has to be bound first. */
  binds: boolean;
}

/** The second factor a sign-in asks for; none when it is complete. */
export function factorOf({ token, confirmUrl, tfaKey }: Token): Factor | undefined {
  if (token || !confirmUrl) return undefined;
  const confirm = new URL(confirmUrl, location.origin).search.slice(1);
  const kind = new URLSearchParams(confirm).get('type');
  return { confirm, binds: kind === 'TfaActivation' || Boolean(tfaKey) };
}

/** The secret for a new app, as a picture and as text. */
export function setUp(confirm: string): Promise<TwoFactorSetup> {
  return ask(api.GET('/api/2.0/settings/tfaapp/setup', { headers: { confirm } }));
}

/** Gives a code; whoever is right is signed in. */
export async function validate(confirm: string, code: string): Promise<void> {
  const body = { code };
  await ask(api.POST('/api/2.0/settings/tfaapp/validate', { headers: { confirm }, body }));
}

export function backupCodes(): Promise<BackupCode[]> {
  return ask(api.GET('/api/2.0/settings/tfaappcodes'));
}

export function newBackupCodes(): Promise<BackupCode[]> {
  return ask(api.PUT('/api/2.0/settings/tfaappnewcodes'));
}

/** Whether the time for the second step is over, or its link is void. */
export function isOver(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 401 || error.status === 403);
}
