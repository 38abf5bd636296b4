/** Joins the imports of all files by what the languages' resolvers say. Refuses to judge: who is needed is asked of the result. */
import type { FileFacts, ImportFact, LanguageId } from '../facts.ts';
import type { Resolution, Resolver, SourceTree } from '../resolve.ts';
import { createComputed } from './computed-import.ts';
import { createFormer } from './former-paths.ts';
import { markupImports } from './markup-imports.ts';
import type { ImportEdge, ImportGraph, Unresolved } from './model.ts';
import { namedFiles, type PathText } from './named-files.ts';
import { openGraph } from './open-graph.ts';

export type ResolverOf = (language: LanguageId) => Resolver | undefined;

/** `formerPaths`: path before a rename → path now, as git's history tells (see `readRenames`). `pathTexts`: see `namedFiles`. */
export function buildGraph(
  tree: SourceTree,
  resolvers: ResolverOf,
  formerPaths: ReadonlyMap<string, string> = new Map(),
  pathTexts?: (path: string, facts: FileFacts) => readonly PathText[],
): ImportGraph {
  const edges: ImportEdge[] = [];
  const unresolved: Unresolved[] = [];
  const computed = createComputed(tree, resolvers);
  const former = createFormer(formerPaths, tree);

  const add = (from: string, fact: ImportFact, resolution: Resolution, language: LanguageId): void => {
    const { file, also, submodules, qualified, missingNames } = resolution;
    const named = qualified === undefined ? {} : { qualified };
    if (file !== undefined && file !== from) edges.push({ from, to: file, fact, ...named, how: 'module' });
    for (const to of also ?? []) if (to !== from && to !== file) edges.push({ from, to, fact, how: 'package' });
    if (submodules !== undefined) {
      for (const [name, to] of Object.entries(submodules)) {
        const whole = qualified === undefined || qualified === '' ? {} : { qualified: `${qualified}.${name}` };
        if (to !== from) edges.push({ from, to, fact, ...whole, how: 'member' });
      }
    }
    if (missingNames !== undefined && missingNames.length > 0)
      unresolved.push({ from, fact, status: 'names', missingNames });
    if (resolution.status === 'computed') {
      const files = computed.filesOf(from, fact, language);
      for (const to of files) if (to !== from) edges.push({ from, to, fact, how: 'computed' });
      if (files.length === 0) unresolved.push({ from, fact, status: 'computed' });
    }
    if (resolution.status !== 'missing') return;
    const { why, perhaps } = resolution;
    unresolved.push({
      from,
      fact,
      status: 'missing',
      ...(why === undefined ? {} : { why }),
      ...(perhaps === undefined ? {} : { perhaps }),
    });
    const renamed = former.meantBy(from, fact);
    for (const to of renamed) if (to !== from) edges.push({ from, to, fact, how: 'former' });
    if (renamed.length === 0)
      for (const to of perhaps ?? []) if (to !== from) edges.push({ from, to, fact, how: 'perhaps' });
  };

  for (const [path, facts] of tree.facts) {
    for (const fact of facts.imports) {
      const language = languageOfImport(facts);
      const resolution = resolvers(language)?.resolve(path, fact);
      if (resolution !== undefined) add(path, fact, resolution, language);
    }
    if (facts.language !== 'typescript') continue;
    for (const { kind, target, at } of facts.references) {
      if (kind !== 'include') continue;
      const fact: ImportFact = { module: target, names: [], kind: 'dynamic', scope: 0, at };
      for (const to of computed.matching(path, target))
        if (to !== path) edges.push({ from: path, to, fact, how: 'computed' });
    }
  }
  const typescript = resolvers('typescript');
  if (typescript !== undefined) {
    for (const { from, fact } of markupImports(tree)) add(from, fact, typescript.resolve(from, fact), 'typescript');
  }
  for (const { from, to, fact } of namedFiles(tree, pathTexts))
    if (to !== from) edges.push({ from, to, fact, how: 'named' });
  return openGraph(edges, unresolved);
}

/** Modules that settings and commands name are Python's: `uvicorn app.main:app`, `project.scripts`. */
function languageOfImport({ language }: FileFacts): LanguageId {
  return language === 'typescript' || language === 'php' ? language : 'python';
}
