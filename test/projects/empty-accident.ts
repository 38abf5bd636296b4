import type { FixtureProject } from './fixture-project.ts';
import { insert, makeStore } from './make-store.ts';
import { range } from './people.ts';
import { writeFile } from './write-file.ts';

export const project: FixtureProject = {
  traps: ['S4'],
  wrong: `services/hub/app.py was once started from its own folder: connect("data/hub.db") made services/hub/data/hub.db with
    0 bytes, while the real store is data/hub.db. data/void.db is a SQLite file without a table. data/fresh.db has a table
    and no row yet, which is a beginning and no residue. The path data/never-made.db occurs in the code only; looking must
    not make it.`,
  build(dir) {
    makeStore(
      dir,
      'data/hub.db',
      'CREATE TABLE devices (id INTEGER PRIMARY KEY, serial TEXT UNIQUE)',
      insert(
        'devices',
        range(9).map((n) => ({ id: n + 1, serial: `SN-${1000 + n}` })),
      ),
    );
    makeStore(dir, 'data/fresh.db', 'CREATE TABLE alarms (id INTEGER PRIMARY KEY, at TEXT)');
    makeStore(dir, 'data/void.db', 'PRAGMA user_version = 1');
    writeFile(dir, 'services/hub/data/hub.db', '');
    writeFile(dir, 'data/.gitkeep', '');
    writeFile(
      dir,
      'services/hub/app.py',
      'import sqlite3\n\ndb = sqlite3.connect("data/hub.db")\nspare = "data/never-made.db"\n',
    );
  },
};
