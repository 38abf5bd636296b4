/**
 * The specification that a merge comes to: what the plan says of its tables, and the tables of the stores. A function of both and of nothing
 * else, so that the same plan gives the same specification wherever the same tables are. Whole because each part of a specification is said from the same two.
 */
import type { Normaliser } from '../../audit/model.ts';
import type { Store, Table } from '../../stores/model.ts';
import { writeLookup } from '../lookup-words.ts';
import type {
  ColumnSource,
  ColumnSpec,
  LookupSpec,
  MergeSpec,
  PartSpec,
  Policy,
  ReferenceSpec,
  TableSpec,
} from '../model.ts';
import { readReference } from '../reference-words.ts';
import type { MergeTable } from '../settings.ts';
import { ADD, type Aligned, align, formOf } from './align.ts';
import { began } from './differ.ts';
import { isText, sameName } from './divide.ts';
import { surrogateOf } from './identity.ts';
import type { MergeAncestor } from './model.ts';

export interface SpecInput {
  readonly target: Store | null;
  /** Sorted by path. */
  readonly sources: readonly Store[];
  readonly tables: readonly MergeTable[];
  readonly idMapTable: boolean;
  /** Beside the sources, with their tables. */
  readonly ancestors: readonly AncestorTables[];
}

export interface AncestorTables {
  readonly ancestor: MergeAncestor | null;
  readonly tables: readonly Table[];
}

/** Of one table of the target. */
export interface Base {
  readonly table: Table;
  /** Position of the source that makes it. */
  readonly madeFrom: number | null;
  readonly parts: readonly BasePart[];
}

export interface BasePart {
  readonly source: number;
  readonly store: Store;
  readonly table: Table;
  readonly aligned: Aligned;
}

/** `null`: neither the target nor a source has it. */
export function baseOf(said: MergeTable, { target, sources }: Pick<SpecInput, 'target' | 'sources'>): Base | null {
  const own = target?.tables.find(({ name, kind }) => kind === 'table' && sameName(name, said.table));
  const coming = sources.flatMap((store, source) => {
    const name = said.from[store.path] ?? said.table;
    const table = said.apart.includes(store.path)
      ? undefined
      : store.tables.find((one) => one.kind === 'table' && sameName(one.name, name));
    return table === undefined ? [] : [{ source, store, table }];
  });
  const [maker] = coming;
  const table = own ?? maker?.table;
  if (table === undefined) return null;
  const parts = coming.map((one) => ({
    ...one,
    aligned: align(
      table,
      one.table,
      isText(one.store) || (own === undefined && isText((maker ?? one).store)),
      said.columns,
    ),
  }));
  return { table, madeFrom: own === undefined ? (maker?.source ?? null) : null, parts };
}

export function specOf(input: SpecInput): MergeSpec {
  const bases = input.tables.flatMap((said) => {
    const base = baseOf(said, input);
    return base === null || base.parts.length === 0 ? [] : [{ said, base }];
  });
  const known = new Map(bases.map(({ said, base }) => [base.table.name.toLowerCase(), { said, base }]));
  return {
    version: 1,
    sources: input.sources.map((store) => ({ path: store.path, kind: isText(store) ? 'text' : 'sqlite' })),
    tables: bases.map(({ said, base }) => tableOf(said, base, known, input)),
    idMapTable: input.idMapTable,
  };
}

type Known = ReadonlyMap<string, { readonly said: MergeTable; readonly base: Base }>;

