/**
 * Keeps everybody out of a store while it is copied or exchanged. A child process holds the locks; this process, which never opens a
 * database, may then read the bytes. Nothing of the store changes: not a byte, not
 * a time of its contents, not the listing of its folder. Whole because taking, keeping and giving back a lock are one life.
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

/** Holds one store. `path`: the real path of a SQLite file. */
export async function holdStore(disk: Disk, path: Path, options: HoldOptions): Promise<Hold> {
  const holder = openHolder(disk, options);
  try {
    return await holder.hold(path);
  } finally {
    await holder.done();
  }
}

/**
 * One child for stores that are copied one after the other: starting it is most of what holding takes. Its locks last until the last
 * store is let go of. A store that cannot be held ends the child, and what it held before: closing a connection that failed could
 * write a log back, and leaving it open would be in the way of others. Who needs several stores at once holds each by itself.
 */
export interface Holder {
  hold(path: Path): Promise<Hold>;
  /** No more are asked for: the child ends with the last store that it holds. */
  done(): Promise<void>;
}

export function openHolder(disk: Disk, options: HoldOptions): Holder {
  let child: ChildProcess | null = null;
  let held = 0;
  let isDone = false;
  const kill = (): Promise<void> => (child === null ? Promise.resolve() : killed(child));
  const end = async (): Promise<void> => {
    if (!isDone || held > 0) return;
    options.signal?.removeEventListener('abort', kill);
    await kill();
  };
  const start = (): ChildProcess => {
    const started = startChild(options.tempDir);
    options.signal?.addEventListener('abort', kill, { once: true });
    return started;
  };
  return {
    hold: async (path) => {
      if (Buffer.isBuffer(path)) return { is: 'cannot', why: 'its name is no UTF-8' };
      if (hasHotJournal(disk, path)) {
        return { is: 'cannot', why: 'opening it would roll back what its journal says was left unfinished' };
      }
      options.signal?.throwIfAborted();
      if (lockedByOthers(disk, path)) return { is: 'busy', why: 'another process has a lock on it' };
      if (child === null || !isAlive(child)) child = start();
      const ours = child;
      const before = looksOf(disk, path);
      const logBytes = before.sidecars.get(`${path}-wal`)?.size ?? 0;
      const answer = await ask(ours, path, ANSWER_SECONDS + logBytes / BYTES_PER_SECOND);
      if (!answer.held) {
        await killed(ours);
        if (options.signal?.aborted) throw new DesprawlError('DSP-CANCELLED', 'Interrupted.');
        return { is: answer.busy ? 'busy' : 'cannot', why: answer.message };
      }
      putBack(disk, path, before);
      const { ino } = disk.lstat(path) ?? { ino: -1n };
      held++;
      let isOurs = true;
      const release = async (): Promise<void> => {
        if (isOurs) held--;
        isOurs = false;
        await end();
      };
      const isHeld = (): boolean => isOurs && isAlive(ours) && hasLock(ours, ino);
      return { is: 'held', store: { store: path, pid: ours.pid ?? -1, isHeld, release } };
    },
    done: async () => {
      isDone = true;
      await end();
    },
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

/** One at a time: an answer does not say which question it is for. */
function ask(child: ChildProcess, file: string, seconds: number): Promise<HoldAnswer> {
  return new Promise((resolve) => {
    let stderr = '';
    const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
    const settled = (answer: HoldAnswer): void => {
      clearTimeout(timer);
      child.off('exit', onEnd).off('error', onEnd).off('message', onMessage);
      child.stderr?.off('data', onStderr);
      resolve(answer);
    };
    const no = (message: string): void => settled({ held: false, busy: false, message });
    const onStderr = (chunk: Buffer): void => {
      stderr = (stderr + chunk.toString('utf8')).slice(-2_000);
    };
    const onEnd = (): void => no(stderr.trim().split('\n').at(-1) || 'the process that locks it ended');
    const onMessage = (reply: Reply): void => {
      if (reply.ok) settled(reply.result as HoldAnswer);
      else no('reason' in reply ? reply.message : reply.bug);
    };
    if (!isAlive(child)) {
      no('the process that locks it ended');
      return;
    }
    child.on('exit', onEnd).on('error', onEnd).on('message', onMessage);
    child.stderr?.on('data', onStderr);
    child.send({ op: 'hold', input: { file } }, (error) => {
      if (error !== null) onEnd();
    });
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

interface Lock {
  readonly pid: string;
  /** `fe:00`: of the file system; not what `stat` says of some (btrfs, overlays). */
  readonly device: string;
  readonly ino: string;
}

/** Linux lists who holds locks; elsewhere: `null`. https://man7.org/linux/man-pages/man5/proc_locks.5.html */
function locks(): readonly Lock[] | null {
  let text: string;
  try {
    text = readFileSync('/proc/locks', 'latin1');
  } catch {
    return null;
  }
  return text.split('\n').flatMap((line) => {
    const [, type, , how, pid = '', inode = ''] = line.trim().split(/\s+/);
    // A line with an arrow is of somebody who waits.
    return type === '->' || (how !== 'WRITE' && how !== 'READ') ? [] : [lockOf(pid, inode)];
  });
}

function lockOf(pid: string, place: string): Lock {
  const [major = '', minor = '', ino = ''] = place.split(':');
  return { pid, device: `${major}:${minor}`, ino };
}

function hasLock(child: ChildProcess, ino: bigint): boolean {
  const all = locks();
  return all === null || all.some((lock) => lock.pid === String(child.pid) && lock.ino === String(ino));
}

/** Found out without a child, where the device is told alike; else the child is asked. */
function lockedByOthers(disk: Disk, path: string): boolean {
  const files = [path, `${path}-shm`].flatMap((one) => disk.lstat(one) ?? []);
  const named = new Set(files.map(({ dev, ino }) => `${deviceName(dev)} ${ino}`));
  return locks()?.some(({ device, ino }) => named.has(`${device} ${ino}`)) ?? false;
}

/** As the kernel prints it, from the number that `stat` gives. https://man7.org/linux/man-pages/man3/makedev.3.html */
function deviceName(dev: bigint): string {
  const major = ((dev >> 8n) & 0xfffn) | ((dev >> 32n) & ~0xfffn);
  const minor = (dev & 0xffn) | ((dev >> 12n) & ~0xffn);
  return `${major.toString(16).padStart(2, '0')}:${minor.toString(16).padStart(2, '0')}`;
}
