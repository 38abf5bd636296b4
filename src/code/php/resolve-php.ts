/**
 * Which file an include or a `use` leads to. Includes are looked for beside the file, from the project's root and its usual
 * include folders; classes where composer's autoloader looks, and without composer where a file declares them.
 */
import { posix } from 'node:path';
import type { ImportFact } from '../facts.ts';
import type { Resolution, Resolver, SourceTree } from '../resolve.ts';

interface Autoload {
  /** `App\` and its folder, longest prefix first. */
  readonly prefixes: readonly (readonly [prefix: string, folder: string])[];
  /** Namespaces of packages that composer installs are nobody's files here. */
  readonly composer: boolean;
}

/** Folders that projects put on the include path. */
const INCLUDE_FOLDERS = ['', 'include', 'includes', 'inc', 'lib', 'src', 'public'];

export function phpResolver(tree: SourceTree): Resolver {
  let autoload: Autoload | undefined;
  let classes: Map<string, string[]> | undefined;
  return {
    resolve(from, fact) {
      if (fact.module === null) return { status: 'computed' };
      if (isInclude(fact)) return resolveInclude(tree, from, fact.module);
      autoload ??= readAutoload(tree);
      classes ??= indexClasses(tree);
      return resolveClass(tree, autoload, classes, fact.module);
    },
  };
}

/** Includes bring all names of a file; `use` brings one, or the name itself. */
function isInclude(fact: ImportFact): boolean {
  return fact.names.some(({ name }) => name === '*');
}

function resolveInclude(tree: SourceTree, from: string, module: string): Resolution {
  const folder = posix.dirname(from);
  const written = module.replaceAll('\\', '/');
  if (written.startsWith('/')) {
    // Absolute: only where the project's own folders are its end (`/var/www/html/inc/db.php`).
    const perhaps = endsLike(tree, written);
    return perhaps.length > 0
      ? { status: 'missing', why: 'an absolute path', perhaps }
      : { status: 'external', qualified: module };
  }
  if (/^(?:https?|phar|php|data):/.test(written)) return { status: 'external', qualified: module };
  const beside = posix.normalize(posix.join(folder, written));
  const file = tree.paths.has(beside) ? beside : undefined;
  if (file !== undefined) return { status: 'project', file };
  // `./x` is taken from the working directory, often the root or the folder of the page that was asked for.
  const tried = [beside];
  for (const base of INCLUDE_FOLDERS) {
    const path = posix.normalize(posix.join(base, written));
    if (path.startsWith('../')) continue;
    if (tree.paths.has(path)) return { status: 'project', file: path };
    tried.push(path);
  }
  if (/(?:^|\/)vendor\//.test(beside)) return { status: 'external', qualified: module };
  return {
    status: 'missing',
    why: `looked for ${[...new Set(tried)].slice(0, 3).join(', ')}`,
    perhaps: endsLike(tree, written),
  };
}

/** Files of the project whose path ends as this one does: where it probably went. */
function endsLike(tree: SourceTree, written: string): string[] {
  const parts = posix
    .normalize(written)
    .split('/')
    .filter((part) => part !== '..' && part !== '.' && part !== '');
  const name = parts.at(-1);
  if (name === undefined) return [];
  const same = [...tree.paths].filter((path) => path === name || path.endsWith(`/${name}`));
  for (let count = parts.length; count > 1; count--) {
    const tail = parts.slice(-count).join('/');
    const found = same.filter((path) => path === tail || path.endsWith(`/${tail}`));
    if (found.length > 0) return found.slice(0, 5);
  }
  return same.slice(0, 5);
}

function resolveClass(
  tree: SourceTree,
  autoload: Autoload,
  classes: ReadonlyMap<string, readonly string[]>,
  module: string,
): Resolution {
  const name = module.replace(/^\\/, '');
  const last = name.slice(name.lastIndexOf('\\') + 1);
  const declared = classes.get(last.toLowerCase()) ?? [];
  let tried = '';
  for (const [prefix, folder] of autoload.prefixes) {
    if (!name.toLowerCase().startsWith(prefix.toLowerCase())) continue;
    const path = posix.normalize(posix.join(folder, `${name.slice(prefix.length).replaceAll('\\', '/')}.php`));
    if (tree.paths.has(path)) return { status: 'project', file: path, qualified: name };
    // Several classes in one file of the folder, or a file whose name differs in case.
    const near = declared.find((file) => posix.dirname(file) === posix.dirname(path));
    if (near !== undefined) return { status: 'project', file: near, qualified: name };
    if (tried === '') tried = path;
  }
  if (tried !== '')
    return { status: 'missing', why: `looked for ${tried}`, perhaps: declared.slice(0, 5), qualified: name };
  // Without an autoloader that could be read, a class that one file alone declares is meant.
  const folder =
    name
      .slice(0, Math.max(0, name.lastIndexOf('\\')))
      .split('\\')
      .at(-1)
      ?.toLowerCase() ?? '';
  const fitting = declared.filter(
    (file) => folder === '' || posix.basename(posix.dirname(file)).toLowerCase() === folder,
  );
  const only =
    fitting.length === 1 ? fitting[0] : !autoload.composer && declared.length === 1 ? declared[0] : undefined;
  if (only !== undefined && name.includes('\\')) return { status: 'project', file: only, qualified: name };
  return { status: 'external', qualified: name };
}

function indexClasses(tree: SourceTree): Map<string, string[]> {
  const index = new Map<string, string[]>();
  for (const [path, facts] of tree.facts) {
    if (facts.language !== 'php') continue;
    for (const { name, kind } of facts.exports) {
      if (kind !== 'class' && kind !== 'type' && kind !== 'function') continue;
      const key = name.toLowerCase();
      const files = index.get(key);
      if (files === undefined) index.set(key, [path]);
      else if (!files.includes(path)) files.push(path);
    }
  }
  return index;
}

/** `autoload` and `autoload-dev` of every composer.json of the project, folders from its own. */
function readAutoload(tree: SourceTree): Autoload {
  const prefixes: [string, string][] = [];
  let composer = false;
  for (const path of tree.paths) {
    if (path !== 'composer.json' && !path.endsWith('/composer.json')) continue;
    const settings = parse(tree.readText(path));
    if (settings === undefined) continue;
    composer = true;
    const folder = posix.dirname(path);
    for (const section of ['autoload', 'autoload-dev']) {
      for (const standard of ['psr-4', 'psr-0']) {
        for (const [prefix, places] of entriesOf(field(field(settings, section), standard))) {
          for (const place of Array.isArray(places) ? places : [places]) {
            if (typeof place !== 'string') continue;
            // psr-0 keeps the prefix as folders.
            const own = standard === 'psr-0' ? posix.join(place, prefix.replaceAll('\\', '/')) : place;
            prefixes.push([prefix, posix.normalize(posix.join(folder, own))]);
          }
        }
      }
    }
  }
  prefixes.sort((x, y) => y[0].length - x[0].length);
  return { prefixes, composer };
}

function parse(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}
