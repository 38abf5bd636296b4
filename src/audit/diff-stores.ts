/**
 * Compares two stores that were read: which tables belong together, all rows of these, what refers to them, and the state that
 * both stores came from.
 */
import { isAbsolute } from 'node:path';
import { DesprawlError } from '../errors.ts';
import type { CompareOptions } from '../rows/compare-sql.ts';
import type { TableSamples } from '../rows/sample-values.ts';
import type { Store, Table } from '../stores/model.ts';
import { sniffFiles } from '../stores/sniff.ts';
import { roleOf } from '../stores/store-role.ts';
import { ancestorOf } from './ancestors.ts';
import { isCompared, isText } from './compared-tables.ts';
import type { Diff, DiffOptions, DiffTable } from './diff-model.ts';
import { divideWork, type TablePair } from './divide-work.ts';
import type { Ancestor, TableComparison } from './model.ts';
import { readNamedStore, unreadableIsError } from './read-named-store.ts';
import { assertUnchanged, bothOf, openable, type Session } from './session.ts';
import { tablePairs } from './twins.ts';

/** Throws `DSP-STORE-UNREADABLE`, `DSP-TABLE-MISSING`. */
export async function diffStores(session: Session, a: Store, b: Store, options: DiffOptions): Promise<Diff> {
  const { root } = session;
  const pairs = choosePairs(a, b, options.table);
  const prepared = await prepare(session, a, b, pairs);
  // The other child looks for references while one compares.
  const [measured, references] = await bothOf(
    compareExactly(session, a, b, prepared, options),
    Promise.all(pairs.map((pair) => referencesOf(session, a, b, pair))),
  );
  await unreadableIsError(`${a.id} and ${b.id}`, async () => assertUnchanged(session, [a, b]));
  const comparisons = measured.map(({ comparison }) => comparison);
  let ancestors: readonly Ancestor[] = [];
  if (options.ancestors && comparisons.some(({ relation }) => relation === 'diverged') && !isText(a) && !isText(b)) {
    const { openGit } = await import('../project/git.ts');
    const inside = [a.path, b.path].filter((path) => !isAbsolute(path));
    const git = await openGit(root, inside);
    const stateOf = (path: string): Store['git'] => (inside.includes(path) ? git?.state(path) : undefined) ?? 'outside';
    const tracked = (store: Store): Store => ({ ...store, git: stateOf(store.path) });
    const others = await readBackups(session, root, [a.path, b.path]);
    const found = await ancestorOf(session, tracked(a), tracked(b), comparisons, others, git);
    ancestors = found === undefined ? [] : [found];
  }
  const tables = measured.map(({ comparison, samples }, i) => toDiffTable(comparison, references[i] ?? [], samples));
  return { version: 1, a: a.id, b: b.id, tables, ancestors, notCompared: notCompared(a, b, pairs, options.table) };
}

interface Measured {
  readonly comparison: TableComparison;
  readonly samples: TableSamples | undefined;
}

/** All that comparing asks of the children, with what they have measured together already. */
interface Prepared {
  readonly a: string;
  readonly b: string;
  readonly pairs: readonly TablePair[];
  readonly options: CompareOptions;
}

async function prepare(session: Session, a: Store, b: Store, pairs: Pairs): Promise<Prepared> {
  const [left, right] = [(await openable(session, a)).file, (await openable(session, b)).file];
  const options = { textual: isText(a) || isText(b), exactRows: Number.MAX_SAFE_INTEGER, sampleRows: 0 };
  const divided = await unreadableIsError(`${a.id} and ${b.id}`, () =>
    divideWork(session, left, right, pairs, options, session.seconds(a.bytes + b.bytes)),
  );
  return { a: left, b: right, pairs: divided, options };
}

async function compareExactly(
  session: Session,
  a: Store,
  b: Store,
  prepared: Prepared,
  options: DiffOptions,
): Promise<readonly Measured[]> {
  const { pairs } = prepared;
  if (pairs.length === 0) return [];
  const samples = options.showValues ? { limit: options.limit, textual: prepared.options.textual } : undefined;
  const request = { ...prepared, ...(samples === undefined ? {} : { samples }) };
  const compared = await unreadableIsError(`${a.id} and ${b.id}`, () =>
    session.pool.ask('compare', request, session.seconds(a.bytes + b.bytes)),
  );
  return compared.map(({ comparison, samples }, i) => ({
    comparison: {
      a: { store: a.id, table: pairs[i]?.a.name ?? '' },
      b: { store: b.id, table: pairs[i]?.b.name ?? '' },
      ...comparison,
    },
    samples,
  }));
}

type Pairs = readonly { readonly a: Table; readonly b: Table }[];

const isNamed = (table: Table, name: string): boolean => table.name.toLowerCase() === name.toLowerCase();

