/** Passwords do not leave the browser: what is sent is their hash, as `GET /settings` prescribes. */
import type { Schemas } from '$lib/api/client';

export type HashRule = Schemas['PasswordHasher'];

export const SHORTEST = 8;
export const LONGEST = 30;

/** The browser hashes only on https and on the own machine. */
export function canHash(): boolean {
  return globalThis.crypto?.subtle !== undefined;
}

/** PBKDF2 over SHA-256 in lower-case hex; the salt is the bytes of its hex text. */
export async function hashPassword(password: string, rule: HashRule): Promise<string> {
  const bytes = new TextEncoder().encode(password.trim());
  const salt = new TextEncoder().encode(rule.salt);
  if (!canHash()) {
    const { pbkdf2 } = await import('./pbkdf2');
    return hex(pbkdf2(bytes, salt, rule.iterations, rule.size / 8));
  }
  const key = await crypto.subtle.importKey('raw', bytes, 'PBKDF2', false, ['deriveBits']);
  const way = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rule.iterations };
  return hex(new Uint8Array(await crypto.subtle.deriveBits(way, key, rule.size)));
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export interface Rules {
  length: boolean;
  characters: boolean;
}

/** Which rules a new password keeps. */
export function checkPassword(password: string): Rules {
  return {
    length: password.length >= SHORTEST && password.length <= LONGEST,
    characters: /^[\x21-\x7E]+$/.test(password),
  };
}

const EMAIL = /^[^\s@]+@[^\s@]+$/;

export function looksLikeEmail(text: string): boolean {
  return EMAIL.test(text.trim());
}
