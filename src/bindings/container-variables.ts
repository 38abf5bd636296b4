/** Variables as a container has them: of its image, of the files that compose names, of compose itself; the later one wins. */
import { posix } from 'node:path';
import type { FileFacts, PlaceFact, VariableFact } from '../code/facts.ts';
import type { ContextInput } from './contexts.ts';
import { expand, type LookUp } from './expand-variable.ts';
import type { Dockerfile } from './images.ts';
import { folderOf, relative } from './project-path.ts';
import type { Variable } from './settle.ts';

/** What the `.env` says that compose reads for `${X}` in its own file: surely, whoever else reads it. */
export function fileBeside(
  variableFiles: ReadonlyMap<string, ReadonlyMap<string, Variable>>,
  composePath: string,
): LookUp {
  const found = variableFiles.get(relative(posix.join(folderOf(composePath), '.env')));
  const lookUp: LookUp = (name, asked = []) => {
    const variable = asked.includes(name) || asked.length > 8 ? undefined : found?.get(name);
    return variable && expand({ ...variable, sure: true }, (other) => lookUp(other, [...asked, name]));
  };
  return lookUp;
}

export function containerVariables(
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
