/** What `from a import b` takes: a submodule, a name that the file binds, or nothing that is there. */
import type { FileFacts, ImportFact } from '../facts.ts';
import type { SourceTree } from '../resolve.ts';
import type { Located, ModuleIndex } from './module-index.ts';

export interface Taken {
  readonly submodules?: Readonly<Record<string, string>>;
  readonly missingNames?: readonly string[];
}

/** The names that a file binds; `open`: it may have others as well. */
interface Bound {
  readonly exported: ReadonlySet<string>;
  readonly imported: ReadonlySet<string>;
  readonly open: boolean;
}

export interface NameLookup {
  taken(located: Located, names: ImportFact['names'], guarded: boolean): Taken;
  /** May `name` be an attribute of the module? */
  mayHave(located: Located, name: string): boolean;
}

export function lookUpNames(tree: SourceTree, modules: ModuleIndex): NameLookup {
  const cache = new Map<string, Bound>();
  const boundBy = (file: string): Bound => {
    let bound = cache.get(file);
    if (bound === undefined) {
      bound = read(tree.facts.get(file));
      cache.set(file, bound);
    }
    return bound;
  };
  const mayHave = (located: Located, name: string): boolean => {
    if (located.file === undefined) return false;
    const { exported, imported, open } = boundBy(located.file);
    return open || exported.has(name) || imported.has(name) || /^__\w+__$/.test(name);
  };
  return {
    mayHave,
    taken(located, names, guarded) {
      let submodules: Record<string, string> | undefined;
      let missing: string[] | undefined;
      for (const { name } of names) {
        if (name === '*') continue;
        if (located.file !== undefined && boundBy(located.file).exported.has(name)) continue;
        const inner = located.folder === undefined ? undefined : modules.step(located.folder, name);
        if (inner?.file !== undefined && name !== '__proto__') {
          submodules ??= {};
          submodules[name] = inner.file;
        } else if (inner === undefined && !guarded && !mayHave(located, name)) {
          missing ??= [];
          missing.push(name);
        }
      }
      return {
        ...(submodules === undefined ? {} : { submodules }),
        ...(missing === undefined ? {} : { missingNames: missing }),
      };
    },
  };
}

function read(facts: FileFacts | undefined): Bound {
  const exported = new Set<string>();
  const imported = new Set<string>();
  // A file that does not parse or was not read may bind anything.
  let open = facts === undefined || facts.language !== 'python' || facts.read === 'tokens' || facts.read === 'none';
  for (const { name } of facts?.exports ?? []) {
    exported.add(name);
    if (name === '*' || name === '__getattr__') open = true;
  }
  for (const { names, as, kind, module } of facts?.imports ?? []) {
    if (kind === 'text') continue;
    if (as !== undefined) imported.add(as);
    for (const taken of names) {
      if (taken.name === '*') open = true;
      imported.add(taken.as);
    }
    // `from .db import x` in a package makes `db` a name of it, too.
    if (module !== null && module !== '') imported.add(module.split('.')[0] as string);
  }
  return { exported, imported, open };
}
