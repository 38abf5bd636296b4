/**
 * R3 and R18, to their end: columns whose names only say a role, and addresses that are of somebody else, are asked about, and what was answered
 * is what the rows do. Through the command line: planned, answered, applied, verified.
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ApplyResult } from '../src/apply/model.ts';
import type { PlanDocument } from '../src/report/plan/json.ts';
import { type ProjectHome, projectHome } from './project-home.ts';
import { makeStore } from './projects/make-store.ts';
import { openStoreProcess } from './store-process.ts';

let parent: string;
let home: ProjectHome;
beforeEach(() => {
  parent = realpathSync(mkdtempSync(join(tmpdir(), 'role-references-')));
  home = projectHome(parent, 'project');
  mkdirSync(home.root);
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

/** Topics: title, creator and parent, by their numbers in this store. */
const store = (path: string, people: readonly string[], topics: readonly [string, number, number | null][]): void =>
  makeStore(
    home.root,
    path,
    `CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE);
     INSERT INTO users VALUES ${people.map((name, i) => `(${i + 1}, '${name}@example.org')`).join(', ')};
     CREATE TABLE topics (id INTEGER PRIMARY KEY, title TEXT NOT NULL UNIQUE, created_by INTEGER, parent_id INTEGER, opened TEXT);
     INSERT INTO topics VALUES ${topics.map(([title, by, parent], i) => `(${i + 1}, '${title}', ${by}, ${parent}, '2026-0${by}-1${i}')`).join(', ')};`,
  );

it('R3: created_by and parent_id follow the rows that they mean, once somebody said so', async () => {
  store(
    'data/hub.db',
    ['ada', 'ben', 'cleo', 'dan'],
    [
      ['roof', 2, null],
      ['gutter', 4, 1],
      ['tiles', 1, 2],
      ['nails', 3, 3],
      ['paint', 1, 1],
    ],
  );
  store(
    'old/hub.db',
    ['eve', 'ben', 'fay', 'gus', 'ada'],
    [
      ['garden', 5, null],
      ['roses', 3, 1],
      ['pond', 4, 1],
      ['fish', 1, 3],
      ['frogs', 4, 4],
      ['moss', 2, 2],
    ],
  );
  for (const path of ['data/hub.db', 'old/hub.db'])
    writeFileSync(
      join(home.root, `${path.slice(0, 3)}.py`),
      `import sqlite3\n\nprint(sqlite3.connect("${path}").execute("select count(*) from users"))\n`,
    );
  const plan = join(parent, 'plan.yaml');
  const planned = await home.json<PlanDocument>('plan', '--target', 'data/hub.db', '--accept-proposals', '--out', plan);
  const said = Object.fromEntries(planned.decisions.map(({ id, chosen }) => [id, chosen]));
  expect(said).toMatchObject({ 'hub-topics-created_by-refers': 'users', 'hub-topics-parent_id-refers': 'topics' });
  expect((await home.json<ApplyResult>('apply', plan, '--yes')).status).toBe('verified');
  const one = openStoreProcess(join(home.root, 'data/hub.db'));
  const rows = await one.run(
    `SELECT t.title, u.email, p.title AS of FROM topics t JOIN users u ON u.id = t.created_by LEFT JOIN topics p ON p.id = t.parent_id
     WHERE u.email NOT LIKE 'ada%' AND u.email NOT LIKE 'ben%' ORDER BY 1`,
  );
  await one.close();
  expect(rows.map((row) => Object.values(row).join(' < '))).toEqual([
    'fish < eve@example.org < pond',
    'frogs < gus@example.org < fish',
    'gutter < dan@example.org < roof',
    'nails < cleo@example.org < tiles',
    'pond < gus@example.org < garden',
    'roses < fay@example.org < garden',
  ]);
}, 120_000);

it('R18: an address that is of whom an order refers to is no identity of orders, unless somebody says so', async () => {
  const shop = (path: string, of: readonly number[], what: string): void =>
    makeStore(
      home.root,
      path,
      `CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE);
       INSERT INTO users VALUES ${[1, 2, 3, 4, 5, 6, 7].map((i) => `(${i}, 'p${i}@example.org')`).join(', ')};
       CREATE TABLE orders (no TEXT, user_id INTEGER, email TEXT, what TEXT);
       INSERT INTO orders VALUES ${of.map((at, i) => `('${what}-${i}', ${at}, 'p${at}@example.org', '${what} ${i}')`).join(', ')};`,
    );
  shop('hub.db', [1, 2, 3, 4, 5], 'tea');
  shop('old.db', [3, 4, 5, 6, 7], 'jam');
  const { decisions, actions } = await home.json<PlanDocument>(
    'plan',
    '--target',
    'hub.db',
    '--out',
    join(parent, 'p'),
  );
  expect(decisions.find(({ id }) => id === 'hub-orders-identity')).toMatchObject({
    proposal: 'not-email',
    evidence: [expect.stringContaining('refers by user_id to the table of users.email'), expect.any(String)],
  });
  expect(JSON.stringify(actions)).toContain('orders 5 + 5 → 10 ');
}, 60_000);
