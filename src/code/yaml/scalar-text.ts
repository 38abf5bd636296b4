/** The units of a YAML scalar and where they stand: blocks lose their indentation, folded lines their ends. */
import type { Span } from '../facts.ts';
import type { Lines } from '../text-lines.ts';
import { type Piece, type WrittenText, writtenText } from '../written-text.ts';

/** `value` is what the parser says; where these pieces do not come to the same, they stand for the whole. */
export function scalarText(text: string, [start, end]: Span, value: string, lines: Lines): WrittenText {
  const first = text[start];
  if (first === '|' || first === '>') return block(text, start, end, first === '>', value, lines);
  const quote = first === '"' || first === "'" ? 1 : 0;
  const inside = text.slice(start + quote, end - quote);
  if (inside === value) return writtenText([{ text: value, from: start + quote, to: end - quote }], lines);
  const pieces = flow(text, start + quote, end - quote, quote === 0 ? '' : (first as string));
  const written = writtenText(pieces, lines);
  return written.text === value ? written : writtenText([{ text: value, from: start, to: end }], lines);
}

function block(text: string, start: number, end: number, folded: boolean, value: string, lines: Lines): WrittenText {
  const pieces: Piece[] = [];
  const head = text.indexOf('\n', start);
  if (head === -1 || head >= end) return writtenText([{ text: value, from: start, to: end }], lines);
  const header = text.slice(start, head);
  const rows: { from: number; to: number }[] = [];
  for (let index = head + 1; index < end; ) {
    const eol = text.indexOf('\n', index);
    const stop = eol === -1 || eol > end ? end : eol;
    rows.push({ from: index, to: stop > index && text[stop - 1] === '\r' ? stop - 1 : stop });
    index = stop + 1;
  }
  const filled = rows.find(({ from, to }) => text.slice(from, to).trim() !== '');
  const given = /[1-9]/.exec(header.replace(/#.*/, ''))?.[0];
  let indent = filled === undefined ? 0 : (/^ */.exec(text.slice(filled.from, filled.to))?.[0].length ?? 0);
  if (given !== undefined && value !== '') indent -= /^ */.exec(value.replace(/^\n+/, ''))?.[0].length ?? 0;
  for (const [index, { from, to }] of rows.entries()) {
    const cut = Math.min(from + indent, to);
    if (to > cut) pieces.push({ text: text.slice(cut, to), from: cut, to });
    const next = rows[index + 1];
    // In a folded block a single end of line is a blank; next to an empty or deeper line it stays.
    const plain = (row: { from: number; to: number } | undefined): boolean =>
      row !== undefined && row.to > row.from + indent && !/\s/.test(text[row.from + indent] ?? '');
    const joins = folded && plain({ from, to }) && plain(next);
    if (to < end) pieces.push({ text: joins ? ' ' : '\n', from: to, to: to + 1 });
  }
  return writtenText(pieces.length === 0 ? [{ text: value, from: start, to: end }] : pieces, lines);
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '0': '\0',
  '"': '"',
  '\\': '\\',
  '/': '/',
  ' ': ' ',
};

/** Plain and quoted scalars over several lines: each line is trimmed, one end of line is a blank. */
function flow(text: string, from: number, end: number, quote: string): Piece[] {
  const pieces: Piece[] = [];
  let index = from;
  let run = from;
  const flush = (to: number): void => {
    if (to > run) pieces.push({ text: text.slice(run, to), from: run, to });
  };
  while (index < end) {
    const unit = text[index];
    if (quote === "'" && unit === "'" && text[index + 1] === "'") {
      flush(index);
      pieces.push({ text: "'", from: index, to: index + 2 });
      index += 2;
      run = index;
    } else if (quote === '"' && unit === '\\') {
      flush(index);
      const fold = /^\\[ \t]*\r?\n[ \t]*/.exec(text.slice(index, index + 400))?.[0];
      const own = text[index + 1] ?? '';
      const length = fold?.length ?? 2;
      if (fold === undefined) pieces.push({ text: ESCAPES[own] ?? own, from: index, to: index + 2 });
      index += length;
      run = index;
    } else if (unit === '\n' || unit === '\r') {
      let back = index;
      while (back > run && /[ \t]/.test(text[back - 1] as string)) back--;
      flush(back);
      let breaks = 0;
      const at = index;
      while (index < end && /\s/.test(text[index] as string)) if (text[index++] === '\n') breaks++;
      pieces.push({ text: breaks > 1 ? '\n'.repeat(breaks - 1) : ' ', from: at, to: index });
      run = index;
    } else index++;
  }
  flush(end);
  return pieces;
}
