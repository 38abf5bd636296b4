/** The files of a project as one program: which name means what where, who calls a function, where a setting is written. */
import { type CallSite, callsOf } from '../code/calls.ts';
import type { Assign, FileFacts, ImportFact } from '../code/facts.ts';
import type { Resolver, SourceTree } from '../code/resolve.ts';
import { type FileNames, namesOf, settingName } from './file-names.ts';
import type { Source } from './symbol.ts';
import { openTrail, type Trail } from './trail.ts';

export interface ProgramInput {
  readonly tree: SourceTree;
  /** The full structure of a file; read when it is first asked for. */
  readonly structureOf: (file: string) => FileFacts;
  readonly resolverOf: (facts: FileFacts) => Resolver | undefined;
  /** One line of a file as it stands, trimmed. */
  readonly lineOf: (file: string, line: number) => string;
  /** Files from which imports lead to a file. */
  readonly leadingTo: (file: string) => ReadonlySet<string>;
  /** Files whose calls count as callers. */
  readonly files: readonly string[];
  /** Names that an earlier run found in a file that did not change since. */
  readonly namesIn?: (file: string) => FileNames | undefined;
}

/** What a name may mean at one place, in the order of the text. */
export type Candidate =
  | { readonly is: 'assign'; readonly assign: Assign }
  | { readonly is: 'param'; readonly scope: number; readonly index: number }
  | { readonly is: 'scope'; readonly scope: number }
  | { readonly is: 'import'; readonly fact: ImportFact; readonly name: string | null }
  | { readonly is: 'with'; readonly statement: number };

interface Located {
  readonly start: number;
  readonly maybe: boolean;
  readonly candidate: Candidate;
}

export interface Program {
  readonly tree: SourceTree;
  /** What was looked at on behalf of which file. */
  readonly trail: Trail;
  /** Of one of the files whose calls count. */
  names(file: string): FileNames;
  facts(file: string): FileFacts;
  has(file: string): boolean;
  resolverOf(file: string): Resolver | undefined;
  leadingTo(file: string): ReadonlySet<string>;
  source(file: string, line: number): Source;
  /** Candidates for `name` seen from `scope` (innermost scope that knows it), before offset `before` where it stands in the same scope. */
  lookUp(
    file: string,
    scope: number,
    name: string,
    before: number,
  ): { readonly scope: number; readonly candidates: readonly Candidate[] } | undefined;
  /** Calls whose callee ends in `name`. */
  callsNamed(name: string): readonly (CallSite & { readonly file: string })[];
  /** Assignments to something that ends in `["key"]` or `.key`, and to the plain name. */
  assignsTo(key: string): readonly { readonly file: string; readonly assign: Assign }[];
  /** Names of classes and constants that declare a table, anywhere in the project. */
  modelNames(): ReadonlySet<string>;
  /** Whether some file imports a module whose name begins so. */
  uses(module: string): boolean;
}

