/** What a reader set for this browser: the theme, and whether single letters are shortcuts. */
export type Theme = 'system' | 'light' | 'dark';

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Storage may be forbidden: the choice then lasts as long as the page.
  }
}

const stored = read('theme');

class Preferences {
  #theme = $state<Theme>(stored === 'light' || stored === 'dark' ? stored : 'system');
  #letters = $state(read('letters') !== 'off');

  get theme(): Theme {
    return this.#theme;
  }

  set theme(theme: Theme) {
    this.#theme = theme;
    write('theme', theme);
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }

  /** Whether single letters without Ctrl, ⌘ or Alt are shortcuts (WCAG 2.1.4). */
  get letters(): boolean {
    return this.#letters;
  }

  set letters(on: boolean) {
    this.#letters = on;
    write('letters', on ? 'on' : 'off');
  }
}

export const preferences = new Preferences();

const THEMES: Record<string, Theme> = { System: 'system', Base: 'light', Dark: 'dark' };

/** Takes over the theme that is kept with the account: it is the same in every browser. */
export function followTheme(name: string | null | undefined): void {
  const theme = THEMES[name ?? ''];
  if (theme && theme !== preferences.theme) preferences.theme = theme;
}
