/** Answers questions about edges; lists are made when they are first asked for. */
import type { ImportEdge, ImportGraph, Unresolved } from './model.ts';

const NONE: readonly never[] = [];

export function openGraph(edges: readonly ImportEdge[], unresolved: readonly Unresolved[]): ImportGraph {
  const from = new Map<string, ImportEdge[]>();
  const to = new Map<string, ImportEdge[]>();
  for (const edge of edges) {
    const there = from.get(edge.from);
    if (there === undefined) from.set(edge.from, [edge]);
    else there.push(edge);
    const back = to.get(edge.to);
    if (back === undefined) to.set(edge.to, [edge]);
    else back.push(edge);
  }
  const edgesFrom = (path: string): readonly ImportEdge[] => from.get(path) ?? NONE;
  const edgesTo = (path: string): readonly ImportEdge[] => to.get(path) ?? NONE;
  const leading = new Map<string, ReadonlySet<string>>();
  return {
    edges,
    unresolved,
    edgesFrom,
    edgesTo,
    imports: (path) => [...new Set(edgesFrom(path).map((edge) => edge.to))],
    importers: (path) => [...new Set(edgesTo(path).map((edge) => edge.from))],
    leadingTo(path) {
      let known = leading.get(path);
      if (known === undefined) {
        known = collect(path, edgesTo);
        leading.set(path, known);
      }
      return known;
    },
  };
}

function collect(path: string, edgesTo: (path: string) => readonly ImportEdge[]): ReadonlySet<string> {
  const found = new Set([path]);
  // A set that grows while it is walked: circles end by themselves.
  for (const next of found) for (const edge of edgesTo(next)) if (runs(edge)) found.add(edge.from);
  return found;
}

function runs({ fact, how }: ImportEdge): boolean {
  return fact.kind !== 'type' && how !== 'named' && how !== 'former' && how !== 'perhaps';
}
