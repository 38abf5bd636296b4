/**
 * Declarations of one table that reach one store, or will after its twins are merged, and do not agree (trap C11).
 * What migrations and ALTERs bring about later is no disagreement. Draws no conclusion on who is right.
 */

import { purposeOf } from '../bindings/purpose.ts';
import { callsOf, pushChildren } from '../code/calls.ts';
import type { DdlColumn, Expr, FileFacts, SqlUse } from '../code/facts.ts';
import { compareDeclarations } from '../code/sql/clash.ts';
import { lazily } from '../lazily.ts';
import type { Store, Table } from '../stores/model.ts';
import type { Declaration } from './code-model.ts';
import { groupBy } from './group-by.ts';
import type { Facts } from './model.ts';
import { isAside } from './set-aside.ts';

export interface Difference {
  readonly column: string;
  readonly kind: 'missing' | 'required' | 'type';
  /** Without names of places: `lacks email`. */
  readonly text: string;
}

export interface Clash {
  readonly table: string;
  readonly declarations: readonly Declaration[];
  /** Stores that they reach; empty where that could not be told. */
  readonly stores: readonly string[];
  /** Only a merge brings them together. */
  readonly afterMerge: boolean;
  /** Per pair of different shapes. */
  readonly between: readonly {
    readonly a: Declaration;
    readonly b: Declaration;
    readonly differences: readonly Difference[];
  }[];
  /** Declarations that a store's own table does not follow. */
  readonly against: readonly {
    readonly a: Declaration;
    readonly store: Store;
    readonly differences: readonly Difference[];
  }[];
}

export function tableClashes(facts: Facts): readonly Clash[] {
  const { code } = facts;
  const changed = evolving(facts);
  const own = code.declarations.filter((one) => isMeant(one, facts));
  return [...groupBy(own, ({ table }) => table.toLowerCase()).values()].flatMap((declarations) => {
    const name = declarations[0]?.table ?? '';
    const tolerated = changed(name);
    return reaching(declarations, name, facts).flatMap(({ members, stores, afterMerge }): readonly Clash[] => {
      const shapes = [...groupBy(members, shapeOf).values()].map(([first]) => first as Declaration);
      const between = shapes.slice(0, 12).flatMap((a, i) =>
        shapes.slice(i + 1, 12).flatMap((b) => {
          if (a.path === b.path && a.by === b.by && !shareStatement(a, b)) return [];
          const differences = compare(a, b, tolerated, facts);
          return differences.length === 0 ? [] : [{ a, b, differences }];
        }),
      );
      const against = members.flatMap((a) =>
        a.stores.flatMap((id) => {
          const store = facts.stores.find((one) => one.id === id);
          const table = store === undefined || !isLive(store) ? undefined : tableIn(store, name);
          if (store === undefined || table === undefined) return [];
          const differences = compareWithStore(a, table, tolerated, facts);
          return differences.length === 0 ? [] : [{ a, store, differences }];
        }),
      );
      if (between.length + against.length === 0) return [];
      const involved = new Set([...between.flatMap(({ a, b }) => [a, b]), ...against.map(({ a }) => a)].map(shapeOf));
      return [
        {
          table: name,
          declarations: members.filter((one) => involved.has(shapeOf(one))),
          stores,
          afterMerge,
          between,
          against,
        },
      ];
    });
  });
}

const isLive = (store: Store): boolean =>
  store.role === 'live' && store.status === 'verified' && store.kind === 'sqlite' && store.foreign === undefined;
const tableIn = ({ tables }: Store, name: string): Table | undefined =>
  tables.find((table) => table.kind === 'table' && table.name.toLowerCase() === name.toLowerCase());

/** Two branches of one file (SQLite or PostgreSQL) declare a table twice on purpose, unless the names differ as well. */
const shareStatement = (a: Declaration, b: Declaration): boolean =>
  a.columns.some(({ name }) => !b.columns.some((other) => same(name, other.name)));

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

const shapeOf = ({ columns, by }: Declaration): string =>
  JSON.stringify([
    by.startsWith('class '),
    columns.map(({ name, type, notNull }) => `${name.toLowerCase()} ${kindOf(type)} ${notNull === true}`).sort(),
  ]);

interface Reach {
  readonly members: readonly Declaration[];
  readonly stores: readonly string[];
  readonly afterMerge: boolean;
}

