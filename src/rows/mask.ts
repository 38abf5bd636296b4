/** What a value looks like without what it says: enough to see why it does not fit, for plans and reports, which hold no row contents. */

/** Longer text is cut; the sign says so. */
const CHARS = 16;

/** `'b-7 Ünal'` → `'"a-9 Aaaa"'`, 120 → `'999'`, a blob → its length. SQLite's values in this process: numbers, text, bytes. */
export function masked(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (value instanceof Uint8Array) return `blob of ${value.length} ${value.length === 1 ? 'byte' : 'bytes'}`;
  if (typeof value !== 'string') return String(value).replaceAll(/\d/g, '9');
  const signs = [...value];
  const shown = signs.slice(0, CHARS).map(maskedSign).join('');
  return `"${shown}${signs.length > CHARS ? '…' : ''}"`;
}

function maskedSign(sign: string): string {
  if (/\p{Lu}/u.test(sign)) return 'A';
  if (/[\p{L}\p{M}]/u.test(sign)) return 'a';
  if (/\p{N}/u.test(sign)) return '9';
  // Control characters, and signs that may be pictures of something.
  return /[\x20-\x7e]/.test(sign) ? sign : '?';
}
