/** What follows from a project's code as a whole; each part is made when it is asked for, or taken over where it must be the same. */
import { homedir } from 'node:os';
import { bindAll } from '../bindings/bind.ts';
import { buildContexts } from '../bindings/contexts.ts';
import { findStarts } from '../bindings/starts.ts';
import type { Source } from '../bindings/symbol.ts';
import { entryPoints } from '../code/graph/entry-points.ts';
import type { ImportGraph } from '../code/graph/model.ts';
import { unusedModules } from '../code/graph/reachable.ts';
import { residue } from '../code/graph/residue.ts';
import type { ReadCode } from '../code/read-code.ts';
import type { SourceTree } from '../code/resolve.ts';
import { findSimilar } from '../code/similar/find-similar.ts';
import type { SimilarPair } from '../code/similar/model.ts';
import { type ChangedFile, updateSimilar } from '../code/similar/update-similar.ts';
import { lazily } from '../lazily.ts';
import type { Walk } from '../project/walk.ts';
import type { Store } from '../stores/model.ts';
import type { Code } from './code-model.ts';
import { placeDeclarations } from './declarations.ts';
import type { KeptCode, Results } from './kept/kept-code.ts';
import type { FileReading } from './read-file.ts';

export interface ConcludeInput {
  readonly root: string;
  readonly walk: Walk;
  readonly stores: readonly Store[];
  readonly read: ReadCode;
  readonly tree: SourceTree;
  readonly graph: ImportGraph;
  /** By path, in the order of the walk. */
  readonly readings: () => ReadonlyMap<string, FileReading>;
  /** An earlier run, and what of it must be as it was. */
  readonly earlier:
    | { readonly kept: KeptCode; readonly sameShape: boolean; readonly sameReadings: boolean }
    | undefined;
}

type Parts = Pick<
  Code,
  'bindings' | 'variables' | 'declarations' | 'roles' | 'entries' | 'unused' | 'similar' | 'residue'
>;
export type Concluded = { readonly [Part in keyof Parts]: () => Parts[Part] };

export function conclude(input: ConcludeInput): Concluded {
  const { read, tree, graph, readings, earlier } = input;
  const part = <T>(isSame: boolean | undefined, before: (results: Results) => T, now: () => T): (() => T) =>
    lazily(() => (earlier !== undefined && isSame === true ? before(earlier.kept.results) : now()));
  const entries = part(
    earlier?.sameShape,
    (results) => results.entries,
    () => entryPoints(tree),
  );
  const bindings = part(
    earlier?.sameReadings,
    (results) => results.bindings,
    () => bind(input),
  );
  return {
    entries,
    bindings,
    variables: part(
      earlier?.sameReadings,
      (results) => results.variables,
      () => [...readings().values()].flatMap(({ variables }) => variables),
    ),
    declarations: part(
      earlier?.sameReadings,
      (results) => results.declarations,
      () =>
        placeDeclarations(
          [...readings().values()].flatMap(({ declarations }) => declarations),
          bindings(),
        ),
    ),
    roles: part(
      earlier?.sameReadings,
      (results) => new Map(results.roles),
      () => new Map([...readings()].flatMap(([path, { roles }]) => (roles.length > 0 ? [[path, roles] as const] : []))),
    ),
    unused: part(
      earlier?.sameShape,
      (results) => results.unused,
      () =>
        unusedModules(
          graph,
          entries().map(({ file }) => file),
          tree,
        ),
    ),
    residue: part(
      earlier?.sameShape,
      (results) => results.residue,
      () => residue(tree, graph),
    ),
    similar: lazily(() => similar(read, earlier?.kept)),
  };
}

/** Everything, to be kept. */
export function resultsOf(concluded: Concluded, recalled: Results['recalled']): Results {
  return {
    recalled,
    bindings: concluded.bindings(),
    variables: concluded.variables(),
    declarations: concluded.declarations(),
    roles: [...concluded.roles()],
    entries: concluded.entries(),
    unused: concluded.unused(),
    similar: concluded.similar(),
    residue: concluded.residue(),
  };
}

function bind({ root, walk, stores, read, tree, graph, readings }: ConcludeInput): Code['bindings'] {
  const source = (path: string, line: number): Source => ({ path, line, text: read.lineOf(path, line) });
  const { starts, script } = findStarts(tree, source);
  return bindAll({
    read: readings(),
    contexts: buildContexts({
      root,
      home: homedir(),
      tree,
      starts,
      script,
      source,
      leadingTo: graph.leadingTo,
    }),
    stores: storeIndex(walk, stores),
    importsOf: graph.imports,
    source,
  });
}

function similar(read: ReadCode, kept: KeptCode | undefined): readonly SimilarPair[] {
  const prints = read.prints();
  if (kept === undefined) return findSimilar(prints);
  const now = new Set(prints.map(({ path }) => path));
  const gone = kept.paths.filter((path) => !now.has(path));
  const changed = [...new Set([...read.fresh, ...gone])].flatMap((path): ChangedFile[] => {
    const hashes = kept.hashes(path);
    if (hashes === undefined) return now.has(path) ? [{ path }] : [];
    return [{ path, before: { path, hashes, content: kept.state(path)?.content ?? '' } }];
  });
  return updateSimilar(kept.results.similar, changed, prints);
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
