/** What a Dockerfile makes: the stage that is built, those it starts from, what it runs and where. */
import { posix } from 'node:path';
import type { CommandFact, FileFacts, PlaceFact } from '../code/facts.ts';
import type { SourceTree } from '../code/resolve.ts';
import type { ContextInput } from './contexts.ts';
import { expand, type LookUp } from './expand-variable.ts';
import { folderOf, relative } from './project-path.ts';
import type { Source } from './symbol.ts';

export interface Dockerfile {
  readonly path: string;
  readonly facts: FileFacts;
  /** The build folder. */
  readonly folder: string;
  /** The stage that is built, as compose writes it; else the last. */
  readonly target?: string;
}

export function dockerfileOf(
  composePath: string,
  place: PlaceFact,
  tree: SourceTree,
  beside: LookUp,
): Dockerfile | undefined {
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

/** The stage that is built (the last, where nobody asks for another) and those that it starts from, oldest first. */
export function stageChain(dockerfile: Dockerfile | undefined): readonly PlaceFact[] {
  if (dockerfile === undefined) return [];
  const all = dockerfile.facts.places;
  const wanted = dockerfile.target?.toLowerCase() ?? '';
  const named = wanted === '' ? undefined : all.find(({ label }) => label.toLowerCase() === `stage ${wanted}`);
  const built = named ?? (/^\d+$/.test(wanted) ? all[Number(wanted)] : undefined) ?? all.at(-1);
  return chainOf(built, all);
}

/** A stage and those that it starts from, oldest first. */
export function chainOf(last: PlaceFact | undefined, all: readonly PlaceFact[]): readonly PlaceFact[] {
  const chain: PlaceFact[] = [];
  for (let stage = last; stage !== undefined && !chain.includes(stage); ) {
    chain.unshift(stage);
    const { from } = stage;
    stage = from === undefined ? undefined : all.find(({ label }) => label === from || label === `stage ${from}`);
  }
  return chain;
}

/** What the image starts. A stage that others start from as well may say it in their place: then in its own folder. */
export function commandsOf(dockerfile: Dockerfile | undefined, stages: readonly PlaceFact[]): readonly CommandFact[] {
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

export function workdirSource(
  input: ContextInput,
  dockerfile: Dockerfile | undefined,
  stages: readonly PlaceFact[],
): Source | undefined {
  const stage = stages.findLast(({ workdir }) => workdir !== undefined);
  if (dockerfile === undefined || stage === undefined) return undefined;
  return input.source(dockerfile.path, (stage.workdirAt ?? stage.at)[2]);
}
