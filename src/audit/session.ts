/**
 * Everything one audit or diff shares: where the project is, the child processes, the scratch folder, the cache. Opens
 * stores for reading so that nobody notices, each at most once. Whole because every way of opening shares what is known of a file.
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { openPool, type Pool } from '../stores/child/pool.ts';
import type { Store, StoreKind } from '../stores/model.ts';
import { type Contents, type ReadOptions, UnreadableStore } from '../stores/reader.ts';
import { openScratch, type Scratch } from '../stores/scratch.ts';
import { type Snapshot, type Stamp, stampOf, takeSnapshot } from '../stores/snapshot.ts';
import type { AuditCache } from './cache.ts';

export interface SessionOptions {
  readonly root: string;
  readonly scratchDir: string;
  readonly timeoutSeconds: number;
  readonly cache: AuditCache;
  readonly signal?: AbortSignal | undefined;
}

export interface Session {
  readonly root: string;
  readonly pool: Pool;
  /** Requests that run at the same time. */
  readonly children: number;
  readonly scratch: Scratch;
  readonly cache: AuditCache;
  readonly signal: AbortSignal | undefined;
  /** State of each store when it was read, by path. */
  readonly stamps: Map<string, Stamp>;
  /** Files that children may open, by path. */
  readonly opened: Map<string, Openable>;
  /** Seconds that reading `bytes` may take. */
  seconds(bytes: number): number;
  close(): void;
}

/** More children than this bring nothing: they wait for the same disk, and memory is limited. */
const CHILDREN = 2;
/** A slow disk delivers this much; a large store gets the time it needs. */
const BYTES_PER_SECOND = 10 * 1024 * 1024;
const READ_TRIES = 3;
const HASH_BYTES = 1024 * 1024;

export function openSession(options: SessionOptions): Session {
  const scratch = openScratch(options.scratchDir);
  const size = Math.max(1, Math.min(CHILDREN, availableParallelism()));
  const pool = openPool({ size, tempDir: scratch.dir, signal: options.signal });
  return {
    root: options.root,
    pool,
    children: size,
    scratch,
    cache: options.cache,
    signal: options.signal,
    stamps: new Map(),
    opened: new Map(),
    seconds: (bytes) => options.timeoutSeconds + bytes / BYTES_PER_SECOND,
    close: () => {
      pool.close();
      scratch.close();
    },
  };
}

/** The measured content of one store; `file` opens it again later. */
export interface ReadStore {
  readonly contents: Contents;
  readonly readBy: NonNullable<Store['readBy']>;
  readonly stamp: Stamp;
  readonly cached: boolean;
}

/** A file as the session may open it now, with what it looked like when it was taken. */
export interface Openable {
  readonly file: string;
  readonly stamp: Stamp;
}

export type ReadableKind = Exclude<StoreKind, 'unknown'>;

/** Reads one store. Throws `UnreadableStore`. `path` is relative to the project, or absolute. */
export async function readStore(
  session: Session,
  path: string,
  kind: ReadableKind,
  options: ReadOptions,
): Promise<ReadStore> {
  const full = resolve(session.root, path);
  const stamp = stampOf(full);
  const cached = session.cache.store(path, stamp);
  if (cached !== undefined) {
    session.stamps.set(path, stamp);
    return { ...cached, stamp, cached: true };
  }
  const read =
    kind === 'sqlite' ? await readSqlite(session, full, options) : await readText(session, full, kind, options);
  session.stamps.set(path, read.stamp);
  session.cache.keepStore(path, read.stamp, { contents: read.contents, readBy: read.readBy });
  return { ...read, cached: false };
}

type FreshRead = Omit<ReadStore, 'cached'>;

async function readSqlite(session: Session, full: string, options: ReadOptions): Promise<FreshRead> {
  const { size } = statSync(full);
  const seconds = session.seconds(size);
  for (let attempt = 0; attempt < READ_TRIES; attempt++) {
    const snapshot = await snapshotOf(session, full, attempt > 0);
    const settle = snapshot.readBy === 'private-copy';
    const source = { file: snapshot.file, kind: 'sqlite' } as const;
    let contents: Contents;
    try {
      const reading = session.pool.ask('contents', { source, settle, options }, seconds);
      if (settle) await reading;
      const checking = options.integrity ? check(session, snapshot.file, seconds) : Promise.resolve(undefined);
      const [read, checked] = await bothOf(reading, checking);
      contents =
        checked === undefined || read.sqlite === undefined ? read : { ...read, sqlite: { ...read.sqlite, ...checked } };
    } catch (error) {
      if (snapshot.readBy === 'immutable' && stampOf(full) !== snapshot.stamp) continue;
      throw isTruncated(error, full)
        ? new UnreadableStore('truncated', 'the file ends before the last page that its header names')
        : error;
    }
    // Read in place: it counts only if nobody wrote meanwhile.
    if (snapshot.readBy === 'private-copy' || stampOf(full) === snapshot.stamp) {
      if (contents.sqlite?.encoding === 'UTF-8') session.opened.set(full, snapshot);
      return { contents, readBy: snapshot.readBy, stamp: snapshot.stamp };
    }
  }
  throw new UnreadableStore('changing', `somebody wrote to it during each of ${READ_TRIES} readings`);
}

/** Waits for both, so that no request runs on after the first one failed. */
export async function bothOf<A, B>(a: Promise<A>, b: Promise<B>): Promise<[A, B]> {
  const [x, y] = await Promise.allSettled([a, b]);
  if (x.status === 'rejected') throw x.reason;
  if (y.status === 'rejected') throw y.reason;
  return [x.value, y.value];
}

