/**
 * Folders that modules are looked for in. CPython takes the script's folder and PYTHONPATH; which script and which variable it will be,
 * a file does not say, so there are several, the likeliest first.
 */
import type { FileFacts } from '../facts.ts';
import type { SourceTree } from '../resolve.ts';
import { folderOf, join, type ModuleIndex } from './module-index.ts';

/** A folder that holds one of these is where a Python project starts. */
const MARKERS =
  /(?:^|\/)(?:pyproject\.toml|setup\.py|setup\.cfg|manage\.py|Pipfile|requirements\.txt|tox\.ini|pytest\.ini|alembic\.ini|wsgi\.py|asgi\.py)$/;

export interface Root {
  readonly folder: string;
  /** What is found in part only is not missing here: it may well come from elsewhere. */
  readonly weak: boolean;
}

export interface Roots {
  of(from: string): readonly Root[];
}

/** A path as written in a setting or a file, from `base`; nothing where it leads out of the project. */
export function normalise(base: string, written: string): string | undefined {
  const segments = base === '' ? [] : base.split('/');
  for (const part of written.split(/[\\/]/)) {
    if (part === '' || part === '.') continue;
    if (part !== '..') segments.push(part);
    else if (segments.pop() === undefined) return undefined;
  }
  return segments.join('/');
}

export function findRoots(tree: SourceTree, modules: ModuleIndex): Roots {
  const declared = new Set<string>(['', 'src']);
  for (const path of tree.paths) if (MARKERS.test(path)) declare(folderOf(path));
  for (const [path, facts] of tree.facts) {
    if (facts.language === 'python') {
      if (facts.runnable) declared.add(folderOf(path));
      for (const folder of addedBy(path, facts)) declared.add(folder);
    } else for (const folder of pythonPaths(path, facts)) declared.add(folder);
  }
  const everywhere = [...declared].filter((folder) => modules.folders.has(folder));
  const cache = new Map<string, readonly Root[]>();
  // A file's imports are asked for one after the other.
  let last = { from: '', roots: [] as readonly Root[] };
  return {
    of(from) {
      if (last.from === from) return last.roots;
      const facts = tree.facts.get(from);
      const own = facts === undefined ? [] : addedBy(from, facts);
      const folder = folderOf(from);
      const key = `${own.join('|')}|${facts?.runnable === true}|${folder}`;
      let roots = cache.get(key);
      if (roots === undefined) {
        roots = orderRoots(folder, own, facts?.runnable === true, everywhere, modules);
        cache.set(key, roots);
      }
      last = { from, roots };
      return roots;
    },
  };

  function declare(folder: string): void {
    declared.add(folder);
    declared.add(join(folder, 'src'));
    const settings = tree.paths.has(join(folder, 'pyproject.toml'))
      ? tree.readText(join(folder, 'pyproject.toml'))
      : undefined;
    for (const [, list = ''] of settings?.matchAll(
      /^\s*(?:pythonpath|where|mypy_path|extraPaths)\s*=\s*(\[[^\]]*\]|"[^"\n]*")/gm,
    ) ?? []) {
      for (const [, written = ''] of list.matchAll(/["']([^"']+)["']/g)) {
        const root = normalise(folder, written);
        if (root !== undefined) declared.add(root);
      }
    }
  }

  function pythonPaths(path: string, facts: FileFacts): string[] {
    const values = facts.variables.flatMap(({ name, value }) =>
      name === 'PYTHONPATH' && value !== null ? [value] : [],
    );
    for (const { env } of facts.commands) if (env.PYTHONPATH !== undefined) values.push(env.PYTHONPATH);
    return values.flatMap((value) => value.split(/[:;]/).flatMap((written) => inProject(folderOf(path), written)));
  }

  /** `/app/backend` is seen from inside a container: the folders that it ends with. */
  function inProject(base: string, written: string): string[] {
    const plain = written.replace(/\$\{?\w+\}?/g, '').trim();
    if (plain === '') return [];
    if (!plain.startsWith('/')) return [base, ''].flatMap((from) => normalise(from, plain) ?? []);
    const segments = plain.split('/').filter((segment) => segment !== '');
    for (let index = 0; index < segments.length; index++) {
      const tail = segments.slice(index).join('/');
      if (tree.folders.has(tail)) return [tail];
    }
    return [];
  }
}

/** What the file itself puts on `sys.path`. */
function addedBy(path: string, facts: FileFacts): string[] {
  return facts.references.flatMap(({ kind, target }) =>
    kind === 'include' ? (normalise(folderOf(path), target) ?? []) : [],
  );
}

function orderRoots(
  folder: string,
  own: readonly string[],
  runnable: boolean,
  everywhere: readonly string[],
  modules: ModuleIndex,
): readonly Root[] {
  const roots = new Map<string, boolean>();
  const add = (root: string, weak = false): void => {
    if (!roots.has(root)) roots.set(root, weak);
  };
  for (const root of own) add(root);
  // Inside of packages only their common parent is a root; the folders between are, at most, by accident.
  const inside: string[] = [];
  let parent = folder;
  while (
    parent !== '' &&
    modules.step(folderOf(parent), parent.slice(parent.lastIndexOf('/') + 1))?.file !== undefined
  ) {
    inside.push(parent);
    parent = folderOf(parent);
  }
  if (runnable) add(folder);
  for (let root = parent; ; root = folderOf(root)) {
    add(root);
    if (root === '') break;
  }
  for (const root of everywhere) add(root);
  for (const root of inside) add(root, true);
  return [...roots].map(([root, weak]) => ({ folder: root, weak }));
}
