/** Where variables of the environment are set and read, with their defaults (trap C16). */

import type { Evaluator } from '../bindings/evaluate.ts';
import { redactSecrets, shorten } from '../bindings/redact.ts';
import type { Symbolic } from '../bindings/symbol.ts';
import { asSymbol } from '../bindings/value.ts';
import { pushChildren } from '../code/calls.ts';
import type { Expr, FileFacts } from '../code/facts.ts';
import type { VariableSite } from './code-model.ts';

/** A value whose variable says what it is. */
const SECRET = /PASS|SECRET|TOKEN|KEY|CREDENTIAL|PRIVATE|DSN|AUTH/i;

/** Of one file. */
export function variablesOf(evaluator: Evaluator, path: string, facts: FileFacts): readonly VariableSite[] {
  const found: VariableSite[] = facts.variables.map(({ name, value, at, by }) => ({
    name,
    path,
    line: at[2],
    kind: 'set',
    value: shown(name, value),
    where: by === '' ? path : by,
  }));
  const isCode = facts.language === 'python' || facts.language === 'typescript' || facts.language === 'php';
  if (isCode && (facts.read === 'structure' || facts.read === 'tokens')) found.push(...readsOf(evaluator, path, facts));
  const unique = new Map(found.map((site) => [`${site.name}\n${site.line}\n${site.kind}\n${site.value}`, site]));
  return [...unique.values()];
}

function shown(name: string, value: string | null): string | null {
  if (value === null) return null;
  return SECRET.test(name) && value !== '' ? '***' : shorten(redactSecrets(value), 60);
}

/** Each expression that reads a variable, with the default beside it. */
function readsOf(evaluator: Evaluator, path: string, facts: FileFacts): readonly VariableSite[] {
  const found = new Map<string, VariableSite>();
  const look = (root: Expr, scope: number, before: number, line: number): void => {
    const queue: Expr[] = [root];
    for (let expr = queue.pop(); expr !== undefined; expr = queue.pop()) {
      if (!mentionsEnvironment(expr)) {
        pushChildren(expr, queue);
        continue;
      }
      const read = readIn(asSymbol(evaluator.evaluate(expr, { file: path, scope, before, line })), path);
      if (read === undefined) {
        pushChildren(expr, queue);
        continue;
      }
      const at = 'at' in expr ? expr.at[2] : line;
      const key = `${read.name}:${at}`;
      const known = found.get(key);
      if (known === undefined || known.value === null) {
        found.set(key, {
          name: read.name,
          path,
          line: at,
          kind: 'read',
          value: shown(read.name, read.fallback),
          where: 'code',
        });
      }
    }
  };
  for (const { value, scope, at } of facts.assigns) look(value, scope, at[0], at[2]);
  for (const { value, scope, at } of facts.statements) look(value, scope, at[0], at[2]);
  facts.scopes.forEach((scope, number) => {
    for (const value of scope.returns ?? []) look(value, number, Number.POSITIVE_INFINITY, scope.at[2]);
    for (const param of scope.params ?? []) {
      if (param.default !== undefined) look(param.default, Math.max(0, scope.parent), scope.at[0], scope.at[2]);
    }
  });
  return [...found.values()];
}

const ENVIRONMENT = /^(?:environ|env|getenv|ENV|_ENV|_SERVER|config|setdefault|get|str)$/;

/** Whether an expression could itself be the reading of a variable. */
function mentionsEnvironment(expr: Expr): boolean {
  if (expr.k === 'op') return (expr.op === '??' || expr.op === '||' || expr.op === 'or') && mentionsEnvironment(expr.a);
  if (expr.k === 'call')
    return expr.args[0]?.k === 'text' && /^[A-Z][A-Z0-9_]+$/.test(expr.args[0].v) && lastIs(expr.fn);
  if (expr.k === 'member') return /^[A-Z][A-Z0-9_]+$/.test(expr.v) && lastIs(expr.of);
  return expr.k === 'index' && expr.key.k === 'text' && lastIs(expr.of);
}

const lastIs = (expr: Expr): boolean => (expr.k === 'name' || expr.k === 'member') && ENVIRONMENT.test(expr.v);

/** The variable, if it was read in this file, and its default as far as it is a text. */
function readIn(
  symbol: Symbolic,
  path: string,
): { readonly name: string; readonly fallback: string | null } | undefined {
  if (symbol.s === 'from') return readIn(symbol.value, path);
  if (symbol.s === 'env') return symbol.source.path === path ? { name: symbol.name, fallback: null } : undefined;
  if (symbol.s !== 'or') return undefined;
  const read = readIn(symbol.a, path);
  return read === undefined ? undefined : { name: read.name, fallback: read.fallback ?? textOf(symbol.b) };
}

function textOf(symbol: Symbolic): string | null {
  if (symbol.s === 'from') return textOf(symbol.value);
  return symbol.s === 'text' ? symbol.v : symbol.s === 'nothing' ? null : '(computed)';
}
