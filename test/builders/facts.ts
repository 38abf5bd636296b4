/** Small hand-made facts for tests of detectors. Relations and groups are made by the code that makes them in an audit. */
import type { Code } from '../../src/audit/code-model.ts';
import { groupStores } from '../../src/audit/groups.ts';
import type { ColumnPair, Facts, StoreRelation, TableComparison } from '../../src/audit/model.ts';
import { storeRelation } from '../../src/audit/store-relation.ts';
import { openGraph } from '../../src/code/graph/open-graph.ts';
import type { Column, SqliteFacts, Store, StoreKind, Table, ValueShape } from '../../src/stores/model.ts';

const NOW: number = Date.parse('2026-01-10T00:00:00Z');

/** `name`, or `name:shape`; every value distinct unless told otherwise. */
export function column(spec: string, distinct = 1): Column {
  const [name = '', shape = 'text'] = spec.split(':');
  const profile = { shape: shape as ValueShape, nulls: 0, distinct, nonAscii: false };
  return { name, type: '', notNull: false, hasDefault: false, generated: false, profile };
}

export function table(
  name: string,
  rows: number | null,
  columns: readonly (string | Column)[] = ['id:integer', 'name', 'email:email', 'role'],
  more: Partial<Table> = {},
): Table {
  return {
    name,
    kind: 'table',
    rows,
    columns: columns.map((one) => (typeof one === 'string' ? column(one) : one)),
    primaryKey: ['id'],
    unique: [],
    foreignKeys: [],
    indexes: [],
    triggers: [],
    withoutRowid: false,
    strict: false,
    autoincrement: false,
    ...more,
  };
}

const SQLITE: SqliteFacts = {
  pageSize: 4096,
  encoding: 'UTF-8',
  journalMode: 'rollback',
  userVersion: 0,
  applicationId: 0,
  integrity: 'ok',
  integrityMessages: [],
  fkViolations: [],
};

export function sqlite(more: Partial<SqliteFacts> = {}): SqliteFacts {
  return { ...SQLITE, ...more };
}

/** The kind follows the ending; a verified store in use that git ignores. */
export function store(path: string, tables: readonly Table[] = [], more: Partial<Store> = {}): Store {
  const ending = path.split('.').at(-1) ?? '';
  const kind: StoreKind = ending === 'csv' || ending === 'json' || ending === 'jsonl' ? ending : 'sqlite';
  return {
    id: path,
    kind,
    path,
    bytes: 8192,
    modified: '2025-09-16T12:00:00.000Z',
    status: 'verified',
    git: 'ignored',
    role: 'live',
    links: [],
    sidecars: [],
    tables,
    migrations: [],
    ...(kind === 'sqlite' ? { sqlite: SQLITE } : {}),
    ...more,
  };
}

export function fresh(at: string): Pick<Store, 'freshness'> & object {
  return { freshness: { at: `${at}T00:00:00.000Z`, table: 'users', column: 'created_at' } };
}

interface Measured {
  readonly same?: number;
  /** Rows that differ, per column; the number of rows is the largest of them. */
  readonly differ?: Readonly<Record<string, number>>;
  readonly more?: Partial<TableComparison>;
}

/** What the comparison of two tables found; the rest of the rows of each side is its own. `[name in a, name in b]`. */
export function compared(
  a: Store,
  b: Store,
  names: string | readonly [string, string],
  measured: Measured = {},
): TableComparison {
  const [nameA, nameB] = typeof names === 'string' ? [names, names] : names;
  const tableOf = (one: Store, name: string): Table => {
    const found = one.tables.find((candidate) => candidate.name === name);
    if (found === undefined) throw new RangeError(`${one.id} has no table ${name}`);
    return found;
  };
  const [left, right] = [tableOf(a, nameA), tableOf(b, nameB)];
  const { same = 0, differ = {}, more = {} } = measured;
  const conflicting = Math.max(0, ...Object.values(differ));
  const [rowsA, rowsB] = [left.rows ?? 0, right.rows ?? 0];
  const [onlyA, onlyB] = [rowsA - same - conflicting, rowsB - same - conflicting];
  const columns = left.columns
    .filter(({ name }) => right.columns.some((other) => other.name === name))
    .map(
      ({ name }): ColumnPair => ({
        a: name,
        b: name,
        via: 'name',
        normaliser: 'exact',
        conflicting: differ[name] ?? 0,
      }),
    );
  const columnsOnlyA = left.columns
    .filter(({ name }) => !columns.some((pair) => pair.a === name))
    .map(({ name }) => name);
  const columnsOnlyB = right.columns
    .filter(({ name }) => !columns.some((pair) => pair.b === name))
    .map(({ name }) => name);
  const moreA = onlyA > 0 || columnsOnlyA.length > 0;
  const moreB = onlyB > 0 || columnsOnlyB.length > 0;
  const diverged = conflicting > 0 || (moreA && moreB);
  const disjoint = same + conflicting === 0 && rowsA > 0 && rowsB > 0;
  return {
    a: { store: a.id, table: nameA },
    b: { store: b.id, table: nameB },
    relation: disjoint ? 'disjoint' : diverged ? 'diverged' : moreA ? 'superset' : moreB ? 'subset' : 'identical',
    rowsA,
    rowsB,
    same,
    onlyA,
    onlyB,
    conflicting,
    ambiguous: 0,
    idCollisions: 0,
    keys: [],
    columns,
    columnsOnlyA,
    columnsOnlyB,
    method: 'exact',
    ...more,
  };
}

/** The relation that the audit would find in these comparisons. */
export function related(a: Store, b: Store, ...tables: readonly TableComparison[]): StoreRelation {
  const relation = storeRelation(a, b, tables);
  if (relation === undefined) throw new RangeError(`nothing relates ${a.id} to ${b.id}`);
  return relation;
}

/** `a` has the bytes of `b`; both must have the same `sha256`. */
export function sameBytes(a: Store, b: Store): StoreRelation {
  return {
    a: a.id,
    b: b.id,
    kind: 'copy',
    byteEqual: true,
    exact: true,
    onlyA: 0,
    onlyB: 0,
    conflicting: 0,
    tables: [],
  };
}

/** `primary`: what the owner declared. Groups are elected from stores and relations. */
export function facts(
  stores: readonly Store[],
  relations: readonly StoreRelation[] = [],
  more: Partial<Facts> & { readonly primary?: string } = {},
): Facts {
  const { primary, ...rest } = more;
  return {
    project: { name: 'p', root: '/p', git: null, files: 0, bytes: 0, skipped: [], unreadable: [] },
    stores,
    lookalikes: [],
    families: [],
    relations,
    notCompared: [],
    groups: groupStores(stores, relations, primary === undefined ? [] : [primary]),
    ancestors: [],
    code: NO_CODE,
    now: NOW,
    ...rest,
  };
}

/** A project without a line of code. */
export const NO_CODE: Code = {
  files: new Map(),
  paths: new Set(),
  bindings: [],
  graph: openGraph([], []),
  variables: [],
  unused: { modules: [], blind: [] },
  roles: new Map(),
  declarations: [],
  entries: [],
  similar: [],
  residue: [],
  answer: (_path, _question, make) => make(),
  recall: (_question, make) => make(),
  structureOf: (path) => {
    throw new RangeError(`there is no ${path}`);
  },
  lineOf: () => '',
};
