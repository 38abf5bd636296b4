/**
 * Stores that grew apart, as text: the first file of each is the one that the others are merged into. `truth` says what a person would
 * know of them and no recipe is told: by which columns an entity of each table is recognised, what its references lead to, when a row
 * was written, who was erased on purpose. `ancestor` is an earlier state of both, where a backup of it is there.
 */

import { grownApart } from './grown.mjs';

/** A person by e-mail; the newer row is right. */
const users = { is: ['email'], key: 'id', newest: 'updated_at' };
const ordersOf = (more = {}) => ({
  is: ['code'],
  key: 'id',
  references: [{ column: 'user_id', to: 'users' }],
  ...more,
});

const USERS =
  'CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, updated_at TEXT NOT NULL);';
const ORDERS =
  'CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users(id), code TEXT NOT NULL, total INTEGER NOT NULL);';
const at = (day) => `2025-03-${String(day).padStart(2, '0')}T10:00:00Z`;
const user = (id, name, day = 1) => `INSERT INTO users VALUES (${id}, '${name}@example.org', '${name}', '${at(day)}');`;
const order = (id, userId, code, total = 10) => `INSERT INTO orders VALUES (${id}, ${userId}, '${code}', ${total});`;
const file = (name, ...lines) => ({ name, sql: lines.flat().join('\n') });

