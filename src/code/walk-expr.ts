/** Visits every expression of an expression or a file. Iterative: what is nested as deep as the input likes stays off the stack. */
import { pushChildren } from './calls.ts';
import type { Expr, FileFacts } from './facts.ts';

/** What holds comes before what it holds. */
export function walkExpr(expr: Expr, visit: (expr: Expr) => void): void {
  const queue = [expr];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    visit(next);
    pushChildren(next, queue);
  }
}

export interface Root {
  readonly value: Expr;
  readonly scope: number;
  readonly line: number;
  /** It decides what happens: the condition of an `if`, a loop, an assertion. */
  readonly test: boolean;
  /** What its value is assigned to. */
  readonly to?: string;
  readonly is: 'assign' | 'statement' | 'return' | 'default' | 'decorator' | 'base';
}

/** Every expression that stands in no other. */
export function rootsOf(facts: FileFacts): readonly Root[] {
  const roots: Root[] = [];
  for (const { value, scope, at, to } of facts.assigns)
    roots.push({ value, scope, line: at[2], test: false, to, is: 'assign' });
  for (const { value, scope, at, test, as } of facts.statements) {
    roots.push({
      value,
      scope,
      line: at[2],
      test: test === true,
      is: 'statement',
      ...(as === undefined ? {} : { to: as }),
    });
  }
  facts.scopes.forEach(({ params = [], returns = [], decorators = [], bases = [], at, parent }, scope) => {
    const line = at[2];
    for (const param of params) {
      if (param.default === undefined) continue;
      roots.push({ value: param.default, scope, line, test: false, to: param.name, is: 'default' });
    }
    for (const value of returns) roots.push({ value, scope, line: lineOf(value) ?? line, test: false, is: 'return' });
    for (const value of decorators)
      roots.push({ value, scope: Math.max(0, parent), line: lineOf(value) ?? line, test: false, is: 'decorator' });
    for (const value of bases) roots.push({ value, scope: Math.max(0, parent), line, test: false, is: 'base' });
  });
  return roots;
}

/** Of the first part that has one. */
export function lineOf(expr: Expr): number | undefined {
  let found: number | undefined;
  walkExpr(expr, (part) => {
    if (found === undefined && 'at' in part) found = part.at[2];
  });
  return found;
}

/** Longer chains are known by their end. */
const MOST_PARTS = 60;

/** `a.b().c` of what is called or named, calls and indexes without what is in them; `b().c` where it begins with something else. */
export function dottedName(expr: Expr): string {
  const parts: string[] = [];
  let at: Expr = expr;
  while (parts.length < MOST_PARTS) {
    if (at.k === 'name') {
      parts.push(at.v);
      break;
    }
    if (at.k === 'member') {
      parts.push(`.${at.v}`);
      at = at.of;
    } else if (at.k === 'call') {
      parts.push('()');
      at = at.fn;
    } else if (at.k === 'index') {
      parts.push('[]');
      at = at.of;
    } else break;
  }
  return parts.reverse().join('').replace(/^\./, '');
}
