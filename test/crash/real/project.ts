/**
 * A small project, and a plan with an action of each kind: a store with a WAL goes and a folder takes its place, two stores with a WAL become
 * one, entries of git change.
 */
import { copyFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { commitAll } from './git.ts';

const PLAN = `version: 1
plan: project-0001
decisions: []
actions:
  - move: scripts/old/check.py
    to: tools/check.py
    id: move-check
    reason: one folder for scripts
  - archive: data/old/copy.db
    id: archive-old
    reason: nothing opens it
  - remove: exports/people-copy.csv
    because: exports/people.csv
    id: remove-copy
    reason: the same bytes
  - untrack: data/tracked.db
    id: untrack-tracked
    reason: it is ignored
  - ignore: "*.db"
    file: .gitignore
    id: ignore-stores
    reason: stores do not belong to git
  - merge: data/hub.db
    from: [data/auth.db]
    id: merge-hub
    tables:
      users: { identity: [email], differ: { name: source } }
      sessions: { identity: row, references: [user_id -> users.id] }
    reason: one list of users
  - archive: data/auth.db
    id: archive-auth
    after: [merge-hub]
    reason: its rows are in data/hub.db
  - block: data/old/copy.db
    id: block-old
    after: [archive-old]
    reason: nobody makes it anew
  - write-file: NOTES.md
    id: notes
    content: |
      Written by a plan.
    reason: it says what was done
checks: []
approvals: []
`;

const FILES: Readonly<Record<string, string>> = {
  'app.py':
    'import sqlite3\n\n\ndef people():\n    return sqlite3.connect("data/main.db").execute("select name from people")\n',
  'scripts/old/check.py': 'import sqlite3\n\nprint(sqlite3.connect("data/main.db").execute("select 1").fetchone())\n',
  Makefile: 'check:\n\tpython3 scripts/old/check.py\n',
  'exports/people.csv': 'id,name\n1,Ada\n',
  'exports/people-copy.csv': 'id,name\n1,Ada\n',
  '.gitignore': 'data/tracked.db\n*.log\n',
  'desprawl-plan.yaml': PLAN,
};

/** `root`: a folder that is there and empty. */
export function buildProject(root: string): void {
  for (const folder of ['data/old', 'scripts/old', 'exports']) mkdirSync(join(root, folder), { recursive: true });
  for (const [path, text] of Object.entries(FILES)) writeFileSync(join(root, path), text);
  for (const [path, name] of [
    ['data/main.db', 'Ada'],
    ['data/tracked.db', 'Grace'],
  ] as const) {
    const db = new DatabaseSync(join(root, path));
    db.exec(`CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO people (name) VALUES ('${name}')`);
    db.close();
  }
  storeWithWal(join(root, 'data/old/copy.db'), 'CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)', (db) => {
    const insert = db.prepare('INSERT INTO notes (text) VALUES (?)');
    for (let i = 0; i < 40; i++) insert.run(`${i} `.repeat(100));
  });
  storeWithWal(join(root, 'data/hub.db'), USERS, (db) => {
    db.exec("INSERT INTO users VALUES (1, 'ada@example.org', 'Ada'), (2, 'bob@example.org', 'Bob')");
    db.exec("INSERT INTO sessions VALUES (1, 1, 'a'), (2, 2, 'b')");
  });
  storeWithWal(join(root, 'data/auth.db'), USERS, (db) => {
    db.exec("INSERT INTO users VALUES (1, 'cid@example.org', 'Cid'), (2, 'ada@example.org', 'Ada L.')");
    db.exec("INSERT INTO sessions VALUES (1, 1, 'c'), (2, 2, 'd')");
  });
  commitAll(root, ['data/tracked.db', 'Makefile', 'app.py', 'scripts', '.gitignore', 'exports']);
}

/** After the merge: rows of either store, one changed and one deleted in both, one that neither store can have alone. */
export function writeLater(root: string): void {
  const db = new DatabaseSync(join(root, 'data/hub.db'));
  db.exec(`UPDATE users SET name = 'Ada K.' WHERE email = 'ada@example.org';
    INSERT INTO users (email, name) VALUES ('new@example.org', 'New');
    INSERT INTO sessions (user_id, token) SELECT id, 'later of cid' FROM users WHERE email = 'cid@example.org';
    INSERT INTO sessions (user_id, token) SELECT id, 'later of bob' FROM users WHERE email = 'bob@example.org';
    DELETE FROM sessions WHERE token = 'd'`);
  db.close();
}

const USERS = `CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT);
  CREATE TABLE sessions (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id), token TEXT NOT NULL);`;

/** All rows are in the WAL: closing would bring them into the main file. */
function storeWithWal(path: string, schema: string, fill: (db: DatabaseSyncInstance) => void): void {
  const db = new DatabaseSync(path);
  db.exec(`PRAGMA journal_mode = WAL; ${schema}`);
  fill(db);
  for (const suffix of ['', '-wal', '-shm']) copyFileSync(`${path}${suffix}`, `${path}.kept${suffix}`);
  db.close();
  for (const suffix of ['', '-wal', '-shm']) renameSync(`${path}.kept${suffix}`, `${path}${suffix}`);
}
