/**
 * Makes what the merges of a phase put into their targets, from the snapshots that the backup of the run holds, while everybody else is kept
 * out of the stores. Every row is compared with its source before the file counts; whatever is found wrong, nothing was begun.
 */
import { openCache } from '../audit/cache.ts';
import type { Audit } from '../audit/model.ts';
import { openSession, type Session } from '../audit/session.ts';
import { count, list } from '../audit/wording.ts';
import { type RecordedPath, shownPath } from '../disk/paths.ts';
import { DesprawlError } from '../errors.ts';
import type { Companion } from '../journal/run-folder.ts';
import type { DeclaredResult } from '../merge/declared/model.ts';
import { tablesOfCode } from '../merge/declared/tables-of-code.ts';
import { declaredTroubles } from '../merge/declared/troubles.ts';
import type { MergeRequest, MergeResult, MergeVerification } from '../merge/model.ts';
import { staleDeclared, staleMerge } from '../merge/propose/counted.ts';
import { askVerification } from '../merge/verify/ask-verification.ts';
import type { CompiledMerge, CompiledPhase } from '../plan/compile/model.ts';
import { type MadeFile, withMade } from '../plan/compile/pending.ts';
import { assertSpace } from '../state/space.ts';
import type { Store } from '../stores/model.ts';
import { UnreadableStore } from '../stores/reader.ts';
import { openObjects, type StoredObjects } from '../vault/objects.ts';
import type { AboutMerge } from '../verify/model.ts';
import { ancestorFiles, filesToMerge, type MadeBefore, stale, type Taken } from './files-to-merge.ts';
import { keptIds } from './follow-port.ts';
import type { ProjectGround } from './ground.ts';
import { noSpace } from './with-session.ts';

export interface MergesMade {
  /** With the contents that were made. */
  readonly phase: CompiledPhase;
  readonly about: readonly AboutMerge[];
  /** Until `close`. */
  readonly ledgers: readonly Companion[];
  close(): void;
}

/** Of a store of the project, or of a text file: the content in the vault that a merge reads. */
export type SnapshotOf = (path: string) => { readonly sha256: string; readonly bytes: number } | null;

export interface MakeMerges {
  readonly phase: CompiledPhase;
  readonly audit: Audit;
  readonly snapshotOf: SnapshotOf;
  /** By action: `table rule` of rows that the review had stay out. */
  readonly rules: ReadonlyMap<string, readonly string[]>;
}

/** A merged file, its ledger and what sorts need, at the most. */
const TIMES_THE_STORES = 3;

/** Throws `DSP-PLAN-STALE`, `DSP-MERGE-UNBALANCED`, `DSP-STORE-UNREADABLE`, `DSP-NO-SPACE`. */
export async function makeMerges(ground: ProjectGround, request: MakeMerges): Promise<MergesMade> {
  const { phase } = request;
  if (phase.merges.length === 0) return { phase, about: [], ledgers: [], close: () => {} };
  const session = openSession({
    root: ground.root,
    scratchDir: ground.scratchDir,
    timeoutSeconds: ground.config.audit.timeout,
    cache: openCache(null, ground.root, ''),
    signal: ground.signal,
  });
  try {
    const pending = new Map<string, MadeFile>();
    const made = new Map<string, Made>();
    const about: AboutMerge[] = [];
    const ledgers: Companion[] = [];
    const objects = openObjects(ground.disk, ground.state.vault);
    for (const [done, merge] of phase.merges.entries()) {
      ground.onProgress?.({ phase: 'merge', done, total: phase.merges.length, item: merge.target });
      const one = await within(ground, merge, () => makeOne(ground, session, objects, merge, request, made));
      const stored = objects.put({ file: one.merged });
      const { action, target, spec, settles, follows } = merge;
      made.set(merge.action, one);
      pending.set(merge.pending, stored);
      const ledger = `ledger-${action}.db`;
      ledgers.push({ name: ledger, from: one.ledger });
      const { snapshots, result, declared } = one;
      const own = { action, target, ledger, spec, snapshots, merged: stored.sha256, result, declared };
      about.push({
        ...own,
        ...(settles === undefined ? {} : { settles: settles.merge }),
        ...(follows === undefined ? {} : { follows: follows.of }),
      });
    }
    const needed = phase.merges.map((one) => one.pending);
    return { phase: withMade(phase, needed, pending), about, ledgers, close: () => session.close() };
  } catch (error) {
    session.close();
    throw error;
  }
}

