/**
 * The Reader of delimited text: one table named after the file, every cell a text, streamed. Cells stay as written: an
 * unquoted empty cell is null, a quoted one the empty string; nothing is trimmed, and no number or date is guessed.
 */
import { startSummary } from '../../rows/summary.ts';
import type { BrokenText, Row, Value } from '../../rows/value.ts';
import { readHead } from '../file-chunks.ts';
import type { CsvDialect } from '../model.ts';
import { type Reader, type ReadOptions, UnreadableStore } from '../reader.ts';
import { newestFreshness, startNaming, tableNameOf, textTable } from '../text-table.ts';
import { decodeFile, decodeRawCell, joinPieces, type Piece } from './decode.ts';
import { type CsvDialectGuess, detectDialect, HEAD_BYTES } from './dialect.ts';
import { BrokenRecord, type Cell, type Endings, type RecordSyntax, splitRecords } from './records.ts';

/** A record beyond this many characters is a quote that never closes; without a limit it would swallow memory first. */
const MAX_RECORD = 16 * 1024 * 1024;

/** Opens the file at `path`; throws `UnreadableStore` where it is not delimited text. */
export function openCsvReader(path: string): Reader {
  // The caller has decided that this is a CSV; a name that says so keeps the detection from asking for proof again.
  const dialect = detectDialect(readHead(path, HEAD_BYTES), '.csv');
  if (dialect === null) throw new UnreadableStore('corrupt', 'it is not text, or no delimited text');
  return {
    contents: async (options) => {
      const { columns, summary, csv } = summarise(path, dialect, options);
      const table = textTable(tableNameOf(path), columns, summary);
      const freshness = newestFreshness([table]);
      return { tables: [table], migrations: [], csv, ...(freshness === undefined ? {} : { freshness }) };
    },
    async *rows(table) {
      for (const batch of readRows(path, dialect, { lines: 0, endings: { lf: 0, crlf: 0, cr: 0 } })) {
        for (const row of dialect.header && batch.first ? batch.rows.slice(1) : batch.rows)
          yield padded(row, table.columns.length);
      }
    },
    close: () => {},
  };
}

/** `null`: nothing between two delimiters. A text that begins with `"` was quoted; the rest is what it holds. */
export type CsvRecord = readonly (null | string | BrokenText)[];

/** The records of a UTF-8 file whose syntax is known, the header's too. For who has to know what was quoted. Throws `UnreadableStore`. */
export function* readCsvRecords(
  path: string,
  { delimiter }: Pick<CsvDialect, 'delimiter'>,
): Generator<CsvRecord, void, void> {
  const dialect: CsvDialectGuess = { delimiter, quote: '"', encoding: 'utf-8', bom: false, eol: 'lf', header: true };
  for (const { rows } of readRows(path, dialect, { lines: 0, endings: { lf: 0, crlf: 0, cr: 0 } }, true)) {
    yield* rows as readonly CsvRecord[];
  }
}

interface Measured {
  lines: number;
  readonly endings: Endings;
}

interface Batch {
  /** Holds the first record of the file. */
  readonly first: boolean;
  readonly rows: readonly Row[];
}

/**
 * One pass where no record is longer than the first, else two: the columns of the extra cells have to be known before
 * the first row is summarised.
 */
function summarise(path: string, dialect: CsvDialectGuess, options: ReadOptions) {
  const measured: Measured = { lines: 0, endings: { lf: 0, crlf: 0, cr: 0 } };
  let naming = startNaming();
  let summary = startSummary([], options);
  let width = 0;
  let header = 0;
  let ragged = 0;
  let formulaCells = 0;
  for (const { first, rows } of readRows(path, dialect, measured)) {
    for (const [i, row] of rows.entries()) {
      if (first && i === 0) {
        width = header = row.length;
        naming = nameColumns(row, dialect.header);
        summary = startSummary(naming.names, options);
        if (dialect.header) continue;
      }
      if (row.length !== header) ragged++;
      if (row.length > width) width = row.length;
      formulaCells += countFormulas(row);
      if (width === header) summary.add(padded(row, width));
    }
  }
  if (width > header) {
    while (naming.names.length < width) naming.add('');
    summary = startSummary(naming.names, options);
    for (const { first, rows } of readRows(path, dialect, { lines: 0, endings: { lf: 0, crlf: 0, cr: 0 } })) {
      for (const row of dialect.header && first ? rows.slice(1) : rows) summary.add(padded(row, width));
    }
  }
  const csv: CsvDialect = {
    ...dialect,
    eol: eolOf(measured.endings, dialect.eol),
    lines: measured.lines,
    ragged,
    formulaCells,
  };
  return { columns: naming.names, summary: summary.finish(), csv };
}

