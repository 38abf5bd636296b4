/**
 * CSV that reads back exactly: only text is ever quoted, and text that could be mistaken for another value always is. RFC 4180 says
 * nothing of kinds of values; the quotes do.
 */
import { BrokenText, type Value } from '../rows/value.ts';
import { type CsvRecord, readCsvRecords } from '../stores/csv/csv-reader.ts';
import { bytesOf, bytesText, numberOf, realText } from './exact-text.ts';
import type { CsvForm, ExportForm } from './model.ts';
import type { RowForm } from './row-form.ts';
import { OtherColumns, UnfitValue } from './unfit.ts';

const BOM = '\ufeff';
const TAGGED = /^(base64|hex|text-base64|broken-base64):(.*)$/s;
/** Looks like a number, also like one that nobody would write so: spreadsheets are generous. */
const NUMBER_LIKE = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$|^[+-]?Infinity$/i;
/** OWASP, "CSV Injection". */
const FORMULA = /^[=+\-@\t\r]/;

export function csvForm(form: ExportForm, columns: readonly string[]): RowForm {
  const { csv } = form;
  const eol = csv.eol === 'crlf' ? '\r\n' : '\n';
  const needsQuotes = quotesNeeded(csv);
  const guarded = (text: string): string => (csv.formulas === 'guard' && FORMULA.test(text) ? `'${text}` : text);
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const textCell = (text: string): string => {
    const written = guarded(text);
    return written !== text || needsQuotes(written) ? quoted(written) : written;
  };
  const cell = (value: Value, at: number): string => {
    switch (typeof value) {
      case 'string':
        if (!value.includes('\0')) return textCell(value);
        if (form.oddText === 'refuse')
          throw new UnfitValue(at, 'text with a NUL, which most readers of CSV do not take');
        return `text-base64:${bytesText(Buffer.from(value, 'utf8'), 'base64')}`;
      case 'bigint':
        return String(value);
      case 'number':
        return realText(value);
      case 'boolean':
        return value ? '1' : '0';
    }
    if (value === null) return csv.nulls;
    if (!(value instanceof BrokenText)) return `${form.blobs}:${bytesText(value, form.blobs)}`;
    if (form.oddText === 'refuse') throw new UnfitValue(at, 'text whose bytes are no text');
    return `broken-base64:${bytesText(value.bytes, 'base64')}`;
  };
  const header = columns.map(textCell);
  return {
    head: `${csv.bom ? BOM : ''}${header.join(csv.delimiter)}${eol}`,
    line(row) {
      if (row.length === 1 && row[0] === null && csv.nulls === '') {
        throw new UnfitValue(0, 'a NULL in the only column, which would be a blank line');
      }
      return `${row.map(cell).join(csv.delimiter)}${eol}`;
    },
    readBack: (value) => (typeof value === 'string' && !value.includes('\0') ? guarded(value) : value),
    *rows(path) {
      let first = true;
      for (const record of readCsvRecords(path, { delimiter: csv.delimiter })) {
        if (first && !isHeader(record, columns.map(guarded))) throw new OtherColumns(otherHeader(record, columns));
        if (!first) yield record.map((one) => cellValue(one, csv.nulls));
        first = false;
      }
      if (first) throw new OtherColumns('it is empty');
    },
  };
}

function quotesNeeded(csv: CsvForm): (text: string) => boolean {
  const delimiter = csv.delimiter === '|' ? '\\|' : csv.delimiter;
  const syntax = new RegExp(`["\\r\\n${delimiter}]|^[\\s${BOM}]|\\s$`);
  return (text) =>
    text === '' || text === csv.nulls || syntax.test(text) || NUMBER_LIKE.test(text) || TAGGED.test(text);
}

/** Quoted cells keep their first quote here. */
function isHeader(record: CsvRecord, names: readonly string[]): boolean {
  return record.length === names.length && record.every((cell, i) => textOf(cell) === names[i]);
}

function otherHeader(record: CsvRecord, columns: readonly string[]): string {
  return record.length === columns.length
    ? 'its header names other columns'
    : `its header has ${record.length} columns instead of ${columns.length}`;
}

function textOf(cell: CsvRecord[number]): Value {
  return typeof cell === 'string' && cell.startsWith('"') ? cell.slice(1) : cell;
}

function cellValue(cell: CsvRecord[number], nullText: string): Value {
  // Nothing between two delimiters, where NULL is written otherwise.
  if (cell === null) return nullText === '' ? null : '';
  if (typeof cell !== 'string') return cell;
  if (cell.startsWith('"')) return cell.slice(1);
  if (cell === nullText) return null;
  return numberOf(cell) ?? taggedOf(cell) ?? cell;
}

function taggedOf(cell: string): Value {
  const [, tag, rest = ''] = TAGGED.exec(cell) ?? [];
  if (tag === undefined) return null;
  const bytes = bytesOf(rest, tag === 'hex' ? 'hex' : 'base64');
  if (bytes === null || tag === 'base64' || tag === 'hex') return bytes;
  return tag === 'broken-base64' ? new BrokenText(bytes) : Buffer.from(bytes).toString('utf8');
}
