/**
 * Merging through the command line: planned, applied, verified again, taken back. What was written between the review and the locks comes
 * along; what was not reviewed does not; whatever goes wrong, nothing of the project has changed.
 */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ApplyResult, VerifyReport } from '../src/apply/model.ts';
import { makeStore } from './projects/make-store.ts';
import { expectNoTrace, runCli } from './run-cli.ts';
import { openStoreProcess, type StoreProcess } from './store-process.ts';
import { treeState } from './tree-state.ts';

const SCHEMA = `CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT);
  CREATE TABLE notes (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id), text TEXT NOT NULL);`;

let parent: string;
let root: string;
let state: string;
const open: StoreProcess[] = [];
beforeEach(() => {
  parent = realpathSync(mkdtempSync(join(tmpdir(), 'merge-cli-')));
  root = join(parent, 'project');
  state = join(parent, 'state');
  mkdirSync(root);
  makeStore(
    root,
    'main.db',
    `${SCHEMA}
    INSERT INTO users VALUES (1, 'ann@example.org', 'Ann'), (2, 'bob@example.org', 'Bob');
    INSERT INTO notes VALUES (1, 1, 'of Ann'), (2, 2, 'of Bob');`,
  );
  makeStore(
    root,
    'other.db',
    `${SCHEMA}
    INSERT INTO users VALUES (1, 'cid@example.org', 'Cid'), (2, 'ann@example.org', 'Ann');
    INSERT INTO notes VALUES (1, 1, 'of Cid'), (2, 2, 'of Ann, elsewhere');`,
  );
});
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
  chmodSync(root, 0o755);
  rmSync(parent, { recursive: true, force: true });
});

const run = async (...args: readonly string[]) => {
  const env = { XDG_STATE_HOME: state, XDG_CACHE_HOME: join(parent, 'cache') };
  const done = await runCli(['-C', root, ...args], { env });
  expectNoTrace(done);
  return done;
};
const json = async <T>(...args: readonly string[]): Promise<T> => {
  const { stdout, stderr } = await run(...args, '--json');
  expect(stdout, stderr).not.toBe('');
  return JSON.parse(stdout) as T;
};
const process = (store: string): StoreProcess => {
  const one = openStoreProcess(join(root, store));
  open.push(one);
  return one;
};
const ask = async (store: string, sql: string): Promise<readonly string[]> => {
  const one = openStoreProcess(join(root, store));
  const rows = await one.run(sql);
  await one.close();
  return rows.map((row) => Object.values(row).join(' '));
};
const PLAN = (more = ''): string => `version: 1
plan: project-0001
decisions: []
actions:
  - merge: main.db
    from: [other.db]
    id: merge-main
    tables:
      users: { identity: [email]${more} }
      notes: { identity: row, references: [user_id -> users.id] }
`;
const planned = async (more?: string): Promise<void> => {
  writeFileSync(join(parent, 'first.yaml'), PLAN(more));
  const done = await run('plan', '--from', join(parent, 'first.yaml'), '--out', join(parent, 'plan.yaml'));
  expect(done.code, done.stderr).toBe(0);
};
const apply = (...args: readonly string[]) => json<ApplyResult>('apply', join(parent, 'plan.yaml'), '--yes', ...args);
const NOTES = 'SELECT u.name, n.text FROM notes n JOIN users u ON u.id = n.user_id ORDER BY 1, 2';
const MERGED = ['Ann of Ann', 'Ann of Ann, elsewhere', 'Bob of Bob', 'Cid of Cid'];
const and = (...more: readonly string[]): readonly string[] => [...MERGED, ...more].sort();

it('every row of both stores is in one, under its owner; verified again; and back to the microsecond', async () => {
  const before = treeState(root);
  await planned();
  const dry = await json<ApplyResult>('apply', join(parent, 'plan.yaml'), '--dry-run');
  expect(treeState(root)).toEqual(before);
  const result = await apply();
  expect(result.status).toBe('verified');
  expect(result.ledger).toEqual([
    { store: 'other.db', table: 'notes', rows: 2, inserted: 2, identical: 0, merged: 0, retained: 0, conflicts: 0 },
    { store: 'other.db', table: 'users', rows: 2, inserted: 1, identical: 1, merged: 0, retained: 0, conflicts: 0 },
  ]);
  expect(dry.ledger).toEqual(result.ledger);
  expect(await ask('main.db', NOTES)).toEqual(MERGED);
  expect(await ask('main.db', 'SELECT id, email FROM users ORDER BY id')).toEqual([
    '1 ann@example.org',
    '2 bob@example.org',
    expect.stringMatching(/^\d+ cid@example\.org$/),
  ]);
  const report = await json<VerifyReport>('verify');
  expect(report.findings).toContainEqual(expect.objectContaining({ what: 'ledger', ok: true }));
  expect(report.ledger).toEqual(result.ledger);
  const back = await json<ApplyResult>('rollback', '--yes');
  expect(back.status).toBe('applied');
  expect(treeState(root)).toEqual(before);
});

it('rows that are written between the review and the locks come along (promise 7)', async () => {
  await planned();
  await ask('other.db', "INSERT INTO notes VALUES (3, 1, 'later, of Cid')");
  await ask('main.db', "INSERT INTO notes VALUES (3, 2, 'later, of Bob')");
  const result = await apply();
  expect(result.status).toBe('verified');
  expect(await ask('main.db', NOTES)).toEqual(and('Bob later, of Bob', 'Cid later, of Cid'));
});

