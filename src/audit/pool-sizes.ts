/** How many connections a pool may open, as the code says; what a library does where the code says nothing. */
import { callsOf, lastName } from '../code/calls.ts';
import type { Expr, FileFacts } from '../code/facts.ts';

export interface PoolSize {
  readonly line: number;
  readonly most: number;
  /** `pool_size 5 + max_overflow 10 (SQLAlchemy's defaults)`. */
  readonly how: string;
  /** Each number stands in the code. */
  readonly written: boolean;
}

type Call = Expr & { readonly k: 'call' };
/** `number`: written; `undefined`: not given; `null`: given, and nobody can read it. */
type Given = number | undefined | null;
type NumberOf = (expr: Expr | undefined) => Given;

const DEFAULT = (name: string, most: number): string => `${most} (default of ${name})`;

/** Of the pools that are made on `lines`. `variable`: what the project sets a variable of the environment to. */
export function poolSizes(
  facts: FileFacts,
  lines: ReadonlySet<number>,
  variable: (name: string) => string | undefined,
): readonly PoolSize[] {
  const number: NumberOf = (expr) => numberOf(expr, facts, variable, 0);
  const found: PoolSize[] = [];
  for (const { call } of callsOf(facts)) {
    const line = call.at[2];
    if (!lines.has(line)) continue;
    const size = sizeOf(call, facts, number);
    if (size !== undefined) found.push({ line, ...size });
  }
  return found;
}

type Size = Omit<PoolSize, 'line'>;

function sizeOf(call: Call, facts: FileFacts, number: NumberOf): Size | undefined {
  const name = lastName(call.fn);
  const uses = (module: RegExp): boolean => facts.imports.some((one) => one.module !== null && module.test(one.module));
  switch (name) {
    case 'create_engine':
    case 'create_async_engine':
      return sqlalchemy(call, number);
    case 'Pool':
      return uses(/^(?:pg|@neondatabase\/serverless|pg-pool|@vercel\/postgres)$/)
        ? single(number(option(call.args[0], 'max')), 10, 'pg', 'max')
        : undefined;
    case 'create_pool':
      return uses(/^asyncpg/)
        ? single(number(call.named?.max_size), 10, 'asyncpg', 'max_size')
        : uses(/^(?:aiomysql|aiopg)/)
          ? single(number(call.named?.maxsize), 10, 'aiomysql', 'maxsize')
          : undefined;
    case 'ConnectionPool':
    case 'AsyncConnectionPool': {
      if (!uses(/^psycopg_pool/)) return undefined;
      const least = number(call.named?.min_size) ?? 4;
      return single(number(call.named?.max_size), least, 'psycopg_pool', 'max_size');
    }
    case 'SimpleConnectionPool':
    case 'ThreadedConnectionPool':
      return single(number(call.args[1] ?? call.named?.maxconn), undefined, 'psycopg2', 'maxconn');
    case 'createPool':
      return single(
        number(option(call.args[0], 'connectionLimit') ?? option(call.args[0], 'max')),
        10,
        'the driver',
        'connectionLimit',
      );
    case 'knex':
    case 'Knex':
      return single(number(option(option(call.args[0], 'pool'), 'max')), 10, 'knex', 'pool.max');
    case 'Sequelize':
      return single(number(option(option(call.args.at(-1), 'pool'), 'max')), 5, 'Sequelize', 'pool.max');
    case 'DataSource':
    case 'createConnection': {
      if (!uses(/^typeorm$/)) return undefined;
      const options = call.args[0];
      return single(
        number(
          option(options, 'poolSize') ??
            option(option(options, 'extra'), 'max') ??
            option(option(options, 'pool'), 'max'),
        ),
        10,
        'TypeORM',
        'poolSize',
      );
    }
    default:
      // `postgres(url, { max })`: the function has the name that the importer gave it.
      if (
        call.fn.k !== 'name' ||
        !facts.imports.some(
          ({ module, names, as }) => module === 'postgres' && (as === name || names.some((one) => one.as === name)),
        )
      )
        return undefined;
      return single(number(option(call.args.at(-1), 'max')), 10, 'postgres', 'max');
  }
}

function single(given: Given, otherwise: number | undefined, library: string, option: string): Size | undefined {
  if (given === null) return undefined;
  if (given !== undefined) return { most: given, how: `${option} ${given}`, written: true };
  return otherwise === undefined ? undefined : { most: otherwise, how: DEFAULT(library, otherwise), written: false };
}

function sqlalchemy(call: Call, number: NumberOf): Size | undefined {
  const named = call.named ?? {};
  // NullPool keeps none, StaticPool one; `**kwargs` may say anything.
  if (named.poolclass !== undefined || call.args.some((arg) => arg.k === 'unknown')) return undefined;
  const size = number(named.pool_size);
  const overflow = number(named.max_overflow);
  if (size === null || overflow === null || size === 0 || overflow === -1) return undefined;
  const written = size !== undefined && overflow !== undefined;
  const how = `pool_size ${size ?? 5} + max_overflow ${overflow ?? 10}`;
  const note = written
    ? ''
    : size === undefined && overflow === undefined
      ? ' (defaults of SQLAlchemy)'
      : ' (one of them by default)';
  return { most: (size ?? 5) + (overflow ?? 10), how: how + note, written };
}

function option(expr: Expr | undefined, key: string): Expr | undefined {
  if (expr?.k !== 'map') return undefined;
  return expr.entries.find(([name]) => (name.k === 'text' || name.k === 'name') && name.v === key)?.[1];
}

function numberOf(
  expr: Expr | undefined,
  facts: FileFacts,
  variable: (name: string) => string | undefined,
  depth: number,
): Given {
  if (expr === undefined) return undefined;
  if (depth > 8) return null;
  const again = (one: Expr | undefined): Given => numberOf(one, facts, variable, depth + 1);
  switch (expr.k) {
    case 'number':
      return Number.isInteger(expr.v) ? expr.v : null;
    case 'text':
      return /^\d{1,6}$/.test(expr.v) ? Number(expr.v) : null;
    case 'name': {
      const given = facts.assigns.filter(({ to, scope }) => to === expr.v && scope === 0);
      return given.length === 1 ? (again(given[0]?.value) ?? null) : null;
    }
    case 'op': {
      if (!/^(?:\?\?|\|\||or)$/.test(expr.op)) return null;
      const first = again(expr.a);
      return first === undefined ? (again(expr.b) ?? null) : first;
    }
    case 'member':
    case 'index': {
      const name = expr.k === 'member' ? expr.v : expr.key.k === 'text' ? expr.key.v : '';
      const of = lastName(expr.of);
      return /^(?:env|environ)$/.test(of) ? fromText(variable(name)) : null;
    }
    case 'call': {
      const name = lastName(expr.fn);
      if (/^(?:int|Number|parseInt)$/.test(name)) return again(expr.args[0]);
      const [first, otherwise] = expr.args;
      if (/^(?:getenv|get)$/.test(name) && first?.k === 'text')
        return fromText(variable(first.v)) ?? again(otherwise) ?? null;
      return null;
    }
    default:
      return null;
  }
}

/** A variable that nothing sets is not given. */
function fromText(text: string | undefined): Given {
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}
