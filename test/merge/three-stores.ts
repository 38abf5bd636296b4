/** Three small stores that were merged by hand: Ann is everywhere, Bob in the target, Cid in auth, Dan in shop; each store counts from 1. */
import type { MergeSpec, TableSpec } from '../../src/merge/model.ts';
import { type Hand, handMade } from './hand-made.ts';

const column = (name: string, type: string, added = false): TableSpec['columns'][number] => ({
  name,
  type,
  added,
  normaliser: 'exact',
});
const from = (...names: string[]): Record<string, { from: string }> =>
  Object.fromEntries(names.map((name) => [name, { from: name }]));

const SPEC: MergeSpec = {
  version: 1,
  sources: [
    { path: 'auth', kind: 'sqlite' },
    { path: 'shop', kind: 'sqlite' },
  ],
  idMapTable: false,
  tables: [
    {
      table: 'users',
      madeFrom: null,
      columns: [
        column('id', 'INTEGER'),
        column('email', 'TEXT'),
        column('name', 'TEXT'),
        column('phone', 'TEXT', true),
      ],
      identity: { kind: 'key', columns: ['email'] },
      surrogate: 'id',
      references: [],
      parts: [
        { source: 0, table: 'users', columns: from('id', 'email', 'name'), leftOut: [], ancestor: null },
        {
          source: 1,
          table: 'people',
          columns: { ...from('id', 'email', 'phone'), name: { from: 'full_name' } },
          leftOut: [],
          ancestor: null,
        },
      ],
      differ: { name: 'target' },
      timeColumn: null,
      deleted: 'stays',
    },
    {
      table: 'orders',
      madeFrom: 1,
      columns: [column('id', 'INTEGER'), column('user_id', 'INTEGER'), column('what', 'TEXT')],
      identity: { kind: 'none' },
      surrogate: 'id',
      references: [{ kind: 'declared', columns: ['user_id'], to: 'users', toColumns: ['id'] }],
      parts: [{ source: 1, table: 'orders', columns: from('id', 'user_id', 'what'), leftOut: [], ancestor: null }],
      differ: {},
      timeColumn: null,
      deleted: 'stays',
    },
  ],
};

export const threeStores = (): Hand =>
  handMade({
    target: `CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT);
      CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER REFERENCES users (id), body);
      INSERT INTO users VALUES (1, 'ann@x', 'Ann'), (2, 'bob@x', 'Bob'); INSERT INTO notes VALUES (1, 1, 'old');`,
    sources: {
      auth: `CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT, secret TEXT DEFAULT 's');
        INSERT INTO users VALUES (1, 'cid@x', 'Cid', 'c'), (2, 'ann@x', 'Ann', 'a');`,
      shop: `CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, full_name TEXT, phone TEXT);
        CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES people (id), what TEXT CHECK (what <> 'no'));
        INSERT INTO people VALUES (1, 'dan@x', 'Dan', '1'), (2, 'ann@x', 'Ann', '2'); INSERT INTO orders VALUES (1, 1, 'hat'), (2, 2, 'cup');`,
    },
    merged: `CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT, phone TEXT);
      CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER REFERENCES users (id), body);
      CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id), what TEXT CHECK (what <> 'no'));
      INSERT INTO users VALUES (1, 'ann@x', 'Ann', '2'), (2, 'bob@x', 'Bob', NULL), (11, 'cid@x', 'Cid', NULL), (21, 'dan@x', 'Dan', '1');
      INSERT INTO notes VALUES (1, 1, 'old'); INSERT INTO orders VALUES (1, 21, 'hat'), (2, 1, 'cup');`,
    spec: SPEC,
    parts: [
      { source: 'auth', table: 'users', to: 'users', spans: [[1, 1, 10]], rows: [[2n, 'identical', 1n]] },
      { source: 'shop', table: 'people', to: 'users', spans: [[1, 1, 20]], rows: [[2n, 'merged', 1n]] },
      { source: 'shop', table: 'orders', to: 'orders', spans: [[1, 2, 0]] },
    ],
  });
