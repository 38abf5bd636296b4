/**
 * What following a merge would come to: the merge in scratch files, the ids of the store against its ledger, and the store with them. Stores are read
 * as an audit reads them; nothing of the project is written to.
 */
import { openable, openableWhole, type Session } from '../audit/session.ts';
import type { StagedFollowed, StageFollowedRequest } from '../merge/follow/model.ts';
import type { MergeResult } from '../merge/model.ts';
import type { FollowAsked, FollowPort } from '../plan/follow-port.ts';
import type { Link } from '../rows/links.ts';
import type { Store } from '../stores/model.ts';
import { askedOnce } from './asked-once.ts';
import { mergedFile } from './merge-port.ts';
import { tryValues } from './try-values.ts';
import { type SessionInput, withSession } from './with-session.ts';

export function followPort(input: SessionInput): FollowPort {
  const within = <T>(work: (session: Session) => Promise<T>): Promise<T> =>
    withSession(input, 'A store that holds ids', work);
  return {
    linksOf: (store, others) => within((session) => linksOf(session, store, others, input)),
    tryOut: askedOnce((asked) => within((session) => tryOut(session, asked, input))),
  };
}

async function linksOf(
  session: Session,
  store: string,
  others: readonly string[],
  { audit }: SessionInput,
): Promise<readonly Link[]> {
  const storeOf = (path: string): Store | undefined => audit.stores.find((one) => one.path === path);
  const own = storeOf(store);
  if (own === undefined) return [];
  const beside = [];
  for (const path of others) {
    const other = storeOf(path);
    // A place is kept for one that cannot be read: positions count.
    if (other?.status !== 'verified' || other.kind !== 'sqlite') beside.push({ file: null, tables: [] });
    else beside.push({ file: (await openable(session, other)).file, tables: other.tables });
  }
  const { file } = await openable(session, own);
  const readable = beside.flatMap((one, at) => (one.file === null ? [] : [{ file: one.file, tables: one.tables, at }]));
  const found = await session.pool.ask(
    'links',
    { file, tables: own.tables, others: readable.map(({ at: _at, ...one }) => one) },
    session.seconds(own.bytes),
  );
  return found.map((link) => (link.other === undefined ? link : { ...link, other: readable[link.other]?.at ?? -1 }));
}

async function tryOut(session: Session, asked: FollowAsked, { audit }: SessionInput): Promise<StagedFollowed> {
  const store = audit.stores.find(({ path }) => path === asked.store);
  if (store === undefined) return { why: `${asked.store} is no store` };
  const merged = await mergedFile(session, asked.merge, audit);
  if ('why' in merged) return merged;
  if (merged.result.unsettled.length > 0) return { why: 'the merge before it is not decided' };
  const { file: current } = await openableWhole(session, store);
  const seconds = session.seconds(merged.bytes + store.bytes * 4);
  const { file, files, ledger } = merged;
  const staged = await stageFollowed(
    session,
    { ledger, merged: file, sources: files.sources },
    asked,
    current,
    seconds,
  );
  if ('why' in staged) return staged;
  const { spec, columns } = staged;
  const { result } = await tryValues(session, { store: asked.store, current, spec, staged: staged.file, seconds });
  const kept = keptIds(result);
  return kept === null ? { spec, columns } : { why: kept };
}

/** Half of the ids moved would be worse than none. `null`: all that are to change do. */
export function keptIds({ parts }: MergeResult): string | null {
  const part = parts.find(({ rows, changed }) => changed !== rows);
  return part === undefined
    ? null
    : `${part.rows - part.changed} of ${part.rows} ids cannot change (${part.sourceTable}): the store refuses them`;
}

/** Throws `UnreadableStore`. `current`: the store as it is, which nobody writes to. */
export async function stageFollowed(
  session: Session,
  merge: Pick<StageFollowedRequest, 'ledger' | 'merged' | 'sources'>,
  { of, columns }: Pick<FollowAsked, 'of' | 'columns'>,
  current: string,
  seconds: number,
): Promise<(Exclude<StagedFollowed, { readonly why: string }> & { readonly file: string }) | { readonly why: string }> {
  const to = session.scratch.file('.followed.db');
  const request = { ...merge, current, columns, name: `ledger-${of}.db`, to };
  const staged = await session.pool.ask('stageFollowed', request, seconds);
  return 'why' in staged ? staged : { ...staged, file: to };
}
