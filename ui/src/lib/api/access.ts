/** Names for what the API says about access (foundation.md §2, people.md §7). */
import type { Schemas } from './client';

export type Token = Schemas['AuthenticationTokenDto'];
export type LinkState = Pick<Schemas['ConfirmDto'], 'result' | 'email' | 'roomId' | 'title'>;
export type PasswordPolicy = Pick<
  Schemas['PasswordSettingsDto'],
  'minLength' | 'upperCase' | 'digits' | 'specSymbols'
>;
export type BackupCode = Schemas['TfaAppCodeDto'];
export type Connection = Schemas['ActiveConnectionsItemDto'];
export type Connections = Schemas['ActiveConnectionsDto'];
export type TwoFactorSetup = Schemas['SetupCode'];
export type ConfirmData = Schemas['TfaConfirmDataDto'];
