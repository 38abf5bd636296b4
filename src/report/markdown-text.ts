/** Names and sentences in Markdown: what it would take for markup is escaped, and what would move a cursor is shown. */
import { printable } from './printable.ts';

/** What Markdown would take for markup is escaped. */
export function text(raw: string): string {
  return printable(raw).replace(/[\\`*_[\]<>|#]/g, '\\$&');
}

export function code(raw: string): string {
  const inner = printable(raw).replaceAll('|', '\\|');
  return inner.includes('`') ? `\`\` ${inner} \`\`` : `\`${inner}\``;
}

/** Cells are Markdown already. `right`: columns of numbers. */
export function mdTable(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string {
  const rule = titles.map((_, i) => (right.includes(i) ? '--:' : '---'));
  return [titles, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
