/**
 * Which files a name may come from that nobody imports by name: `from settings import *`, `require 'config.php'`, and what
 * those take from others in the same way. A file that gives the name itself hides what lies behind it.
 */
import type { FileFacts, ImportFact } from '../code/facts.ts';
import type { Program } from './program.ts';

/** More files than a program loads in this way; in a circle each counts once. */
const MOST_FILES = 300;

export interface StarImports {
  /** In the order of the imports. */
  sources(file: string, name: string): readonly string[];
}

export function findStarImports(program: Program): StarImports {
  const direct = new Map<string, readonly string[]>();
  const directOf = (file: string): readonly string[] => {
    const known = direct.get(file);
    if (known !== undefined) return known;
    const back = program.trail.enter(file);
    const found = program.facts(file).imports.flatMap((fact): readonly string[] => {
      const to = takesAll(fact) ? program.resolverOf(file)?.resolve(file, fact).file : undefined;
      return to !== undefined && program.has(to) ? [to] : [];
    });
    program.trail.leave(back);
    direct.set(file, found);
    return found;
  };
  return {
    sources(file, name) {
      const found: string[] = [];
      const seen = new Set([file]);
      const next = [...directOf(file)].reverse();
      while (next.length > 0 && seen.size < MOST_FILES) {
        const at = next.pop() as string;
        if (seen.has(at)) continue;
        seen.add(at);
        if (namesOf(program.facts(at)).has(name)) found.push(at);
        else next.push(...[...directOf(at)].reverse());
      }
      return found;
    },
  };
}

const takesAll = ({ names, kind }: ImportFact): boolean =>
  kind !== 'reexport' && kind !== 'text' && names.some(({ name }) => name === '*');

const known = new WeakMap<FileFacts, ReadonlySet<string>>();

/** What a file gives without taking it from all of another. */
function namesOf(facts: FileFacts): ReadonlySet<string> {
  let names = known.get(facts);
  if (names === undefined) {
    names = new Set([
      ...facts.exports.map(({ name }) => name),
      ...facts.assigns.flatMap(({ scope, to }) => (scope === 0 ? [to] : [])),
      ...facts.imports.flatMap((fact) => [
        ...(fact.as === undefined ? [] : [fact.as]),
        ...fact.names.map(({ as }) => as),
      ]),
    ]);
    known.set(facts, names);
  }
  return names;
}
