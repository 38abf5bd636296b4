/**
 * Python imports to files, as CPython's path finder does it: packages before modules before namespaces, whole segments only. Where it would
 * know `sys.path`, there are several roots to choose from; the first in which the whole name is found counts.
 */
import type { ImportFact } from '../facts.ts';
import type { Resolution, Resolver, SourceTree } from '../resolve.ts';
import { declaredPackages } from './declared-packages.ts';
import { findRoots, type Root } from './import-roots.ts';
import { folderOf, indexModules, type Located } from './module-index.ts';
import { NEVER_SHADOWED, STANDARD_LIBRARY } from './standard-library.ts';
import { lookUpNames } from './taken-names.ts';

const EXTERNAL = 'external';
/** More guesses than this help nobody. */
const MAX_PERHAPS = 5;

/** Where a module name leads, whatever is taken from it. */
interface Found {
  readonly status: 'project' | 'external' | 'missing';
  readonly located?: Located;
  readonly qualified?: string;
  readonly why?: string;
  readonly perhaps?: readonly string[];
  /** A text's last part, which the module has not. */
  readonly missing?: string;
}

export function pythonResolver(tree: SourceTree): Resolver {
  const modules = indexModules(tree);
  const roots = findRoots(tree, modules);
  const names = lookUpNames(tree, modules);
  let declared: ReadonlySet<string> | undefined;
  const isDeclared = (name: string): boolean => {
    declared ??= declaredPackages(tree);
    return declared.has(name.toLowerCase());
  };
  const absolute = new Map<readonly Root[], Map<string, Found>>();

  return {
    resolve(from, fact) {
      const { module } = fact;
      if (module === null) return { status: 'computed' };
      const level = fact.level ?? 0;
      if (fact.kind === 'text')
        return asResolution(level > 0 ? relative(from, module, level) : named(from, module, fact), fact);
      return asResolution(level > 0 ? relative(from, module, level) : findAbsolute(from, module, fact), fact);
    },
  };

  function asResolution(found: Found, fact: ImportFact): Resolution {
    const { status, located, qualified, why, perhaps } = found;
    if (status === EXTERNAL || located === undefined) {
      return {
        status,
        ...(qualified === undefined ? {} : { qualified }),
        ...(why === undefined ? {} : { why }),
        ...(perhaps === undefined || perhaps.length === 0 ? {} : { perhaps }),
      };
    }
    if (found.missing !== undefined && fact.guarded === undefined) {
      return {
        status,
        ...fileOf(located),
        missingNames: [found.missing],
        ...(qualified === undefined ? {} : { qualified }),
      };
    }
    return {
      status,
      ...fileOf(located),
      ...(fact.names.length === 0 ? {} : names.taken(located, fact.names, fact.guarded === true)),
      ...(qualified === undefined ? {} : { qualified }),
    };
  }

  function fileOf({ file, also }: Located): Pick<Resolution, 'file' | 'also'> {
    return { ...(file === undefined ? {} : { file }), ...(also.length === 0 ? {} : { also }) };
  }

  function relative(from: string, module: string, level: number): Found {
    let base = folderOf(from);
    for (let up = 1; up < level; up++) {
      if (base === '') return missing(module.split('.'), from, 'leads out of the project');
      base = folderOf(base);
    }
    if (module === '') {
      const located: Located = modules.locate(
        folderOf(base),
        base === '' ? [] : [base.slice(base.lastIndexOf('/') + 1)],
      ) ?? {
        folder: base,
        also: [],
      };
      // `models.py` beside a folder `models` that it is not the file of.
      return { status: 'project', located: located.folder === base ? located : { folder: base, also: [] } };
    }
    const segments = module.split('.');
    const located = modules.locate(base, segments);
    if (located !== undefined) return { status: 'project', located };
    return missing(segments, from, `not in ${base === '' ? 'the project’s root' : `${base}/`}`);
  }

  function missing(segments: readonly string[], from: string, why: string): Found {
    return { status: 'missing', why, perhaps: similar(segments, from) };
  }

  /** Files whose path ends as the name does; the front of it may have changed since. */
  function similar(segments: readonly string[], from: string): readonly string[] {
    for (let start = 0; start === 0 || segments.length - start >= 2; start++) {
      const found = modules.endingWith(segments.slice(start)).filter((path) => path !== from);
      if (found.length > 0) return found.slice(0, MAX_PERHAPS);
    }
    return [];
  }

  function findAbsolute(from: string, module: string, fact: ImportFact): Found {
    const dot = module.indexOf('.');
    // Most imports: nothing in the project is called so.
    if (
      !modules.isName(dot < 0 ? module : module.slice(0, dot)) &&
      (dot < 0 || !modules.isName(module.slice(module.lastIndexOf('.') + 1)))
    ) {
      return { status: EXTERNAL, qualified: module };
    }
    const candidates = roots.of(from);
    let known = absolute.get(candidates);
    if (known === undefined) {
      known = new Map();
      absolute.set(candidates, known);
    }
    const cached = known.get(module);
    if (cached !== undefined && cached.located?.file !== from) return cached;
    const found = search(from, module.split('.'), candidates, fact);
    // What is found in a namespace hangs on the names that are taken; a file that imports its own name looks elsewhere.
    const own = from.slice(folderOf(from).length).startsWith(`/${module}.`) || from.startsWith(`${module}.`);
    if (!own && (found.located?.file !== undefined || found.status === EXTERNAL)) known.set(module, found);
    return found;
  }

  function search(from: string, segments: readonly string[], candidates: readonly Root[], fact: ImportFact): Found {
    const [first = ''] = segments;
    const qualified = segments.join('.');
    const standard = STANDARD_LIBRARY.has(first);
    if (NEVER_SHADOWED.has(first)) return { status: EXTERNAL, qualified };
    const folder = folderOf(from);
    const installed = standard || isDeclared(first);
    let namespace: Located | undefined;
    let half: string | undefined;
    for (const { folder: root, weak } of candidates) {
      const start = modules.step(root, first);
      if (start === undefined) continue;
      // `redis.py` that imports redis, `logging.py` in a package: an installed module of the name is meant.
      if (segments.length === 1 && start.file === from) continue;
      if (standard && !shadows(root, weak, folder, segments.length, start)) continue;
      if (installed && !standard && start.file === undefined && segments.length === 1) continue;
      const located = modules.locate(root, segments);
      if (located?.file !== undefined) {
        if (located.file === from && segments.length === 1) continue;
        // A folder `alembic` in the project does not have what Alembic has.
        if (installed && hasNone(located, fact)) continue;
        return { status: 'project', located, qualified };
      }
      if (located?.folder !== undefined && namespace === undefined && holds(located, fact)) namespace = located;
      if (located === undefined && !weak && half === undefined && !installed) half = root;
      if (located?.folder !== undefined && !weak && half === undefined && !installed && fact.names.length > 0)
        half = root;
    }
    if (namespace !== undefined) return { status: 'project', located: namespace, qualified };
    if (half !== undefined)
      return missing(
        segments,
        from,
        `${first} is in ${half === '' ? 'the project’s root' : `${half}/`}, the rest is not there`,
      );
    if (!installed && segments.length > 1) {
      const elsewhere = modules.endingWith(segments);
      if (elsewhere.length > 0) {
        return {
          status: 'missing',
          why: `no folder that modules are looked for in holds ${first}`,
          perhaps: elsewhere.slice(0, MAX_PERHAPS),
        };
      }
    }
    return { status: EXTERNAL, qualified };
  }

  /** A script's own folder comes before the standard library; so does the root of a package, for what only it can hold. */
  function shadows(root: string, weak: boolean, folder: string, length: number, start: Located): boolean {
    if (weak) return false;
    if (length > 1) return folder === root || folder.startsWith(root === '' ? '' : `${root}/`);
    return folder === root && start.file !== undefined;
  }

  function hasNone(located: Located, { names: taken }: ImportFact): boolean {
    const { folder } = located;
    if (taken.length === 0) return false;
    return taken.every(
      ({ name }) => !names.mayHave(located, name) && (folder === undefined || !modules.has(folder, name)),
    );
  }

  /** A namespace has no names but its modules. */
  function holds({ folder }: Located, { names: taken, kind }: ImportFact): boolean {
    if (folder === undefined) return false;
    if (taken.length === 0) return kind !== 'text';
    return taken.every(({ name }) => name === '*' || modules.has(folder, name));
  }

  /** A text names a module or something in it: the longest part that is a module counts, the rest must be in that. */
  function named(from: string, written: string, fact: ImportFact): Found {
    const segments = written.split('.');
    let best: Found | undefined;
    for (let length = segments.length; length > 0; length--) {
      const module = segments.slice(0, length).join('.');
      const found = findAbsolute(
        from,
        module,
        length === segments.length ? fact : { ...fact, names: [], kind: 'static' },
      );
      if (found.status !== 'project') {
        if (length === segments.length) best = found;
        continue;
      }
      const { located } = found;
      const rest = segments.slice(length);
      const [next] = rest;
      if (next === undefined || located === undefined || names.mayHave(located, next)) return found;
      // Behind a package, what has something behind it in turn is a module.
      if (located.folder !== undefined && rest.length > 1) return missing(segments, from, `${module} has no ${next}`);
      return { ...found, missing: next };
    }
    return best?.status === 'missing' ? best : { status: EXTERNAL, qualified: written };
  }
}
