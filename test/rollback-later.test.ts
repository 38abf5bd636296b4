/** A merge through the command line, rows written afterwards, and the way back with each answer (trap R22). */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ApplyResult } from '../src/apply/model.ts';
import { openConnection } from '../src/stores/sqlite/driver.ts';
import { makeStore } from './projects/make-store.ts';
import { type CliRun, runCli } from './run-cli.ts';
import { openStoreProcess } from './store-process.ts';
import { treeState } from './tree-state.ts';

const LONG = 180_000;
let parent: string;
let root: string;
const run = (...args: readonly string[]): Promise<CliRun> =>
  runCli(args, { cwd: root, env: { XDG_STATE_HOME: join(parent, 'state'), XDG_CACHE_HOME: join(parent, 'cache') } });
const json = async (...args: readonly string[]): Promise<ApplyResult> => {
  const { code, stdout, stderr } = await run(...args, '--json');
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as ApplyResult;
};
/** Of a copy: a connection of this process would keep the store open. */
const sql = (path: string, text: string): readonly (readonly unknown[])[] => {
  const copy = join(parent, 'looked-at.db');
  copyFileSync(join(root, path), copy);
  const db = openConnection(copy, 'immutable');
  try {
    return db.rows(text);
  } finally {
    db.close();
  }
};
const write = async (path: string, text: string): Promise<void> => {
  const store = openStoreProcess(join(root, path));
  for (const one of text.split(';')) await store.run(one);
  await store.close();
};

const USERS = 'CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT)';
const rows = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i + 1)).join('; ');

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'later-'));
  root = join(parent, 'shop');
  mkdirSync(join(root, 'data'), { recursive: true });
  const opens = (store: string, table: string): string =>
    `import sqlite3\ndb = sqlite3.connect('data/${store}.db')\ndb.execute('SELECT id, email, name FROM users')\ndb.execute('INSERT INTO ${table} VALUES (?, ?, ?)')\n`;
  writeFileSync(join(root, 'app.py'), opens('hub', 'orders'));
  writeFileSync(join(root, 'auth.py'), opens('auth', 'sessions'));
  const user = (from: number) => (i: number) =>
    `INSERT INTO users VALUES (${i}, 'user${i + from}@example.org', 'User ${i + from}')`;
  makeStore(
    join(root, 'data'),
    'hub.db',
    USERS,
    'CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id), what TEXT)',
    rows(40, user(0)),
    rows(80, (i) => `INSERT INTO orders VALUES (${i}, ${1 + (i % 40)}, 'thing ${i}')`),
  );
  makeStore(
    join(root, 'data'),
    'auth.db',
    USERS,
    'CREATE TABLE sessions (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id), token TEXT UNIQUE)',
    rows(30, user(30)),
    rows(40, (i) => `INSERT INTO sessions VALUES (${i}, ${1 + (i % 30)}, 'token-${i}-${i * 7919}')`),
  );
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const LATER = `
  UPDATE users SET name = 'In both' WHERE email = 'user35@example.org';
  UPDATE users SET name = 'Of auth' WHERE email = 'user55@example.org';
  INSERT INTO sessions (user_id, token) SELECT id, 'new session' FROM users WHERE email = 'user55@example.org';
  INSERT INTO orders (user_id, what) SELECT id, 'new order' FROM users WHERE email = 'user3@example.org';
  INSERT INTO orders (user_id, what) SELECT id, 'of an auth user' FROM users WHERE email = 'user55@example.org';
  DELETE FROM orders WHERE id = 1;
  INSERT INTO users (email, name) VALUES ('new@example.org', 'New')`;

describe('trap R22: a merge, more rows, and back', () => {
  it(
    'refused with the counts, the same numbers on a copy, carried, and taken back again; the tree without later rows as before',
    async () => {
      const before = treeState(root);
      expect((await run('plan', '--target', 'data/hub.db')).code).toBe(0);
      expect((await json('apply', '--yes')).status).toBe('verified');
      expect((await json('rollback', '--yes')).findings).toMatchObject([{ ok: true }]);
      const own = (lines: readonly string[]): readonly string[] =>
        lines.filter((line) => !line.includes('desprawl-plan'));
      expect(own(treeState(root)).filter((line) => /\.(db|py)/.test(line))).toEqual(
        own(before).filter((line) => /\.(db|py)/.test(line)),
      );

      await json('apply', '--yes');
      await write('data/hub.db', LATER);
      const written = treeState(root);
      const refused = await run('rollback', '--yes');
      expect([refused.code, refused.stderr.replace(/\s+/g, ' ')]).toEqual([
        2,
        expect.stringMatching(/users: 1 inserted, 2 changed; orders: 2 inserted, 1 deleted; sessions: 1 inserted/),
      ]);
      const dry = await json('rollback', '--dry-run', '--later', 'carry');
      expect(treeState(root)).toEqual(written);
      const back = await json('rollback', '--yes', '--later', 'carry');
      expect(back.later.map((line) => ({ ...line, file: null }))).toEqual(dry.later);
      expect(back.later).toMatchObject([
        { store: 'data/hub.db', table: 'users', inserted: 1, changed: 2, deleted: 0, carried: 3, aside: 0 },
        { table: 'orders', inserted: 2, changed: 0, deleted: 1, carried: 2, aside: 1, why: { 'references-apart': 1 } },
        { table: 'sessions', inserted: 1, carried: 1, aside: 0, to: { 'data/auth.db': 1 } },
      ]);
      expect(back.findings).toMatchObject([{ ok: true }]);
      const aside = back.later.find(({ file }) => file !== null)?.file ?? '';
      expect(JSON.parse(readFileSync(aside, 'utf8'))).toMatchObject({
        is: 'inserted',
        now: { what: 'of an auth user' },
      });
      expect(sql('data/hub.db', "SELECT name FROM users WHERE name NOT LIKE 'User%' ORDER BY id").flat()).toEqual([
        'In both',
        'New',
      ]);
      expect(sql('data/hub.db', 'SELECT count(*) FROM orders').flat()).toEqual([80n]);
      expect(sql('data/auth.db', "SELECT id, name FROM users WHERE name NOT LIKE 'User%' ORDER BY id")).toEqual([
        [5n, 'In both'],
        [25n, 'Of auth'],
      ]);
      expect(sql('data/auth.db', 'SELECT user_id, token FROM sessions WHERE id > 40')).toEqual([[25n, 'new session']]);

      await json('rollback', back.run ?? '', '--yes');
      const data = (lines: readonly string[]): readonly string[] => lines.filter((line) => /\.(db|py)/.test(line));
      expect(data(treeState(root))).toEqual(data(written));
    },
    LONG,
  );

  it(
    'kept aside, line by line',
    async () => {
      await run('plan', '--target', 'data/hub.db');
      await json('apply', '--yes');
      await write('data/hub.db', LATER);
      const back = await json('rollback', '--yes', '--later', 'aside');
      expect(back.later.map(({ carried, aside }) => [carried, aside])).toEqual([
        [0, 3],
        [0, 3],
        [0, 1],
      ]);
      expect(
        readFileSync(back.later[0]?.file ?? '', 'utf8')
          .trim()
          .split('\n'),
      ).toHaveLength(7);
      expect(sql('data/hub.db', "SELECT count(*) FROM users WHERE name NOT LIKE 'User%'").flat()).toEqual([0n]);
    },
    LONG,
  );
});
