/** Files that get other paths, and what follows from that for folders and for the tree that names are looked up in afterwards. */
import { resolversOf } from '../../audit/import-graph.ts';
import type { ResolverOf } from '../../code/graph/build-graph.ts';
import type { SourceTree } from '../../code/resolve.ts';

export interface Moves {
  /** Old path → new path, of each file that moves. */
  readonly moved: ReadonlyMap<string, string>;
  /** Module → the module that importers take instead; both stay. */
  readonly instead: ReadonlyMap<string, string>;
  /** Files that are made. */
  readonly made: readonly string[];
}

export const NO_MOVES: Moves = { moved: new Map(), instead: new Map(), made: [] };

/** Where a file is afterwards. */
export const afterwards = ({ moved }: Moves, path: string): string => moved.get(path) ?? path;

/** What is meant by who names a file now. */
export const meantAfterwards = ({ moved, instead }: Moves, path: string): string =>
  instead.get(path) ?? moved.get(path) ?? path;

/** Folders all of whose files move together: old path → new path. */
export function movedFolders({ moved }: Moves, paths: ReadonlySet<string>): ReadonlyMap<string, string> {
  const targets = new Map<string, string | null>();
  for (const path of paths) {
    const to = moved.get(path);
    for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1)) {
      const folder = path.slice(0, cut);
      const rest = path.slice(cut);
      const target = to?.endsWith(rest) === true ? to.slice(0, -rest.length) : null;
      const known = targets.get(folder);
      targets.set(folder, known === undefined || known === target ? target : null);
    }
  }
  return new Map([...targets].flatMap(([from, to]) => (to === null || to === from ? [] : [[from, to] as const])));
}

/** The tree with everything at its new place; texts are as they were. */
export function treeAfterwards(tree: SourceTree, moves: Moves): SourceTree {
  const back = new Map([...moves.moved].map(([from, to]) => [to, from]));
  const paths = new Set([...[...tree.paths].map((path) => afterwards(moves, path)), ...moves.made]);
  const folders = new Set<string>();
  for (const path of paths)
    for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1))
      folders.add(path.slice(0, cut));
  return {
    paths,
    folders,
    facts: new Map([...tree.facts].map(([path, facts]) => [afterwards(moves, path), facts])),
    readText: (path) => tree.readText(back.get(path) ?? path),
  };
}

export const resolversAfterwards = (tree: SourceTree, moves: Moves): ResolverOf =>
  resolversOf(treeAfterwards(tree, moves));
