import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openConnection } from './driver.ts';
import { openSqliteReader } from './sqlite-reader.ts';

const dir = mkdtempSync(join(tmpdir(), 'newest-test-'));
afterAll(() => rmSync(dir, { recursive: true }));

/** 210,000 rows, a day apart from minute to minute; row 5 names the newest moment. */
async function newestOf(name: string, more: string): Promise<string | undefined> {
  const file = join(dir, `${name}.db`);
  const db = openConnection(file, 'create');
  db.exec(`CREATE TABLE log (id INTEGER PRIMARY KEY, logged_at TEXT); ${more}
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 210000)
    INSERT INTO log SELECT i, strftime('%Y-%m-%dT%H:%M:%SZ', 1600000000 + i * 60, 'unixepoch') FROM n;
    UPDATE log SET logged_at = '2024-05-05T00:00:00Z' WHERE id = 5;
    UPDATE log SET logged_at = '2999-01-01T00:00:00Z' WHERE id = 209990;`);
  db.close();
  const reader = openSqliteReader(file, 'immutable');
  const { freshness } = await reader.contents({
    sampleRows: 100,
    digestRows: 1_000,
    integrity: false,
    freshness: true,
    now: Date.parse('2025-01-01T00:00:00Z'),
  });
  reader.close();
  return freshness?.at;
}

it('a large table is searched through its index, or from its end; a moment to come does not count', async () => {
  expect(await newestOf('indexed', 'CREATE INDEX at ON log (logged_at);')).toBe('2024-05-05T00:00:00.000Z');
  expect(await newestOf('bare', '')).toBe(new Date((1_600_000_000 + 210_000 * 60) * 1000).toISOString());
});
