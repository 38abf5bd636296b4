/**
 * Reads rows exactly. The driver cuts text at its first NUL and replaces invalid UTF-8 (trap R16), so text travels
 * as bytes and is decoded here.
 */
import { BrokenText, type Row, type Value } from '../../rows/value.ts';
import type { SqlValue } from './driver.ts';
import { quoteName } from './quote.ts';

/** SQLite's limit on the depth of an expression is 1000; kinds of columns are concatenated in groups below it. */
const GROUP = 200;

export type TextEncoding = 'UTF-8' | 'UTF-16le' | 'UTF-16be';

/** Result columns for `columns` (names as in the table), to be decoded by `decodeRow`. */
export function cellExpressions(columns: readonly string[]): string {
  const names = columns.map(quoteName);
  const cells = names.map((name) => `CASE typeof(${name}) WHEN 'text' THEN CAST(${name} AS BLOB) ELSE ${name} END`);
  const kinds: string[] = [];
  for (let i = 0; i < names.length; i += GROUP) {
    kinds.push(
      names
        .slice(i, i + GROUP)
        .map((name) => `substr(typeof(${name}), 1, 1)`)
        .join(' || '),
    );
  }
  return [...cells, ...kinds].join(', ');
}

/** One row selected by `cellExpressions`. */
export function decodeRow(cells: readonly SqlValue[], columns: number, encoding: TextEncoding): Row {
  const kinds = cells.slice(columns).join('');
  const row: Value[] = [];
  for (let i = 0; i < columns; i++) {
    const cell = cells[i] ?? null;
    row.push(kinds[i] === 't' ? decodeText(cell as Uint8Array, encoding) : cell);
  }
  return row;
}

const decoders: Readonly<Record<TextEncoding, InstanceType<typeof TextDecoder>>> = {
  'UTF-8': new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }),
  'UTF-16le': new TextDecoder('utf-16le', { fatal: true, ignoreBOM: true }),
  'UTF-16be': new TextDecoder('utf-16be', { fatal: true, ignoreBOM: true }),
};

function decodeText(bytes: Uint8Array, encoding: TextEncoding): Value {
  try {
    return decoders[encoding].decode(bytes);
  } catch {
    return new BrokenText(bytes);
  }
}
