/** Light, dark, or as the system wishes. `static/theme.js` applies the choice before the first paint. */
import { readSetting, writeSetting } from '$lib/settings';

export type Theme = 'system' | 'light' | 'dark';

const stored = readSetting('theme');
let choice = $state<Theme>(stored === 'light' || stored === 'dark' ? stored : 'system');

export const theme = {
  get choice(): Theme {
    return choice;
  },
  set choice(value: Theme) {
    choice = value;
    writeSetting('theme', value === 'system' ? null : value);
    if (value === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = value;
  },
  /** What is seen now. */
  get isDark(): boolean {
    return choice === 'dark' || (choice === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  },
};
