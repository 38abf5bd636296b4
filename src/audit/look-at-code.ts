/**
 * The code stage of the audit: facts → imports → ways of running → bindings. Stores are only needed by their paths. What an
 * earlier run learnt is taken over where nothing changed that it depends on; the result is that of a first run.
 */
import { createEvaluator } from '../bindings/evaluate.ts';
import { namesOf } from '../bindings/file-names.ts';
import { libraries } from '../bindings/libraries/index.ts';
import { openProgram } from '../bindings/program.ts';
import type { FileFacts } from '../code/facts.ts';
import { keepGraph, restoreGraph } from '../code/graph/kept-graph.ts';
import { pathTexts } from '../code/graph/named-files.ts';
import { type ReadCode, readCode } from '../code/read-code.ts';
import type { ReadBytes } from '../code/read-one.ts';
import { lazily, remembered } from '../lazily.ts';
import type { Git } from '../project/git.ts';
import type { Walk } from '../project/walk.ts';
import type { Store } from '../stores/model.ts';
import type { Code, Learnt } from './code-model.ts';
import { isCompared } from './compared-files.ts';
import { type Concluded, conclude, resultsOf } from './conclude.ts';
import { importGraph, isCode, resolversOf } from './import-graph.ts';
import { openAnswers, openRecalled } from './kept/answers.ts';
import { type FileDigest, openKeptCode, writeKeptCode } from './kept/kept-code.ts';
import { changedFiles, movedAnswers } from './kept/moved-answers.ts';
import { sameReadings } from './kept/same-readings.ts';
import { keepsShape } from './kept/same-shape.ts';
import { mergeDependencies, staleReadings } from './kept/stale-readings.ts';
import { namedScopes } from './named-scopes.ts';
import { projectTree } from './project-tree.ts';
import { readBeside } from './read-beside.ts';
import { type FileReading, readFile } from './read-file.ts';

export interface CodeInput {
  readonly root: string;
  readonly walk: Walk;
  readonly stores: readonly Store[];
  readonly git: Git | null;
  readonly signal: AbortSignal | undefined;
  /** Where what is learnt is kept for the next run; `null`: nowhere. */
  readonly cacheFile: string | null;
  /** Bytes of a file, where the project is one that is only imagined. */
  readonly readBytes?: ReadBytes;
}

export interface LookedAtCode {
  readonly code: Code;
  /** To be awaited before anybody asks for a file's structure. */
  prepare(): Promise<void>;
  /** Keeps what was learnt, if that is worth it. Failing to is no failure of the audit. */
  keep(): void;
}

/** After so few changes the next run is as fast with what was kept before them. */
const FEW_CHANGES = 20;
const FEW_ANSWERS = 200;

