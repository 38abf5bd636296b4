/**
 * What differs between two trees, by their bytes: what a dry run shows of its copy, and a rehearsal of what it restored. Times are
 * not compared, since `touch` is no change. A file that is gone here and there under another name is one that moved.
 */
import type { Disk, Path, Stat } from '../disk/disk.ts';
import { hashFile } from '../disk/hash-file.ts';
import { joinPath, keyOf, type RecordedPath } from '../disk/paths.ts';
import { type Entry, everythingIn } from './everything.ts';

export interface TreeChange {
  readonly path: RecordedPath;
  readonly is: 'added' | 'removed' | 'changed' | 'moved' | 'mode';
  readonly kind: Stat['kind'];
  /** Where it was, of what moved. */
  readonly from?: RecordedPath;
  /** Lengths; `null` where it was not, or is no file. */
  readonly before: number | null;
  readonly after: number | null;
}

export interface DiffOptions {
  /** Names that are not compared, at any depth. */
  readonly without?: ReadonlySet<string>;
  /** Absolute prefix in targets of links → what it stands for, of each side. */
  readonly linksOf?: { readonly before: string; readonly after: string };
  /** Another disk for the side after. */
  readonly diskAfter?: Disk;
}

/** Sorted by path. */
export function diffTrees(disk: Disk, before: Path, after: Path, options: DiffOptions = {}): readonly TreeChange[] {
  const without = options.without ?? new Set(['.git']);
  const other = options.diskAfter ?? disk;
  const a = listed(disk, before, without);
  const b = listed(other, after, without);
  const changes: TreeChange[] = [];
  const gone: Entry[] = [];
  const come: Entry[] = [];
  for (const [key, entry] of a) {
    const now = b.get(key);
    if (now === undefined || now.stat.kind !== entry.stat.kind) gone.push(entry);
  }
  for (const [key, entry] of b) {
    const was = a.get(key);
    if (was === undefined || was.stat.kind !== entry.stat.kind) {
      come.push(entry);
      continue;
    }
    const is = differs(was, entry);
    if (is === null) continue;
    changes.push({
      path: entry.path,
      is,
      kind: entry.stat.kind,
      before: lengthOf(was.stat),
      after: lengthOf(entry.stat),
    });
  }
  return [...changes, ...moved(gone, come)].sort((x, y) => (keyOf(x.path) < keyOf(y.path) ? -1 : 1));

  function differs(was: Entry, now: Entry): 'changed' | 'mode' | null {
    const mode = was.stat.kind !== 'link' && was.stat.mode !== now.stat.mode ? 'mode' : null;
    if (was.stat.kind === 'link') {
      const x = targetOf(disk, joinPath(before, was.path), options.linksOf?.before);
      return x === targetOf(other, joinPath(after, now.path), options.linksOf?.after) ? null : 'changed';
    }
    if (was.stat.kind !== 'file') return mode;
    if (was.stat.dev === now.stat.dev && was.stat.ino === now.stat.ino) return mode;
    if (was.stat.size !== now.stat.size) return 'changed';
    const same = hashOf(disk, joinPath(before, was.path)) === hashOf(other, joinPath(after, now.path));
    return same ? mode : 'changed';
  }

  function moved(from: readonly Entry[], to: readonly Entry[]): readonly TreeChange[] {
    const sizes = new Set(to.map(({ stat }) => stat.size));
    const byContent = new Map<string, Entry[]>();
    for (const entry of from) {
      // An empty file is not told from another one.
      if (entry.stat.kind !== 'file' || entry.stat.size === 0 || !sizes.has(entry.stat.size)) continue;
      const hash = hashOf(disk, joinPath(before, entry.path));
      byContent.set(hash, [...(byContent.get(hash) ?? []), entry]);
    }
    const found: TreeChange[] = [];
    const paired = new Set<string>();
    for (const entry of to) {
      const was =
        entry.stat.kind === 'file' && entry.stat.size > 0 && byContent.size > 0
          ? byContent.get(hashOf(other, joinPath(after, entry.path)))?.shift()
          : undefined;
      if (was !== undefined) paired.add(keyOf(was.path));
      found.push({
        path: entry.path,
        is: was === undefined ? 'added' : 'moved',
        kind: entry.stat.kind,
        ...(was === undefined ? {} : { from: was.path }),
        before: was === undefined ? null : lengthOf(was.stat),
        after: lengthOf(entry.stat),
      });
    }
    for (const { path, stat } of from.filter(({ path }) => !paired.has(keyOf(path)))) {
      found.push({ path, is: 'removed', kind: stat.kind, before: lengthOf(stat), after: null });
    }
    return found;
  }
}

function listed(disk: Disk, root: Path, without: ReadonlySet<string>): ReadonlyMap<string, Entry> {
  const { entries } = everythingIn(disk, root, { closed: without });
  return new Map(
    entries.flatMap((entry) =>
      typeof entry.name === 'string' && without.has(entry.name) ? [] : [[keyOf(entry.path), entry] as const],
    ),
  );
}

function hashOf(disk: Disk, path: Path): string {
  const file = disk.open(path, 'read');
  try {
    return hashFile(file).sha256;
  } finally {
    file.close();
  }
}

function targetOf(disk: Disk, path: Path, prefix: string | undefined): string {
  const target = disk.readlink(path).toString('latin1');
  if (prefix === undefined) return target;
  const root = Buffer.from(prefix).toString('latin1');
  return target === root || target.startsWith(`${root}/`) ? `<root>${target.slice(root.length)}` : target;
}

function lengthOf({ kind, size }: Stat): number | null {
  return kind === 'file' ? size : null;
}
