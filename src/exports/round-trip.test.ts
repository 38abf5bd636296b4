import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bound, boundCell, brokenText, sqlValue } from '../../test/builders/values.ts';
import { BrokenText, type Row, type Value } from '../rows/value.ts';
import { openConnection } from '../stores/sqlite/driver.ts';
import { compareRows } from './compare-rows.ts';
import type { ExportForm, ExportSpec } from './model.ts';
import { rowForm } from './row-form.ts';
import { writeRows } from './write-rows.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'exports-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let given = 0;
const path = (suffix: string): string => join(folder, `${++given}${suffix}`);

/** What only looks like something else: numbers, marks of this format, formulas, what syntax is made of. */
const lookalike = fc.oneof(
  fc.constantFrom(
    '5',
    '-5',
    '1.0',
    '007',
    '1e5',
    '+1',
    '.5',
    '5.',
    'Infinity',
    '-Infinity',
    'NULL',
    '\\N',
    'base64:AA==',
  ),
  fc.constantFrom(
    'hex:00',
    'text-base64:AA==',
    'broken-base64:',
    '=1+1',
    '@x',
    '\tx',
    '\rx',
    ' x',
    'x ',
    '"',
    '""',
    "'",
  ),
  fc.constantFrom(
    'a,b',
    'a;b',
    'a|b',
    'a\tb',
    'a\nb',
    'a\r\nb',
    '\n',
    '\r',
    '\uFEFFx',
    '{"hex":"00"}',
    '[1]',
    'null',
    'x"y',
  ),
);
/** SQLite keeps no negative zero. */
const value: fc.Arbitrary<Value> = fc
  .oneof(sqlValue, lookalike, brokenText)
  .map((one) => (Object.is(one, -0) ? 0 : one));

const form: fc.Arbitrary<ExportForm> = fc.record({
  format: fc.constantFrom('csv', 'jsonl'),
  blobs: fc.constantFrom('base64', 'hex'),
  oddText: fc.constantFrom('refuse', 'escape', 'escape', 'escape'),
  csv: fc.record({
    delimiter: fc.constantFrom(',', ';', '\t', '|'),
    bom: fc.boolean(),
    eol: fc.constantFrom('lf', 'crlf'),
    nulls: fc.constantFrom('', 'NULL', '\\N'),
    formulas: fc.constant('as-is' as const),
  }),
});

const names = fc.uniqueArray(
  fc.oneof(
    fc.constantFrom('a b', 'x,y', '"q"', '5', '=z', '\uFEFFid', 'ä', "o'k", 'line\nend'),
    fc.stringMatching(/^[a-z]{1,4}$/),
  ),
  { minLength: 1, maxLength: 4, selector: (name) => name.toLowerCase() },
);

function makeTable(columns: readonly string[], rows: readonly Row[]): string {
  const file = path('.db');
  const db = openConnection(file, 'create');
  const quoted = columns.map((name) => `"${name.replaceAll('"', '""')}"`);
  db.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF');
  db.exec(`CREATE TABLE "the table" ("row number" INTEGER PRIMARY KEY, ${quoted.join(', ')})`);
  const cells = columns.map((_, i) => boundCell(2 * i + 1));
  const insert = db.prepare(`INSERT INTO "the table" (${quoted.join(', ')}) SELECT ${cells.join(', ')}`);
  for (const row of rows) insert(...row.flatMap(bound));
  db.close();
  return file;
}

const spec = (columns: readonly string[], of: ExportForm): ExportSpec => ({
  store: 'a.db',
  from: { table: 'the table' },
  columns,
  order: [],
  file: 'x',
  to: null,
  form: of,
});

/** As the manifest says it, written here once more: what may be refused, and nothing else. */
function isUnfit(row: Row, { format, oddText, csv }: ExportForm): boolean {
  if (format === 'csv' && csv.nulls === '' && row.length === 1 && row[0] === null) return true;
  if (oddText === 'escape') return false;
  return row.some(
    (one) => one instanceof BrokenText || (format === 'csv' && typeof one === 'string' && one.includes('\0')),
  );
}

