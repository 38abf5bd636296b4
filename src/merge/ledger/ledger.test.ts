/** Ledgers of small merges read back: every row once, under the address where it is; what may be personal only if it is asked for. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { byKey, type Ground, type Merged, mergeGround, refers, type Setting } from '../../../test/merge-ground.ts';
import { ledgerBalance } from './balance.ts';
import type { LedgerFiles, LedgerRow, RowFilter } from './documents.ts';
import { writeIdMaps } from './id-map.ts';
import { ledgerRows } from './rows.ts';

let on: Ground;
let folder: string;
beforeEach(() => {
  on = mergeGround();
  folder = mkdtempSync(join(tmpdir(), 'id-maps-'));
});
afterEach(() => {
  on.remove();
  rmSync(folder, { recursive: true, force: true });
});

const USERS =
  'CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT UNIQUE, city TEXT, age INTEGER CHECK (age < 200));';
const ORDERS = 'CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users, what TEXT);';
const SETTING: Setting = {
  target: `${USERS} ${ORDERS} INSERT INTO users VALUES (1, 'ann', 'Graz', 30), (2, 'bob', 'Graz', 40); INSERT INTO orders VALUES (1, 1, 'hat');`,
  sources: [
    `${USERS.replace(' CHECK (age < 200)', '')} ${ORDERS}
     INSERT INTO users VALUES (1, 'bob', 'Wien', 41), (2, 'cid', 'Linz', 50), (3, 'dan', 'Linz', 500), (40, 'eve', NULL, 60);
     INSERT INTO orders VALUES (1, 1, 'cup'), (2, 3, 'mug'), (3, 2, 'pen');`,
  ],
  tables: {
    users: { identity: byKey('email'), surrogate: 'id', differ: { city: 'target', age: 'source' } },
    orders: { identity: byKey('what'), surrogate: 'id', references: [refers('user_id', 'users')] },
  },
};

const ALL: RowFilter = { table: null, store: null, presence: null, differs: false };
const filesOf = ({ request }: Merged): LedgerFiles => {
  const { ledger, merged, files } = request;
  return { ledger, merged, sources: files.sources };
};
const rowsOf = (
  merged: Merged,
  filter: Partial<RowFilter> = {},
  showValues = false,
  limit = 100,
): readonly LedgerRow[] => ledgerRows({ files: filesOf(merged), filter: { ...ALL, ...filter }, limit, showValues });
const short = (rows: readonly LedgerRow[]): readonly unknown[] =>
  rows.map((row) => [row.table, row.source.id, row.target?.id ?? null, row.presence, row.rule]);

it('every row once, with where it came from and where it is', () => {
  const merged = on.merge(SETTING);
  const there = new Map(merged.rows('SELECT email, id FROM users').map(([email, id]) => [email, id]));
  expect(short(rowsOf(merged, { table: 'users' }))).toEqual([
    ['users', 1, there.get('bob'), 'merged', null],
    ['users', 2, there.get('cid'), 'inserted', null],
    ['users', 3, null, 'retained', 'refused'],
    ['users', 40, there.get('eve'), 'inserted', null],
  ]);
  const orders = new Map(merged.rows('SELECT what, id FROM orders').map(([what, id]) => [what, id]));
  expect(short(rowsOf(merged, { table: 'ORDERS' }))).toEqual([
    ['orders', 1, orders.get('cup'), 'inserted', null],
    ['orders', 2, null, 'retained', 'parent-retained'],
    ['orders', 3, orders.get('pen'), 'inserted', null],
  ]);
});

it('filters choose the rows that they name, and their number is what the sums say', () => {
  const merged = on.merge(SETTING);
  const { parts, balanced } = ledgerBalance(merged.request.ledger);
  expect(balanced).toBe(true);
  for (const presence of ['inserted', 'identical', 'merged', 'retained'] as const) {
    const sum = parts.reduce((all, part) => all + part[presence], 0);
    const rows = rowsOf(merged, { presence });
    expect(rows.map((row) => row.presence)).toEqual(Array(sum).fill(presence));
  }
  expect(rowsOf(merged, { differs: true })).toHaveLength(parts.reduce((all, { conflicts }) => all + conflicts, 0));
  expect(rowsOf(merged, { differs: true, presence: 'inserted' })).toEqual([]);
  expect(rowsOf(merged, { store: 's0.db' })).toEqual(rowsOf(merged));
  expect(rowsOf(merged, { store: 'target.db' })).toEqual([]);
  expect(rowsOf(merged, {}, false, 5)).toEqual(rowsOf(merged).slice(0, 5));
});

it('says why rows stayed out and who won by what, without a value', () => {
  const merged = on.merge(SETTING);
  const users = ledgerBalance(merged.request.ledger).parts.find(({ table }) => table === 'users');
  expect(users).toMatchObject({
    ...{ rows: 4, inserted: 2, identical: 0, merged: 1, retained: 1, conflicts: 1 },
    retainedBy: [{ rule: 'refused', detail: 'CHECK constraint failed: age < 200', rows: 1 }],
    differs: [
      { column: 'city', winner: 'target', rule: 'target', rows: 1 },
      { column: 'age', winner: 'source', rule: 'source', rows: 1 },
    ],
  });
  const [hidden] = rowsOf(merged, { differs: true });
  expect(hidden?.differs).toEqual([
    { column: 'city', winner: 'target', rule: 'target' },
    { column: 'age', winner: 'source', rule: 'source' },
  ]);
  expect(JSON.stringify(rowsOf(merged))).not.toMatch(/Graz|Wien|bob|500/);
  const [shown] = rowsOf(merged, { differs: true }, true);
  expect(shown?.differs).toMatchObject([
    { won: 'Graz', lost: 'Wien' },
    { won: 41, lost: 40 },
  ]);
});

it('a sum that is not that of the lines is no balance', () => {
  const merged = on.merge({ ...SETTING, sources: SETTING.sources });
  const file = on.store(
    `ATTACH '${merged.request.ledger}' AS l; CREATE TABLE ledger AS SELECT * FROM l.ledger; CREATE TABLE stores (store INTEGER PRIMARY KEY, path, sha256, role);
     INSERT INTO stores SELECT * FROM l.stores; CREATE TABLE parts AS SELECT * FROM l.parts; UPDATE parts SET inserted = inserted + 1, retained = retained - 1;
     CREATE TABLE rules AS SELECT * FROM l.rules; CREATE TABLE left_out AS SELECT * FROM l.left_out;
     ${[1, 2].map((n) => `CREATE TABLE rows_${n} AS SELECT * FROM l.rows_${n}; CREATE TABLE differs_${n} AS SELECT * FROM l.differs_${n};`).join(' ')}`,
  );
  expect(ledgerBalance(file).balanced).toBe(false);
});

const PREFS = 'CREATE TABLE prefs (who TEXT, part INTEGER, value TEXT, PRIMARY KEY (who, part)) WITHOUT ROWID;';
const KEYED: Setting = {
  target: `${PREFS} INSERT INTO prefs VALUES ('a' || char(0) || 'b', 1, 'x'), ('c', 9007199254740993, 'y'), ('same', 1, 'z');`,
  sources: [
    `${PREFS} INSERT INTO prefs VALUES ('a' || char(0) || 'b', 1, 'X'), ('a', 1, 'own'), ('c', 9007199254740993, 'Y'), ('same', 1, 'z');`,
  ],
  tables: { prefs: { identity: byKey('who', 'part'), differ: { value: 'target' } } },
};

it('keys that mean something stay hidden, column by column; shown, they are exact', () => {
  const merged = on.merge(KEYED);
  expect(rowsOf(merged).map(({ source, presence }) => [source, presence])).toEqual([
    [{ who: null, part: null }, 'inserted'],
    [{ who: null, part: null }, 'merged'],
    [{ who: null, part: null }, 'merged'],
    [{ who: null, part: null }, 'identical'],
  ]);
  expect(rowsOf(merged, {}, true).map(({ source, target, differs }) => [source, target, differs[0]?.lost])).toEqual([
    [{ who: 'a', part: 1 }, { who: 'a', part: 1 }, undefined],
    [{ who: 'a\0b', part: 1 }, { who: 'a\0b', part: 1 }, 'X'],
    [{ who: 'c', part: '9007199254740993' }, { who: 'c', part: '9007199254740993' }, 'Y'],
    [{ who: 'same', part: 1 }, { who: 'same', part: 1 }, undefined],
  ]);
});

it('a number that is the identity may be personal: it is no number that only numbers rows', () => {
  const people = 'CREATE TABLE people (ssn INTEGER PRIMARY KEY, name TEXT);';
  const merged = on.merge({
    target: `${people} INSERT INTO people VALUES (7001, 'a');`,
    sources: [`${people} INSERT INTO people VALUES (7001, 'b'), (7002, 'c');`],
    tables: { people: { identity: byKey('ssn'), differ: { name: 'target' } } },
  });
  expect(JSON.stringify(rowsOf(merged))).not.toContain('700');
  expect(rowsOf(merged, {}, true).map(({ source }) => source)).toEqual([{ ssn: 7001 }, { ssn: 7002 }]);
});

it('the id map leads from each key that came in to the row of the same entity', () => {
  const merged = on.merge(SETTING);
  const maps = writeIdMaps({ files: filesOf(merged), filter: ALL, folder });
  const users = maps.find(({ table }) => table === 'users');
  const there = new Map(merged.rows('SELECT email, id FROM users').map(([email, id]) => [email, id]));
  // Eve kept her own.
  expect(there.get('eve')).toBe(40);
  expect(readFileSync(users?.file ?? '', 'utf8')).toBe(
    `source_key,target_key\n1,${there.get('bob')}\n2,${there.get('cid')}\n`,
  );
  expect(users?.rows).toBe(2);
});

it('the id map has what the table of it in the target has', () => {
  for (const setting of [SETTING, KEYED]) {
    const merged = on.merge({ ...setting, idMapTable: true });
    const sql = 'SELECT source_table, source_key, target_key FROM desprawl_id_map ORDER BY 1, 2';
    const asTable = merged.rows(sql).map(([table, from, to]) => `${table} ${from} ${to}`);
    const maps = writeIdMaps({ files: filesOf(merged), filter: ALL, folder: mkdtempSync(join(folder, 'm-')) });
    const asFiles = maps.flatMap(({ table, file }) =>
      readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => `${table} ${line.startsWith('"') ? unquoted(line) : line.replace(',', ' ')}`),
    );
    expect(asFiles.sort()).toEqual(asTable.sort());
  }
});

function unquoted(line: string): string {
  const [, from = '', to = ''] = /^"((?:[^"]|"")*)","((?:[^"]|"")*)"$/.exec(line) ?? [];
  return [from, to].map((text) => text.replaceAll('""', '"')).join(' ');
}
