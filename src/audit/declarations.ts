/** Tables that code declares: CREATE TABLE in SQL and in strings, ORM classes, Prisma models, Drizzle tables (trap C11). */
import type { Evaluator } from '../bindings/evaluate.ts';
import type { Binding } from '../bindings/model.ts';
import { tableOfClass } from '../bindings/orm.ts';
import { callsOf, pushChildren } from '../code/calls.ts';
import type { DdlColumn, Expr, FileFacts, SqlUse } from '../code/facts.ts';
import type { Declaration } from './code-model.ts';

/** A declaration before it is known which store it is for. */
export interface LocalDeclaration extends Omit<Declaration, 'stores'> {
  /** Line of the call that runs it, where that is another. */
  readonly callLine: number;
}

/** Adds the stores whose connections run each. */
export function placeDeclarations(
  found: readonly LocalDeclaration[],
  bindings: readonly Binding[],
): readonly Declaration[] {
  const stores = new Map<string, Set<string>>();
  for (const { tables, store } of bindings) {
    if (store === null) continue;
    for (const { path, line, table } of tables) {
      const key = `${path}:${line}:${table.toLowerCase()}`;
      stores.set(key, (stores.get(key) ?? new Set()).add(store));
    }
  }
  return found.map(({ callLine, ...declaration }) => {
    const at = (line: number) => stores.get(`${declaration.path}:${line}:${declaration.table.toLowerCase()}`);
    return { ...declaration, stores: [...(at(callLine) ?? at(declaration.line) ?? [])].sort() };
  });
}

/** Of one file. */
export function declarationsOf(evaluator: Evaluator, path: string, facts: FileFacts): readonly LocalDeclaration[] {
  const found: LocalDeclaration[] = [];
  const add = (table: string, line: number, columns: readonly DdlColumn[], by: string): void => {
    if (table !== '?') found.push({ table, path, line, columns, by, callLine: line });
  };
  const create = ({ table, line, columns = [], body }: SqlUse, callLine: number): void => {
    const said = body === undefined ? {} : { body };
    if (table !== '?') found.push({ table, path, line, columns, ...said, by: 'CREATE TABLE', callLine });
  };
  for (const use of facts.sql) if (isCreate(use)) create(use, use.line);
  for (const { table, at, columns, by } of facts.tables) add(table, at[2], columns, by);
  if (facts.read !== 'structure' && facts.read !== 'tokens') return found;
  for (const { use, line } of sqlIn(facts)) {
    if (isCreate(use)) create(use, line);
  }
  facts.scopes.forEach((scope, number) => {
    if (scope.kind !== 'class') return;
    const table = tableOfClass(evaluator, path, number);
    if (table !== undefined) add(table, scope.at[2], classColumns(facts, number), `class ${scope.name}`);
  });
  for (const { call, name } of callsOf(facts)) {
    const [table] = call.args;
    if (!/^(?:sqliteTable|pgTable|mysqlTable)$/.test(name) || table?.k !== 'text') continue;
    const columns =
      call.args[1]?.k === 'map' ? call.args[1].entries.map(([key, value]) => drizzleColumn(key, value)) : [];
    add(table.v, call.at[2], columns, name);
  }
  return found;
}

/** A CREATE TABLE without columns (`AS SELECT`) declares nothing that could be compared. */
const isCreate = (use: SqlUse): boolean => use.verb === 'create table' && (use.columns?.length ?? 0) > 0;

function sqlIn(facts: FileFacts): readonly { readonly use: SqlUse; readonly line: number }[] {
  const found: { use: SqlUse; line: number }[] = [];
  const look = (root: Expr, line: number): void => {
    const queue: Expr[] = [root];
    for (let expr = queue.pop(); expr !== undefined; expr = queue.pop()) {
      if (expr.k === 'sql') for (const use of expr.uses) found.push({ use, line });
      else pushChildren(expr, queue);
    }
  };
  for (const { value, at } of facts.assigns) look(value, at[2]);
  for (const { value, at } of facts.statements) look(value, at[2]);
  for (const scope of facts.scopes) for (const value of scope.returns ?? []) look(value, scope.at[2]);
  return found;
}

