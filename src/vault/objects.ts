/**
 * Contents by their SHA-256: plain files that are written once. A content gets its name only when it is whole, on the disk, and read
 * back; it is stored once however often it is put. One that rotted is never trusted for being there: it is written anew.
 */
import { randomBytes } from 'node:crypto';
import type { Disk, File, Path } from '../disk/disk.ts';
import { type Digest, hashBytes, hashFile } from '../disk/hash-file.ts';
import { joinPath, shownPath } from '../disk/paths.ts';
import { copyContent, writeAll } from '../disk/write-file.ts';
import { DesprawlError } from '../errors.ts';
import type { Objects, Source } from './model.ts';
import { isVault, makeFolder, makeVault, vaultFolder } from './vault-folder.ts';

const OBJECT_MODE = 0o400;
const SHA256 = /^[0-9a-f]{64}$/;
const LOST = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EISDIR', 'EIO']);
/** What `putAll` has open and in memory at once. */
const BATCH = { files: 256, bytes: 64 * 1024 * 1024 } as const;

/** What the vault itself asks of its objects. */
export interface StoredObjects extends Objects {
  /** The file of a content, for a child process that reads it in place. */
  pathOf(sha256: string): Path;
  /** Bytes that this process has added. */
  added(): number;
}

/** A content under a temporary name. */
interface Part extends Digest {
  readonly path: Path;
  readonly file: File;
}

