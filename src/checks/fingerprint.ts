/**
 * What the project was while a check ran beside it: a stamp of each of its paths, and of what links lead to outside. A check that
 * works in a copy moves none of them; one that knows an absolute path does (`DSP-CHECK-ESCAPED`). The change time is part of a
 * stamp, so that no content need be read.
 */
import { everythingIn } from '../copy/everything.ts';
import type { Disk } from '../disk/disk.ts';
import { stampOf } from '../disk/path-state.ts';
import { joinPath, keyOf, shownPath } from '../disk/paths.ts';

export interface Watched {
  readonly disk: Disk;
  readonly root: string;
  /** Absolute paths outside of the project that links of it lead to. */
  readonly outside: readonly string[];
  /** Vendored folders that a copy shares with the project; others are not looked into. */
  readonly shared: readonly string[];
  vendoredBecause(path: string, siblings: ReadonlySet<string>): string | undefined;
}

export type Fingerprint = ReadonlyMap<
  string,
  { readonly shown: string; readonly stamp: string; readonly path: string }
>;

/** Git's own state is left out: a shell prompt moves it. */
const WITHOUT: ReadonlySet<string> = new Set(['.git']);

export function fingerprintOf({ disk, root, outside, shared, vendoredBecause }: Watched): Fingerprint {
  const stamps = new Map<string, { shown: string; stamp: string; path: string }>();
  const closed = new Set<string>(WITHOUT);
  const { entries } = everythingIn(disk, root, { closed, vendoredBecause });
  for (const { path, name, stat, vendored } of entries) {
    if (name === '.git') continue;
    const shown = shownPath(path);
    if (vendored !== undefined && !shared.some((folder) => shown === folder || shown.startsWith(`${folder}/`)))
      continue;
    stamps.set(keyOf(path), { shown, stamp: stampOf(stat), path: String(joinPath(root, path)) });
  }
  for (const path of outside) stamps.set(`outside ${path}`, { shown: path, stamp: stampOf(disk.lstat(path)), path });
  return stamps;
}

/** Files that came, went or changed. Folders only where no file of theirs tells. */
export function movedBetween(before: Fingerprint, after: Fingerprint): readonly { shown: string; path: string }[] {
  const moved: { shown: string; path: string; folder: boolean }[] = [];
  for (const [key, { shown, stamp, path }] of before) {
    const now = after.get(key)?.stamp ?? 'absent';
    if (now !== stamp) moved.push({ shown, path, folder: stamp.startsWith('folder:') });
  }
  for (const [key, { shown, path }] of after) if (!before.has(key)) moved.push({ shown, path, folder: false });
  return moved.filter(({ folder, shown }) => !folder || !moved.some((other) => other.shown.startsWith(`${shown}/`)));
}
