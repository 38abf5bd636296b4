/** A random schema, stores that diverged, and the specification of their merge, as files. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Normaliser } from '../../src/audit/model.ts';
import type { Identity, MergeSpec, PartSpec, Policy, ReferenceSpec, TableSpec } from '../../src/merge/model.ts';
import type { Value } from '../../src/rows/value.ts';
import type { ValueForm } from '../../src/rows/write-form.ts';
import { openConnection } from '../../src/stores/sqlite/driver.ts';
import { quoteName } from '../../src/stores/sqlite/quote.ts';
import { bound, boundCell } from '../builders/values.ts';
import {
  ancestors,
  type Change,
  type Copy,
  changed,
  copies,
  emptyStore,
  type Keeps,
  type Store,
} from './random-copies.ts';
import { COMPARED, FORMS, otherType, theOtherWay, writtenAs } from './random-forms.ts';
import { type ColumnOf, schemas, statement, type TableOf } from './random-schemas.ts';
import { type TextChoice, type TextKind, writeText } from './random-text.ts';

/** What the stores do not have in common. Of the first table only. */
export type Drift = 'none' | 'added' | 'left-out' | 'lacking' | 'check' | 'required';

/** How a source is kept, beside the tables of the target. */
export interface SourceChoice {
  /** `null`: in SQLite. */
  readonly text: TextChoice | null;
  /** It writes UUIDs, moments, yes and no the other way. */
  readonly otherForms: boolean;
  /** Nothing keeps its codes unique. */
  readonly loose: boolean;
  /** By table and reference, modulo: whose ids they are. 0 to 3: its own; 4: the target's; beyond: another source's. */
  readonly idsOf: readonly number[];
}

export interface MergeChoice {
  readonly tables: readonly TableOf[];
  readonly ancestor: readonly Change[];
  readonly target: Copy;
  readonly targetIsNew: boolean;
  readonly sources: readonly Copy[];
  readonly kept: readonly SourceChoice[];
  /** Ids of other stores are those of stores before, or of those behind. */
  readonly refersBack: boolean;
  /** Of each source: whether the ancestor is known. */
  readonly known: readonly boolean[];
  readonly policies: readonly Policy[];
  readonly returns: boolean;
  readonly drift: Drift;
}

const text: fc.Arbitrary<TextChoice> = fc.record({
  kind: fc.constantFrom<TextKind>('csv', 'csv', 'jsonl', 'json'),
  table: fc.nat(4),
  delimiter: fc.constantFrom<TextChoice['delimiter']>(',', ';', '\t'),
  eol: fc.constantFrom<TextChoice['eol']>('\n', '\r\n'),
  quotesAll: fc.boolean(),
  leavesOut: fc.boolean(),
});

const kept: fc.Arbitrary<SourceChoice> = fc.record({
  text: fc.option(text, { freq: 3, nil: null }),
  otherForms: fc.boolean(),
  loose: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
  idsOf: fc.array(fc.nat(9), { minLength: 4, maxLength: 4 }),
});

