/** Calls about the portal's settings (foundation.md §2.4, §2.7, §4.4): for administrators. */
import { api, ask, type Schemas } from './client';

export type Factor = Schemas['TfaSettingsDto'];
export type PasswordRules = Pick<
  Schemas['PasswordSettingsDto'],
  'minLength' | 'upperCase' | 'digits' | 'specSymbols'
>;
export type Attempts = Schemas['LoginSettingsDto'];
export type Lifetime = Schemas['CookieSettingsDto'];
export type Invitations = Pick<
  Schemas['TenantUserInvitationSettings'],
  'allowInvitingMembers' | 'allowInvitingGuests'
>;
export type TimeZone = Schemas['TimezonesRequestsDto'];

export const settings = {
  /** The authenticator app, as the portal asks for it. */
  factor: async (): Promise<Factor | undefined> =>
    (await ask(api.GET('/api/2.0/settings/tfaapp'))).find(({ id }) => id === 'app'),
  /** Switching it on ends every session, the caller's too. */
  setFactor: (body: Schemas['TfaRequestsDto']) => ask(api.PUT('/api/2.0/settings/tfaapp', { body })),

  passwords: () => ask(api.GET('/api/2.0/settings/security/password')),
  setPasswords: (body: PasswordRules) => ask(api.PUT('/api/2.0/settings/security/password', { body })),

  attempts: (): Promise<Attempts> => ask(api.GET('/api/2.0/settings/security/loginsettings')),
  setAttempts: (body: Omit<Attempts, 'isDefault'>) =>
    ask(api.PUT('/api/2.0/settings/security/loginsettings', { body })),
  resetAttempts: () => ask(api.DELETE('/api/2.0/settings/security/loginsettings')),

  lifetime: (): Promise<Lifetime> => ask(api.GET('/api/2.0/settings/cookiesettings')),
  /** A limit ends every session; the caller's goes on in a new one. */
  setLifetime: (body: Lifetime) => ask(api.PUT('/api/2.0/settings/cookiesettings', { body })),

  invitations: () => ask(api.GET('/api/2.0/settings/invitationsettings')),
  setInvitations: (body: Invitations) => ask(api.PUT('/api/2.0/settings/invitationsettings', { body })),

  title: async () => ({
    title: String(await ask(api.GET('/api/2.0/settings/greetingsettings'))),
    isDefault: await ask(api.GET('/api/2.0/settings/greetingsettings/isdefault')),
  }),
  setTitle: (title: string) => ask(api.POST('/api/2.0/settings/greetingsettings', { body: { title } })),
  resetTitle: () => ask(api.POST('/api/2.0/settings/greetingsettings/restore')),

  place: async () => {
    const { culture, timezone } = await ask(api.GET('/api/2.0/settings'));
    return { culture, timeZone: timezone ?? '' };
  },
  setPlace: (lng: string, timeZoneID: string) =>
    ask(api.PUT('/api/2.0/settings/timeandlanguage', { body: { lng, timeZoneID } })),
  timeZones: (): Promise<TimeZone[]> => ask(api.GET('/api/2.0/settings/timezones')),
};