it('a log beside the target and the source: rows in it count, and no file of it stays (trap S1)', async () => {
  for (const store of ['main.db', 'other.db']) {
    const one = process(store);
    await one.run('PRAGMA journal_mode = WAL');
    await one.run('PRAGMA wal_autocheckpoint = 0');
    await one.run(`INSERT INTO notes VALUES (9, 1, 'in the log of ${store}')`);
  }
  const files = ['main.db-wal', 'other.db-wal'].map((name) => [name, readFileSync(join(root, name))] as const);
  const stores = ['main.db', 'other.db'].map((name) => [name, readFileSync(join(root, name))] as const);
  for (const one of open.splice(0)) await one.close();
  for (const [name, bytes] of [...stores, ...files]) writeFileSync(join(root, name), bytes);
  const before = treeState(root);
  await planned();
  const result = await apply();
  expect(result.status).toBe('verified');
  expect(readdirSync(root).sort()).toEqual(['main.db', 'other.db', 'other.db-wal']);
  expect(await ask('main.db', NOTES)).toEqual(and('Ann in the log of main.db', 'Cid in the log of other.db'));
  for (const end of ['-wal', '-shm']) rmSync(join(root, `main.db${end}`), { force: true });
  expect((await json<ApplyResult>('rollback', '--yes', '--later', 'aside')).status).toBe('applied');
  expect(treeState(root)).toEqual(before);
});

it('what the review knew nothing of makes it stale: a column, a value that differs', async () => {
  await planned();
  await ask('other.db', "UPDATE users SET name = 'Annabel' WHERE id = 2");
  const before = treeState(root);
  const differs = await run('apply', join(parent, 'plan.yaml'), '--yes');
  expect([differs.code, differs.stderr]).toEqual([10, expect.stringContaining('DSP-PLAN-STALE')]);
  expect(differs.stderr).toMatch(/name/);
  expect(treeState(root)).toEqual(before);
  await ask('other.db', "UPDATE users SET name = 'Ann' WHERE id = 2");
  await ask('other.db', 'ALTER TABLE notes ADD COLUMN colour TEXT');
  const column = await run('apply', join(parent, 'plan.yaml'), '--yes');
  expect([column.code, column.stderr]).toEqual([10, expect.stringContaining('other.db')]);
});

it('an answer or a setting that is not what was measured is stale before the locks too: for --yes and for a dry run, in the same words', async () => {
  await ask('other.db', "UPDATE users SET name = 'Anna' WHERE id = 2");
  const path = join(parent, 'plan.yaml');
  const done = await run('plan', '--target', 'main.db', '--out', path);
  expect(done.code, done.stderr).toBe(0);
  const text = readFileSync(path, 'utf8');
  const answered = text.replaceAll(/chosen:$/gm, 'chosen: target');
  const before = treeState(root);
  const refused = async (edited: string): Promise<string> => {
    expect(edited).not.toBe(answered);
    writeFileSync(path, edited);
    const { code, stderr } = await run('apply', path, '--dry-run');
    expect([code, stderr]).toEqual([10, expect.stringContaining('DSP-PLAN-STALE')]);
    expect(stderr.replace(/\s+/g, ' ')).toContain('was edited since it was measured: merge-main');
    return stderr;
  };
  await refused(answered.replace('identity: [email]', 'identity: [id]'));
  const said = await refused(answered.replace('chosen: target', 'chosen: source'));
  expect(await run('apply', path, '--yes')).toMatchObject({ code: 10, stderr: said });
  expect(treeState(root)).toEqual(before);
  // What the proposed answer comes to was shown with the plan.
  writeFileSync(path, answered);
  expect((await json<ApplyResult>('apply', path, '--dry-run')).status).toBe('verified');
});

it('a store that another program writes to is neither merged nor changed (trap S16)', async () => {
  await planned();
  for (const store of ['main.db', 'other.db']) {
    const writer = process(store);
    await writer.run('BEGIN IMMEDIATE');
    const before = treeState(root);
    const busy = await run('apply', join(parent, 'plan.yaml'), '--yes');
    expect([busy.code, busy.stderr]).toEqual([2, expect.stringContaining('DSP-STORE-BUSY')]);
    expect(busy.stderr).toContain(store);
    await writer.run('ROLLBACK');
    await writer.close();
    open.splice(0);
    expect(treeState(root)).toEqual(before);
  }
});

it('a target that is not there yet is made', async () => {
  writeFileSync(
    join(parent, 'first.yaml'),
    PLAN().replace('merge: main.db', 'merge: new.db').replace('[other.db]', '[main.db, other.db]'),
  );
  await run('plan', '--from', join(parent, 'first.yaml'), '--out', join(parent, 'plan.yaml'));
  const before = treeState(root);
  expect((await apply()).status).toBe('verified');
  expect(await ask('new.db', NOTES)).toEqual(MERGED);
  expect((await json<ApplyResult>('rollback', '--yes')).status).toBe('applied');
  expect(treeState(root)).toEqual(before);
});

it('a merge whose ledger is gone, or whose snapshot rotted, is not verified, and says so', async () => {
  await planned();
  const { run: id } = await apply();
  const folder = join(state, 'desprawl');
  const ledger = readdirSync(folder, { recursive: true })
    .map(String)
    .find((name) => name.endsWith(`${id}/ledger-merge-main.db`));
  rmSync(join(folder, ledger ?? ''));
  const report = await json<VerifyReport>('verify');
  expect(report.notVerified).toContainEqual(expect.objectContaining({ what: 'ledger of merge-main' }));
  expect(report.ledger).toEqual([]);
});
