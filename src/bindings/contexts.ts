/**
 * How a file runs: from which folder, with which variables, in which container. Each context is one way that the project
 * itself names (compose, Dockerfile, scripts, units, README), or a guess where it names none.
 */
import type { SourceTree } from '../code/resolve.ts';
import { buildContainers } from './containers.ts';
import { isExampleFile } from './example-file.ts';
import { expand } from './expand-variable.ts';
import { foldersAbove, guessedFolders } from './guessed-folders.ts';
import { purposeOf } from './purpose.ts';
import { schemaUsers } from './schema-users.ts';
import { settersOf } from './setters.ts';
import type { Variable } from './settle.ts';
import { shellValue } from './shell-values.ts';
import type { ScriptCommand } from './started.ts';
import type { Source } from './symbol.ts';
import { findTestJobs } from './test-jobs.ts';

/** Where an absolute path of a context lies. */
export type Located =
  | { readonly in: 'project'; readonly path: string; readonly by?: Source }
  /** A named volume of Docker. */
  | { readonly in: 'volume'; readonly name: string; readonly path: string; readonly by?: Source }
  /** In the image: made anew with each container. `copyOf`: the project's file that was copied there. */
  | { readonly in: 'image'; readonly path: string; readonly copyOf?: string }
  | { readonly in: 'outside'; readonly path: string };

export interface Context {
  readonly label: string;
  readonly cwd: string;
  /** The working directory is said by the project; else it is a guess. */
  readonly cwdSure: boolean;
  readonly cwdSource?: Source;
  /** The file may run so: it lies where something is started that nothing tells. */
  readonly supposed?: true;
  /** A file of variables that it is given and that is not here: what seems unset may be set there. */
  readonly unread?: string;
  readonly home: string;
  readonly temp: string;
  variable(name: string): Variable | undefined;
  /** Proposed by an example file only. */
  example(name: string): Variable | undefined;
  /** Where something sets the variable that this way of running does not see. */
  elsewhere?(name: string): Source | undefined;
  placeOf(file: string): string;
  locate(path: string): Located;
}

/** A file that something on the host starts, and where from. */
export interface Start {
  readonly file: string;
  /** Relative to the project. */
  readonly cwd: string;
  readonly label: string;
  readonly source: Source;
  readonly variables: Readonly<Record<string, string>>;
  /** Documentation only. */
  readonly weak: boolean;
}

export interface ContextInput {
  /** Absolute path of the project. */
  readonly root: string;
  readonly home: string;
  readonly tree: SourceTree;
  readonly starts: readonly Start[];
  /** Commands of a package script, by the folder of its package.json. */
  readonly script: (name: string, folder: string) => readonly ScriptCommand[] | undefined;
  /** Files that lead to `file` by imports, itself included. */
  readonly leadingTo: (file: string) => ReadonlySet<string>;
  readonly source: (file: string, line: number) => Source;
}

export interface Contexts {
  /** Ways in which a file runs; at least one. */
  of(file: string): readonly Context[];
  /** Changes when any of them could. */
  readonly fingerprint: string;
}

/** Ways of running tests that are told apart; a matrix has more, but no other stores. */
const MOST_JOBS = 3;

