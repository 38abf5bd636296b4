import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BrokenText, type Row, type Value } from '../../rows/value.ts';
import type { Table } from '../model.ts';
import { readerContract } from '../reader.contract.ts';
import type { ReadOptions } from '../reader.ts';
import { openJsonReader } from './json-reader.ts';

const OPTIONS: ReadOptions = {
  sampleRows: 100,
  digestRows: 10_000,
  integrity: false,
  freshness: true,
  now: Date.UTC(2026, 0, 1),
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'json-reader-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface ReadTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  readonly table: Table;
}

async function read(content: string | Uint8Array, kind: 'json' | 'jsonl' = 'json'): Promise<readonly ReadTable[]> {
  const path = join(folder, `things.${kind}`);
  writeFileSync(path, content);
  const { tables } = await openJsonReader(path, kind).contents(OPTIONS);
  const found: ReadTable[] = [];
  for (const table of tables) {
    const rows: Row[] = [];
    for await (const row of openJsonReader(path, kind).rows(table)) rows.push(row);
    expect(table.rows).toBe(rows.length);
    found.push({ name: table.name, columns: table.columns.map((column) => column.name), rows, table });
  }
  return found;
}

const rowsOf = async (content: string | Uint8Array, kind: 'json' | 'jsonl' = 'json') =>
  (await read(content, kind))[0]?.rows;
const refusal = (reason: string, message: RegExp) => ({
  name: 'UnreadableStore',
  reason,
  message: expect.stringMatching(message),
});

function write(value: Value): string {
  if (typeof value === 'bigint') return String(value);
  if (Object.is(value, -0)) return '-0.0';
  // An integral double needs its point, or it would be an integer.
  if (typeof value === 'number') return /^-?\d+$/.test(String(value)) ? `${value}.0` : String(value);
  return JSON.stringify(value);
}
const object = (columns: readonly string[], row: Row) =>
  `{${row.map((value, i) => `${JSON.stringify(columns[i])}: ${write(value ?? null)}`).join(', ')}}`;

for (const kind of ['json', 'jsonl'] as const) {
  readerContract(
    kind,
    ({ columns, rows }, where) => {
      const path = join(where, `people.${kind}`);
      const objects = rows.map((row) => object(columns, row));
      writeFileSync(path, kind === 'json' ? `[\n  ${objects.join(',\n  ')}\n]\n` : `${objects.join('\n')}\n`);
      return { path, open: () => openJsonReader(path, kind) };
    },
    { typed: true, booleans: true, nullVersusEmpty: true, blobs: false, brokenText: false, nul: true },
  );
}

