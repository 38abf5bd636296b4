/**
 * Rows written since, store by store, while all of them are held: counted, kept aside, or carried into the stores as they were. What is to
 * be put back instead of the old bytes is built, compared and in the vault on return; nothing of the project is changed.
 * Whole because the sums that must balance are made and compared in one place.
 */
import type { ProjectGround } from '../../apply/ground.ts';
import type { LaterLine, NotVerified } from '../../apply/model.ts';
import type { Digest } from '../../disk/hash-file.ts';
import { ABSENT, type FileState, same } from '../../disk/path-state.ts';
import { keyOf, type RecordedPath, recordedPath, shownPath } from '../../disk/paths.ts';
import { copyNewFile } from '../../disk/write-file.ts';
import { DesprawlError } from '../../errors.ts';
import type { CarryStore, LaterResult } from '../../merge/carry/model.ts';
import { assertSpace } from '../../state/space.ts';
import { gitIndex } from '../../steps/git-index-file.ts';
import { lookAt } from '../../steps/place.ts';
import type { Ground } from '../../steps/primitive.ts';
import { openPool, type Pool } from '../../stores/child/pool.ts';
import { UnreadableStore } from '../../stores/reader.ts';
import { openScratch, type Scratch } from '../../stores/scratch.ts';
import { openObjects, type StoredObjects } from '../../vault/objects.ts';
import { secondsFor } from '../../vault/snapshot-store.ts';
import { recordedFile } from '../../vault/take-store.ts';
import type { PathChain } from '../chains.ts';
import type { RunsRead } from '../read-runs.ts';
import { findMerges, type Merge } from './merges.ts';
import type { Carried, LaterChoice, LaterRows } from './model.ts';
import { isWal, putIntoWal, type SnapshotNow, snapshotNow } from './snapshot-now.ts';

/** Several passes over all rows. */
const PASSES = 6;

export interface LaterWork {
  readonly ground: ProjectGround;
  readonly read: RunsRead;
  readonly merges: readonly Merge[];
  readonly pool: Pool;
  readonly scratch: Scratch;
  readonly objects: StoredObjects;
  /** Keeps a new content; who only looks does not. */
  put(file: string): Digest;
}

/** Calls `work` with what it needs; children and files are gone afterwards. Throws `DSP-ROLLBACK-LATER` where a ledger cannot be read. */
export async function withLater<T>(
  ground: ProjectGround,
  read: RunsRead,
  choice: LaterChoice,
  work: (on: LaterWork) => Promise<T>,
): Promise<T> {
  const objects = openObjects(ground.disk, ground.state.vault);
  const scratch = openScratch(ground.scratchDir);
  const pool = openPool({ size: 1, tempDir: scratch.dir, signal: ground.signal });
  try {
    const undoes = read.headers.map(({ run }) => run);
    // Whoever keeps the bytes as a whole needs no ledger.
    const merges = choice === 'carry' ? await findMerges(ground, pool, undoes) : [];
    return await work({ ground, read, merges, pool, scratch, objects, put: (file) => objects.put({ file }) });
  } catch (error) {
    if (!(error instanceof UnreadableStore)) throw error;
    throw new DesprawlError(
      'DSP-ROLLBACK-LATER',
      `Rows written since cannot be told apart: ${error.message}. Nothing was changed.`,
      {
        hint: '`desprawl rollback --later aside` keeps the whole stores in the vault.',
        cause: error,
      },
    );
  } finally {
    pool.close();
    scratch.close();
  }
}

/** Stores that carrying may write to: they are held with those that the steps change. */
export function storesOfMerges(merges: readonly Merge[]): readonly string[] {
  return merges.flatMap(({ stores }) => stores.flatMap(({ path, kind }) => (kind === 'sqlite' ? [path] : [])));
}