/** `folder`: of the vault; it is made with the first content. Throws `DSP-STATE` where it is a vault of another format. */
export function openObjects(disk: Disk, folder: Path): StoredObjects {
  const vault = vaultFolder(folder);
  isVault(disk, vault);
  let made = false;
  let added = 0;
  /** Folders whose entries are on the disk: a killed process may have left names that are not. */
  const settled = new Set<string>();
  /** The same of the folders themselves. */
  let foldersSettled = false;
  /** Read and found good by this process. */
  const known = new Set<string>();
  const cannotClone = new Set<bigint>();

  const folderOfName = (sha256: string): Path => joinPath(vault.objects, sha256.slice(0, 2));
  const pathOf = (sha256: string): Path => {
    if (!SHA256.test(sha256)) throw damaged(`${JSON.stringify(sha256)} is no name of a content.`);
    return joinPath(folderOfName(sha256), sha256);
  };
  const settle = (sha256: string): void => {
    const prefix = sha256.slice(0, 2);
    if (settled.has(prefix)) return;
    if (!foldersSettled) disk.syncFolder(vault.objects);
    foldersSettled = true;
    disk.syncFolder(folderOfName(sha256));
    settled.add(prefix);
  };
  /** When all have their names: a folder is waited for once, and beside the others. */
  const settleAll = async (digests: readonly Digest[]): Promise<void> => {
    const folders = new Map<string, Path>();
    for (const { sha256 } of digests) folders.set(sha256.slice(0, 2), folderOfName(sha256));
    const open = [...folders].filter(([prefix]) => !settled.has(prefix));
    if (open.length === 0) return;
    await disk.syncFolders([...(foldersSettled ? [] : [vault.objects]), ...open.map(([, folder]) => folder)]);
    foldersSettled = true;
    for (const [prefix] of open) settled.add(prefix);
  };
  const has = (sha256: string): boolean => disk.lstat(pathOf(sha256))?.kind === 'file';
  const open = (sha256: string): File => {
    try {
      return disk.open(pathOf(sha256), 'read');
    } catch (cause) {
      if (cause instanceof DesprawlError) throw cause;
      throw damaged(`${shownPath(pathOf(sha256))} cannot be read: ${(cause as Error).message}.`, cause);
    }
  };
  const verify = (sha256: string): boolean => {
    known.delete(sha256);
    const path = pathOf(sha256);
    try {
      if (digestOf(() => disk.open(path, 'read')) !== sha256) return false;
    } catch (error) {
      // Not there, no file, or a disk that reports a read error and has lost it: that is the answer, and no failure of asking.
      if (LOST.has((error as NodeJS.ErrnoException).code ?? '')) return false;
      throw damaged(`${shownPath(path)} cannot be read: ${(error as Error).message}.`, error);
    }
    known.add(sha256);
    return true;
  };
  /** There and good: nothing is to be written. */
  const isWhole = (sha256: string): boolean => has(sha256) && (known.has(sha256) || verify(sha256));
  const isKept = (sha256: string): boolean => {
    if (!isWhole(sha256)) return false;
    settle(sha256);
    return true;
  };

  const writePart = (source: Source): Part => {
    if (!made) {
      makeVault(disk, vault);
      made = true;
    }
    const path = joinPath(vault.part, randomBytes(12).toString('hex'));
    if ('bytes' in source) {
      return dropIfFailed(path, disk.open(path, 'create'), (file) => {
        writeAll(file, source.bytes, 0);
        return hashBytes(source.bytes);
      });
    }
    if ('open' in source)
      return dropIfFailed(path, disk.open(path, 'create'), (file) => copyContent(source.open, file));
    const from = source.opened ?? openFile(disk, source.file);
    try {
      const { dev } = from.stat();
      if (!cannotClone.has(dev)) {
        if (disk.clone(source.file, path)) return dropIfFailed(path, openClone(path), hashFile);
        cannotClone.add(dev);
      }
      return dropIfFailed(path, disk.open(path, 'create'), (file) => copyContent(from, file));
    } finally {
      if (source.opened === undefined) from.close();
    }
  };
  /** A clone has the mode of its source. */
  const openClone = (path: Path): File => {
    disk.setAttributes(path, { mode: 0o600 });
    return disk.open(path, 'write');
  };
  const dropIfFailed = (path: Path, file: File, fill: (file: File) => Digest): Part => {
    try {
      const digest = fill(file);
      file.setAttributes({ mode: OBJECT_MODE });
      return { ...digest, path, file };
    } catch (error) {
      file.close();
      disk.unlink(path);
      throw error;
    }
  };
  /** From a part that is on the disk to an object; its folder is not fsynced yet. */
  const name = (part: Part): void => {
    if (digestOf(() => disk.open(part.path, 'read')) !== part.sha256) {
      throw damaged(`What was just written into ${shownPath(vault.part)} reads back as other bytes.`);
    }
    if (makeFolder(disk, folderOfName(part.sha256))) foldersSettled = false;
    settled.delete(part.sha256.slice(0, 2));
    // Not a link, which would keep what is there: that is not good, or it would have been kept.
    disk.rename(part.path, pathOf(part.sha256));
    known.add(part.sha256);
    added += part.bytes;
  };
  const drop = (part: Part): void => {
    if (disk.lstat(part.path) !== null) disk.unlink(part.path);
  };

  const put: Objects['put'] = (source, { hashFirst = false } = {}) => {
    const digest = hashFirst || 'bytes' in source ? digestOfSource(disk, source) : null;
    if (digest !== null && isKept(digest.sha256)) return digest;
    const part = writePart(source);
    try {
      try {
        if (!isKept(part.sha256)) {
          part.file.sync();
          name(part);
          settle(part.sha256);
        }
      } finally {
        part.file.close();
      }
    } finally {
      drop(part);
    }
    return { sha256: part.sha256, bytes: part.bytes };
  };

  const putBatch = async (sources: readonly Uint8Array[]): Promise<readonly Digest[]> => {
    const digests = sources.map(hashBytes);
    const parts = new Map<string, Part>();
    try {
      try {
        digests.forEach(({ sha256 }, i) => {
          if (parts.has(sha256) || isWhole(sha256)) return;
          parts.set(sha256, writePart({ bytes: sources[i] as Uint8Array }));
        });
        await disk.syncAll([...parts.values()].map(({ file }) => file));
      } finally {
        for (const { file } of parts.values()) file.close();
      }
      for (const part of parts.values()) name(part);
    } finally {
      for (const part of parts.values()) drop(part);
    }
    return digests;
  };

  return {
    pathOf,
    added: () => added,
    has,
    put,
    open,
    verify,
    putAll: async (sources) => {
      const done: Digest[] = [];
      let batch: Uint8Array[] = [];
      let bytes = 0;
      const flush = async (): Promise<void> => {
        done.push(...(await putBatch(batch)));
        batch = [];
        bytes = 0;
      };
      for (const source of sources) {
        batch.push(source);
        bytes += source.length;
        if (batch.length >= BATCH.files || bytes >= BATCH.bytes) await flush();
      }
      if (batch.length > 0) await flush();
      await settleAll(done);
      return done;
    },
  };
}

function digestOf(open: () => File): string {
  const file = open();
  try {
    return hashFile(file).sha256;
  } finally {
    file.close();
  }
}

function digestOfSource(disk: Disk, source: Source): Digest {
  if ('bytes' in source) return hashBytes(source.bytes);
  if ('open' in source) return hashFile(source.open);
  if (source.opened !== undefined) return hashFile(source.opened);
  const file = openFile(disk, source.file);
  try {
    return hashFile(file);
  } finally {
    file.close();
  }
}

/** A pipe has no content, and copying a folder makes none. */
function openFile(disk: Disk, path: Path): File {
  const file = disk.open(path, 'read');
  if (file.stat().kind === 'file') return file;
  file.close();
  throw Object.assign(new Error(`EINVAL: no regular file, '${shownPath(path)}'`), { code: 'EINVAL' });
}

function damaged(message: string, cause?: unknown): DesprawlError {
  return new DesprawlError('DSP-VAULT-DAMAGED', message, cause === undefined ? {} : { cause });
}
