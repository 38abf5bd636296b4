/** Statements of PHP: what is assigned, called, tested and returned, in the order of the text. */
import type { Expr } from '../facts.ts';
import { assignTo } from './lower-assignment.ts';
import { addExport, isStub, lowerClass, lowerConstants, lowerDefine, lowerFunction } from './lower-declaration.ts';
import { lower } from './lower-expression.ts';
import { useOf } from './outline.ts';
import { endOf, nameOf, nodeOf, nodesOf, type PhpNode, startOf, textOf } from './parse.ts';
import { addAssign, addStatement, type Lowering, MOST_DEPTH, perhaps, spanOf } from './state.ts';

export function lowerStatements(state: Lowering, nodes: readonly PhpNode[]): void {
  if (state.depth >= MOST_DEPTH) return;
  state.depth += 1;
  for (const node of nodes) lowerStatement(state, node);
  state.depth -= 1;
}

function block(state: Lowering, value: unknown): void {
  const node = nodeOf(value);
  if (node === undefined) return;
  if (node.kind === 'block') lowerStatements(state, nodesOf(node.children));
  else lowerStatements(state, [node]);
}

function lowerStatement(state: Lowering, node: PhpNode): void {
  switch (node.kind) {
    case 'expressionstatement':
      lowerExpression(state, node.expression);
      return;
    case 'namespace':
      state.namespace = nameOf(node.name).replace(/^\\/, '');
      lowerStatements(state, nodesOf(node.children));
      return;
    case 'block':
    case 'declare':
      lowerStatements(state, nodesOf(node.children));
      return;
    case 'usegroup':
      lowerUse(state, node);
      return;
    case 'function':
      lowerFunction(state, node, nameOf(node.name));
      addExport(state, nameOf(node.name), 'function', node, isStub(node));
      return;
    case 'class':
    case 'trait':
    case 'enum':
    case 'interface':
      lowerClass(state, node, nameOf(node.name));
      addExport(state, nameOf(node.name), node.kind === 'interface' ? 'type' : 'class', node);
      return;
    case 'constantstatement':
      lowerConstants(state, node);
      return;
    case 'echo':
      lowerEcho(state, node);
      return;
    case 'return':
      lowerReturn(state, node);
      return;
    case 'if':
      lowerIf(state, node);
      return;
    case 'while':
    case 'do':
    case 'switch':
      test(state, node.test);
      perhaps(state, endOf(node), () => block(state, node.body));
      return;
    case 'case':
      if (nodeOf(node.test) !== undefined) lower(state, node.test);
      perhaps(state, endOf(node), () => block(state, node.body));
      return;
    case 'for':
      for (const one of nodesOf(node.init)) lowerExpression(state, one);
      for (const one of nodesOf(node.test)) test(state, one);
      perhaps(state, endOf(node), () => {
        block(state, node.body);
        for (const one of nodesOf(node.increment)) lowerExpression(state, one);
      });
      return;
    case 'foreach':
      lowerForeach(state, node);
      return;
    case 'try':
      perhaps(state, endOf(nodeOf(node.body) ?? node), () => block(state, node.body));
      for (const one of nodesOf(node.catches)) perhaps(state, endOf(one), () => block(state, one.body));
      block(state, node.always);
      return;
    case 'static':
      for (const one of nodesOf(node.variables)) {
        const value = nodeOf(one.defaultValue);
        const to = nameOf(one.variable);
        if (value !== undefined && to !== '') addAssign(state, to, lower(state, value), spanOf(state, one));
      }
      return;
    case 'throw':
      lower(state, node);
      return;
    default:
  }
}

function lowerForeach(state: Lowering, node: PhpNode): void {
  const source = lower(state, node.source);
  const before = state.facts.assigns.length;
  perhaps(state, endOf(node), () => {
    assignTo(state, nodeOf(node.key), { k: 'index', of: source, key: { k: 'unknown', why: 'each key' } });
    assignTo(state, nodeOf(node.value), { k: 'index', of: source, key: { k: 'unknown', why: 'each' } });
    if (state.facts.assigns.length === before) addStatement(state, source, spanOf(state, nodeOf(node.source) ?? node));
    block(state, node.body);
  });
}

/** An expression that stands alone: an assignment or `define` records itself, the rest is a statement. */
function lowerExpression(state: Lowering, value: unknown): void {
  const node = nodeOf(value);
  if (node === undefined || lowerDefine(state, node)) return;
  const expr = lower(state, node);
  if (node.kind === 'assign' || node.kind === 'assignref' || isPlain(expr)) return;
  addStatement(state, expr, spanOf(state, node));
}

/** A call, as `print` is one: that a script says what it read tells what it is for. */
function lowerEcho(state: Lowering, node: PhpNode): void {
  const args = nodesOf(node.expressions).map((one) => lower(state, one));
  const at = spanOf(state, node);
  addStatement(state, { k: 'call', fn: { k: 'name', v: 'echo' }, args, at }, at);
}

function isPlain(expr: Expr): boolean {
  return expr.k === 'name' || expr.k === 'number' || expr.k === 'text' || expr.k === 'unknown' || expr.k === 'bool';
}

function test(state: Lowering, value: unknown): void {
  const node = nodeOf(value);
  if (node !== undefined) addStatement(state, lower(state, node), spanOf(state, node), { test: true });
}

/** `else if` chains are followed in a loop: each link nests in the one before. */
function lowerIf(state: Lowering, first: PhpNode): void {
  let node: PhpNode | undefined = first;
  perhaps(state, endOf(first), () => {
    while (node?.kind === 'if') {
      const { body } = node;
      test(state, node.test);
      perhaps(state, endOf(nodeOf(body) ?? node), () => block(state, body));
      node = nodeOf(node.alternate);
    }
    block(state, node);
  });
}

function lowerReturn(state: Lowering, node: PhpNode): void {
  if (nodeOf(node.expr) === undefined) return;
  const value = lower(state, node.expr);
  const scope = state.scopes[state.scope];
  if (scope !== undefined) scope.returns = [...(scope.returns ?? []), value];
  // What `$config = require 'x.php'` gets.
  if (state.scope === 0) {
    addAssign(state, 'default', value, spanOf(state, node));
    addExport(state, 'default', 'value', node);
  }
}

function lowerUse(state: Lowering, node: PhpNode): void {
  const prefix = textOf(node.name);
  for (const item of nodesOf(node.items)) {
    const name = textOf(item.name);
    const alias = nodeOf(item.alias) === undefined ? undefined : nameOf(item.alias);
    const start = startOf(item);
    const at = [start, start + name.length, state.lines.lineAt(start)] as const;
    const fact = useOf(prefix === '' ? name : `${prefix.replace(/\\$/, '')}\\${name}`, alias, at);
    state.facts.imports.push(fact);
    // Functions and constants have names of their own.
    if (textOf(node.type) === '' && textOf(item.type) === '')
      state.used.add((alias ?? name.slice(name.lastIndexOf('\\') + 1)).toLowerCase());
  }
}
