/** Looks at the fixtures with plain SQL and plain bytes: that what they say is wrong in them really is. One table of facts. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterAll, expect, it } from 'vitest';
import { project as backupHeap } from './backup-heap.ts';
import { project as brokenReferences } from './broken-references.ts';
import { project as brokenText } from './broken-text.ts';
import { project as csvDialects } from './csv-dialects.ts';
import { project as exactValues, TABLE_NAMES } from './exact-values.ts';
import { type FixtureProject, PAST, settleTimes } from './fixture-project.ts';
import { project as hotJournal, ORDERS } from './hot-journal.ts';
import { project as idCollisions } from './id-collisions.ts';
import { project as keylessRows } from './keyless-rows.ts';
import { git } from './make-repository.ts';
import { project as olderGeneration } from './older-generation.ts';
import { project as staleIndex } from './stale-index.ts';
import { project as trackedSecrets } from './tracked-secrets.ts';
import { project as twin } from './twin-of-another-name.ts';
import { VENV_FILES, project as vendored, WINDOWS_FILES } from './vendored-environment.ts';
import { project as walOnly } from './wal-only.ts';

const scratch = mkdtempSync(join(tmpdir(), 'fixtures-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let builds = 0;
async function build(project: FixtureProject): Promise<string> {
  const dir = join(scratch, String(++builds));
  mkdirSync(dir);
  await project.build(dir);
  settleTimes(dir);
  return dir;
}

/** First cell of the first row. Opens a copy unless `uri` says how to open the file itself. */
function ask(dir: string, stores: Readonly<Record<string, string>>, sql: string, uri = '?mode=ro'): unknown {
  const database = new DatabaseSync(':memory:');
  try {
    for (const [name, path] of Object.entries(stores))
      database.exec(`ATTACH 'file:${join(dir, path)}${uri}' AS ${name}`);
    return Object.values(database.prepare(sql).get() ?? {})[0];
  } finally {
    database.close();
  }
}

/** What SQLite says of a file that is no sound database is an answer, too. */
function askOrRefuse(...question: Parameters<typeof ask>): unknown {
  try {
    return ask(...question);
  } catch (error) {
    return (error as Error).message;
  }
}

const hashes = (dir: string, paths: readonly string[]): readonly string[] =>
  paths.map((path) =>
    createHash('sha256')
      .update(readFileSync(join(dir, path)))
      .digest('hex'),
  );

it('S1: the main file alone has no table, with its log it has all', async () => {
  const dir = await build(walOnly);
  expect(ask(dir, { s: 'data/telemetry.db' }, 'SELECT count(*) FROM s.sqlite_schema', '?immutable=1')).toBe(0);
  cpSync(join(dir, 'data'), join(dir, 'copy'), { recursive: true });
  expect(ask(dir, { s: 'copy/telemetry.db' }, 'SELECT count(*) FROM s.pings')).toBe(40);
  expect(statSync(join(dir, 'data/settled.db')).mtime).toEqual(PAST);
  expect(readdirSync(join(dir, 'data')).sort()).toEqual([
    'bare.db',
    'bare.db-wal',
    'settled.db',
    'telemetry.db',
    'telemetry.db-wal',
  ]);
});

it('S8: the old generation has no id and no address in common with the store in use', async () => {
  const dir = await build(olderGeneration);
  const both = { a: 'data/hub.db', o: 'data/hub.db.old' };
  expect(
    ask(
      dir,
      both,
      'SELECT count(*) FROM a.members JOIN o.members ON a.members.id = o.members.id OR a.members.email = o.members.email',
    ),
  ).toBe(0);
  expect(ask(dir, both, 'SELECT count(*) FROM a.visits JOIN o.visits USING (id)')).toBe(0);
  expect(
    ask(
      dir,
      { a: 'data/hub.db', b: 'data/hub.db.backup' },
      'SELECT count(*) FROM (SELECT * FROM b.visits EXCEPT SELECT * FROM a.visits)',
    ),
  ).toBe(0);
});

it('S9: 156 files of one size hold 12 contents', async () => {
  const dir = await build(backupHeap);
  const names = readdirSync(join(dir, 'backups')).map((name) => `backups/${name}`);
  expect(names).toHaveLength(156);
  expect(new Set(hashes(dir, names)).size).toBe(12);
  const sizes = [...names, 'data/energy.db', 'data/meters.db'].map((name) => statSync(join(dir, name)).size);
  expect(new Set(sizes).size).toBe(1);
});

it('S10: git tracks the store that an ignore rule names', async () => {
  const dir = await build(trackedSecrets);
  expect(git(dir, 'ls-files', 'data').split('\n')).toEqual(['data/auth.db', 'data/catalog.db', '']);
  expect(git(dir, 'check-ignore', '--no-index', 'data/auth.db', 'data/sessions.db')).toBe(
    'data/auth.db\ndata/sessions.db\n',
  );
});