export const merges: fc.Arbitrary<MergeChoice> = fc.record({
  tables: schemas,
  ancestor: ancestors,
  target: copies,
  targetIsNew: fc.integer({ min: 0, max: 9 }).map((n) => n === 9),
  sources: fc.oneof(
    { weight: 9, arbitrary: fc.array(copies, { minLength: 1, maxLength: 3 }) },
    { weight: 1, arbitrary: fc.array(copies, { minLength: 11, maxLength: 12 }) },
  ),
  kept: fc.array(kept, { minLength: 12, maxLength: 12 }),
  refersBack: fc.boolean(),
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
export async function writeCase(choice: MergeChoice, dir: string): Promise<MergeCase> {
  const { tables } = choice;
  const drift = driftOf(choice);
  const base = changed(tables, emptyStore(tables), choice.ancestor);
  const started = (copy: Copy, keeps?: Keeps): Store =>
    changed(tables, copy.fromAncestor ? base : emptyStore(tables), copy.changes, keeps);
  const target = choice.targetIsNew ? null : join(dir, 'target.db');
  if (target !== null) writeStore(target, tables, started(choice.target), drift, 'target', PLAIN);
  const lacking = new Set(drift === 'lacking' ? [`${tables[0]?.name} d0`] : []);
  const sources: Source[] = [];
  for (const [i, copy] of choice.sources.entries()) {
    // What the target lacks is made as the first source has it.
    const own = choice.targetIsNew && i === 0 ? PLAIN : (choice.kept[i] ?? PLAIN);
    const file = join(dir, `source-${i}.db`);
    const folder = join(dir, `source-${i}`);
    const staged =
      own.text === null
        ? null
        : await writeText(folder, file, tables, inForms(tables, started(copy, 'nothing'), own), own.text, lacking);
    const kept = staged === null ? { ...own, text: null } : own;
    if (staged === null) writeStore(file, tables, started(copy, own.loose ? 'keys' : 'all'), drift, 'source', kept);
    sources.push({ ...kept, file, staged });
  }
  const ancestor = join(dir, 'ancestor.db');
  writeStore(ancestor, tables, base, drift, 'source', PLAIN);
  const hasAncestor = (i: number): boolean => choice.known[i] === true && choice.sources[i]?.fromAncestor === true;
  return {
    spec: {
      version: 1,
      idMapTable: false,
      sources: sources.map(({ text: file }, i) => ({
        path: `source-${String(i).padStart(2, '0')}.db`,
        kind: file === null ? 'sqlite' : 'text',
      })),
      tables: tables.map((table, at) => tableSpec(choice, sources, table, at, drift, hasAncestor)),
    },
    target,
    sources: sources.map(({ file }) => file),
    ancestors: sources.map((_, i) => (hasAncestor(i) ? ancestor : null)),
    refuses: (table, column, value) =>
      (drift === 'check' && table === tables[0]?.name && column === 'd0' && value === 'q') ||
      isOfOtherType(tables, table, column, value),
  };
}

/** STRICT tables take nothing else. */
function isOfOtherType(tables: readonly TableOf[], name: string, column: string, value: Value): boolean {
  const table = tables.find((one) => one.name === name);
  const type = table?.columns.find((one) => one.name === column)?.type;
  if (table?.choice.strict !== true || value === null) return false;
  const isNumber = typeof value === 'bigint' || typeof value === 'number';
  if (type === 'INTEGER' || type === 'INT') return !isNumber || (typeof value === 'number' && !Number.isInteger(value));
  if (type === 'REAL') return !isNumber;
  return type === 'BLOB' ? !(value instanceof Uint8Array) : type === 'TEXT' && value instanceof Uint8Array;
}

/** As it was written. */
interface Source extends SourceChoice {
  readonly file: string;
  /** Of text: the columns of each table that it has. */
  readonly staged: ReadonlyMap<string, readonly string[]> | null;
}

const PLAIN: SourceChoice = { text: null, otherForms: false, loose: false, idsOf: [0] };

function inForms(tables: readonly TableOf[], store: Store, { otherForms }: SourceChoice): Store {
  if (!otherForms) return store;
  return store.map((rows, at) =>
    rows.map((row) =>
      row.map((value, i) => {
        const [table, column] = [tables[at], tables[at]?.columns[i]];
        return table === undefined || column === undefined ? value : theOtherWay(value, writtenAs(table, column));
      }),
    ),
  );
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
  kept: SourceChoice,
): void {
  rmSync(file, { force: true });
  const db = openConnection(file, 'create');
  db.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN');
  const written = inForms(tables, store, kept);
  for (const [at, table] of tables.entries()) {
    const isFirst = at === 0;
    const hasExtra = isFirst && role === 'source' && (drift === 'added' || drift === 'left-out');
    const required = isFirst && role === 'target' && drift === 'required';
    const refuses = isFirst && role === 'target' && drift === 'check';
    const lacks = isFirst && role === 'source' && drift === 'lacking';
    const own = table.columns.filter(({ name }) => !(lacks && name === 'd0'));
    const columns = own.map((column) =>
      kept.otherForms ? { ...column, type: otherType(column.type, writtenAs(table, column)) } : column,
    );
    const more = hasExtra
      ? `${EXTRA} TEXT`
      : required
        ? `${EXTRA} TEXT NOT NULL`
        : refuses
          ? "CHECK (d0 IS NOT 'q')"
          : '';
    db.exec(statement(tables, { ...table, columns }, more, kept.loose));
    const names = [...columns.map(({ name }) => quoteName(name)), ...(hasExtra || required ? [EXTRA] : [])];
    const cells = columns.map((_, i) => boundCell(2 * i + 1));
    const rows = written[at] ?? [];
    for (const [i, row] of rows.entries()) {
      const values = own.map((column) => row[table.columns.indexOf(column)] ?? null);
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
  { tables, policies, returns, targetIsNew, refersBack }: MergeChoice,
  sources: readonly Source[],
  table: TableOf,
  at: number,
  drift: Drift,
  hasAncestor: (source: number) => boolean,
): TableSpec {
  const own = at === 0 ? drift : 'none';
  const time = table.columns.find(({ data }) => data === 'time')?.name ?? null;
  const extra = own === 'added' || own === 'required';
  const columns = [
    ...table.columns.map((column) => ({
      ...{ name: column.name, type: column.type, added: false },
      normaliser: comparedIn(table, column, sources),
    })),
    ...(extra ? [{ name: EXTRA, type: 'TEXT', added: own === 'added', normaliser: 'exact' as const }] : []),
  ];
  const part = (source: number): PartSpec[] => {
    const { staged, otherForms, text: file, idsOf } = sources[source] ?? { ...PLAIN, staged: null };
    const has = staged?.get(table.name);
    if (staged !== null && has === undefined) return [];
    const carried = table.columns.filter(
      ({ name }) => !(own === 'lacking' && name === 'd0') && (has === undefined || has.includes(name)),
    );
    const brought = Object.fromEntries(
      carried.map((column) => {
        const form = formOf(table, column, otherForms, file !== null);
        return [column.name, form === null ? { from: column.name } : { from: column.name, form }];
      }),
    );
    const names = Object.fromEntries(carried.map(({ name }) => [name, name]));
    const hasExtra = staged === null;
    const foreign = table.refs.flatMap((ref, i): [string, number | 'target'][] => {
      const whose = idsOf[(at + i) % idsOf.length] ?? 0;
      const others = [...sources.keys()].filter((other) => (refersBack ? other < source : other > source));
      const store = whose < 4 ? undefined : whose === 4 ? 'target' : others[whose % Math.max(others.length, 1)];
      // There are none of a target that is not there yet, nor of a file that does not have the table.
      const isThere =
        store === 'target' ? !targetIsNew : sources[store ?? -1]?.staged?.has(tables[ref.to]?.name ?? '') !== false;
      return store === undefined || !isThere ? [] : ref.columns.map((column) => [column, store]);
    });
    return [
      {
        source,
        table: table.name,
        columns: {
          ...brought,
          ...(own === 'added' && hasExtra
            ? { [EXTRA]: { from: EXTRA } }
            : own === 'required'
              ? { [EXTRA]: { fill: 'filled' } }
              : {}),
        },
        leftOut: own === 'left-out' && hasExtra ? [EXTRA] : [],
        ancestor: hasAncestor(source)
          ? { table: table.name, columns: own === 'added' && hasExtra ? { ...names, [EXTRA]: EXTRA } : names }
          : null,
        ...(foreign.length === 0 ? {} : { idsOf: Object.fromEntries(foreign) }),
      },
    ];
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
    parts: sources.flatMap((_, i) => part(i)),
    differ: Object.fromEntries(differ),
    timeColumn: time,
    deleted: returns ? 'returns' : 'stays',
  };
}

/** Numbers of a text file have no type, and what is written in two ways is compared in one. */
function comparedIn(table: TableOf, column: ColumnOf, sources: readonly Source[]): Normaliser {
  const written = writtenAs(table, column);
  if (written !== null && (column.use !== 'code' || sources.some(({ otherForms }) => otherForms)))
    return COMPARED[written];
  if (column.use === 'ref' || column.use === 'type') return 'exact';
  if (column.use === 'code' && table.choice.email) return 'email';
  if (sources.every(({ text: file }) => file === null)) return 'exact';
  return column.type === 'INTEGER' || column.type === 'INT' || column.type === 'REAL' ? 'number' : 'text';
}

/** How the target writes what the source writes otherwise, as a plan says it. */
function formOf(table: TableOf, column: ColumnOf, otherForms: boolean, isText: boolean): ValueForm | null {
  const written = writtenAs(table, column);
  if (written !== null && otherForms) return FORMS[written];
  if (!isText) return null;
  if (['INTEGER', 'INT', 'REAL'].includes(column.type)) return 'number';
  return table.key.includes(column.name) ? null : 'empty-is-null';
}

function identityOf({ choice, key, hasCode, isNumbered }: TableOf): Identity {
  if (hasCode) return { kind: 'key', columns: ['code'] };
  if (key.length > 0 && (!isNumbered || choice.identity === 'id')) return { kind: 'key', columns: key };
  return choice.identity === 'none' ? { kind: 'none' } : { kind: 'row' };
}
