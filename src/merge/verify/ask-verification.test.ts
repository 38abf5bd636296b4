import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { byKey, mergeGround } from '../../../test/merge-ground.ts';
import { openPool } from '../../stores/child/pool.ts';
import { askVerification, divided } from './ask-verification.ts';

const ground = mergeGround();
const dir = mkdtempSync(join(tmpdir(), 'ask-verification-'));
const pool = openPool({ size: 2, tempDir: dir });
afterAll(() => {
  pool.close();
  ground.remove();
  rmSync(dir, { recursive: true, force: true });
});

const rows = (first: number): string =>
  `CREATE TABLE t (id INTEGER PRIMARY KEY, k TEXT UNIQUE); WITH n (i) AS (SELECT ${first} UNION ALL SELECT i + 1 FROM n WHERE i < ${first + 9}) INSERT INTO t SELECT i, 'key' || i FROM n`;

it('rows and the file are both asked; of a file that is not whole nothing else is said', async () => {
  const { request } = ground.merge({
    target: rows(1),
    sources: [rows(6)],
    tables: { t: { identity: byKey('k'), surrogate: 'id' } },
  });
  const { spec, files, merged, ledger } = request;
  const whole = await askVerification(pool, { spec, files, merged, ledger }, 30);
  // The target's ten, and of the source's ten the five that came and the five that were there.
  expect(whole).toEqual({ problems: [], rows: 20, notVerified: [] });

  // A key of the index that no row has: every row can still be read.
  const bytes = readFileSync(merged);
  const at = bytes.lastIndexOf('key15');
  bytes.write('kez15', at);
  const spoilt = join(dir, 'spoilt.db');
  writeFileSync(spoilt, bytes);
  const found = await askVerification(pool, { spec, files, merged: spoilt, ledger }, 30);
  expect(found.problems).toMatchObject([{ what: 'integrity', detail: expect.stringMatching(/index/) }]);
  expect(found.notVerified).toEqual([{ what: 'rows', why: 'the merged file is damaged' }]);

  await expect(askVerification(pool, { spec, files, merged, ledger: join(dir, 'none') }, 30)).rejects.toThrow();
});

it('the larger sources are divided first; whoever asks whether the file is whole gets fewer of them', () => {
  const file = (name: string, bytes: number): string => {
    const path = join(dir, name);
    writeFileSync(path, Buffer.alloc(bytes));
    return path;
  };
  const sources = [100, 10, 100, 50, 100].map((bytes, i) => file(`source-${i}`, bytes));
  const ancestors = sources.map(() => null);
  const merged = file('divided', 300);
  expect(divided({ merged, files: { target: file('target', 100), sources, ancestors } })).toEqual([
    { damage: true, sources: [4], target: false },
    { damage: false, sources: [0, 1, 2, 3], target: true },
  ]);
  const all = divided({
    merged: join(dir, 'none'),
    files: { target: null, sources: [join(dir, 'none')], ancestors: [null] },
  });
  expect(all.flatMap((share) => share.sources)).toEqual([0]);
});
