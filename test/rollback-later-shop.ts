/**
 * A shop whose accounts are in two stores, merged into one by the command line, and the rows that are written to it afterwards (trap R22).
 */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { ApplyResult } from '../src/apply/model.ts';
import { openConnection } from '../src/stores/sqlite/driver.ts';
import { makeStore } from './projects/make-store.ts';
import { type CliRun, runCli } from './run-cli.ts';
import { openStoreProcess } from './store-process.ts';

export interface Shop {
  readonly parent: string;
  readonly root: string;
  run(...args: readonly string[]): Promise<CliRun>;
  /** Its document; the run must end with 0. */
  json(...args: readonly string[]): Promise<ApplyResult>;
  /** Rows of a copy: a connection of this process would keep the store open. */
  sql(path: string, text: string): readonly (readonly unknown[])[];
  /** Statements of another process, as a program of the project would write. */
  write(path: string, text: string): Promise<void>;
  close(): void;
}

const USERS = 'CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT)';
const rows = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i + 1)).join('; ');

/** After the merge: rows of one store, of the other, of both, and one that refers to rows of both. */
export const LATER: string = `
  UPDATE users SET name = 'In both' WHERE email = 'user35@example.org';
  UPDATE users SET name = 'Of auth' WHERE email = 'user55@example.org';
  INSERT INTO sessions (user_id, token) SELECT id, 'new session' FROM users WHERE email = 'user55@example.org';
  INSERT INTO orders (user_id, what) SELECT id, 'new order' FROM users WHERE email = 'user3@example.org';
  INSERT INTO orders (user_id, what) SELECT id, 'of an auth user' FROM users WHERE email = 'user55@example.org';
  DELETE FROM orders WHERE id = 1;
  INSERT INTO users (email, name) VALUES ('new@example.org', 'New')`;

export function openShop(): Shop {
  const parent = mkdtempSync(join(tmpdir(), 'later-'));
  const root = join(parent, 'shop');
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
  const run: Shop['run'] = (...args) =>
    runCli(args, { cwd: root, env: { XDG_STATE_HOME: join(parent, 'state'), XDG_CACHE_HOME: join(parent, 'cache') } });
  return {
    parent,
    root,
    run,
    json: async (...args) => {
      const { code, stdout, stderr } = await run(...args, '--json');
      expect(code, stderr).toBe(0);
      return JSON.parse(stdout) as ApplyResult;
    },
    sql: (path, text) => {
      const copy = join(parent, 'looked-at.db');
      copyFileSync(join(root, path), copy);
      const db = openConnection(copy, 'immutable');
      try {
        return db.rows(text);
      } finally {
        db.close();
      }
    },
    write: async (path, text) => {
      const store = openStoreProcess(join(root, path));
      for (const one of text.split(';')) await store.run(one);
      await store.close();
    },
    close: () => rmSync(parent, { recursive: true, force: true }),
  };
}
