/**
 * Everything about a folder that looking must not change: one line per path with type, mode, owner, times, links and
 * a hash of the bytes. Two equal lists mean that nobody touched it; access times are left out, since reading moves them.
 */
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs';

/** Of larger files (sparse ones of some gigabytes) only both ends are hashed; size and times stand for the rest. */
const WHOLE_BYTES = 64 * 1024 * 1024;
const END_BYTES = 1024 * 1024;

/** Never call it in a process that has one of the stores open: closing the file here would drop its locks (trap S19). */
export function treeHash(root: string): readonly string[] {
  const lines: string[] = [];
  // Names need not be UTF-8, so paths are bytes here.
  const visit = (path: Buffer): void => {
    const full = Buffer.concat([Buffer.from(`${root}/`), path]);
    const stat = lstatSync(full, { bigint: true });
    const content = stat.isSymbolicLink()
      ? `-> ${readlinkSync(full, { encoding: 'latin1' })}`
      : stat.isFile()
        ? hashOf(full, Number(stat.size))
        : stat.isDirectory()
          ? 'folder'
          : 'special';
    // The change time shows what a careful tool could hide: a mode or mtime that was set back.
    const times = `mtime ${stat.mtimeNs} ctime ${stat.ctimeNs}`;
    const owner = `${stat.uid}:${stat.gid}`;
    const name = isUtf8(path) ? path.toString('utf8') : path.toString('latin1');
    lines.push(
      `${name} ${stat.mode.toString(8)} ${owner} links ${stat.nlink} ino ${stat.ino} ${times} ${stat.size} ${content}`,
    );
    if (!stat.isDirectory()) return;
    for (const entry of readdirSync(full, { encoding: 'buffer' }).sort(Buffer.compare))
      visit(Buffer.concat([path, Buffer.from('/'), entry]));
  };
  visit(Buffer.from('.'));
  return lines;
}

function hashOf(path: Buffer, size: number): string {
  const hash = createHash('sha256');
  if (size <= WHOLE_BYTES) return hash.update(readFileSync(path)).digest('hex');
  const fd = openSync(path, 'r');
  try {
    const end = Buffer.alloc(END_BYTES);
    for (const position of [0, size - END_BYTES]) {
      readSync(fd, end, 0, END_BYTES, position);
      hash.update(end);
    }
    return hash.digest('hex');
  } finally {
    closeSync(fd);
  }
}