export const FIXTURES = [
  {
    name: 'ids that collide',
    what: 'ids 1 to 3 are other people in each file, with orders of their own',
    files: [
      file(
        'hub.db',
        USERS,
        ORDERS,
        user(1, 'ada'),
        user(2, 'bob'),
        user(3, 'cyd'),
        order(1, 1, 'H-1'),
        order(2, 2, 'H-2'),
        order(3, 3, 'H-3'),
      ),
      file(
        'app.db',
        USERS,
        ORDERS,
        user(1, 'dan'),
        user(2, 'eva'),
        user(3, 'fay'),
        order(1, 1, 'A-1'),
        order(2, 2, 'A-2'),
        order(3, 1, 'A-3'),
        order(4, 3, 'A-4'),
      ),
    ],
    truth: { users, orders: ordersOf() },
  },
  {
    name: 'one person, three ids',
    what: 'the same people under other ids in three files, the newest row is right; each file has orders of theirs',
    files: [
      file('hub.db', USERS, ORDERS, user(1, 'ada', 1), user(2, 'bob', 9), order(1, 1, 'H-1'), order(2, 2, 'H-2')),
      file(
        'app.db',
        USERS,
        ORDERS,
        "INSERT INTO users VALUES (2, 'ada@example.org', 'Ada L.', '2025-03-05T10:00:00Z');",
        user(1, 'bob', 2),
        user(3, 'cyd', 3),
        order(1, 2, 'A-1'),
        order(2, 1, 'A-2'),
        order(5, 3, 'A-5'),
      ),
      file(
        'old.db',
        USERS,
        ORDERS,
        user(3, 'ada', 0),
        user(1, 'cyd', 2),
        user(7, 'dan', 2),
        order(1, 3, 'O-1'),
        order(6, 1, 'O-6'),
        order(7, 7, 'O-7'),
      ),
    ],
    truth: { users, orders: ordersOf() },
  },
  {
    name: 'references that nothing declares',
    what: 'a user_id without a constraint, pairs of type and id, a list of ids as JSON; one order refers to a user that is gone',
    files: [
      file(
        'hub.db',
        USERS,
        'CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, code TEXT NOT NULL, total INTEGER NOT NULL);',
        'CREATE TABLE notes (id INTEGER PRIMARY KEY, entity_type TEXT, entity_id INTEGER, text TEXT);',
        'CREATE TABLE teams (id INTEGER PRIMARY KEY, name TEXT UNIQUE, member_ids TEXT);',
        user(1, 'ada'),
        user(2, 'bob'),
        user(9, 'ivy'),
        order(1, 1, 'H-1'),
        order(2, 2, 'H-2'),
        "INSERT INTO notes VALUES (1, 'user', 1, 'note on ada'), (2, 'order', 2, 'note on H-2');",
        "INSERT INTO teams VALUES (1, 'hub team', '[1,2]');",
      ),
      file(
        'app.db',
        USERS,
        'CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, code TEXT NOT NULL, total INTEGER NOT NULL);',
        'CREATE TABLE notes (id INTEGER PRIMARY KEY, entity_type TEXT, entity_id INTEGER, text TEXT);',
        'CREATE TABLE teams (id INTEGER PRIMARY KEY, name TEXT UNIQUE, member_ids TEXT);',
        user(1, 'cyd'),
        user(2, 'ada'),
        user(3, 'dan'),
        order(1, 1, 'A-1'),
        order(2, 2, 'A-2'),
        order(3, 9, 'A-3'),
        "INSERT INTO notes VALUES (1, 'user', 1, 'note on cyd'), (2, 'order', 1, 'note on A-1'), (3, 'user', 3, 'note on dan');",
        "INSERT INTO teams VALUES (1, 'app team', '[2,3]');",
      ),
    ],
    truth: {
      users,
      orders: ordersOf(),
      notes: {
        is: ['text'],
        key: 'id',
        references: [{ column: 'entity_id', type: 'entity_type', to: { user: 'users', order: 'orders' } }],
      },
      teams: { is: ['name'], key: 'id', references: [{ column: 'member_ids', to: 'users', json: true }] },
    },
  },
  {
    name: 'ids as text',
    what: 'orders hold the id of a user as text; ids of users collide, those of orders do not',
    files: [
      file(
        'hub.db',
        USERS,
        'CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id TEXT NOT NULL, code TEXT NOT NULL, total INTEGER NOT NULL);',
        user(1, 'ada'),
        user(2, 'bob'),
        order(1, "'1'", 'H-1'),
        order(2, "'2'", 'H-2'),
      ),
      file(
        'app.db',
        USERS,
        'CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id TEXT NOT NULL, code TEXT NOT NULL, total INTEGER NOT NULL);',
        user(1, 'cyd'),
        user(2, 'bob'),
        user(4, 'dan'),
        order(11, "'1'", 'A-11'),
        order(12, "'2'", 'A-12'),
        order(15, "'4'", 'A-15'),
      ),
    ],
    truth: { users, orders: ordersOf() },
  },
  {
    name: 'a tree',
    what: 'folders that refer to their own table, to any depth; ids collide, two folders are in both',
    files: [
      file(
        'hub.db',
        'CREATE TABLE folders (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES folders(id), path TEXT NOT NULL UNIQUE);',
        "INSERT INTO folders VALUES (1, NULL, '/'), (2, 1, '/docs'), (3, 2, '/docs/hub');",
      ),
      file(
        'app.db',
        'CREATE TABLE folders (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES folders(id), path TEXT NOT NULL UNIQUE);',
        "INSERT INTO folders VALUES (3, NULL, '/'), (2, 3, '/music'), (1, 2, '/music/app'), (4, 3, '/docs');",
      ),
    ],
    truth: { folders: { is: ['path'], key: 'id', references: [{ column: 'parent_id', to: 'folders' }] } },
  },
  {
    name: 'columns in another order',
    what: 'the same columns, name and e-mail exchanged; each file has a column that the other lacks',
    files: [
      file(
        'hub.db',
        'CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, phone TEXT);',
        "INSERT INTO users VALUES (1, 'ada@example.org', 'ada', '111'), (2, 'bob@example.org', 'bob', NULL);",
      ),
      file(
        'app.db',
        'CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE, city TEXT);',
        "INSERT INTO users VALUES (3, 'cyd', 'cyd@example.org', 'Rome'), (4, 'dan', 'dan@example.org', NULL), (5, 'eva', 'eva@example.org', 'Bonn');",
      ),
    ],
    truth: { users: { is: ['email'], key: 'id' } },
  },
  {
    name: 'a required column is missing',
    what: 'role is required in the target and unknown in the source; the owner has not said what to fill in',
    files: [
      file(
        'hub.db',
        'CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, role TEXT NOT NULL);',
        ORDERS,
        "INSERT INTO users VALUES (1, 'ada@example.org', 'admin'), (2, 'bob@example.org', 'guest');",
        order(1, 1, 'H-1'),
      ),
      file(
        'app.db',
        'CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE);',
        ORDERS,
        "INSERT INTO users VALUES (2, 'bob@example.org'), (3, 'cyd@example.org'), (4, 'dan@example.org');",
        order(2, 3, 'A-2'),
        order(3, 4, 'A-3'),
        order(4, 2, 'A-4'),
      ),
    ],
    truth: { users: { is: ['email'], key: 'id' }, orders: ordersOf() },
  },
  {
    name: 'a list of allowed values',
    what: 'the target allows three states, the source has a fourth',
    files: [
      file(
        'hub.db',
        "CREATE TABLE tasks (id INTEGER PRIMARY KEY, title TEXT NOT NULL, state TEXT CHECK (state IN ('open', 'done', 'gone')));",
        "INSERT INTO tasks VALUES (1, 'hub one', 'open'), (2, 'hub two', 'done');",
      ),
      file(
        'app.db',
        'CREATE TABLE tasks (id INTEGER PRIMARY KEY, title TEXT NOT NULL, state TEXT);',
        "INSERT INTO tasks VALUES (3, 'app three', 'open'), (4, 'app four', 'waiting'), (5, 'app five', 'done'), (6, 'app six', 'waiting');",
      ),
    ],
    truth: { tasks: { is: ['title'], key: 'id' } },
  },
  {
    name: 'erased on purpose',
    what: 'two accounts were erased in the target since both were one; a backup of that time is there',
    ancestor: [
      USERS,
      ORDERS,
      user(1, 'ada'),
      user(2, 'eve'),
      user(3, 'bob'),
      user(4, 'mal'),
      order(1, 1, 'O-1'),
      order(2, 2, 'E-1'),
      order(3, 4, 'M-1'),
    ].join('\n'),
    files: [
      file(
        'hub.db',
        USERS,
        ORDERS,
        user(1, 'ada'),
        user(3, 'bob'),
        user(5, 'cyd'),
        order(1, 1, 'O-1'),
        order(4, 5, 'H-4'),
      ),
      file(
        'app.db',
        USERS,
        ORDERS,
        user(1, 'ada'),
        user(2, 'eve'),
        user(3, 'bob'),
        user(4, 'mal'),
        user(6, 'dan'),
        order(1, 1, 'O-1'),
        order(2, 2, 'E-1'),
        order(3, 4, 'M-1'),
        order(6, 6, 'A-6'),
      ),
    ],
    erased: { users: [['eve@example.org'], ['mal@example.org']], orders: [['E-1'], ['M-1']] },
    truth: { users, orders: ordersOf() },
  },
  {
    name: 'changed on both sides',
    what: 'the same rows under the same ids; some are newer here, some there; a backup of the time before is there',
    ancestor: [USERS, user(1, 'ada', 1), user(2, 'bob', 1), user(3, 'cyd', 1)].join('\n'),
    files: [
      file(
        'hub.db',
        USERS,
        "INSERT INTO users VALUES (1, 'ada@example.org', 'Ada of the hub', '2025-03-09T10:00:00Z');",
        user(2, 'bob', 1),
        user(3, 'cyd', 1),
      ),
      file(
        'app.db',
        USERS,
        user(1, 'ada', 1),
        "INSERT INTO users VALUES (2, 'bob@example.org', 'Bob of the app', '2025-03-08T10:00:00Z');",
        user(3, 'cyd', 1),
        user(4, 'dan', 4),
      ),
    ],
    truth: { users },
  },
  {
    name: 'rows without a key',
    what: 'app.db began as a copy of hub.db; both went on; equal readings are as many readings',
    files: [
      file(
        'hub.db',
        'CREATE TABLE readings (at TEXT, sensor TEXT, value REAL);',
        "INSERT INTO readings VALUES ('t1', 'a', 1.0), ('t1', 'a', 1.0), ('t2', 'a', 2.0), ('t3', 'b', 5.0);",
      ),
      file(
        'app.db',
        'CREATE TABLE readings (at TEXT, sensor TEXT, value REAL);',
        "INSERT INTO readings VALUES ('t1', 'a', 1.0), ('t1', 'a', 1.0), ('t2', 'a', 2.0), ('t4', 'a', 3.0), ('t4', 'a', 3.0);",
      ),
    ],
    truth: { readings: { is: ['at', 'sensor', 'value'], key: null } },
    counts: {
      readings: [
        [['t1', 'a', 1], 2],
        [['t2', 'a', 2], 1],
        [['t3', 'b', 5], 1],
        [['t4', 'a', 3], 2],
      ],
    },
  },
  {
    name: 'text keys in two spellings',
    what: 'the same UUIDs, with dashes here and without there; devices refer to them',
    files: [
      file(
        'hub.db',
        'CREATE TABLE rooms (id TEXT PRIMARY KEY, name TEXT NOT NULL);',
        'CREATE TABLE devices (serial TEXT PRIMARY KEY, room_id TEXT REFERENCES rooms(id));',
        "INSERT INTO rooms VALUES ('7d0c1a52-0000-4000-8000-000000000001', 'kitchen'), ('7d0c1a52-0000-4000-8000-000000000002', 'hall');",
        "INSERT INTO devices VALUES ('S1', '7d0c1a52-0000-4000-8000-000000000001');",
      ),
      file(
        'app.db',
        'CREATE TABLE rooms (id TEXT PRIMARY KEY, name TEXT NOT NULL);',
        'CREATE TABLE devices (serial TEXT PRIMARY KEY, room_id TEXT REFERENCES rooms(id));',
        "INSERT INTO rooms VALUES ('7d0c1a52000040008000000000000002', 'hall'), ('7d0c1a52000040008000000000000003', 'attic');",
        "INSERT INTO devices VALUES ('S2', '7d0c1a52000040008000000000000002'), ('S3', '7d0c1a52000040008000000000000003');",
      ),
    ],
    truth: {
      rooms: { is: ['name'], key: 'id' },
      devices: { is: ['serial'], key: 'serial', references: [{ column: 'room_id', to: 'rooms' }] },
    },
  },
  {
    name: 'a trigger on the target',
    what: 'the target stamps every row that is written; the source knows when its rows were written',
    files: [
      file(
        'hub.db',
        USERS,
        "CREATE TRIGGER stamped AFTER INSERT ON users BEGIN UPDATE users SET updated_at = '2026-01-01T00:00:00Z' WHERE id = new.id; END;",
        user(1, 'ada'),
        "UPDATE users SET updated_at = '2025-03-01T10:00:00Z';",
      ),
      file('app.db', USERS, user(2, 'bob', 4), user(3, 'cyd', 5)),
    ],
    truth: { users },
  },
  {
    name: 'numbers that are names',
    what: 'postal codes are text in the source and INTEGER in the target',
    files: [
      file(
        'hub.db',
        'CREATE TABLE places (id INTEGER PRIMARY KEY, name TEXT NOT NULL, postcode INTEGER);',
        "INSERT INTO places VALUES (1, 'Berlin', 10115);",
      ),
      file(
        'app.db',
        'CREATE TABLE places (id INTEGER PRIMARY KEY, name TEXT NOT NULL, postcode TEXT);',
        "INSERT INTO places VALUES (2, 'Dresden', '01067'), (3, 'Leipzig', '04109'), (4, 'Köln', '50667');",
      ),
    ],
    truth: { places: { is: ['name'], key: 'id' } },
  },
  {
    name: 'one e-mail in two spellings',
    what: 'people typed their e-mail with capitals into one of the programs; orders refer to them',
    files: [
      file('hub.db', USERS, ORDERS, user(1, 'ada', 3), user(2, 'bob', 3), order(1, 1, 'H-1')),
      file(
        'app.db',
        USERS,
        ORDERS,
        "INSERT INTO users VALUES (5, 'Ada@Example.org', 'ada', '2025-03-01T10:00:00Z');",
        "INSERT INTO users VALUES (6, 'Cyd@Example.org', 'cyd', '2025-03-01T10:00:00Z');",
        order(5, 5, 'A-5'),
        order(6, 6, 'A-6'),
      ),
    ],
    truth: { users: { ...users, fold: true }, orders: ordersOf() },
  },
  {
    name: 'one row, two matches',
    what: 'e-mail and handle are unique; a row of the source has the e-mail of one person and the handle of another',
    files: [
      file(
        'hub.db',
        'CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, handle TEXT UNIQUE, updated_at TEXT);',
        ORDERS,
        "INSERT INTO users VALUES (1, 'ada@example.org', 'ada', '2025-03-05'), (2, 'bob@example.org', 'bob', '2025-03-05');",
        order(1, 1, 'H-1'),
        order(2, 2, 'H-2'),
      ),
      file(
        'app.db',
        'CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, handle TEXT UNIQUE, updated_at TEXT);',
        ORDERS,
        "INSERT INTO users VALUES (7, 'ada@example.org', 'bob', '2025-03-01'), (8, 'cyd@example.org', 'cyd', '2025-03-01');",
        order(8, 8, 'A-8'),
      ),
    ],
    truth: { users, orders: ordersOf() },
  },
  grownApart({ users: USERS, orders: ORDERS, truth: { users, orders: ordersOf() } }),
];
