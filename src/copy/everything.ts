/**
 * Lists a folder as it lies on the disk, also what git ignores and what no audit searches: parents before their entries, in the
 * order of their bytes. Opens nothing and follows no link.
 */
import type { Disk, Path, Stat } from '../disk/disk.ts';
import { joinPath, type RecordedPath, recordedPath } from '../disk/paths.ts';

export interface Entry {
  /** Relative to the folder. */
  readonly path: RecordedPath;
  readonly name: RecordedPath;
  readonly stat: Stat;
  /** Whose files they are, where they are other people's. */
  readonly vendored?: string;
}

export interface Everything {
  readonly entries: readonly Entry[];
  readonly unreadable: readonly { readonly path: RecordedPath; readonly why: string }[];
}

export interface ListOptions {
  /** Names of entries that are listed and not entered. */
  readonly closed?: ReadonlySet<string>;
  /** Why the folder at a path, with these names beside it, is other people's; asked once per folder. */
  vendoredBecause?(path: string, siblings: ReadonlySet<string>): string | undefined;
}

/** Throws where the folder itself cannot be listed. */
export function everythingIn(disk: Disk, root: Path, options: ListOptions = {}): Everything {
  const entries: Entry[] = [];
  const unreadable: { path: RecordedPath; why: string }[] = [];
  const visit = (folder: Path, at: RecordedPath | null, vendored: string | undefined): void => {
    const names = [...disk.readdir(folder)].sort(Buffer.compare).map((name) => recordedPath(name));
    const siblings = new Set(names.filter((name) => typeof name === 'string'));
    for (const name of names) {
      const path = at === null ? name : recordedPath(joinPath(asPath(at), name));
      const full = joinPath(folder, name);
      const stat = disk.lstat(full);
      // Gone since the folder was listed.
      if (stat === null) continue;
      const others =
        vendored ??
        (stat.kind === 'folder' && typeof path === 'string' ? options.vendoredBecause?.(path, siblings) : undefined);
      entries.push({ path, name, stat, ...(others === undefined ? {} : { vendored: others }) });
      if (stat.kind !== 'folder' || (typeof name === 'string' && options.closed?.has(name) === true)) continue;
      try {
        visit(full, path, others);
      } catch (error) {
        unreadable.push({ path, why: reasonOf(error) });
      }
    }
  };
  visit(root, null, undefined);
  return { entries, unreadable };
}

function asPath(path: RecordedPath): Path {
  return typeof path === 'string' ? path : Buffer.from(path.bytes, 'base64');
}

/** A reason that can stand in a sentence; anything that is no answer of the disk is thrown on. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied';
  if (code === 'ENOENT') return 'it vanished meanwhile';
  return `${code}: ${message}`;
}
