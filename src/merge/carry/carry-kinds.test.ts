/** Carrying back through each kind of reference, form, table and trigger; the merges are the engine's. */
import { afterEach, describe, expect, it } from 'vitest';
import { engineMade, type Hand } from '../../../test/merge/hand-made.ts';
import type { MergeSpec, PartSpec, ReferenceSpec, TableSpec } from '../model.ts';
import type { LaterResult } from './model.ts';

let hand: Hand;
afterEach(() => hand.close());

interface Short {
  readonly columns: string;
  readonly key?: string;
  readonly surrogate?: string | null;
  readonly references?: readonly ReferenceSpec[];
  readonly madeFrom?: number;
  readonly part?: Partial<PartSpec>;
  readonly normalisers?: Readonly<Record<string, TableSpec['columns'][number]['normaliser']>>;
}

/** One source, `other`, with tables of the same names. */
const specOf = (tables: Readonly<Record<string, Short>>): MergeSpec => ({
  version: 1,
  sources: [{ path: 'other', kind: 'sqlite' }],
  idMapTable: false,
  tables: Object.entries(tables).map(
    ([table, { columns, key, surrogate = 'id', references = [], madeFrom, part, normalisers }]): TableSpec => {
      const names = columns.split(' ');
      return {
        table,
        madeFrom: madeFrom ?? null,
        columns: names.map((name) => ({ name, type: '', added: false, normaliser: normalisers?.[name] ?? 'exact' })),
        identity:
          key === undefined
            ? { kind: 'none' }
            : key === '*'
              ? { kind: 'row' }
              : { kind: 'key', columns: key.split(' ') },
        surrogate,
        references,
        parts: [
          {
            source: 0,
            table,
            columns: Object.fromEntries(names.map((name) => [name, { from: name }])),
            leftOut: [],
            ancestor: null,
            ...part,
          },
        ],
        differ: Object.fromEntries(names.map((name) => [name, 'target'])),
        timeColumn: null,
        deleted: 'returns',
      };
    },
  ),
});
const sums = ({ tables }: LaterResult): unknown =>
  Object.fromEntries(
    tables.map((one) => [one.table, [one.inserted, one.changed, one.deleted, one.carried, one.aside]]),
  );

const USERS = 'CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT UNIQUE);';

describe('references', () => {
  it('pairs of type and id, ids in text, arrays of ids: each to the row that it refers to', () => {
    const tables = `${USERS} CREATE TABLE events (id INTEGER PRIMARY KEY, kind TEXT, of TEXT, all_of TEXT);`;
    const users = (kind: ReferenceSpec['kind'], column: string, more = {}): ReferenceSpec => ({
      kind,
      columns: [column],
      to: 'users',
      toColumns: ['id'],
      ...more,
    });
    hand = engineMade({
      target: `${tables} INSERT INTO users VALUES (1, 'ann'), (2, 'bob'); INSERT INTO events VALUES (1, 'user', '1', '[1, 2]')`,
      sources: {
        other: `${tables} INSERT INTO users VALUES (1, 'cid'), (2, 'dan'); INSERT INTO events VALUES (1, 'user', '1', '[1,2]'), (2, 'page', '1', NULL)`,
      },
      spec: specOf({
        users: { columns: 'id email', key: 'email' },
        events: {
          columns: 'id kind of all_of',
          references: [users('typed', 'of', { typeColumn: 'kind', typeValues: ['user'] }), users('json', 'all_of')],
        },
      }),
    });
    const [[cid = ''] = [], [dan = ''] = []] = hand.read(
      'merged',
      "SELECT id FROM users WHERE email IN ('cid', 'dan') ORDER BY email",
    );
    hand.write(`INSERT INTO events VALUES (100, 'user', '${dan}', '[${dan}, "${cid}"]'), (101, 'user', '${dan}', '[1]'), (102, 'page', '${dan}', '[2]');
      UPDATE events SET all_of = '[${cid}]' WHERE kind = 'user' AND of = '${cid}'; UPDATE events SET all_of = '[${cid}, 1]' WHERE id = 1`);
    expect(sums(hand.carry())).toEqual({ events: [3, 2, 0, 3, 2] });
    expect(hand.read('other.out', 'SELECT * FROM events ORDER BY id')).toEqual([
      ['1', 'user', '1', '[1]'],
      ['2', 'page', '1', 'null'],
      ['100', 'user', '2', '[2, "1"]'],
    ]);
    expect(hand.read('target.out', 'SELECT * FROM events ORDER BY id')).toEqual([
      ['1', 'user', '1', '[1, 2]'],
      ['102', 'page', dan, '[2]'],
    ]);
    expect(hand.aside().map(({ why }) => why[0]?.reason)).toEqual(['no-old-key', 'references-apart']);
  });

  it('a value that refers to nothing goes on doing so', () => {
    const tables = `${USERS} CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users (id));`;
    hand = engineMade({
      target: `${tables} INSERT INTO users VALUES (1, 'ann'), (9, 'bob')`,
      sources: {
        other: `${tables} INSERT INTO users VALUES (1, 'cid'), (3, 'dan'); INSERT INTO orders VALUES (1, 9), (2, 3)`,
      },
      spec: specOf({
        users: { columns: 'id email', key: 'email' },
        orders: {
          columns: 'id user_id',
          references: [{ kind: 'declared', columns: ['user_id'], to: 'users', toColumns: ['id'] }],
        },
      }),
    });
    // The ghost 9 had to give way to Bob; a later row with its new number means the same ghost.
    const [[ghost = ''] = []] = hand.read(
      'merged',
      'SELECT user_id FROM orders WHERE user_id NOT IN (SELECT id FROM users)',
    );
    expect(ghost).not.toBe('9');
    hand.write(`UPDATE orders SET user_id = ${ghost} WHERE user_id <> ${ghost}; DELETE FROM users WHERE email = 'bob'`);
    expect(sums(hand.carry())).toEqual({ users: [0, 0, 1, 1, 0], orders: [0, 1, 0, 0, 1] });
    // Dan's order would be a violation that was none before.
    expect(hand.aside()).toMatchObject([
      { table: 'orders', why: [{ reason: 'refused', detail: expect.stringMatching(/FOREIGN KEY/) }] },
    ]);
    expect(hand.read('other.out', 'SELECT * FROM orders ORDER BY id')).toEqual([
      ['1', '9'],
      ['2', '3'],
    ]);
  });
});

