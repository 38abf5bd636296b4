import type { FixtureProject } from './fixture-project.ts';
import { insert, makeStore } from './make-store.ts';
import { day, person, range } from './people.ts';

const cups = range(20).map((n) => ({ drink: `Drink ${n % 7}`, size: `${n % 3}`, sold_at: day(n) }));
const first = cups[0] ?? {};

export const project: FixtureProject = {
  traps: ['R18'],
  wrong: `The table sales has no key, and its first row is there three times in data/a.db and once in data/b.db: three equal rows are
    three sales, so two are missing. In members one row of a.db carries the address of one row of b.db and the card number
    of another one: which of the two it is cannot be told. The other members are plain.`,
  build(dir) {
    const tables = `CREATE TABLE sales (drink TEXT, size TEXT, sold_at TEXT);
      CREATE TABLE members (email TEXT NOT NULL UNIQUE, card TEXT NOT NULL UNIQUE, name TEXT);`;
    const member = (n: number) => ({ email: person(n).email, card: `CARD-${8000 + n}`, name: person(n).name });
    makeStore(
      dir,
      'data/a.db',
      tables,
      insert('sales', [...cups, first, first]),
      insert('members', [...range(15).map(member), { ...member(20), card: 'CARD-8021' }]),
    );
    makeStore(dir, 'data/b.db', tables, insert('sales', cups), insert('members', [...range(15), 20, 21].map(member)));
  },
};
