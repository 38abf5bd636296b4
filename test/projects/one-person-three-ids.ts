import type { FixtureProject } from './fixture-project.ts';
import { insert, makeStore } from './make-store.ts';
import { person, range } from './people.ts';

const USERS =
  'CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, password_hash TEXT NOT NULL, created_at TEXT)';
/** The person whose ids and hashes differ. */
const BEN = 5;
export const HASHES: readonly string[] = [1, 2, 3].map((salt) => person(BEN).password(salt));

const users = (shift: number, benId: number, salt: number) =>
  insert(
    'users',
    range(10).map((n) => ({
      id: n === BEN ? benId : n + shift,
      email: person(n).email,
      name: person(n).name,
      password_hash: person(n).password(n === BEN ? salt : 1),
      created_at: person(n).joined,
    })),
  );

export const project: FixtureProject = {
  traps: ['R2'],
  wrong: `One person is user 6 in data/hub.db, user 42 in data/auth.db and user 99 in services/mail/users.db, with another password
    hash in each: three rows, one person, and the hash is a conflict that somebody must decide. The nine others are the same
    everywhere, though their ids moved by 100 in services/mail/users.db.`,
  build(dir) {
    makeStore(dir, 'data/hub.db', USERS, users(1, 6, 1));
    makeStore(dir, 'data/auth.db', USERS, users(1, 42, 2));
    makeStore(dir, 'services/mail/users.db', USERS, users(101, 99, 3));
  },
};
