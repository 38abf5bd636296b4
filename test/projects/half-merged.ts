import type { FixtureProject } from './fixture-project.ts';
import { insert, makeStore } from './make-store.ts';
import { day, person, range } from './people.ts';

const TABLES = `CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT NOT NULL UNIQUE, name TEXT);
  CREATE TABLE visits (user_id INTEGER NOT NULL REFERENCES users (id), at TEXT NOT NULL);`;

const users = (people: readonly number[]) =>
  insert(
    'users',
    people.map((n, i) => ({ id: i + 1, email: person(n).email, name: person(n).name })),
  );
/** Each person came twice, the first of them three times on one day. */
const visits = (people: number, from: number) =>
  insert(
    'visits',
    [...range(people * 2).map((n) => n % people), 0, 0].map((n) => ({ user_id: n + 1, at: day(from + n) })),
  );

export const project: FixtureProject = {
  traps: ['R13'],
  wrong: `Two programs count visits, each in its own store, and both have accounts 1 to 3, of other people but one. A visit has no key
    and may be there several times, so nothing in the rows tells that a merge of them was done already: who runs a half-done merge
    again has them twice.`,
  build(dir) {
    makeStore(dir, 'data/hub.db', TABLES, users([0, 1, 2]), visits(3, 40));
    makeStore(dir, 'data/gate.db', TABLES, users([7, 0, 8]), visits(3, 0));
  },
};
