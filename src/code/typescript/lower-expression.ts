/**
 * One expression of the tree in the words of `Expr`. What has no word there becomes `unknown`, but what is called inside
 * it is kept as a statement. Whole, since each case is a few lines and they call each other.
 */
import type {
  Argument,
  CallExpression,
  Expression,
  NewExpression,
  ObjectExpression,
  TemplateLiteral,
} from 'oxc-parser';
import type { Expr } from '../facts.ts';
import { mayNameStore } from '../names-store.ts';
import { analyseSql, looksLikeSql } from '../sql/analyse.ts';
import { hasCall } from './expr-queries.ts';
import { lowerAssignment } from './lower-assignment.ts';
import { lowerJsx } from './lower-jsx.ts';
import { addAssign, addStatement, type Lowering, MOST_DEPTH, perhaps, spanOf } from './lower-state.ts';
import { targetName } from './target-name.ts';

/** More is data: what it says is read, the rest of the list is not kept. */
const MOST_ITEMS = 500;

type Concat = Expr & { readonly k: 'concat' };

export function lowerExpression(state: Lowering, node: Expression): Expr {
  if (state.depth >= MOST_DEPTH) return { k: 'unknown', why: 'too deep' };
  state.depth++;
  const expr = lower(state, node);
  state.depth--;
  return expr;
}

function lower(state: Lowering, node: Expression): Expr {
  switch (node.type) {
    case 'Literal':
      return lowerLiteral(state, node);
    case 'Identifier':
      return node.name === 'undefined' ? { k: 'null' } : { k: 'name', v: node.name };
    case 'ThisExpression':
      return { k: 'name', v: 'this' };
    case 'Super':
      return { k: 'name', v: 'super' };
    case 'TemplateLiteral':
      return lowerTemplate(state, node, true);
    case 'TaggedTemplateExpression': {
      const fn = state.expression(node.tag);
      const holes = node.quasi.expressions.map((hole) => state.expression(hole));
      return {
        k: 'call',
        fn,
        args: [lowerTemplate(state, node.quasi, false, holes), ...holes],
        at: spanOf(state, node),
      };
    }
    case 'MemberExpression': {
      const of = state.expression(node.object);
      if (!node.computed)
        return {
          k: 'member',
          of,
          v: node.property.type === 'PrivateIdentifier' ? `#${node.property.name}` : node.property.name,
        };
      return { k: 'index', of, key: state.expression(node.property) };
    }
    case 'ChainExpression':
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSTypeAssertion':
    case 'TSNonNullExpression':
    case 'TSInstantiationExpression':
      return state.expression(node.expression as Expression);
    case 'AwaitExpression':
      return state.expression(node.argument);
    case 'YieldExpression':
      return node.argument === null ? { k: 'null' } : state.expression(node.argument);
    case 'CallExpression':
    case 'NewExpression':
      return lowerCall(state, node);
    case 'ImportExpression':
      return {
        k: 'call',
        fn: { k: 'name', v: 'import' },
        args: [state.expression(node.source)],
        at: spanOf(state, node),
      };
    case 'MetaProperty':
      return { k: 'member', of: { k: 'name', v: node.meta.name }, v: node.property.name };
    case 'ArrayExpression': {
      const items: Expr[] = [];
      for (const item of node.elements) {
        const expr: Expr = item === null ? { k: 'null' } : argument(state, item);
        if (items.length < MOST_ITEMS) items.push(expr);
        else if (item !== null && hasCall(expr)) addStatement(state, expr, item);
      }
      return { k: 'list', items };
    }
    case 'ObjectExpression':
      return lowerObject(state, node);
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
    case 'FunctionDeclaration':
      return { k: 'function', scope: state.functionScope(node, node.id?.name ?? '') };
    case 'ClassExpression':
    case 'ClassDeclaration':
      return { k: 'function', scope: state.classScope(node, node.id?.name ?? '') };
    case 'AssignmentExpression':
      return lowerAssignment(state, node);
    case 'BinaryExpression':
      return lowerBinary(state, node);
    case 'LogicalExpression': {
      // Chains lean to the left, as long as the input likes.
      const rights: { readonly op: string; readonly node: Expression }[] = [];
      let left: Expression = node;
      while (left.type === 'LogicalExpression') {
        rights.push({ op: left.operator, node: left.right });
        left = left.left;
      }
      let a = state.expression(left);
      for (const { op, node: right } of rights.reverse().slice(0, MOST_DEPTH))
        a = { k: 'op', op, a, b: perhaps(state, right.end, () => state.expression(right)) };
      return a;
    }
    case 'ConditionalExpression': {
      const test = state.expression(node.test);
      const then = perhaps(state, node.consequent.end, () => state.expression(node.consequent));
      return { k: 'if', test, then, else: perhaps(state, node.end, () => state.expression(node.alternate)) };
    }
    case 'UnaryExpression': {
      const a = state.expression(node.argument);
      if (node.operator === '-' && a.k === 'number') return { k: 'number', v: -a.v };
      if (node.operator === 'void' && a.k === 'number') return { k: 'null' };
      return { k: 'op', op: node.operator, a };
    }
    case 'UpdateExpression':
      return { k: 'op', op: node.operator, a: state.expression(node.argument) };
    case 'SequenceExpression': {
      for (const part of node.expressions.slice(0, -1)) addStatement(state, state.expression(part), part);
      return state.expression(node.expressions.at(-1) as Expression);
    }
    case 'JSXElement':
    case 'JSXFragment':
      lowerJsx(state, node);
      return { k: 'unknown', why: 'jsx' };
    default:
      return { k: 'unknown', why: node.type };
  }
}

