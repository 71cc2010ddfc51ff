/**
 * Texts come from a catalogue: `t('rooms.total', { count: 3 })`. A text may have plural forms, by the names of
 * `Intl.PluralRules`, chosen by the value `count`. Another language is another file with the same keys.
 */
import type en from '$messages/en.json';
import first from 'virtual:texts/first';

export type Key = keyof typeof en;
type Values = Record<string, string | number>;

const texts = { ...first };

/** Adds texts of pages that load later. */
export function addTexts(more: typeof first): void {
  Object.assign(texts, more);
}

const language = 'en';
const plurals = new Intl.PluralRules(language);

export function t(key: Key, values: Values = {}): string {
  const entry = texts[key] ?? key;
  const text = typeof entry === 'string' ? entry : plural(entry, Number(values.count ?? 0));
  return text.replace(/\{(\w+)\}/g, (mark, name: string) => String(values[name] ?? mark));
}

function plural(forms: Record<string, string>, count: number): string {
  return forms[plurals.select(count)] ?? forms.other ?? '';
}

const relative = new Intl.RelativeTimeFormat(language, { style: 'narrow', numeric: 'auto' });
const exact = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['second', 60],
  ['minute', 60],
  ['hour', 24],
  ['day', 30],
  ['month', 12],
];

/** A date as "2 h ago". */
export function ago(date: string, now = Date.now()): string {
  let distance = (Date.parse(date) - now) / 1000;
  for (const [unit, size] of STEPS) {
    if (Math.abs(distance) < size) return relative.format(Math.round(distance), unit);
    distance /= size;
  }
  return relative.format(Math.round(distance), 'year');
}

/** A date in full, for titles. */
export function fullDate(date: string): string {
  return exact.format(new Date(date));
}
