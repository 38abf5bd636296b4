/**
 * How a file runs: from which folder, with which variables, in which container. Each context is one way that the project
 * itself names (compose, Dockerfile, scripts, units, README), or a guess where it names none.
 */
import { posix } from 'node:path';
import type { CommandFact, FileFacts, PlaceFact, VariableFact } from '../code/facts.ts';
import type { SourceTree } from '../code/resolve.ts';
import { HOLE } from './path-functions.ts';
import { purposeOf } from './purpose.ts';
import type { Variable } from './settle.ts';
import { shellValue } from './shell-values.ts';
import { startedBy } from './started.ts';
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
  readonly home: string;
  readonly temp: string;
  variable(name: string): Variable | undefined;
  /** Proposed by an example file only. */
  example(name: string): Variable | undefined;
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
  /** Words of a package script, by the folder of its package.json. */
  readonly script: (folder: string, name: string) => readonly string[] | undefined;
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

const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');
const within = (folder: string, path: string): boolean =>
  folder === '' || path === folder || path.startsWith(`${folder}/`);
const EXAMPLE =
  /(?:^|\/)\.?env[\w.-]*\.(?:example|sample|template|dist|tpl)$|(?:example|sample|template)[\w.-]*\.env$/i;

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
    const isExample = EXAMPLE.test(path);
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
  const hostVariable = (cwd: string, file: string, start: Start | undefined, name: string): Variable | undefined => {
    if (start !== undefined && Object.hasOwn(start.variables, name)) return givenBy(start, name);
    return fromFiles(cwd, file, name);
  };
  const givenBy = (start: Start, name: string): Variable => {
    const { source, variables } = start;
    const facts = tree.facts.get(source.path);
    const written = variables[name] as string;
    if (facts === undefined) return { value: written, source, sure: true };
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
    return { value, source, sure };
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
    variable: (name) => hostVariable(cwd, file, start, name),
    example: (name) => examples.get(name),
    placeOf: (path) => `${root}/${path}`,
    locate: (path) => {
      if (path === root || path.startsWith(`${root}/`)) return { in: 'project', path: path.slice(root.length + 1) };
      return { in: 'outside', path };
    },
  });

  const containers = buildContainers(input, variableFiles);
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
      const leading = input.leadingTo(file);
      for (const container of containers) {
        if (container.runs(file, leading)) found.push(container.context(file));
      }
      const byPlace = new Map<string, Start[]>();
      for (const lead of leading) {
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
        for (const cwd of guesses(file, tree)) {
          found.push(
            host(file, cwd, false, cwd === '' ? 'started from the project’s root' : `started from ${cwd}`, undefined),
          );
        }
      }
      if (purposeOf(file) === 'test') found.push(...inJobs(file));
      cache.set(file, found);
      return found;
    },
  };
}

function foldersAbove(file: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = folderOf(file); ; folder = folderOf(folder)) {
    folders.push(folder);
    if (folder === '') return folders;
  }
}

/** `${OTHER}` inside a value. What is set nowhere is a hole: somebody's shell or the base of an image may set it. */
function expand(variable: Variable, lookUp: LookUp): Variable {
  if (!variable.value.includes('$')) return variable;
  let { sure } = variable;
  const value = variable.value.replace(
    /\$\$|\$\{(\w+)(?::?-([^}]*)|:?\?[^}]*)?\}|\$(\w+)/g,
    (whole, braced?: string, fallback?: string, plain?: string) => {
      if (whole === '$$') return '$';
      const other = lookUp((braced ?? plain) as string);
      if (other === undefined ? fallback === undefined : !other.sure) sure = false;
      return other?.value ?? fallback ?? HOLE;
    },
  );
  return { ...variable, value, sure };
}

/** Where programs of this kind are usually started when nobody says: beside their manifest, at the root, in their own folder. */
function guesses(file: string, tree: SourceTree): readonly string[] {
  const above = foldersAbove(file);
  const manifests = [
    'package.json',
    'manage.py',
    'pyproject.toml',
    'requirements.txt',
    'composer.json',
    'setup.py',
    'Pipfile',
  ];
  const manifest = above.find((folder) =>
    manifests.some((name) => tree.paths.has(folder === '' ? name : `${folder}/${name}`)),
  );
  const folders = new Set<string>([...(manifest === undefined ? [] : [manifest]), '', folderOf(file)]);
  return [...folders].slice(0, 3);
}

interface Container {
  readonly key: string;
  runs(file: string, leading: ReadonlySet<string>): boolean;
  context(file: string): Context;
}

