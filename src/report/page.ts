/**
 * Text for a terminal: names from files cannot move the cursor, no line is wider than the page, colour is only a second
 * channel. Knows nothing about what is reported.
 */
import { styleText } from 'node:util';
import stringWidth from 'string-width';
import { ESCAPES, printable } from './printable.ts';

export interface Page {
  /** Columns of the terminal. */
  readonly width: number;
  readonly colour: boolean;
}

export type Style = Parameters<typeof styleText>[0];

export function paint(page: Page, style: Style, text: string): string {
  return page.colour ? styleText(style, text, { validateStream: false }) : text;
}

/** Lines of at most `width` columns, broken at spaces, inside a word only where it is wider than a line. */
export function wrap(text: string, width: number): readonly string[] {
  const room = Math.max(1, width);
  const lines: string[] = [];
  let line = '';
  for (const word of printable(text).split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (stringWidth(longer) <= room) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = split(word, room);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? '';
  }
  return [...lines, line];
}

function split(word: string, width: number): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const { segment } of new Intl.Segmenter().segment(word)) {
    if (piece !== '' && stringWidth(piece + segment) > width) {
      pieces.push(piece);
      piece = '';
    }
    piece += segment;
  }
  return [...pieces, piece];
}

/** `text` in a block whose first line begins with `head` and whose other lines are indented as far. */
export function block(head: string, text: string, width: number): readonly string[] {
  const indent = stringWidth(head);
  return wrap(text, width - indent).map((line, i) => `${i === 0 ? head : ' '.repeat(indent)}${line}`);
}

/** `text` and, at the right edge of its last line or on one more line, `edge`. */
export function withEdge(lines: readonly string[], edge: string, width: number): readonly string[] {
  const last = lines.at(-1) ?? '';
  const gap = width - stringWidth(last) - stringWidth(edge);
  if (gap >= 2) return [...lines.slice(0, -1), `${last}${' '.repeat(gap)}${edge}`];
  return [...lines, `${' '.repeat(Math.max(0, width - stringWidth(edge)))}${edge}`];
}

export interface ColumnSpec {
  readonly title: string;
  readonly align?: 'right';
  /** Needs no title where it stands below the first column. */
  readonly plain?: true;
}

/**
 * Aligned columns. Where the page is too narrow for all of them, the first stands on a line of its own and the others are
 * below it, wrapped: nothing is cut off.
 */
export function table(
  specs: readonly ColumnSpec[],
  rows: readonly (readonly string[])[],
  width: number,
): readonly string[] {
  const cells = [specs.map(({ title }) => title), ...rows.map((row) => row.map(printable))];
  const widths = specs.map((_, i) => Math.max(...cells.map((row) => stringWidth(row[i] ?? ''))));
  const pad = (text: string, i: number): string => {
    const gap = ' '.repeat(Math.max(0, (widths[i] ?? 0) - stringWidth(text)));
    return specs[i]?.align === 'right' ? gap + text : text + gap;
  };
  if (widths.reduce((sum, one) => sum + one + 2, -2) <= width) {
    return cells.map((row) => row.map(pad).join('  ').trimEnd());
  }
  return cells.slice(1).flatMap(([first = '', ...rest]) => {
    const named = rest.flatMap((text, i) =>
      text === '' ? [] : [specs[i + 1]?.plain === true ? text : `${specs[i + 1]?.title ?? ''} ${text}`],
    );
    return [...wrap(first, width), ...block('  ', named.join(' · '), width)];
  });
}

/** A command as it is typed into a shell. */
export function commandLine(args: readonly string[]): string {
  return ['desprawl', ...args.map(shellWord)].join(' ');
}

function shellWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  if (!/[\p{Cc}]/u.test(word)) return `'${word.replaceAll("'", "'\\''")}'`;
  const escaped = word.replace(/[\\']/g, '\\$&').replace(/\p{Cc}/gu, (mark) => {
    return ESCAPES[mark] ?? `\\x${(mark.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`;
  });
  return `$'${escaped}'`;
}