/** `changed`: main files of the stores that are not as the runs left them. */
export async function laterRows(
  on: LaterWork,
  changed: readonly RecordedPath[],
  choice: LaterChoice,
): Promise<LaterRows> {
  const lines: LaterLine[] = [];
  const carried: Carried[] = [];
  const files: { name: string; from: string }[] = [];
  const notVerified: NotVerified[] = [];
  for (const store of changed) {
    const found = await readable(laterOf(on, store, choice), choice);
    if ('why' in found)
      notVerified.push({ what: `rows of ${shownPath(store)} that were written since`, why: found.why });
    if ('why' in found || found.result === null) continue;
    const { result, aside, into } = found;
    const kept = result.tables.some((table) => table.aside > 0) && choice !== 'refuse';
    const name = kept ? `later-${files.length + 1}.jsonl` : null;
    if (name !== null) files.push({ name, from: aside });
    for (const { table, ...counts } of result.tables)
      lines.push({ store: shownPath(store), table, ...counts, file: name });
    carried.push(...into);
    notVerified.push(
      ...result.notVerified,
      ...result.schema.map((what) => ({
        what: shownPath(store),
        why: `${what} since; it is only in the bytes that are kept`,
      })),
    );
  }
  return { lines, carried, files, notVerified };
}

/** A store that cannot be read is kept as it is; nothing can be carried from it. */
async function readable(found: Promise<OneStore>, choice: LaterChoice): Promise<OneStore | { readonly why: string }> {
  try {
    return await found;
  } catch (error) {
    if (choice === 'carry' || !(error instanceof UnreadableStore)) throw error;
    return { why: error.message };
  }
}

interface OneStore {
  readonly result: LaterResult | null;
  readonly aside: string;
  readonly into: readonly Carried[];
}

async function laterOf(on: LaterWork, store: RecordedPath, choice: LaterChoice): Promise<OneStore> {
  const { ground, pool, scratch, objects } = on;
  const now = await snapshotNow(ground.disk, ground.root, store, on);
  const aside = scratch.file('.jsonl');
  if (now === null) return { result: null, aside, into: [] };
  const chain = on.read.chains.get(keyOf(store));
  const merge = on.merges.find((one) => one.target === store);
  const carries = choice === 'carry';
  if (carries) {
    const whole = await movedWhole(on, objects, chain, now);
    if (whole !== null) return { ...whole, aside };
  }
  if (carries && merge !== undefined) assertAlone(on, merge);
  const target = shownPath(store);
  const own = merge === undefined ? null : await storesOf(on, objects, merge, carries);
  const request = {
    mode: choice === 'refuse' ? ('count' as const) : choice,
    merged: leftThere(objects, chain),
    current: now.file,
    ledger: merge?.ledger ?? null,
    target: own?.target ?? { path: target, before: null, out: null, why: 'store-missing' as const },
    sources: own?.sources ?? [],
    work: scratch.file('.work'),
    aside,
  };
  const result = await pool.ask('later', request, secondsFor(PASSES * now.bytes));
  if (carries && merge !== undefined) assertNotFollowed(merge, result);
  const into: Carried[] = [];
  for (const path of result.written) {
    const one = [request.target, ...request.sources].find((known) => known.path === path);
    const first = own?.firsts.get(path);
    if (one === undefined || one.out === null || first === undefined) continue;
    into.push({ path, state: asWas(first, on.put(one.out)), action: merge?.action ?? '' });
  }
  // The main file and its log go back together or not at all: a store that nothing was carried into goes back as its bytes were.
  return { result, aside, into };
}

/** Owner and permissions as before; the time is that of now, since the content is new. */
function asWas({ mode, uid, gid }: FileState, content: { readonly sha256: string; readonly bytes: number }): FileState {
  return {
    kind: 'file',
    ...content,
    mode,
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
  };
}

/** What the last run left at the path. */
function leftThere(objects: StoredObjects, chain: PathChain | undefined): string | null {
  const last = chain?.last;
  return last?.kind === 'file' && objects.has(last.sha256) ? String(objects.pathOf(last.sha256)) : null;
}

interface OwnStores {
  readonly target: CarryStore;
  readonly sources: readonly CarryStore[];
  /** As their main files are to be but for the rows. By path. */
  readonly firsts: ReadonlyMap<string, FileState>;
}

