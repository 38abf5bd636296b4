/** Joins the imports of a project's files; asks git's history where one leads nowhere. */
import type { LanguageId } from '../code/facts.ts';
import { buildGraph, type ResolverOf } from '../code/graph/build-graph.ts';
import { readRenames } from '../code/graph/former-paths.ts';
import type { ImportGraph } from '../code/graph/model.ts';
import type { PathText } from '../code/graph/named-files.ts';
import { phpResolver } from '../code/php/resolve-php.ts';
import { pythonResolver } from '../code/python/resolve-python.ts';
import type { Resolver, SourceTree } from '../code/resolve.ts';
import { typescriptResolver } from '../code/typescript/resolve-typescript.ts';
import type { Git } from '../project/git.ts';

export const isCode = (language: LanguageId | undefined): boolean =>
  language === 'python' || language === 'typescript' || language === 'php';

/** An import that leads nowhere may name the former path of a file (trap C9). `history`: the commit that was asked then. */
export async function importGraph(
  tree: SourceTree,
  resolvers: ResolverOf,
  git: Git | null,
  pathTexts: (path: string) => readonly PathText[],
): Promise<{ readonly graph: ImportGraph; readonly history: string | null }> {
  const graph = buildGraph(tree, resolvers, new Map(), pathTexts);
  if (git === null || !graph.unresolved.some(({ status }) => status === 'missing')) return { graph, history: null };
  const renames = readRenames(await git.renames(), tree.paths);
  return {
    graph: renames.size === 0 ? graph : buildGraph(tree, resolvers, renames, pathTexts),
    history: git.head,
  };
}

/** Each is made when it is first asked for. */
export function resolversOf(tree: SourceTree): ResolverOf {
  const made = new Map<LanguageId, Resolver | undefined>();
  const make = (language: LanguageId): Resolver | undefined => {
    switch (language) {
      case 'python':
        return pythonResolver(tree);
      case 'typescript':
        return typescriptResolver(tree);
      case 'php':
        return phpResolver(tree);
      default:
        return undefined;
    }
  };
  return (language) => {
    if (!made.has(language)) made.set(language, make(language));
    return made.get(language);
  };
}
