import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FixtureProject } from './fixture-project.ts';
import { insert, makeStore } from './make-store.ts';
import { person, range } from './people.ts';

const TABLES = `CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT, created_at TEXT);
  CREATE TABLE bookings (id INTEGER PRIMARY KEY, user_email TEXT NOT NULL, room TEXT, booked_at TEXT);`;
const users = (numbers: readonly number[]) =>
  insert(
    'users',
    numbers.map((n) => ({ id: n + 1, email: person(n).email, name: person(n).name, created_at: person(n).joined })),
  );
const bookings = (numbers: readonly number[]) =>
  insert(
    'bookings',
    numbers.map((n) => ({
      id: n + 1,
      user_email: person(n % 12).email,
      room: `R${n % 4}`,
      booked_at: person(n).joined,
    })),
  );

export const project: FixtureProject = {
  traps: ['S7'],
  wrong: `backend/kiosk.db has the name, the tables and nearly all rows of data/kiosk.db and looks like its duplicate, but
    two accounts and five bookings are in it alone. backup/kiosk_copy.db holds one account that neither has.
    dashboard/kiosk.db, beside it, really is a subset, and mirror/kiosk.db really is a copy.`,
  build(dir) {
    makeStore(dir, 'data/kiosk.db', TABLES, users(range(30)), bookings(range(60)));
    makeStore(
      dir,
      'backend/kiosk.db',
      TABLES,
      users([...range(20), 40, 41]),
      bookings([...range(40), ...range(5, 90)]),
    );
    makeStore(dir, 'backup/kiosk_copy.db', TABLES, users([...range(18), 77]), bookings(range(35)));
    makeStore(dir, 'dashboard/kiosk.db', TABLES, users(range(15)), bookings(range(25)));
    mkdirSync(join(dir, 'mirror'));
    copyFileSync(join(dir, 'data/kiosk.db'), join(dir, 'mirror/kiosk.db'));
  },
};