function lowerLiteral(state: Lowering, node: Expression & { readonly type: 'Literal' }): Expr {
  const { value } = node;
  if (typeof value === 'string') return asText(state, value, node);
  if (typeof value === 'number') return { k: 'number', v: value };
  if (typeof value === 'boolean') return { k: 'bool', v: value };
  if (typeof value === 'bigint') return { k: 'number', v: Number(value) };
  return 'regex' in node ? { k: 'unknown', why: 'regex' } : { k: 'null' };
}

function asText(state: Lowering, v: string, node: { readonly start: number; readonly end: number }): Expr {
  const at = spanOf(state, node);
  if (v.length > 6 && looksLikeSql(v)) return { k: 'sql', uses: analyseSql(v, at[2]), at };
  if (v.length >= 4 && v.length <= 400 && /[.:]/.test(v) && mayNameStore(v) && !state.modules.has(node.start + 1))
    state.facts.texts.push({ v, at, scope: state.scope });
  return { k: 'text', v, at };
}

/** `own`: the holes' calls belong to nobody else, so they are kept where the template becomes SQL. */
function lowerTemplate(state: Lowering, node: TemplateLiteral, own: boolean, lowered?: readonly Expr[]): Expr {
  const texts = node.quasis.map(({ value }) => value.cooked ?? value.raw);
  if (node.expressions.length === 0) return asText(state, texts[0] ?? '', node);
  const holes = lowered ?? node.expressions.map((hole) => state.expression(hole));
  const at = spanOf(state, node);
  const asSql = texts.join('?');
  if (looksLikeSql(asSql)) {
    if (own) keepCalls(state, holes, node);
    return { k: 'sql', uses: analyseSql(asSql, at[2]), at };
  }
  noteHoles(state, texts.join('{}'), node);
  const parts: Expr[] = [];
  node.quasis.forEach((part, index) => {
    const v = texts[index] as string;
    if (v !== '') parts.push({ k: 'text', v, at: spanOf(state, part) });
    const hole = holes[index];
    if (hole !== undefined) parts.push(hole);
  });
  return { k: 'concat', parts, at } satisfies Concat;
}

function keepCalls(
  state: Lowering,
  exprs: readonly Expr[],
  node: { readonly start: number; readonly end: number },
): void {
  for (const expr of exprs) if (hasCall(expr)) addStatement(state, expr, node);
}

function noteHoles(state: Lowering, v: string, node: { readonly start: number; readonly end: number }): void {
  if (v.length <= 400 && mayNameStore(v))
    state.facts.texts.push({ v, at: spanOf(state, node), scope: state.scope, holes: true });
}