export function openProgram(input: ProgramInput): Program {
  const names = new Map<string, Map<string, readonly Located[]>>();
  const facts = input.structureOf;
  const indexOf = (file: string): Map<string, readonly Located[]> => {
    let index = names.get(file);
    if (index === undefined) {
      index = indexNames(facts(file));
      names.set(file, index);
    }
    return index;
  };
  const trail = openTrail();
  const found = new Map<string, FileNames>();
  const foundIn = (file: string): FileNames => {
    let known = found.get(file);
    if (known === undefined) {
      known = input.namesIn?.(file) ?? namesOf(facts(file));
      found.set(file, known);
    }
    return known;
  };
  let models: ReadonlySet<string> | undefined;
  const used = new Map<string, boolean>();
  let callers: ReadonlyMap<string, readonly string[]> | undefined;
  let setters: ReadonlyMap<string, readonly string[]> | undefined;
  const calls = new Map<string, readonly (CallSite & { file: string })[]>();
  const assigns = new Map<string, readonly { file: string; assign: Assign }[]>();
  const program: Program = {
    get tree() {
      trail.ask('tree');
      return input.tree;
    },
    trail,
    names: foundIn,
    facts(file) {
      trail.look(file);
      return facts(file);
    },
    has(file) {
      trail.ask(`has ${file}`);
      return input.tree.facts.has(file);
    },
    resolverOf(file) {
      trail.look(file);
      return input.resolverOf(facts(file));
    },
    leadingTo(file) {
      trail.ask('imports');
      return input.leadingTo(file);
    },
    source(file, line) {
      trail.look(file);
      return { path: file, line, text: input.lineOf(file, line) };
    },
    lookUp(file, scope, name, before) {
      trail.look(file);
      const { scopes } = facts(file);
      const index = indexOf(file);
      for (let at = scope, inner = true; at >= 0; at = scopes[at]?.parent ?? -1, inner = false) {
        // Methods do not see the names of their class.
        if (!inner && scopes[at]?.kind === 'class') continue;
        const found = index.get(`${at}:${name}`);
        if (found === undefined) continue;
        return { scope: at, candidates: choose(found, inner ? before : Number.POSITIVE_INFINITY) };
      }
      return undefined;
    },
    callsNamed(name) {
      trail.ask(`call ${name}`);
      let sites = calls.get(name);
      if (sites === undefined) {
        callers ??= invert(input.files, (file) => foundIn(file).calls);
        sites = (callers.get(name) ?? []).flatMap((file) =>
          callsOf(facts(file)).flatMap((site) => (site.name === name ? [Object.assign(site, { file })] : [])),
        );
        calls.set(name, sites);
      }
      return sites;
    },
    assignsTo(key) {
      trail.ask(`set ${key}`);
      let list = assigns.get(key);
      if (list === undefined) {
        setters ??= invert(input.files, (file) => foundIn(file).sets);
        list = (setters.get(key) ?? []).flatMap((file) =>
          facts(file).assigns.flatMap((assign) => (settingName(assign) === key ? [{ file, assign }] : [])),
        );
        assigns.set(key, list);
      }
      return list;
    },
    modelNames() {
      trail.ask('models');
      models ??= new Set(input.files.flatMap((file) => foundIn(file).models));
      return models;
    },
    uses(module) {
      trail.ask(`uses ${module}`);
      let known = used.get(module);
      if (known === undefined) {
        known = importsModule(input.tree.facts.values(), module);
        used.set(module, known);
      }
      return known;
    },
  };
  return program;
}

/** Whether one of the files imports a module whose name begins so. */
export function importsModule(files: Iterable<FileFacts>, module: string): boolean {
  for (const { imports } of files) {
    if (imports.some((fact) => fact.module === module || fact.module?.startsWith(`${module}/`) === true)) return true;
  }
  return false;
}

function invert(
  files: readonly string[],
  names: (file: string) => readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const index = new Map<string, string[]>();
  for (const file of files) {
    for (const name of names(file)) {
      const list = index.get(name);
      if (list === undefined) index.set(name, [file]);
      else list.push(file);
    }
  }
  return index;
}

function indexNames(facts: FileFacts): Map<string, readonly Located[]> {
  const index = new Map<string, Located[]>();
  const add = (scope: number, name: string, located: Located): void => {
    const key = `${scope}:${name}`;
    const list = index.get(key);
    if (list === undefined) index.set(key, [located]);
    else list.push(located);
  };
  for (const assign of facts.assigns) {
    add(assign.scope, assign.to, {
      start: assign.at[0],
      maybe: assign.maybe ?? false,
      candidate: { is: 'assign', assign },
    });
  }
  facts.scopes.forEach((scope, number) => {
    if (scope.name !== '' && scope.parent >= 0) {
      add(scope.parent, scope.name, { start: scope.at[0], maybe: false, candidate: { is: 'scope', scope: number } });
    }
    scope.params?.forEach((param, place) => {
      add(number, param.name, {
        start: scope.at[0],
        maybe: false,
        candidate: { is: 'param', scope: number, index: place },
      });
    });
  });
  for (const fact of facts.imports) {
    if (fact.kind === 'text' || fact.kind === 'reexport') continue;
    const base = { start: fact.at[0], maybe: fact.guarded ?? false };
    if (fact.as !== undefined) add(fact.scope, fact.as, { ...base, candidate: { is: 'import', fact, name: null } });
    for (const { name, as } of fact.names) {
      if (name !== '*') add(fact.scope, as, { ...base, candidate: { is: 'import', fact, name } });
    }
  }
  facts.statements.forEach((statement, number) => {
    if (statement.as !== undefined) {
      add(statement.scope, statement.as, {
        start: statement.at[0],
        maybe: statement.maybe ?? false,
        candidate: { is: 'with', statement: number },
      });
    }
  });
  for (const list of index.values()) list.sort((x, y) => x.start - y.start);
  return index;
}

/** The last that surely happened, and what may have happened after it. */
function choose(found: readonly Located[], before: number): readonly Candidate[] {
  const earlier = found.filter(({ start }) => start < before);
  const seen = earlier.length > 0 ? earlier : found;
  const last = seen.findLastIndex(({ maybe }) => !maybe);
  return seen.slice(Math.max(0, last)).map(({ candidate }) => candidate);
}
