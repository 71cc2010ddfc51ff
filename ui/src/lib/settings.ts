/** Small choices of this browser. Storage may be forbidden: then a choice lasts as long as the page. */
const kept = new Map<string, string>();

export function readSetting(name: string): string | null {
  try {
    return localStorage.getItem(name) ?? kept.get(name) ?? null;
  } catch {
    return kept.get(name) ?? null;
  }
}

export function writeSetting(name: string, value: string | null): void {
  if (value === null) kept.delete(name);
  else kept.set(name, value);
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch {
    // As said above.
  }
}
