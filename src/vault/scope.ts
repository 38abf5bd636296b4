/** Which files and stores a backup is about: all stores of a project, or the paths that somebody named. Looks only. */
import { isUtf8 } from 'node:buffer';
import { lstatSync, readdirSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { joinPath, type RecordedPath, recordedPath } from '../disk/paths.ts';
import { DesprawlError } from '../errors.ts';
import { entryOf, type FileEntry, walkProject } from '../project/walk.ts';
import { findFamilies } from '../stores/file-families.ts';
import { sniffFiles } from '../stores/sniff.ts';
import type { BackupRequest, BackupStore } from './backup-request.ts';

export type Scope = Pick<BackupRequest, 'files' | 'stores'>;

const SIDECAR = /-(wal|shm|journal)$/;

/** Every store of the project, and the links that lead to one. */
export function storesOfProject(root: string, ignore: readonly string[]): Scope {
  const { files } = walkProject(root, { ignore });
  const { members } = findFamilies(root, files, null);
  return scopeOf(
    root,
    files.filter(({ path }) => !members.has(path)),
    () => false,
  );
}

/**
 * `names`: files and folders, relative to the project or absolute; a folder is meant with all that is in it. What they name that is a
 * store is taken as one. Throws `DSP-STORE-MISSING`, `DSP-USAGE`.
 */
export function namedPaths(root: string, names: readonly string[]): Scope {
  const entries = new Map<string, FileEntry>();
  /** Names that are no UTF-8 are no names of stores; they are taken as files. */
  const odd: RecordedPath[] = [];
  const add = (full: Buffer): void => {
    const stat = lstatSync(full, { bigint: true });
    if (stat.isDirectory()) {
      for (const name of namesIn(full)) if (name.toString('latin1') !== '.git') add(joinPath(full, name) as Buffer);
    } else if (!isUtf8(full)) {
      if (stat.isFile() || stat.isSymbolicLink()) odd.push(recordedPath(inFolder(root, full)));
    } else if (stat.isFile()) {
      const path = recordedIn(root, full.toString());
      entries.set(path, entryOf(path, stat));
    } else if (stat.isSymbolicLink()) {
      const path = recordedIn(root, full.toString());
      const target = followed(full.toString());
      entries.set(path, { ...entryOf(path, stat), link: { target: '', inside: null, dangling: target === null } });
      // What it leads to is taken with it.
      if (target !== null && lstatSync(target).isFile()) add(Buffer.from(target));
    }
  };
  for (const name of names) {
    const full = realPlace(resolve(root, name));
    if (full === null) throw new DesprawlError('DSP-STORE-MISSING', `There is no file or folder ${name}.`);
    const main = full.replace(SIDECAR, '');
    add(Buffer.from(main !== full && lstatSync(main, { throwIfNoEntry: false }) !== undefined ? main : full));
  }
  const scope = scopeOf(root, [...entries.values()], () => true);
  return { ...scope, files: [...scope.files, ...odd] };
}

function namesIn(folder: Buffer): readonly Buffer[] {
  try {
    return readdirSync(folder, { encoding: 'buffer' });
  } catch (cause) {
    throw new DesprawlError('DSP-STORE-UNREADABLE', `The folder ${folder.toString()} cannot be listed.`, { cause });
  }
}

function inFolder(root: string, full: Buffer): Buffer {
  const head = Buffer.from(`${root}/`);
  return full.subarray(0, head.length).equals(head) ? full.subarray(head.length) : full;
}

/** `others`: whether what is no store is taken as well. */
function scopeOf(root: string, entries: readonly FileEntry[], others: (entry: FileEntry) => boolean): Scope {
  const inside = entries.filter(({ path }) => !isAbsolute(path));
  const outside = entries.filter(({ path }) => isAbsolute(path));
  const sniffed = [
    ...sniffFiles(root, inside).stores,
    ...sniffFiles(
      '/',
      outside.map((entry) => ({ ...entry, path: entry.path.slice(1) })),
    ).stores.map((store) => ({
      ...store,
      path: `/${store.path}`,
    })),
  ];
  const files = new Set<string>();
  const stores = new Map<string, BackupStore>();
  for (const { path, kind, links, entry } of sniffed) {
    for (const link of links) files.add(link);
    const real = entry.link === undefined ? path : linkedStore(root, path, files);
    if (real !== null)
      stores.set(real, { store: real, kind: kind === 'sqlite' || kind === 'unknown' ? 'sqlite' : 'text' });
  }
  for (const entry of entries) {
    if (others(entry) && !stores.has(entry.path) && !stores.has(entry.path.replace(SIDECAR, ''))) files.add(entry.path);
  }
  return { files: [...files].sort(), stores: [...stores.values()].sort((a, b) => (a.store < b.store ? -1 : 1)) };
}

/** The link is kept as a link, and what it leads to, wherever that lies, as the store. */
function linkedStore(root: string, path: string, files: Set<string>): string | null {
  files.add(path);
  const target = followed(isAbsolute(path) ? path : join(root, path));
  return target === null ? null : recordedIn(root, target);
}

function recordedIn(root: string, full: string): string {
  const inside = relative(root, full);
  return inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside) ? full : inside.split(sep).join('/');
}

/** Links in the middle are followed, the last part is not; `null`: there is nothing. */
function realPlace(full: string): string | null {
  const folder = followed(dirname(full));
  if (folder === null) return null;
  const place = full === dirname(full) ? full : join(folder, basename(full));
  return lstatSync(place, { throwIfNoEntry: false }) === undefined ? null : place;
}

function followed(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}
