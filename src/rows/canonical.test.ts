import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bound, boundCell, brokenText, sqlValue } from '../../test/builders/values.ts';
import { openConnection } from '../stores/sqlite/driver.ts';
import { ByteWriter, encodeValue, encodingOrder } from './canonical.ts';
import { BrokenText, type Row, type Value } from './value.ts';

const hex = (value: Value): string => Buffer.from(encodeValue(value)).toString('hex');
const rowHex = (row: Row): string => {
  const writer = new ByteWriter();
  for (const value of row) writer.value(value);
  return Buffer.from(writer.written()).toString('hex');
};
const bytes = (...list: number[]): Uint8Array => new Uint8Array(list);
const anyValue = fc.oneof(
  { weight: 9, arbitrary: sqlValue },
  { weight: 1, arbitrary: brokenText },
  { weight: 1, arbitrary: fc.boolean() },
);

/** Inverse of the encoding, written from docs/rows.md: that it exists for values one after the other is injectivity. */
function decode(encoded: Uint8Array): readonly string[] {
  const view = Buffer.from(encoded);
  const values: string[] = [];
  for (let at = 0; at < view.length; ) {
    const tag = view.readUInt8(at++);
    if (tag === 0) values.push('null');
    else if (tag === 1) values.push(`integer ${view.readBigInt64LE(at)}`);
    else if (tag === 2) values.push(`real ${view.readDoubleLE(at)}`);
    else {
      const size = view.readUInt32LE(at);
      values.push(`${['text', 'blob', 'broken'][tag - 3]} ${view.toString('hex', at + 4, at + 4 + size)}`);
      at += 4 + size;
    }
    if (tag === 1 || tag === 2) at += 8;
  }
  return values;
}

function plain(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return `integer ${value ? 1 : 0}`;
  if (typeof value === 'bigint') return `integer ${value}`;
  if (typeof value === 'string') return `text ${Buffer.from(value).toString('hex')}`;
  if (value instanceof BrokenText) return `broken ${Buffer.from(value.bytes).toString('hex')}`;
  if (typeof value !== 'number') return `blob ${Buffer.from(value).toString('hex')}`;
  const fits = Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63;
  return fits ? `integer ${BigInt(value)}` : `real ${value}`;
}

describe('the encoding of one value is the documented one', () => {
  it.each<[string, Value, string]>([
    ['null', null, '00'],
    ['an integer', 1n, '010100000000000000'],
    ['a negative integer', -2n, '01feffffffffffffff'],
    ['R16: an integer that no double holds', 9_007_199_254_740_993n, '010100000000002000'],
    ['R12: the largest integer', 2n ** 63n - 1n, '01ffffffffffffff7f'],
    ['R12: the smallest integer', -(2n ** 63n), '010000000000000080'],
    ['an integer beyond 32 bits', 2n ** 31n, '010000008000000000'],
    ['a real', 0.5, '02000000000000e03f'],
    ['an integral real, as the integer', 3, '010300000000000000'],
    ['minus zero, as zero', -0, '010000000000000000'],
    ['a real that is integral and too large', 2 ** 63, '02000000000000e043'],
    ['the most negative integral real', -(2 ** 63), '010000000000000080'],
    ['R12: NaN', Number.NaN, '02000000000000f87f'],
    ['R12: infinity', Number.POSITIVE_INFINITY, '02000000000000f07f'],
    ['text', 'aé', '030300000061c3a9'],
    ['R12: the empty text', '', '0300000000'],
    ['R16: text with NUL', 'a\0b', '0303000000610062'],
    ['an astral character', '😀', '0304000000f09f9880'],
    ['half a surrogate pair, as broken text', 'a\ud800', '050400000061eda080'],
    ['the other half first', '\udc00b😀', '0508000000edb08062f09f9880'],
    ['a blob', bytes(0, 255), '040200000000ff'],
    ['the empty blob', bytes(), '0400000000'],
    ['R16: broken text', new BrokenText(bytes(255, 97)), '0502000000ff61'],
    ['true, as 1', true, '010100000000000000'],
    ['false, as 0', false, '010000000000000000'],
    ['an integer beyond 64 bits, as its digits', 2n ** 63n, '031300000039323233333732303336383534373735383038'],
  ])('%s', (_, value, expected) => {
    expect(hex(value)).toBe(expected);
  });

  it('every NaN is one, whatever its bits', () => {
    const other = Buffer.from('010000000000f8ff', 'hex').readDoubleLE(0);
    expect(hex(other)).toBe(hex(Number.NaN));
  });

  it('R12: null, empty text, the word NULL, 0, the text 0 and the empty blob are six values', () => {
    expect(new Set([null, '', 'NULL', 0n, '0', bytes()].map(hex)).size).toBe(6);
  });

  it('long text is written whole, and the buffer may be used again', () => {
    const writer = new ByteWriter();
    for (const length of [23, 24, 25, 1_019, 1_024, 70_000]) {
      for (const unit of ['x', 'é', '中']) {
        writer.reset();
        writer.value(7n);
        writer.value(unit.repeat(length));
        expect(decode(writer.written())).toEqual([plain(7n), plain(unit.repeat(length))]);
      }
    }
  });
});

