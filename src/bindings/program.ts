/** The files of a project as one program: which name means what where, who calls a function, where a setting is written. */
import { type CallSite, callsOf } from '../code/calls.ts';
import type { Assign, FileFacts, ImportFact } from '../code/facts.ts';
import type { Resolver, SourceTree } from '../code/resolve.ts';
import type { Source } from './symbol.ts';

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
  const namesOf = (file: string): Map<string, readonly Located[]> => {
    let index = names.get(file);
    if (index === undefined) {
      index = indexNames(facts(file));
      names.set(file, index);
    }
    return index;
  };
  let models: ReadonlySet<string> | undefined;
  const used = new Map<string, boolean>();
  let calls: Map<string, (CallSite & { file: string })[]> | undefined;
  let assigns: Map<string, { file: string; assign: Assign }[]> | undefined;
  const program: Program = {
    tree: input.tree,
    facts,
    has: (file) => input.tree.facts.has(file),
    resolverOf: (file) => input.resolverOf(facts(file)),
    leadingTo: input.leadingTo,
    source: (file, line) => ({ path: file, line, text: input.lineOf(file, line) }),
    lookUp(file, scope, name, before) {
      const { scopes } = facts(file);
      const index = namesOf(file);
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
      if (calls === undefined) {
        calls = new Map();
        for (const file of input.files) {
          for (const site of callsOf(input.structureOf(file))) {
            const list = calls.get(site.name);
            const placed = Object.assign(site, { file });
            if (list === undefined) calls.set(site.name, [placed]);
            else list.push(placed);
          }
        }
      }
      return calls.get(name) ?? [];
    },
    assignsTo(key) {
      if (assigns === undefined) {
        assigns = new Map();
        for (const file of input.files) {
          for (const assign of input.structureOf(file).assigns) {
            const last = /(?:^|\.|\[")([\w$-]+)(?:"\])?$/.exec(assign.to)?.[1];
            if (last === undefined) continue;
            const list = assigns.get(last);
            if (list === undefined) assigns.set(last, [{ file, assign }]);
            else list.push({ file, assign });
          }
        }
      }
      return assigns.get(key) ?? [];
    },
    modelNames() {
      models ??= namesOfModels(input);
      return models;
    },
    uses(module) {
      let known = used.get(module);
      if (known === undefined) {
        known = [...input.tree.facts.values()].some(({ imports }) =>
          imports.some((fact) => fact.module === module || fact.module?.startsWith(`${module}/`) === true),
        );
        used.set(module, known);
      }
      return known;
    },
  };
  return program;
}

const MODEL_BASE = /^(?:Base|Model|SQLModel|DeclarativeBase|\w*Base|\w*Model|\w*Mixin)$/;
const TABLE_MAKER = /^(?:sqliteTable|pgTable|mysqlTable|Table|define)$/;

function namesOfModels(input: ProgramInput): ReadonlySet<string> {
  const names = new Set<string>();
  for (const file of input.files) {
    const facts = input.structureOf(file);
    const named = new Set(facts.assigns.filter(({ to }) => to === '__tablename__').map(({ scope }) => scope));
    facts.scopes.forEach((scope, number) => {
      if (scope.kind !== 'class' || scope.name === '') return;
      const derived = scope.bases?.some(
        (base) => (base.k === 'member' || base.k === 'name') && MODEL_BASE.test(base.v),
      );
      const decorated = scope.decorators?.some(
        (one) => one.k === 'call' && one.fn.k === 'name' && one.fn.v === 'Entity',
      );
      if (named.has(number) || derived === true || decorated === true) names.add(scope.name);
    });
    for (const { to, value } of facts.assigns) {
      if (value.k === 'call' && (value.fn.k === 'name' || value.fn.k === 'member') && TABLE_MAKER.test(value.fn.v))
        names.add(to);
    }
  }
  return names;
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