describe('numbers', () => {
  const users = 'CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT UNIQUE, boss INTEGER REFERENCES users (id));';
  const boss: ReferenceSpec = { kind: 'declared', columns: ['boss'], to: 'users', toColumns: ['id'] };

  it('that are taken in the store: a new one, and what refers to it follows', () => {
    hand = engineMade({
      target: `${users} INSERT INTO users VALUES (1, 'ann', NULL)`,
      sources: { other: `${users} INSERT INTO users VALUES (7, 'ann', NULL), (2, 'bob', 7)` },
      spec: specOf({ users: { columns: 'id email boss', key: 'email', references: [boss] } }),
    });
    hand.write(`INSERT INTO users VALUES (7, 'cid', 2), (8, 'dan', 7), (9, 'eva', 9)`);
    expect(sums(hand.carry())).toEqual({ users: [3, 0, 0, 3, 0] });
    // Ann is 7 there, and Cid was 7 here.
    expect(hand.read('other.out', 'SELECT * FROM users ORDER BY id')).toEqual([
      ['2', 'bob', '7'],
      ['7', 'ann', 'null'],
      ['8', 'dan', '10'],
      ['10', 'cid', '2'],
    ]);
    expect(hand.read('target.out', 'SELECT * FROM users ORDER BY id')).toEqual([
      ['1', 'ann', 'null'],
      ['9', 'eva', '9'],
    ]);
  });

  it('that refer to nothing, and would refer to somebody in the store: aside', () => {
    const orders = 'CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER);';
    hand = engineMade({
      target: `${users} INSERT INTO users VALUES (1, 'ann', NULL)`,
      sources: {
        other: `${users} ${orders} INSERT INTO users VALUES (7, 'ann', NULL); INSERT INTO orders VALUES (1, 7)`,
      },
      spec: specOf({
        users: { columns: 'id email boss', key: 'email', references: [boss] },
        orders: {
          columns: 'id user_id',
          madeFrom: 0,
          references: [{ ...boss, kind: 'inferred', columns: ['user_id'] }],
        },
      }),
    });
    hand.write('INSERT INTO orders VALUES (2, 7), (3, 5), (4, 1)');
    expect(sums(hand.carry())).toEqual({ orders: [3, 0, 0, 2, 1] });
    expect(hand.read('other.out', 'SELECT * FROM orders')).toEqual([
      ['1', '7'],
      ['3', '5'],
      ['4', '7'],
    ]);
    expect(hand.aside()).toMatchObject([{ why: [{ reason: 'would-refer', detail: 'user_id' }] }]);
  });
});

