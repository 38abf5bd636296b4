/** Services of compose and images of Dockerfiles as ways to run: which files they run, and where a path in them lies. */
import { posix } from 'node:path';
import type { FileFacts, PlaceFact } from '../code/facts.ts';
import { containerVariables, fileBeside } from './container-variables.ts';
import type { Context, ContextInput, Located } from './contexts.ts';
import { commandsOf, type Dockerfile, dockerfileOf, stageChain, workdirSource } from './images.ts';
import { folderOf, relative, within } from './project-path.ts';
import type { Variable } from './settle.ts';
import { startedBy } from './started.ts';
import type { Source } from './symbol.ts';

export interface Container {
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

export function buildContainers(
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
