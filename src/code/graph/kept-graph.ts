/**
 * The import graph as numbers, to be kept between runs: files by their place in a list, imports by their place in their
 * file. What an edge says besides is read when it is asked for; files whose imports did not change may have been read again.
 */
import { lazily, remembered } from '../../lazily.ts';
import type { FileFacts, ImportFact } from '../facts.ts';
import type { ImportEdge, ImportGraph, Unresolved } from './model.ts';
import { collectLeading, runs } from './open-graph.ts';

const HOW: readonly ImportEdge['how'][] = ['module', 'member', 'package', 'computed', 'named', 'former', 'perhaps'];
const STATUS: readonly Unresolved['status'][] = ['missing', 'computed', 'names'];
/** from, to, import, how and whether it runs, qualified name. */
const WIDTH = 5;

export interface KeptGraph {
  /** WIDTH numbers for each edge. */
  readonly edges: Int32Array;
  readonly rest: KeptRest;
}

interface KeptRest {
  readonly files: readonly string[];
  readonly names: readonly string[];
  /** Imports that stand in no list: those of pages, of texts. */
  readonly facts: readonly ImportFact[];
  readonly unresolved: readonly {
    readonly from: number;
    readonly fact: number;
    readonly status: number;
    readonly more: Pick<Unresolved, 'missingNames' | 'why' | 'perhaps'>;
  }[];
}

/** `factsOf`: the facts that the graph was built from. */
export function keepGraph(graph: ImportGraph, factsOf: (path: string) => FileFacts | undefined): KeptGraph {
  const files = numbered<string>();
  const names = numbered<string>();
  const extra: ImportFact[] = [];
  const places = new Map<string, ReadonlyMap<ImportFact, number>>();
  const placeOf = (from: string, fact: ImportFact): number => {
    let known = places.get(from);
    if (known === undefined) {
      known = new Map((factsOf(from)?.imports ?? []).map((one, index) => [one, index]));
      places.set(from, known);
    }
    // Below zero: one of `facts`.
    return known.get(fact) ?? -extra.push(fact);
  };
  const edges = new Int32Array(graph.edges.length * WIDTH);
  graph.edges.forEach((edge, index) => {
    const { from, to, fact, how, qualified } = edge;
    edges.set(
      [
        files.of(from),
        files.of(to),
        placeOf(from, fact),
        HOW.indexOf(how) * 2 + (runs(edge) ? 1 : 0),
        qualified === undefined ? -1 : names.of(qualified),
      ],
      index * WIDTH,
    );
  });
  const unresolved = graph.unresolved.map(({ from, fact, status, ...more }) => ({
    from: files.of(from),
    fact: placeOf(from, fact),
    status: STATUS.indexOf(status),
    more,
  }));
  return { edges, rest: { files: files.all, names: names.all, facts: extra, unresolved } };
}

/** `factsOf`: facts with the same imports in the same order. */
export function restoreGraph(
  { edges, rest }: KeptGraph,
  factsOf: (path: string) => FileFacts | undefined,
): ImportGraph {
  const { files, names } = rest;
  const count = edges.length / WIDTH;
  const at = (index: number, field: number): number => edges[index * WIDTH + field] as number;
  const file = (number: number): string => files[number] as string;
  const factAt = (from: string, place: number): ImportFact => {
    const fact = place < 0 ? rest.facts[-place - 1] : factsOf(from)?.imports[place];
    if (fact === undefined) throw new Error(`the kept graph does not fit ${from}`);
    return fact;
  };
  const made = new Array<ImportEdge | undefined>(count);
  const edgeAt = (index: number): ImportEdge => {
    let edge = made[index];
    if (edge === undefined) {
      const from = file(at(index, 0));
      const name = at(index, 4);
      edge = {
        from,
        to: file(at(index, 1)),
        fact: factAt(from, at(index, 2)),
        how: HOW[at(index, 3) >> 1] as ImportEdge['how'],
        ...(name < 0 ? {} : { qualified: names[name] as string }),
      };
      made[index] = edge;
    }
    return edge;
  };
  const byFrom = lazily(() => index(edges, 0, files));
  const byTo = lazily(() => index(edges, 1, files));
  const all = lazily(() => Array.from({ length: count }, (_, number) => edgeAt(number)));
  const missing = lazily(() =>
    rest.unresolved.map(({ from, fact, status, more }): Unresolved => {
      const path = file(from);
      return { from: path, fact: factAt(path, fact), status: STATUS[status] as Unresolved['status'], ...more };
    }),
  );
  const leading = new Map<string, ReadonlySet<string>>();
  const leaders = remembered((path: string) => [
    ...new Set((byTo().get(path) ?? []).flatMap((number) => (at(number, 3) % 2 === 1 ? [file(at(number, 0))] : []))),
  ]);
  const others = (path: string, by: ReadonlyMap<string, readonly number[]>, field: number): readonly string[] => [
    ...new Set((by.get(path) ?? []).map((number) => file(at(number, field)))),
  ];
  return {
    get edges() {
      return all();
    },
    get unresolved() {
      return missing();
    },
    imports: (path) => others(path, byFrom(), 1),
    importers: (path) => others(path, byTo(), 0),
    edgesFrom: (path) => (byFrom().get(path) ?? []).map(edgeAt),
    edgesTo: (path) => (byTo().get(path) ?? []).map(edgeAt),
    leadingTo: (path) => collectLeading(path, leaders, leading),
  };
}

/** Where the imports of each file lead, in words that can be compared. */
export function edgeLines({ edges, rest }: KeptGraph): ReadonlyMap<string, string> {
  const { files, names } = rest;
  const lines = new Map<string, string>();
  for (let at = 0; at < edges.length; at += WIDTH) {
    const [from, to, fact, how, name] = edges.subarray(at, at + WIDTH) as unknown as [
      number,
      number,
      number,
      number,
      number,
    ];
    const path = files[from] as string;
    const line = `${files[to]}\t${fact < 0 ? '' : fact}\t${how}\t${name < 0 ? '' : names[name]}\n`;
    lines.set(path, (lines.get(path) ?? '') + line);
  }
  for (const { from, fact, status } of rest.unresolved) {
    const path = files[from] as string;
    lines.set(path, `${lines.get(path) ?? ''}${fact < 0 ? '' : fact}\t${STATUS[status]}\n`);
  }
  return lines;
}

function index(edges: Int32Array, field: number, files: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (let at = field, number = 0; at < edges.length; at += WIDTH, number++) {
    const path = files[edges[at] as number] as string;
    const list = found.get(path);
    if (list === undefined) found.set(path, [number]);
    else list.push(number);
  }
  return found;
}

function numbered<T>(): { readonly all: readonly T[]; of(one: T): number } {
  const all: T[] = [];
  const known = new Map<T, number>();
  return {
    all,
    of(one) {
      let number = known.get(one);
      if (number === undefined) {
        number = all.push(one) - 1;
        known.set(one, number);
      }
      return number;
    },
  };
}
