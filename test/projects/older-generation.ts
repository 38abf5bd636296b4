import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FixtureProject } from './fixture-project.ts';
import { insert, makeStore } from './make-store.ts';
import { day, person, range } from './people.ts';

const TABLES = `CREATE TABLE members (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT, created_at TEXT);
  CREATE TABLE visits (id INTEGER PRIMARY KEY, member_id INTEGER REFERENCES members (id), at TEXT NOT NULL);`;
const members = (from: number, n: number, late: number) =>
  insert(
    'members',
    range(n, from).map((i) => ({ id: i + 1, email: person(i).email, name: person(i).name, created_at: day(i + late) })),
  );
const visits = (from: number, n: number, memberFrom: number, late: number) =>
  insert(
    'visits',
    range(n, from).map((i) => ({ id: i + 1, member_id: memberFrom + 1 + (i % 10), at: day(i + late) })),
  );

export const project: FixtureProject = {
  traps: ['S8'],
  wrong: `data/hub.db.old has the tables of data/hub.db and not one id or address in common with it: another life of the store,
    from before it was reset. Beside it data/hub.db.bak is a true copy, byte for byte, and data/hub.db.backup an earlier
    state of the same life: every row of it is still there.`,
  build(dir) {
    makeStore(dir, 'data/hub.db', TABLES, members(200, 30, 0), visits(1000, 80, 200, -700));
    makeStore(dir, 'data/hub.db.old', TABLES, members(0, 25, 0), visits(0, 60, 0, 0));
    copyFileSync(join(dir, 'data/hub.db'), join(dir, 'data/hub.db.bak'));
    makeStore(dir, 'data/hub.db.backup', TABLES, members(200, 22, 0), visits(1000, 50, 200, -700));
  },
};
