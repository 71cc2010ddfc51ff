/** A key in the form, what can be said about it before it is sent, and what the server says afterwards. */
import { ApiError, type Schemas, sentence } from '$lib/api/client';
import { t } from '$lib/text';
import { type Access, permissionsOf } from './scopes';

export const LONGEST_NAME = 30;
export const MOST_DAYS = 365;
export const LIFETIMES = ['never', '30', '90', '365', 'own'] as const;

export type Lifetime = (typeof LIFETIMES)[number];

export interface Draft {
  name: string;
  access: Access;
  lifetime: Lifetime;
  /** As typed; counts with the lifetime `own` only. */
  days: string;
}

export type DraftErrors = Partial<Record<'name' | 'access' | 'days' | 'form', string>>;

export function emptyDraft(): Draft {
  const areas = { rooms: 'none', files: 'none', 'accounts.self': 'none', accounts: 'none' } as const;
  return { name: '', access: { breadth: 'all', areas: { ...areas } }, lifetime: 'never', days: '' };
}

export function checkName(name: string): string | undefined {
  if (name.trim() === '') return t('keys.form.name.needed');
  return name.trim().length > LONGEST_NAME ? t('keys.form.name.long', { most: LONGEST_NAME }) : undefined;
}

export function checkDays({ lifetime, days }: Draft): string | undefined {
  if (lifetime !== 'own') return undefined;
  const number = /^\s*\d{1,3}\s*$/.test(days) ? Number(days) : 0;
  return number >= 1 && number <= MOST_DAYS ? undefined : t('keys.form.days.wrong', { most: MOST_DAYS });
}

/** An empty list of permissions would open everything. */
export function checkAccess(access: Access): string | undefined {
  return permissionsOf(access).length === 0 ? t('keys.form.access.none') : undefined;
}

export function check(draft: Draft): DraftErrors {
  const errors = {
    name: checkName(draft.name),
    access: checkAccess(draft.access),
    days: checkDays(draft),
  };
  return Object.fromEntries(Object.entries(errors).filter(([, error]) => error));
}

/** How many days a key will live; nothing for ever. */
export function daysOf(draft: Draft): number | undefined {
  if (draft.lifetime === 'never' || checkDays(draft)) return undefined;
  return Number(draft.lifetime === 'own' ? draft.days : draft.lifetime);
}

export function bodyOf(draft: Draft): Schemas['CreateApiKeyRequestDto'] {
  const expiresInDays = daysOf(draft) ?? null;
  return { name: draft.name.trim(), permissions: permissionsOf(draft.access), expiresInDays };
}

const FIELDS: Record<string, keyof DraftErrors> = {
  name: 'name',
  permissions: 'access',
  expiresindays: 'days',
};

/** The refusal's sentences beside the fields they are about; what is about none goes to the form. */
export function draftErrors(error: unknown): DraftErrors {
  const errors: DraftErrors = {};
  if (error instanceof ApiError) {
    for (const [path, sentences] of Object.entries(error.fields)) {
      const field = FIELDS[(path.split('.').at(-1) ?? '').replace(/\[\d+\]/, '').toLowerCase()];
      if (field && sentences[0]) errors[field] = sentences[0];
    }
  }
  return Object.keys(errors).length > 0 ? errors : { form: sentence(error) };
}
