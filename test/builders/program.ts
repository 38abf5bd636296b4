/** A program of a few files, read by the real front ends, without touching a disk. */
import { buildContexts, type Contexts } from '../../src/bindings/contexts.ts';
import { createEvaluator, type Evaluator } from '../../src/bindings/evaluate.ts';
import { libraries } from '../../src/bindings/libraries/index.ts';
import { openProgram } from '../../src/bindings/program.ts';
import { findStarts } from '../../src/bindings/starts.ts';
import type { FileFacts, LanguageId } from '../../src/code/facts.ts';
import { buildGraph } from '../../src/code/graph/build-graph.ts';
import type { ImportGraph } from '../../src/code/graph/model.ts';
import { languageOf, loadLanguage } from '../../src/code/languages.ts';
import { phpResolver } from '../../src/code/php/resolve-php.ts';
import { pythonResolver } from '../../src/code/python/resolve-python.ts';
import type { Resolver, SourceTree } from '../../src/code/resolve.ts';
import { typescriptResolver } from '../../src/code/typescript/resolve-typescript.ts';

export interface BuiltProgram {
  readonly tree: SourceTree;
  readonly evaluator: Evaluator;
  readonly contexts: Contexts;
  readonly graph: ImportGraph;
  readonly files: readonly string[];
}

export async function buildProgram(
  texts: Readonly<Record<string, string>>,
  root = '/srv/project',
): Promise<BuiltProgram> {
  const facts = new Map<string, FileFacts>();
  const paths = new Set(Object.keys(texts));
  for (const [path, text] of Object.entries(texts)) {
    const id = languageOf(path);
    if (id !== undefined) facts.set(path, (await loadLanguage(id)).structure(text, path));
  }
  const folders = new Set<string>();
  for (const path of paths)
    for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1))
      folders.add(path.slice(0, cut));
  const tree: SourceTree = { paths, folders, facts, readText: (path) => texts[path] };
  const resolvers: Partial<Record<LanguageId, Resolver>> = {
    python: pythonResolver(tree),
    typescript: typescriptResolver(tree),
    php: phpResolver(tree),
  };
  const lineOf = (path: string, line: number): string => (texts[path]?.split(/\r?\n/)[line - 1] ?? '').trim();
  const source = (path: string, line: number) => ({ path, line, text: lineOf(path, line) });
  const graph = buildGraph(tree, (language) => resolvers[language]);
  const files = [...facts.keys()];
  const program = openProgram({
    tree,
    structureOf: (path) => facts.get(path) as FileFacts,
    resolverOf: ({ language }) => resolvers[language],
    leadingTo: graph.leadingTo,
    lineOf,
    files,
  });
  const { starts, script } = findStarts(tree, source);
  return {
    tree,
    graph,
    files,
    evaluator: createEvaluator(program, libraries),
    contexts: buildContexts({ root, home: '/home/someone', tree, starts, script, source, leadingTo: graph.leadingTo }),
  };
}
