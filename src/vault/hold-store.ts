/**
 * Keeps everybody out of a store while it is copied or exchanged. A child process holds the locks; this process, which never opens a
 * database, may then read the bytes. Nothing of the store changes: not a byte, not
 * a time of its contents, not the listing of its folder.
 */
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Disk, Path, Stat } from '../disk/disk.ts';
import { folderOf, shownPath } from '../disk/paths.ts';
import { DesprawlError } from '../errors.ts';
import type { Reply } from '../stores/child/protocol.ts';
import { startChild } from '../stores/child/start-child.ts';
import type { HoldAnswer } from '../stores/sqlite/hold.ts';
import type { HeldStore } from './model.ts';
import { namesOf, type Openers, whoHasOpen } from './openers.ts';

export type Hold =
  | { readonly is: 'held'; readonly store: HeldStore }
  /** Another process has a lock on it. */
  | { readonly is: 'busy'; readonly why: string }
  /** It cannot be locked, or only by changing it; whether somebody uses it, `whoHasOpen` may tell. */
  | { readonly is: 'cannot'; readonly why: string };

export interface HoldOptions {
  /** For SQLite's temporary files. */
  readonly tempDir: string;
  readonly signal?: AbortSignal | undefined;
}

/** A log of gigabytes is read before the lock is there. */
const ANSWER_SECONDS = 30;
const BYTES_PER_SECOND = 10 * 1024 * 1024;
/** Big enough for the marks that are read of a file. */
const HEAD_BYTES = 100;

/** `path`: the real path of a SQLite file. */
export async function holdStore(disk: Disk, path: Path, options: HoldOptions): Promise<Hold> {
  if (Buffer.isBuffer(path)) return { is: 'cannot', why: 'its name is no UTF-8' };
  if (hasHotJournal(disk, path)) {
    return { is: 'cannot', why: 'opening it would roll back what its journal says was left unfinished' };
  }
  const before = looksOf(disk, path);
  const child = startChild(options.tempDir);
  const kill = (): Promise<void> => killed(child);
  options.signal?.addEventListener('abort', kill, { once: true });
  const release = async (): Promise<void> => {
    options.signal?.removeEventListener('abort', kill);
    await kill();
  };
  const logBytes = before.sidecars.get(`${path}-wal`)?.size ?? 0;
  const answer = await ask(child, path, ANSWER_SECONDS + logBytes / BYTES_PER_SECOND);
  if (!answer.held) {
    await release();
    if (options.signal?.aborted) throw new DesprawlError('DSP-CANCELLED', 'Interrupted.');
    return { is: answer.busy ? 'busy' : 'cannot', why: answer.message };
  }
  putBack(disk, path, before);
  const { ino } = disk.lstat(path) ?? { ino: -1n };
  return {
    is: 'held',
    store: { store: path, pid: child.pid ?? -1, isHeld: () => isAlive(child) && hasLock(child, ino), release },
  };
}

/** The error of a command that needs a store which others use. */
export function storeBusy(path: Path, openers: Openers = whoHasOpen([path])): DesprawlError {
  const who = openers.who.length > 0 ? `: ${namesOf(openers.who)}` : '';
  return new DesprawlError('DSP-STORE-BUSY', `${shownPath(path)} is open in another process${who}.`);
}

/** Journals of 0 bytes (`TRUNCATE`) or with a cleared header (`PERSIST`) say nothing. https://sqlite.org/lockingv3.html#hot_journals */
export function hasHotJournal(disk: Disk, path: Path): boolean {
  const journal = withSuffix(path, '-journal');
  const stat = disk.lstat(journal);
  if (stat === null || stat.kind !== 'file' || stat.size === 0) return false;
  const head = Buffer.alloc(HEAD_BYTES);
  const file = disk.open(journal, 'read');
  try {
    file.read(head, 0);
  } finally {
    file.close();
  }
  return head[0] !== 0;
}

export function withSuffix(path: Path, suffix: string): Path {
  return typeof path === 'string' ? path + suffix : Buffer.concat([path, Buffer.from(suffix)]);
}

interface Looks {
  readonly sidecars: ReadonlyMap<string, Stat>;
  readonly folder: Stat | null;
}

function looksOf(disk: Disk, path: string): Looks {
  const sidecars = ['-wal', '-journal'].flatMap((suffix) => {
    const stat = disk.lstat(path + suffix);
    return stat === null ? [] : [[path + suffix, stat] as const];
  });
  return { sidecars: new Map(sidecars), folder: disk.lstat(folderOf(path)) };
}

/**
 * What locking leaves behind. SQLite makes an empty WAL for a store in WAL mode that has none: nobody else can have opened it since,
 * or can now, so it goes, and the folder looks as before. Run as root, SQLite gives sidecars the owner of the main file.
 */
function putBack(disk: Disk, path: string, before: Looks): void {
  for (const [sidecar, { uid, gid }] of before.sidecars) {
    const now = disk.lstat(sidecar);
    if (now?.kind === 'file' && (now.uid !== uid || now.gid !== gid)) disk.setAttributes(sidecar, { uid, gid });
  }
  if (before.sidecars.has(`${path}-wal`)) return;
  const made = disk.lstat(`${path}-wal`);
  if (made?.kind !== 'file' || made.size !== 0) return;
  disk.unlink(`${path}-wal`);
  if (before.folder !== null) disk.setAttributes(folderOf(path), { mtimeNs: before.folder.mtimeNs });
}

function ask(child: ChildProcess, file: string, seconds: number): Promise<HoldAnswer> {
  return new Promise((resolve, reject) => {
    let stderr = '';
    const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString('utf8')).slice(-2_000);
    });
    child.once('error', reject);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve({
        held: false,
        busy: false,
        message: stderr.trim().split('\n').at(-1) || 'the process that locks it ended',
      });
    });
    child.once('message', (reply: Reply) => {
      clearTimeout(timer);
      if (reply.ok) resolve(reply.result as HoldAnswer);
      else resolve({ held: false, busy: false, message: 'reason' in reply ? reply.message : reply.bug });
    });
    child.send({ op: 'hold', input: { file } });
  });
}

function killed(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (!isAlive(child)) {
      resolve();
      return;
    }
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

function isAlive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** Linux lists who holds locks; elsewhere that the child lives has to do. */
function hasLock(child: ChildProcess, ino: bigint): boolean {
  let locks: string;
  try {
    locks = readFileSync('/proc/locks', 'latin1');
  } catch {
    return true;
  }
  return locks.split('\n').some((line) => {
    const [, , , how, pid, inode] = line.trim().split(/\s+/);
    return (how === 'WRITE' || how === 'READ') && pid === String(child.pid) && inode?.split(':')[2] === String(ino);
  });
}
