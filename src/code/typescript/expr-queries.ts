/** Questions about lowered expressions. */
import { pushChildren } from '../calls.ts';
import type { Expr } from '../facts.ts';

/** Is anything called in it? Bodies of functions are scopes of their own. */
export function hasCall(expr: Expr): boolean {
  const queue: Expr[] = [expr];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (next.k === 'call') return true;
    pushChildren(next, queue);
  }
  return false;
}
