/** What people are called. The API sends names escaped for HTML; a page that writes text shows them as they are. */
interface Named {
  displayName: string;
  email?: string;
}

const SIGNS: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

export function nameOf(person: Named): string {
  return unescaped(person.displayName) || person.email || '';
}

export function unescaped(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w+));/gi, (mark, decimal, hex, name) => {
    if (name) return SIGNS[name.toLowerCase()] ?? mark;
    const code = decimal ? Number(decimal) : parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : mark;
  });
}
