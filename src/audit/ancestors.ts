/**
 * Looks for an earlier common state of two diverged stores: among the project's backups, then in git history. It tells a
 * row that is new here from a row that was deleted there, which no comparison of two files can (trap R17).
 */
import { statSync } from 'node:fs';
import type { Git } from '../project/git.ts';
import type { Store, Table } from '../stores/model.ts';
import { UnreadableStore } from '../stores/reader.ts';
import { isCompared, isText } from './compared-tables.ts';
import type { Ancestor, AncestorTable, StoreRelation, TableComparison } from './model.ts';
import { openable, type Session } from './session.ts';

/** Versions of a path that are fetched from git, newest first, and the largest that is. */
const VERSIONS = 10;
const VERSION_BYTES = 256 * 1024 * 1024;
/** An ancestor shares at least this part of its rows with both descendants. */
const SHARED = 0.5;

interface Candidate {
  readonly from: string;
  readonly commit?: string;
  readonly at: string;
  readonly file: () => Promise<{ readonly file: string; readonly tables: readonly Table[] }>;
}

/** A candidate with what it measures against both stores. */
export interface State extends Pick<Candidate, 'from' | 'commit' | 'at'> {
  readonly tables: readonly AncestorTable[];
}

export async function findAncestors(
  session: Session,
  stores: readonly Store[],
  relations: readonly StoreRelation[],
  git: Git | null,
): Promise<readonly Ancestor[]> {
  const byId = new Map(stores.map((store) => [store.id, store]));
  const found: Ancestor[] = [];
  for (const relation of relations) {
    const [a, b] = [byId.get(relation.a), byId.get(relation.b)];
    if (relation.kind !== 'diverged' || a === undefined || b === undefined) continue;
    if (isText(a) || isText(b) || a.role === 'backup' || b.role === 'backup') continue;
    const ancestor = await ancestorOf(session, a, b, relation.tables, stores, git);
    if (ancestor !== undefined) found.push(ancestor);
  }
  return found;
}

/** The best ancestor of two stores for their diverged tables, or `undefined`. */
export async function ancestorOf(
  session: Session,
  a: Store,
  b: Store,
  tables: readonly TableComparison[],
  stores: readonly Store[],
  git: Git | null,
): Promise<Ancestor | undefined> {
  const diverged = tables.filter(isThreeWay);
  if (diverged.length === 0) return undefined;
  const candidates = [...backups(session, a, b, stores), ...(await versions(session, a, b, git))];
  const key = [a, b]
    .map((store) => session.stamps.get(store.path) ?? '')
    .concat(
      candidates.map(({ from, at }) => `${from} ${at}`),
      diverged.map((table) => table.a.table),
    )
    .join('\n');
  const known = session.cache.ancestor(key);
  if (known !== undefined) return known ?? undefined;
  const states: State[] = [];
  for (const candidate of candidates.toSorted((x, y) => (x.at < y.at ? -1 : x.at > y.at ? 1 : 0))) {
    states.push({ ...candidate, tables: await measure(session, a, b, diverged, candidate) });
  }
  const fork = lastCommon(states);
  const ancestor = fork === undefined ? undefined : toAncestor(a, b, fork);
  session.cache.keepAncestor(key, ancestor ?? null);
  return ancestor;
}

function toAncestor(a: Store, b: Store, { from, commit, at, tables }: State): Ancestor {
  return { a: a.id, b: b.id, from, ...(commit === undefined ? {} : { commit }), at, tables: tables.filter(isAncestor) };
}

/** Compared exactly, by a key: what a three-way comparison can be asked of. */
function isThreeWay(table: TableComparison): boolean {
  const chosen = table.keys.find((key) => key.chosen);
  return table.relation === 'diverged' && table.method === 'exact' && chosen !== undefined && chosen.kind !== 'row';
}

function backups(session: Session, a: Store, b: Store, stores: readonly Store[]): readonly Candidate[] {
  const seen = new Set([a.sha256, b.sha256].filter((hash) => hash !== undefined));
  return stores
    .filter((store) => store.kind === 'sqlite' && store.status === 'verified' && store.role === 'backup')
    .filter((store) => {
      if (store.sha256 === undefined) return true;
      const fresh = !seen.has(store.sha256);
      seen.add(store.sha256);
      return fresh;
    })
    .map((store) => ({
      from: store.id,
      at: store.freshness?.at ?? store.modified,
      file: async () => ({ file: (await openable(session, store)).file, tables: store.tables }),
    }));
}

