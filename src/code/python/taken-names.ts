/** What `from a import b` takes: a submodule, a name that the file binds, or nothing that is there. */
import type { FileFacts, ImportFact } from '../facts.ts';
import type { SourceTree } from '../resolve.ts';
import type { Located, ModuleIndex } from './module-index.ts';

export interface Taken {
  readonly submodules?: Readonly<Record<string, string>>;
  readonly missingNames?: readonly string[];
}

/** The names that a file binds. */
interface Bound {
  exported(name: string): boolean;
  /** Also those that it imports; true where it may have names that are not seen. */
  any(name: string): boolean;
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
    return boundBy(located.file).any(name) || /^__\w+__$/.test(name);
  };
  return {
    mayHave,
    taken(located, names, guarded) {
      let submodules: Record<string, string> | undefined;
      let missing: string[] | undefined;
      for (const { name } of names) {
        if (name === '*') continue;
        if (located.file !== undefined && boundBy(located.file).exported(name)) continue;
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

/** Sets are made for files that are asked often only: most are asked for one name or two. */
function read(facts: FileFacts | undefined): Bound {
  // A file that does not parse or was not read may bind anything.
  if (facts === undefined || facts.language !== 'python' || facts.read === 'tokens' || facts.read === 'none') {
    return { exported: () => false, any: () => true };
  }
  let exports: ReadonlySet<string> | undefined;
  let imports: ReadonlySet<string> | undefined;
  const exported = (name: string): boolean => {
    if (exports === undefined) {
      if (facts.exports.length < 4) return facts.exports.some((fact) => fact.name === name);
      exports = new Set(facts.exports.map((fact) => fact.name));
    }
    return exports.has(name);
  };
  return {
    exported,
    any(name) {
      if (exported(name)) return true;
      imports ??= new Set(boundByImports(facts));
      return imports.has(name) || imports.has('*') || exported('*') || exported('__getattr__');
    },
  };
}

function* boundByImports(facts: FileFacts): Generator<string> {
  for (const { names, as, kind, module } of facts.imports) {
    if (kind === 'text') continue;
    if (as !== undefined) yield as;
    for (const taken of names) yield taken.as;
    // `from .db import x` in a package makes `db` a name of it, too.
    if (module !== null && module !== '') yield module.split('.')[0] as string;
  }
}
