/** `desprawl conflicts --take`: who shall win is said before a merge, and settled after one, by a plan of its own with a way back. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ApplyResult, VerifyReport } from '../src/apply/model.ts';
import type { ConflictsDocument, LedgerDocument, PlannedConflictsDocument } from '../src/merge/ledger/documents.ts';
import type { PlanDocument } from '../src/report/plan/json.ts';
import { type ProjectHome, projectHome } from './project-home.ts';
import { settleTimes } from './projects/fixture-project.ts';
import { makeStore } from './projects/make-store.ts';
import { openStoreProcess } from './store-process.ts';
import { treeState } from './tree-state.ts';

const USERS = `CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, city TEXT, age INTEGER CHECK (age < 200));`;
const people = (from: number): string =>
  Array.from(
    { length: 8 },
    (_, i) => `INSERT INTO users VALUES (${i + 1}, 'p${i + from}@x.org', 'P ${i + from}', 'Graz', ${i + 20 + from});`,
  ).join('');
// The shop counts from 1 as well: its 2 is the hub's 5.
const SHOP = `${USERS.replace(' CHECK (age < 200)', '')} ${people(4)}
  UPDATE users SET city = 'Linz' WHERE id = 2; UPDATE users SET city = 'Wien' WHERE id = 3; UPDATE users SET age = 500 WHERE id = 4;
  UPDATE users SET name = 'Other' WHERE id = 5;`;

let parent: string;
let home: ProjectHome;
let merged: ApplyResult;
const settlePlan = (): string => join(home.root, 'desprawl-settle.yaml');
const ask = async (sql: string): Promise<readonly (readonly unknown[])[]> => {
  const one = openStoreProcess(join(home.root, 'data/hub.db'));
  const rows = await one.run(sql);
  await one.close();
  return rows.map((row) => Object.values(row));
};
beforeAll(async () => {
  parent = realpathSync(mkdtempSync(join(tmpdir(), 'settle-')));
  home = projectHome(parent, 'kiosk');
  mkdirSync(join(home.root, 'data'), { recursive: true });
  makeStore(home.root, 'data/hub.db', `${USERS} ${people(1)}`);
  makeStore(home.root, 'data/shop.db', SHOP);
  writeFileSync(join(home.root, 'app.py'), "import sqlite3\n\nhub = sqlite3.connect('data/hub.db')\n");
  settleTimes(home.root);
}, 60_000);
afterAll(() => rmSync(parent, { recursive: true, force: true }));

it('before a run the plan says it, column by column, and is measured again', async () => {
  await home.run(['plan', '--target', 'data/hub.db']);
  const plan = join(home.root, 'desprawl-plan.yaml');
  const first = readFileSync(plan, 'utf8');
  await home.refused('DSP-USAGE', 2, 'conflicts', '--plan', plan, '--take', 'users.city newest');
  await home.refused('DSP-USAGE', 2, 'conflicts', '--plan', plan, '--take', 'users.town by source');
  await home.refused('DSP-USAGE', 2, 'conflicts', '--plan', plan, '--take', 'users.city by newest');
  await home.refused('DSP-USAGE', 2, 'conflicts', '--plan', plan, '--take', 'users.city by source', '--out', 'x.yaml');
  expect(readFileSync(plan, 'utf8')).toBe(first);
  writeFileSync(plan, first.replace('\ndecisions:', '\n# what people write stays\ndecisions:'));
  const stateOf = (document: PlannedConflictsDocument) =>
    Object.fromEntries(document.conflicts.map(({ column, state, policy }) => [column, [state, policy]]));
  // All that was asked about: nothing is left to ask.
  const all = await home.json<PlannedConflictsDocument>(
    ...[
      'conflicts',
      '--plan',
      plan,
      '--take',
      'users.age by source',
      '--take',
      'users.city by target',
      '--take',
      'users.name by target',
    ],
  );
  expect(stateOf(all)).toEqual({ name: ['said', 'target'], city: ['said', 'target'], age: ['said', 'source'] });
  expect(readFileSync(plan, 'utf8')).toContain('# what people write stays');
  merged = await home.json<ApplyResult>('apply', plan, '--yes');
  expect(merged.status).toBe('verified');
  expect(await ask('SELECT city, age FROM users WHERE id IN (5, 6, 7) ORDER BY id')).toEqual([
    ['Graz', 25],
    ['Graz', 26],
    ['Graz', 27],
  ]);
}, 120_000);

it('what cannot be settled is said, and nothing is written', async () => {
  const before = treeState(home.root);
  const refused = (code: string, ...take: readonly string[]) =>
    home.refused(code, 2, 'conflicts', merged.run ?? '', ...take.flatMap((one) => ['--take', one]));
  await refused('DSP-USAGE', 'users.city');
  await refused('DSP-USAGE', 'users.city from data/shop.db rows five');
  await refused('DSP-TABLE-MISSING', 'orders.what from data/shop.db');
  await refused('DSP-STORE-MISSING', 'users.city from data/other.db');
  expect(await refused('DSP-USAGE', 'users.id from data/shop.db')).toContain('rows are named by users.id');
  expect(await refused('DSP-USAGE', 'users.city from data/shop.db rows 1')).toContain(
    'no value of data/shop.db lost in users.city of row 1',
  );
  await home.refused('DSP-USAGE', 2, 'conflicts', '--out', 'x.yaml');
  await home.refused('DSP-RUN-UNKNOWN', 2, 'conflicts', 'nothing', '--take', 'users.city from data/shop.db');
  expect(treeState(home.root)).toEqual(before);
}, 120_000);

it('after a run, a plan lets the other value win; rows written since and refused values stay, and all of it goes back', async () => {
  const city = 'users.city from data/shop.db';
  const one = openStoreProcess(join(home.root, 'data/hub.db'));
  await one.run("UPDATE users SET city = 'Bern' WHERE id = 6");
  await one.close();
  const planned = await home.json<PlanDocument>('conflicts', '--take', city, '--take', 'users.name from data/shop.db');
  expect(planned.actions.map((action) => [action.kind, action.rows, action.is])).toEqual([
    ['settle', ['users.city: 1 row; 1 row written since stays', 'users.name: 1 row'], 'ready'],
  ]);
  await home.refused('DSP-FILE-EXISTS', 2, 'conflicts', '--take', city);
  const before = treeState(home.root);
  const dry = await home.json<ApplyResult>('apply', settlePlan(), '--dry-run');
  expect([dry.status, dry.notVerified]).toEqual(['verified', []]);
  expect(treeState(home.root)).toEqual(before);
  const done = await home.json<ApplyResult>('apply', settlePlan(), '--yes');
  expect([done.status, done.ledger.map(({ rows, merged: won }) => [rows, won])]).toEqual([
    'verified',
    [
      [1, 1],
      [1, 1],
    ],
  ]);
  expect(await ask('SELECT id, name, city FROM users WHERE id IN (5, 6, 8) ORDER BY id')).toEqual([
    [5, 'P 5', 'Linz'],
    [6, 'P 6', 'Bern'],
    [8, 'Other', 'Graz'],
  ]);
  // The merge's ledger is what is asked, and says what became of it; that of the settling run is there by its name.
  const listed = await home.json<ConflictsDocument>('conflicts');
  expect(listed.run).toBe(merged.run);
  expect(
    Object.fromEntries(
      listed.conflicts.map(({ column, settled }) => [column, settled.map(({ run, from, rows }) => [run, from, rows])]),
    ),
  ).toEqual({
    name: [[done.run, 'data/shop.db', 1]],
    city: [[done.run, 'data/shop.db', 1]],
    age: [],
  });
  const own = await home.json<LedgerDocument>('ledger', done.run ?? '', '--differs', '--show-values');
  expect(own.balanced).toBe(true);
  expect(own.listed?.rows.map(({ sourceTable, differs }) => [sourceTable, differs[0]?.won, differs[0]?.lost])).toEqual([
    [city, 'Linz', 'Graz'],
    ['users.name from data/shop.db', 'Other', 'P 8'],
  ]);
  rmSync(settlePlan());
  await home.refused('DSP-LEDGER-NONE', 2, 'conflicts', done.run ?? '', '--take', city);
  expect((await home.json<VerifyReport>('verify')).findings.every(({ ok }) => ok)).toBe(true);
  // What won is so already; it can be settled back from the same ledger.
  const again = await home.run(['conflicts', '--take', `${city} rows 5`, '--out', join(parent, 'again.yaml')]);
  expect([again.code, again.stdout]).toEqual([1, expect.stringContaining('already so')]);

  const late = openStoreProcess(join(home.root, 'data/hub.db'));
  await late.run("UPDATE users SET name = 'Later' WHERE id = 8");
  await late.run("INSERT INTO users VALUES (40, 'new@x.org', 'New', 'Rom', 1)");
  await late.close();
  await home.refused('DSP-ROLLBACK-LATER', 2, 'rollback', '--yes');
  const back = await home.json<ApplyResult>('rollback', '--later', 'carry', '--yes');
  expect([
    back.status,
    back.later.map(({ inserted, changed, carried, aside }) => [inserted, changed, carried, aside]),
  ]).toEqual(['applied', [[1, 1, 2, 0]]]);
  expect(back.notVerified).toEqual([]);
  expect(await ask('SELECT id, name, city FROM users WHERE id IN (5, 6, 8, 40) ORDER BY id')).toEqual([
    [5, 'P 5', 'Graz'],
    [6, 'P 6', 'Bern'],
    [8, 'Later', 'Graz'],
    [40, 'New', 'Rom'],
  ]);
}, 180_000);

it('a value that the store refuses stays where it is, and that is said before anything is planned', async () => {
  const before = treeState(home.root);
  const out = join(parent, 'refused.yaml');
  const { code, stdout, stderr } = await home.run(['conflicts', '--take', 'users.age from data/shop.db', '--out', out]);
  expect([code, stdout, stderr]).toEqual([1, expect.stringContaining('keeps its value: the store refuses'), '']);
  expect(existsSync(out)).toBe(false);
  expect(treeState(home.root)).toEqual(before);
}, 60_000);