describe('the encoding of rows', () => {
  it('is injective: any row can be read back from its bytes, but for the type of integral reals and booleans', () => {
    fc.assert(
      fc.property(fc.array(anyValue, { maxLength: 8 }), (row) => {
        expect(decode(Buffer.from(rowHex(row), 'hex'))).toEqual(row.map(plain));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each<[string, Row, Row]>([
    ['text that moves between cells', ['a', 'bc'], ['ab', 'c']],
    ['text that looks like two cells', ['a\u0003\u0001\0\0\0b'], ['a', 'b']],
    ['an empty cell before or after', ['', 'a'], ['a', '']],
    ['null before or after', [null, 0n], [0n, null]],
    ['a missing cell', ['a', null], ['a']],
    ['blob and text of the same bytes', ['ab'], [bytes(97, 98)]],
    ['a blob that is an encoded text', [bytes(3, 1, 0, 0, 0, 97)], ['a']],
    ['R16: neighbours beyond 2^53', [9_007_199_254_740_993n], [9_007_199_254_740_992n]],
    ['R16: an integer and the double next to it', [9_007_199_254_740_993n], [9_007_199_254_740_992]],
    ['R8: composed and decomposed text', ['é'], ['e\u0301']],
    ['NaN and null', [Number.NaN], [null]],
    ['R16: text behind NUL', ['a\0b'], ['a\0c']],
    ['R16: broken text and its replacement', [new BrokenText(bytes(0xff))], ['\ufffd']],
    ['broken text and a blob of the same bytes', [new BrokenText(bytes(0xff))], [bytes(0xff)]],
  ])('tells apart: %s', (_, x, y) => {
    expect(rowHex(x)).not.toBe(rowHex(y));
  });
});

describe('R12: against SQLite', () => {
  it('two cells encode equal exactly when IS calls them equal', () => {
    const db = openConnection('', 'memory');
    const sql = `SELECT x IS y COLLATE BINARY FROM (SELECT ${boundCell(1)} AS x, ${boundCell(3)} AS y)`;
    const near = (value: Value): fc.Arbitrary<Value> =>
      typeof value === 'bigint' ? fc.constantFrom<Value>(Number(value), String(value), value + 1n) : anyValue;
    const pair = anyValue.chain((value) => fc.tuple(fc.constant(value), fc.oneof(anyValue, near(value))));
    fc.assert(
      fc.property(pair, ([x, y]) => {
        fc.pre(typeof y !== 'bigint' || y < 2n ** 63n);
        expect(hex(x) === hex(y)).toBe(db.row(sql, ...bound(x), ...bound(y))?.[0] === 1n);
      }),
      { numRuns: 3_000 },
    );
    db.close();
  });
});

describe('R6: the order of columns', () => {
  it.each<[readonly string[], readonly number[]]>([
    [
      ['b', 'a'],
      [1, 0],
    ],
    [
      ['B', 'a', 'C'],
      [1, 0, 2],
    ],
    [
      ['a', 'A'],
      [1, 0],
    ],
    [
      ['x', 'x'],
      [0, 1],
    ],
    [[], []],
  ])('%j is encoded as %j', (columns, order) => {
    expect(encodingOrder(columns)).toEqual(order);
  });
});
