import type { FixtureProject } from './fixture-project.ts';
import { insert, makeHotStore, makeStore } from './make-store.ts';
import { day, range } from './people.ts';
import { writeFile } from './write-file.ts';

/** Enough that a cache of one page spills. */
export const ORDERS: number = 3_000;

const TABLE =
  'CREATE TABLE orders (id INTEGER PRIMARY KEY, reference TEXT NOT NULL UNIQUE, state TEXT NOT NULL, note TEXT, ordered_at TEXT)';
const orders = insert(
  'orders',
  range(ORDERS).map((n) => ({
    id: n + 1,
    reference: `ORD-${9000 + n}`,
    state: 'paid',
    note: `note ${n} `.repeat(12),
    ordered_at: day(n),
  })),
);

export const project: FixtureProject = {
  traps: ['S18'],
  wrong: `The program that wrote data/orders.db died in the middle of a transaction which had set all orders to "void" and removed
    half of them; its journal lies beside the file. Whoever reads the main file alone sees orders that were never voided as
    void. backup/orders.db is the last committed state. data/kept.db has a journal whose header was cleared
    (journal_mode=PERSIST), data/cut.db one of 0 bytes (TRUNCATE): nothing is to be rolled back there.`,
  build(dir) {
    makeHotStore(
      dir,
      'data/orders.db',
      (database) => {
        database.exec(TABLE);
        orders(database);
      },
      "UPDATE orders SET state = 'void'; DELETE FROM orders WHERE id > 1500;",
    );
    makeStore(dir, 'backup/orders.db', TABLE, orders);
    const lists = 'CREATE TABLE lists (id INTEGER PRIMARY KEY, title TEXT)';
    const titles = insert(
      'lists',
      range(15).map((n) => ({ id: n + 1, title: `List ${n}` })),
    );
    makeStore(dir, 'data/kept.db', 'PRAGMA journal_mode = PERSIST', lists, titles, 'DELETE FROM lists WHERE id > 10');
    makeStore(dir, 'data/cut.db', lists, titles);
    writeFile(dir, 'data/cut.db-journal', '');
  },
};
