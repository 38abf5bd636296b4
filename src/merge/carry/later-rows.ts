/**
 * Rows that were inserted, changed and deleted since: the file that a run left against the file as it is now, table by table, exactly,
 * inside SQLite. Both are attached, as `m` and `c`; what is found goes into `row_<i>` of the work file.
 */
import type { Connection } from '../../stores/sqlite/driver.ts';
import { quoteName } from '../../stores/sqlite/quote.ts';
import { type Catalog, type CatalogTable, key } from './catalog.ts';
import { differ, joined, list, numbered, of } from './sql.ts';

/** `op` of `row_<i>`. `none`: a row that did not change and that later rows refer to. */
export const OP = { none: 0, inserted: 1, changed: 2, deleted: 3 } as const;

/** A table as the run left it and as it is now. */
export interface Pair {
  readonly i: number;
  readonly name: string;
  readonly m: CatalogTable | null;
  readonly c: CatalogTable | null;
  readonly is: 'same' | 'table-altered' | 'table-made' | 'table-dropped';
  /** Written columns that both have. */
  readonly columns: readonly string[];
}

export interface Later {
  readonly db: Connection;
  readonly pairs: readonly Pair[];
  /** By name in lower case. */
  readonly byName: ReadonlyMap<string, Pair>;
  /** The number that a row gets next: they are unique across tables. */
  next: number;
}

const EMPTY: Catalog = { tables: new Map(), virtual: new Set(), others: new Map(), encoding: 'UTF-8' };

/** Fills `row_<i>(n, op, m0…, c0…)` of each pair. `merged`: `null` where the run left nothing there. */
export function laterRows(db: Connection, merged: Catalog | null, current: Catalog): Later {
  const pairs = pairsOf(merged ?? EMPTY, current);
  const later: Later = { db, pairs, byName: new Map(pairs.map((pair) => [key(pair.name), pair])), next: 1 };
  for (const pair of pairs) {
    const [m, c] = [addressNames(pair, 'm'), addressNames(pair, 'c')];
    db.exec(`CREATE TABLE row_${pair.i} (n INTEGER PRIMARY KEY, op INTEGER NOT NULL, ${list(m, c)})`);
    db.exec(`CREATE TABLE moved_${pair.i} (${list(m, c)})`);
    if (isOneAddress(pair)) {
      if (pair.m?.address.stable === true) byAddress(later, pair);
      else byContent(later, pair);
    } else {
      if (pair.m !== null) addAll(later, pair, 'm', OP.deleted);
      if (pair.c !== null) addAll(later, pair, 'c', OP.inserted);
    }
    for (const names of [m, c]) {
      if (names.length > 0) db.exec(`CREATE INDEX row_${pair.i}_${names[0]} ON row_${pair.i} (${list(names)})`);
    }
    if (c.length > 0) db.exec(`CREATE INDEX moved_${pair.i}_c ON moved_${pair.i} (${list(c)})`);
  }
  return later;
}

/** Names of the columns of `row_<i>` that hold the address on one side. */
export function addressNames(pair: Pair, side: 'm' | 'c', alias?: string): readonly string[] {
  return numbered(side, pair[side]?.address.columns.length ?? 0, alias);
}

/** Of an attached file. */
export function tableIn(schema: string, table: { readonly name: string }): string {
  return `${schema}.${quoteName(table.name)}`;
}

/** Indexes, views and triggers that are not as the run left them. */
export function schemaChanges(merged: Catalog | null, current: Catalog): readonly string[] {
  if (merged === null) return [];
  const changes: string[] = [];
  const name = (known: string): string => known.replace(/^(\S+) (.*)$/s, '$1 "$2"');
  for (const [known, sql] of current.others) {
    const before = merged.others.get(known);
    if (before === undefined) changes.push(`${name(known)} was made`);
    else if (before !== sql) changes.push(`${name(known)} was made anew`);
  }
  for (const known of merged.others.keys()) if (!current.others.has(known)) changes.push(`${name(known)} was dropped`);
  for (const table of current.virtual)
    if (!merged.virtual.has(table)) changes.push(`virtual table "${table}" was made`);
  for (const table of merged.virtual) {
    if (!current.virtual.has(table)) changes.push(`virtual table "${table}" was dropped`);
  }
  return changes;
}

