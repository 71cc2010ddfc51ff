/**
 * The one way to the server: the generated types, and every refusal as an {@link ApiError} with the server's own
 * sentence.
 */
import createClient from 'openapi-fetch';
import { t } from '$lib/text';
import type { components, paths } from './schema';

export type Schemas = components['schemas'];
export type Room = Schemas['FolderDtoInteger'];
export type Person = Schemas['EmployeeFullDto'];
export type ApiKey = Schemas['ApiKeyResponseDto'];

export const api = createClient<paths>({ baseUrl: '/', credentials: 'same-origin' });

/** A refusal of the server, or `status` 0 when it could not be reached. */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly code: string = '',
    readonly requestId: string = '',
    /** Sentences about single fields, by field. */
    readonly fields: Record<string, string[]> = {},
  ) {
    super(message);
  }
}

interface Outcome<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** `response` of the envelope, or an {@link ApiError}. */
export async function ask<T extends { response?: unknown; status?: number }>(
  outcome: Promise<Outcome<T>>,
): Promise<NonNullable<T['response']>> {
  let answered: Outcome<T>;
  try {
    answered = await outcome;
  } catch {
    throw new ApiError(t('error.unreachable'), 0);
  }
  if (!answered.response.ok) throw refusal(answered.error, answered.response);
  return answered.data?.response as NonNullable<T['response']>;
}

interface Refusal {
  error?: { message?: string; code?: string };
  response?: { errors?: Record<string, string[]> };
}

function refusal(body: unknown, response: Response): ApiError {
  const refused = (body ?? {}) as Refusal;
  const id = response.headers.get('x-request-id') ?? '';
  const fields = refused.response?.errors ?? {};
  const first = Object.values(fields)[0]?.[0];
  const message = refused.error?.message ?? first ?? t('error.unknown');
  return new ApiError(message, response.status, refused.error?.code ?? '', id, fields);
}

/** The server's sentence, whatever went wrong. */
export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : t('error.unknown');
}

/** Whether the server was not reached at all. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof ApiError && error.status === 0;
}
