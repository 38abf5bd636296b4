/** Services of compose and images of Dockerfiles as ways to run: which files they run, and where a path in them lies. */
import { posix } from 'node:path';
import type { CommandFact, FileFacts, PlaceFact } from '../code/facts.ts';
import type { SourceTree } from '../code/resolve.ts';
import { type ContainerEntry, entriesOf, pageFolders } from './container-entries.ts';
import { containerVariables, fileBeside } from './container-variables.ts';
import type { Context, ContextInput, Located } from './contexts.ts';
import { expand } from './expand-variable.ts';
import { type LoadedBy, openFrameworks } from './frameworks.ts';
import { type Layer, layersOf } from './image-layers.ts';
import { commandsOf, type Dockerfile, dockerfileOf, stageChain, workdirSource } from './images.ts';
import { HOLE } from './path-functions.ts';
import { folderOf, relative, within } from './project-path.ts';
import type { Variable } from './settle.ts';

const PHP_SERVERS = /php|apache|httpd|nginx|caddy|lamp|wordpress|drupal|laravel|supervisord/i;
/** Folders that the commands of one container start a file from; more are no other stores. */
const MOST_PLACES = 3;

export interface Container {
  readonly key: string;
  /** Ways in which a file runs in it; none: it does not. `leading`: files that lead to it. */
  contexts(file: string, leading: ReadonlySet<string>): readonly Context[];
}

export function buildContainers(
  input: ContextInput,
  variableFiles: ReadonlyMap<string, ReadonlyMap<string, Variable>>,
): readonly Container[] {
  const { tree } = input;
  const loadedBy = openFrameworks(tree);
  const containers: Container[] = [];
  const used = new Set<string>();
  for (const [path, facts] of tree.facts) {
    if (facts.language !== 'yaml') continue;
    for (const place of facts.places) {
      if (!place.label.startsWith('service ')) continue;
      const dockerfile = dockerfileOf(path, place, tree, fileBeside(variableFiles, path));
      if (dockerfile !== undefined) used.add(dockerfile.path);
      containers.push(container(input, loadedBy, variableFiles, path, facts, place, dockerfile));
    }
  }
  for (const [path, facts] of tree.facts) {
    if (facts.language !== 'dockerfile' || used.has(path) || facts.places.length === 0) continue;
    const dockerfile: Dockerfile = { path, facts, folder: folderOf(path) };
    containers.push(container(input, loadedBy, variableFiles, path, facts, undefined, dockerfile));
  }
  return containers;
}