function tableOf(said: MergeTable, base: Base, known: Known, input: SpecInput): TableSpec {
  const { table, madeFrom, parts } = base;
  const references = referencesOf(said, base, known);
  const referring = new Set(references.flatMap(({ columns }) => columns.map((name) => name.toLowerCase())));
  const added = addedColumns(said, table, parts);
  const normaliserOf = (name: string): Normaliser => {
    if (referring.has(name.toLowerCase())) return 'exact';
    const found = parts.flatMap(({ aligned }) =>
      [...aligned.names].flatMap(([from, to]) => (to === name ? [aligned.normalisers.get(from) ?? 'exact'] : [])),
    );
    return found.find((one) => one !== 'exact') ?? 'exact';
  };
  const columns: ColumnSpec[] = [
    ...table.columns
      .filter(({ generated }) => !generated)
      .map(({ name, type }) => ({ name, type, added: false, normaliser: normaliserOf(name) })),
    ...[...added.values()].map(({ name, type }): ColumnSpec => ({ name, type, added: true, normaliser: 'exact' })),
  ];
  const name = (one: string): string => columns.find((column) => sameName(column.name, one))?.name ?? one;
  const identity: TableSpec['identity'] =
    said.identity === 'row'
      ? { kind: 'row' }
      : said.identity === 'none'
        ? { kind: 'none' }
        : {
            kind: 'key',
            columns: said.identity.map(name),
            ...(said.agreeing ? { agreeing: { began: began(table) } } : {}),
          };
  const differ = Object.entries(said.differ).flatMap(([column, policy]): [string, Policy][] =>
    policy === 'ask' ? [] : [[name(column), policy]],
  );
  return {
    table: table.name,
    madeFrom,
    columns,
    identity,
    surrogate: surrogateOf(table, said),
    references,
    parts: parts.map((part) => partOf(part, said, { ...base, added }, references, input)),
    differ: Object.fromEntries(differ),
    timeColumn: said.newest === null ? null : name(said.newest),
    deleted: said.deleted === 'stays' ? 'stays' : 'returns',
  };
}

/** By plain name: columns that the target gets from sources, or that code asks for. */
function addedColumns(
  said: MergeTable,
  table: Table,
  parts: readonly BasePart[],
): ReadonlyMap<string, { readonly name: string; readonly type: string }> {
  const found = new Map<string, { name: string; type: string }>();
  for (const { aligned } of parts)
    for (const { name, type } of aligned.onlySource)
      if (saidOf(said, name) === ADD && !found.has(name.toLowerCase())) found.set(name.toLowerCase(), { name, type });
  for (const [name, type] of Object.entries(said.add))
    if (!table.columns.some((one) => sameName(one.name, name)) && !found.has(name.toLowerCase()))
      found.set(name.toLowerCase(), { name, type });
  return found;
}

function saidOf({ columns }: MergeTable, name: string): string | undefined {
  return Object.entries(columns).find(([from]) => sameName(from, name))?.[1];
}

function partOf(
  { source, store, table, aligned }: BasePart,
  said: MergeTable,
  { table: base, added }: Base & { readonly added: ReadonlyMap<string, { readonly name: string }> },
  references: readonly ReferenceSpec[],
  { ancestors, sources, target }: SpecInput,
): PartSpec {
  const columns: Record<string, ColumnSource> = {};
  const leftOut: string[] = [];
  const lookups: LookupSpec[] = [];
  for (const [from, to] of aligned.names) {
    const lookup = aligned.lookups.get(from);
    if (lookup !== undefined) {
      const as = writeLookup(lookup);
      columns[to] = { from: as };
      lookups.push({ from, as, table: lookup.table, by: lookup.by, gives: keyFor(to, lookup.table, base, target) });
      continue;
    }
    const [own, theirs] = [base, table].map((one, i) => one.columns.find(({ name }) => name === (i === 0 ? to : from)));
    const form = own === undefined || theirs === undefined ? null : formOf(own, theirs, isText(store));
    columns[to] = form === null ? { from } : { from, form };
  }
  for (const { name } of aligned.onlySource) {
    const to = added.get(name.toLowerCase());
    if (to === undefined) leftOut.push(name);
    else columns[to.name] = { from: name };
  }
  for (const [column, fill] of Object.entries(said.fill)) {
    const own = base.columns.find(({ name }) => sameName(name, column));
    if (own !== undefined && columns[own.name] === undefined && fill !== null) columns[own.name] = { fill };
  }
  // A key of the target stays what it is, whatever the file or another source calls its own.
  const idsOf: Record<string, number | 'target'> = Object.fromEntries(
    [...aligned.lookups.keys()].map((from) => [aligned.names.get(from) ?? '', 'target' as const]),
  );
  for (const text of said.references) {
    const found = readReference(text);
    const from = found?.idsOf[store.path];
    const [column] = found?.spec.columns ?? [];
    if (from === undefined || column === undefined) continue;
    const own =
      references.find(({ columns: [one] }) => one !== undefined && sameName(one, column))?.columns[0] ?? column;
    const at = sources.findIndex(({ path }) => path === from);
    if (from === target?.path) idsOf[own] = 'target';
    else if (at >= 0) idsOf[own] = at;
  }
  return {
    source,
    table: table.name,
    columns,
    leftOut,
    ancestor: ancestorOf(ancestors[source], columns, base, table),
    ...(Object.keys(idsOf).length === 0 ? {} : { idsOf }),
    ...(lookups.length === 0 ? {} : { lookups }),
  };
}

