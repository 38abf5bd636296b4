/** The code stage of the audit: facts → imports → ways of running → bindings. Stores are only needed by their paths. */
import { homedir } from 'node:os';
import { bindAll } from '../bindings/bind.ts';
import { buildContexts } from '../bindings/contexts.ts';
import { createEvaluator } from '../bindings/evaluate.ts';
import { libraries } from '../bindings/libraries/index.ts';
import { openProgram } from '../bindings/program.ts';
import { findStarts } from '../bindings/starts.ts';
import type { Source } from '../bindings/symbol.ts';
import type { FileFacts, LanguageId } from '../code/facts.ts';
import { buildGraph } from '../code/graph/build-graph.ts';
import { entryPoints } from '../code/graph/entry-points.ts';
import { readRenames } from '../code/graph/former-paths.ts';
import type { ImportGraph } from '../code/graph/model.ts';
import { unusedModules } from '../code/graph/reachable.ts';
import { residue } from '../code/graph/residue.ts';
import { phpResolver } from '../code/php/resolve-php.ts';
import { pythonResolver } from '../code/python/resolve-python.ts';
import { readCode } from '../code/read-code.ts';
import type { Resolver, SourceTree } from '../code/resolve.ts';
import { findSimilar } from '../code/similar/find-similar.ts';
import { typescriptResolver } from '../code/typescript/resolve-typescript.ts';
import type { Git } from '../project/git.ts';
import type { Walk } from '../project/walk.ts';
import type { Store } from '../stores/model.ts';
import type { Code } from './code-model.ts';
import { isCompared } from './compared-files.ts';
import { placeDeclarations } from './declarations.ts';
import { type FileReading, readFile } from './read-file.ts';

export async function lookAtCode(
  root: string,
  walk: Walk,
  stores: readonly Store[],
  git: Git | null,
  signal: AbortSignal | undefined,
): Promise<Code> {
  const read = await readCode(root, walk.files, { signal, compared: isCompared });
  const paths = new Set(walk.files.map(({ path }) => path));
  const tree: SourceTree = { paths, folders: foldersOf(paths), facts: read.facts, readText: remembering(read.textOf) };
  const resolvers = resolversOf(tree);
  const resolverOf = (facts: FileFacts): Resolver | undefined => resolvers(facts.language);
  const graph = await graphOf(tree, resolvers, git);
  const source = (path: string, line: number): Source => ({ path, line, text: read.lineOf(path, line) });
  const { starts, script } = findStarts(tree, source);
  const contexts = buildContexts({ root, home: homedir(), tree, starts, script, source, leadingTo: graph.leadingTo });
  const structured = [...read.facts]
    .filter(([, facts]) => facts.read !== 'outline' && facts.read !== 'none')
    .map(([path]) => path);
  const program = openProgram({
    tree,
    structureOf: read.structureOf,
    resolverOf,
    leadingTo: graph.leadingTo,
    lineOf: read.lineOf,
    files: structured.filter((path) => isCode(read.facts.get(path)?.language)),
  });
  const entries = entryPoints(tree);
  const evaluator = createEvaluator(program, libraries);
  const readings = new Map<string, FileReading>();
  for (const path of structured) {
    signal?.throwIfAborted();
    readings.set(path, readFile(evaluator, path, read.structureOf(path), tree.readText));
  }
  const bindings = bindAll({
    read: readings,
    contexts,
    stores: storeIndex(walk, stores),
    importsOf: graph.imports,
    source,
  });
  return {
    files: read.facts,
    paths,
    bindings,
    graph,
    variables: [...readings.values()].flatMap(({ variables }) => variables),
    declarations: placeDeclarations(
      [...readings.values()].flatMap(({ declarations }) => declarations),
      bindings,
    ),
    roles: new Map([...readings].flatMap(([path, { roles }]) => (roles.length > 0 ? [[path, roles] as const] : []))),
    unused: unusedModules(
      graph,
      entries.map(({ file }) => file),
      tree,
    ),
    entries,
    similar: findSimilar(read.prints),
    residue: residue(tree, graph),
    structureOf: read.structureOf,
    lineOf: read.lineOf,
  };
}

/** History is asked only where an import leads nowhere: it may name the former path of a file (trap C9). */
async function graphOf(
  tree: SourceTree,
  resolvers: (language: LanguageId) => Resolver | undefined,
  git: Git | null,
): Promise<ImportGraph> {
  const graph = buildGraph(tree, resolvers);
  if (git === null || !graph.unresolved.some(({ status }) => status === 'missing')) return graph;
  const renames = readRenames(await git.renames(), tree.paths);
  return renames.size === 0 ? graph : buildGraph(tree, resolvers, renames);
}

const isCode = (language: LanguageId | undefined): boolean =>
  language === 'python' || language === 'typescript' || language === 'php';
function foldersOf(paths: ReadonlySet<string>): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1)) {
      const folder = path.slice(0, cut);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return folders;
}

function remembering(read: (path: string) => string | undefined): (path: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  return (path) => {
    if (!known.has(path)) known.set(path, read(path));
    return known.get(path);
  };
}

function resolversOf(tree: SourceTree): (language: LanguageId) => Resolver | undefined {
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

function storeIndex(
  walk: Walk,
  stores: readonly Store[],
): { byPath(path: string): string | undefined; paths: readonly string[] } {
  const byPath = new Map(stores.map(({ path, id }) => [path, id]));
  for (const { path, link } of walk.files) {
    // A link is another spelling of the file that it leads to.
    const target = link?.inside === null || link?.inside === undefined ? undefined : byPath.get(link.inside);
    if (target !== undefined && !byPath.has(path)) byPath.set(path, target);
  }
  return { byPath: (path) => byPath.get(path), paths: [...byPath.keys()] };
}
