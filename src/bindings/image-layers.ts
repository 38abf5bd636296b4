/** What COPY puts into an image: files of the project, and what an earlier stage built from them. */
import { posix } from 'node:path';
import type { PlaceFact } from '../code/facts.ts';
import { globRegExp, isGlob } from '../code/graph/glob.ts';
import type { SourceTree } from '../code/resolve.ts';
import { chainOf, type Dockerfile } from './images.ts';
import { relative, within } from './project-path.ts';
import type { Source } from './symbol.ts';

export interface Layer {
  /** Relative to the project; a named volume's name or a path of the host where `named`. */
  readonly source: string;
  /** In the container. */
  readonly target: string;
  readonly named?: boolean;
  readonly by: Source;
}

/** What a stage made of the project: not there before it is built. */
export interface BuiltLayer {
  /** Where in the project it would lie, were it built there. */
  readonly source: string;
  readonly target: string;
  /** The folder of the project that the stage had. */
  readonly from: string;
}

export interface ImageLayers {
  readonly copies: readonly Layer[];
  readonly built: readonly BuiltLayer[];
}

type SourceOf = (path: string, line: number) => Source;

export function layersOf(
  dockerfile: Dockerfile | undefined,
  stages: readonly PlaceFact[],
  tree: SourceTree,
  source: SourceOf,
): ImageLayers {
  if (dockerfile === undefined) return { copies: [], built: [] };
  return collect(dockerfile, stages, tree, source, new Set(stages.map(({ label }) => label)));
}

/** `seen`: stages on the way here; one that copies from itself gives nothing. */
function collect(
  dockerfile: Dockerfile,
  stages: readonly PlaceFact[],
  tree: SourceTree,
  source: SourceOf,
  seen: ReadonlySet<string>,
): ImageLayers {
  const copies: Layer[] = [];
  const built: BuiltLayer[] = [];
  for (const stage of stages) {
    for (const copy of stage.copies ?? []) {
      const by = source(dockerfile.path, copy.at[2]);
      const to = posix.resolve('/', stage.workdir ?? '/', copy.to);
      const intoFolder = /(?:^|\/)\.?$/.test(copy.to) || copy.from.length > 1;
      const named = (path: string): string => (intoFolder ? posix.join(to, posix.basename(path)) : to);
      if (copy.stage === undefined) {
        for (const path of copy.from.flatMap((from) => written(from, dockerfile.folder, tree))) {
          const isFolder = path === '' || tree.folders.has(path);
          copies.push({ source: path, target: isFolder ? to : named(path), by });
        }
        continue;
      }
      const earlier = dockerfile.facts.places.find(({ label }) => label === copy.stage);
      if (earlier === undefined || seen.has(earlier.label)) continue;
      const chain = chainOf(earlier, dockerfile.facts.places);
      const inner = collect(dockerfile, chain, tree, source, new Set([...seen, ...chain.map(({ label }) => label)]));
      for (const from of copy.from) {
        const taken = posix.resolve('/', from);
        for (const layer of inner.copies) {
          const part = takenOf(layer, taken);
          if (part === undefined) continue;
          const isThere = part.source === '' || tree.folders.has(part.source) || tree.paths.has(part.source);
          const isFile = isThere ? tree.paths.has(part.source) : isFileName(taken);
          const target = isFile && part.rest === '' ? named(taken) : posix.join(to, part.rest);
          if (isThere) copies.push({ source: part.source, target, by });
          else built.push({ source: part.source, target, from: layer.source });
        }
        for (const layer of inner.built) {
          const part = takenOf(layer, taken);
          if (part !== undefined) built.push({ ...layer, source: part.source, target: posix.join(to, part.rest) });
        }
      }
    }
  }
  return { copies, built };
}

const isFileName = (path: string): boolean => /\.[A-Za-z]\w*$/.test(posix.basename(path));

/** Paths of the project that a COPY names. */
function written(from: string, folder: string, tree: SourceTree): readonly string[] {
  const path = relative(posix.join(folder, from.replace(/^\//, '')));
  if (!isGlob(path)) return [path];
  const rule = globRegExp(path);
  return [...tree.paths, ...tree.folders].filter((one) => rule.test(one)).slice(0, 200);
}

/** What of a layer a copy takes: a part of it (`source` deeper), or all of it (`rest` where it lies below what is taken). */
function takenOf(
  layer: { readonly source: string; readonly target: string },
  taken: string,
): { readonly source: string; readonly rest: string } | undefined {
  if (within(layer.target, taken) || layer.target === '/') {
    const deeper = taken.slice(layer.target === '/' ? 1 : layer.target.length).replace(/^\//, '');
    return { source: [layer.source, deeper].filter((part) => part !== '').join('/'), rest: '' };
  }
  if (!within(taken, layer.target) && taken !== '/') return undefined;
  return { source: layer.source, rest: layer.target.slice(taken === '/' ? 1 : taken.length + 1) };
}
