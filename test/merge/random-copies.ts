/**
 * Random histories: a common ancestor, and copies of it that went on by themselves, with rows inserted under the same ids, changed, deleted and
 * doubled. References are chosen among the rows of the copy; some lead nowhere.
 */
import fc from 'fast-check';
import { BrokenText, type Value } from '../../src/rows/value.ts';
import { brokenText, sqlValue } from '../builders/values.ts';
import type { ColumnOf, DataKind, TableOf } from './random-schemas.ts';

export interface Change {
  readonly table: number;
  readonly kind: 'insert' | 'change' | 'delete' | 'double';
  /** Which row, taken modulo their number. */
  readonly row: number;
  /** One seed per column. */
  readonly seeds: readonly Seed[];
}

interface Seed {
  readonly pick: number;
  readonly value: Value;
}

export interface Copy {
  /** Begins with what the ancestor holds. */
  readonly fromAncestor: boolean;
  readonly changes: readonly Change[];
}

/** Rows of each table, cells in the order of its columns. */
export type Store = readonly (readonly Value[][])[];

const seed: fc.Arbitrary<Seed> = fc.record({
  pick: fc.nat(200),
  value: fc
    .oneof({ weight: 6, arbitrary: sqlValue as fc.Arbitrary<Value> }, { weight: 1, arbitrary: brokenText })
    .map(inFewDigits),
});

/** How many digits of a real SQLite writes as text depends on its version: no more than every one of them writes. */
function inFewDigits(value: Value): Value {
  return typeof value === 'number' && Number.isFinite(value) ? Number(value.toPrecision(12)) : value;
}
const change: fc.Arbitrary<Change> = fc.record({
  table: fc.nat(4),
  kind: fc.constantFrom('insert', 'insert', 'insert', 'change', 'delete', 'double'),
  row: fc.nat(20),
  seeds: fc.array(seed, { minLength: 3, maxLength: 8 }),
});

export const ancestors: fc.Arbitrary<readonly Change[]> = fc.array(change, { maxLength: 14 });
export const copies: fc.Arbitrary<Copy> = fc.record({
  fromAncestor: fc.boolean(),
  changes: fc.array(change, { maxLength: 8 }),
});

export function emptyStore(tables: readonly TableOf[]): Store {
  return tables.map(() => []);
}

/** What the store keeps unique: keys and codes, keys only, or nothing, as a text file. */
export type Keeps = 'all' | 'keys' | 'nothing';

/** The store after the changes. A change that a constraint forbids is left out. */
export function changed(
  tables: readonly TableOf[],
  store: Store,
  changes: readonly Change[],
  keeps: Keeps = 'all',
): Store {
  const next = store.map((rows) => rows.map((row) => [...row]));
  for (const { table: at, kind, row, seeds } of changes) {
    const index = at % tables.length;
    const [table, rows] = [tables[index], next[index]];
    if (table === undefined || rows === undefined) continue;
    const old = rows[row % Math.max(rows.length, 1)];
    if (kind === 'insert') {
      const fresh = table.columns.map((column, i) =>
        cellOf(tables, next, table, column, rows, seeds[seedOf(table, column, i) % seeds.length]),
      );
      if (fits(table, rows, fresh, keeps)) rows.push(fresh);
    } else if (old !== undefined && kind === 'delete') {
      rows.splice(rows.indexOf(old), 1);
    } else if (old !== undefined && kind === 'change') {
      const i = row % table.columns.length;
      const column = table.columns[i];
      if (column === undefined || column.use === 'code' || table.key.includes(column.name)) continue;
      const fresh = old.with(i, cellOf(tables, next, table, column, rows, seeds[i % seeds.length]));
      rows[rows.indexOf(old)] = fresh;
    } else if (old !== undefined && kind === 'double') {
      const id = table.columns.findIndex(({ use }) => use === 'id');
      // A file may hold one row twice, with its number.
      const isAgain = keeps === 'nothing' && (seeds[0]?.pick ?? 0) % 2 === 0;
      const fresh = table.isNumbered && !isAgain ? old.with(id, nextId(table, rows, 0)) : [...old];
      if (fits(table, rows, fresh, keeps)) rows.push(fresh);
    }
  }
  return next;
}

/** All columns of one reference choose the same row. */
function seedOf(table: TableOf, column: ColumnOf, at: number): number {
  return column.use === 'ref' ? table.columns.findIndex(({ ref }) => ref === column.ref) : at;
}

function nextId(table: TableOf, rows: readonly (readonly Value[])[], gap: number): bigint {
  const at = table.columns.findIndex(({ use }) => use === 'id');
  return (
    rows.reduce((most, row) => (typeof row[at] === 'bigint' && row[at] > most ? row[at] : most), 0n) + 1n + BigInt(gap)
  );
}

const UUIDS = Array.from({ length: 6 }, (_, i) => `0000000${i}-aaaa-4bbb-8ccc-00000000000${i}`);

