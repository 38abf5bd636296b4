import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { brokenText, databaseFiles, sqlValue, writeRows } from '../../test/builders/values.ts';
import { encodeValue } from './canonical.ts';
import { startDigest } from './digest.ts';
import type { Row, Value } from './value.ts';

const files = databaseFiles();
afterAll(files.cleanUp);

function digest(columns: readonly string[], rows: readonly Row[]): string {
  const table = startDigest(columns);
  for (const row of rows) table.add(row);
  return table.hex();
}

/** From docs/rows.md, with numbers that cannot overflow. For columns that are in encoding order already. */
function byTheBook(columns: readonly string[], rows: readonly Row[]): string {
  const encode = (values: readonly Value[]): Buffer => Buffer.concat(values.map((value) => encodeValue(value)));
  let sum = 0n;
  for (const row of rows) {
    const bytes = createHash('sha256').update(encode(row)).digest();
    sum += BigInt(`0x${bytes.reverse().toString('hex')}`);
  }
  const total = Buffer.from((sum % 2n ** 256n).toString(16).padStart(64, '0'), 'hex').reverse();
  const head = encode(['desprawl rows 1', BigInt(rows.length), ...columns]);
  return createHash('sha256').update(head).update(total).digest('hex');
}

const NAMES = ['a', 'b', 'c'] as const;
const value = fc.oneof({ weight: 9, arbitrary: sqlValue }, { weight: 1, arbitrary: brokenText });
const row = fc.tuple(value, value, value);
const rows = fc.array(row, { minLength: 1, maxLength: 8 });

describe('the digest of a table', () => {
  it('is the documented one, also where the sum overflows', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 20 }), (table) => digest(NAMES, table) === byTheBook(NAMES, table)),
    );
    const many = Array.from({ length: 5_000 }, (_, i): Row => [BigInt(i), `row ${i}`, null]);
    expect(digest(NAMES, many)).toBe(byTheBook(NAMES, many));
  });

  it('R6: depends neither on the order of rows nor on that of columns', () => {
    const shuffled = rows.chain((table) =>
      fc.tuple(
        fc.constant(table),
        fc.shuffledSubarray(table, { minLength: table.length }),
        fc.shuffledSubarray([0, 1, 2], { minLength: 3 }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([table, other, order]) => {
        const columns = order.map((at) => NAMES[at]?.toUpperCase() ?? '');
        const moved = other.map((cells) => order.map((at) => cells[at] ?? null));
        expect(digest(columns, moved)).toBe(digest(NAMES, table));
      }),
    );
  });

  it('R18: counts equal rows: a pair more is another table, and two pairs do not cancel', () => {
    fc.assert(
      fc.property(rows, ([first, ...others]) => {
        fc.pre(first !== undefined);
        const [one, two, three] = [1, 2, 3].map((times) => [...others, ...Array<Row>(times).fill(first ?? [])]);
        expect(new Set([others, one, two, three].map((table) => digest(NAMES, table ?? []))).size).toBe(4);
      }),
    );
  });

  it('X4: changes with any one cell', () => {
    const changed = fc.tuple(rows, fc.nat(), fc.nat({ max: 2 }), value);
    fc.assert(
      fc.property(changed, ([table, at, column, cell]) => {
        const line = at % table.length;
        const before = table[line]?.[column] ?? null;
        fc.pre(Buffer.compare(encodeValue(before), encodeValue(cell)) !== 0);
        const other = table.map((cells, i) => (i === line ? cells.with(column, cell) : cells));
        expect(digest(NAMES, other)).not.toBe(digest(NAMES, table));
      }),
    );
  });

  it.each<[string, readonly Row[], readonly Row[]]>([
    [
      'cells swap between rows',
      [
        ['a', 1n, null],
        ['b', 2n, null],
      ],
      [
        ['a', 2n, null],
        ['b', 1n, null],
      ],
    ],
    ['cells swap between columns', [['a', 'b', null]], [['b', 'a', null]]],
    ['text moves from cell to cell', [['a', 'bc', null]], [['ab', 'c', null]]],
    [
      'a row is missing',
      [
        ['a', 1n, null],
        ['b', 2n, null],
      ],
      [['a', 1n, null]],
    ],
    ['a row holds only NULL', [], [[null, null, null]]],
    ['R12: empty text stands for NULL', [['', null, 1n]], [[null, '', 1n]]],
  ])('differs where %s', (_, x, y) => {
    expect(digest(NAMES, x)).not.toBe(digest(NAMES, y));
  });

  it('differs where a column has another name, also without rows', () => {
    expect(digest(['a', 'b'], [])).not.toBe(digest(['a', 'c'], []));
    expect(digest(['a', 'b'], [])).not.toBe(digest(['ab'], []));
    expect(digest(['A', 'b'], [])).toBe(digest(['a', 'B'], []));
  });
});

describe('X4: written to a real file and read back', () => {
  const read = async (table: readonly Row[], encoding: string): Promise<string | undefined> => {
    const { tables } = await files.make((db) => {
      db.exec(`PRAGMA encoding = '${encoding}'`);
      writeRows(db, NAMES, table);
    });
    return tables[0]?.digest;
  };

  it('R16: any values give the digest of the values written', async () => {
    const property = fc.asyncProperty(fc.array(row, { maxLength: 30 }), async (table) => {
      expect(await read(table, 'UTF-8')).toBe(digest(NAMES, table));
    });
    await fc.assert(property, { numRuns: 40 });
  });

  it('R12: NaN is stored as NULL, infinity as itself, -0.0 as 0', async () => {
    const written: Row = [Number.NaN, Number.POSITIVE_INFINITY, -0];
    expect(await read([written], 'UTF-8')).toBe(digest(NAMES, [[null, Number.POSITIVE_INFINITY, 0n]]));
  });

  it('a file in UTF-16 has the digest of one in UTF-8', async () => {
    for (const encoding of ['UTF-8', 'UTF-16le', 'UTF-16be']) {
      const { tables } = await files.make((db) => {
        db.exec(`PRAGMA encoding = '${encoding}'; CREATE TABLE t (a, b, c)`);
        db.exec("INSERT INTO t VALUES ('Zoë 😀', x'c3', 1), ('', NULL, 9007199254740993)");
      });
      expect(tables[0]?.digest).toBe(
        digest(NAMES, [
          ['Zoë 😀', new Uint8Array([0xc3]), 1n],
          ['', null, 9_007_199_254_740_993n],
        ]),
      );
    }
  });
});