export function buildContexts(input: ContextInput): Contexts {
  const { tree, root } = input;
  const dotenv = [...tree.facts.values()].some(
    (facts) =>
      facts.imports.some(
        ({ module }) =>
          module !== null &&
          /^(?:dotenv(?:\/|$)|environ$|decouple$|pydantic_settings$|@nestjs\/config$|next(?:\/|$)|vite$)/.test(module),
      ) || facts.settings?.some(({ key }) => key.startsWith('datasource.')),
  );
  const variableFiles = new Map<string, Map<string, Variable>>();
  const examples = new Map<string, Variable>();
  for (const [path, facts] of tree.facts) {
    if (facts.language !== 'env') continue;
    const isExample = isExampleFile(path);
    const found = new Map<string, Variable>();
    for (const fact of facts.variables) {
      if (fact.value === null || (isExample && fact.value === '')) continue;
      const variable: Variable = {
        value: fact.value,
        source: input.source(path, fact.at[2]),
        sure: dotenv && !isExample,
      };
      found.set(fact.name, variable);
      if (isExample && !examples.has(fact.name)) examples.set(fact.name, { ...variable, sure: false });
    }
    variableFiles.set(path, found);
  }
  const hostVariable = (
    cwd: string,
    file: string,
    cwdSure: boolean,
    start: Start | undefined,
    name: string,
  ): Variable | undefined => {
    if (start !== undefined && Object.hasOwn(start.variables, name)) return givenBy(start, name);
    const found = fromFiles(cwd, file, name);
    // Which `.env` is read hangs on the folder, where it is not looked for from the file upwards.
    return found === undefined || cwdSure || tree.facts.get(file)?.language === 'python'
      ? found
      : { ...found, sure: false };
  };
  const givenBy = (start: Start, name: string): Variable => {
    const { source, variables } = start;
    const facts = tree.facts.get(source.path);
    const written = variables[name] as string;
    if (facts === undefined) return { value: written, source, sure: !start.weak };
    const cwd = start.cwd === '' ? root : `${root}/${start.cwd}`;
    const { value, sure } = shellValue(name, written, {
      path: source.path,
      facts,
      root,
      cwd,
      home: input.home,
      env: variables,
      variable: (other) => fromFiles(start.cwd, start.file, other)?.value,
    });
    // A document shows what it may be.
    return { value, source, sure: sure && !start.weak };
  };
  const fromFiles = (cwd: string, file: string, name: string, asked: readonly string[] = []): Variable | undefined => {
    // `A=$B` and `B=$A` lead in a circle.
    if (asked.includes(name) || asked.length > 8) return undefined;
    // `.env` is looked for where the program starts, then above the file that asks.
    const folders = new Set<string>([cwd, ...foldersAbove(file)]);
    for (const folder of folders) {
      for (const base of ['.env.local', '.env']) {
        const found = variableFiles.get(folder === '' ? base : `${folder}/${base}`)?.get(name);
        if (found !== undefined) return expand(found, (other) => fromFiles(cwd, file, other, [...asked, name]));
      }
    }
    return undefined;
  };
  const host = (file: string, cwd: string, cwdSure: boolean, label: string, start?: Start): Context => ({
    label,
    cwd: cwd === '' ? root : `${root}/${cwd}`,
    cwdSure,
    ...(start?.source === undefined ? {} : { cwdSource: start.source }),
    home: input.home,
    temp: '/tmp',
    variable: (name) => hostVariable(cwd, file, cwdSure, start, name),
    example: (name) => examples.get(name),
    elsewhere,
    placeOf: (path) => `${root}/${path}`,
    locate: (path) => {
      if (path === root || path.startsWith(`${root}/`)) return { in: 'project', path: path.slice(root.length + 1) };
      return { in: 'outside', path };
    },
  });

  const containers = buildContainers(input, variableFiles);
  const elsewhere = settersOf(tree, input.source);
  const withElsewhere = (context: Context): Context => ({ ...context, elsewhere });
  const users = schemaUsers(tree);
  const leadingTo = (file: string): ReadonlySet<string> => {
    const leading = input.leadingTo(file);
    const clients = users(file);
    return clients.length === 0
      ? leading
      : new Set([...leading, ...clients.flatMap((one) => [...input.leadingTo(one)])]);
  };
  const startsOf = new Map<string, Start[]>();
  for (const start of input.starts) {
    const list = startsOf.get(start.file);
    if (list === undefined) startsOf.set(start.file, [start]);
    else list.push(start);
  }

  const jobs = findTestJobs(tree, input.source);
  const inJobs = (file: string): readonly Context[] => {
    const distinct = new Map<string, Context>();
    for (const job of jobs) {
      const key = JSON.stringify([job.cwd, [...job.variables].map(([name, { value }]) => [name, value])]);
      if (distinct.has(key) || !job.runs(file)) continue;
      const outside = host(file, job.cwd, true, job.label);
      distinct.set(key, {
        ...outside,
        cwdSource: job.source,
        variable: (name) => job.variables.get(name) ?? outside.variable(name),
      });
      if (distinct.size >= MOST_JOBS) break;
    }
    return [...distinct.values()];
  };

  const cache = new Map<string, readonly Context[]>();
  return {
    fingerprint: JSON.stringify([
      dotenv,
      [...variableFiles].map(([path, found]) => [path, [...found].map(([name, { value }]) => [name, value])]),
      containers.map(({ key }) => key),
      input.starts.map(({ file, cwd, label, variables }) => [file, cwd, label, variables]),
      jobs.map(({ label, cwd, variables }) => [label, cwd, [...variables].map(([name, { value }]) => [name, value])]),
    ]),
    of(file) {
      const known = cache.get(file);
      if (known !== undefined) return known;
      const found: Context[] = [];
      const leading = leadingTo(file);
      for (const container of containers) found.push(...container.contexts(file, leading).map(withElsewhere));
      const byPlace = new Map<string, Start[]>();
      const started = [...startsOf.keys()].filter((lead) => leading.has(lead));
      // Nearest first; with one there is no order.
      for (const lead of started.length > 1 ? [...leading].filter((one) => startsOf.has(one)) : started) {
        // What a shell script starts, it starts from where it has gone to: those are starts of their own.
        if (lead !== file && tree.facts.get(lead)?.language === 'shell') continue;
        for (const start of startsOf.get(lead) ?? []) {
          const key = `${start.cwd}\n${JSON.stringify(start.variables)}`;
          byPlace.set(key, [...(byPlace.get(key) ?? []), start]);
        }
      }
      for (const starts of [...byPlace.values()].slice(0, 6)) {
        const start = starts.find(({ weak }) => !weak) ?? (starts[0] as Start);
        found.push(host(file, start.cwd, !start.weak, start.label, start));
      }
      if (byPlace.size === 0) {
        for (const cwd of guessedFolders(file, tree, leading, leadingTo)) {
          found.push(host(file, cwd, false, cwd === '' ? 'started from the project’s root' : `started from ${cwd}`));
        }
      }
      if (purposeOf(file) === 'test') found.push(...inJobs(file));
      cache.set(file, found);
      return found;
    },
  };
}
