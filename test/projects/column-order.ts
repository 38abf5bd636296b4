import type { FixtureProject } from './fixture-project.ts';
import { insert, makeStore } from './make-store.ts';
import { person, range } from './people.ts';

export const project: FixtureProject = {
  traps: ['R6'],
  wrong: `The table contacts has its columns in another order in data/b.db than in data/a.db (first and last name are swapped, so that a
    positional copy would mix them up and nobody would notice), lacks nickname and has phone instead. The rows are the
    same 25 people in both.`,
  build(dir) {
    const names = (n: number) => ({
      first_name: person(n).name.split(' ')[0],
      last_name: person(n).name.split(' ')[1],
    });
    makeStore(
      dir,
      'data/a.db',
      'CREATE TABLE contacts (id INTEGER PRIMARY KEY, first_name TEXT, last_name TEXT, email TEXT UNIQUE, city TEXT, nickname TEXT)',
      insert(
        'contacts',
        range(25).map((n) => ({
          id: n + 1,
          ...names(n),
          email: person(n).email,
          city: `City ${n % 5}`,
          nickname: `Nick ${n}`,
        })),
      ),
    );
    makeStore(
      dir,
      'data/b.db',
      'CREATE TABLE contacts (id INTEGER PRIMARY KEY, city TEXT, last_name TEXT, first_name TEXT, phone TEXT, email TEXT UNIQUE)',
      insert(
        'contacts',
        range(25).map((n) => ({
          id: n + 1,
          ...names(n),
          email: person(n).email,
          city: `City ${n % 5}`,
          phone: `+49 40 ${5550 + n}`,
        })),
      ),
    );
  },
};
