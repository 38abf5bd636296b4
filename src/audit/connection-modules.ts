/** Modules that make connections and give them to others, and files that open stores for themselves. */
import type { Binding } from '../bindings/model.ts';
import { purposeOf } from '../bindings/purpose.ts';
import { callsOf, lastName } from '../code/calls.ts';
import type { Expr, FileFacts } from '../code/facts.ts';
import { reachable } from '../code/graph/reachable.ts';
import { givesConnection } from './gives-connection.ts';
import { groupBy } from './group-by.ts';
import type { Facts } from './model.ts';
import { type ModuleUse, usersOf } from './users-of.ts';

/** A store or server that code opens by itself: what tells that two openings mean the same. */
export interface Destination {
  readonly key: string;
  /** As a person would call it. */
  readonly label: string;
  readonly sure: boolean;
}

export interface OpeningFile {
  readonly path: string;
  readonly language: 'python' | 'typescript' | 'php';
  readonly destinations: readonly Destination[];
  /** First line that opens each destination. */
  readonly lines: ReadonlyMap<string, number>;
  /** Exports that give a connection; none: it keeps what it opens. */
  readonly gives: readonly string[];
  /** Those that take one of these or the module as a whole; tests left out. */
  readonly users: readonly ModuleUse[];
}

const PRISMA = /^@prisma\/client|\/generated\/|prisma\/client/;

const known = new WeakMap<Facts, readonly OpeningFile[]>();

/** Files of the application and its scripts that open a database, by path. */
export function openingFiles(facts: Facts): readonly OpeningFile[] {
  let found = known.get(facts);
  if (found === undefined) {
    found = find(facts);
    known.set(facts, found);
  }
  return found;
}

/** Those that give connections to others: a program that opens a store for itself is none, whatever it exports. */
export function connectionModules(facts: Facts): readonly OpeningFile[] {
  const started = new Set(
    facts.code.entries.filter(({ kind }) => kind === 'command' || kind === 'docs').map(({ file }) => file),
  );
  return openingFiles(facts).filter(({ path, gives, users, language }) => {
    if (gives.length === 0) return false;
    if (users.some(({ names }) => names.length === 0 || names.some(({ name }) => name === '*' || gives.includes(name))))
      return true;
    const { runnable, exports = [] } = facts.code.files.get(path) ?? {};
    if (runnable === true || started.has(path) || users.length > 0) return false;
    // Nobody takes it: then it says itself that it is for others. In Python every name is an export.
    const made = exports.filter(({ name }) => gives.includes(name));
    const says = language !== 'python' || made.some(({ kind }) => kind !== 'value');
    return says && made.length * 3 >= exports.filter(({ kind }) => kind !== 'type').length;
  });
}

/** Files that programs lead to, beginning with what is started, tests aside. */
export function reachedFiles(facts: Facts): ReadonlySet<string> {
  return reachable(
    facts.code.graph,
    facts.code.entries.filter(({ kind }) => kind !== 'test').map(({ file }) => file),
  );
}

export function destinationOf(binding: Binding, facts: Facts): Destination | undefined {
  const { target } = binding;
  const sure = binding.confidence === 'proven';
  switch (target.kind) {
    case 'store': {
      const store = facts.stores.find(({ id }) => id === target.store);
      return store === undefined || store.kind !== 'sqlite'
        ? undefined
        : { key: `store ${store.id}`, label: store.id, sure };
    }
    case 'missing':
    case 'runtime':
    case 'outside':
      if (/\.(?:csv|tsv|jsonl|ndjson|json|txt|log|parquet)$/i.test(target.path)) return undefined;
      return { key: `path ${target.path}`, label: target.path, sure };
    case 'server': {
      const { engine, url, variable } = target;
      if (variable !== undefined) return { key: `variable ${variable}`, label: `${engine} (${variable})`, sure };
      // A host without a database, or one with holes, may be any.
      if (url === undefined || !/^[\w+.-]+:\/\/[^/]*\/[^/{}?]+/.test(url) || /[{}]/.test(url)) return undefined;
      return { key: `server ${url.replace(/\?.*$/, '')}`, label: url.replace(/\?.*$/, ''), sure };
    }
    case 'unknown': {
      // What a variable names that nothing here sets: one variable, one database, whatever it is.
      const [variable, more] = binding.changesIf.flatMap((one) => /^(\w+) is set$/.exec(one)?.[1] ?? []);
      if (variable === undefined || more !== undefined) return undefined;
      return { key: `variable ${variable}`, label: `the database of ${variable}`, sure: false };
    }
    default:
      return undefined;
  }
}

