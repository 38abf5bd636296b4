import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BrokenText, type Row } from '../../rows/value.ts';
import type { CsvDialect, Table } from '../model.ts';
import { readerContract } from '../reader.contract.ts';
import type { Contents, ReadOptions } from '../reader.ts';
import { openCsvReader } from './csv-reader.ts';

const OPTIONS: ReadOptions = {
  sampleRows: 100,
  digestRows: 10_000,
  integrity: false,
  freshness: true,
  now: Date.UTC(2026, 0, 1),
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'csv-reader-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function read(
  bytes: string | Uint8Array,
  name = 'people.csv',
): Promise<Contents & { table: Table; csv: CsvDialect; rows: Row[] }> {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  const reader = openCsvReader(path);
  const contents = await reader.contents(OPTIONS);
  const [table] = contents.tables;
  if (table === undefined || contents.csv === undefined) throw new TypeError('no table');
  const rows: Row[] = [];
  for await (const row of reader.rows(table)) rows.push(row);
  reader.close();
  return { ...contents, table, csv: contents.csv, rows };
}

const names = (table: Table): string[] => table.columns.map((column) => column.name);

readerContract(
  'CSV',
  ({ columns, rows }, where) => {
    const path = join(where, 'people.csv');
    const cell = (value: Row[number]): Buffer => {
      if (value === null) return Buffer.alloc(0);
      const bytes = value instanceof BrokenText ? Buffer.from(value.bytes) : Buffer.from(String(value));
      return Buffer.concat([
        Buffer.from('"'),
        Buffer.from(bytes.toString('latin1').replaceAll('"', '""'), 'latin1'),
        Buffer.from('"'),
      ]);
    };
    const lines = [columns, ...rows].map((row) =>
      Buffer.concat(row.flatMap((value, i) => [Buffer.from(i === 0 ? '' : ','), cell(value)])),
    );
    writeFileSync(path, Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')])));
    return { path, open: () => openCsvReader(path) };
  },
  { typed: false, booleans: false, nullVersusEmpty: true, blobs: false, brokenText: true, nul: true },
);

describe('openCsvReader', () => {
  it('X2: 488 lines are 95 records: multi-line cells, mixed line ends, a BOM, semicolons', async () => {
    const records = Array.from({ length: 95 }, (_, i) => {
      const note = Array.from({ length: i < 12 ? 6 : 5 }, (_, n) => `line ${n}; "q"`).join(i % 2 === 0 ? '\n' : '\r\n');
      return `${i};"${note.replaceAll('"', '""')}";=SUM(A${i})${i % 3 === 0 ? '\r\n' : '\n'}`;
    });
    const text = `\ufeffid;note;formula\r\n${records.join('')}`;
    const { table, csv, rows } = await read(text);
    expect(table.rows).toBe(95);
    expect(rows).toHaveLength(95);
    expect(csv).toMatchObject({
      delimiter: ';',
      bom: true,
      eol: 'mixed',
      encoding: 'utf-8',
      header: true,
      lines: 488,
      ragged: 0,
      formulaCells: 95,
    });
    expect(names(table)).toEqual(['id', 'note', 'formula']);
    expect(rows[0]?.[1]).toBe('line 0; "q"\nline 1; "q"\nline 2; "q"\nline 3; "q"\nline 4; "q"\nline 5; "q"');
  });

  it('X2: counts formula cells, not signed numbers', async () => {
    const { csv } = await read('a,b\n=1+1,-5\n+4912345,@cmd\n-cmd|x,"-1,5"\n');
    expect(csv.formulaCells).toBe(3);
  });

  it('X2: reads Latin-1, UTF-16 and tabs', async () => {
    const text = 'name\tcity\nZoë\tKöln\nJosé\tMünchen\n';
    const expected = [
      ['Zoë', 'Köln'],
      ['José', 'München'],
    ];
    const latin1 = await read(Buffer.from(text, 'latin1'));
    expect(latin1.csv).toMatchObject({ encoding: 'windows-1252', delimiter: '\t' });
    expect(latin1.rows).toEqual(expected);
    const utf16 = await read(Buffer.from(`\ufeff${text}`, 'utf16le'));
    expect(utf16.csv).toMatchObject({ encoding: 'utf-16le', bom: true });
    expect(utf16.rows).toEqual(expected);
    const big = await read(Buffer.from(text, 'utf16le').swap16());
    expect(big.csv).toMatchObject({ encoding: 'utf-16be', bom: false });
    expect(big.rows).toEqual(expected);
    const euro = await read(Buffer.from([...Buffer.from('name,price\nx,'), 0x80, ...Buffer.from('5\n')]));
    expect(euro.rows).toEqual([['x', '€5']]);
  });

  it('keeps short and long records, and counts them', async () => {
    const { table, csv, rows } = await read('a,b,c\n1,2\n1,2,3,4,5\n1,2,3\n');
    expect(names(table)).toEqual(['a', 'b', 'c', '#4', '#5']);
    expect(csv.ragged).toBe(2);
    expect(rows).toEqual([
      ['1', '2', null, null, null],
      ['1', '2', '3', '4', '5'],
      ['1', '2', '3', null, null],
    ]);
    expect(table.rows).toBe(3);
  });

  it('makes names of columns differ', async () => {
    const { table } = await read('id, name ,name,Name,,id\nx,y,z,u,v,w\n');
    expect(names(table)).toEqual(['id', 'name', 'name#2', 'Name#3', '#5', 'id#2']);
  });

  it('numbers the columns of a file without a header', async () => {
    const { table, rows, csv } = await read('1,2024-01-01,x\n2,2024-01-02,y\n');
    expect(csv.header).toBe(false);
    expect(names(table)).toEqual(['#1', '#2', '#3']);
    expect(rows).toHaveLength(2);
  });

  it.each([
    ['id,note\n1,"open\n2,b\n3,c\n', /line 2: a quoted cell never ends/],
    ['id,note\n1,b\n2,"x"y\n', /line 3: text follows/],
  ])('refuses a broken quote in %j with its line', async (text, message) => {
    await expect(read(text)).rejects.toMatchObject({
      name: 'UnreadableStore',
      reason: 'corrupt',
      message: expect.stringMatching(message),
    });
  });

  it('refuses a quote that swallows more than a record may hold, without holding all of it', async () => {
    const text = `id,note\n1,"open\n${'2,filler filler filler\n'.repeat(1_800_000)}`;
    await expect(read(text)).rejects.toMatchObject({
      reason: 'corrupt',
      message: expect.stringMatching(/^line 2: a record has more than/),
    });
  });

  it('R16: carries the cell whose bytes are broken, far behind a clean head, and reads its neighbours', async () => {
    const clean = 'größe,x\n'.repeat(60_000);
    const bytes = Buffer.concat([
      Buffer.from(`name,y\n${clean}`),
      Buffer.from([0x61, 0xff, 0x2c, 0xc3, 0xa9, 0x0a]),
      Buffer.from('ü,z\n'),
    ]);
    const { rows } = await read(bytes);
    expect(rows.at(-2)).toEqual([new BrokenText(new Uint8Array([0x61, 0xff])), 'é']);
    expect(rows.at(-1)).toEqual(['ü', 'z']);
    expect(rows).toHaveLength(60_002);
    expect(rows.every((row, i) => i === 60_000 || row[0] === (i === 60_001 ? 'ü' : 'größe'))).toBe(true);
  });

  it('gives back exactly what an independent writer wrote, in any dialect', async () => {
    const cell = fc.oneof(
      fc.constant(null),
      fc.constant(''),
      fc.string({
        unit: fc.constantFrom('a', 'Z', '7', ' ', ',', ';', '\t', '|', '"', "'", '\n', '\r\n', 'é', 'ß', '€', '=', '-'),
        maxLength: 12,
      }),
    );
    const dialect = fc.record({
      delimiter: fc.constantFrom(',', ';', '\t', '|'),
      eol: fc.constantFrom('\n', '\r\n'),
      encoding: fc.constantFrom('utf-8', 'utf-8-bom', 'utf-16le', 'windows-1252'),
      quoteAll: fc.boolean(),
      lastEol: fc.boolean(),
    });
    const table = fc
      .integer({ min: 2, max: 6 })
      .chain((width) =>
        fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 12 }),
      );
    await fc.assert(
      fc.asyncProperty(dialect, table, async ({ delimiter, eol, encoding, quoteAll, lastEol }, rows) => {
        const width = rows[0]?.length ?? 0;
        const columns = Array.from({ length: width }, (_, i) => `column_${'abcdef'[i]}`);
        const write = (value: string | null): string => {
          if (value === null) return '';
          return quoteAll || value === '' || /[,;\t|"'\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
        };
        const text = [columns, ...rows].map((row) => row.map(write).join(delimiter)).join(eol) + (lastEol ? eol : '');
        // These two bytes are also one valid UTF-8 character: nothing could tell.
        fc.pre(encoding !== 'windows-1252' || !/[éß]€/.test(text));
        const { rows: back, table: read1, csv } = await read(encode(text, encoding), 'random.csv');
        expect(csv.delimiter).toBe(delimiter);
        expect(names(read1)).toEqual(columns);
        expect(back).toEqual(rows);
        expect(read1.rows).toBe(rows.length);
      }),
      { numRuns: 400 },
    );
  });
});

function encode(text: string, encoding: string): Uint8Array {
  if (encoding === 'utf-8') return Buffer.from(text);
  if (encoding === 'utf-8-bom') return Buffer.from(`\ufeff${text}`);
  if (encoding === 'utf-16le') return Buffer.from(`\ufeff${text}`, 'utf16le');
  return Buffer.from(Array.from(text, (char) => (char === '€' ? 0x80 : (char.codePointAt(0) ?? 0))));
}