it('random tables read back as what they were, in every form that claims to be exact', () => {
  const rows = names.chain((columns) =>
    fc.tuple(fc.constant(columns), fc.array(fc.tuple(...columns.map(() => value)), { maxLength: 8 }), form),
  );
  fc.assert(
    fc.property(rows, ([columns, table, of]) => {
      const file = makeTable(columns, table);
      const to = path('.out');
      const written = writeRows(file, spec(columns, of), to);
      if (table.some((row) => isUnfit(row, of))) {
        expect(written).toMatchObject({ refused: 'value' });
        return;
      }
      expect(written).toMatchObject({ rows: table.length });
      expect([...rowForm(of, columns).rows(to)]).toEqual(table);
      expect(compareRows(file, spec(columns, of), to)).toEqual({
        rowsInStore: table.length,
        rowsInFile: table.length,
        first: null,
        broken: null,
      });
      // Whoever asks for UTF-8 gets it, whatever the table holds.
      expect(new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(to))).toBeDefined();
    }),
    { numRuns: 400 },
  );
});

it('a table that differs in one value, of whatever kind, is not the table of the file', () => {
  const pair = fc.tuple(value, value).filter(([a, b]) => !isSame(a, b));
  fc.assert(
    fc.property(pair, form, ([a, b], some) => {
      const of = { ...some, oddText: 'escape' as const };
      const to = path('.out');
      writeRows(makeTable(['n', 'v'], [[1n, a]]), spec(['n', 'v'], of), to);
      const compared = compareRows(makeTable(['n', 'v'], [[1n, b]]), spec(['n', 'v'], of), to);
      expect(compared).toMatchObject({ first: { row: 1, columns: ['v'] } });
    }),
    { numRuns: 300 },
  );
});

function isSame(a: Value, b: Value): boolean {
  const text = (one: Value): string =>
    one instanceof BrokenText
      ? `broken ${Buffer.from(one.bytes).toString('hex')}`
      : one instanceof Uint8Array
        ? `blob ${Buffer.from(one).toString('hex')}`
        : `${typeof one} ${String(one)}`;
  return text(a) === text(b);
}

it('R12 R16: the exact values of a table stand in the file as documented', () => {
  const columns = ['i', 'r', 't', 'b', 'n'];
  const table: Row[] = [
    [2n ** 63n - 1n, 1, '1', new Uint8Array([0, 255]), null],
    [-(2n ** 63n), Number.NEGATIVE_INFINITY, '', new Uint8Array(), null],
    [0n, 0.1, 'a\0b', null, new BrokenText(new Uint8Array([0xff, 0x61]))],
  ];
  const file = makeTable(columns, table);
  const csv: ExportForm = {
    format: 'csv',
    blobs: 'hex',
    oddText: 'escape',
    csv: { delimiter: ',', bom: false, eol: 'lf', nulls: '', formulas: 'as-is' },
  };
  const to = [path('.csv'), path('.jsonl')] as const;
  writeRows(file, spec(columns, csv), to[0]);
  writeRows(file, spec(columns, { ...csv, format: 'jsonl', blobs: 'base64' }), to[1]);
  expect(readFileSync(to[0], 'utf8')).toBe(
    'i,r,t,b,n\n' +
      '9223372036854775807,1.0,"1",hex:00ff,\n' +
      '-9223372036854775808,-Infinity,"",hex:,\n' +
      '0,0.1,text-base64:YQBi,,broken-base64:/2E=\n',
  );
  expect(readFileSync(to[1], 'utf8')).toBe(
    '{"i":9223372036854775807,"r":1.0,"t":"1","b":{"base64":"AP8="},"n":null}\n' +
      '{"i":-9223372036854775808,"r":{"real":"-Infinity"},"t":"","b":{"base64":""},"n":null}\n' +
      '{"i":0,"r":0.1,"t":"a\\u0000b","b":null,"n":{"broken-base64":"/2E="}}\n',
  );
});