/** Whether it opens rows as text or copies the file: that is no connection. */
const opensText = ({ by }: Binding): boolean =>
  /(?:^|\.)(?:open|csv|json|readFile|writeFile|to_csv|read_\w+|file_get_contents|file_put_contents|fopen|SplFileObject|JSONFile\w*|TinyDB|genfromtxt)$/.test(
    by,
  );

function find(facts: Facts): readonly OpeningFile[] {
  const { code } = facts;
  const byPath = new Map(
    groupBy(
      code.bindings.filter((one) => !opensText(one)),
      ({ path }) => path,
    ),
  );
  for (const [path, facts] of code.files) {
    if (facts.language === 'typescript' && code.answer(path, 'takes Prisma', () => takesPrisma(facts)))
      byPath.set(path, byPath.get(path) ?? []);
  }
  const found: OpeningFile[] = [];
  for (const [path, bindings] of byPath) {
    const language = code.files.get(path)?.language;
    if (language !== 'python' && language !== 'typescript' && language !== 'php') continue;
    const purpose = purposeOf(path);
    if (purpose === 'test' || purpose === 'migration') continue;
    const destinations = new Map<string, Destination>();
    const lines = new Map<string, number>();
    const add = (destination: Destination | undefined, line: number): void => {
      if (destination === undefined) return;
      destinations.set(destination.key, destination);
      if (!lines.has(destination.key)) lines.set(destination.key, line);
    };
    const words = new Map<number, string>();
    for (const binding of bindings) {
      add(destinationOf(binding, facts), binding.line);
      words.set(binding.line, binding.by.slice(binding.by.lastIndexOf('.') + 1));
    }
    const { clients, gives } = code.answer(path, `gives ${JSON.stringify([...words])}`, () =>
      givenBy(code.structureOf(path), words),
    );
    for (const line of clients) {
      add({ key: `prisma ${manifestFolder(path, facts)}`, label: 'Prisma', sure: true }, line);
    }
    if (destinations.size === 0) continue;
    found.push({
      path,
      language,
      destinations: [...destinations.values()],
      lines,
      gives,
      users:
        gives.length === 0
          ? []
          : code.recall(`users of ${path}`, () => usersOf(code.graph, path).filter((use) => use.purpose !== 'test')),
    });
  }
  return found.sort((x, y) => (x.path < y.path ? -1 : 1));
}

function takesPrisma({ imports }: FileFacts): boolean {
  return imports.some(({ module }) => module !== null && PRISMA.test(module));
}

/** Lines that make Prisma's client, and exports that give a connection. `words`: name of the opener on each line that opens something. */
function givenBy(
  structure: FileFacts,
  words: ReadonlyMap<number, string>,
): { readonly clients: readonly number[]; readonly gives: readonly string[] } {
  const clients = callsOf(structure).flatMap(({ call, name }) =>
    name === 'PrismaClient' && call.new === true ? [call] : [],
  );
  const isOpening = openerOf(structure, words);
  return {
    clients: clients.map(({ at }) => at[2]),
    gives: givesConnection(structure, (call) => clients.includes(call) || isOpening(call)),
  };
}

/** Of the calls on a line that opens something, the one of the opener's name; where none has it, the first. */
function openerOf(
  structure: FileFacts,
  words: ReadonlyMap<number, string>,
): (call: Expr & { readonly k: 'call' }) => boolean {
  const onLine = groupBy(
    callsOf(structure).filter(({ call }) => words.has(call.at[2])),
    ({ call }) => String(call.at[2]),
  );
  const openers = new Set<Expr>();
  for (const sites of onLine.values()) {
    const word = words.get(sites[0]?.call.at[2] ?? 0);
    const named = sites.filter(({ call }) => lastName(call.fn) === word);
    for (const { call } of named.length > 0 ? named : sites.slice(0, 1)) openers.add(call);
  }
  return (call) => openers.has(call);
}

/** The folder of the nearest manifest: code below one is installed and run together. */
export function manifestFolder(path: string, facts: Facts): string {
  for (let cut = path.lastIndexOf('/'); ; cut = path.lastIndexOf('/', cut - 1)) {
    const folder = cut < 0 ? '' : path.slice(0, cut);
    const at = (name: string): boolean => facts.code.paths.has(folder === '' ? name : `${folder}/${name}`);
    if (['package.json', 'pyproject.toml', 'requirements.txt', 'setup.py', 'composer.json', 'Pipfile'].some(at))
      return folder;
    if (cut < 0) return '';
  }
}