/** A check that takes too long leaves the store readable and says that it was not checked. */
async function check(
  session: Session,
  file: string,
  seconds: number,
): Promise<Pick<NonNullable<Contents['sqlite']>, 'integrity' | 'integrityMessages' | 'fkViolations'> | undefined> {
  try {
    return await session.pool.ask('check', { file }, seconds);
  } catch (error) {
    if (error instanceof UnreadableStore && (error.reason === 'timeout' || error.reason === 'memory')) return undefined;
    throw error;
  }
}

async function readText(session: Session, full: string, kind: ReadableKind, options: ReadOptions): Promise<FreshRead> {
  for (let attempt = 0; attempt < READ_TRIES; attempt++) {
    const stamp = stampOf(full);
    const request = { source: { file: full, kind }, settle: false, options };
    const contents = await session.pool.ask('contents', request, session.seconds(statSync(full).size));
    if (stampOf(full) === stamp) return { contents, readBy: 'stream', stamp };
  }
  throw new UnreadableStore('changing', `somebody wrote to it during each of ${READ_TRIES} readings`);
}

function snapshotOf(session: Session, full: string, force: boolean): Promise<Snapshot> {
  return takeSnapshot(full, session.scratch, { force, signal: session.signal });
}

/** A SQLite file that a child may open immutably: in place, the private copy, or a staged text store. */
export async function openable(session: Session, store: Store): Promise<Openable> {
  const full = resolve(session.root, store.path);
  const known = session.opened.get(full);
  if (known !== undefined) return known;
  const staged = store.kind !== 'sqlite' || store.sqlite?.encoding !== 'UTF-8';
  let snapshot: Snapshot =
    store.kind === 'sqlite'
      ? await settledSnapshot(session, store)
      : { file: full, readBy: 'immutable', stamp: stampOf(full) };
  if (staged) {
    const to = session.scratch.file('.staged.db');
    const tables = store.tables.filter(({ kind }) => kind === 'table');
    const source = { file: snapshot.file, kind: store.kind as ReadableKind };
    await session.pool.ask('stage', { source, tables, to }, session.seconds(store.bytes));
    snapshot = { ...snapshot, file: to };
  }
  session.opened.set(full, snapshot);
  return snapshot;
}

/** The same for a store whose rows are merged: one in UTF-16 as it is declared, since tables may be made of its statements. */
export async function openableWhole(session: Session, store: Store): Promise<Openable> {
  if (!isUtf16(store)) return openable(session, store);
  const full = `${resolve(session.root, store.path)}\n as it is declared`;
  const known = session.opened.get(full);
  if (known !== undefined) return known;
  const snapshot = await settledSnapshot(session, store);
  const file = session.scratch.file('.utf8.db');
  await session.pool.ask('transcode', { file: snapshot.file, to: file }, session.seconds(store.bytes * 2));
  const opened = { ...snapshot, file };
  session.opened.set(full, opened);
  return opened;
}

/** Not attached as it is: the others are in UTF-8. */
export function isUtf16({ kind, sqlite }: Pick<Store, 'kind' | 'sqlite'>): boolean {
  return kind === 'sqlite' && sqlite !== undefined && sqlite.encoding !== 'UTF-8';
}

async function settledSnapshot(session: Session, store: Store): Promise<Snapshot> {
  const snapshot = await snapshotOf(session, resolve(session.root, store.path), false);
  if (snapshot.readBy === 'private-copy') {
    const source = { file: snapshot.file, kind: 'sqlite' } as const;
    await session.pool.ask('contents', { source, settle: true, options: NOTHING }, session.seconds(store.bytes));
  }
  return snapshot;
}

/**
 * What children found in a file that they read in place counts only if nobody wrote to it meanwhile. Throws `UnreadableStore`.
 * A private copy is a state of the store, whatever happens to the store afterwards.
 */
export function assertUnchanged(session: Session, stores: readonly Store[]): void {
  for (const { path, kind } of stores) {
    const full = resolve(session.root, path);
    const opened = session.opened.get(full);
    if (opened === undefined || (opened.file !== full && kind === 'sqlite') || stampOf(full) === opened.stamp) continue;
    throw new UnreadableStore('changing', `somebody wrote to ${path} while it was compared`);
  }
}

const NOTHING: ReadOptions = { sampleRows: 0, digestRows: 0, integrity: false, freshness: false, now: 0 };

/** Whether the header promises more pages than the file has. https://sqlite.org/fileformat2.html#the_database_header */
function isTruncated(error: unknown, full: string): boolean {
  if (!(error instanceof UnreadableStore) || error.reason !== 'corrupt') return false;
  const head = Buffer.alloc(100);
  const fd = openSync(full, 'r');
  try {
    readSync(fd, head, 0, 100, 0);
  } finally {
    closeSync(fd);
  }
  const pageSize = head.readUInt16BE(16) === 1 ? 65_536 : head.readUInt16BE(16);
  const countIsValid = head.readUInt32BE(24) === head.readUInt32BE(92);
  return countIsValid && head.readUInt32BE(28) * pageSize > statSync(full).size;
}

/** SHA-256 of a file's bytes, hex. One buffer for all of it; never in a process that has the file open with SQLite. */
export async function hashFile(session: Session, path: string): Promise<string> {
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafe(HASH_BYTES);
  const file = await open(resolve(session.root, path), 'r');
  try {
    for (;;) {
      session.signal?.throwIfAborted();
      const { bytesRead } = await file.read(chunk, 0, HASH_BYTES, null);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(chunk.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}
