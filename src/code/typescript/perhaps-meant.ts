/** Files elsewhere in the project that an import which leads nowhere probably means (trap C9): same name, longest common end. */
import { folderOf } from './path-of.ts';

const MOST = 5;
const SUFFIX = /(?:\.d)?\.[cm]?[jt]sx?$/;

function stemOf(path: string): string {
  return path.replace(SUFFIX, '').replace(/\/index$/, '');
}

export function perhapsMeant(paths: ReadonlySet<string>): (wanted: string) => readonly string[] {
  let byName: Map<string, string[]> | undefined;
  return (wanted) => {
    byName ??= indexed(paths);
    const stem = stemOf(wanted);
    const segments = stem.split('/').reverse();
    const name = segments[0] ?? '';
    if (name === '' || name === '..' || name === '.') return [];
    return (byName.get(name) ?? [])
      .map((path) => ({ path, shared: sharedEnd(segments, stemOf(path).split('/').reverse()) }))
      .sort((x, y) => y.shared - x.shared || x.path.length - y.path.length || (x.path < y.path ? -1 : 1))
      .slice(0, MOST)
      .map(({ path }) => path);
  };
}

function indexed(paths: ReadonlySet<string>): Map<string, string[]> {
  const byName = new Map<string, string[]>();
  for (const path of paths) {
    if (!SUFFIX.test(path) && !path.endsWith('.json')) continue;
    const stem = stemOf(path);
    const name = stem.slice(folderOf(stem) === '' ? 0 : folderOf(stem).length + 1);
    const list = byName.get(name);
    if (list === undefined) byName.set(name, [path]);
    else list.push(path);
  }
  return byName;
}

function sharedEnd(x: readonly string[], y: readonly string[]): number {
  let count = 0;
  while (count < x.length && x[count] === y[count]) count++;
  return count;
}
