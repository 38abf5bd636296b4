/**
 * The code of an audit once more as a program, whose texts know where they were written. An audit pays nothing for this: only who plans an
 * edit opens it, and only the files that are asked for are evaluated.
 */
import { homedir } from 'node:os';
import { resolversOf } from '../../audit/import-graph.ts';
import type { Facts } from '../../audit/model.ts';
import { type Settled, settleAll } from '../../bindings/bind.ts';
import { buildContexts, type Context, type Contexts } from '../../bindings/contexts.ts';
import { createEvaluator } from '../../bindings/evaluate.ts';
import { libraries } from '../../bindings/libraries/index.ts';
import { openingsIn } from '../../bindings/openings.ts';
import type { StoreIndex } from '../../bindings/place.ts';
import { openProgram } from '../../bindings/program.ts';
import { shellOpenings } from '../../bindings/shell-openings.ts';
import { findStarts } from '../../bindings/starts.ts';
import type { Source, Symbolic } from '../../bindings/symbol.ts';
import type { Opening } from '../../bindings/value.ts';
import type { FileFacts, LanguageId } from '../../code/facts.ts';
import type { ResolverOf } from '../../code/graph/build-graph.ts';
import type { SourceTree } from '../../code/resolve.ts';
import { readSource, type SourceText } from '../../edit/source-text.ts';
import { lazily, remembered } from '../../lazily.ts';

/** What sites are looked for in. */
export type SitesIn = Pick<Facts, 'code' | 'project' | 'stores'>;

export interface OpenCode {
  readonly facts: SitesIn;
  readonly tree: SourceTree;
  readonly stores: StoreIndex;
  readonly resolvers: ResolverOf;
  readonly contexts: Contexts;
  /** What each opening of a file comes to, in each context that counts. */
  settledIn(path: string): readonly Settled[];
  /** What its openings would come to if no variable of the environment were set: defaults that are in force nowhere. */
  defaultsIn(path: string): readonly Settled[];
  /** `null`: no text that could be written back as it is. */
  source(path: string): SourceText | null;
}

const OPENS: ReadonlySet<LanguageId> = new Set<LanguageId>(['python', 'typescript', 'php', 'prisma', 'ini', 'toml']);
const PROGRAM: ReadonlySet<LanguageId> = new Set<LanguageId>(['python', 'typescript', 'php']);
const isWhole = ({ read }: FileFacts): boolean => read !== 'outline' && read !== 'none';

/** `read`: bytes of a file of the project; throws where there is none. */
export function openCode(facts: SitesIn, read: (path: string) => Buffer): OpenCode {
  const { code, project } = facts;
  const source = remembered((path: string): SourceText | null => {
    try {
      return readSource(read(path));
    } catch {
      return null;
    }
  });
  const tree: SourceTree = {
    paths: code.paths,
    folders: foldersOf(code.paths),
    facts: code.files,
    readText: (path) => source(path)?.text,
  };
  const resolvers = resolversOf(tree);
  const lineSource = (path: string, line: number): Source => ({ path, line, text: code.lineOf(path, line) });
  const evaluator = lazily(() => {
    const program = openProgram({
      tree,
      structureOf: code.structureOf,
      resolverOf: ({ language }) => resolvers(language),
      leadingTo: code.graph.leadingTo,
      lineOf: code.lineOf,
      files: [...code.files].flatMap(([path, one]) => (PROGRAM.has(one.language) && isWhole(one) ? [path] : [])),
      namesIn: (path) => code.learnt?.(path).names,
    });
    return createEvaluator(program, libraries, { origins: true });
  });
  const contexts = lazily(() =>
    buildContexts({
      root: project.root,
      home: homedir(),
      tree,
      ...findStarts(tree, lineSource),
      source: lineSource,
      leadingTo: code.graph.leadingTo,
    }),
  );
  const containers = lazily(() => {
    const found = new Map<string, Context>();
    for (const path of new Set(code.bindings.map((binding) => binding.path)))
      for (const context of contexts().of(path))
        if (context.locate(context.cwd).in !== 'project') found.set(context.label, context);
    return [...found.values()];
  });
  const stores = storeIndex(facts);
  const openings = remembered((path: string): readonly Opening[] => {
    const own = code.files.get(path);
    if (own === undefined || !isWhole(own)) return [];
    return OPENS.has(own.language)
      ? openingsIn(evaluator(), path)
      : shellOpenings(path, own, (line) => lineSource(path, line)).openings;
  });
  return {
    facts,
    tree,
    stores,
    resolvers,
    get contexts() {
      return contexts();
    },
    settledIn: remembered((path: string) => settleAll(openings(path), contexts().of(path), stores)),
    defaultsIn: remembered((path: string) => {
      // What is meant for a container stands in scripts too that run outside of it.
      const all = [...contexts().of(path), ...containers()];
      const unset = all.map((context) => ({ ...context, variable: () => undefined, example: () => undefined }));
      const asks = openings(path).filter(({ target }) => target !== undefined && asksEnvironment(target));
      return settleAll(asks, unset, stores);
    }),
    source,
  };
}

function asksEnvironment(symbol: Symbolic): boolean {
  switch (symbol.s) {
    case 'env':
      return true;
    case 'from':
      return asksEnvironment(symbol.value);
    case 'or':
      return asksEnvironment(symbol.a) || asksEnvironment(symbol.b);
    case 'either':
      return symbol.of.some(({ value }) => asksEnvironment(value));
    case 'apply':
      return symbol.of.some(asksEnvironment);
    default:
      return false;
  }
}

function storeIndex({ stores }: SitesIn): StoreIndex {
  const byPath = new Map(stores.map(({ path, id }) => [path, id]));
  for (const { id, links = [] } of stores) for (const link of links) if (!byPath.has(link)) byPath.set(link, id);
  return { byPath: (path) => byPath.get(path), paths: [...byPath.keys()] };
}

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
