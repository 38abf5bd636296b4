/**
 * JSON Lines that read back exactly, without a manifest: what JSON has no word for is an object of one member, which no value of a
 * database is.
 */
import { BrokenText, type Row, type Value } from '../rows/value.ts';
import { readJsonLines } from '../stores/json/document.ts';
import { JsonError, type JsonParser } from '../stores/json/parser.ts';
import { bytesOf, bytesText, realText } from './exact-text.ts';
import type { ExportForm } from './model.ts';
import type { RowForm } from './row-form.ts';
import { OtherColumns, UnfitValue } from './unfit.ts';

export function jsonlForm(form: ExportForm, columns: readonly string[]): RowForm {
  const keys = columns.map((name) => `${JSON.stringify(name)}:`);
  const at = new Map(columns.map((name, i) => [name, i]));
  const cell = (value: Value, column: number): string => {
    switch (typeof value) {
      case 'string':
        return JSON.stringify(value);
      case 'bigint':
        return String(value);
      case 'number':
        return Number.isFinite(value) ? realText(value) : `{"real":"${value}"}`;
      case 'boolean':
        return String(value);
    }
    if (value === null) return 'null';
    if (!(value instanceof BrokenText)) return `{"${form.blobs}":"${bytesText(value, form.blobs)}"}`;
    if (form.oddText === 'refuse') throw new UnfitValue(column, 'text whose bytes are no text');
    return `{"broken-base64":"${bytesText(value.bytes, 'base64')}"}`;
  };
  return {
    head: '',
    line: (row) => `{${row.map((value, i) => (keys[i] ?? '') + cell(value, i)).join(',')}}\n`,
    readBack: (value) => value,
    rows: (path) => readJsonLines(path, (parser) => rowOf(parser, at)),
  };
}

function rowOf(parser: JsonParser, at: ReadonlyMap<string, number>): Row {
  const row = new Array<Value | undefined>(at.size).fill(undefined);
  for (const key of parser.keys()) {
    const column = at.get(key);
    if (column === undefined) throw new OtherColumns('a line has another key');
    if (row[column] !== undefined) throw new OtherColumns('a line has one key twice');
    row[column] = cellValue(parser);
  }
  return row.map((value) => {
    if (value === undefined) throw new OtherColumns('a line lacks a key');
    return value;
  });
}

function cellValue(parser: JsonParser): Value {
  const char = parser.peek();
  if (char !== '{' && char !== '[') return parser.cell();
  // Read whole before it is looked at, so that the line goes on behind it.
  const start = parser.at;
  parser.canonical(1);
  const source = parser.text.slice(start, parser.at);
  const { 0: found, length } = Object.entries(JSON.parse(source) as object);
  const value = length === 1 && char === '{' && found !== undefined ? taggedOf(...found) : null;
  if (value === null) throw new JsonError('unsupported', 'an object or a list that no export writes', start);
  return value;
}

function taggedOf(tag: string, text: unknown): Value {
  if (typeof text !== 'string') return null;
  if (tag === 'real') return text === 'Infinity' || text === '-Infinity' ? Number(text) : null;
  if (tag === 'base64' || tag === 'hex') return bytesOf(text, tag);
  const bytes = tag === 'broken-base64' ? bytesOf(text, 'base64') : null;
  return bytes === null ? null : new BrokenText(bytes);
}
