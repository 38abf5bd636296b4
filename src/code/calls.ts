/** Every call of a file, wherever it stands in an expression. Iterative: what is nested as deep as the input likes stays off the stack. */
import type { Expr, FileFacts } from './facts.ts';

export type Call = Expr & { readonly k: 'call' };

export interface CallSite {
  readonly call: Call;
  readonly scope: number;
  /** Last part of what is called: `connect` of `sqlite3.connect()`; '' where that has no name. */
  readonly name: string;
  readonly maybe: boolean;
  /** The name its result gets, where it is assigned or taken by `with`. */
  readonly to?: string;
}

const cache = new WeakMap<FileFacts, readonly CallSite[]>();

export function callsOf(facts: FileFacts): readonly CallSite[] {
  let found = cache.get(facts);
  if (found === undefined) {
    found = collect(facts);
    cache.set(facts, found);
  }
  return found;
}

function collect(facts: FileFacts): readonly CallSite[] {
  const sites: CallSite[] = [];
  const look = (root: Expr | undefined, scope: number, maybe: boolean, to?: string): void => {
    if (root === undefined) return;
    const queue: Expr[] = [root];
    for (let expr = queue.pop(); expr !== undefined; expr = queue.pop()) {
      if (expr.k === 'call') {
        const site = { call: expr, scope, name: lastName(expr.fn), maybe };
        sites.push(expr === root && to !== undefined ? { ...site, to } : site);
      }
      pushChildren(expr, queue);
    }
  };
  facts.scopes.forEach((scope, number) => {
    for (const param of scope.params ?? []) look(param.default, number, true);
    for (const value of scope.returns ?? []) look(value, number, true);
    for (const value of scope.decorators ?? []) look(value, Math.max(0, scope.parent), false);
    for (const value of scope.bases ?? []) look(value, Math.max(0, scope.parent), false);
  });
  for (const { value, scope, maybe, to } of facts.assigns) look(value, scope, maybe ?? false, to);
  for (const { value, scope, maybe, as } of facts.statements) look(value, scope, maybe ?? false, as);
  return sites.sort((x, y) => x.call.at[0] - y.call.at[0]);
}

/** The expressions that `expr` is made of. */
export function pushChildren(expr: Expr, queue: Expr[]): void {
  switch (expr.k) {
    case 'member':
      queue.push(expr.of);
      return;
    case 'index':
      queue.push(expr.of, expr.key);
      return;
    case 'call':
      queue.push(expr.fn);
      for (const arg of expr.args) queue.push(arg);
      if (expr.named !== undefined) for (const name in expr.named) queue.push(expr.named[name] as Expr);
      return;
    case 'concat':
      for (const part of expr.parts) queue.push(part);
      return;
    case 'op':
      queue.push(expr.a);
      if (expr.b !== undefined) queue.push(expr.b);
      return;
    case 'if':
      queue.push(expr.test, expr.then, expr.else);
      return;
    case 'list':
      for (const item of expr.items) queue.push(item);
      return;
    case 'map':
      for (const [key, value] of expr.entries) queue.push(key, value);
  }
}

export function lastName(expr: Expr): string {
  return expr.k === 'name' || expr.k === 'member' ? expr.v : '';
}
