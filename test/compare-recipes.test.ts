/** The judge of `npm run compare:recipes` is what its figures stand on: each kind of fault is planted once in a merge that is right. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeStore } from './projects/make-store.ts';

interface Fixture {
  readonly name: string;
  readonly files: readonly { readonly name: string; readonly sql: string }[];
}
interface Judged {
  readonly score: Readonly<Record<string, number>>;
}
type Retained = readonly { readonly file: number; readonly table: string; readonly rowid: number }[];

const bench = (file: string): string => fileURLToPath(new URL(`../bench/recipes/${file}`, import.meta.url));
const { FIXTURES } = (await import(bench('fixtures.mjs'))) as { FIXTURES: readonly Fixture[] };
const { judge } = (await import(bench('judge.mjs'))) as {
  judge(fixture: Fixture, files: readonly string[], merged: string, retained?: Retained): Judged;
};

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'recipes-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** What the counts are that are not 0, of the target with `sql` run on it. */
function judged(name: string, sql: string, retained: Retained = []): Record<string, number> {
  const fixture = FIXTURES.find((one) => one.name === name);
  const [target] = fixture?.files ?? [];
  if (fixture === undefined || target === undefined) throw new TypeError(`no fixture ${name}`);
  const folder = mkdtempSync(join(dir, 'one-'));
  for (const one of fixture.files) makeStore(folder, one.name, one.sql);
  makeStore(folder, 'merged.db', target.sql, sql);
  const files = fixture.files.map((one) => join(folder, one.name));
  const { score } = judge(fixture, files, join(folder, 'merged.db'), retained);
  return Object.fromEntries(Object.entries(score).filter(([, count]) => count > 0));
}

const RIGHT = `
  INSERT INTO users SELECT id + 10, email, name, updated_at FROM (SELECT 1 AS id, 'dan@example.org' AS email, 'dan' AS name, '2025-03-01T10:00:00Z' AS updated_at
    UNION ALL SELECT 2, 'eva@example.org', 'eva', '2025-03-01T10:00:00Z' UNION ALL SELECT 3, 'fay@example.org', 'fay', '2025-03-01T10:00:00Z');
  INSERT INTO orders VALUES (11, 11, 'A-1', 10), (12, 12, 'A-2', 10), (13, 11, 'A-3', 10), (14, 13, 'A-4', 10);`;

it.each([
  ['', {}],
  ["DELETE FROM orders WHERE code = 'A-1'", { lost: 1 }],
  ["DELETE FROM users WHERE name = 'fay'", { lost: 1, nowhere: 1 }],
  ["UPDATE orders SET total = 11 WHERE code = 'H-2'", { changed: 1 }],
  ["UPDATE orders SET user_id = 1 WHERE code = 'A-1'", { misled: 1 }],
  ["UPDATE orders SET user_id = 99 WHERE code = 'A-1'", { nowhere: 1 }],
  ["INSERT INTO orders VALUES (20, 11, 'A-1', 10)", { doubled: 1 }],
] as const)('a merge that is right but for %j is found out', (fault, counts) => {
  expect(judged('ids that collide', RIGHT + fault)).toEqual(counts);
});

it('who was erased is told to be back, and is no loss', () => {
  const right =
    "INSERT INTO users VALUES (6, 'dan@example.org', 'dan', '2025-03-01T10:00:00Z'); INSERT INTO orders VALUES (6, 6, 'A-6', 10);";
  expect(judged('erased on purpose', right)).toEqual({});
  const eve = "INSERT INTO users VALUES (2, 'eve@example.org', 'eve', '2025-03-01T10:00:00Z');";
  expect(judged('erased on purpose', right + eve)).toEqual({ back: 1 });
});

it('a row that is kept back with a reason is no loss, one without is', () => {
  const right = "INSERT INTO tasks VALUES (3, 'app three', 'open'), (5, 'app five', 'done');";
  expect(judged('a list of allowed values', right)).toEqual({ lost: 2 });
  expect(judged('a list of allowed values', right, [{ file: 1, table: 'tasks', rowid: 4 }])).toEqual({
    lost: 1,
    retained: 1,
  });
});

it('a ghost that begins to refer to somebody is misled; lists and pairs are followed', () => {
  const right = `
    INSERT INTO users VALUES (21, 'cyd@example.org', 'cyd', '2025-03-01T10:00:00Z'), (23, 'dan@example.org', 'dan', '2025-03-01T10:00:00Z');
    INSERT INTO orders VALUES (11, 21, 'A-1', 10), (12, 1, 'A-2', 10), (13, 29, 'A-3', 10);
    INSERT INTO notes VALUES (11, 'user', 21, 'note on cyd'), (12, 'order', 11, 'note on A-1'), (13, 'user', 23, 'note on dan');
    INSERT INTO teams VALUES (11, 'app team', '[1,23]');`;
  const name = 'references that nothing declares';
  expect(judged(name, right)).toEqual({});
  expect(judged(name, `${right} UPDATE orders SET user_id = 9 WHERE code = 'A-3'`)).toEqual({ misled: 1 });
  expect(judged(name, `${right} UPDATE teams SET member_ids = '[2,3]' WHERE id = 11`)).toEqual({ misled: 1 });
  expect(judged(name, `${right} UPDATE notes SET entity_id = 21 WHERE id = 12`)).toEqual({ nowhere: 1 });
});

it('equal rows without a key are counted', () => {
  const right = "INSERT INTO readings VALUES ('t4', 'a', 3.0), ('t4', 'a', 3.0);";
  expect(judged('rows without a key', right)).toEqual({});
  expect(judged('rows without a key', "INSERT INTO readings VALUES ('t4', 'a', 3.0);")).toEqual({ lost: 1 });
  expect(judged('rows without a key', `${right} INSERT INTO readings VALUES ('t2', 'a', 2.0);`)).toEqual({
    doubled: 1,
  });
});

it('desprawl loses, changes, misleads, doubles and brings back nothing; what it keeps back is told', {
  timeout: 180_000,
}, () => {
  const done = spawnSync(process.execPath, [bench('compare.mjs'), '--tool=desprawl'], { encoding: 'utf8' });
  expect(done.stderr).toBe('');
  expect(done.stdout).toContain('| desprawl | 0 | 0 | 0 | 0 | 0 | 0 | 11 |');
  expect(done.status).toBe(0);
});
