/** A path without symbolic links on the way to it. What is not there yet is kept as it is spelt. */
import type { Disk } from './disk.ts';

/** As Linux counts. */
const MOST_LINKS = 40;

/** `path` is absolute and UTF-8. Throws `ELOOP`. */
export function realPath(disk: Disk, path: string): string {
  const ahead = path.split('/').reverse();
  let real = '';
  let links = 0;
  for (let part = ahead.pop(); part !== undefined; part = ahead.pop()) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      real = real.slice(0, Math.max(0, real.lastIndexOf('/')));
      continue;
    }
    const next = `${real}/${part}`;
    if (disk.lstat(next)?.kind !== 'link') {
      real = next;
      continue;
    }
    if (++links > MOST_LINKS) throw Object.assign(new Error(`ELOOP: too many links: ${path}`), { code: 'ELOOP' });
    const target = disk.readlink(next).toString('utf8');
    if (target.startsWith('/')) real = '';
    ahead.push(...target.split('/').reverse());
  }
  return real === '' ? '/' : real;
}

/** Whether `path` is `folder` or lies in it; both real. */
export function isWithin(path: string, folder: string): boolean {
  return folder === '/' || path === folder || path.startsWith(`${folder}/`);
}