describe('values', () => {
  it('in the form of the store: UUIDs, moments, booleans, numbers', () => {
    hand = engineMade({
      target: `CREATE TABLE t (id INTEGER PRIMARY KEY, u, at, is_on, n);
        INSERT INTO t VALUES (1, '11111111-2222-3333-4444-555555555555', '2024-05-01T10:00:00', 1, 7)`,
      sources: {
        other: `CREATE TABLE t (id INTEGER PRIMARY KEY, u, at, is_on, n);
          INSERT INTO t VALUES (5, 'AAAAAAAA222233334444555555555555', 1714557600, 'true', '8'), (6, 'BBBBBBBB222233334444555555555555', 1714557601, 'false', '9')`,
      },
      spec: specOf({
        t: {
          ...{
            columns: 'id u at is_on n',
            key: 'u',
            normalisers: { u: 'uuid', at: 'timestamp', is_on: 'boolean', n: 'number' },
          },
          part: {
            columns: {
              ...{ id: { from: 'id' }, u: { from: 'u', form: 'uuid-dashed' }, at: { from: 'at', form: 'timestamp-t' } },
              ...{ is_on: { from: 'is_on', form: 'boolean' }, n: { from: 'n', form: 'number' } },
            },
          },
        },
      }),
    });
    hand.write(`UPDATE t SET u = 'cccccccc-2222-3333-4444-555555555555', at = '2024-05-02T10:00:00', is_on = 0, n = 10 WHERE id = 5;
      UPDATE t SET at = '2024-05-02T10:00:00.123' WHERE id = 6`);
    expect(sums(hand.carry())).toEqual({ t: [0, 2, 0, 1, 1] });
    expect(hand.read('other.out', 'SELECT *, typeof(at), typeof(n) FROM t ORDER BY id')).toEqual([
      ['5', 'CCCCCCCC222233334444555555555555', '1714644000', 'false', '10', 'integer', 'text'],
      ['6', 'BBBBBBBB222233334444555555555555', '1714557601', 'false', '9', 'integer', 'text'],
    ]);
    // A second has no fraction.
    expect(hand.aside()).toMatchObject([{ why: [{ reason: 'form', column: 'at', store: 'other' }] }]);
  });

  it('exactly, and written down exactly: 64 bits, reals, NUL, broken text, blobs', () => {
    const table = 'CREATE TABLE t (id INTEGER PRIMARY KEY, v);';
    hand = engineMade({
      target: table,
      sources: { other: `${table} INSERT INTO t VALUES (1, 'x'), (2, 'x'), (3, 'x'), (4, 'x'), (5, 'x')` },
      spec: specOf({ t: { columns: 'id v' } }),
    });
    hand.write(`UPDATE t SET v = 9223372036854775807 WHERE id = 1; UPDATE t SET v = 5.0 WHERE id = 2; UPDATE t SET v = 'a' || char(0) || 'b' WHERE id = 3;
      UPDATE t SET v = CAST(x'ff41' AS TEXT) WHERE id = 4; UPDATE t SET v = x'00ff' WHERE id = 5`);
    expect(sums(hand.carry())).toEqual({ t: [0, 5, 0, 5, 0] });
    expect(hand.read('other.out', 'SELECT typeof(v), hex(v) FROM t')).toEqual(
      hand.read('current', 'SELECT typeof(v), hex(v) FROM t'),
    );
    expect(hand.carry('aside').tables).toMatchObject([{ carried: 0, aside: 5 }]);
    expect(hand.aside().map(({ now }) => (now as { v: unknown }).v)).toEqual([
      { int: '9223372036854775807' },
      { real: '5' },
      'a\0b',
      { text: '/0E=' },
      { blob: 'AP8=' },
    ]);
  });
});

