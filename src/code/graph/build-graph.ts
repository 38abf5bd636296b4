/** Resolves every import of a project once. */
import type { LanguageId } from '../facts.ts';
import type { Resolver, SourceTree } from '../resolve.ts';
import type { Edge, ImportGraph, Unresolved } from './model.ts';

export function buildGraph(tree: SourceTree, resolverOf: (language: LanguageId) => Resolver | undefined): ImportGraph {
  const edges: Edge[] = [];
  const unresolved: Unresolved[] = [];
  const into = new Map<string, Edge[]>();
  const out = new Map<string, Set<string>>();
  const add = (edge: Edge): void => {
    if (edge.from === edge.to) return;
    edges.push(edge);
    const list = into.get(edge.to);
    if (list === undefined) into.set(edge.to, [edge]);
    else list.push(edge);
    const targets = out.get(edge.from);
    if (targets === undefined) out.set(edge.from, new Set([edge.to]));
    else targets.add(edge.to);
  };
  for (const [from, facts] of tree.facts) {
    if (facts.imports.length === 0) continue;
    // Settings and commands of Python projects name Python modules.
    const resolver = resolverOf(facts.language) ?? resolverOf('python');
    if (resolver === undefined) continue;
    for (const fact of facts.imports) {
      const resolution = resolver.resolve(from, fact);
      const { file, qualified } = resolution;
      if (resolution.status === 'missing' || resolution.status === 'computed' || resolution.missingNames !== undefined) {
        unresolved.push({ from, fact, resolution });
      }
      if (file !== undefined)
        add({ from, to: file, fact, via: 'module', ...(qualified === undefined ? {} : { qualified }) });
      for (const to of resolution.also ?? []) add({ from, to, fact, via: 'also' });
      for (const to of Object.values(resolution.submodules ?? {})) add({ from, to, fact, via: 'submodule' });
    }
  }
  const leading = new Map<string, ReadonlySet<string>>();
  return {
    edges,
    unresolved,
    into: (file) => into.get(file) ?? [],
    imports: (file) => [...(out.get(file) ?? [])],
    leadingTo(file) {
      const known = leading.get(file);
      if (known !== undefined) return known;
      const seen = new Set([file]);
      for (const next of seen) for (const { from } of into.get(next) ?? []) seen.add(from);
      leading.set(file, seen);
      return seen;
    },
  };
}
