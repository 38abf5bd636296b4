/** `where QUERY`: which store a line opens, which lines open a store, who uses a table, who reads a variable. */

import type { Binding } from '../bindings/model.ts';
import { DesprawlError } from '../errors.ts';
import type { Store } from '../stores/model.ts';
import type { Code } from './code-model.ts';
import { type Mention, mentionsOf } from './mentions.ts';
import type { StoreRelation } from './model.ts';
import { type Unseen, unseenRows } from './unseen-rows.ts';

export interface WhereQuery {
  /** `path`, `path:line` or a store; relative to the project. */
  readonly what?: string;
  readonly table?: string;
  readonly env?: string;
}

export interface VariableUse {
  readonly path: string;
  readonly line: number;
  readonly kind: 'set' | 'read';
  /** Default in code, or the value that it is set to, without secrets. */
  readonly value: string | null;
  readonly where: string;
}

export interface Where {
  readonly version: 1;
  readonly kind: 'line' | 'file' | 'store' | 'table' | 'variable';
  readonly query: string;
  /** In the order of the files. */
  readonly bindings: readonly Binding[];
  /** Rows of twins that the bound stores do not have: what this code cannot see. */
  readonly unseen: readonly Unseen[];
  /** Stores of the same rows, for a store or table. */
  readonly stores: readonly {
    readonly store: string;
    readonly tables: readonly { readonly name: string; readonly rows: number | null }[];
  }[];
  readonly variables: readonly VariableUse[];
  /** Texts that name the store and open nothing. */
  readonly mentions: readonly Mention[];
}

export interface WhereFacts {
  readonly stores: readonly Store[];
  readonly relations: readonly StoreRelation[];
  readonly code: Code;
}

/** Throws `DSP-WHERE-UNKNOWN` where nothing of that name is in the project. */
export function where(facts: WhereFacts, query: WhereQuery): Where {
  if (query.env !== undefined) return ofVariable(facts, query.env);
  if (query.table !== undefined) return ofTable(facts, query.table);
  const what = (query.what ?? '').replace(/^\.\//, '');
  const store = facts.stores.find(({ id, path }) => id === what || path === what);
  if (store !== undefined) return ofStore(facts, store);
  const match = /^(.*?)(?::(\d+)(?::\d+)?)?$/s.exec(what);
  const path = match?.[1] ?? what;
  const line = match?.[2] === undefined ? undefined : Number(match[2]);
  const runtime = facts.code.bindings.filter(({ target }) => 'path' in target && target.path === what);
  if (runtime.length > 0) return withMentions(answer(facts, 'store', what, runtime), what, facts.code);
  if (!facts.code.files.has(path)) {
    const named = withMentions(answer(facts, 'store', what, []), what, facts.code);
    if (named.mentions.length > 0) return named;
    throw new DesprawlError('DSP-WHERE-UNKNOWN', `${what} is neither a store nor a source file of this project.`, {
      hint: 'Give a path as `desprawl audit` prints it, `path:line`, `--table NAME` or `--env NAME`.',
    });
  }
  const own = facts.code.bindings.filter((binding) => binding.path === path);
  if (line === undefined) {
    const used = facts.code.bindings.filter((binding) => binding.tables.some((use) => use.path === path));
    return answer(facts, 'file', path, [...new Set([...own, ...used])]);
  }
  const here = facts.code.bindings.filter(
    (binding) =>
      (binding.path === path && binding.line === line) ||
      binding.tables.some((use) => use.path === path && use.line === line) ||
      binding.evidence.some((one) => one.path === path && one.line === line),
  );
  return answer(facts, 'line', `${path}:${line}`, here);
}

function ofStore(facts: WhereFacts, store: Store): Where {
  const found = facts.code.bindings.filter(
    ({ store: bound, target }) => bound === store.id || (target.kind === 'family' && target.stores.includes(store.id)),
  );
  const answered = { ...answer(facts, 'store', store.id, found), stores: [tablesOf(store)] };
  return withMentions(answered, store.path, facts.code);
}

function withMentions(found: Where, path: string, code: Code): Where {
  const opening = new Set(found.bindings.flatMap((one) => [one, ...one.evidence].map((at) => `${at.path}:${at.line}`)));
  return { ...found, mentions: mentionsOf(path, code).filter((one) => !opening.has(`${one.path}:${one.line}`)) };
}

const tablesOf = (store: Store): Where['stores'][number] => ({
  store: store.id,
  tables: store.tables.filter(({ kind }) => kind === 'table').map(({ name, rows }) => ({ name, rows })),
});

function ofTable(facts: WhereFacts, table: string): Where {
  const same = (name: string): boolean => name.toLowerCase() === table.toLowerCase();
  const found = facts.code.bindings
    .filter(({ tables }) => tables.some((use) => same(use.table)))
    .map((binding) => ({ ...binding, tables: binding.tables.filter((use) => same(use.table)) }));
  const stores = facts.stores
    .map(tablesOf)
    .map((store) => ({ ...store, tables: store.tables.filter(({ name }) => same(name)) }))
    .filter(({ tables }) => tables.length > 0);
  if (found.length === 0 && stores.length === 0) {
    throw new DesprawlError('DSP-WHERE-UNKNOWN', `No store has a table ${table}, and no code that was read names one.`);
  }
  return { ...answer(facts, 'table', table, found), stores };
}

function ofVariable(facts: WhereFacts, name: string): Where {
  const found = facts.code.bindings.filter(({ changesIf }) =>
    changesIf.some((one) => one.startsWith(`${name} is set`)),
  );
  const variables = facts.code.variables.filter((use) => use.name === name);
  if (found.length === 0 && variables.length === 0) {
    throw new DesprawlError('DSP-WHERE-UNKNOWN', `Nothing in this project reads or sets ${name}.`);
  }
  return {
    ...answer(facts, 'variable', name, found),
    variables: variables.map(({ path, line, kind, value, where: place }) => ({
      path,
      line,
      kind,
      value,
      where: place,
    })),
  };
}

function answer(facts: WhereFacts, kind: Where['kind'], query: string, bindings: readonly Binding[]): Where {
  return {
    version: 1,
    kind,
    query,
    bindings,
    unseen: kind === 'variable' ? [] : unseenRows(facts.relations, bindings, facts.stores),
    stores: [],
    variables: [],
    mentions: [],
  };
}
