import type { FixtureProject } from './fixture-project.ts';
import { insert, makeStore } from './make-store.ts';
import { person, range } from './people.ts';

const uuid = (n: number): string => `3f2504e0-4f89-41d3-9a0c-0305e82c${(0x3000 + n * 13).toString(16)}`;
const moment = (n: number, separator: string): string =>
  `2025-03-${String(1 + (n % 28)).padStart(2, '0')}${separator}10:20:30`;
const MAIL = ['zoë@kiosk-nord.de', 'josé@kiosk-nord.de', 'åsa@kiosk-nord.de'];

export const project: FixtureProject = {
  traps: ['R8'],
  wrong: `The same 30 accounts, spelled differently: in data/a.db ids are dashed UUIDs, moments have a T, counters are integers and
    addresses lower case in composed Unicode; in data/b.db ids are 32 hex digits, moments have a space, counters are text and
    addresses are capitalised and decomposed. Account 7 has a name in other letters, which is a real difference. In the
    table codes the unique column is NULL twice on either side: NULL matches nothing, so those rows are nobody's partners.`,
  build(dir) {
    const accounts = (type: string): string =>
      `CREATE TABLE accounts (id TEXT PRIMARY KEY, email TEXT UNIQUE, name TEXT, visits ${type}, created_at TEXT)`;
    const codes = 'CREATE TABLE codes (code TEXT UNIQUE, place TEXT NOT NULL, weight REAL)';
    const email = (n: number): string => MAIL[n] ?? person(n).email;
    const known = range(10).map((n) => ({ code: `K${n}`, place: `Shelf ${n}`, weight: n / 4 }));
    makeStore(
      dir,
      'data/a.db',
      accounts('INTEGER'),
      codes,
      insert(
        'accounts',
        range(30).map((n) => ({
          id: uuid(n),
          email: email(n).normalize('NFC'),
          name: `${person(n).name}`,
          visits: n * 3,
          created_at: moment(n, 'T'),
        })),
      ),
      insert('codes', [
        ...known,
        { code: null, place: 'Attic', weight: 1.5 },
        { code: null, place: 'Garage', weight: 2.5 },
      ]),
    );
    makeStore(
      dir,
      'data/b.db',
      accounts('TEXT'),
      codes,
      insert(
        'accounts',
        range(30).map((n) => ({
          id: uuid(n).replaceAll('-', ''),
          email: email(n)
            .normalize('NFD')
            .replace(/^./, (letter) => letter.toUpperCase()),
          name: n === 7 ? person(n).name.toUpperCase() : person(n).name,
          visits: String(n * 3),
          created_at: moment(n, ' '),
        })),
      ),
      insert('codes', [
        ...known,
        { code: null, place: 'Cellar', weight: 3.5 },
        { code: null, place: 'Garden', weight: 4.5 },
      ]),
    );
  },
};