describe('tables', () => {
  it('without rowid and without a key; a row that VACUUM moved is no later row', () => {
    const tables = 'CREATE TABLE w (a TEXT, b TEXT, v, PRIMARY KEY (a, b)) WITHOUT ROWID; CREATE TABLE k (x, y);';
    hand = engineMade({
      target: `${tables} INSERT INTO w VALUES ('a', '1', 1); INSERT INTO k VALUES (1, 1), (1, 1), (2, 2)`,
      sources: {
        other: `${tables} INSERT INTO w VALUES ('a', '1', 1), ('b', '1', 2); INSERT INTO k VALUES (1, 1), (3, 3), (4, 4)`,
      },
      spec: specOf({
        w: { columns: 'a b v', key: 'a b', surrogate: null },
        k: { columns: 'x y', key: '*', surrogate: null },
      }),
    });
    hand.write(
      `UPDATE w SET v = 'new'; INSERT INTO w VALUES ('c', '1', 3); DELETE FROM k WHERE rowid = 1; DELETE FROM k WHERE x = 3; INSERT INTO k VALUES (5, 5); VACUUM`,
    );
    expect(sums(hand.carry())).toEqual({ w: [1, 2, 0, 3, 0], k: [1, 0, 2, 3, 0] });
    expect(hand.read('target.out', 'SELECT * FROM w')).toEqual([
      ['a', '1', 'new'],
      ['c', '1', '3'],
    ]);
    expect(hand.read('other.out', 'SELECT * FROM w')).toEqual([
      ['a', '1', 'new'],
      ['b', '1', 'new'],
    ]);
    expect(hand.read('target.out', 'SELECT * FROM k ORDER BY 1')).toEqual([
      ['1', '1'],
      ['2', '2'],
      ['5', '5'],
    ]);
    expect(hand.read('other.out', 'SELECT x FROM k ORDER BY 1').map(([x]) => x)).not.toContain('3');
  });

  it('triggers do not fire and stay as they are; a full-text index keeps in step; conflict clauses do not act', () => {
    const tables = `CREATE TABLE t (id INTEGER PRIMARY KEY ON CONFLICT REPLACE, v TEXT UNIQUE ON CONFLICT IGNORE); CREATE TABLE log (id INTEGER PRIMARY KEY, what);
      CREATE VIRTUAL TABLE found USING fts5 (v, content = t, content_rowid = id);
      CREATE TRIGGER found_in AFTER INSERT ON t BEGIN INSERT INTO found (rowid, v) VALUES (NEW.id, NEW.v); END;
      CREATE TRIGGER found_out AFTER DELETE ON t BEGIN INSERT INTO found (found, rowid, v) VALUES ('delete', OLD.id, OLD.v); END;
      CREATE TRIGGER "logged in" AFTER INSERT ON t BEGIN INSERT INTO log (what) VALUES (NEW.v); END;`;
    hand = engineMade({
      target: `${tables} INSERT INTO t VALUES (1, 'one')`,
      sources: { other: `${tables} INSERT INTO t VALUES (2, 'two'), (3, 'taken'); DELETE FROM log` },
      spec: specOf({ t: { columns: 'id v' } }),
    });
    hand.write(`DROP TRIGGER "logged in"; UPDATE t SET v = 'three' WHERE id = 2`);
    const { tables: counted, schema } = hand.carry();
    expect(sums({ tables: counted } as LaterResult)).toEqual({ t: [0, 1, 0, 1, 0] });
    expect(schema).toEqual(['trigger "logged in" was dropped']);
    expect(hand.read('other.out', "SELECT rowid FROM found ('three')")).toEqual([['2']]);
    expect(hand.read('other.out', "SELECT count(*) FROM found ('two')")).toEqual([['0']]);
    expect(hand.read('other.out', 'SELECT count(*) FROM log')).toEqual([['0']]);
    const schemas = (file: string): unknown =>
      hand.read(file, 'SELECT type, name, sql FROM sqlite_schema ORDER BY name');
    expect(schemas('other.out')).toEqual(schemas('other'));
  });

  it('made, altered or dropped since: their rows go aside, and what refers to them', () => {
    const tables = `${USERS} CREATE TABLE a (id INTEGER PRIMARY KEY, v); CREATE TABLE b (id INTEGER PRIMARY KEY, v);`;
    hand = engineMade({
      target: `${tables} INSERT INTO a VALUES (1, 1), (2, 2); INSERT INTO b VALUES (1, 1)`,
      sources: { other: `${USERS} INSERT INTO users VALUES (1, 'ann')` },
      spec: specOf({ users: { columns: 'id email', key: 'email' } }),
    });
    hand.write(`CREATE TABLE made (x); INSERT INTO made VALUES (1); ALTER TABLE a ADD COLUMN w DEFAULT 0; UPDATE a SET w = 5 WHERE id = 1; DROP TABLE b;
      INSERT INTO users VALUES (7, 'bob')`);
    expect(sums(hand.carry())).toEqual({
      a: [0, 1, 0, 0, 1],
      b: [0, 0, 1, 0, 1],
      made: [1, 0, 0, 0, 1],
      users: [1, 0, 0, 1, 0],
    });
    expect(hand.aside().map(({ table, why }) => [table, why[0]?.reason])).toEqual([
      ['a', 'table-altered'],
      ['b', 'table-dropped'],
      ['made', 'table-made'],
    ]);
  });
});
