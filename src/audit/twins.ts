/**
 * Finds tables that hold the same kind of rows in different stores and measures how they differ; sums up what that makes
 * of the stores. Byte-equal stores are compared once; what was compared by sample never counts as proven.
 */
import type { Comparison } from '../rows/compare-tables.ts';
import { kinship } from '../rows/related.ts';
import { tableIndex } from '../rows/table-index.ts';
import type { Store, Table } from '../stores/model.ts';
import { UnreadableStore } from '../stores/reader.ts';
import { byteEqual, groupByBytes } from './byte-equal.ts';
import type { KeptPair } from './cache.ts';
import { comparedTables, isText } from './compared-tables.ts';
import type { StoreRelation, TableComparison } from './model.ts';
import { assertUnchanged, openable, type Session } from './session.ts';
import { storeRelation } from './store-relation.ts';

export interface TwinOptions {
  /** Compare every row, however large a table is. */
  readonly exact: boolean;
  readonly onPair?: (done: number, total: number, item: string) => void;
}

/** Tables up to this size are compared row by row in an audit; larger ones by sample, unless `--exact`. */
export const EXACT_ROWS = 100_000;
const SAMPLE_ROWS = 400;
/** Tables of other names are compared with at most this many of one store. */
const STRANGERS = 2;

export interface Twins {
  readonly relations: readonly StoreRelation[];
  /** Pairs that could not be compared, with the reason. */
  readonly notCompared: readonly { readonly a: string; readonly b: string; readonly why: string }[];
}

export async function findTwins(session: Session, stores: readonly Store[], options: TwinOptions): Promise<Twins> {
  const readable = stores.filter((store) => store.status === 'verified' && comparedTables(store).length > 0);
  const { representatives, copies } = groupByBytes(readable);
  const pairs = candidatePairs(representatives);
  const relations: StoreRelation[] = copies.map(([member, first]) => byteEqual(member, first));
  const notCompared: { a: string; b: string; why: string }[] = [];
  let done = 0;
  const compareOne = async ({ a, b, tables }: CandidatePair): Promise<void> => {
    try {
      const compared = await compareStores(session, a, b, tables, options.exact ? Number.MAX_SAFE_INTEGER : EXACT_ROWS);
      const relation = storeRelation(a, b, [...compared, ...namesakes(a, b)]);
      if (relation !== undefined) relations.push(relation);
    } catch (error) {
      if (!(error instanceof UnreadableStore)) throw error;
      notCompared.push({ a: a.id, b: b.id, why: error.message });
    }
    options.onPair?.(++done, pairs.length, `${a.id} · ${b.id}`);
  };
  // A few at a time: each waits for a child process anyway, and staging needs room.
  const queue = [...pairs];
  await Promise.all(
    Array.from({ length: 2 }, async () => {
      for (let pair = queue.shift(); pair !== undefined; pair = queue.shift()) await compareOne(pair);
    }),
  );
  const order = (x: { a: string; b: string }, y: { a: string; b: string }): number =>
    compareText(x.a, y.a) || compareText(x.b, y.b);
  return { relations: relations.sort(order), notCompared: notCompared.sort(order) };
}

const compareText = (x: string, y: string): number => (x < y ? -1 : x > y ? 1 : 0);

interface CandidatePair {
  readonly a: Store;
  readonly b: Store;
  readonly tables: readonly { readonly a: Table; readonly b: Table }[];
}

/** Exports and backups stand on the left, what is in use on the right: "a is a … of b" then reads as people say it. */
function candidatePairs(stores: readonly Store[]): readonly CandidatePair[] {
  const rank = (store: Store): number =>
    isText(store) ? 0 : store.role === 'backup' ? 1 : store.role === 'fixture' ? 2 : 3;
  const ordered = [...stores].sort((x, y) => rank(x) - rank(y) || compareText(x.id, y.id));
  const pairs: CandidatePair[] = [];
  ordered.forEach((a, i) => {
    for (const b of ordered.slice(i + 1)) {
      // Generations of backups are compared with what is in use, not with each other.
      if (a.role === 'backup' && b.role === 'backup') continue;
      if (a.foreign !== undefined || b.foreign !== undefined) continue;
      const tables = tablePairs(a, b);
      if (tables.length > 0 || namesakes(a, b).length > 0) pairs.push({ a, b, tables });
    }
  });
  return pairs;
}