it('S15: the environments hold as many files as they say', async () => {
  const dir = await build(vendored);
  const count = (folder: string): number =>
    readdirSync(join(dir, folder), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;
  expect([count('service/venv'), count('tools/env')]).toEqual([VENV_FILES, WINDOWS_FILES]);
});

it('S18: read without its journal the store shows what was never committed', async () => {
  const dir = await build(hotJournal);
  const paid = "SELECT count(*) FROM s.orders WHERE state = 'paid'";
  // As bytes, since the pages that reached the file and those that did not need not fit: SQLite may call it malformed.
  const alone = readFileSync(join(dir, 'data/orders.db'), 'latin1');
  expect(alone.match(/ORD-\d+void/g)?.length).toBeGreaterThan(1_000);
  expect(readFileSync(join(dir, 'backup/orders.db'), 'latin1').match(/ORD-\d+void/g)).toBeNull();
  expect(askOrRefuse(dir, { s: 'data/orders.db' }, paid, '?immutable=1')).not.toBe(ORDERS);
  cpSync(join(dir, 'data'), join(dir, 'copy'), { recursive: true });
  expect(ask(dir, { s: 'copy/orders.db' }, paid, '?mode=rw')).toBe(ORDERS);
  const journal = readFileSync(join(dir, 'data/kept.db-journal'));
  expect(journal.length).toBeGreaterThan(28);
  expect([...journal.subarray(0, 28)].every((byte) => byte === 0)).toBe(true);
});

it('S19: a plain git status rewrites the index', async () => {
  const dir = await build(staleIndex);
  const before = hashes(dir, ['.git/index']);
  execFileSync('git', ['-C', dir, '--no-optional-locks', 'status']);
  expect(hashes(dir, ['.git/index'])).toEqual(before);
  execFileSync('git', ['-C', dir, 'status']);
  expect(hashes(dir, ['.git/index'])).not.toEqual(before);
});

it('X2: 95 records are written in 488 lines', async () => {
  const dir = await build(csvDialects);
  const text = readFileSync(join(dir, 'exports/readings.csv'), 'utf8');
  expect(text.split('\n')).toHaveLength(488 + 1);
  expect(text.match(/^\d+;"Place/gm)).toHaveLength(95);
  expect(text.match(/\r\n/g)?.length).toBe(32);
  expect(readFileSync(join(dir, 'exports/staff.csv')).includes(Buffer.from('B\xfcro', 'latin1'))).toBe(true);
});

it('R1: three ids are different people, five are the same', async () => {
  const dir = await build(idCollisions);
  const both = { a: 'data/hub.db', b: 'data/auth.db' };
  expect(
    ask(dir, both, 'SELECT count(*) FROM a.users AS x JOIN b.users AS y USING (id) WHERE x.email <> y.email'),
  ).toBe(3);
  expect(ask(dir, both, 'SELECT count(*) FROM a.users AS x JOIN b.users AS y USING (id, email, name)')).toBe(5);
});

it('R4: 73 tasks in common, 28 of them with another status', async () => {
  const dir = await build(twin);
  const both = { a: 'data/hub.db', b: 'data/planner.db' };
  const sql =
    "SELECT count(*) || ' ' || sum(x.status <> y.status) FROM a.tasks AS x JOIN b.dynamic_tasks AS y USING (id, title)";
  expect(ask(dir, both, sql)).toBe('73 28');
});

it('R9: 13 and 24 broken references, and one that cannot be checked', async () => {
  const dir = await build(brokenReferences);
  const count = 'SELECT count(*) FROM pragma_foreign_key_check';
  expect([
    ask(dir, { s: 'data/hub.db' }, `${count}('events', 's')`),
    ask(dir, { s: 'data/hub.db' }, `${count}('readings', 's')`),
  ]).toEqual([13, 24]);
  expect(() => ask(dir, { s: 'data/shop.db' }, `${count}('prices', 's')`)).toThrow(/foreign key mismatch/);
  expect(ask(dir, { s: 'services/copy/sound.db' }, "SELECT count(*) FROM pragma_foreign_key_check(NULL, 's')")).toBe(0);
});

it('R12: one row of each table differs, and none of those that were only written in another order', async () => {
  const dir = await build(exactValues);
  for (const table of TABLE_NAMES) {
    const differ = (path: string): unknown =>
      ask(
        dir,
        { a: 'data/exact.db', b: path },
        `SELECT count(*) FROM (SELECT * FROM a.${table} EXCEPT SELECT * FROM b.${table})`,
      );
    expect([table, differ('data/same.db'), differ('data/changed.db')]).toEqual([table, 0, 1]);
  }
});

it('R16: the stores differ in bytes that JavaScript strings and numbers do not hold', async () => {
  const dir = await build(brokenText);
  const both = { a: 'data/a.db', b: 'data/b.db' };
  const sql = (cell: string): string =>
    `SELECT group_concat(x.id) FROM a.texts AS x JOIN b.texts AS y USING (id) WHERE ${cell}`;
  expect(ask(dir, both, sql('CAST(x.body AS BLOB) <> CAST(y.body AS BLOB)'))).toBe('2,3');
  expect(
    ask(
      dir,
      both,
      'SELECT count(*) FROM a.ids AS x JOIN b.ids AS y USING (snowflake) WHERE x.channel <> y.channel AND CAST(x.channel AS REAL) = CAST(y.channel AS REAL)',
    ),
  ).toBe(1);
});

it('R18: two sales are missing, one member matches two others', async () => {
  const dir = await build(keylessRows);
  const both = { a: 'data/a.db', b: 'data/b.db' };
  expect(ask(dir, both, 'SELECT (SELECT count(*) FROM a.sales) - (SELECT count(*) FROM b.sales)')).toBe(2);
  expect(ask(dir, both, 'SELECT count(*) FROM (SELECT * FROM a.sales EXCEPT SELECT * FROM b.sales)')).toBe(0);
  expect(
    ask(
      dir,
      both,
      'SELECT count(*) FROM a.members AS x JOIN b.members AS y ON y.email = x.email JOIN b.members AS z ON z.card = x.card WHERE y.rowid <> z.rowid',
    ),
  ).toBe(1);
});