async function storesOf(on: LaterWork, objects: StoredObjects, merge: Merge, carries: boolean): Promise<OwnStores> {
  const { ground } = on;
  const firsts = new Map<string, FileState>();
  const sources: CarryStore[] = [];
  let target: CarryStore = { path: merge.target, before: null, out: null, why: 'store-missing' };
  const sizes = merge.stores.map(({ sha256 }) =>
    sha256 !== null && objects.has(sha256) ? sizeOf(objects, sha256) : 0,
  );
  if (carries) {
    const bytes = sizes.reduce((sum, one) => sum + one, 0) * 2;
    assertSpace(ground.disk, [{ path: on.scratch.dir, bytes, for: 'the stores with their later rows' }]);
  }
  for (const { path, role, kind, sha256 } of merge.stores) {
    const { first, why } =
      kind !== 'sqlite' ? { first: null, why: 'text-store' as const } : await asItIsToBe(on, merge, path, sha256);
    const isThere = first !== null && sha256 !== null && objects.has(sha256);
    const store: CarryStore = isThere
      ? {
          path,
          before: String(objects.pathOf(sha256)),
          out: carries ? copyOf(on, objects, sha256, first) : null,
          why: null,
        }
      : { path, before: null, out: null, why: why ?? 'store-missing' };
    if (isThere) firsts.set(path, first);
    if (role === 'target') target = store;
    else sources.push(store);
  }
  return { target, sources, firsts };
}

/** The state that the rollback gives a store's main file, if it is the one that was merged. */
async function asItIsToBe(
  on: LaterWork,
  merge: Merge,
  path: string,
  sha256: string | null,
): Promise<{ readonly first: FileState | null; readonly why: CarryStore['why'] }> {
  const { ground, read } = on;
  const key = keyOf(path);
  const chain = read.chains.get(key);
  if (chain !== undefined) {
    const [first] = chain.states;
    const own = merge.chains.get(key)?.states[0];
    if (first.kind !== 'file') return { first: null, why: 'store-missing' };
    if (own === undefined || !same(own, first)) return { first: null, why: 'store-changed' };
    // Merged from a copy in another encoding: its rows have other addresses.
    return sha256 === null || isOneFormat(on.objects, first.sha256, sha256)
      ? { first, why: null }
      : { first: null, why: 'other-encoding' };
  }
  const state = lookAt(groundOf(ground), recordedPath(Buffer.from(path))).state;
  if (state.kind !== 'file') return { first: null, why: 'store-missing' };
  const now = await snapshotNow(ground.disk, ground.root, path, on);
  return now?.sha256 === sha256 ? { first: state, why: null } : { first: null, why: 'store-changed' };
}

function groundOf({ disk, root, state }: ProjectGround): Ground {
  return { root, disk, objects: openObjects(disk, state.vault), run: '', git: gitIndex(disk) };
}

/** Private, and in the mode that the store was in. */
function copyOf(on: LaterWork, objects: StoredObjects, sha256: string, first: FileState): string {
  const { disk } = on.ground;
  const file = on.scratch.file('.db');
  copyNewFile(disk, objects.pathOf(sha256), file);
  if (first.sha256 !== sha256 && wasWal(objects, first.sha256)) putIntoWal(disk, file);
  return file;
}

function wasWal(objects: StoredObjects, sha256: string): boolean {
  if (!objects.has(sha256)) return false;
  const file = objects.open(sha256);
  try {
    return isWal(file);
  } finally {
    file.close();
  }
}

/**
 * Page size and text encoding: what no log and no checkpoint changes. A file that has no header yet says nothing, nor one without a table
 * of the encoding: all of it is in its log (trap S1).
 */
function isOneFormat(objects: StoredObjects, main: string, snapshot: string): boolean {
  if (main === snapshot || !objects.has(main) || !objects.has(snapshot)) return true;
  const [a, b] = [headerOf(objects, main), headerOf(objects, snapshot)];
  if (a === null || b === null) return true;
  const [mine, other] = [a.readUInt32BE(56), b.readUInt32BE(56)];
  return a.subarray(16, 18).equals(b.subarray(16, 18)) && (mine === other || mine === 0 || other === 0);
}

