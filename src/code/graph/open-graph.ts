/** Answers questions about edges; lists are made when they are first asked for. */
import { remembered } from '../../lazily.ts';
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
  const leaders = remembered((path: string) => [
    ...new Set(edgesTo(path).flatMap((edge) => (runs(edge) ? [edge.from] : []))),
  ]);
  return {
    edges,
    unresolved,
    edgesFrom,
    edgesTo,
    imports: (path) => [...new Set(edgesFrom(path).map((edge) => edge.to))],
    importers: (path) => [...new Set(edgesTo(path).map((edge) => edge.from))],
    leadingTo: (path) => collectLeading(path, leaders, leading),
  };
}

/**
 * Files that lead to `path`, itself included. `leaders`: those that run a file directly. `known`: answers given before. Files that
 * lead to each other have one answer; what leads to a file leads on to all it leads to.
 */
export function collectLeading(
  path: string,
  leaders: (path: string) => readonly string[],
  known: Map<string, ReadonlySet<string>>,
): ReadonlySet<string> {
  const answer = known.get(path);
  if (answer !== undefined) return answer;
  const found = collect(path, leaders, known);
  known.set(path, found);
  return found;
}

function collect(
  path: string,
  leaders: (path: string) => readonly string[],
  known: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlySet<string> {
  const found = new Set([path]);
  const whole = new Set<string>();
  // A set that grows while it is walked: circles end by themselves.
  for (const next of found) {
    if (whole.has(next)) continue;
    const before = known.get(next);
    if (before !== undefined) {
      if (before.has(path)) return before;
      for (const one of before) {
        found.add(one);
        whole.add(one);
      }
      continue;
    }
    for (const from of leaders(next)) found.add(from);
  }
  return found;
}

/** Whether the importing file runs the other when it runs. */
export function runs({ fact, how }: ImportEdge): boolean {
  return fact.kind !== 'type' && how !== 'named' && how !== 'former' && how !== 'perhaps';
}
