/** `desprawl ledger` and `desprawl conflicts` on a project whose two stores diverged: before the run, after it, and after it was taken back. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApplyResult } from '../src/apply/model.ts';
import type {
  ConflictsDocument,
  IdMapDocument,
  LedgerDocument,
  PlannedConflictsDocument,
} from '../src/merge/ledger/documents.ts';
import { openConnection } from '../src/stores/sqlite/driver.ts';
import { makeStore } from './projects/make-store.ts';
import { expectNoTrace, runCli } from './run-cli.ts';
import { treeHash } from './tree-hash.ts';

const USERS = `CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, city TEXT, age INTEGER CHECK (age < 200));
  CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id), what TEXT);`;
const HUB = `${USERS}
  INSERT INTO users SELECT value, 'p' || value || '@x.org', 'Person ' || value, 'Graz', 20 + value FROM generate_series(1, 8);
  INSERT INTO orders SELECT value, value, 'hat ' || value FROM generate_series(1, 5);`;
// Counts from 1 as well: its 1 is the hub's 4. One lives elsewhere, one has another name too, one cannot be.
const SHOP = `${USERS.replace('CHECK (age < 200)', '')}
  INSERT INTO users SELECT value, 'p' || (value + 3) || '@x.org', 'Person ' || (value + 3), 'Graz', 23 + value FROM generate_series(1, 8);
  UPDATE users SET city = 'Linz', name = 'Person 5 Junior' WHERE id = 2;
  UPDATE users SET city = 'Wien' WHERE id = 3;
  UPDATE users SET age = 500 WHERE id = 8;
  INSERT INTO orders SELECT value, value + 3, 'cup ' || value FROM generate_series(1, 5);`;
/** Not every build of SQLite has the function. */
const series = (sql: string): string =>
  sql.replace(
    /FROM generate_series\(1, (\d)\)/g,
    (_, most: string) => `FROM json_each('[${Array.from({ length: Number(most) }, (_one, i) => i + 1)}]')`,
  );

let parent: string;
let root: string;
let env: Record<string, string>;
let result: ApplyResult;
let before: PlannedConflictsDocument;
let first: PlannedConflictsDocument;
beforeAll(async () => {
  parent = realpathSync(mkdtempSync(join(tmpdir(), 'ledger-')));
  root = join(parent, 'kiosk');
  mkdirSync(root);
  env = { XDG_STATE_HOME: join(parent, 'state'), XDG_CACHE_HOME: join(parent, 'cache'), COLUMNS: '80' };
  makeStore(root, 'data/hub.db', series(HUB));
  makeStore(root, 'data/shop.db', series(SHOP));
  writeFileSync(
    join(root, 'app.py'),
    "import sqlite3\n\nhub = sqlite3.connect('data/hub.db')\nhub.execute('SELECT 1')\n",
  );
  await run('plan', '--target', 'data/hub.db');
  first = await json<PlannedConflictsDocument>('conflicts', '--plan');
  await run('plan', '--from', join(root, 'desprawl-plan.yaml'), '--accept-proposals');
  const untouched = treeHash(root);
  before = await json<PlannedConflictsDocument>('conflicts', '--plan', join(root, 'desprawl-plan.yaml'));
  expect(treeHash(root)).toEqual(untouched);
  result = await json<ApplyResult>('apply', '--yes');
  expect(result.status).toBe('verified');
}, 120_000);
afterAll(() => rmSync(parent, { recursive: true, force: true }));

const run = async (...args: readonly string[]) => {
  const done = await runCli(['-C', root, ...args], { env, cwd: parent });
  expectNoTrace(done);
  return done;
};
const json = async <T>(...args: readonly string[]): Promise<T> => {
  const { stdout, stderr } = await run(...args, '--json');
  expect(stdout, stderr).not.toBe('');
  expect(JSON.parse(stdout)).not.toHaveProperty('error');
  return JSON.parse(stdout) as T;
};
const refused = async (code: string, ...args: readonly string[]): Promise<string> => {
  const done = await run(...args);
  expect([done.code, done.stderr]).toEqual([2, expect.stringContaining(code)]);
  return done.stderr;
};
/** From a copy: this process lets go of a file only when garbage is collected, and a store in use is not rolled back. */
const read = (store: string, sql: string): readonly (readonly unknown[])[] => {
  const copy = join(parent, `looked-at-${store.replace('/', '-')}`);
  copyFileSync(join(root, store), copy);
  const db = openConnection(copy, 'immutable');
  try {
    return db.rows(sql).map((row) => row.map((one) => (typeof one === 'bigint' ? Number(one) : one)));
  } finally {
    db.close();
  }
};
function expectValid(schema: string, document: unknown): void {
  const text = readFileSync(new URL(`../schema/${schema}.schema.json`, import.meta.url), 'utf8');
  const validate = new Ajv({ strict: false, allErrors: true }).compile(JSON.parse(text) as object);
  validate(document);
  expect(validate.errors ?? []).toEqual([]);
}

