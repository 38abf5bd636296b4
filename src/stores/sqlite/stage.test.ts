import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { column, table } from '../../../test/builders/facts.ts';
import { BrokenText, type Value } from '../../rows/value.ts';
import type { Reader } from '../reader.ts';
import { openConnection } from './driver.ts';
import { stageStore } from './stage.ts';

const dir = mkdtempSync(join(tmpdir(), 'stage-test-'));
afterAll(() => rmSync(dir, { recursive: true }));
let files = 0;

function readerOf(values: readonly Value[]): Reader {
  return {
    contents: () => Promise.reject(new TypeError('not asked for')),
    async *rows() {
      for (const value of values) yield [value];
    },
    close: () => {},
  };
}

/** Type and hexadecimal bytes, or `quote()` of a number, as SQLite holds them. */
async function staged(values: readonly Value[]): Promise<readonly (readonly [string, string])[]> {
  const file = join(dir, `${++files}.db`);
  const rows = await stageStore(readerOf(values), [table('t', values.length, [column('v')])], file);
  expect(rows).toBe(values.length);
  const db = openConnection(file, 'private');
  const found = db.rows(
    "SELECT typeof(v), CASE WHEN typeof(v) IN ('text', 'blob') THEN hex(v) WHEN typeof(v) = 'real' THEN printf('%!.17g', v) ELSE CAST(v AS TEXT) END FROM t ORDER BY rowid",
  );
  db.close();
  return found.map(([type, value]) => [String(type), String(value)] as const);
}

it('R16: text behind a NUL, broken text, blobs, large integers and tiny reals arrive as they are', async () => {
  const found = await staged([
    'a\0b',
    new BrokenText(new Uint8Array([0x61, 0xff])),
    new Uint8Array([0, 1]),
    9_007_199_254_740_993n,
    1e-20,
    -5e-324,
    2.5,
    true,
    null,
  ]);
  expect(found.map(([type]) => type)).toEqual([
    'text',
    'text',
    'blob',
    'integer',
    'real',
    'real',
    'real',
    'integer',
    'null',
  ]);
  expect(found.slice(0, 3).map(([, hex]) => hex)).toEqual(['610062', '61FF', '0001']);
  expect(found[3]?.[1]).toBe('9007199254740993');
  expect(found.slice(4, 7).map(([, number]) => Number(number))).toEqual([1e-20, -5e-324, 2.5]);
});

it('any real comes back as the number that it is', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 30 }),
      async (reals) => {
        const found = await staged(reals);
        expect(found.map(([, number]) => Number(number) + 0)).toEqual(reals.map((real) => real + 0));
      },
    ),
    { numRuns: 40 },
  );
});

it('a table without columns is passed over', async () => {
  const file = join(dir, `${++files}.db`);
  expect(await stageStore(readerOf([1n]), [table('nothing', 1, []), table('t', 1, [column('v')])], file)).toBe(1);
});
