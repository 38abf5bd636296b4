/**
 * Which exports of a module give a connection: a pool that it made, a function that returns one, a class that hands one
 * out. Told by what the code does, not by names (trap C5). Looks at one file; what it imports is not followed.
 */
import { callsOf, lastName } from '../code/calls.ts';
import type { Expr, FileFacts } from '../code/facts.ts';

/** Methods of a connection that give a connection. */
const GIVES_ON =
  /^(?:connect|connection|getConnection|get_connection|raw_connection|acquire|promise|cursor|begin|session|getSession|db|\$extends|verbose|unsafe|asPromise|execution_options)$/;
/** What is made of a connection by handing it over. */
const WRAPS =
  /^(?:sessionmaker|scoped_session|async_sessionmaker|async_scoped_session|drizzle|promisify|Session|AsyncSession|Kysely|PrismaClient|Prisma\w+|\w*Dialect|\w*Adapter|asynccontextmanager|contextmanager|closing|wrap\w*|open|Object\.freeze|freeze)$/;
const DEPTH = 60;
const ROUNDS = 5;

/** `isOpening`: calls of this file that open a connection. Names as exported. */
export function givesConnection(
  facts: FileFacts,
  isOpening: (call: Expr & { readonly k: 'call' }) => boolean,
): readonly string[] {
  const openings = new Set<Expr>();
  for (const { call } of callsOf(facts)) if (isOpening(call)) openings.add(call);
  if (openings.size === 0) return [];
  /** Simple names by scope; `self.x` by the class around; other paths for the whole file. */
  const known = new Set<string>();
  const { scopes } = facts;

  const classAround = (scope: number): number => {
    let at = scope;
    for (let steps = 0; at > 0 && steps < DEPTH && scopes[at]?.kind !== 'class'; steps++) at = scopes[at]?.parent ?? -1;
    return at;
  };
  const key = (name: string, scope: number): string =>
    /^(?:self|this|cls)\./.test(name)
      ? `${classAround(scope)}:${name.replace(/^\w+\./, '.')}`
      : `${name.includes('.') ? -1 : scope}:${name}`;
  const isKnown = (name: string, scope: number): boolean => {
    if (name.includes('.')) return known.has(key(name, scope));
    for (let at = scope, steps = 0; at >= 0 && steps < DEPTH; steps++) {
      if (known.has(`${at}:${name}`)) return true;
      at = scopes[at]?.parent ?? -1;
    }
    return false;
  };
  const returnsOne = (scope: number): boolean => (scopes[scope]?.returns ?? []).some((value) => gives(value, scope, 0));

  function gives(expr: Expr | undefined, scope: number, depth: number): boolean {
    if (expr === undefined || depth > DEPTH) return false;
    const inner = (one: Expr | undefined): boolean => gives(one, scope, depth + 1);
    switch (expr.k) {
      case 'name':
        return isKnown(expr.v, scope);
      case 'member':
        return isKnown(pathOf(expr), scope) || (GIVES_ON.test(expr.v) && inner(expr.of));
      case 'call': {
        if (openings.has(expr)) return true;
        const { fn } = expr;
        if (fn.k === 'name' && inner(fn)) return true;
        if (fn.k === 'function') return returnsOne(fn.scope);
        if (fn.k === 'member' && (isKnown(pathOf(fn), scope) || (GIVES_ON.test(fn.v) && inner(fn.of)))) return true;
        if (!WRAPS.test(lastName(fn))) return false;
        return expr.args.some(inner) || Object.values(expr.named ?? {}).some(inner);
      }
      case 'op':
        // A test of a connection is no connection.
        return /^(?:\?\?|\|\||&&|or|and|await|=|as)$/.test(expr.op) && (inner(expr.a) || inner(expr.b));
      case 'if':
        return inner(expr.then) || inner(expr.else);
      case 'index':
        return inner(expr.of);
      case 'map':
        return expr.entries.some(([, value]) => inner(value));
      case 'list':
        return expr.items.some(inner);
      case 'function':
        return returnsOne(expr.scope);
      default:
        return false;
    }
  }

  for (let round = 0, size = -1; round < ROUNDS && size !== known.size; round++) {
    size = known.size;
    for (const { to, value, scope } of facts.assigns) {
      if (!gives(value, scope, 0)) continue;
      known.add(key(to, scope));
      // `global pool; pool = …`: the module's variable is meant.
      if (!to.includes('.') && facts.assigns.some((other) => other.scope === 0 && other.to === to))
        known.add(`0:${to}`);
    }
    for (const { as, value, scope } of facts.statements) {
      if (as !== undefined && gives(value, scope, 0)) known.add(key(as, scope));
    }
    scopes.forEach(({ kind, name, parent }, scope) => {
      if (kind !== 'function' || name === '' || !returnsOne(scope)) return;
      if (scopes[parent]?.kind !== 'class') known.add(`${parent}:${name}`);
      else {
        known.add(`${parent}:.${name}`);
        // What a class gives only to itself it does not give.
        if (!/^[_#]/.test(name) || name === '__enter__' || name === '__aenter__')
          known.add(`${scopes[parent].parent}:${scopes[parent].name}`);
      }
    });
  }
  return [
    ...new Set(
      facts.exports
        .filter(({ name, local, kind }) => kind !== 'type' && isExportKnown(local ?? name))
        .map(({ name }) => name),
    ),
  ];

  function isExportKnown(local: string): boolean {
    return known.has(key(local, 0)) || (local === 'default' && known.has('0:default'));
  }
}

/** `a.b.c` of members of a name; '' for anything else. */
function pathOf(expr: Expr): string {
  const parts: string[] = [];
  let at = expr;
  while (at.k === 'member' && parts.length < 6) {
    parts.unshift(at.v);
    at = at.of;
  }
  return at.k === 'name' ? [at.v, ...parts].join('.') : '';
}
