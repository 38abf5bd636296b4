/**
 * Virtual environments of Python name the folder they were made in: their programs start the project's own interpreter, and what is
 * installed in place is imported from the project. In a copy these names are pointed into the copy, else the check of a change
 * would test the code without it.
 */
import { join } from 'node:path';
import { everythingIn } from '../copy/everything.ts';
import type { Disk } from '../disk/disk.ts';
import { writeAll } from '../disk/write-file.ts';
import { names, pointInto } from './environment.ts';

/** Larger files are no scripts. */
const TEXT_BYTES = 256 * 1024;
const NAMES_PLACES =
  /(?:^|\/)(?:pyvenv\.cfg|bin\/[^/]+|[^/]+\.(?:pth|egg-link)|__editable__[^/]*\.py|direct_url\.json)$/;

/** Returns what was changed, relative to the copy. `linked`: folders that the copy shares with the project. */
export function pointPrograms(disk: Disk, root: string, copy: string, linked: readonly string[]): readonly string[] {
  const { entries } = everythingIn(disk, copy, { closed: new Set(['.git', 'node_modules']) });
  const environments = entries.flatMap(({ path, name }) =>
    name === 'pyvenv.cfg' && typeof path === 'string' ? [path.slice(0, -'pyvenv.cfg'.length)] : [],
  );
  const changed: string[] = [];
  for (const { path, stat } of entries) {
    if (typeof path !== 'string' || stat.kind !== 'file' || stat.size > TEXT_BYTES || !NAMES_PLACES.test(path))
      continue;
    if (!environments.some((folder) => path.startsWith(folder))) continue;
    if (linked.some((folder) => path.startsWith(`${folder}/`))) continue;
    const text = readLatin1(disk, join(copy, path));
    const from = Buffer.from(root).toString('latin1');
    if (text.includes('\0') || !names(text, from)) continue;
    const to = Buffer.from(copy).toString('latin1');
    rewrite(disk, join(copy, path), Buffer.from(pointInto(text, from, to), 'latin1'), stat.mode);
    changed.push(path);
  }
  return changed;
}

function readLatin1(disk: Disk, path: string): string {
  const file = disk.open(path, 'read');
  try {
    const bytes = Buffer.alloc(file.stat().size);
    return bytes.subarray(0, file.read(bytes, 0)).toString('latin1');
  } finally {
    file.close();
  }
}

/** The copy is thrown away: a half of it matters to nobody. */
function rewrite(disk: Disk, path: string, bytes: Buffer, mode: number): void {
  disk.unlink(path);
  const file = disk.open(path, 'create', 0o600);
  try {
    writeAll(file, bytes, 0);
    file.setAttributes({ mode });
  } finally {
    file.close();
  }
}
