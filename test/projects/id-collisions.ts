import type { FixtureProject } from './fixture-project.ts';
import { insert, makeStore } from './make-store.ts';
import { person, range } from './people.ts';

const TABLES = `CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, created_at TEXT);
  CREATE TABLE rooms (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, floor INTEGER);
  CREATE TABLE sessions (id TEXT PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id), started_at TEXT);`;
/** id → number of the person. */
const users = (ids: Readonly<Record<number, number>>) =>
  insert(
    'users',
    Object.entries(ids).map(([id, n]) => ({
      id: Number(id),
      email: person(n).email,
      name: person(n).name,
      created_at: person(n).joined,
    })),
  );
const rooms = insert(
  'rooms',
  range(9).map((n) => ({ id: n + 1, code: `E${n}`, floor: n % 3 })),
);
const sessions = (tag: string, userIds: readonly number[]) =>
  insert(
    'sessions',
    userIds.map((id, n) => ({ id: `${tag}-${n}`, user_id: id, started_at: person(n).joined })),
  );

export const project: FixtureProject = {
  traps: ['R1'],
  wrong: `Both stores count their users from 1: ids 1 to 3 are other people in data/hub.db than in data/auth.db, while ids 4
    to 8 are the same. Who compares by id finds three conflicts and nothing missing; in truth three people are missing on
    either side. The rooms, beside them, carry the same ids and are the same rooms.`,
  build(dir) {
    makeStore(
      dir,
      'data/hub.db',
      TABLES,
      users({ 1: 0, 2: 1, 3: 2, 4: 10, 5: 11, 6: 12, 7: 13, 8: 14 }),
      rooms,
      sessions('h', [1, 2, 2, 3]),
    );
    makeStore(
      dir,
      'data/auth.db',
      TABLES,
      users({ 1: 30, 2: 31, 3: 32, 4: 10, 5: 11, 6: 12, 7: 13, 8: 14 }),
      rooms,
      sessions('a', [1, 3, 3]),
    );
  },
};