function cellOf(
  tables: readonly TableOf[],
  store: readonly (readonly (readonly Value[])[])[],
  table: TableOf,
  column: ColumnOf,
  rows: readonly (readonly Value[])[],
  { pick, value }: Seed = { pick: 0, value: null },
): Value {
  switch (column.use) {
    case 'id':
      return table.isNumbered ? nextId(table, rows, pick % 10 === 0 ? 3 : 0) : (UUIDS[pick % 6] ?? '');
    case 'part':
      return column.type === 'TEXT' ? (['x', 'y', 'a\0b', ''][pick % 4] ?? 'x') : BigInt(pick % 3);
    case 'code': {
      if (pick % 9 === 0) return null;
      if (table.choice.uuid) return UUIDS[pick % 6] ?? null;
      const code = `c${pick % 7}@x`;
      return table.choice.email && pick % 2 === 0 ? code.toUpperCase() : code;
    }
    case 'data':
      return dataOf(column.data ?? 'any', pick, value);
    case 'type':
      return pick % 5 === 0 ? null : pick % 5 === 1 ? 'other' : (tables[table.refs[column.ref]?.to ?? 0]?.name ?? null);
    case 'ref':
      return refOf(tables, store, table, column, pick);
  }
}

function dataOf(kind: DataKind, pick: number, value: Value): Value {
  // Few values, so that rows meet; now and then one of the edges.
  if (pick % 3 !== 0 && kind !== 'any') {
    const few: Record<Exclude<DataKind, 'any'>, readonly Value[]> = {
      text: ['p', 'q', '', null],
      int: [0n, 1n, null],
      real: [0.5, null],
      blob: [new Uint8Array([1, 0]), null],
      time: ['2024-01-01 00:00:00', '2024-06-01 00:00:00', '2025-01-01 00:00:00', null],
      uuid: [UUIDS[0] ?? '', UUIDS[1] ?? '', null],
      bool: [0n, 1n, null],
    };
    return few[kind][pick % few[kind].length] ?? null;
  }
  const isText = typeof value === 'string' || value instanceof BrokenText;
  if (kind === 'any') return value;
  if (kind === 'text') return isText ? value : 'p';
  if (kind === 'int') return typeof value === 'bigint' ? value : 7n;
  if (kind === 'real') return typeof value === 'number' ? value : 1.5;
  if (kind === 'blob') return value instanceof Uint8Array ? value : new Uint8Array();
  if (kind === 'bool') return typeof value === 'bigint' ? value : 1n;
  // Also what is no moment, and no UUID.
  if (kind === 'uuid' || pick % 12 === 0) return isText ? value : (UUIDS[2] ?? '');
  return '2024-03-01 00:00:00';
}

function refOf(
  tables: readonly TableOf[],
  store: readonly (readonly (readonly Value[])[])[],
  table: TableOf,
  column: ColumnOf,
  pick: number,
): Value {
  const ref = table.refs[column.ref];
  const parent = ref === undefined ? undefined : tables[ref.to];
  if (ref === undefined || parent === undefined) return null;
  const j = ref.columns.indexOf(column.name);
  const at = parent.columns.findIndex(({ name }) => name === ref.toColumns[j]);
  const keys = (store[ref.to] ?? []).map((row) => row[at] ?? null);
  const nobody = (n: number): Value =>
    parent.isNumbered && ref.kind !== 'code' ? BigInt(n % 12) : column.type === 'INTEGER' ? 9n : `nobody${n % 3}`;
  const one = (n: number): Value => (n % 6 === 0 || keys.length === 0 ? nobody(n) : (keys[n % keys.length] ?? null));
  if (ref.kind === 'json') {
    const elements = [one(pick), one(pick >> 1), pick % 4]
      .slice(0, pick % 4)
      .map((element) => (typeof element === 'bigint' ? Number(element) : element));
    return pick % 11 === 0
      ? 'no json'
      : pick % 13 === 0
        ? null
        : JSON.stringify(elements.filter((e) => typeof e === 'number' || typeof e === 'string'));
  }
  if (pick % 8 === 7) return null;
  const key = one(pick);
  return ref.kind === 'text' && typeof key === 'bigint' ? String(key) : key;
}

/** Keys and unique columns, as SQLite would have them; NULL is no other NULL's double. */
function fits(table: TableOf, rows: readonly (readonly Value[])[], fresh: readonly Value[], keeps: Keeps): boolean {
  if (keeps === 'nothing') return true;
  const unique = [
    ...(table.key.length > 0 ? [table.key] : []),
    ...(table.hasCode && keeps === 'all' ? [['code']] : []),
  ];
  return unique.every((columns) => {
    const at = columns.map((name) => table.columns.findIndex((column) => column.name === name));
    const text = (row: readonly Value[]): string => JSON.stringify(at.map((i) => fold(table, row[i] ?? null)));
    if (at.some((i) => fresh[i] === null)) return columns !== table.key;
    return rows.every((row) => text(row) !== text(fresh));
  });
}

function fold(table: TableOf, value: Value): string {
  return table.choice.email && typeof value === 'string' ? value.toLowerCase() : String(value);
}
