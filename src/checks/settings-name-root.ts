/** Lines of environment files that name the project by its absolute path: a check that reads one would leave its copy. */
import { everythingIn } from '../copy/everything.ts';
import type { Disk } from '../disk/disk.ts';
import { joinPath } from '../disk/paths.ts';
import { names } from './environment.ts';

const ENVIRONMENT_FILE = /^(?:\.env(?:\..+)?|.+\.env|\.envrc|\.flaskenv)$/;
const TEXT_BYTES = 1024 * 1024;

export function settingsThatName(
  disk: Disk,
  root: string,
  tree: string,
): readonly { readonly path: string; readonly line: number }[] {
  const { entries } = everythingIn(disk, tree, { closed: new Set(['.git', 'node_modules', 'site-packages']) });
  return entries.flatMap(({ path, name, stat }) => {
    if (typeof path !== 'string' || typeof name !== 'string' || stat.kind !== 'file' || stat.size > TEXT_BYTES)
      return [];
    if (!ENVIRONMENT_FILE.test(name)) return [];
    return textOf(disk, joinPath(tree, path))
      .split('\n')
      .flatMap((line, i) => (/^\s*#/.test(line) || !names(line, root) ? [] : [{ path, line: i + 1 }]));
  });
}

function textOf(disk: Disk, path: string | Buffer): string {
  const file = disk.open(path, 'read');
  try {
    const bytes = Buffer.alloc(file.stat().size);
    return bytes.subarray(0, file.read(bytes, 0)).toString('utf8');
  } finally {
    file.close();
  }
}
