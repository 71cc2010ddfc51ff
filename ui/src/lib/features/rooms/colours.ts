/** The colours of rooms: a fixed palette; white initials keep 4.5:1 on each of them, in both themes. */
import type { Key } from '$lib/text';

export const COLOURS: readonly { hex: string; name: Key }[] = [
  { hex: 'af3d34', name: 'rooms.colour.brick' },
  { hex: '985611', name: 'rooms.colour.amber' },
  { hex: '776a15', name: 'rooms.colour.olive' },
  { hex: '53752a', name: 'rooms.colour.moss' },
  { hex: '267b4c', name: 'rooms.colour.green' },
  { hex: '14766c', name: 'rooms.colour.verdigris' },
  { hex: '0c7489', name: 'rooms.colour.sea' },
  { hex: '106eab', name: 'rooms.colour.blue' },
  { hex: '4860be', name: 'rooms.colour.indigo' },
  { hex: '7750b1', name: 'rooms.colour.violet' },
  { hex: '974391', name: 'rooms.colour.plum' },
  { hex: '686357', name: 'rooms.colour.stone' },
];

const FALLBACK = '686357';
const LIGHT_INK = '#ffffff';
const DARK_INK = '#000000';

/** One of the palette, by chance. */
export function anyColour(): string {
  return COLOURS[Math.floor(Math.random() * COLOURS.length)]?.hex ?? FALLBACK;
}

/** A colour the API gave, as CSS: scripts may have stored anything of six characters or fewer. */
export function cssColour(colour: string | undefined): string {
  return `#${/^([0-9a-f]{3}|[0-9a-f]{6})$/i.test(colour ?? '') ? colour : FALLBACK}`;
}

/** The ink that reads best on a colour: of white and pure black one always keeps 4.5:1. */
export function inkOn(css: string): string {
  const background = luminance(css);
  const onLight = 1.05 / (background + 0.05);
  const onDark = (background + 0.05) / (luminance(DARK_INK) + 0.05);
  return onLight >= 4.5 || onLight >= onDark ? LIGHT_INK : DARK_INK;
}

function luminance(css: string): number {
  const digits = css.slice(1);
  const full = digits.length === 3 ? digits.replace(/./g, '$&$&') : digits;
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) =>
    linear(parseInt(full.slice(at, at + 2), 16) / 255),
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function linear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** Two letters for a room without a picture. */
export function initials(title: string): string {
  const words = title.split(/[\s_\-–—.,]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const [first = title, second] = words;
  const letters = second ? [...first].slice(0, 1).concat([...second].slice(0, 1)) : [...first].slice(0, 2);
  return letters.join('').toLocaleUpperCase();
}
