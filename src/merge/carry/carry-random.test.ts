/**
 * Random stores, merged by the engine, then written to at random, then carried back; judged by a slow comparison in JavaScript that shares
 * nothing with what carries: the ledger read line by line, rows as lists, entities by their key in the merged store.
 */
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Connection, openConnection, type SqlValue } from '../../stores/sqlite/driver.ts';
import { mergeStores } from '../engine/merge.ts';
import type { MergeSpec, TableSpec } from '../model.ts';
import { carryBack } from './carry-back.ts';
import type { LaterResult } from './model.ts';

const RUNS = Number(process.env.CARRY_RUNS ?? 60);
const SOURCES = ['s1', 's2'] as const;
const STORES = ['target', ...SOURCES] as const;
type StoreName = (typeof STORES)[number];

const SCHEMA = `
  CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT UNIQUE, name TEXT COLLATE NOCASE, boss INTEGER REFERENCES users (id), extra, mark);
  CREATE TABLE orders (id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER REFERENCES users (id), what);
  CREATE TABLE tags (user_id INTEGER REFERENCES users (id), tag);
  CREATE TRIGGER greedy AFTER DELETE ON users BEGIN DELETE FROM orders WHERE user_id = OLD.id; END;`;
const NOTES = 'CREATE TABLE notes (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users (id), body UNIQUE);';
/** References of each table, all to users. */
const REFS: Readonly<Record<string, string>> = { users: 'boss', orders: 'user_id', tags: 'user_id', notes: 'user_id' };

const table = (
  name: string,
  columns: readonly string[],
  identity: TableSpec['identity'],
  surrogate: string | null,
): TableSpec => ({
  table: name,
  madeFrom: null,
  columns: columns.map((one) => ({ name: one, type: '', added: false, normaliser: 'exact' })),
  identity,
  surrogate,
  references: [{ kind: 'declared', columns: [REFS[name] ?? ''], to: 'users', toColumns: ['id'] }],
  parts: SOURCES.map((_, source) => ({
    ...{ source, table: name, leftOut: [], ancestor: null },
    columns: Object.fromEntries(columns.map((one) => [one, { from: one }])),
  })),
  differ: Object.fromEntries(columns.map((one) => [one, 'target'])),
  timeColumn: null,
  deleted: 'returns',
});
const SPEC: MergeSpec = {
  version: 1,
  sources: SOURCES.map((path) => ({ path, kind: 'sqlite' })),
  idMapTable: false,
  tables: [
    table('users', ['id', 'email', 'name', 'boss', 'extra', 'mark'], { kind: 'key', columns: ['email'] }, 'id'),
    table('orders', ['id', 'user_id', 'what'], { kind: 'none' }, 'id'),
    table('tags', ['user_id', 'tag'], { kind: 'row' }, null),
  ],
};

/** As SQL: what is exact must stay so. */
const value = fc.constantFrom(
  'NULL',
  '1',
  '9007199254740993',
  '1.5',
  "'a'",
  "'A'",
  "CAST(x'6100ff' AS TEXT)",
  "x'00ff'",
  "'7'",
);
const small = fc.integer({ min: 1, max: 6 });
const maybe = fc.option(small, { nil: null });
const store = fc.record({
  users: fc.uniqueArray(fc.record({ id: small, email: small, name: value, boss: maybe, extra: value }), {
    selector: ({ id }) => id,
    maxLength: 5,
  }),
  orders: fc.uniqueArray(fc.record({ id: small, user: maybe, what: value }), {
    selector: ({ id }) => id,
    maxLength: 4,
  }),
  tags: fc.array(fc.record({ user: maybe, tag: value }), { maxLength: 4 }),
});
type Store = typeof store extends fc.Arbitrary<infer T> ? T : never;