function container(
  input: ContextInput,
  loadedBy: LoadedBy,
  variableFiles: ReadonlyMap<string, ReadonlyMap<string, Variable>>,
  path: string,
  facts: FileFacts,
  place: PlaceFact | undefined,
  dockerfile: Dockerfile | undefined,
): Container {
  const stages = stageChain(dockerfile);
  const service = place?.label.slice('service '.length);
  const workdir = place?.workdir ?? stages.findLast((stage) => stage.workdir !== undefined)?.workdir ?? '/';
  const { copies, built } = layersOf(dockerfile, stages, input.tree, input.source);
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
  const unread = (place?.envFiles ?? [])
    .map((file) => relative(posix.join(folderOf(path), file.path)))
    .find((file) => !variableFiles.has(file));
  const label =
    service === undefined ? `in the container of ${dockerfile?.path}` : `in docker compose (service ${service})`;
  const cwdSource =
    place?.workdir !== undefined
      ? input.source(path, (place.workdirAt ?? place.at)[2])
      : workdirSource(input, dockerfile, stages);
  const isBuilt = (file: string): boolean => built.some(({ from }) => within(from, file));
  const placeOf = (file: string): string => {
    const layer = deepest(
      [...copies, ...mounts.filter(({ named }) => !named)],
      ({ source }) => within(source, file),
      ({ source }) => source,
    );
    // What was built from it lies who knows where.
    if (layer === undefined) return posix.join(workdir, isBuilt(file) ? HOLE : '', file);
    return layer.source === file
      ? layer.target
      : posix.join(layer.target, file.slice(layer.source === '' ? 0 : layer.source.length + 1));
  };
  const isCopied = (file: string): boolean =>
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
  // What compose says replaces what the image says.
  const own = place === undefined ? [] : facts.commands.filter(({ by }) => by === place.label);
  const commands = own.length > 0 ? own : commandsOf(dockerfile, stages);
  const from = own.length > 0 ? path : (dockerfile?.path ?? path);
  const runs = entriesOf({
    tree: input.tree,
    commands: commands.map((command) => [from, command] as const),
    more: place === undefined ? [] : fromOutside(place.label, path, input.tree),
    workdir,
    variables: Object.fromEntries([...variables].map(([name, { value }]) => [name, value])),
    loadedBy,
    script: input.script,
    fileAt,
    outputAt: (full) => outputAt([...copies, ...built, ...mounts.filter(({ named }) => !named)], full),
    placeOf,
    source: input.source,
  });
  const isOpen = !runs.understood && !runs.startsCode;
  const servesPhp =
    [place, ...stages].some((one) => PHP_SERVERS.test(one?.image ?? '')) ||
    commands.some(({ words }) => PHP_SERVERS.test(posix.basename(words[0] ?? '')));
  const context = (cwd: string, sure: boolean, entry?: ContainerEntry): Context => ({
    label,
    cwd,
    cwdSure: sure,
    ...(cwdSource === undefined || cwd !== workdir ? {} : { cwdSource }),
    ...(unread === undefined ? {} : { unread }),
    home: '/root',
    temp: '/tmp',
    variable: (name) => (entry === undefined ? undefined : givenBy(entry, name, variables)) ?? variables.get(name),
    example: () => undefined,
    placeOf,
    locate,
  });
  return {
    key: JSON.stringify([
      label,
      workdir,
      copies.map(({ source, target }) => [source, target]),
      mounts.map(({ source, target }) => [source, target]),
      [...variables].map(([name, { value }]) => [name, value]),
      runs.entries,
    ]),
    contexts(file, leading) {
      if (!isCopied(file) && !isBuilt(file)) return [];
      const servesIt = servesPhp && !runs.understood && input.tree.facts.get(file)?.language === 'php';
      const places = new Map<string, Context>();
      for (const entry of runs.entries) {
        const key = JSON.stringify([entry.cwd, entry.variables]);
        if (!startsIt(entry.file, file, leading, input.tree) || places.has(key) || places.size >= MOST_PLACES) continue;
        // A page asks whether it is run by hand before it includes: the way from a command is one of several.
        places.set(key, context(entry.cwd, !servesIt || entry.file === file, entry));
      }
      const found = [...places.values()];
      // A web server runs PHP in the folder of the page that is asked for.
      if (servesIt && isCopied(file)) {
        found.push(...pageFolders(leading, input.leadingTo).map((folder) => context(placeOf(folder), false)));
      }
      if (found.length > 0 || !isOpen || !isCopied(file)) return found;
      return [{ ...context(workdir, false), supposed: true }];
    },
  };
}

/** Commands that scripts and Makefiles run in a service of this name; what a document shows is no way that it runs. */
function fromOutside(
  label: string,
  composePath: string,
  tree: SourceTree,
): readonly (readonly [string, CommandFact])[] {
  const found: (readonly [string, CommandFact])[] = [];
  for (const [path, { language, commands }] of tree.facts) {
    if (path === composePath || language === 'markdown' || language === 'yaml') continue;
    for (const command of commands) if (command.by === label && command.weak !== true) found.push([path, command]);
  }
  return found;
}

/** What a shell script starts is an entry of its own, from where the script has gone to. */
function startsIt(entry: string, file: string, leading: ReadonlySet<string>, tree: SourceTree): boolean {
  return entry === file || (leading.has(entry) && tree.facts.get(entry)?.language !== 'shell');
}

/** What the command that starts a file sets for it. */
function givenBy(
  { variables, source }: ContainerEntry,
  name: string,
  known: ReadonlyMap<string, Variable>,
): Variable | undefined {
  if (!Object.hasOwn(variables, name)) return undefined;
  const value = variables[name] as string;
  if (/\$\(|`/.test(value)) return { value: HOLE, source, sure: false };
  return expand({ value, source, sure: true }, (other) => known.get(other));
}

/** Where in the project something would lie that is at this place, or that a build puts there. */
function outputAt(layers: readonly { source: string; target: string }[], full: string): string | undefined {
  const layer = deepest(
    layers,
    ({ target }) => within(target, full),
    ({ target }) => target,
  );
  return (
    layer && posix.join(layer.source, full.slice(layer.target === '/' ? 1 : layer.target.length).replace(/^\//, ''))
  );
}

function deepest<T>(all: readonly T[], matches: (one: T) => boolean, key: (one: T) => string): T | undefined {
  let best: T | undefined;
  for (const one of all) {
    if (matches(one) && (best === undefined || key(one).length >= key(best).length)) best = one;
  }
  return best;
}
