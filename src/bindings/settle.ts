/**
 * What a symbol comes to in one context: variables are looked up, the working directory and the places of files put in,
 * path functions carried out. What had to be assumed is said with each outcome.
 */
import { applyOperation, HOLE, type Surroundings } from './path-functions.ts';
import type { Operation, Source, Symbolic } from './symbol.ts';

export interface Variable {
  readonly value: string;
  readonly source: Source;
  /** `false`: a file that is only probably loaded, or an example. */
  readonly sure: boolean;
}

/** How a file runs. Absolute paths are those that the program sees (inside its container). */
export interface Situation {
  readonly cwd: string;
  readonly home: string;
  readonly temp: string;
  variable(name: string): Variable | undefined;
  /** Where a file of the project lies for the program. */
  placeOf(file: string): string;
}

export interface Outcome {
  /** Holes as `HOLE`; `null`: nothing (a variable that is not set). */
  readonly value: string | null;
  readonly assumes: readonly string[];
  /** Cannot hold together with it: a loop is at one item at a time. */
  readonly excludes?: readonly string[];
  readonly evidence: readonly Source[];
  /** Variables that were looked at, set or not. */
  readonly variables: readonly string[];
  readonly unset: readonly string[];
  /** The working directory was put in, or the value is relative still. */
  readonly usesCwd: boolean;
  readonly sure: boolean;
  readonly holes: readonly string[];
}

const LIMIT = 12;

const CWD_OPERATIONS: ReadonlySet<Operation> = new Set<Operation>([
  'python-abspath',
  'pathlib-resolve',
  'pathlib-absolute',
  'node-resolve',
  'php-realpath',
  'file-url',
]);

const EMPTY: Outcome = {
  value: '',
  assumes: [],
  evidence: [],
  variables: [],
  unset: [],
  usesCwd: false,
  sure: true,
  holes: [],
};

export function settle(symbol: Symbolic, situation: Situation): readonly Outcome[] {
  switch (symbol.s) {
    case 'text':
      return [{ ...EMPTY, value: symbol.v }];
    case 'nothing':
      return [{ ...EMPTY, value: null }];
    case 'hole':
      return [{ ...EMPTY, value: HOLE, holes: [symbol.why] }];
    case 'cwd':
      return [{ ...EMPTY, value: situation.cwd, usesCwd: true }];
    case 'home':
      return [{ ...EMPTY, value: situation.home }];
    case 'temp':
      return [{ ...EMPTY, value: situation.temp }];
    case 'place':
      return [{ ...EMPTY, value: situation.placeOf(symbol.file) }];
    case 'from':
      return settle(symbol.value, situation).map((outcome) => ({
        ...outcome,
        evidence: withSource(outcome.evidence, symbol.source),
      }));
    case 'env':
      return [lookUp(symbol.name, symbol.source, situation)];
    case 'or':
      return settle(symbol.a, situation)
        .flatMap((a) => {
          const counts = symbol.nullish ? a.value !== null : a.value !== null && a.value !== '';
          if (counts) return [a];
          return settle(symbol.b, situation).map((b) => merge([a, b], b.value));
        })
        .slice(0, LIMIT);
    case 'either': {
      const all = symbol.of.flatMap(({ value, when }) =>
        settle(value, situation).map((outcome) => ({
          ...outcome,
          assumes: [...outcome.assumes, when],
          excludes: [...(outcome.excludes ?? []), ...symbol.of.flatMap((other) => siblingOf(other.when, when))],
          sure: false,
        })),
      );
      // `path=None` that something else fills: nobody opens nothing.
      const real = all.filter(({ value }) => value !== null);
      return (real.length > 0 ? real : all).slice(0, LIMIT);
    }
    case 'apply':
      return applyAll(symbol.op, symbol.of, situation);
  }
}

function lookUp(name: string, source: Source, situation: Situation): Outcome {
  const variable = situation.variable(name);
  if (variable === undefined) {
    return { ...EMPTY, value: null, evidence: [source], variables: [name], unset: [name] };
  }
  return {
    ...EMPTY,
    value: variable.value,
    evidence: [source, variable.source],
    variables: [name],
    sure: variable.sure,
  };
}

function applyAll(op: Operation, of: readonly Symbolic[], situation: Situation): readonly Outcome[] {
  let combinations: (readonly Outcome[])[] = [[]];
  for (const part of of) {
    const outcomes = settle(part, situation);
    const all = combinations.flatMap((taken) => outcomes.map((outcome) => [...taken, outcome]));
    const possible = all.filter((taken) => taken.length < 2 || areTogether(taken));
    combinations = (possible.length > 0 ? possible : all).slice(0, LIMIT);
  }
  const around: Surroundings = situation;
  return combinations.map((taken) => {
    if (taken.some(({ value }) => value === null)) {
      const missing = taken.find(({ value }) => value === null) as Outcome;
      // `os.path.join(None)` raises, a template says "undefined": either way nobody knows the name.
      const why = missing.unset.length > 0 ? `${missing.unset.join(', ')} is not set` : 'a value is missing';
      return { ...merge(taken, HOLE), holes: [...taken.flatMap(({ holes }) => holes), why] };
    }
    const values = taken.map(({ value }) => value as string);
    const merged = merge(taken, applyOperation(op, values, around));
    return CWD_OPERATIONS.has(op) && !isAbsolute(op, values) ? { ...merged, usesCwd: true } : merged;
  });
}

/** Of alternatives that a line tells apart, one rules out the others; "its condition holds" may be said of two conditions. */
const siblingOf = (other: string, when: string): readonly string[] =>
  other !== when && /:\d+(?: |$)/.test(other) ? [other] : [];

/** The one added last goes with those before it. */
function areTogether(taken: readonly Outcome[]): boolean {
  const last = taken.at(-1) as Outcome;
  return taken.every(
    (one) =>
      one === last ||
      !(
        one.excludes?.some((when) => last.assumes.includes(when)) ||
        last.excludes?.some((when) => one.assumes.includes(when))
      ),
  );
}

function isAbsolute(op: Operation, values: readonly string[]): boolean {
  return op === 'node-resolve' ? values.some((value) => value.startsWith('/')) : (values[0] ?? '').startsWith('/');
}

function merge(outcomes: readonly Outcome[], value: string | null): Outcome {
  return {
    value,
    assumes: [...new Set(outcomes.flatMap(({ assumes }) => assumes))],
    ...(outcomes.some(({ excludes }) => excludes !== undefined)
      ? { excludes: [...new Set(outcomes.flatMap(({ excludes }) => excludes ?? []))] }
      : {}),
    evidence: outcomes.reduce<readonly Source[]>((all, { evidence }) => evidence.reduce(withSource, all), []),
    variables: [...new Set(outcomes.flatMap(({ variables }) => variables))],
    unset: [...new Set(outcomes.flatMap(({ unset }) => unset))],
    usesCwd: outcomes.some(({ usesCwd }) => usesCwd),
    sure: outcomes.every(({ sure }) => sure),
    holes: outcomes.flatMap(({ holes }) => holes),
  };
}

/** Outermost first: the chain reads from the call inwards. */
function withSource(evidence: readonly Source[], source: Source): readonly Source[] {
  if (evidence.some(({ path, line, text }) => path === source.path && line === source.line && text === source.text))
    return evidence;
  return [source, ...evidence];
}
