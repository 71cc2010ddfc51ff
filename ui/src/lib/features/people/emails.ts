/** Addresses as they are typed or pasted: one after the other, however they are parted. */
const STRICT = /^[^\s<>()[\]\\,;:@]+@[^\s<>()[\]\\,;:@]+\.[\p{L}]{2,}$/u;

export function isEmail(text: string): boolean {
  return text.length <= 255 && STRICT.test(text);
}

export function parseEmails(text: string): { emails: string[]; wrong: string[] } {
  const words = text.split(/[\s,;]+/).map((word) => word.replace(/^<|>$/g, ''));
  const seen = new Set<string>();
  const emails: string[] = [];
  const wrong: string[] = [];
  for (const word of words) {
    if (word === '' || seen.has(word.toLowerCase())) continue;
    seen.add(word.toLowerCase());
    (isEmail(word) ? emails : wrong).push(word);
  }
  return { emails, wrong };
}