/** Declarations of one name, divided by the body of data that they reach. */
function reaching(declarations: readonly Declaration[], name: string, facts: Facts): readonly Reach[] {
  const lower = name.toLowerCase();
  const parent = new Map<string, string>();
  const root = (id: string): string => {
    let at = id;
    for (let up = parent.get(at); up !== undefined; up = parent.get(at)) at = up;
    return at;
  };
  const join = (a: string, b: string): void => {
    if (root(a) !== root(b)) parent.set(root(a), root(b));
  };
  for (const { stores } of declarations) for (const id of stores.slice(1)) join(stores[0] ?? id, id);
  for (const relation of facts.relations) {
    const twins = relation.tables.some(
      ({ a, b, relation: kind }) => kind !== 'unrelated' && same(a.table, lower) && same(b.table, lower),
    );
    if (twins || relation.byteEqual) join(relation.a, relation.b);
  }
  const known = groupBy(
    declarations.filter(({ stores }) => stores.length > 0),
    ({ stores }) => root(stores[0] ?? ''),
  );
  const reaches: Reach[] = [...known.values()].map((members) => {
    const stores = [...new Set(members.flatMap((one) => one.stores))].sort();
    const single = stores.some((id) => members.every((one) => one.stores.includes(id)));
    return { members, stores, afterMerge: stores.length > 1 && !single };
  });
  const loose = declarations.filter(({ stores }) => stores.length === 0);
  if (loose.length === 0) return reaches;
  // Nothing says which store it reaches: only where there is one body of data with such a table, it can be no other.
  const bodies = new Set(
    facts.stores.filter((store) => isLive(store) && tableIn(store, lower) !== undefined).map(({ id }) => root(id)),
  );
  for (const id of known.keys()) bodies.add(id);
  if (bodies.size > 1) return reaches;
  const near = loose.filter((one) => declarations.some((other) => other !== one && alike(one, other)));
  if (near.length === 0) return reaches;
  const [first] = reaches;
  if (first === undefined) return [{ members: near, stores: [], afterMerge: false }];
  return [{ ...first, members: [...first.members, ...near] }];
}

/** At least half of the columns of the smaller one are in the other. */
function alike(a: Declaration, b: Declaration): boolean {
  const shared = a.columns.filter(({ name }) => b.columns.some((other) => same(name, other.name))).length;
  return shared >= 2 && shared * 2 >= Math.min(a.columns.length, b.columns.length);
}

function compare(a: Declaration, b: Declaration, tolerated: Evolved, facts: Facts): readonly Difference[] {
  const found: Difference[] = [];
  const lacking = (of: Declaration, other: Declaration): void => {
    if (isPartial(of, facts)) return;
    for (const column of other.columns) {
      if (of.columns.some(({ name }) => same(name, column.name)) || tolerated(column.name)) continue;
      // An ORM gives a class its key without being told.
      if (of.by.startsWith('class ') && column.name.toLowerCase() === 'id') continue;
      const required = column.notNull === true && column.default === undefined && column.primaryKey !== true;
      const text = `${of.path}:${of.line} lacks ${column.name}${required ? ', which is required at' : ' of'} ${other.path}:${other.line}`;
      found.push({ column: column.name, kind: required ? 'required' : 'missing', text });
    }
  };
  lacking(a, b);
  lacking(b, a);
  if (a.path === b.path) return found;
  for (const { what, column, words, isClash } of compareDeclarations(a.columns, b.columns).differences) {
    const bothTyped = [a, b].every(({ columns }) => columns.find(({ name }) => same(name, column))?.type !== '');
    const statements = a.by === 'CREATE TABLE' && b.by === 'CREATE TABLE';
    if (!isClash || !((what === 'type' && bothTyped) || (what === 'not null' && statements))) continue;
    const text = words
      .replace('in the first', `at ${a.path}:${a.line}`)
      .replace('in the second', `at ${b.path}:${b.line}`);
    found.push({ column, kind: 'type', text });
  }
  return found;
}

function compareWithStore(
  a: Declaration,
  table: Table,
  tolerated: Evolved,
  facts: Pick<Facts, 'code'>,
): readonly Difference[] {
  const found: Difference[] = [];
  for (const { name } of a.columns) {
    if (tolerated(name) || table.columns.some((column) => same(column.name, name))) continue;
    found.push({ column: name, kind: 'missing', text: `the store’s table lacks ${name} of ${a.path}:${a.line}` });
  }
  if (isPartial(a, facts)) return found;
  for (const { name, notNull, hasDefault, generated } of table.columns) {
    if (!notNull || hasDefault || generated || table.primaryKey.some((key) => same(key, name))) continue;
    if (tolerated(name) || a.columns.some((column) => same(column.name, name))) continue;
    found.push({
      column: name,
      kind: 'required',
      text: `${a.path}:${a.line} lacks ${name}, which the store’s table requires`,
    });
  }
  return found;
}

/** Compares declarations with a table that is not there yet: one that stores are merged into. None of migrations, and none that lies aside. */
export function declaredAgainst(facts: Pick<Facts, 'code'>): (one: Declaration, table: Table) => readonly Difference[] {
  const changed = lazily(() => evolving(facts));
  return (one, table) => (isMeant(one, facts) ? compareWithStore(one, table, changed()(table.name), facts) : []);
}

/** Says how a table is to be: of no migration, and none that lies aside. */
export function isMeant({ path, columns }: Declaration, { code }: Pick<Facts, 'code'>): boolean {
  return columns.length > 0 && purposeOf(path) !== 'migration' && !isAside(path, code.files.get(path));
}