const TYPES: Readonly<Record<string, string>> = {
  Integer: 'INTEGER',
  BigInteger: 'INTEGER',
  SmallInteger: 'INTEGER',
  String: 'VARCHAR',
  Text: 'TEXT',
  Unicode: 'VARCHAR',
  Boolean: 'BOOLEAN',
  Float: 'REAL',
  Numeric: 'NUMERIC',
  DateTime: 'DATETIME',
  Date: 'DATE',
  JSON: 'TEXT',
  LargeBinary: 'BLOB',
  AutoField: 'INTEGER',
  BigAutoField: 'INTEGER',
  IntegerField: 'INTEGER',
  CharField: 'VARCHAR',
  TextField: 'TEXT',
  EmailField: 'VARCHAR',
  BooleanField: 'BOOLEAN',
  FloatField: 'REAL',
  DecimalField: 'DECIMAL',
  DateTimeField: 'DATETIME',
  DateField: 'DATE',
  ForeignKey: 'INTEGER',
  OneToOneField: 'INTEGER',
};

/** `id = Column(Integer, primary_key=True)`, `name: Mapped[str] = mapped_column()`, `models.CharField(unique=True)`. */
function classColumns(facts: FileFacts, scope: number): readonly DdlColumn[] {
  return facts.assigns.flatMap(({ scope: own, to, value }) => {
    if (own !== scope || value.k !== 'call' || !/^\w+$/.test(to)) return [];
    const kind = value.fn.k === 'name' || value.fn.k === 'member' ? value.fn.v : '';
    const isColumn = /^(?:Column|mapped_column)$/.test(kind);
    if (!isColumn && !/(?:Field|ForeignKey)$/.test(kind)) return [];
    const types = isColumn ? value.args.map(nameOf) : [kind];
    const type = types.map((name) => TYPES[name]).find((one) => one !== undefined) ?? '';
    const explicit = isColumn && value.args[0]?.k === 'text' ? value.args[0].v : to;
    const isTrue = (name: string): boolean =>
      value.named?.[name]?.k === 'bool' && (value.named[name] as { v: boolean }).v;
    const isFalse = (name: string): boolean =>
      value.named?.[name]?.k === 'bool' && !(value.named[name] as { v: boolean }).v;
    const name = !isColumn && /ForeignKey$|OneToOneField$/.test(kind) ? `${to}_id` : explicit;
    return [
      {
        name,
        type,
        ...(isTrue('primary_key') ? { primaryKey: true as const } : {}),
        ...(isFalse('nullable') || (!isColumn && !isTrue('null')) ? { notNull: true as const } : {}),
        ...(isTrue('unique') ? { unique: true as const } : {}),
        ...(value.named?.default === undefined && value.named?.server_default === undefined ? {} : { default: '?' }),
      },
    ];
  });
}

const nameOf = (expr: Expr): string =>
  expr.k === 'name' || expr.k === 'member' ? expr.v : expr.k === 'call' ? nameOf(expr.fn) : '';

/** `integer('id').primaryKey().notNull()`. */
function drizzleColumn(key: Expr, value: Expr): DdlColumn {
  const methods: string[] = [];
  let at = value;
  while (at.k === 'call' && at.fn.k === 'member') {
    methods.push(at.fn.v);
    at = at.fn.of;
  }
  const kind = at.k === 'call' ? nameOf(at.fn) : '';
  const given =
    at.k === 'call' && at.args[0]?.k === 'text' ? at.args[0].v : key.k === 'text' || key.k === 'name' ? key.v : '';
  const type = /^(?:integer|serial|bigint|int|smallint)$/.test(kind)
    ? 'INTEGER'
    : kind === 'real'
      ? 'REAL'
      : kind.toUpperCase();
  return {
    name: given,
    type,
    ...(methods.includes('primaryKey') ? { primaryKey: true as const } : {}),
    ...(methods.includes('notNull') ? { notNull: true as const } : {}),
    ...(methods.includes('unique') ? { unique: true as const } : {}),
    ...(methods.some((method) => /^(?:default|\$default)/.test(method)) ? { default: '?' } : {}),
  };
}