/** Names as the first record gives them, spaces around them aside; without a header `#1`, `#2` … */
function nameColumns(first: Row, header: boolean): ReturnType<typeof startNaming> {
  const naming = startNaming();
  for (const cell of first) naming.add(header && typeof cell === 'string' ? cell.trim() : '');
  return naming;
}

function padded(row: Row, width: number): Row {
  if (row.length === width) return row;
  return row.length > width ? row.slice(0, width) : [...row, ...new Array<null>(width - row.length).fill(null)];
}

/** A signed number is a number to a spreadsheet, not a formula. */
const SIGNED_NUMBER = /^[+-]?[\d.,\s]*\d[\d.,\s]*(?:e[+-]?\d+)?%?$/i;

function countFormulas(row: Row): number {
  let count = 0;
  for (const cell of row) {
    if (typeof cell !== 'string') continue;
    const code = cell.charCodeAt(0);
    // = + - @
    if ((code === 61 || code === 43 || code === 45 || code === 64) && cell.length > 1 && !SIGNED_NUMBER.test(cell))
      count++;
  }
  return count;
}

function eolOf({ lf, crlf, cr }: Endings, fallback: CsvDialect['eol']): CsvDialect['eol'] {
  const seen = [lf > 0, crlf > 0, cr > 0].filter(Boolean).length;
  if (seen === 0) return fallback;
  return seen > 1 ? 'mixed' : lf > 0 ? 'lf' : crlf > 0 ? 'crlf' : 'cr';
}

/** All records, the header's too, in batches of about one chunk. Adds to `measured`. */
function* readRows(
  path: string,
  dialect: CsvDialectGuess,
  measured: Measured,
  markQuoted = false,
): Generator<Batch, void, void> {
  const { delimiter, quote, eol } = dialect;
  const syntax: RecordSyntax = { delimiter, quote, loneCr: eol === 'cr', markQuoted };
  let waiting: Piece = { text: '', raw: false };
  let line = 1;
  let first = true;
  let tried = 0;
  let endsOpen = false;
  const split = (piece: Piece, final: boolean): { batch: Batch; rest: Piece } => {
    try {
      const { records, end } = splitRecords(piece.text, syntax, final, measured.endings);
      const batch = { first: first && records.length > 0, rows: piece.raw ? records.map(decodeRecord) : records };
      if (batch.first) first = false;
      line += countLines(piece.text, end, syntax.loneCr);
      return { batch, rest: { text: piece.text.slice(end), raw: piece.raw } };
    } catch (error) {
      if (!(error instanceof BrokenRecord)) throw error;
      throw new UnreadableStore(
        'corrupt',
        `line ${line + countLines(piece.text, error.at, syntax.loneCr)}: ${error.message}`,
      );
    }
  };
  for (const piece of decodeFile(path, dialect.encoding)) {
    if (piece.text === '') continue;
    measured.lines += countLines(piece.text, piece.text.length, syntax.loneCr);
    endsOpen = !(piece.text.endsWith('\n') || (syntax.loneCr && piece.text.endsWith('\r')));
    waiting = joinPieces(waiting, piece);
    // A record that spans many pieces is tried again only when the text has doubled.
    if (waiting.text.length < tried * 2) continue;
    const { batch, rest } = split(waiting, false);
    waiting = rest;
    tried = batch.rows.length === 0 ? rest.text.length : 0;
    if (rest.text.length > MAX_RECORD) {
      throw new UnreadableStore(
        'corrupt',
        `line ${line}: a record has more than ${MAX_RECORD} characters (a quote that never closes?)`,
      );
    }
    if (batch.rows.length > 0) yield batch;
  }
  if (endsOpen) measured.lines++;
  const { batch } = split(waiting, true);
  if (batch.rows.length > 0) yield batch;
}

function decodeRecord(record: readonly Cell[]): Value[] {
  return record.map((cell) => (cell === null ? null : decodeRawCell(cell)));
}

function countLines(text: string, end: number, loneCr: boolean): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) count++;
  if (loneCr) for (let at = text.indexOf('\r'); at >= 0 && at < end; at = text.indexOf('\r', at + 1)) count++;
  return count;
}