async function within<T>({ scratchDir }: ProjectGround, { action }: CompiledMerge, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UnreadableStore)) throw error;
    if (error.reason === 'no-space') throw noSpace(scratchDir, error);
    throw new DesprawlError('DSP-STORE-UNREADABLE', `${action}: ${error.message}. Nothing was begun.`, {
      cause: error,
    });
  }
}

interface Made extends MadeBefore {
  readonly snapshots: AboutMerge['snapshots'];
  readonly result: MergeResult;
  readonly declared: DeclaredResult;
}

async function makeOne(
  ground: ProjectGround,
  session: Session,
  objects: StoredObjects,
  merge: CompiledMerge,
  { snapshotOf, rules, audit }: MakeMerges,
  before: ReadonlyMap<string, Made>,
): Promise<Made> {
  const { stores } = audit;
  const taken = (path: string): Taken => {
    const found = snapshotOf(path);
    if (found === null) throw new UnreadableStore('vanished', `${path} is not in the backup of the run`);
    return { ...found, file: shownPath(objects.pathOf(found.sha256) as RecordedPath) };
  };
  const storeOf = (path: string): Store | undefined => stores.find((one) => one.path === path);
  const target = snapshotOf(merge.target) === null ? null : taken(merge.target);
  const sources = merge.sources.map((path) => taken(path));
  const bytes = [target, ...sources].reduce((sum, one) => sum + (one?.bytes ?? 0), 0);
  assertSpace(ground.disk, [
    { path: session.scratch.dir, bytes: bytes * TIMES_THE_STORES, for: `merging into ${merge.target}` },
    { path: ground.state.vault, bytes, for: 'what is merged' },
  ]);
  const seconds = session.seconds(bytes * TIMES_THE_STORES);
  const inputs = { merge, before, target: target?.file ?? null, taken: sources, storeOf, seconds };
  const { files, sha256 } = await filesToMerge(ground, session, objects, inputs);
  const request: MergeRequest = {
    spec: merge.spec,
    files: {
      target: target?.file ?? null,
      sources: files,
      ancestors: await ancestorFiles(session, merge.ancestors, files.length, storeOf),
    },
    merged: session.scratch.file('.merged.db'),
    ledger: session.scratch.file('.ledger.db'),
    target: { path: merge.target, sha256: target?.sha256 ?? null },
    sha256,
  };
  const reviewed = rules.get(merge.action) ?? [];
  const result = await session.pool.ask('merge', request, seconds);
  const kept = merge.follows === undefined ? null : keptIds(result);
  if (kept !== null) throw stale(merge, [kept]);
  assertReviewed(merge, staleMerge(reviewed, result));
  const { spec, merged, ledger } = request;
  const verified = await askVerification(session.pool, { spec, files: request.files, merged, ledger }, seconds);
  assertBalanced(merge, verified);
  const filesBefore = new Map([
    [merge.target, request.files.target],
    ...spec.sources.map(({ path, kind }, i) => [path, kind !== 'sqlite' ? null : (files[i] ?? null)] as const),
  ]);
  const declared = await declaredTroubles(
    {
      tables: tablesOfCode(spec, merge.target, audit),
      merged,
      fileOf: (path) => filesBefore.get(path) ?? null,
      facts: audit,
    },
    (one) => session.pool.ask('smokeOpen', one, seconds),
  );
  assertReviewed(merge, staleDeclared(reviewed, declared));
  const snapshots = { target: request.target.sha256, sources: sha256 };
  return {
    merged,
    ledger,
    sources: files,
    snapshots,
    result: { ...result, notVerified: [...result.notVerified, ...verified.notVerified] },
    declared,
  };
}

/** Rows may come and go after the review; what nobody decided about may not. */
function assertReviewed(merge: CompiledMerge, found: readonly string[]): void {
  if (found.length > 0) throw stale(merge, found);
}

function assertBalanced({ action, spec }: CompiledMerge, { problems }: MergeVerification): void {
  if (problems.length === 0) return;
  const shown = problems.slice(0, 3).map(({ table, source, rows, detail }) => {
    const where = source === null ? table : `${table} of ${source}`;
    return `${where}: ${detail} (${count(rows, 'row')})`;
  });
  throw new DesprawlError(
    'DSP-MERGE-UNBALANCED',
    `${action}: not every row of ${list(
      spec.sources.map(({ path }) => path),
      3,
    )} is accounted for: ${shown.join('; ')}. Nothing was begun.`,
  );
}
