/** Names from files cannot move the cursor of a terminal or reorder its text. */
export const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\u001b': '\\e' };

/** Control characters, and marks that reorder text, as escapes: a file may be named `\e[2J`. */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cs}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu,
    (mark) => ESCAPES[mark] ?? `\\u{${(mark.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
