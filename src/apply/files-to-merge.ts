/**
 * The files that a merge is made of, sources in the order of its specification: snapshots as the vault has them, text staged, values of an earlier
 * ledger, ids behind a merge that was made just before.
 */
import { isUtf16, openableWhole, type Session } from '../audit/session.ts';
import { DesprawlError } from '../errors.ts';
import type { MergeAncestor } from '../merge/propose/model.ts';
import type { CompiledMerge } from '../plan/compile/model.ts';
import type { FollowAsked } from '../plan/follow-port.ts';
import type { SettleAsked } from '../plan/settle-port.ts';
import type { Store } from '../stores/model.ts';
import { UnreadableStore } from '../stores/reader.ts';
import type { StoredObjects } from '../vault/objects.ts';
import { stageFollowed } from './follow-port.ts';
import type { ProjectGround } from './ground.ts';
import { withLookUps } from './look-ups.ts';
import { stageSettled } from './settle-port.ts';
import { versionOf } from './store-version.ts';

export interface Taken {
  readonly sha256: string;
  readonly bytes: number;
  readonly file: string;
}

/** A merge of the phase that others follow. */
export interface MadeBefore {
  readonly merged: string;
  readonly ledger: string;
  /** As they were merged. */
  readonly sources: readonly string[];
}

export interface MergeInputs {
  readonly merge: CompiledMerge;
  /** By action. */
  readonly before: ReadonlyMap<string, MadeBefore>;
  /** The target as it is. */
  readonly target: string | null;
  /** Beside the sources of the merge. */
  readonly taken: readonly Taken[];
  readonly storeOf: (path: string) => Store | undefined;
  readonly seconds: number;
}

/** What was made of a store is kept as it was merged: a later version may read text in another way. Throws `DSP-PLAN-STALE`. */
export async function filesToMerge(
  ground: ProjectGround,
  session: Session,
  objects: StoredObjects,
  { merge, before, target, taken, storeOf, seconds }: MergeInputs,
): Promise<{ readonly files: readonly string[]; readonly sha256: readonly string[] }> {
  const files: string[] = [];
  const sha256: string[] = [];
  const keep = (file: string): void => {
    files.push(file);
    sha256.push(objects.put({ file }).sha256);
  };
  for (const [i, path] of merge.sources.entries()) {
    const { file, sha256: known } = taken[i] as Taken;
    const store = storeOf(path);
    if (store === undefined) throw new UnreadableStore('vanished', `${path} is no store any more`);
    if (isRead(store)) {
      files.push(file);
      sha256.push(known);
      continue;
    }
    const copy = await staged(session, store, file, seconds);
    await withLookUps(session, merge.spec, i, { file: copy, target, seconds });
    keep(copy);
  }
  if (merge.settles !== undefined) keep(await settled(ground, session, merge, merge.settles, target));
  if (merge.follows !== undefined) keep(await followed(session, merge, merge.follows, before, target, seconds));
  return { files, sha256 };
}

export function stale({ action }: CompiledMerge, found: readonly string[]): DesprawlError {
  return new DesprawlError('DSP-PLAN-STALE', `${action}: ${found.slice(0, 3).join('; ')}. Nothing was applied.`);
}

/** Values of an earlier merge, against the store as it is now: rows that were written since the review are left out like those before. */
async function settled(
  ground: ProjectGround,
  session: Session,
  merge: CompiledMerge,
  asked: SettleAsked,
  current: string | null,
): Promise<string> {
  if (current === null) throw new UnreadableStore('vanished', `${merge.target} is not there any more`);
  const staged = await stageSettled(session, ground, asked, current);
  if ('why' in staged) throw stale(merge, [staged.why]);
  if (JSON.stringify(staged.spec) !== JSON.stringify(merge.spec))
    throw stale(merge, ['its table is another one by now']);
  return staged.file;
}

/** Ids of a store that stays apart, against the merge that was made just before. */
async function followed(
  session: Session,
  merge: CompiledMerge,
  asked: FollowAsked,
  before: ReadonlyMap<string, MadeBefore>,
  current: string | null,
  seconds: number,
): Promise<string> {
  const made = before.get(asked.of);
  if (made === undefined || current === null) throw stale(merge, [`${asked.of} was not made before it`]);
  const staged = await stageFollowed(session, made, asked, current, seconds);
  if ('why' in staged) throw stale(merge, [staged.why]);
  if (JSON.stringify(staged.spec) !== JSON.stringify(merge.spec))
    throw stale(merge, ['its table is another one by now']);
  return staged.file;
}

/** What is attached as it is: SQLite in the encoding of all others. */
const isRead = (store: Store): boolean => store.kind === 'sqlite' && !isUtf16(store);

async function staged(session: Session, store: Store, file: string, seconds: number): Promise<string> {
  if (store.kind === 'unknown') throw new UnreadableStore('unsupported', `${store.path} is no store`);
  const to = session.scratch.file('.staged.db');
  if (store.kind === 'sqlite') {
    await session.pool.ask('transcode', { file, to }, seconds);
    return to;
  }
  const tables = store.tables.filter(({ kind }) => kind === 'table');
  await session.pool.ask('stage', { source: { file, kind: store.kind }, tables, to }, seconds);
  return to;
}

export async function ancestorFiles(
  session: Session,
  ancestors: readonly (MergeAncestor | null)[],
  sources: number,
  storeOf: (path: string) => Store | undefined,
): Promise<readonly (string | null)[]> {
  const files: (string | null)[] = [];
  for (const one of ancestors.slice(0, sources)) {
    const store = one === null ? undefined : storeOf(one.path);
    if (one === null) files.push(null);
    else if (one.commit !== null) files.push((await versionOf(session, one)).file);
    else if (store === undefined)
      throw new UnreadableStore('vanished', `${one.path}, an earlier state, is not there any more`);
    else files.push((await openableWhole(session, store)).file);
  }
  return files;
}