interface Layer {
  readonly source: string;
  readonly target: string;
  readonly named?: boolean;
  readonly by: Source;
}

function buildContainers(
  input: ContextInput,
  variableFiles: ReadonlyMap<string, ReadonlyMap<string, Variable>>,
): readonly Container[] {
  const { tree } = input;
  const containers: Container[] = [];
  const used = new Set<string>();
  for (const [path, facts] of tree.facts) {
    if (facts.language !== 'yaml') continue;
    for (const place of facts.places) {
      if (!place.label.startsWith('service ')) continue;
      const dockerfile = dockerfileOf(path, place, tree, fileBeside(variableFiles, path));
      if (dockerfile !== undefined) used.add(dockerfile.path);
      containers.push(container(input, variableFiles, path, facts, place, dockerfile));
    }
  }
  for (const [path, facts] of tree.facts) {
    if (facts.language !== 'dockerfile' || used.has(path) || facts.places.length === 0) continue;
    containers.push(container(input, variableFiles, path, facts, undefined, { path, facts, folder: folderOf(path) }));
  }
  return containers;
}

interface Dockerfile {
  readonly path: string;
  readonly facts: FileFacts;
  /** The build folder. */
  readonly folder: string;
  /** The stage that is built, as compose writes it; else the last. */
  readonly target?: string;
}

function dockerfileOf(composePath: string, place: PlaceFact, tree: SourceTree, beside: LookUp): Dockerfile | undefined {
  if (place.build === undefined) return undefined;
  const folder = relative(posix.join(folderOf(composePath), place.build));
  const path = relative(posix.join(folder, place.dockerfile ?? 'Dockerfile'));
  const facts = tree.facts.get(path);
  if (facts === undefined) return undefined;
  if (place.target === undefined) return { path, facts, folder };
  const source: Source = { path: composePath, line: place.at[2], text: place.target };
  const target = expand({ value: place.target, source, sure: true }, beside).value;
  return { path, facts, folder, target };
}

type LookUp = (name: string, asked?: readonly string[]) => Variable | undefined;

/** What the `.env` says that compose reads for `${X}` in its own file: surely, whoever else reads it. */
function fileBeside(variableFiles: ReadonlyMap<string, ReadonlyMap<string, Variable>>, composePath: string): LookUp {
  const found = variableFiles.get(relative(posix.join(folderOf(composePath), '.env')));
  const lookUp: LookUp = (name, asked = []) => {
    const variable = asked.includes(name) || asked.length > 8 ? undefined : found?.get(name);
    return variable && expand({ ...variable, sure: true }, (other) => lookUp(other, [...asked, name]));
  };
  return lookUp;
}

/** `./a/../b` → `b`; the project's root is ''. */
function relative(path: string): string {
  const normal = posix.normalize(path).replace(/\/+$/, '');
  return normal === '.' ? '' : normal;
}

