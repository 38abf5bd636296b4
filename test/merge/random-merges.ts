/** A random schema, stores that diverged, and the specification of their merge, as files. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Identity, MergeSpec, PartSpec, Policy, ReferenceSpec, TableSpec } from '../../src/merge/model.ts';
import type { Value } from '../../src/rows/value.ts';
import { openConnection } from '../../src/stores/sqlite/driver.ts';
import { quoteName } from '../../src/stores/sqlite/quote.ts';
import { bound, boundCell } from '../builders/values.ts';
import { ancestors, type Change, type Copy, changed, copies, emptyStore, type Store } from './random-copies.ts';
import { schemas, statement, type TableOf } from './random-schemas.ts';

/** What the stores do not have in common. Of the first table only. */
export type Drift = 'none' | 'added' | 'left-out' | 'lacking' | 'check' | 'required';

export interface MergeChoice {
  readonly tables: readonly TableOf[];
  readonly ancestor: readonly Change[];
  readonly target: Copy;
  readonly targetIsNew: boolean;
  readonly sources: readonly Copy[];
  /** Of each source: whether the ancestor is known. */
  readonly known: readonly boolean[];
  readonly policies: readonly Policy[];
  readonly returns: boolean;
  readonly drift: Drift;
}

export const merges: fc.Arbitrary<MergeChoice> = fc.record({
  tables: schemas,
  ancestor: ancestors,
  target: copies,
  targetIsNew: fc.integer({ min: 0, max: 9 }).map((n) => n === 9),
  sources: fc.oneof(
    { weight: 9, arbitrary: fc.array(copies, { minLength: 1, maxLength: 3 }) },
    { weight: 1, arbitrary: fc.array(copies, { minLength: 11, maxLength: 12 }) },
  ),
  known: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
  policies: fc.array(fc.constantFrom<Policy>('target', 'source', 'newest', 'complete'), { minLength: 6, maxLength: 6 }),
  returns: fc.boolean(),
  drift: fc.constantFrom<Drift>('none', 'none', 'none', 'added', 'left-out', 'lacking', 'check', 'required'),
});

export interface MergeCase {
  readonly spec: MergeSpec;
  readonly target: string | null;
  readonly sources: readonly string[];
  readonly ancestors: readonly (string | null)[];
  /** By a constraint that only the target has. */
  readonly refuses: (table: string, column: string, value: Value) => boolean;
}

/** `dir` must exist; files of an earlier case in it are replaced. */
export function writeCase(choice: MergeChoice, dir: string): MergeCase {
  const { tables } = choice;
  const drift = driftOf(choice);
  const base = changed(tables, emptyStore(tables), choice.ancestor);
  const started = (copy: Copy): Store => changed(tables, copy.fromAncestor ? base : emptyStore(tables), copy.changes);
  const target = choice.targetIsNew ? null : join(dir, 'target.db');
  if (target !== null) writeStore(target, tables, started(choice.target), drift, 'target');
  const sources = choice.sources.map((copy, i) => {
    const file = join(dir, `source-${i}.db`);
    writeStore(file, tables, started(copy), drift, 'source');
    return file;
  });
  const ancestor = join(dir, 'ancestor.db');
  writeStore(ancestor, tables, base, drift, 'source');
  const hasAncestor = (i: number): boolean => choice.known[i] === true && choice.sources[i]?.fromAncestor === true;
  return {
    spec: {
      version: 1,
      idMapTable: false,
      sources: sources.map((_, i) => ({ path: `source-${String(i).padStart(2, '0')}.db`, kind: 'sqlite' })),
      tables: tables.map((table, at) => tableSpec(choice, table, at, drift, hasAncestor)),
    },
    target,
    sources,
    ancestors: sources.map((_, i) => (hasAncestor(i) ? ancestor : null)),
    refuses: (table, column, value) =>
      drift === 'check' && table === tables[0]?.name && column === 'd0' && value === 'q',
  };
}

/** What the first table allows. */
function driftOf({ tables, drift, targetIsNew }: MergeChoice): Drift {
  const [first] = tables;
  const text = first?.columns.some(({ name, data }) => name === 'd0' && data === 'text') ?? false;
  if (targetIsNew) return 'none';
  // Something must be left of it.
  if (drift === 'lacking' && (first?.columns.length ?? 0) < 3) return 'none';
  if (drift === 'check' || drift === 'lacking') return text ? drift : 'none';
  return drift;
}

const EXTRA = 'extra';

