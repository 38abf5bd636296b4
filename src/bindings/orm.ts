/** Tables that code reaches through an ORM or query builder instead of SQL: Prisma, Drizzle, Knex, SQLAlchemy. */
import type { CallSite } from '../code/calls.ts';
import type { Expr } from '../code/facts.ts';
import type { Evaluator, Standing } from './evaluate.ts';
import type { TableUse } from './model.ts';
import { type ConnectionUse, connectionsIn, openingKey, type Value } from './value.ts';

const READS =
  /^(?:find\w*|get\w*|count|aggregate|groupBy|select|first|pluck|all|query|scalars?|fetch\w*|exists|filter|filter_by|query\.\w+)$/;
const WRITES =
  /^(?:create\w*|update\w*|upsert|delete\w*|insert\w*|save\w*|add|add_all|merge|bulk_\w+|del|increment|decrement|remove|destroy|truncate)$/;

const accessOf = (method: string): TableUse['access'] | undefined =>
  WRITES.test(method) ? 'write' : READS.test(method) ? 'read' : undefined;

export function ormUses(evaluator: Evaluator, file: string, site: CallSite, at: Standing): ConnectionUse | undefined {
  const { call, name } = site;
  if (call.fn.k !== 'member') return undefined;
  const access = accessOf(name);
  if (access === undefined) return undefined;
  const use = (table: string): TableUse => ({ table, access, path: file, line: call.at[2] });
  const receiver = call.fn.of;

  // prisma.user.findMany(): the model is a member of the client.
  if (receiver.k === 'member' && evaluator.program.uses('@prisma/client')) {
    const client = connectionsIn(evaluator.evaluate(receiver.of, at));
    const prisma = client.filter(({ rule }) => rule.includes('prisma') || rule.includes('Prisma'));
    if (prisma.length > 0) {
      return { openings: prisma.map(openingKey), uses: [use(modelTable(evaluator, receiver.v))], followed: true };
    }
  }
  // knex('users').insert(): the table is the argument of the call before.
  const start = evaluator.program.uses('knex') ? firstCall(receiver) : undefined;
  if (start !== undefined) {
    const table = start.args[0];
    if (table?.k === 'text') {
      const found = connectionsIn(evaluator.evaluate(start.fn, at));
      if (found.length > 0)
        return {
          openings: found.map(openingKey),
          uses: [use(table.v.split(/\s+as\s+/i)[0] ?? table.v)],
          followed: true,
        };
    }
  }
  // db.insert(users), session.query(User), session.add(User(...)), db.select().from(users): a declared table is the argument.
  const models = evaluator.program.modelNames();
  for (const arg of call.args) {
    if (!names(arg, models)) continue;
    const table = declaredTable(evaluator, arg, at);
    if (table === undefined) continue;
    const found = connectionsIn(evaluator.evaluate(receiver, at));
    return { openings: found.map(openingKey), uses: [use(table)], followed: found.length > 0 };
  }
  // User.query.filter_by(): the class itself.
  const owner = ownerClass(receiver);
  const table = owner === undefined || !names(owner, models) ? undefined : declaredTable(evaluator, owner, at);
  return table === undefined ? undefined : { openings: [], uses: [use(table)], followed: false };
}

/** Whether an expression is, or makes, something named like a declared table. */
function names(expr: Expr, models: ReadonlySet<string>): boolean {
  const inner = expr.k === 'call' ? expr.fn : expr;
  return (inner.k === 'name' || inner.k === 'member') && models.has(inner.v);
}

function firstCall(expr: Expr): (Expr & { k: 'call' }) | undefined {
  let at = expr;
  for (let depth = 0; depth < 40; depth++) {
    if (at.k === 'call') {
      if (at.fn.k === 'name') return at;
      if (at.fn.k !== 'member') return undefined;
      if (/^(?:from|into|table)$/.test(at.fn.v) && at.args[0]?.k === 'text') return at;
      at = at.fn.of;
    } else if (at.k === 'member') at = at.of;
    else return undefined;
  }
  return undefined;
}

function ownerClass(expr: Expr): Expr | undefined {
  let at = expr;
  for (let depth = 0; depth < 40; depth++) {
    if (at.k === 'name') return at;
    if (at.k === 'call') at = at.fn;
    else if (at.k === 'member') {
      if ((at.v === 'query' || at.v === 'objects') && at.of.k === 'name') return at.of;
      at = at.of;
    } else return undefined;
  }
  return undefined;
}

/** Prisma's client spells `model UserProfile` as `userProfile`; which table that is, `@@map` may say. */
function modelTable(evaluator: Evaluator, model: string): string {
  const { program } = evaluator;
  for (const [path, { language, tables }] of program.tree.facts) {
    if (language !== 'prisma') continue;
    for (const { table, at } of tables) {
      const written = /^(?:model|view)\s+(\w+)/.exec(program.source(path, at[2]).text)?.[1] ?? table;
      if (written.toLowerCase() === model.toLowerCase()) return table;
    }
  }
  return model;
}

/** The table that a class or a constant declares. */
export function declaredTable(evaluator: Evaluator, expr: Expr, at: Standing): string | undefined {
  const inner = expr.k === 'call' && (expr.fn.k === 'name' || expr.fn.k === 'member') ? expr.fn : expr;
  if (inner.k !== 'name' && inner.k !== 'member') return undefined;
  const value = evaluator.evaluate(inner, at);
  return tableOfValue(evaluator, value);
}

function tableOfValue(evaluator: Evaluator, value: Value): string | undefined {
  if (value.v === 'class' || value.v === 'object') return tableOfClass(evaluator, value.file, value.scope);
  if (value.v === 'made' && /(?:^|\.)(?:sqliteTable|pgTable|mysqlTable|Table|define)$/.test(value.name)) {
    const [name] = value.call.args;
    return name?.k === 'text' ? name.v : undefined;
  }
  return undefined;
}

/** `__tablename__`, Flask-SQLAlchemy's and Django's default names, `@Entity('x')`. */
export function tableOfClass(evaluator: Evaluator, file: string, scope: number): string | undefined {
  const facts = evaluator.program.facts(file);
  const own = facts.scopes[scope];
  if (own === undefined) return undefined;
  const named = facts.assigns.find((assign) => assign.scope === scope && assign.to === '__tablename__')?.value;
  if (named?.k === 'text') return named.v;
  for (const decorator of own.decorators ?? []) {
    if (decorator.k === 'call' && decorator.fn.k === 'name' && decorator.fn.v === 'Entity') {
      const [name] = decorator.args;
      return name?.k === 'text' ? name.v : own.name;
    }
  }
  const bases = (own.bases ?? []).map((base) =>
    base.k === 'member' && base.of.k === 'name' ? `${base.of.v}.${base.v}` : base.k === 'name' ? base.v : '',
  );
  if (bases.includes('db.Model')) return own.name.replace(/(?<!^)([A-Z])/g, '_$1').toLowerCase();
  if (bases.includes('models.Model')) {
    const meta = facts.scopes.findIndex((one) => one.parent === scope && one.name === 'Meta');
    const table = facts.assigns.find((assign) => assign.scope === meta && assign.to === 'db_table')?.value;
    if (table?.k === 'text') return table.v;
    const app = file.split('/').at(file.includes('/models/') ? -3 : -2) ?? '';
    return `${app}_${own.name.toLowerCase()}`;
  }
  return undefined;
}
