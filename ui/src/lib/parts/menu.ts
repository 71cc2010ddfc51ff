import type { IconName } from './icons';

export interface MenuItem {
  label: string;
  icon?: IconName;
  /** Its key, or why it is disabled. */
  hint?: string;
  kind?: 'loss';
  disabled?: boolean;
  onselect: () => void;
}