export async function lookAtCode(input: CodeInput): Promise<LookedAtCode> {
  const { root, walk, stores, git, signal, cacheFile, readBytes } = input;
  const kept = cacheFile === null ? undefined : openKeptCode(cacheFile);
  const read = await readCode(root, walk.files, {
    signal,
    compared: isCompared,
    earlier: kept,
    ...(readBytes === undefined ? { beside: readBeside } : { read: readBytes }),
  });
  const { tree, key, sameTexts, texts } = projectTree(root, walk, stores, read);
  const digestOf = remembered((path: string) =>
    kept === undefined || read.fresh.has(path) ? digest(path, read) : kept.digest(path),
  );
  // What follows from how files refer to each other.
  const factsOf = (path: string): FileFacts | undefined => read.facts.get(path);
  const sameRest = kept?.key === key && sameTexts(kept.texts) && (kept.history === null || kept.history === git?.head);
  if (read.fresh.size > 0 || !sameRest) await read.loadLanguages();
  const earlier = kept !== undefined && sameRest ? restoreGraph(kept.graph, factsOf) : undefined;
  const sameShape =
    kept !== undefined &&
    earlier !== undefined &&
    [...read.fresh].every((path) => {
      const [before, now] = [kept.facts(path), read.facts.get(path)];
      if (before === undefined || now === undefined) return false;
      const [digestBefore, digestNow] = [kept.digest(path), digestOf(path)];
      return keepsShape({ path, before, now, digestBefore, digestNow }, earlier, tree.paths);
    });
  const resolvers = resolversOf(tree);
  const pathsOf = (path: string): FileDigest['paths'] => digestOf(path)?.paths ?? [];
  const { graph, history } = sameShape
    ? { graph: earlier, history: kept.history }
    : await importGraph(tree, resolvers, git, pathsOf);
  const graphToKeep = lazily(() => (sameShape ? kept.graph : keepGraph(graph, factsOf)));

  // What each file opens and does.
  const structured = [...read.facts]
    .filter(([, facts]) => facts.read !== 'outline' && facts.read !== 'none')
    .map(([path]) => path);
  const programFiles = structured.filter((path) => isCode(read.facts.get(path)?.language));
  const changed =
    kept === undefined
      ? new Set(structured)
      : changedFiles(kept, read, sameShape ? undefined : { before: kept.graph, now: graphToKeep() });
  const stale =
    kept === undefined
      ? changed
      : staleReadings(kept.dependencies, changed, movedAnswers({ kept, read, digestOf, sameShape, changed }));
  const program = openProgram({
    tree,
    structureOf: read.structureOf,
    resolverOf: ({ language }) => resolvers(language),
    leadingTo: graph.leadingTo,
    lineOf: read.lineOf,
    files: programFiles,
    namesIn: (file) => digestOf(file)?.names,
  });
  const { trail } = program;
  const evaluator = createEvaluator(program, libraries);
  const redone = new Map<string, FileReading>();
  for (const path of structured) {
    if (!stale.has(path) && kept?.reading(path) !== undefined) continue;
    signal?.throwIfAborted();
    const back = trail.enter(path);
    redone.set(path, readFile(evaluator, path, read.structureOf(path), tree.readText));
    trail.leave(back);
  }
  const readingOf = (path: string): FileReading => redone.get(path) ?? (kept?.reading(path) as FileReading);

  // What follows from all of it.
  const same = sameShape && sameReadings(redone.keys(), { of: kept.reading }, { of: readingOf });
  const concluded = conclude({
    root,
    walk,
    stores,
    read,
    tree,
    graph,
    readings: lazily(() => new Map(structured.map((path) => [path, readingOf(path)]))),
    earlier: kept === undefined ? undefined : { kept, sameShape, sameReadings: same },
  });
  const isStructured = new Set(structured);
  const learnt = (path: string): Learnt => ({
    ...digestOf(path),
    openings: isStructured.has(path) ? readingOf(path).openings : [],
  });
  const answers = openAnswers((path) => (read.fresh.has(path) ? undefined : kept?.answers(path)));
  const recalled = openRecalled(() => (same ? kept?.results.recalled : undefined));
  return {
    code: codeOf(read, tree.paths, graph, concluded, { answer: answers.ask, recall: recalled.recall, learnt }, git),
    prepare: read.loadLanguages,
    keep() {
      const isNews = !same || read.fresh.size > FEW_CHANGES || answers.given() > FEW_ANSWERS;
      if (cacheFile === null || !isNews) return;
      try {
        writeKeptCode(cacheFile, {
          key,
          texts: sameShape ? { ...kept.texts, ...texts() } : texts(),
          history,
          read,
          digests: new Map(programFiles.flatMap((path) => entry(path, digestOf(path)))),
          readings: new Map(structured.map((path) => [path, readingOf(path)])),
          graph: graphToKeep(),
          dependencies: mergeDependencies(kept?.dependencies, trail, changed),
          results: resultsOf(concluded, recalled.all()),
          answers: answers.all(read.facts.keys()),
        });
      } catch (error) {
        // A full disk or a read-only home: the next run learns it again.
        if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      }
    },
  };
}

const entry = <T>(path: string, value: T | undefined): readonly (readonly [string, T])[] =>
  value === undefined ? [] : [[path, value]];

/** Of code whose structure was read. */
function digest(path: string, { facts, structureOf }: ReadCode): FileDigest | undefined {
  const known = facts.get(path);
  if (known === undefined || !isCode(known.language) || known.read === 'outline' || known.read === 'none')
    return undefined;
  const whole = structureOf(path);
  return { names: namesOf(whole), paths: pathTexts(whole), scopes: namedScopes(whole) };
}

function codeOf(
  read: ReadCode,
  paths: ReadonlySet<string>,
  graph: Code['graph'],
  concluded: Concluded,
  memory: Pick<Code, 'answer' | 'recall' | 'learnt'>,
  git: Git | null,
): Code {
  return {
    ...(git === null ? {} : { gitOf: git.state }),
    files: read.facts,
    paths,
    graph,
    get bindings() {
      return concluded.bindings();
    },
    get variables() {
      return concluded.variables();
    },
    get declarations() {
      return concluded.declarations();
    },
    get roles() {
      return concluded.roles();
    },
    get entries() {
      return concluded.entries();
    },
    get unused() {
      return concluded.unused();
    },
    get similar() {
      return concluded.similar();
    },
    get residue() {
      return concluded.residue();
    },
    ...memory,
    structureOf: read.structureOf,
    lineOf: read.lineOf,
  };
}
