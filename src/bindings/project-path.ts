/** Paths of the project: relative to its root, `/` between, the root itself being empty. */
import { posix } from 'node:path';

export const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');

export const within = (folder: string, path: string): boolean =>
  folder === '' || folder === '/' || path === folder || path.startsWith(`${folder}/`);

/** `./a/../b` → `b`; the project's root is ''. */
export function relative(path: string): string {
  const normal = posix.normalize(path).replace(/\/+$/, '');
  return normal === '.' ? '' : normal;
}