describe('before the run', () => {
  it('what would differ, open and with its decision', () => {
    expectValid('conflicts', first);
    expect(first.conflicts).toEqual(
      ['name', 'city'].map((column) => ({
        ...{ action: 'merge-hub', target: 'data/hub.db', table: 'users', column },
        rows: column === 'name' ? 1 : 2,
        stores: [{ store: 'data/shop.db', rows: column === 'name' ? 1 : 2 }],
        ...{ state: 'open', policy: null, decision: 'hub-users-differ', proposal: 'target' },
      })),
    );
  });

  it('answered, with what wins; nothing of the project was touched', () => {
    expect(before.conflicts.map(({ column, state, policy }) => [column, state, policy])).toEqual([
      ['name', 'answered', 'target'],
      ['city', 'answered', 'target'],
    ]);
  });

  it('of a plan nothing is listed row by row, and a run is no plan', async () => {
    await refused('DSP-USAGE', 'conflicts', '--show-values', '--plan', join(root, 'desprawl-plan.yaml'));
    await refused('DSP-USAGE', 'conflicts', 'run', '--plan', join(root, 'desprawl-plan.yaml'));
    await refused('DSP-PLAN-MISSING', 'conflicts', '--plan', 'nowhere.yaml');
  });
});

describe('ledger', () => {
  it('the balance is that of the stores themselves', async () => {
    const document = await json<LedgerDocument>('ledger');
    expectValid('ledger', document);
    expect(document).toMatchObject({ run: result.run, status: 'verified', balanced: true, listed: null });
    const [merge] = document.merges;
    const count = (table: string): number => Number(read('data/hub.db', `SELECT count(*) FROM ${table}`)[0]?.[0]);
    const rows = (table: string): number => Number(read('data/shop.db', `SELECT count(*) FROM ${table}`)[0]?.[0]);
    for (const { table, before: had, after, parts } of merge?.tables ?? []) {
      expect([had, after]).toEqual([table === 'users' ? 8 : 5, count(table)]);
      expect(parts.map((part) => part.rows)).toEqual([rows(table)]);
      for (const part of parts) expect(part.rows).toBe(part.inserted + part.identical + part.merged + part.retained);
      expect(after).toBe(had + parts.reduce((sum, { inserted }) => sum + inserted, 0));
    }
    expect(merge?.tables.map(({ table }) => table)).toEqual(['orders', 'users']);
    expect(merge?.tables[1]?.parts).toMatchObject([
      { inserted: 2, identical: 3, merged: 2, retained: 1, retainedBy: [{ rule: 'refused', rows: 1 }] },
    ]);
  });

  it('rows lead from the source to the row of the same person', async () => {
    const document = await json<LedgerDocument>('ledger', result.run ?? '', '--table', 'users', '--limit', '100');
    expectValid('ledger', document);
    const emails = (store: string) =>
      new Map(read(store, 'SELECT id, email FROM users').map(([id, email]) => [id, email]));
    const [shop, hub] = [emails('data/shop.db'), emails('data/hub.db')];
    const rows = document.listed?.rows ?? [];
    expect(rows).toHaveLength(shop.size);
    for (const { source, target } of rows) {
      if (target !== null) expect(hub.get(target.id)).toBe(shop.get(source.id));
    }
    expect(rows.filter(({ target }) => target === null).map(({ source }) => source.id)).toEqual([8]);
  });

  it('one short list by default, which says what it leaves out', async () => {
    const shown = await run('ledger', '--limit', '3');
    expect(shown.stdout).toContain('3 of 13 rows: --limit shows more');
    expect((await json<LedgerDocument>('ledger', '--store', 'data/shop.db')).listed).toMatchObject({
      of: 13,
      limit: 50,
    });
    await refused('DSP-USAGE', 'ledger', '--limit', '0');
    await refused('DSP-USAGE', 'ledger', '--limit', '10001');
  });

  it('values only on request', async () => {
    const hidden = await run('ledger', '--differs');
    expect(hidden.stdout).not.toMatch(/Junior|Linz|Wien|x\.org/);
    const shown = await run('ledger', '--differs', '--show-values');
    expect(shown.stdout).toMatch(/won {3}"Graz"\n {6}lost {2}"Wien" \(data\/shop\.db\)/);
  });

  it('fits 80 columns', async () => {
    for (const args of [
      ['ledger'],
      ['ledger', '--differs', '--show-values'],
      ['conflicts'],
      ['conflicts', '--limit', '9'],
    ]) {
      const { stdout } = await run(...args);
      expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    }
  });

  it('what is not there is an error that names what is', async () => {
    expect(await refused('DSP-TABLE-MISSING', 'ledger', '--table', 'nothing')).toContain('orders, users');
    expect(await refused('DSP-STORE-MISSING', 'ledger', '--store', 'data/hub.db')).toContain('data/shop.db');
    expect(await refused('DSP-LEDGER-NONE', 'ledger', '--action', 'merge-other')).toContain('merge-hub');
    await refused('DSP-RUN-UNKNOWN', 'ledger', 'no-such-run');
  });
});

