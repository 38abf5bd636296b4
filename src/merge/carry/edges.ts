/**
 * What later rows refer to, in the store as it is now: one edge per reference of a row (per element, where it is an array of ids). The
 * references are those of the specification; of tables that the merge did not touch, those that are declared.
 */
import { quoteName } from '../../stores/sqlite/quote.ts';
import type { MergeSpec, TableSpec } from '../model.ts';
import { type CatalogTable, key } from './catalog.ts';
import { add, addressNames, type Later, OP, type Pair, tableIn } from './later-rows.ts';
import { differ, joined, list, of } from './sql.ts';

export interface Ref {
  /** Position among all references: where a column has several, the first one that leads to a row counts. */
  readonly index: number;
  readonly child: Pair;
  readonly kind: 'column' | 'json';
  readonly columns: readonly string[];
  readonly to: Pair;
  readonly toColumns: readonly string[];
  readonly type: { readonly column: string; readonly values: readonly string[] } | null;
  /** Of each column: the value is another one in another store. */
  readonly moves: readonly boolean[];
}

/** Columns whose values only name rows: in another store, they may be others. By table and column, in lower case. */
export type Moving = (table: string, column: string) => boolean;

export function refsOf(
  later: Later,
  spec: MergeSpec | null,
): { readonly refs: readonly Ref[]; readonly moving: Moving } {
  const specs = new Map((spec?.tables ?? []).map((table) => [key(table.table), table]));
  const found = later.pairs.flatMap((child) =>
    child.is === 'same' ? candidates(child, specs.get(key(child.name)) ?? null) : [],
  );
  const moving = movingColumns(later, specs, found);
  const refs: Ref[] = [];
  for (const { child, kind, columns, to, toColumns, type } of found) {
    const parent = later.byName.get(key(to));
    if (parent?.c === undefined || parent.c === null || parent.is === 'table-dropped') continue;
    const keys = toColumns.length > 0 ? toColumns : parent.c.primaryKey;
    if (keys.length !== columns.length || !hasAll(parent.c, keys) || child.c === null || !hasAll(child.c, columns))
      continue;
    refs.push({
      ...{ index: refs.length, child, kind, columns, to: parent, toColumns: keys, type },
      moves: keys.map((column) => moving(parent.name, column)),
    });
  }
  return { refs, moving };
}

type Candidate = Pick<Ref, 'child' | 'kind' | 'columns' | 'toColumns' | 'type'> & { readonly to: string };

function candidates(child: Pair, spec: TableSpec | null): readonly Candidate[] {
  if (spec === null) {
    return (child.c?.foreignKeys ?? []).map(({ columns, table, parentColumns }) => ({
      ...{ child, kind: 'column' as const, columns, to: table, toColumns: parentColumns, type: null },
    }));
  }
  return spec.references.map(({ kind, columns, to, toColumns, typeColumn, typeValues }) => ({
    child,
    kind: kind === 'json' ? 'json' : 'column',
    columns,
    to,
    toColumns,
    type: typeColumn === undefined ? null : { column: typeColumn, values: typeValues ?? [] },
  }));
}

function movingColumns(later: Later, specs: ReadonlyMap<string, TableSpec>, found: readonly Candidate[]): Moving {
  const known = new Map<string, boolean>();
  const moving: Moving = (table, column) => {
    const name = `${key(table)}\n${key(column)}`;
    const told = known.get(name);
    if (told !== undefined) return told;
    // A circle of references leads to no row number.
    known.set(name, false);
    const spec = specs.get(key(table));
    const pair = later.byName.get(key(table));
    const surrogate = spec === undefined ? (pair?.c?.address.ipk ?? null) : spec.surrogate;
    const answer =
      (surrogate !== null && key(surrogate) === key(column)) ||
      found.some(({ child, columns, to, toColumns }) => {
        if (key(child.name) !== key(table)) return false;
        const at = columns.findIndex((one) => key(one) === key(column));
        if (at === -1) return false;
        const keys = toColumns.length > 0 ? toColumns : (later.byName.get(key(to))?.c?.primaryKey ?? []);
        const parent = keys[at];
        return parent !== undefined && moving(to, parent);
      });
    known.set(name, answer);
    return answer;
  };
  return moving;
}

function hasAll(table: CatalogTable, columns: readonly string[]): boolean {
  const names = new Set(table.columns.map(({ name }) => key(name)));
  return columns.every((column) => names.has(key(column)));
}

