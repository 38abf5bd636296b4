import type { FixtureProject } from './fixture-project.ts';
import { insert, makeStore, makeWalStore } from './make-store.ts';
import { day, range } from './people.ts';

const NOTES = 'CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT NOT NULL, written_at TEXT NOT NULL)';
const notes = (n: number) =>
  insert(
    'notes',
    range(n).map((i) => ({ id: i + 1, body: `Note number ${i}`, written_at: day(i) })),
  );

export const project: FixtureProject = {
  traps: ['S2'],
  wrong: `Opening any of these stores in the usual way changes the folder: data/crashed.db has a log that the next opener
    checkpoints and removes, data/open.db has log and shared memory of a program that is (or was) running, and
    data/quiet.db is in WAL mode, so that even a read-only connection creates a -shm beside it.`,
  build(dir) {
    makeWalStore(dir, 'data/crashed.db', (database) => {
      database.exec(NOTES);
      notes(12)(database);
    });
    makeWalStore(
      dir,
      'data/open.db',
      (database) => {
        database.exec(NOTES);
        notes(21)(database);
      },
      { shm: true },
    );
    makeStore(dir, 'data/quiet.db', 'PRAGMA journal_mode = WAL', NOTES, notes(30));
  },
};