async function versions(session: Session, a: Store, b: Store, git: Git | null): Promise<readonly Candidate[]> {
  if (git === null) return [];
  const found: Candidate[] = [];
  const seen = new Set<string>();
  for (const store of [a, b]) {
    if (store.git !== 'tracked' && store.git !== 'ignored-tracked') continue;
    for (const version of await git.history(store.path, VERSIONS)) {
      if (version.bytes === 0 || version.bytes > VERSION_BYTES || seen.has(version.blob)) continue;
      seen.add(version.blob);
      const short = version.commit.slice(0, 10);
      found.push({
        from: `${store.path}@${short}`,
        commit: version.commit,
        at: version.at,
        file: async () => {
          const file = session.scratch.file('.db');
          await git.extract(version.blob, file);
          const options = { sampleRows: 0, digestRows: 0, integrity: false, freshness: false, now: 0 };
          const source = { file, kind: 'sqlite' } as const;
          const { tables } = await session.pool.ask(
            'contents',
            { source, settle: true, options },
            session.seconds(version.bytes),
          );
          return { file, tables };
        },
      });
    }
  }
  return found;
}

async function measure(
  session: Session,
  a: Store,
  b: Store,
  diverged: readonly TableComparison[],
  candidate: Candidate,
): Promise<readonly AncestorTable[]> {
  try {
    const { file, tables } = await candidate.file();
    const inputs = diverged.flatMap((comparison) => {
      const tableA = a.tables.find(({ name }) => name === comparison.a.table);
      const tableB = b.tables.find(({ name }) => name === comparison.b.table);
      const tableC = tables
        .filter(isCompared)
        .find(({ name }) => name === comparison.a.table || name === comparison.b.table);
      if (tableA === undefined || tableB === undefined || tableC === undefined) return [];
      const input = columnsOf(comparison, tableC);
      return input === undefined ? [] : [{ a: tableA, b: tableB, c: tableC, ...input }];
    });
    if (inputs.length === 0) return [];
    const [left, right] = [await openable(session, a), await openable(session, b)];
    const request = { a: left.file, b: right.file, c: file, inputs };
    const measured = await session.pool.ask(
      'threeWay',
      request,
      session.seconds(statSync(file).size + a.bytes + b.bytes),
    );
    return measured.flatMap((table, i) => {
      const name = inputs[i]?.a.name ?? '';
      return isKept(table) ? [{ table: name, ...table }] : [];
    });
  } catch (error) {
    // A backup that cannot be read is no ancestor; the store itself is reported as not verified elsewhere.
    if (error instanceof UnreadableStore) return [];
    throw error;
  }
}

type Names = readonly (readonly [string, string, string])[];

/** Names of key and columns in all three; `undefined` where the earlier state lacks a part of the key. */
function columnsOf(
  comparison: TableComparison,
  c: Table,
): { readonly key: Names; readonly columns: Names } | undefined {
  const chosen = comparison.keys.find((key) => key.chosen)?.columns ?? [];
  const triples: Names = comparison.columns.flatMap((pair) => {
    const there = c.columns.find(({ name }) => name === pair.a || name === pair.b);
    return there === undefined ? [] : [[pair.a, pair.b, there.name] as const];
  });
  const key = triples.filter(([name]) => chosen.includes(name));
  return key.length === chosen.length ? { key, columns: triples } : undefined;
}

/** Both sides still hold most of it: what shares less is another generation. */
function isKept(table: Omit<AncestorTable, 'table'>): boolean {
  const kept = (deleted: number): boolean => (table.rows - deleted) / table.rows >= SHARED;
  return table.rows > 0 && kept(table.deletedInA) && kept(table.deletedInB);
}

/** Both sides moved on: a state equal to a side tells nothing. Where each row changed on both, neither does it. */
function isAncestor(table: AncestorTable): boolean {
  const moved = (changed: number, deleted: number, added: number): boolean => changed + deleted + added > 0;
  return (
    table.changedInBoth < table.rows - Math.max(table.deletedInA, table.deletedInB) &&
    moved(table.changedInA, table.deletedInA, table.addedInA) &&
    moved(table.changedInB, table.deletedInB, table.addedInB)
  );
}

/**
 * The state where the two parted: the newest that no older one is nearer to either store. A backup of one store that was taken
 * after they parted lies between them, but an older state is nearer to the other store; taken for the ancestor, it
 * would call a row that was deleted before it an addition, and bring it back. `states`: oldest first.
 */
export function lastCommon(states: readonly State[]): State | undefined {
  return states.findLast(
    (state, i) => state.tables.some(isAncestor) && !states.slice(0, i).some((older) => isNearer(older, state)),
  );
}

/** Compared over the tables that both were measured in. */
function isNearer(older: State, newer: State): boolean {
  const both = older.tables.flatMap((table) => {
    const other = newer.tables.find((one) => one.table === table.table);
    return other === undefined ? [] : [[table, other] as const];
  });
  return (['A', 'B'] as const).some((side) => {
    const sum = (which: 0 | 1): number => both.reduce((total, pair) => total + distance(pair[which], side), 0);
    return both.length > 0 && sum(0) < sum(1);
  });
}

/** Rows that have to change to get from the state to one of the stores. */
function distance(table: AncestorTable, side: 'A' | 'B'): number {
  return table[`changedIn${side}`] + table[`deletedIn${side}`] + table[`addedIn${side}`];
}