/** Tables of two stores that are worth comparing: namesakes, and others that share columns and values. */
export function tablePairs(a: Store, b: Store): readonly { readonly a: Table; readonly b: Table }[] {
  const textual = isText(a) || isText(b);
  const among = kinOf(b);
  const names = new Set(a.tables.map(({ name }) => name.toLowerCase()));
  return comparedTables(a).flatMap((mine) => {
    const kin = among(mine).filter((theirs) => kinship(mine, theirs, textual) === 'same-kind');
    const namesake = kin.filter((theirs) => theirs.name.toLowerCase() === mine.name.toLowerCase());
    const others = kin
      .filter((theirs) => !namesake.includes(theirs) && !names.has(theirs.name.toLowerCase()))
      .slice(0, STRANGERS);
    return [...namesake, ...others].map((theirs) => ({ a: mine, b: theirs }));
  });
}

/** Tables of a store that could be kin to one of another. */
function kinOf(store: Store): (table: Table) => readonly Table[] {
  const compared = new Set(comparedTables(store));
  return (table) =>
    tableIndex(store.tables)
      .candidates(table)
      .filter((one) => compared.has(one));
}

/** Tables of one name that hold different things (trap R5): said, never compared. */
function namesakes(a: Store, b: Store): readonly TableComparison[] {
  const textual = isText(a) || isText(b);
  const among = kinOf(b);
  return comparedTables(a).flatMap((mine) =>
    among(mine)
      .filter((theirs) => theirs.name.toLowerCase() === mine.name.toLowerCase())
      .filter((theirs) => (mine.rows ?? 0) + (theirs.rows ?? 0) > 0)
      .filter((theirs) => kinship(mine, theirs, textual) === 'name-only')
      .map((theirs) => unrelated(a, mine, b, theirs)),
  );
}

function unrelated(a: Store, mine: Table, b: Store, theirs: Table): TableComparison {
  return {
    a: { store: a.id, table: mine.name },
    b: { store: b.id, table: theirs.name },
    relation: 'unrelated',
    rowsA: mine.rows ?? 0,
    rowsB: theirs.rows ?? 0,
    same: 0,
    onlyA: mine.rows ?? 0,
    onlyB: theirs.rows ?? 0,
    conflicting: 0,
    ambiguous: 0,
    idCollisions: 0,
    keys: [],
    columns: [],
    columnsOnlyA: mine.columns.map(({ name }) => name),
    columnsOnlyB: theirs.columns.map(({ name }) => name),
    method: 'exact',
  };
}

/** Measures table pairs of two stores, from the cache where neither changed. Throws `UnreadableStore`. */
export async function compareStores(
  session: Session,
  a: Store,
  b: Store,
  tables: CandidatePair['tables'],
  exactRows: number,
): Promise<readonly TableComparison[]> {
  if (tables.length === 0) return [];
  const named = (pair: {
    readonly a: string;
    readonly b: string;
    readonly comparison: Comparison;
  }): TableComparison => ({
    a: { store: a.id, table: pair.a },
    b: { store: b.id, table: pair.b },
    ...pair.comparison,
  });
  const stamp = (store: Store): string => session.stamps.get(store.path) ?? '';
  const key = { a: `${a.id} ${exactRows}`, stampA: stamp(a), b: b.id, stampB: stamp(b) };
  const kept = session.cache.pair(key);
  if (kept !== undefined) return kept.map(named);
  const [left, right] = [await openable(session, a), await openable(session, b)];
  const options = { textual: isText(a) || isText(b), exactRows, sampleRows: SAMPLE_ROWS };
  const seconds = session.seconds(a.bytes + b.bytes);
  const compared = await session.pool.ask('compare', { a: left.file, b: right.file, pairs: tables, options }, seconds);
  assertUnchanged(session, [a, b]);
  const measured: KeptPair[] = compared.map(({ comparison }, i) => ({
    a: tables[i]?.a.name ?? '',
    b: tables[i]?.b.name ?? '',
    comparison,
  }));
  session.cache.keepPair(key, measured);
  return measured.map(named);
}