function headerOf(objects: StoredObjects, sha256: string): Buffer | null {
  const header = Buffer.alloc(100);
  const file = objects.open(sha256);
  try {
    return file.read(header, 0) === header.length ? header : null;
  } finally {
    file.close();
  }
}

function sizeOf(objects: StoredObjects, sha256: string): number {
  const file = objects.open(sha256);
  try {
    return Number(file.stat().size);
  } finally {
    file.close();
  }
}

/** A store that a run only moved takes its rows along: what lies there now goes back to the old place, whole. */
async function movedWhole(
  on: LaterWork,
  objects: StoredObjects,
  chain: PathChain | undefined,
  now: SnapshotNow,
): Promise<Omit<OneStore, 'aside'> | null> {
  const { read, pool, scratch, ground } = on;
  if (chain?.last.kind !== 'file' || chain.origin === null || keyOf(chain.origin) === keyOf(chain.path)) return null;
  const first = read.chains.get(keyOf(chain.origin))?.states[0];
  if (first?.kind !== 'file' || !same(first, chain.last)) return null;
  const logs = ['-wal', '-journal'] as const;
  const hadLog = logs.some((suffix) => {
    const last = read.chains.get(keyOf(recordedFile(chain.path, suffix)))?.last ?? ABSENT;
    return last.kind !== 'absent' && !(last.kind === 'file' && last.bytes === 0);
  });
  const merged = leftThere(objects, chain);
  if (hadLog || merged === null) return null;
  const none: CarryStore = { path: shownPath(chain.path), before: null, out: null, why: null };
  const counted = await pool.ask(
    'later',
    {
      mode: 'count',
      merged,
      current: now.file,
      ledger: null,
      target: none,
      sources: [],
      work: scratch.file('.work'),
      aside: '',
    },
    secondsFor(PASSES * now.bytes),
  );
  if (wasWal(objects, first.sha256)) putIntoWal(ground.disk, now.file);
  const to = shownPath(chain.origin);
  const tables = counted.tables.map(({ inserted, changed, deleted, ...table }) => {
    const carried = inserted + changed + deleted;
    return { ...table, inserted, changed, deleted, carried, aside: 0, to: { [to]: carried } };
  });
  const state = asWas(first, on.put(now.file));
  return {
    result: { ...counted, tables, schema: [], notVerified: [] },
    into: [{ path: chain.origin, state, action: chain.action }],
  };
}

/** A later row's id means a row of the merged store; which one that was before, the ledger of this store does not say. */
function assertNotFollowed({ followed, target }: Merge, { tables }: LaterResult): void {
  for (const { table, column } of followed) {
    const one = tables.find((later) => later.table.toLowerCase() === table.toLowerCase());
    if (one === undefined || (one.inserted === 0 && (one.columns[column] ?? 0) === 0)) continue;
    throw new DesprawlError(
      'DSP-ROLLBACK-LATER',
      `${column} of later rows of ${table} in ${target} means rows of a merged store, which are taken back with it: they cannot be carried. Nothing was changed.`,
      { hint: '`desprawl rollback --later aside` keeps these rows in files, and the whole stores in the vault.' },
    );
  }
}

/** Two runs that both changed the store are taken back one after the other: rows go back through one ledger at a time. */
function assertAlone({ read }: LaterWork, merge: Merge): void {
  const key = keyOf(merge.target);
  const [all, own] = [read.chains.get(key), merge.chains.get(key)];
  if (all === undefined || own === undefined || (same(all.states[0], own.states[0]) && same(all.last, own.last)))
    return;
  const [newest] = read.headers;
  throw new DesprawlError(
    'DSP-ROLLBACK-LATER',
    `Several of these runs changed ${merge.target}, and rows written since can be carried back through one of them at a time. Nothing was changed.`,
    {
      hint: `Take them back one after the other: \`desprawl rollback ${newest?.run ?? merge.run} --later carry\` first.`,
    },
  );
}