function pairsOf(merged: Catalog, current: Catalog): readonly Pair[] {
  const names = [...new Set([...merged.tables.keys(), ...current.tables.keys()])];
  return names.map((name, i) => {
    const [m, c] = [merged.tables.get(name) ?? null, current.tables.get(name) ?? null];
    const is = m === null ? 'table-made' : c === null ? 'table-dropped' : m.sql === c.sql ? 'same' : 'table-altered';
    const kept = new Set(m?.written.map(key));
    const columns =
      m === null ? (c?.written ?? []) : c === null ? m.written : c.written.filter((x) => kept.has(key(x)));
    return { i, name: (c ?? m)?.name ?? name, m, c, is, columns };
  });
}

function isOneAddress({ m, c }: Pair): boolean {
  if (m === null || c === null || m.address.isKey !== c.address.isKey || m.address.stable !== c.address.stable)
    return false;
  return m.address.columns.map(key).join('\n') === c.address.columns.map(key).join('\n');
}

function addAll(later: Later, pair: Pair, side: 'm' | 'c', op: number): void {
  const table = pair[side];
  if (table === null) return;
  const from = `SELECT ${list(of('x', table.address.columns))} FROM ${tableIn(side, table)} x`;
  add(later, pair, op, addressNames(pair, side), from);
}

/** `select`: addresses. Rows get the next numbers. */
export function add(later: Later, pair: Pair, op: number, names: readonly string[], select: string): void {
  const { db } = later;
  const found = numbered('f', names.length);
  db.rows(
    `INSERT INTO row_${pair.i} (n, op, ${list(names)})
     WITH found (${list(found)}) AS (${select})
     SELECT ? + row_number() OVER (), ?, ${list(found)} FROM found`,
    BigInt(later.next),
    BigInt(op),
  );
  const [last] = db.row(`SELECT coalesce(max(n), 0) FROM row_${pair.i}`) ?? [];
  later.next = Math.max(later.next, Number(last));
}

/** Columns whose values tell whether a row changed; those that one side lacks count where they hold more than their default. */
function differing(pair: Pair): string {
  const { m, c } = pair as { m: CatalogTable; c: CatalogTable };
  const common = differ(of('a', pair.columns), of('b', pair.columns));
  const known = new Set(pair.columns.map(key));
  const more = [
    ...c.written.filter((name) => !known.has(key(name))).map((name) => isFilled('b', name, c)),
    ...m.written.filter((name) => !known.has(key(name))).map((name) => isFilled('a', name, m)),
  ];
  return [common, ...more].join(' OR ');
}

/** It says something that a row without the column does not say. */
export function isFilled(alias: string, name: string, table: CatalogTable): string {
  const cell = `${alias}.${quoteName(name)}`;
  const literal = table.defaults.get(key(name));
  return literal === undefined ? `${cell} IS NOT NULL` : `(${cell} IS NOT NULL AND ${cell} IS NOT ${literal})`;
}

function byAddress(later: Later, pair: Pair): void {
  const { m, c } = pair as { m: CatalogTable; c: CatalogTable };
  const [a, b] = [of('a', m.address.columns), of('b', c.address.columns)];
  const [inM, inC] = [`${tableIn('m', m)} a`, `${tableIn('c', c)} b`];
  const both = [...addressNames(pair, 'm'), ...addressNames(pair, 'c')];
  const deleted = `SELECT ${list(a)} FROM ${inM} WHERE NOT EXISTS (SELECT 1 FROM ${inC} WHERE ${joined(b, a)})`;
  add(later, pair, OP.deleted, addressNames(pair, 'm'), deleted);
  const changed = `SELECT ${list(a, b)} FROM ${inM} CROSS JOIN ${inC} ON ${joined(b, a)} WHERE ${differing(pair)}`;
  add(later, pair, OP.changed, both, changed);
  const inserted = `SELECT ${list(b)} FROM ${inC} WHERE NOT EXISTS (SELECT 1 FROM ${inM} WHERE ${joined(a, b)})`;
  add(later, pair, OP.inserted, addressNames(pair, 'c'), inserted);
}

/**
 * Where no column holds the rowid, VACUUM may have moved rows: rows under one rowid that are equal, then equal rows wherever they are,
 * as often as they are there, then rows that share a key, then, if no row moved, rows under one rowid. What is left was deleted and inserted.
 */