function writeStore(
  file: string,
  tables: readonly TableOf[],
  store: Store,
  drift: Drift,
  role: 'target' | 'source',
): void {
  rmSync(file, { force: true });
  const db = openConnection(file, 'create');
  db.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN');
  for (const [at, table] of tables.entries()) {
    const isFirst = at === 0;
    const hasExtra = isFirst && role === 'source' && (drift === 'added' || drift === 'left-out');
    const required = isFirst && role === 'target' && drift === 'required';
    const refuses = isFirst && role === 'target' && drift === 'check';
    const lacks = isFirst && role === 'source' && drift === 'lacking';
    const columns = table.columns.filter(({ name }) => !(lacks && name === 'd0'));
    const more = hasExtra
      ? `${EXTRA} TEXT`
      : required
        ? `${EXTRA} TEXT NOT NULL`
        : refuses
          ? "CHECK (d0 IS NOT 'q')"
          : '';
    db.exec(statement(tables, { ...table, columns }, more));
    const names = [...columns.map(({ name }) => quoteName(name)), ...(hasExtra || required ? [EXTRA] : [])];
    const cells = columns.map((_, i) => boundCell(2 * i + 1));
    const rows = store[at] ?? [];
    for (const [i, row] of rows.entries()) {
      const values = columns.map((column) => row[table.columns.indexOf(column)] ?? null);
      if (refuses && values[columns.findIndex(({ name }) => name === 'd0')] === 'q') continue;
      const last = hasExtra || required ? [i % 3 === 0 && !required ? 'NULL' : `'e${i % 2}'`] : [];
      const insert = db.prepare(
        `INSERT INTO ${table.name} (${names.join(', ')}) SELECT ${[...cells, ...last].join(', ')}`,
      );
      insert(...values.flatMap(bound));
    }
  }
  db.exec('COMMIT');
  db.close();
}

function tableSpec(
  { tables, sources, policies, returns, targetIsNew }: MergeChoice,
  table: TableOf,
  at: number,
  drift: Drift,
  hasAncestor: (source: number) => boolean,
): TableSpec {
  const own = at === 0 ? drift : 'none';
  const time = table.columns.find(({ data }) => data === 'time')?.name ?? null;
  const extra = own === 'added' || own === 'required';
  const columns = [
    ...table.columns.map(({ name, type, use }) => ({
      ...{ name, type, added: false },
      normaliser: use === 'code' && table.choice.email ? ('email' as const) : ('exact' as const),
    })),
    ...(extra ? [{ name: EXTRA, type: 'TEXT', added: own === 'added', normaliser: 'exact' as const }] : []),
  ];
  const part = (source: number): PartSpec => {
    const carried = table.columns.filter(({ name }) => !(own === 'lacking' && name === 'd0'));
    const brought = Object.fromEntries(carried.map(({ name }) => [name, { from: name }]));
    const names = Object.fromEntries(carried.map(({ name }) => [name, name]));
    return {
      source,
      table: table.name,
      columns: {
        ...brought,
        ...(own === 'added' ? { [EXTRA]: { from: EXTRA } } : own === 'required' ? { [EXTRA]: { fill: 'filled' } } : {}),
      },
      leftOut: own === 'left-out' ? [EXTRA] : [],
      ancestor: hasAncestor(source)
        ? { table: table.name, columns: own === 'added' ? { ...names, [EXTRA]: EXTRA } : names }
        : null,
    };
  };
  const differ = columns.map(({ name }, i): [string, Policy] => {
    const policy = policies[i % policies.length] ?? 'target';
    return [name, policy === 'newest' && time === null ? 'complete' : policy];
  });
  return {
    table: table.name,
    madeFrom: targetIsNew ? 0 : null,
    columns,
    identity: identityOf(table),
    surrogate: table.isNumbered && table.choice.identity !== 'id' ? 'id' : null,
    references: table.refs.map((ref): ReferenceSpec => {
      const to = tables[ref.to]?.name ?? '';
      const base = { columns: ref.columns, to, toColumns: ref.toColumns };
      if (ref.typeColumn !== null) return { ...base, kind: 'typed', typeColumn: ref.typeColumn, typeValues: [to] };
      if (ref.kind === 'json') return { ...base, kind: 'json' };
      return { ...base, kind: ref.kind === 'declared' || ref.kind === 'code' ? 'declared' : 'inferred' };
    }),
    parts: sources.map((_, i) => part(i)),
    differ: Object.fromEntries(differ),
    timeColumn: time,
    deleted: returns ? 'returns' : 'stays',
  };
}

function identityOf({ choice, key, hasCode, isNumbered }: TableOf): Identity {
  if (hasCode) return { kind: 'key', columns: ['code'] };
  if (key.length > 0 && (!isNumbered || choice.identity === 'id')) return { kind: 'key', columns: key };
  return choice.identity === 'none' ? { kind: 'none' } : { kind: 'row' };
}