/** All tables that look related; with `--table`, whatever carries that name, however little it has in common. */
function choosePairs(a: Store, b: Store, table: string | undefined): Pairs {
  const related = tablePairs(a, b);
  if (table === undefined) return related.length > 0 ? related : onlyOneEach(a, b);
  const chosen = related.filter((pair) => isNamed(pair.a, table) || isNamed(pair.b, table));
  if (chosen.length > 0) return chosen;
  const mine = a.tables.find((one) => isNamed(one, table)) ?? (isText(a) ? a.tables[0] : undefined);
  const theirs = b.tables.find((one) => isNamed(one, table)) ?? (isText(b) ? b.tables[0] : undefined);
  if (mine !== undefined && theirs !== undefined && isCompared(mine) && isCompared(theirs))
    return [{ a: mine, b: theirs }];
  if (mine === undefined && theirs === undefined) {
    throw new DesprawlError('DSP-TABLE-MISSING', `Neither ${a.id} nor ${b.id} has a table ${table}.`);
  }
  const missing = mine === undefined ? a : b;
  throw new DesprawlError('DSP-TABLE-MISSING', `${missing.id} has no table that could be compared with ${table}.`, {
    hint: `Its tables: ${missing.tables.map(({ name }) => name).join(', ') || 'none'}.`,
  });
}

/** Two stores of one table each were named together: the user says that they belong together. */
function onlyOneEach(a: Store, b: Store): Pairs {
  const [mine, ...moreA] = a.tables.filter(isCompared);
  const [theirs, ...moreB] = b.tables.filter(isCompared);
  const alone = mine !== undefined && theirs !== undefined && moreA.length === 0 && moreB.length === 0;
  return alone ? [{ a: mine, b: theirs }] : [];
}

function notCompared(a: Store, b: Store, pairs: Pairs, table: string | undefined): Diff['notCompared'] {
  if (table !== undefined) return [];
  const left = (store: Store, side: 'a' | 'b', other: Store): Diff['notCompared'] =>
    store.tables
      .filter((one) => one.kind !== 'shadow' && !pairs.some((pair) => pair[side].name === one.name))
      .map((one) => ({ table: one.name, store: store.id, why: whyNot(one, other) }));
  return [...left(a, 'a', b), ...left(b, 'b', a)];
}

function whyNot(table: Table, other: Store): string {
  if (table.kind === 'view') return 'a view: it holds no rows of its own';
  if (table.rows === null) return table.note ?? 'it could not be read';
  if (other.tables.some((one) => isNamed(one, table.name)))
    return `${other.id} has a table of this name that holds something else`;
  return `${other.id} has no table like it`;
}

async function referencesOf(
  session: Session,
  a: Store,
  b: Store,
  pair: Pairs[number],
): Promise<DiffTable['references']> {
  const found = await Promise.all(
    (
      [
        [a, pair.a.name],
        [b, pair.b.name],
      ] as const
    ).map(async ([store, table]) => {
      if (isText(store)) return [];
      const tables = store.tables.filter(isCompared);
      const { file } = await openable(session, store);
      const references = await session.pool.ask('references', { file, table, tables }, session.seconds(store.bytes));
      return references.map(({ contained: _, ...reference }) => ({ ...reference, store: store.id }));
    }),
  );
  return found.flat();
}

/** Backups of the project, as candidates for an ancestor. What cannot be read is no candidate. */
async function readBackups(session: Session, root: string, without: readonly string[]): Promise<readonly Store[]> {
  const { walkProject } = await import('../project/walk.ts');
  const walk = walkProject(root, { ignore: [] });
  const siblings = new Set(walk.files.map(({ path }) => path));
  const backups = walk.files.filter(({ path }) => !without.includes(path) && roleOf(path, siblings).role === 'backup');
  const stores: Store[] = [];
  for (const found of sniffFiles(root, backups).stores) {
    if (found.kind !== 'sqlite' || found.status !== undefined) continue;
    try {
      stores.push({ ...(await readNamedStore(session, found.path)), role: 'backup' });
    } catch (error) {
      if (!(error instanceof DesprawlError) || error.code !== 'DSP-STORE-UNREADABLE') throw error;
    }
  }
  return stores;
}

function toDiffTable(
  comparison: TableComparison,
  references: DiffTable['references'],
  samples: TableSamples | undefined,
): DiffTable {
  const chosen = comparison.keys.find((key) => key.chosen);
  const { relation, same, onlyA, onlyB, conflicting, ambiguous, idCollisions, rowsA, rowsB, keys, columns } =
    comparison;
  return {
    a: comparison.a.table,
    b: comparison.b.table,
    relation,
    key: chosen?.columns ?? [],
    keyKind: chosen?.kind ?? 'row',
    same,
    onlyA,
    onlyB,
    conflicting,
    ambiguous,
    idCollisions,
    renumbered: comparison.renumbered ?? 0,
    rowsA,
    rowsB,
    keys,
    columns,
    columnsOnlyA: comparison.columnsOnlyA,
    columnsOnlyB: comparison.columnsOnlyB,
    references,
    ...(samples === undefined ? {} : { values: samples }),
  };
}
