/** Trap R19: a store that stays apart holds ids of rows that a merge gives other ones. */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ApplyResult } from '../../src/apply/model.ts';
import type { PlanDocument } from '../../src/report/plan/json.ts';
import { type ProjectHome, projectHome } from '../project-home.ts';
import { settleTimes } from '../projects/fixture-project.ts';
import { makeStore } from '../projects/make-store.ts';
import { openStoreProcess } from '../store-process.ts';
import { treeState } from '../tree-state.ts';

const USERS = 'CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL);';
const people = (rows: number, first: number): string =>
  Array.from(
    { length: rows },
    (_, i) => `INSERT INTO users VALUES (${i + 1}, 'p${i + first}@x.org', 'P ${i + first}');`,
  ).join('');
/** Each job says in words whose it is. */
const JOBS = `CREATE TABLE jobs (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, what TEXT);
  CREATE TABLE flags (id INTEGER PRIMARY KEY, user_id INTEGER UNIQUE CHECK (user_id < 12));
  ${Array.from({ length: 11 }, (_, i) => `INSERT INTO jobs VALUES (${i + 1}, ${11 - i}, 'job of p${14 - i}@x.org');`).join('')}`;

let parent: string;
let home: ProjectHome;
const plan = (): string => join(home.root, 'desprawl-plan.yaml');
const ask = async (store: string, sql: string): Promise<readonly (readonly unknown[])[]> => {
  const one = openStoreProcess(join(home.root, store));
  const rows = await one.run(sql);
  await one.close();
  return rows.map((row) => Object.values(row));
};
async function begin(jobs = JOBS): Promise<void> {
  parent = realpathSync(mkdtempSync(join(tmpdir(), 'apart-ids-')));
  home = projectHome(parent, 'kiosk');
  mkdirSync(join(home.root, 'data'), { recursive: true });
  makeStore(home.root, 'data/hub.db', `${USERS} ${people(8, 1)}`);
  // Its 1 is the hub's 4; three of its people are new, and their numbers are taken.
  makeStore(home.root, 'data/auth.db', `${USERS} ${people(11, 4)}`);
  makeStore(home.root, 'data/jobs.db', jobs);
  for (const [name, table] of [
    ['hub', 'users'],
    ['auth', 'users'],
    ['jobs', 'flags'],
  ])
    writeFileSync(
      join(home.root, `${name}.py`),
      `import sqlite3\n\n${name} = sqlite3.connect('data/${name}.db')\n${name}.execute('SELECT id FROM ${table}')\n`,
    );
  settleTimes(home.root);
}
beforeEach(() => begin(), 60_000);
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const whose = async (): Promise<readonly string[]> => {
  const people = new Map((await ask('data/hub.db', 'SELECT id, email FROM users')) as [number, string][]);
  const jobs = (await ask('data/jobs.db', 'SELECT user_id, what FROM jobs')) as [number, string][];
  return jobs.flatMap(([id, what]) => (what === `job of ${people.get(id)}` ? [] : [`${what} is ${people.get(id)}`]));
};

it('R19: whose ids they are is asked before any row moves; then they follow, verified, and all goes back', async () => {
  const planned = await home.json<PlanDocument>('plan', '--target', 'data/hub.db');
  const [asked, ...others] = planned.decisions.filter(({ question }) => question.includes('stays apart'));
  expect([asked?.evidence, asked?.proposal, others]).toEqual([
    ['data/auth.db has 11 of 11 values', 'data/hub.db has 8 of 11 values'],
    'data/auth.db',
    [],
  ]);
  expect(asked?.alternatives.map(({ choice }) => choice)).toEqual(['data/auth.db', 'data/hub.db', 'as-they-are']);
  // Nobody said it yet: not even the merge is applied.
  await home.refused('DSP-PLAN-UNDECIDED', 2, 'apply', '--yes');
  await home.run(['plan', '--from', plan(), '--accept-proposals']);
  const before = treeState(home.root);
  const done = await home.json<ApplyResult>('apply', '--yes');
  expect([done.status, done.actions.map(({ id, is }) => [id, is])]).toEqual([
    'verified',
    expect.arrayContaining([['follow-data-jobs-db', 'applied']]),
  ]);
  expect(await whose()).toEqual([]);
  expect(await ask('data/jobs.db', 'SELECT count(*) FROM jobs WHERE user_id > 11')).toEqual([[3]]);
  expect((await home.json<ApplyResult>('verify')).findings.every(({ ok }) => ok)).toBe(true);
  // Written since: its id means a row that is taken back with it.
  const late = openStoreProcess(join(home.root, 'data/jobs.db'));
  await late.run("UPDATE jobs SET what = what || '' WHERE id = 1");
  await late.run("INSERT INTO jobs VALUES (99, 14, 'late')");
  await late.close();
  expect(await home.refused('DSP-ROLLBACK-LATER', 2, 'rollback', '--later', 'carry', '--yes')).toContain(
    '--later aside',
  );
  const back = await home.json<ApplyResult>('rollback', '--later', 'aside', '--yes');
  expect(back.later.map(({ table, inserted, aside, file }) => [table, inserted, aside, file !== null])).toEqual([
    ['jobs', 1, 1, true],
  ]);
  expect(treeState(home.root)).toEqual(before);
}, 180_000);

it('R19: answered that they stay, they stay', async () => {
  await home.run(['plan', '--target', 'data/hub.db', '--accept-proposals']);
  const text = readFileSync(plan(), 'utf8');
  writeFileSync(
    plan(),
    text.replace(/(decision: hub-jobs-user_id-ids[\s\S]*?chosen:) data\/auth\.db/, '$1 as-they-are'),
  );
  const again = await home.json<PlanDocument>('plan', '--from', plan());
  expect(again.actions.flatMap(({ id, is, why }) => (id.startsWith('archive') ? [] : [[id, is, why]]))).toEqual([
    ['merge-hub', 'ready', undefined],
    ['repoint-data-auth-db', 'ready', undefined],
    ['follow-data-jobs-db', 'already so', 'none of its ids is to follow'],
  ]);
}, 60_000);

it('R19: ids that the store would refuse are said in the question; with that answer nothing moves', async () => {
  rmSync(parent, { recursive: true, force: true });
  await begin(JOBS.replace('user_id INTEGER NOT NULL', 'user_id INTEGER NOT NULL CHECK (user_id < 12)'));
  const planned = await home.json<PlanDocument>('plan', '--target', 'data/hub.db');
  const [asked] = planned.decisions;
  expect([asked?.proposal, asked?.alternatives[0]]).toEqual([
    null,
    { choice: 'data/auth.db', does: expect.stringContaining('3 of 8 ids cannot change') },
  ]);
  const before = treeState(home.root);
  writeFileSync(plan(), readFileSync(plan(), 'utf8').replace('    chosen:\n', '    chosen: data/auth.db\n'));
  await home.run(['plan', '--from', plan()]);
  const again = await home.json<PlanDocument>('plan', '--from', plan());
  expect(again.actions.map(({ id, is }) => [id, is])).toContainEqual(['merge-hub', 'skipped']);
  expect((await home.json<ApplyResult>('apply', '--yes')).status).toBe('nothing to do');
  expect(treeState(home.root).slice(1, 6)).toEqual(before.slice(1, 6));
}, 120_000);