function byContent(later: Later, pair: Pair): void {
  const { db } = later;
  const { m, c } = pair as { m: CatalogTable; c: CatalogTable };
  const cells = numbered('v', pair.columns.length);
  for (const [side, table, other] of [
    ['m', m, c],
    ['c', c, m],
  ] as const) {
    const [x, y] = [of('x', table.address.columns), of('y', other.address.columns)];
    db.exec(`CREATE TABLE rest_${side} (at INTEGER PRIMARY KEY, rank, ${list(cells, 'one')})`);
    const values = of('x', pair.columns);
    const types = values.map((value) => `substr(typeof(${value}), 1, 1)`);
    const equal = list(
      values.map((value) => `${value} COLLATE BINARY`),
      types,
    );
    const asOther = `EXISTS (SELECT 1 FROM ${tableIn(side === 'm' ? 'c' : 'm', other)} y
      WHERE ${joined(y, x)} AND NOT ${differ(values, of('y', pair.columns))})`;
    db.exec(`INSERT INTO rest_${side}
      SELECT ${list(x)}, row_number() OVER (PARTITION BY ${equal} ORDER BY ${list(x)}), ${list(values, concat(types))}
      FROM ${tableIn(side, table)} x WHERE NOT ${asOther}`);
  }
  db.exec(`CREATE INDEX rest_c_all ON rest_c (${list(cells.slice(0, 60), 'rank')})`);
  const alike = ['x.one IS y.one', 'x.rank = y.rank', ...cells.map((cell) => `x.${cell} IS y.${cell}`)].join(' AND ');
  db.exec(`INSERT INTO moved_${pair.i} (m0, c0) SELECT x.at, y.at FROM rest_m x CROSS JOIN rest_c y ON ${alike}`);
  const moved = db.row(`SELECT 1 FROM moved_${pair.i}`) !== undefined;
  const used = `DELETE FROM rest_m WHERE at IN (SELECT m0 FROM moved_${pair.i});
    DELETE FROM rest_c WHERE at IN (SELECT c0 FROM moved_${pair.i}); DROP INDEX rest_c_all;`;
  db.exec(used);
  const both = ['m0', 'c0'];
  const pairUp = (on: string): void => {
    add(later, pair, OP.changed, both, `SELECT x.at, y.at FROM rest_m x JOIN rest_c y ON ${on}`);
    db.exec(`DELETE FROM rest_m WHERE at IN (SELECT m0 FROM row_${pair.i});
      DELETE FROM rest_c WHERE at IN (SELECT c0 FROM row_${pair.i});`);
  };
  for (const columns of [m.primaryKey, ...m.unique]) {
    const at = columns.map((column) => cells[pair.columns.findIndex((one) => key(one) === key(column))]);
    if (at.length > 0 && at.every((cell) => cell !== undefined)) {
      pairUp(at.map((cell) => `x.${cell} = y.${cell}`).join(' AND '));
    }
  }
  if (!moved) pairUp('x.at = y.at');
  add(later, pair, OP.deleted, ['m0'], 'SELECT at FROM rest_m');
  add(later, pair, OP.inserted, ['c0'], 'SELECT at FROM rest_c');
  db.exec('DROP TABLE rest_m; DROP TABLE rest_c;');
  if (pair.is === 'table-altered') addFilled(later, pair, m, c);
}

/** Rows that are equal in the columns that both have, and hold something in another one. */
function addFilled(later: Later, pair: Pair, m: CatalogTable, c: CatalogTable): void {
  const [a, b] = [of('a', m.address.columns), of('b', c.address.columns)];
  const at = `coalesce((SELECT m0 FROM moved_${pair.i} WHERE c0 = ${list(b)}), ${list(b)})`;
  add(
    later,
    pair,
    OP.changed,
    ['m0', 'c0'],
    `SELECT ${list(a, b)} FROM ${tableIn('c', c)} b CROSS JOIN ${tableIn('m', m)} a ON ${list(a)} = ${at}
     WHERE ${list(b)} NOT IN (SELECT c0 FROM row_${pair.i} WHERE c0 IS NOT NULL) AND (${differing(pair)})`,
  );
}

/** Kinds of many values as one text, below the depth that SQLite allows. */
function concat(types: readonly string[]): string {
  const groups: string[] = [];
  for (let i = 0; i < types.length; i += 200) groups.push(types.slice(i, i + 200).join(' || '));
  return groups.length === 0 ? "''" : `(${groups.join(') || (')})`;
}