describe('openJsonReader', () => {
  it('reads an array of objects, columns in order of appearance, missing keys as null', async () => {
    const [table] = await read('\ufeff[{"b":1,"a":"x"},{"a":null,"c":true}]');
    expect(table).toMatchObject({ name: 'things', columns: ['b', 'a', 'c'] });
    expect(table?.rows).toEqual([
      [1n, 'x', null],
      [null, null, true],
    ]);
  });

  it('finds a column that appears late, and still has a digest of every row', async () => {
    const early = Array.from({ length: 3_000 }, (_, i) => `{"id":${i}}`);
    const late = await read(`[${[...early, '{"id":3000,"late":"x"}'].join(',')}]`);
    const soon = await read(`[${['{"id":3000,"late":"x"}', ...early].join(',')}]`);
    expect(late[0]?.columns).toEqual(['id', 'late']);
    expect(late[0]?.rows.at(-1)).toEqual([3000n, 'x']);
    expect(late[0]?.table.digest).toBeDefined();
    expect(late[0]?.table.digest).toBe(soon[0]?.table.digest);
  });

  it('makes a table of each array of objects, and of what is left', async () => {
    const tables = await read(
      '{"version":1,"users":[{"id":1}],"none":[],"tags":["a","b"],"meta":{"z":1,"a":{"k":2.50}},"posts":[{"id":7,"by":1}]}',
    );
    expect(tables.map(({ name, columns, rows }) => ({ name, columns, rows }))).toEqual([
      { name: 'users', columns: ['id'], rows: [[1n]] },
      { name: 'none', columns: [], rows: [] },
      { name: 'posts', columns: ['id', 'by'], rows: [[7n, 1n]] },
      { name: '#document', columns: ['version', 'tags', 'meta'], rows: [[1n, '["a","b"]', '{"a":{"k":2.5},"z":1}']] },
    ]);
  });

  it('reads an object of objects of one shape as rows with a key', async () => {
    const [table] = await read('{"k1":{"v":1,"at":"x"},"k2":{"v":2,"at":"y"},"k3":{"at":"z","#key":"own"}}');
    expect(table?.columns).toEqual(['#key', 'v', 'at', '#key#2']);
    expect(table?.rows).toEqual([
      ['k1', 1n, 'x', null],
      ['k2', 2n, 'y', null],
      ['k3', null, 'z', 'own'],
    ]);
  });

  it('has an empty table for an empty array', async () => {
    expect(await read('[]')).toMatchObject([{ name: 'things', columns: [], rows: [] }]);
  });

  it('R16: keeps what JSON.parse loses', async () => {
    const text =
      '[{"id":9007199254740993,"max":9223372036854775807,"min":-9223372036854775808,"beyond":9223372036854775808,"one":1.0,"huge":1e400,"nan":NaN,"inf":-Infinity,"nested":{"id":9007199254740993,"x":1.0},"nul":"a\\u0000b"}]';
    expect(await rowsOf(text)).toEqual([
      [
        9007199254740993n,
        2n ** 63n - 1n,
        -(2n ** 63n),
        '9223372036854775808',
        1,
        '1e400',
        Number.NaN,
        Number.NEGATIVE_INFINITY,
        '{"id":9007199254740993,"x":1.0}',
        'a\0b',
      ],
    ]);
  });

  it('R16: carries half a surrogate pair as its bytes', async () => {
    expect(await rowsOf('[{"x":"a\\ud800b","y":"\\ud83d\\ude00"}]')).toEqual([
      [new BrokenText(new Uint8Array([0x61, 0xed, 0xa0, 0x80, 0x62])), '😀'],
    ]);
  });

  it.each<[string, string | Uint8Array, 'json' | 'jsonl', string, RegExp]>([
    ['a cut-off array', '[{"id":1},\n{"id":', 'json', 'truncated', /line 2/],
    ['a cut-off last line', '{"id":1}\n{"id":', 'jsonl', 'truncated', /line 2/],
    ['a broken line in the middle', '{"id":1}\n{"id":\n{"id":3}\n', 'jsonl', 'corrupt', /line 2/],
    ['a line that is no object', '{"id":1}\n[1]\n', 'jsonl', 'unsupported', /line 2/],
    ['one key twice', '[{"id":1},\n{"id":1,"id":2}]', 'json', 'corrupt', /line 2: an object has one key twice/],
    ['one key twice, nested', '[{"x":{"a":1,"a":1}}]', 'json', 'corrupt', /one key twice/],
    ['one table twice', '{"a":[{"x":1}],"a":[{"x":2}]}', 'json', 'corrupt', /one key twice/],
    ['a comment', '[\n// people\n{"id":1}]', 'json', 'unsupported', /line 2: comments/],
    ['single quotes', "[{'id':1}]", 'json', 'unsupported', /JSON5/],
    ['a comma too many', '[{"id":1},\n]', 'json', 'unsupported', /JSON5/],
    ['a single object', '{"name":"x","list":[1,2]}', 'json', 'unsupported', /single object/],
    ['unlike objects', '{"a":{"x":1,"y":2},"b":{"z":1},"c":{"w":1}}', 'json', 'unsupported', /single object/],
    ['elements that are no objects', '[{"id":1},2]', 'json', 'unsupported', /no object/],
    ['text behind the end', '[{"id":1}] x', 'json', 'corrupt', /more text/],
    ['a leading zero', '[{"id":01}]', 'json', 'corrupt', /expected/],
    ['Latin-1', Buffer.from('[{"x":"é"}]', 'latin1'), 'json', 'not-utf8', /UTF-8/],
    ['nesting without end', `[{"x":${'['.repeat(5_000)}`, 'json', 'unsupported', /nested deeper/],
  ])('refuses %s with its reason', async (_, content, kind, reason, message) => {
    await expect(read(content, kind)).rejects.toMatchObject(refusal(reason, message));
  });

  it('gives back any records, nested values as canonical text', async () => {
    const edge = fc.constantFrom(2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n), 0n, -1n);
    const text = fc.string({ unit: 'grapheme', maxLength: 8 });
    const scalar: fc.Arbitrary<Value> = fc.oneof(
      fc.constant(null),
      fc.boolean(),
      edge,
      fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      text,
    );
    const record = fc.uniqueArray(
      fc.tuple(
        text.filter((key) => key !== ''),
        scalar,
      ),
      { selector: ([key]) => key.toLowerCase(), minLength: 1, maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { minLength: 1, maxLength: 8 }),
        fc.constantFrom('json', 'jsonl'),
        async (records, kind) => {
          const objects = records.map((pairs) =>
            object(
              pairs.map(([key]) => key),
              pairs.map(([, value]) => value),
            ),
          );
          const tables = await read(kind === 'json' ? `[${objects.join(' ,\n')}]` : objects.join('\n'), kind);
          const keys = [...new Set(records.flatMap((pairs) => pairs.map(([key]) => key)))];
          expect(tables[0]?.rows).toEqual(
            records.map((pairs) => keys.map((key) => pairs.find(([other]) => other === key)?.[1] ?? null)),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it('writes one text for one nested value, however it was spelled', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), async (value) => {
        const nested = { list: [value] };
        const shuffled = (input: unknown): string => {
          if (Array.isArray(input)) return `[ ${input.map(shuffled).join(' ,\n ')} ]`;
          if (input === null || typeof input !== 'object') return JSON.stringify(input);
          return `{ ${Object.entries(input)
            .reverse()
            .map(([key, inner]) => `${JSON.stringify(key)} : ${shuffled(inner)}`)
            .join(' , ')} }`;
        };
        const [[plain] = []] = (await rowsOf(`[{"x":${JSON.stringify(nested)}}]`)) ?? [];
        const [[other] = []] = (await rowsOf(`[{"x":${shuffled(nested)}}]`)) ?? [];
        expect(other).toBe(plain);
        expect(JSON.stringify(JSON.parse(String(plain)).list[0])).toBe(sorted(value));
      }),
      { numRuns: 300 },
    );
  });

  it('reads records larger than a chunk, and characters that chunks cut in half', async () => {
    const long = 'é😀"\\'.repeat(120_000);
    const rows = Array.from({ length: 4 }, (_, i) => ({ id: i, text: long.slice(5 * i) }));
    for (const kind of ['json', 'jsonl'] as const) {
      const text = kind === 'json' ? JSON.stringify(rows) : rows.map((row) => JSON.stringify(row)).join('\n');
      expect(
        (await rowsOf(Buffer.from(` ${text}`), kind))?.map(([, x]) => (typeof x === 'string' ? x.length : x)),
      ).toEqual(rows.map((row) => row.text.length));
    }
  });
});

function sorted(value: unknown): string {
  const sort = (input: unknown): unknown => {
    if (Array.isArray(input)) return input.map(sort);
    if (input === null || typeof input !== 'object') return Object.is(input, -0) ? 0 : input;
    return Object.fromEntries(
      Object.entries(input)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, inner]) => [key, sort(inner)]),
    );
  };
  return JSON.stringify(JSON.parse(JSON.stringify(sort(value))));
}
