/** What entry points lead to, and which modules none leads to. Generous: one doubtful importer keeps a module. */
import type { SourceTree } from '../resolve.ts';
import type { ImportGraph, Unresolved } from './model.ts';

/** Files that run, load, name or could mean each other, beginning with `entries`; these included. */
export function reachable(graph: ImportGraph, entries: Iterable<string>): ReadonlySet<string> {
  const found = new Set(entries);
  // A set that grows while it is walked: circles end by themselves.
  for (const path of found) for (const to of graph.imports(path)) found.add(to);
  return found;
}

export interface UnusedModule {
  readonly path: string;
  /** All of them unused themselves. */
  readonly importers: readonly string[];
  /** From the module through its importers to one that nobody imports, the shortest way; in a circle until it closes (trap C10). */
  readonly chain: readonly string[];
  readonly because: 'nobody imports it' | 'only unused modules import it' | 'its importers and it import each other';
}

export interface Unused {
  /** Ordered by path. */
  readonly modules: readonly UnusedModule[];
  /** Imports among what is reached whose names are computed from nothing that can be read: any module could be meant. */
  readonly blind: readonly Unresolved[];
}

const MODULES: ReadonlySet<string> = new Set(['python', 'typescript', 'php']);
const DECLARATIONS = /\.d\.[cm]?ts$|\.pyi$/;

/**
 * `entries`: files of `entryPoints`. Settings, commands and pages are no modules: what they name is reached. An empty
 * `__init__.py`, declarations and what a program wrote are not listed.
 */
export function unusedModules(graph: ImportGraph, entries: Iterable<string>, tree: SourceTree): Unused {
  const starts = new Set(entries);
  for (const { from } of graph.edges) if (!MODULES.has(tree.facts.get(from)?.language ?? '')) starts.add(from);
  const reached = reachable(graph, starts);
  const dead = new Set<string>();
  for (const [path, facts] of tree.facts) {
    if (reached.has(path) || !MODULES.has(facts.language) || DECLARATIONS.test(path)) continue;
    if (facts.read === 'none' || facts.generated === true) continue;
    const isMark = /(?:^|\/)__init__\.py$/.test(path) && facts.imports.length === 0 && facts.exports.length === 0;
    if (!isMark) dead.add(path);
  }
  const chains = chainsOf(graph, dead);
  const modules = [...dead].sort().map((path): UnusedModule => {
    const importers = graph.importers(path).filter((from) => from !== path);
    const chain = chains.get(path);
    return {
      path,
      importers: [...importers].sort(),
      chain: chain ?? circleOf(graph, path),
      because:
        importers.length === 0
          ? 'nobody imports it'
          : chain === undefined
            ? 'its importers and it import each other'
            : 'only unused modules import it',
    };
  });
  const blind = graph.unresolved.filter(({ from, status }) => status === 'computed' && reached.has(from));
  return { modules, blind };
}

/** From those that nobody imports downwards, each module by the shortest way. */
function chainsOf(graph: ImportGraph, dead: ReadonlySet<string>): ReadonlyMap<string, readonly string[]> {
  const chains = new Map<string, readonly string[]>();
  for (const path of [...dead].sort()) if (graph.importers(path).length === 0) chains.set(path, [path]);
  for (const [path, chain] of chains) {
    for (const to of [...graph.imports(path)].sort()) {
      if (!chains.has(to) && dead.has(to)) chains.set(to, [to, ...(chain.length < 20 ? chain : chain.slice(0, 20))]);
    }
  }
  return chains;
}

/** Follows the first importer by name until one comes again. */
function circleOf(graph: ImportGraph, path: string): readonly string[] {
  const chain = [path];
  const seen = new Set(chain);
  for (let at = path; chain.length < 20; ) {
    const [next] = [...graph.importers(at)].sort();
    if (next === undefined) break;
    chain.push(next);
    if (seen.has(next)) break;
    seen.add(next);
    at = next;
  }
  return chain;
}