/** Columns of a declaration that the table has no need to have, and whether it may have more than are named. */
export function looseness(facts: Pick<Facts, 'code'>): {
  comesAndGoes(table: string, column: string): boolean;
  isPartial(one: Declaration): boolean;
} {
  const changed = lazily(() => evolving(facts));
  return {
    comesAndGoes: (table, column) => changed()(table)(column),
    isPartial: (one) => isPartial(one, facts),
  };
}

/** Numbers, text and the rest, as SQLite's affinity has it; what is commonly exchanged counts as one. */
function kindOf(type: string): string {
  if (type === '' || /BOOL|DATE|TIME|JSON|UUID|ENUM|NUMERIC|DECIMAL|ANY/i.test(type)) return '';
  if (/INT|SERIAL/i.test(type)) return 'integer';
  if (/CHAR|TEXT|CLOB|STRING/i.test(type)) return 'text';
  if (/REAL|FLOA|DOUB/i.test(type)) return 'real';
  return /BLOB|BYTEA|BINARY/i.test(type) ? 'blob' : '';
}

const PLAIN_BASE = /^(?:Base|DeclarativeBase|Model|BaseModel|DbBase|OrmBase)$/;

/** A class whose columns may come from elsewhere: it lacks nothing that could be named. */
function isPartial({ by, path, line }: Declaration, { code }: Pick<Facts, 'code'>): boolean {
  if (by === 'CREATE TABLE') return false;
  if (!by.startsWith('class ')) return /^(?:sqliteTable|pgTable|mysqlTable)$/.test(by);
  const scope = code.structureOf(path).scopes.find((one) => one.kind === 'class' && one.at[2] === line);
  if (scope === undefined) return true;
  const plain = (scope.bases ?? []).every(
    (base) => (base.k === 'name' || base.k === 'member') && PLAIN_BASE.test(base.v),
  );
  if (!plain) return true;
  for (let at = scope.at[2] + 1; at <= Math.min(scope.lastLine, scope.at[2] + 400); at++) {
    if (/^\w+\s*:\s*[^=]*$/.test(code.lineOf(path, at))) return true;
  }
  return false;
}

/** Whether a column of the table comes or goes by an ALTER. */
type Evolved = (column: string) => boolean;

/** Columns that ALTERs and migrations add, drop or rename, by table: in lower case. */
function evolving({ code }: Pick<Facts, 'code'>): (table: string) => Evolved {
  const found = new Map<string, Set<string>>();
  const add = (table: string, columns: readonly string[]): void => {
    const key = table.toLowerCase();
    const known = found.get(key) ?? new Set<string>();
    for (const column of columns) known.add(column.toLowerCase());
    found.set(key, known);
  };
  for (const [path, facts] of code.files) {
    for (const [table, columns] of code.answer(path, 'columns that come and go', () => alteredIn(facts)))
      add(table, columns);
  }
  // `ALTER TABLE {table} ADD COLUMN email`: any table may be meant.
  const anywhere = found.get('?') ?? new Set<string>();
  return (table) => {
    const own = found.get(table.toLowerCase());
    return (column) =>
      own?.has('?') === true || own?.has(column.toLowerCase()) === true || anywhere.has(column.toLowerCase());
  };
}

function alteredIn(facts: FileFacts): readonly (readonly [table: string, columns: readonly string[]])[] {
  const found: (readonly [string, readonly string[]])[] = [];
  const take = ({ verb, table, columns = [], drops = [], renames = [], modifies = [] }: SqlUse): void => {
    if (verb === 'alter table')
      found.push([table, [...names(columns), ...drops, ...renames.flat(), ...names(modifies)]]);
  };
  facts.sql.forEach(take);
  if (facts.read !== 'structure' && facts.read !== 'tokens') return found;
  for (const expr of sqlOf(facts)) expr.uses.forEach(take);
  // op.add_column("users", sa.Column("email")); knex: table.string("email") inside migrations.
  for (const { call, name } of callsOf(facts)) {
    if (!/^(?:add_column|drop_column|alter_column|addColumn|dropColumn|renameColumn|AddField|RemoveField)$/.test(name))
      continue;
    const [table, column] = call.args;
    const inner = column?.k === 'call' ? column.args[0] : (column ?? call.named?.name);
    if (table?.k === 'text' && inner?.k === 'text') found.push([table.v, [inner.v]]);
  }
  return found;
}

const names = (columns: readonly DdlColumn[]): readonly string[] => columns.map(({ name }) => name);

function sqlOf(facts: FileFacts): readonly (Expr & { readonly k: 'sql' })[] {
  const found: (Expr & { k: 'sql' })[] = [];
  const queue: Expr[] = [...facts.assigns, ...facts.statements].map(({ value }) => value);
  for (const { returns = [] } of facts.scopes) queue.push(...returns);
  for (let expr = queue.pop(); expr !== undefined; expr = queue.pop()) {
    if (expr.k === 'sql') found.push(expr);
    else pushChildren(expr, queue);
  }
  return found;
}
