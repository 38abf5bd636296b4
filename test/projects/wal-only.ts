import type { FixtureProject } from './fixture-project.ts';
import { insert, makeStore, makeWalStore } from './make-store.ts';
import { day, range } from './people.ts';
import { writeFile } from './write-file.ts';

const TABLES = `CREATE TABLE pings (id INTEGER PRIMARY KEY, device TEXT NOT NULL, seen_at TEXT NOT NULL);
  CREATE TABLE outages (id INTEGER PRIMARY KEY, from_ping INTEGER REFERENCES pings (id), minutes INTEGER);`;
const pings = insert(
  'pings',
  range(40).map((n) => ({ id: n + 1, device: `sensor-${n % 5}`, seen_at: day(n) })),
);
const outages = insert(
  'outages',
  range(3).map((n) => ({ id: n + 1, from_ping: n * 4 + 1, minutes: 10 * n + 5 })),
);

export const project: FixtureProject = {
  traps: ['S1'],
  wrong: `All tables of data/telemetry.db are in its write-ahead log; the main file alone has none and looks like a leftover.
    data/settled.db is in WAL mode too, but was closed properly: it has no log and nothing is hidden.
    data/bare.db has a log of 0 bytes: nothing is in it, the rows are in the main file.`,
  build(dir) {
    makeWalStore(dir, 'data/telemetry.db', (database) => {
      database.exec(TABLES);
      pings(database);
      outages(database);
    });
    makeStore(
      dir,
      'data/settled.db',
      'PRAGMA journal_mode = WAL',
      'CREATE TABLE rooms (id INTEGER PRIMARY KEY, name TEXT)',
      insert(
        'rooms',
        range(7).map((n) => ({ id: n + 1, name: `Room ${n}` })),
      ),
    );
    makeStore(
      dir,
      'data/bare.db',
      'PRAGMA journal_mode = WAL',
      'CREATE TABLE plants (id INTEGER PRIMARY KEY, name TEXT)',
      insert(
        'plants',
        range(6).map((n) => ({ id: n + 1, name: `Plant ${n}` })),
      ),
    );
    writeFile(dir, 'data/bare.db-wal', '');
  },
};