function container(
  input: ContextInput,
  variableFiles: ReadonlyMap<string, ReadonlyMap<string, Variable>>,
  path: string,
  facts: FileFacts,
  place: PlaceFact | undefined,
  dockerfile: Dockerfile | undefined,
): Container {
  const stages = stageChain(dockerfile);
  const service = place?.label.slice('service '.length);
  const workdir = place?.workdir ?? stages.findLast((stage) => stage.workdir !== undefined)?.workdir ?? '/';
  const copies: Layer[] = [];
  for (const stage of stages) {
    for (const copy of stage.copies ?? []) {
      if (copy.stage !== undefined) continue;
      const by = input.source(dockerfile?.path ?? path, copy.at[2]);
      for (const from of copy.from) {
        const source = relative(posix.join(dockerfile?.folder ?? '', from.replace(/^\//, '')));
        const base = stage.workdir ?? '/';
        const to = posix.resolve('/', base, copy.to);
        const intoFolder = copy.to.endsWith('/') || copy.to === '.' || copy.to === './' || copy.from.length > 1;
        const isFolder = source === '' || input.tree.folders.has(source);
        copies.push({ source, target: isFolder || !intoFolder ? to : posix.join(to, posix.basename(source)), by });
      }
    }
  }
  const mounts: Layer[] = (place?.mounts ?? []).map((mount) => ({
    source:
      mount.named || mount.source.startsWith('/') || mount.source.startsWith('~')
        ? mount.source
        : relative(posix.join(folderOf(path), mount.source)),
    target: posix.normalize(mount.target).replace(/(.)\/$/, '$1'),
    named: mount.named === true || mount.source.startsWith('/') || mount.source.startsWith('~'),
    by: input.source(path, mount.at[2]),
  }));
  const variables = containerVariables(input, variableFiles, path, facts, place, dockerfile, stages);
  const label =
    service === undefined ? `in the container of ${dockerfile?.path}` : `in docker compose (service ${service})`;
  const cwdSource =
    place?.workdir !== undefined
      ? input.source(path, (place.workdirAt ?? place.at)[2])
      : workdirSource(input, dockerfile, stages);
  const placeOf = (file: string): string => {
    const layer = deepest(
      [...copies, ...mounts.filter(({ named }) => !named)],
      ({ source }) => within(source, file),
      ({ source }) => source,
    );
    if (layer === undefined) return posix.join(workdir, file);
    return layer.source === file
      ? layer.target
      : posix.join(layer.target, file.slice(layer.source === '' ? 0 : layer.source.length + 1));
  };
  const inContainer = (file: string): boolean =>
    [...copies, ...mounts].some(({ source, named }) => !named && within(source, file));
  const locate = (full: string): Located => {
    const mount = deepest(
      mounts,
      ({ target }) => within(target, full),
      ({ target }) => target,
    );
    if (mount !== undefined) {
      const rest = full.slice(mount.target.length).replace(/^\//, '');
      if (mount.named) return { in: 'volume', name: mount.source, path: rest, by: mount.by };
      if (mount.source.startsWith('..')) return { in: 'outside', path: full };
      return { in: 'project', path: [mount.source, rest].filter((part) => part !== '').join('/'), by: mount.by };
    }
    const copy = deepest(
      copies,
      ({ target }) => within(target, full),
      ({ target }) => target,
    );
    if (copy !== undefined) {
      const rest = full.slice(copy.target === '/' ? 1 : copy.target.length).replace(/^\//, '');
      const copyOf = [copy.source, rest].filter((part) => part !== '').join('/');
      return input.tree.paths.has(copyOf) ? { in: 'image', path: full, copyOf } : { in: 'image', path: full };
    }
    return { in: 'image', path: full };
  };
  const fileAt = (full: string): string | undefined => {
    const located = locate(full);
    const file = located.in === 'project' ? located.path : located.in === 'image' ? located.copyOf : undefined;
    return file !== undefined && input.tree.paths.has(file) ? file : undefined;
  };
  const commands = (place === undefined ? [] : facts.commands.filter(({ by }) => by === place.label)).concat(
    commandsOf(dockerfile, stages),
  );
  // What compose says replaces what the image says.
  const own = commands.filter(({ by }) => by === place?.label);
  const started = (own.length > 0 ? own : commands).map((command) =>
    startedBy({
      words: command.words,
      variables: { ...Object.fromEntries([...variables].map(([name, { value }]) => [name, value])), ...command.env },
      find: (word) => fileAt(posix.resolve('/', workdir, command.cwd ?? '', word)),
      script: (name) => {
        const manifest = fileAt(posix.resolve('/', workdir, command.cwd ?? '', 'package.json'));
        return manifest === undefined ? undefined : input.script(folderOf(manifest), name);
      },
    }),
  );
  const entries = new Set(started.flatMap(({ files }) => files));
  return {
    key: JSON.stringify([
      label,
      workdir,
      copies.map(({ source, target }) => [source, target]),
      mounts.map(({ source, target }) => [source, target]),
      [...variables].map(([name, { value }]) => [name, value]),
      [...entries],
    ]),
    runs(file, leading) {
      if (!inContainer(file)) return false;
      if (entries.size === 0) return true;
      for (const entry of entries) if (leading.has(entry)) return true;
      return false;
    },
    context: () => ({
      label,
      cwd: workdir,
      cwdSure: true,
      ...(cwdSource === undefined ? {} : { cwdSource }),
      home: '/root',
      temp: '/tmp',
      variable: (name) => variables.get(name),
      example: () => undefined,
      placeOf,
      locate,
    }),
  };
}

function deepest<T>(all: readonly T[], matches: (one: T) => boolean, key: (one: T) => string): T | undefined {
  let best: T | undefined;
  for (const one of all) {
    if (matches(one) && (best === undefined || key(one).length >= key(best).length)) best = one;
  }
  return best;
}

/** The stage that is built (the last, where nobody asks for another) and those that it starts from, oldest first. */
function stageChain(dockerfile: Dockerfile | undefined): readonly PlaceFact[] {
  if (dockerfile === undefined) return [];
  const chain: PlaceFact[] = [];
  const all = dockerfile.facts.places;
  const wanted = dockerfile.target?.toLowerCase() ?? '';
  const named = wanted === '' ? undefined : all.find(({ label }) => label.toLowerCase() === `stage ${wanted}`);
  const built = named ?? (/^\d+$/.test(wanted) ? all[Number(wanted)] : undefined) ?? all.at(-1);
  for (let stage = built; stage !== undefined && !chain.includes(stage); ) {
    chain.unshift(stage);
    const { from } = stage;
    stage = from === undefined ? undefined : all.find(({ label }) => label === from || label === `stage ${from}`);
  }
  return chain;
}

/** What the image starts. A stage that others start from as well may say it in their place: then in its own folder. */
function commandsOf(dockerfile: Dockerfile | undefined, stages: readonly PlaceFact[]): readonly CommandFact[] {
  const all = dockerfile?.facts.commands ?? [];
  const from = stages.findLast(({ label }) => all.some(({ by }) => by === label));
  if (from === undefined) return [];
  return all
    .filter(({ by }) => by === from.label)
    .map((command) => {
      if (from === stages.at(-1) || command.cwd !== from.workdir) return command;
      const { cwd: _, ...rest } = command;
      return rest;
    });
}

function workdirSource(
  input: ContextInput,
  dockerfile: Dockerfile | undefined,
  stages: readonly PlaceFact[],
): Source | undefined {
  const stage = stages.findLast(({ workdir }) => workdir !== undefined);
  if (dockerfile === undefined || stage === undefined) return undefined;
  return input.source(dockerfile.path, (stage.workdirAt ?? stage.at)[2]);
}

function containerVariables(
  input: ContextInput,
  variableFiles: ReadonlyMap<string, ReadonlyMap<string, Variable>>,
  path: string,
  facts: FileFacts,
  place: PlaceFact | undefined,
  dockerfile: Dockerfile | undefined,
  stages: readonly PlaceFact[],
): ReadonlyMap<string, Variable> {
  const beside = fileBeside(variableFiles, path);
  const variables = imageVariables(input, path, facts, beside, place, dockerfile, stages);
  const add = (from: string, fact: VariableFact): void => {
    const source = input.source(from, fact.at[2]);
    if (fact.value === null) {
      const passed = beside(fact.name);
      if (passed !== undefined) variables.set(fact.name, passed);
      return;
    }
    variables.set(fact.name, expand({ value: fact.value, source, sure: true }, beside));
  };
  for (const file of place?.envFiles ?? []) {
    const found = variableFiles.get(relative(posix.join(folderOf(path), file.path)));
    for (const [name, variable] of found ?? []) {
      variables.set(
        name,
        expand({ ...variable, sure: true }, (other) => variables.get(other)),
      );
    }
  }
  if (place !== undefined) for (const fact of facts.variables) if (fact.by === place.label) add(path, fact);
  return variables;
}

/** What `ENV` says in the stages that the image is made of; `ARG` is known in its own stage, and not to what runs. */
function imageVariables(
  input: ContextInput,
  composePath: string,
  facts: FileFacts,
  beside: LookUp,
  place: PlaceFact | undefined,
  dockerfile: Dockerfile | undefined,
  stages: readonly PlaceFact[],
): Map<string, Variable> {
  const variables = new Map<string, Variable>();
  if (dockerfile === undefined) return variables;
  const given = new Map<string, Variable>();
  const all = dockerfile.facts.variables;
  const set = (to: Map<string, Variable>, from: string, fact: VariableFact, known: LookUp): void => {
    if (fact.value === null) return;
    const variable = { value: fact.value, source: input.source(from, fact.at[2]), sure: true };
    to.set(fact.name, expand(variable, known));
  };
  for (const fact of all) if (fact.by === '') set(given, dockerfile.path, fact, (name) => given.get(name));
  const composed = `build ${place?.label.slice('service '.length)}`;
  const asked = new Map<string, Variable>();
  for (const fact of place === undefined ? [] : facts.variables) {
    if (fact.by === composed) set(asked, composePath, fact, beside);
  }
  for (const stage of stages) {
    const known = new Map(variables);
    for (const fact of all) {
      if (fact.by !== stage.label) continue;
      if (fact.build !== true) {
        set(variables, dockerfile.path, fact, (name) => known.get(name));
        const now = variables.get(fact.name);
        if (now !== undefined) known.set(fact.name, now);
        continue;
      }
      // ENV wins over ARG.
      if (variables.has(fact.name)) continue;
      const outside = asked.get(fact.name) ?? (fact.value === null ? given.get(fact.name) : undefined);
      if (outside === undefined) set(known, dockerfile.path, fact, (name) => known.get(name));
      else known.set(fact.name, outside);
    }
  }
  return variables;
}
