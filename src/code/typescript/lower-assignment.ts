/** `a = b`, `this.x ??= y`, `({ a, b } = c)`: facts of their own, wherever they stand in an expression. */
import type {
  ArrowFunctionExpression,
  AssignmentExpression,
  Class,
  Expression,
  Function as FunctionNode,
} from 'oxc-parser';
import type { Expr } from '../facts.ts';
import { hasCall } from './expr-queries.ts';
import { bindPattern } from './lower-pattern.ts';
import { addAssign, addStatement, type Lowering } from './lower-state.ts';
import { targetName } from './target-name.ts';

/** A value that gets a name: functions and classes are called by it. */
export function namedValue(state: Lowering, node: Expression, name: string): Expr {
  if (node.type === 'ArrowFunctionExpression' || node.type === 'FunctionExpression') {
    const named = node as FunctionNode | ArrowFunctionExpression;
    return { k: 'function', scope: state.functionScope(named, named.id?.name ?? name) };
  }
  if (node.type === 'ClassExpression')
    return { k: 'function', scope: state.classScope(node as Class, node.id?.name ?? name) };
  return state.expression(node);
}

export function lowerAssignment(state: Lowering, node: AssignmentExpression): Expr {
  const { left } = node;
  if (left.type === 'ObjectPattern' || left.type === 'ArrayPattern') {
    const value = state.expression(node.right);
    bindPattern(state, left, value, node);
    return value;
  }
  const to = targetName(state.text, left as Expression);
  const value = namedValue(state, node.right, to?.slice(to.lastIndexOf('.') + 1) ?? '');
  lowerTarget(state, left as Expression);
  const written = to ?? state.text.slice(left.start, Math.min(left.end, left.start + 120)).replace(/\s+/g, '');
  addAssign(state, written, value, node, { adds: node.operator !== '=' });
  return value;
}

/** What is called, and what is named, on the way to what is assigned: `open().items[key('a.db')] = x`. */
function lowerTarget(state: Lowering, target: Expression): void {
  let at = target;
  for (let count = 0; at.type === 'MemberExpression' && count < 100; count++) {
    if (at.computed) {
      const key = state.expression(at.property);
      if (hasCall(key)) addStatement(state, key, at.property);
    }
    at = at.object;
  }
  if (at.type === 'Identifier' || at.type === 'ThisExpression') return;
  const of = state.expression(at);
  if (hasCall(of)) addStatement(state, of, at);
}
