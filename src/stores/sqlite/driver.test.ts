import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openConnection } from './driver.ts';

const dir = mkdtempSync(join(tmpdir(), 'driver-test-'));
afterAll(() => rmSync(dir, { recursive: true }));

it('a closed connection gives its cache back before garbage is collected', () => {
  const file = join(dir, 'large.db');
  const made = openConnection(file, 'create');
  made.exec(
    'CREATE TABLE t (v TEXT); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000) INSERT INTO t SELECT hex(zeroblob(120)) FROM n;',
  );
  made.close();
  const read = (times: number): void => {
    for (let i = 0; i < times; i++) {
      const db = openConnection(file, 'immutable');
      expect(db.row('SELECT count(v) FROM t')).toEqual([40_000n]);
      db.close();
    }
  };
  read(3);
  const before = process.memoryUsage.rss();
  // Each fills a cache of 8 MiB: kept, these would be 240 MiB.
  read(30);
  expect((process.memoryUsage.rss() - before) / 1024 ** 2).toBeLessThan(80);
});
