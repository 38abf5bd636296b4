/** Locks of plans on the disk: each is written once; measuring again writes another, and the newest that fits counts. */
import { createHash } from 'node:crypto';
import type { Disk } from '../disk/disk.ts';
import { writeNewFile } from '../disk/write-file.ts';
import type { Lock } from '../plan/lock-model.ts';
import type { StateFolder } from '../state/state-folder.ts';

const MODE = 0o600;

/** Returns its path. The same lock is written once. */
export function writeLock(disk: Disk, state: Pick<StateFolder, 'lock'>, lock: Lock): string {
  const bytes = Buffer.from(`${JSON.stringify(lock)}\n`);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const path = `${state.lock}/${lock.plan}-${sha256.slice(0, 12)}.json`;
  if (disk.lstat(path) !== null) return path;
  const part = `${path}.part`;
  // Left by a crash: nobody writes the same lock at the same time, and its content follows from its name.
  if (disk.lstat(part) !== null) disk.unlink(part);
  writeNewFile(disk, part, bytes, MODE);
  disk.rename(part, path);
  disk.syncFolder(state.lock);
  return path;
}

/** The newest lock of a plan, where possible the newest that was made for this hash; `null`: it was never measured here. */
export function findLock(disk: Disk, state: Pick<StateFolder, 'lock'>, plan: string, hash: string): Lock | null {
  if (disk.lstat(state.lock)?.kind !== 'folder') return null;
  const names = disk.readdir(state.lock).map((name) => name.toString('utf8'));
  const found = names
    .filter((name) => name.startsWith(`${plan}-`) && /-[0-9a-f]{12}\.json$/.test(name))
    .flatMap((name) => readLock(disk, `${state.lock}/${name}`) ?? [])
    .filter((lock) => lock.plan === plan)
    .sort((x, y) => (x.at < y.at ? 1 : -1));
  return found.find((lock) => lock.hash === hash) ?? found[0] ?? null;
}

/** One that is damaged, or of another version, is as good as none: measuring again makes a new one. */
function readLock(disk: Disk, path: string): Lock | null {
  try {
    const file = disk.open(path, 'read');
    try {
      const bytes = Buffer.alloc(file.stat().size);
      let at = 0;
      for (let read = 1; read > 0 && at < bytes.length; at += read) read = file.read(bytes.subarray(at), at);
      const lock = JSON.parse(bytes.subarray(0, at).toString('utf8')) as Lock;
      return lock.version === 1 ? lock : null;
    } finally {
      file.close();
    }
  } catch {
    return null;
  }
}
