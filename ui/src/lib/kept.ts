/**
 * What was typed when a form was taken away (the session ended, the reader went back), kept for this tab and the person
 * who typed it, until the form comes again.
 */
const PREFIX = 'kept.';

export function keep(form: string, person: string | undefined, draft: unknown): void {
  try {
    sessionStorage.setItem(PREFIX + form, JSON.stringify({ person, draft }));
  } catch {
    // A browser that stores nothing: then it is gone.
  }
}

/** Gives it back, once. */
export function takeKept<T>(form: string, person: string | undefined): T | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(PREFIX + form) ?? 'null');
    sessionStorage.removeItem(PREFIX + form);
    return kept && kept.person === person ? kept.draft : undefined;
  } catch {
    return undefined;
  }
}

export function forgetKept(): void {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  } catch {
    // Nothing was kept either.
  }
}