/** Chains lean to the left; a chain of `+` may be SQL in pieces. */
function lowerBinary(state: Lowering, node: Expression & { readonly type: 'BinaryExpression' }): Expr {
  if (node.left.type === 'PrivateIdentifier')
    return { k: 'op', op: 'in', a: { k: 'name', v: `#${node.left.name}` }, b: state.expression(node.right) };
  const rights: { readonly op: string; readonly node: Expression }[] = [];
  let left: Expression = node;
  while (left.type === 'BinaryExpression' && left.left.type !== 'PrivateIdentifier') {
    rights.push({ op: left.operator, node: left.right });
    left = left.left as Expression;
  }
  rights.reverse();
  const first = state.expression(left);
  const rest = rights.map(({ op, node: right }) => ({ op, expr: state.expression(right) }));
  if (rest.every(({ op }) => op === '+')) {
    const parts = [first, ...rest.map(({ expr }) => expr)];
    if (parts.some(({ k }) => k === 'text' || k === 'sql')) {
      // Pieces of SQL may look like SQL by themselves, so the texts are asked from the tree.
      const leaves = [left, ...rights.map(({ node: right }) => right)];
      const asSql = leaves
        .map((leaf) => (leaf.type === 'Literal' && typeof leaf.value === 'string' ? leaf.value : '?'))
        .join('');
      const at = spanOf(state, node);
      if (looksLikeSql(asSql)) {
        keepCalls(state, parts, node);
        return { k: 'sql', uses: analyseSql(asSql, at[2]), at };
      }
      noteHoles(state, parts.map((part) => (part.k === 'text' ? part.v : '{}')).join(''), node);
      if (rest.length > 20) return { k: 'concat', parts: parts.slice(0, MOST_ITEMS), at };
    }
  }
  let a = first;
  for (const { op, expr } of rest.slice(0, MOST_DEPTH)) a = { k: 'op', op, a, b: expr };
  for (const { expr } of rest.slice(MOST_DEPTH)) if (hasCall(expr)) addStatement(state, expr, node);
  return a;
}

function argument(state: Lowering, node: Argument): Expr {
  if (node.type !== 'SpreadElement') return state.expression(node);
  keepCalls(state, [state.expression(node.argument)], node);
  return { k: 'unknown', why: 'spread' };
}

function lowerCall(state: Lowering, node: CallExpression | NewExpression): Expr {
  const fn = state.expression(node.callee);
  const args: Expr[] = [];
  for (const each of node.arguments) {
    const expr = argument(state, each);
    if (args.length < MOST_ITEMS) args.push(expr);
    else if (hasCall(expr)) addStatement(state, expr, each);
  }
  const at = spanOf(state, node);
  if (node.type === 'NewExpression') return { k: 'call', fn, args, new: true, at };
  // `list.push(x)` adds to what was there.
  if (node.callee.type === 'MemberExpression' && !node.callee.computed && node.callee.property.name === 'push') {
    const to = targetName(state.text, node.callee.object);
    if (to !== undefined)
      for (const value of args)
        if (value.k !== 'unknown' && !hasCall(value))
          addAssign(state, to, { k: 'list', items: [value] }, node, { adds: true });
  }
  return { k: 'call', fn, args, at };
}

function lowerObject(state: Lowering, node: ObjectExpression): Expr {
  const entries: [Expr, Expr][] = [];
  for (const property of node.properties) {
    if (property.type === 'SpreadElement') {
      entries.push([{ k: 'unknown', why: 'spread' }, state.expression(property.argument)]);
      continue;
    }
    const { key, value } = property;
    const plain = !property.computed && key.type === 'Identifier';
    const name: Expr = plain ? { k: 'text', v: key.name, at: spanOf(state, key) } : state.expression(key as Expression);
    const called = name.k === 'text' ? name.v : '';
    const expr: Expr =
      value.type === 'FunctionExpression' || value.type === 'ArrowFunctionExpression'
        ? { k: 'function', scope: state.functionScope(value, value.id?.name ?? called) }
        : state.expression(value);
    if (entries.length < MOST_ITEMS) entries.push([name, expr]);
    else if (hasCall(expr)) addStatement(state, expr, property);
  }
  return { k: 'map', entries };
}