it('X2: cells that a spreadsheet would run are guarded on request, and compared as they are written', () => {
  const of: ExportForm = {
    format: 'csv',
    blobs: 'hex',
    oddText: 'refuse',
    csv: { delimiter: ';', bom: true, eol: 'crlf', nulls: '', formulas: 'guard' },
  };
  const table: Row[] = [['=1+1'], ['+49 40'], ['-5 degrees'], ['@home'], ['\tx'], ['\rx'], ['plain'], [-5n]];
  const file = makeTable(['=note'], table);
  const to = path('.csv');
  writeRows(file, spec(['=note'], of), to);
  expect(readFileSync(to, 'utf8')).toBe(
    '\uFEFF"\'=note"\r\n"\'=1+1"\r\n"\'+49 40"\r\n"\'-5 degrees"\r\n"\'@home"\r\n"\'\tx"\r\n"\'\rx"\r\nplain\r\n-5\r\n',
  );
  expect(compareRows(file, spec(['=note'], of), to)).toMatchObject({ first: null, broken: null });
});

it('what is wrong with a file is said without its values', () => {
  const of: ExportForm = {
    format: 'csv',
    blobs: 'hex',
    oddText: 'refuse',
    csv: { delimiter: ',', bom: false, eol: 'lf', nulls: '', formulas: 'as-is' },
  };
  const file = makeTable(
    ['a', 'b'],
    [
      [1n, 'x'],
      [2n, 'y'],
    ],
  );
  const compared = (text: string, format: 'csv' | 'jsonl' = 'csv') => {
    const to = path('.out');
    writeFileSync(to, text);
    return compareRows(file, spec(['a', 'b'], { ...of, format }), to);
  };
  expect(compared('a,b\n1,x\n2,y\n')).toMatchObject({ first: null, broken: null });
  expect(compared('a,b\n1,x\n')).toMatchObject({ first: { row: 2, columns: [] }, rowsInFile: 1 });
  expect(compared('a,b\n1,x\n2,y\n3,z\n')).toMatchObject({ first: { row: 3, columns: [] }, rowsInFile: 3 });
  expect(compared('a,b\n1,x\n"2",y\n')).toMatchObject({ first: { row: 2, columns: ['a'] } });
  expect(compared('a,b\n1,x\n2,y,z\n')).toMatchObject({ first: { row: 2, columns: [] } });
  expect(compared('a,c\n1,x\n2,y\n')).toMatchObject({ broken: 'its header names other columns' });
  expect(compared('a\n1\n2\n')).toMatchObject({ broken: 'its header has 1 columns instead of 2' });
  expect(compared('')).toMatchObject({ broken: 'it is empty' });
  expect(compared('a,b\n1,"x\n')).toMatchObject({ broken: expect.stringContaining('never ends') });
  expect(compared('{"a":1,"b":"x"}\n{"a":2,"b":"y"}\n', 'jsonl')).toMatchObject({ first: null, broken: null });
  expect(compared('{"a":1,"b":"x"}\n{"a":2}\n', 'jsonl')).toMatchObject({ broken: 'a line lacks a key' });
  expect(compared('{"a":1,"b":"x","c":1}\n', 'jsonl')).toMatchObject({ broken: 'a line has another key' });
  expect(compared('{"a":1,"b":"x"}\n{"a":2,"b":[1]}\n', 'jsonl')).toMatchObject({
    broken: expect.stringContaining('line 2: an object or a list'),
  });
  expect(compared('{"a":true,"b":"x"}\n{"a":2,"b":"y"}\n', 'jsonl')).toMatchObject({
    first: { row: 1, columns: ['a'] },
  });
});
