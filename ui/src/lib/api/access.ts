/**
 * Calls about access that the generated types don't hold yet, by the contract (foundation.md §2, people.md §5–7). The
 * same client, seen with other types.
 */
import type { Client } from 'openapi-fetch';
import { api, type Person } from './client';

type Verb<T, Body = never, Path = never> = {
  parameters: [Path] extends [never] ? object : { path: Path };
  responses: { 200: { content: { 'application/json': { response?: T } } } };
} & ([Body] extends [never] ? object : { requestBody: { content: { 'application/json': Body } } });

export interface Token {
  token?: string | null;
  tfa: boolean;
  sms: boolean;
  tfaKey?: string | null;
  confirmUrl?: string | null;
}

/** Members of the account that the generated type leaves out. */
export type Profile = Person & { location?: string; notes?: string };

export interface LinkState {
  result: number;
  roomId?: string;
  title?: string;
  email?: string;
}

export interface PasswordPolicy {
  minLength: number;
  upperCase: boolean;
  digits: boolean;
  specSymbols: boolean;
}

export interface BackupCode {
  isUsed: boolean;
  code: string;
}

export interface Connection {
  id: number;
  mobile: boolean;
  ip?: string;
  country?: string;
  city?: string;
  browser?: string;
  platform?: string;
  date: string;
}

export interface Connections {
  loginEvent: number;
  items: Connection[];
}

export interface SecondFactorState {
  id: string;
  title: string;
  enabled: boolean;
  available: boolean;
}

export interface TwoFactorSetup {
  account: string;
  manualEntryKey: string;
  qrCodeSetupImageUrl: string;
}

export interface ConfirmData {
  url: string;
  cookieName?: string;
  cookieValue?: string;
}

interface AuthBody {
  userName?: string;
  passwordHash?: string;
  confirmData?: { email: string; key: string; first?: boolean };
}

interface LinkBody {
  type: string;
  key: string;
  email?: string;
  encEmail?: string;
  emplType?: string;
  uiD?: string;
  first?: string;
  roomId?: string;
}

interface MemberBody {
  fromInviteLink: true;
  key: string;
  email: string;
  firstName: string;
  lastName: string;
  passwordHash: string;
  type?: string;
  cultureName?: string;
}

type By = { userid: string };

export interface AccessPaths {
  '/api/2.0/authentication': { get: Verb<boolean>; post: Verb<Token, AuthBody> };
  '/api/2.0/authentication/confirm': { post: Verb<LinkState, LinkBody> };
  '/api/2.0/people': { post: Verb<Person, MemberBody> };
  '/api/2.0/people/@self': { delete: Verb<Person> };
  '/api/2.0/people/self/delete': { put: Verb<string> };
  '/api/2.0/people/email': { post: Verb<string, { userId: string; email: string }> };
  '/api/2.0/people/password': { post: Verb<string, { email: string }> };
  '/api/2.0/people/theme': { put: Verb<{ theme: string }, { theme: string }> };
  '/api/2.0/people/activationstatus/{activationstatus}': {
    put: Verb<Person[], { userIds: string[] }, { activationstatus: string }>;
  };
  '/api/2.0/people/guests/share/approve': { post: Verb<Person, { email: string }> };
  '/api/2.0/people/{userid}': {
    get: Verb<Profile, never, By>;
    put: Verb<Profile, { firstName?: string; lastName?: string; location?: string; comment?: string }, By>;
  };
  '/api/2.0/people/{userid}/culture': { put: Verb<Person, { cultureName: string }, By> };
  '/api/2.0/people/{userid}/email': { put: Verb<Person, { email?: string; encEmail?: string }, By> };
  '/api/2.0/people/{userid}/password': { put: Verb<Person, { passwordHash: string }, By> };
  '/api/2.0/people/{userid}/photo': {
    post: Verb<{ success: boolean; message?: string }, FormData, By>;
    delete: Verb<unknown, never, By>;
  };
  '/api/2.0/portal/suspend': { put: Verb<unknown> };
  '/api/2.0/portal/continue': { put: Verb<unknown> };
  '/api/2.0/portal/delete': { delete: Verb<string> };
  '/api/2.0/settings/cultures': { get: Verb<string[]> };
  '/api/2.0/settings/owner': { put: Verb<unknown, { ownerId: string }> };
  '/api/2.0/settings/security/password': { get: Verb<PasswordPolicy> };
  '/api/2.0/settings/tfaapp': { get: Verb<SecondFactorState[]> };
  '/api/2.0/settings/tfaapp/confirm': { get: Verb<ConfirmData> };
  '/api/2.0/settings/tfaapp/setup': { get: Verb<TwoFactorSetup> };
  '/api/2.0/settings/tfaapp/validate': { post: Verb<boolean, { code: string; session?: boolean }> };
  '/api/2.0/settings/tfaappcodes': { get: Verb<BackupCode[]> };
  '/api/2.0/settings/tfaappnewcodes': { put: Verb<BackupCode[]> };
  '/api/2.0/settings/tfaappnewapp': { put: Verb<string, Record<string, never>> };
  '/api/2.0/security/activeconnections': { get: Verb<Connections> };
  '/api/2.0/security/activeconnections/logout/{loginEventId}': {
    put: Verb<boolean, never, { loginEventId: number }>;
  };
  '/api/2.0/security/activeconnections/logoutallexceptthis': { put: Verb<string> };
  '/api/2.0/security/activeconnections/logoutall/{userId}': { put: Verb<unknown, never, { userId: string }> };
  '/api/2.0/security/activeconnections/logoutallchangepassword': { put: Verb<string> };
}

export const access = api as unknown as Client<AccessPaths>;