describe('id map', () => {
  it('one private file per source table, and the same keys as the persons have', async () => {
    const document = await json<IdMapDocument>('ledger', '--id-map', '--to', 'maps/new');
    expectValid('id-map', document);
    const to = join(parent, 'maps/new');
    expect(readdirSync(to).sort()).toEqual(document.files.map(({ file }) => file).sort());
    const users = document.files.find(({ table }) => table === 'users')?.file ?? '';
    expect(statSync(join(to, users)).mode & 0o777).toBe(0o600);
    const hub = new Map(read('data/hub.db', 'SELECT email, id FROM users').map(([email, id]) => [email, id]));
    const expected = read('data/shop.db', 'SELECT id, email FROM users WHERE id <> 8 ORDER BY id').map(
      ([id, email]) => `${id},${hub.get(email)}`,
    );
    expect(readFileSync(join(to, users), 'utf8')).toBe(`source_key,target_key\n${expected.join('\n')}\n`);
  });

  it('all of them or none: a file of one of the names is refused, and nothing is written beside it', async () => {
    const to = join(parent, 'maps/taken');
    mkdirSync(to, { recursive: true });
    writeFileSync(join(to, 'data-shop.db.users.csv'), 'mine');
    await refused('DSP-FILE-EXISTS', 'ledger', '--id-map', '--to', to);
    expect(readdirSync(to)).toEqual(['data-shop.db.users.csv']);
    expect(readFileSync(join(to, 'data-shop.db.users.csv'), 'utf8')).toBe('mine');
  });

  it('needs a folder, and is whole', async () => {
    await refused('DSP-USAGE', 'ledger', '--id-map');
    await refused('DSP-USAGE', 'ledger', '--to', 'maps/none');
    await refused('DSP-USAGE', 'ledger', '--id-map', '--to', 'maps/none', '--differs');
    expect(existsSync(join(parent, 'maps/none'))).toBe(false);
  });
});

describe('conflicts', () => {
  it('by column: how many, who won by what, and the decision', async () => {
    const document = await json<ConflictsDocument>('conflicts');
    expectValid('conflicts', document);
    const by = (rows: number) => [{ store: 'data/shop.db', winner: 'target', rule: 'target', rows }];
    const one = {
      action: 'merge-hub',
      target: 'data/hub.db',
      table: 'users',
      decision: 'hub-users-differ',
      settled: [],
    };
    expect(document.conflicts).toEqual([
      { ...one, column: 'name', rows: 1, by: by(1) },
      { ...one, column: 'city', rows: 2, by: by(2) },
    ]);
    expect(document.listed).toBeNull();
    // What would differ was measured before the run.
    const counts = ({ column, rows }: { column: string; rows: number }) => [column, rows];
    expect(before.conflicts.map(counts)).toEqual(document.conflicts.map(counts));
  });

  it('row by row: what won is in the target, what lost in the source', async () => {
    const { listed } = await json<ConflictsDocument>('conflicts', '--table', 'users', '--show-values');
    expect(listed?.of).toBe(2);
    for (const { source, target, differs } of listed?.rows ?? []) {
      for (const { column, won, lost } of differs) {
        expect(read('data/hub.db', `SELECT ${column} FROM users WHERE id = ${target?.id}`)).toEqual([[won]]);
        expect(read('data/shop.db', `SELECT ${column} FROM users WHERE id = ${source.id}`)).toEqual([[lost]]);
      }
    }
    expect((await json<ConflictsDocument>('conflicts', '--table', 'orders')).conflicts).toEqual([]);
  });
});

// The last one: it takes the run back.
it('a run that was taken back is found by its name only; a run that merged nothing has no ledger', async () => {
  const back = await json<ApplyResult>('rollback', '--yes');
  expect(back.findings).toMatchObject([{ ok: true }]);
  await refused('DSP-LEDGER-NONE', 'ledger');
  await refused('DSP-LEDGER-NONE', 'conflicts');
  await refused('DSP-LEDGER-NONE', 'ledger', back.run ?? '');
  expect(await json<LedgerDocument>('ledger', result.run ?? '', '--differs')).toMatchObject({
    status: 'rolled back',
    listed: { of: 2 },
  });
}, 60_000);