/** Which row it is about: the n-th of those that are there. */
const nth = fc.nat(20);
const change = fc.oneof(
  fc.record({ do: fc.constant('user' as const), at: nth, boss: fc.option(nth, { nil: null }), value }),
  fc.record({ do: fc.constant('order' as const), at: fc.option(nth, { nil: null }), value }),
  fc.record({ do: fc.constant('tag' as const), at: nth, value }),
  fc.record({ do: fc.constant('note' as const), at: nth, value }),
  fc.record({ do: fc.constant('ghost' as const), at: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ do: fc.constant('rename' as const), at: nth, value }),
  fc.record({ do: fc.constant('email' as const), at: nth, to: small }),
  fc.record({ do: fc.constant('boss' as const), at: nth, to: fc.option(nth, { nil: null }) }),
  fc.record({ do: fc.constant('owner' as const), at: nth, to: nth }),
  fc.record({ do: fc.constant('retag' as const), at: nth, value }),
  fc.record({ do: fc.constant('drop' as const), what: fc.constantFrom('users', 'orders', 'tags', 'notes'), at: nth }),
  fc.record({ do: fc.constant('vacuum' as const) }),
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

type Row = Readonly<Record<string, string>>;
/** Rows by their address, cells as text that tells values and types apart. */
type Rows = ReadonlyMap<string, Row>;

function withFile<T>(path: string, mode: 'create' | 'private' | 'immutable', work: (db: Connection) => T): T {
  const db = openConnection(path, mode);
  try {
    return work(db);
  } finally {
    db.close();
  }
}

function rowsOf(path: string, name: string): Rows {
  return withFile(path, 'immutable', (db) => {
    const columns = db.rows('SELECT name FROM pragma_table_info(?)', name).map(([one]) => String(one));
    if (columns.length === 0) return new Map();
    const cells = columns.map(
      (one) =>
        `typeof(${one}) || ' ' || CASE WHEN ${one} IS NULL THEN '' WHEN typeof(${one}) IN ('text', 'blob') THEN hex(${one}) ELSE ${one} END`,
    );
    return new Map(
      db
        .rows(`SELECT rowid, ${cells.join(', ')} FROM ${name}`)
        .map(([at, ...row]) => [String(at), Object.fromEntries(columns.map((one, i) => [one, String(row[i])]))]),
    );
  });
}

function make(path: string, { users, orders, tags }: Store, more: string): void {
  const id = (user: number | null): string => String(user ?? 'NULL');
  const lines = [
    ...users.map(
      (one) =>
        `INSERT OR IGNORE INTO users VALUES (${one.id}, 'e${one.email}', ${one.name}, ${id(one.boss)}, ${one.extra}, NULL);`,
    ),
    ...orders.map((one) => `INSERT INTO orders VALUES (${one.id}, ${id(one.user)}, ${one.what});`),
    ...tags.map((one) => `INSERT INTO tags VALUES (${id(one.user)}, ${one.tag});`),
  ];
  withFile(path, 'create', (db) =>
    db.exec(`PRAGMA synchronous = OFF; ${SCHEMA} ${more} BEGIN; ${lines.join('\n')} COMMIT;`),
  );
}

/** Rows that come have a mark of their own, so that they are found wherever they went. */
function write(path: string, changes: readonly Change[]): void {
  withFile(path, 'private', (db) => {
    db.exec('PRAGMA synchronous = OFF; DROP TRIGGER greedy');
    let mark = 0;
    const pick = (name: string, at: number | null): SqlValue => {
      if (at === null) return null;
      const all = db.rows(`SELECT rowid FROM ${name} ORDER BY rowid`);
      return all.length === 0 ? null : (all[at % all.length]?.[0] ?? null);
    };
    const run = (sql: string, ...values: SqlValue[]): void => {
      try {
        db.rows(sql, ...values);
      } catch (error) {
        if (!/constraint failed/.test((error as Error).message)) throw error;
      }
    };
    for (const one of changes) {
      const name = `mark-${++mark}`;
      if (one.do === 'user')
        run(`INSERT INTO users VALUES (NULL, ?, ?, ?, ${one.value}, ?)`, name, name, pick('users', one.boss), name);
      if (one.do === 'order') run('INSERT INTO orders VALUES (NULL, ?, ?)', pick('users', one.at), name);
      if (one.do === 'tag') run('INSERT INTO tags VALUES (?, ?)', pick('users', one.at), name);
      if (one.do === 'note') run('INSERT INTO notes VALUES (NULL, ?, ?)', pick('users', one.at), name);
      if (one.do === 'ghost') run('INSERT INTO orders VALUES (NULL, ?, ?)', BigInt(one.at), name);
      if (one.do === 'rename')
        run(`UPDATE users SET name = ${one.value}, extra = ${one.value} WHERE rowid = ?`, pick('users', one.at));
      if (one.do === 'email') run('UPDATE users SET email = ? WHERE rowid = ?', `e${one.to}`, pick('users', one.at));
      if (one.do === 'boss')
        run('UPDATE users SET boss = ? WHERE rowid = ?', pick('users', one.to), pick('users', one.at));
      if (one.do === 'owner')
        run('UPDATE orders SET user_id = ? WHERE rowid = ?', pick('users', one.to), pick('orders', one.at));
      if (one.do === 'retag') run(`UPDATE tags SET tag = ${one.value} WHERE rowid = ?`, pick('tags', one.at));
      if (one.do === 'drop') run(`DELETE FROM ${one.what} WHERE rowid = ?`, pick(one.what, one.at));
      if (one.do === 'vacuum') db.exec('VACUUM');
    }
    // As the merge left it: a trigger that came or went would be told of, and is none of this.
    db.exec('CREATE TRIGGER greedy AFTER DELETE ON users BEGIN DELETE FROM orders WHERE user_id = OLD.id; END');
  });
}

/** Where each row of a store went, from the ledger. */
function forward(ledger: string, name: StoreName, of: string, rows: Rows): ReadonlyMap<string, string> {
  if (name === 'target') return new Map([...rows.keys()].map((at) => [at, at]));
  return withFile(ledger, 'immutable', (db) => {
    const [part] =
      db.row('SELECT part FROM parts JOIN stores USING (store) WHERE path = ? AND target_table = ?', name, of) ?? [];
    const lines = new Map(
      db
        .rows(`SELECT o0, presence, k0 FROM rows_${part}`)
        .map(([o, is, k]) => [String(o), is === 4n ? null : String(k)]),
    );
    const spans = db.rows('SELECT first, last, offset FROM spans WHERE part = ?', part ?? null) as bigint[][];
    const found = new Map<string, string>();
    for (const at of rows.keys()) {
      const line = lines.get(at);
      const span = spans.find(([first = 0n, last = 0n]) => BigInt(at) >= first && BigInt(at) <= last);
      if (line === undefined && span === undefined) throw new Error(`row ${at} of ${name} is in no span`);
      if (line !== null) found.set(at, line ?? String(BigInt(at) + (span?.[2] ?? 0n)));
    }
    return found;
  });
}

const number = (cell: string | undefined): string | null => (cell?.startsWith('integer ') ? cell.slice(8) : null);
const same = (a: Row | undefined, b: Row | undefined): boolean => JSON.stringify(a) === JSON.stringify(b);
const hex = (text: string): string => `text ${Buffer.from(text).toString('hex').toUpperCase()}`;
const markOf = (row: Row): string | null => {
  const cell = row.mark ?? row.what ?? row.tag ?? row.body ?? '';
  const text = cell.startsWith('text ') ? Buffer.from(cell.slice(5), 'hex').toString() : '';
  return /^mark-\d+$/.test(text) ? text : null;
};

function judge(
  folder: string,
  result: LaterResult,
  aside: readonly {
    readonly table: string;
    readonly now?: Record<string, unknown>;
    readonly before?: Record<string, unknown>;
  }[],
): void {
  const file = (name: string): string => join(folder, name);
  const users = new Map(
    STORES.map((name) => [name, forward(file('ledger'), name, 'users', rowsOf(file(name), 'users'))]),
  );
  /** What a key of users in a store, as it is to be, means in the merged store: its key there, or the mark of who came since. */
  const meaning = (name: StoreName, id: string): string | null => {
    const mark = markOf(rowsOf(file(`${name}.out`), 'users').get(id) ?? {});
    const k = users.get(name)?.get(id);
    if (k !== undefined && rowsOf(file(`${name}.out`), 'users').has(id)) return k;
    return mark;
  };
  const nowMeaning = (id: string): string | null => {
    const row = rowsOf(file('current'), 'users').get(id);
    if (row === undefined) return null;
    return rowsOf(file('merged'), 'users').has(id) ? id : markOf(row);
  };
  for (const name of ['users', 'orders', 'tags', 'notes']) {
    const ref = REFS[name] ?? '';
    const [merged, current] = [rowsOf(file('merged'), name), rowsOf(file('current'), name)];
    const asideOf = (row: Row | undefined, side: 'now' | 'before'): boolean =>
      row !== undefined &&
      aside.some((line) => line.table === name && line[side] !== undefined && matches(line[side] ?? {}, row));
    // tags have no key: VACUUM may move them, and their fate is judged by counting below.
    if (name === 'tags') continue;
    let later = 0;
    for (const store of STORES) {
      const [before, out] = [rowsOf(file(store), name), rowsOf(file(`${store}.out`), name)];
      const where =
        name === 'users'
          ? users.get(store)
          : name === 'notes'
            ? new Map([...before.keys()].map((at) => [at, at]))
            : forward(file('ledger'), store, name, before);
      for (const [at, row] of before) {
        const k = where?.get(at);
        const [was, is, kept] = [
          k === undefined ? undefined : merged.get(k),
          k === undefined ? undefined : current.get(k),
          out.get(at),
        ];
        if (k === undefined || same(was, is)) {
          expect(kept, `${store} ${name} ${at} did not change`).toEqual(row);
        } else if (is === undefined) {
          if (kept !== undefined) expect([kept, asideOf(was, 'before')]).toEqual([row, true]);
        } else {
          for (const [column, cell] of Object.entries(row)) {
            if (was?.[column] === is[column]) expect(kept?.[column], `${store} ${name}.${column} ${at}`).toBe(cell);
            else if (kept?.[column] === cell && asideOf(is, 'now')) continue;
            else if (column !== ref || number(is[column]) === null)
              expect(kept?.[column], `${store} ${name}.${column} ${at}`).toBe(is[column]);
            else expect(meaning(store, number(kept?.[column]) ?? '')).toBe(nowMeaning(number(is[column]) ?? ''));
          }
        }
      }
      for (const [at, row] of out)
        if (!before.has(at)) expect(markOf(row) ?? 'no mark', `${store} ${name} ${at}`).toMatch(/^mark-/);
    }
    for (const [at, row] of current) {
      if (merged.has(at)) continue;
      later++;
      const mark = markOf(row) ?? '';
      const found = STORES.flatMap((store) =>
        [...rowsOf(file(`${store}.out`), name).values()]
          .filter((one) => markOf(one) === mark)
          .map((one) => ({ store, one })),
      );
      expect(found.length + Number(asideOf(row, 'now')), `${name} ${mark}`).toBe(1);
      for (const { store, one } of found) {
        const [was, now] = [number(row[ref]), number(one[ref])];
        const means = nowMeaning(was ?? '');
        if (was === null) expect(now).toBeNull();
        else expect(meaning(store, now ?? '')).toBe(means);
        const { id: _a, [ref]: _b, ...rest } = one;
        const { id: _c, [ref]: _d, ...own } = row;
        expect(rest).toEqual(own);
      }
    }
    const deleted = [...merged.keys()].filter((at) => !current.has(at)).length;
    const changed = [...merged].filter(([at, row]) => current.has(at) && !same(current.get(at), row)).length;
    const told = result.tables.find((one) => one.table === name);
    expect([told?.inserted ?? 0, told?.changed ?? 0, told?.deleted ?? 0]).toEqual([later, changed, deleted]);
  }
  for (const store of STORES) {
    const broken = (path: string): readonly string[] =>
      withFile(path, 'immutable', (db) => db.rows('SELECT "table", rowid FROM pragma_foreign_key_check').map(String));
    const before = broken(file(store));
    expect(broken(file(`${store}.out`)).filter((one) => !before.includes(one))).toEqual([]);
  }
  for (const { inserted, changed, deleted, carried, aside: kept, table: name } of result.tables) {
    expect(carried + kept).toBe(inserted + changed + deleted);
    expect(aside.filter((line) => line.table === name)).toHaveLength(kept);
  }
}

/** A line of the file against a row: numbers as they are, everything else by its kind only. */
function matches(line: Readonly<Record<string, unknown>>, row: Row): boolean {
  return Object.entries(line).every(([column, cell]) => {
    const own = row[column];
    if (own === undefined) return true;
    if (typeof cell === 'number') return own === `integer ${cell}` || own === `real ${cell}`;
    if (typeof cell === 'string') return own === hex(cell);
    return cell !== null || own === 'null ';
  });
}

describe('any stores, any changes since', () => {
  it('each later row is in a store or aside; all others are as they were; references mean the same', () => {
    fc.assert(
      fc.property(
        store,
        store,
        store,
        fc.array(change, { minLength: 1, maxLength: 12 }),
        (target, one, other, changes) => {
          const folder = mkdtempSync(join(tmpdir(), 'desprawl-carry-'));
          const file = (name: string): string => join(folder, name);
          try {
            make(file('target'), target, NOTES);
            withFile(file('target'), 'private', (db) =>
              db.exec("INSERT INTO notes SELECT id, id, 'of ' || id FROM users"),
            );
            make(file('s1'), one, '');
            make(file('s2'), other, '');
            const sources = SOURCES.map(file);
            mergeStores({
              ...{ spec: SPEC, merged: file('merged'), ledger: file('ledger'), sha256: [null, null] },
              files: { target: file('target'), sources, ancestors: [null, null] },
              target: { path: 'target', sha256: null },
            });
            copyFileSync(file('merged'), file('current'));
            write(file('current'), changes);
            const into = (path: string) => {
              copyFileSync(file(path), file(`${path}.out`));
              return { path, before: file(path), out: file(`${path}.out`), why: null };
            };
            const result = carryBack({
              ...{ mode: 'carry', merged: file('merged'), current: file('current'), ledger: file('ledger') },
              ...{ target: into('target'), sources: SOURCES.map(into), work: file('work'), aside: file('aside') },
            });
            const lines = readFileSync(file('aside'), 'utf8')
              .split('\n')
              .filter((line) => line !== '');
            judge(
              folder,
              result,
              lines.map((line) => JSON.parse(line)),
            );
          } finally {
            rmSync(folder, { recursive: true, force: true });
          }
        },
      ),
      { numRuns: RUNS },
    );
  });
});
