import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { bound, boundCell, sqlValue } from '../../test/builders/values.ts';
import type { Normaliser } from '../audit/model.ts';
import { cellExpressions, decodeRow } from '../stores/sqlite/cells.ts';
import { openConnection } from '../stores/sqlite/driver.ts';
import { encodeValue } from './canonical.ts';
import { cell } from './compare-sql.ts';
import { normaliseForComparison } from './normalise.ts';
import { normaliseConforming } from './normalise-sql.ts';
import { BrokenText, type Value } from './value.ts';

const db = openConnection('', 'memory');
db.define('normalise', normaliseConforming);
afterAll(() => db.close());

const VALUE = `SELECT ${boundCell(1)} AS x`;
const read = (sql: string, value: Value): Value =>
  decodeRow(db.row(`SELECT ${cellExpressions(['y'])} FROM (${sql})`, ...bound(value)) ?? [], 1, 'UTF-8')[0] ?? null;

/** The form as the comparison computes it, by the SQL that it uses. */
const byCell = (value: Value, normaliser: Normaliser): Value =>
  read(`SELECT ${cell('x', { a: 'x', b: 'x', via: 'name', normaliser }, false)} AS y FROM (${VALUE})`, value);

/** The form by the SQL function alone, told how long the value is. */
const byFunction = (value: Value, normaliser: Normaliser): Value =>
  read(`SELECT coalesce(normalise('${normaliser}', x, octet_length(x)), x) AS y FROM (${VALUE})`, value);

const hex = (value: Value): string => Buffer.from(encodeValue(value)).toString('hex');

const spaced = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom('', ' ', '\t', '\u00a0'), text, fc.constantFrom('', ' ', '\n'))
    .map((parts) => parts.join(''));
const digits = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('hex'));
const uuid = fc.tuple(digits, fc.nat({ max: 5 })).map(([text, spelling]) => {
  const dashed = text.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  const upper = dashed.toUpperCase();
  return [text, dashed, upper, `{${dashed}}`, dashed.slice(1), text.replace(/.$/, 'g')][spelling] ?? '';
});
const letter = fc.constantFrom('a', 'B', 'é', 'E\u0301', 'ß', 'İ', 'Ω', 'Å', '.', '+', "'", '@');
const email = fc.string({ unit: letter, minLength: 1, maxLength: 6 }).map((name) => `${name}@X.Org`);
const moment = fc
  .tuple(fc.date({ min: new Date(0), max: new Date('2120-01-01'), noInvalidDate: true }), fc.nat({ max: 8 }))
  .map(([date, spelling]) => {
    const iso = date.toISOString();
    const local = iso.slice(0, 19);
    return (
      [iso, local, local.replace('T', ' '), `${local}+02:00`, `${local}.123456 UTC`, iso.slice(0, 10), String(+date)][
        spelling
      ] ?? String(Math.floor(+date / 1000))
    );
  });
const numeral = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.bigInt({ min: -(2n ** 66n), max: 2n ** 66n }).map(String),
  fc.tuple(fc.integer(), fc.nat()).map(([whole, rest]) => `${whole}.${rest}`),
  fc.constantFrom('007', '+1', '1e5', '.5', '5.', '0x10', '1,5', '-0', '-0.0', '1e-05', '1E+21', '1e400', '1_000'),
);
const yesNo = fc.constantFrom('true', 'TRUE', 'f', 'No', 'y', '1', '0', '2', 'on', 'yes!', 'ｔ');

const GENERATORS: readonly [Normaliser, fc.Arbitrary<Value>][] = [
  ['exact', fc.constant('x')],
  [
    'uuid',
    fc.oneof(
      spaced(uuid),
      digits.map((text) => new Uint8Array(Buffer.from(text, 'hex'))),
    ),
  ],
  ['email', spaced(email)],
  [
    'timestamp',
    fc.oneof(
      spaced(moment),
      fc.integer({ min: 6e8, max: 5e9 }).map(BigInt),
      fc.double({ min: 6e8, max: 5e12, noNaN: true }),
    ),
  ],
  ['number', spaced(numeral)],
  ['boolean', spaced(yesNo)],
];

/** Reals whose decimal digits are exact: of others SQLite does not always write the shortest. */
const short = fc.oneof(
  fc.tuple(fc.integer({ min: -(2 ** 20), max: 2 ** 20 }), fc.nat({ max: 8 })).map(([n, power]) => n / 2 ** power),
  fc.constantFrom(
    1e15,
    1e16,
    1e17,
    1.5e17,
    1e21,
    -2e22,
    5e-5,
    1e300,
    -0,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ),
);
const plainValue = sqlValue.filter((value) => typeof value !== 'string' || !/[\0\ufffd]/.test(value));

describe('R8: SQL and JavaScript give one form', () => {
  it.each(GENERATORS)('%s', (normaliser, generator) => {
    const value = fc.oneof({ weight: 5, arbitrary: generator }, plainValue);
    fc.assert(
      fc.property(value, (one) => {
        expect(hex(byCell(one, normaliser))).toBe(hex(normaliseForComparison(one, normaliser)));
        expect(hex(byFunction(one, normaliser))).toBe(hex(normaliseForComparison(one, normaliser)));
      }),
      { numRuns: 1_000 },
    );
  });

  it('text', () => {
    fc.assert(
      fc.property(fc.oneof(short, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.string()), (value) => {
        fc.pre(!String(value).includes('\0'));
        expect(byCell(value, 'text')).toBe(normaliseForComparison(value, 'text'));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('R16: what the driver would alter is left as it is stored', () => {
  const broken = (text: string): BrokenText => new BrokenText(new Uint8Array([...Buffer.from(text, 'latin1')]));
  it.each<[Normaliser, Value]>([
    ['number', '7\0 and more'],
    ['boolean', 'true\0'],
    ['timestamp', '2025-09-16\0x'],
    ['uuid', `${'a'.repeat(32)}\0x`],
    ['email', 'Zoë@x.org\0y'],
    ['email', broken('Zo\xeb@X.org')],
    ['email', broken('A\xf0\x9f\x98@X.org')],
    ['email', 'already\ufffdreplaced@X.org'],
    ['number', broken('7\xff')],
  ])('%s: %j', (normaliser, value) => {
    expect(byFunction(value, normaliser)).toEqual(value);
  });
});