/** Fills `edge`. Rows that are referred to and did not change get a number. */
export function findEdges(later: Later, refs: readonly Ref[]): void {
  const { db } = later;
  db.exec(`CREATE TABLE edge (child INTEGER NOT NULL, ref INTEGER NOT NULL, element INTEGER NOT NULL,
    parent INTEGER NOT NULL, was INTEGER NOT NULL, PRIMARY KEY (child, ref, element)) WITHOUT ROWID`);
  for (const ref of refs) {
    const { child, to } = ref;
    if (child.c === null || to.c === null) continue;
    const at = addressNames(to, 'c');
    db.exec(`CREATE TABLE lead (child, element, ${list(at)})`);
    db.exec(`INSERT INTO lead ${leads(ref, child.c, to.c)}`);
    const unknown = `SELECT DISTINCT ${list(at)} FROM lead l
      WHERE NOT EXISTS (SELECT 1 FROM row_${to.i} r WHERE ${joined(addressNames(to, 'c', 'r'), addressNames(to, 'c', 'l'))})`;
    if (to.is === 'same' && to.m !== null) {
      const moved = at.length === 1 ? `coalesce((SELECT m0 FROM moved_${to.i} x WHERE x.c0 = u.c0), u.c0)` : null;
      const m = moved === null ? at.map((one) => `u.${one}`) : [moved];
      add(later, to, OP.none, [...addressNames(to, 'm'), ...at], `SELECT ${list(m, at)} FROM (${unknown}) u`);
    } else {
      add(later, to, OP.none, at, unknown);
    }
    db.exec(`INSERT INTO edge SELECT l.child, ${ref.index}, l.element, r.n, r.op FROM lead l CROSS JOIN row_${to.i} r
      ON ${joined(addressNames(to, 'c', 'r'), addressNames(to, 'c', 'l'))}`);
    db.exec('DROP TABLE lead');
  }
  db.exec('CREATE INDEX edge_parent ON edge (parent)');
}

function leads(ref: Ref, child: CatalogTable, to: CatalogTable): string {
  const { columns, toColumns, kind } = ref;
  const [x, p] = [of('x', columns), of('p', toColumns)];
  const address = of('p', to.address.columns);
  const r = addressNames(ref.child, 'c', 'r');
  const rows = `row_${ref.child.i} r CROSS JOIN ${tableIn('c', child)} x ON ${joined(of('x', child.address.columns), r)}`;
  const own = `${isLater(ref, 'r', 'x')}${ofType(ref, 'x')}`;
  // A key that is no key may name several rows: the first one.
  const first = `min(${address[0]})`;
  const found = list([first, ...address.slice(1)]);
  if (kind === 'json') {
    return `SELECT r.n, e.key, ${found} FROM ${rows} CROSS JOIN json_each(${arrayIn(x[0] ?? 'NULL')}) e
      JOIN ${tableIn('c', to)} p ON ${p[0]} = e.value WHERE ${own} AND e.type IN ('integer', 'text') GROUP BY r.n, e.key`;
  }
  return `SELECT r.n, 0, ${found} FROM ${rows} JOIN ${tableIn('c', to)} p ON ${joined(p, x)} WHERE ${own} GROUP BY r.n`;
}

/** The text itself where it is an array. */
export function arrayIn(cell: string): string {
  return `CASE WHEN typeof(${cell}) = 'text' AND json_valid(${cell}) AND json_type(${cell}) = 'array' THEN ${cell} ELSE '[]' END`;
}

export function ofType({ type }: Pick<Ref, 'type'>, alias: string): string {
  if (type === null) return '';
  const values = type.values.map((value) => `'${value.replaceAll("'", "''")}'`);
  return ` AND ${alias}.${quoteName(type.column)} IN (${values.join(', ')})`;
}

/** The row came since, or refers to something else since. */
export function isLater(
  { child, columns, type }: Pick<Ref, 'child' | 'columns' | 'type'>,
  r: string,
  x: string,
): string {
  const all = type === null ? columns : [...columns, type.column];
  const m = child.m;
  if (m === null) return `${r}.op = ${OP.inserted}`;
  const before = `SELECT 1 FROM ${tableIn('m', m)} q WHERE ${joined(of('q', m.address.columns), addressNames(child, 'm', r))}
    AND ${differ(of('q', all), of(x, all))}`;
  return `(${r}.op = ${OP.inserted} OR (${r}.op = ${OP.changed} AND EXISTS (${before})))`;
}
