/** A small project, and a plan with an action of each kind: a store with a WAL goes and a folder takes its place, entries of git change. */
import { copyFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
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
  storeWithWal(join(root, 'data/old/copy.db'));
  commitAll(root, ['data/tracked.db', 'Makefile', 'app.py', 'scripts', '.gitignore', 'exports']);
}

/** All rows are in the WAL: closing would bring them into the main file. */
function storeWithWal(path: string): void {
  const db = new DatabaseSync(path);
  db.exec('PRAGMA journal_mode = WAL; CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)');
  const insert = db.prepare('INSERT INTO notes (text) VALUES (?)');
  for (let i = 0; i < 40; i++) insert.run(`${i} `.repeat(100));
  for (const suffix of ['', '-wal', '-shm']) copyFileSync(`${path}${suffix}`, `${path}.kept${suffix}`);
  db.close();
  for (const suffix of ['', '-wal', '-shm']) renameSync(`${path}.kept${suffix}`, `${path}${suffix}`);
}