/** The column of the parent that a constraint names, else its key; '' where it has none. */
function keyFor(column: string, table: string, base: Table, target: Store | null): string {
  const parent = target?.tables.find(({ name, kind }) => kind === 'table' && sameName(name, table));
  const declared = base.foreignKeys.find(
    ({ columns, table: to }) => columns.length === 1 && sameName(columns[0] ?? '', column) && sameName(to, table),
  );
  const [own, ...more] = parent?.primaryKey ?? [];
  return declared?.parentColumns[0] ?? (more.length === 0 ? (own ?? '') : '');
}

function ancestorOf(
  known: AncestorTables | undefined,
  columns: Readonly<Record<string, ColumnSource>>,
  base: Table,
  source: Table,
): PartSpec['ancestor'] {
  if (known === undefined || known.ancestor === null) return null;
  const tables = known.tables.filter(({ kind }) => kind === 'table');
  const there =
    tables.find(({ name }) => sameName(name, base.name)) ?? tables.find(({ name }) => sameName(name, source.name));
  if (there === undefined) return null;
  const found = Object.entries(columns).flatMap(([to, from]): [string, string][] => {
    const names = 'from' in from ? [to, from.from] : [];
    const column = there.columns.find(({ name }) => names.some((one) => sameName(one, name)));
    return column === undefined ? [] : [[to, column.name]];
  });
  return { table: there.name, columns: Object.fromEntries(found) };
}

/** Those that constraints declare, to tables that are merged, the target's and then those of sources; then those that people accepted. */
function referencesOf(said: MergeTable, { table, parts }: Base, known: Known): readonly ReferenceSpec[] {
  const parentOf = (name: string): Table | undefined => known.get(name.toLowerCase())?.base.table;
  const own = table.foreignKeys.flatMap(({ columns, table: to, parentColumns }): ReferenceSpec[] => {
    const parent = sameName(to, table.name) ? table : parentOf(to);
    return parent === undefined ? [] : declared(columns, parent, parentColumns);
  });
  const covered = new Set(own.flatMap(({ columns }) => columns.map((name) => name.toLowerCase())));
  const ofSources = parts.flatMap((part) =>
    part.table.foreignKeys.flatMap(({ columns, table: to, parentColumns }): ReferenceSpec[] => {
      const parent = cameInto(part.store, to, known);
      const mine = columns.map((name) => columnThere(said, part, name));
      const theirs = parentColumns.map((name) => parent?.names.get(name) ?? name);
      const isNew = mine.every((name) => name !== undefined && !covered.has(name.toLowerCase()));
      return parent === undefined || !isNew ? [] : declared(mine as readonly string[], parent.table, theirs);
    }),
  );
  const accepted = said.references.flatMap((text): ReferenceSpec[] => {
    const spec = readReference(text)?.spec;
    const parent = spec === undefined ? undefined : parentOf(spec.to);
    return spec === undefined || parent === undefined ? [] : [{ ...spec, to: parent.name }];
  });
  const unique = new Map([...own, ...ofSources].map((one) => [JSON.stringify(one).toLowerCase(), one]));
  return [...unique.values(), ...accepted];
}

function declared(columns: readonly string[], parent: Table, parentColumns: readonly string[]): ReferenceSpec[] {
  const toColumns = parentColumns.length > 0 ? parentColumns : parent.primaryKey;
  const exists = toColumns.every((one) => parent.columns.some(({ name }) => sameName(name, one)));
  if (!exists || toColumns.length !== columns.length) return [];
  return [{ kind: 'declared', columns, to: parent.name, toColumns }];
}

/** The column that a column of a source's table comes into. */
export function columnThere(said: MergeTable, { aligned }: BasePart, name: string): string | undefined {
  return aligned.names.get(name) ?? (saidOf(said, name) === ADD ? name : undefined);
}

/** The table that a table of a store comes into, and its columns there. */
function cameInto(
  store: Store,
  name: string,
  known: Known,
): { readonly table: Table; readonly names: ReadonlyMap<string, string> } | undefined {
  for (const { base } of known.values()) {
    const part = base.parts.find((one) => one.store.path === store.path && sameName(one.table.name, name));
    if (part !== undefined) return { table: base.table, names: part.aligned.names };
  }
  return undefined;
}
