/** Statements: what is assigned, called, asked and returned, in the order in which it stands. */
import type { Statement as StatementNode, VariableDeclaration } from 'oxc-parser';
import type { Expr } from '../facts.ts';
import { namedValue } from './lower-assignment.ts';
import { bindPattern, type Pattern } from './lower-pattern.ts';
import { addAssign, addStatement, type Lowering, MOST_DEPTH, perhaps, type ScopeDraft, spanOf } from './lower-state.ts';
import { typeAfter } from './type-text.ts';

export function lowerStatements(state: Lowering, nodes: readonly StatementNode[]): void {
  for (const node of nodes) lowerStatement(state, node);
}

function lowerStatement(state: Lowering, node: StatementNode): void {
  if (state.depth >= MOST_DEPTH) {
    addStatement(state, { k: 'unknown', why: 'too deep' }, node);
    return;
  }
  state.depth++;
  lower(state, node);
  state.depth--;
}

function lower(state: Lowering, node: StatementNode): void {
  switch (node.type) {
    case 'ExpressionStatement': {
      if ('directive' in node && node.directive) return;
      const value = state.expression(node.expression);
      // An assignment is a fact already, and a name alone does nothing.
      if (node.expression.type !== 'AssignmentExpression' && value.k !== 'text' && value.k !== 'name')
        addStatement(state, value, node);
      return;
    }
    case 'VariableDeclaration':
      lowerVariables(state, node);
      return;
    case 'FunctionDeclaration':
      state.functionScope(node, node.id?.name ?? '');
      return;
    case 'ClassDeclaration':
      state.classScope(node, node.id?.name ?? '');
      return;
    case 'ExportNamedDeclaration':
      if (node.declaration !== null) lower(state, node.declaration);
      return;
    case 'ExportDefaultDeclaration': {
      const { declaration } = node;
      if (declaration.type === 'TSInterfaceDeclaration') return;
      if (declaration.type === 'FunctionDeclaration')
        state.functionScope(declaration, declaration.id?.name ?? 'default');
      else if (declaration.type === 'ClassDeclaration')
        state.classScope(declaration, declaration.id?.name ?? 'default');
      else if (declaration.type !== 'TSDeclareFunction' && declaration.type !== 'TSEmptyBodyFunctionExpression')
        addAssign(state, 'default', namedValue(state, declaration, 'default'), node);
      return;
    }
    case 'TSExportAssignment':
      addAssign(state, 'module.exports', state.expression(node.expression), node);
      return;
    case 'BlockStatement':
      lowerStatements(state, node.body);
      return;
    case 'ReturnStatement': {
      if (node.argument === null) return;
      const draft = state.scopes[state.scope] as ScopeDraft;
      const value = state.expression(node.argument);
      draft.returns = [...(draft.returns ?? []), value];
      return;
    }
    case 'ThrowStatement':
      addStatement(state, state.expression(node.argument), node);
      return;
    case 'IfStatement':
      lowerIf(state, node);
      return;
    case 'ForStatement':
      if (node.init?.type === 'VariableDeclaration') lowerVariables(state, node.init);
      else if (node.init !== null) addStatement(state, state.expression(node.init), node.init);
      if (node.test !== null) addStatement(state, state.expression(node.test), node.test, { test: true });
      perhaps(state, node.end, () => {
        if (node.update !== null) addStatement(state, state.expression(node.update), node.update);
        lowerStatement(state, node.body);
      });
      return;
    case 'ForInStatement':
    case 'ForOfStatement': {
      const over = state.expression(node.right);
      const why = node.type === 'ForOfStatement' ? 'each' : 'each key';
      const each: Expr = { k: 'index', of: over, key: { k: 'unknown', why } };
      perhaps(state, node.end, () => {
        const target = node.left.type === 'VariableDeclaration' ? node.left.declarations[0]?.id : node.left;
        if (target !== undefined) bindPattern(state, target as Pattern, each, node.left);
        lowerStatement(state, node.body);
      });
      return;
    }
    case 'WhileStatement':
    case 'DoWhileStatement':
      addStatement(state, state.expression(node.test), node.test, { test: true });
      perhaps(state, node.end, () => lowerStatement(state, node.body));
      return;
    case 'SwitchStatement':
      addStatement(state, state.expression(node.discriminant), node.discriminant);
      for (const each of node.cases) {
        perhaps(state, each.end, () => {
          if (each.test !== null) addStatement(state, state.expression(each.test), each.test, { test: true });
          lowerStatements(state, each.consequent);
        });
      }
      return;
    case 'TryStatement':
      perhaps(state, node.block.end, () => lowerStatements(state, node.block.body));
      if (node.handler !== null) {
        const { body } = node.handler;
        perhaps(state, body.end, () => lowerStatements(state, body.body));
      }
      if (node.finalizer !== null) lowerStatements(state, node.finalizer.body);
      return;
    case 'LabeledStatement':
      lowerStatement(state, node.body);
      return;
    case 'WithStatement':
      addStatement(state, state.expression(node.object), node.object);
      lowerStatement(state, node.body);
      return;
    case 'TSEnumDeclaration':
      lowerEnum(state, node);
      return;
    case 'TSModuleDeclaration':
      lowerNamespace(state, node);
  }
}

/** `else if` after `else if`, as long as the input likes: a loop. */
function lowerIf(state: Lowering, first: StatementNode & { readonly type: 'IfStatement' }): void {
  let node: StatementNode | null = first;
  while (node?.type === 'IfStatement') {
    const { test, consequent, alternate }: StatementNode & { type: 'IfStatement' } = node;
    addStatement(state, state.expression(test), test, { test: true });
    perhaps(state, consequent.end, () => lowerStatement(state, consequent));
    node = alternate;
  }
  const last = node;
  if (last !== null) perhaps(state, last.end, () => lowerStatement(state, last));
}

function lowerVariables(state: Lowering, node: VariableDeclaration): void {
  for (const { id, init, start, end } of node.declarations) {
    if (id.type !== 'Identifier') {
      if (init === null) continue;
      const before = state.facts.assigns.length;
      const value = state.expression(init);
      bindPattern(state, id, value, { start, end });
      if (state.facts.assigns.length === before) addStatement(state, value, { start, end });
      continue;
    }
    const type = typeAfter(state.text, id.start + id.name.length);
    if (init !== null) addAssign(state, id.name, namedValue(state, init, id.name), { start, end }, { type });
    else if (type !== undefined) addAssign(state, id.name, { k: 'unknown', why: 'unset' }, { start, end }, { type });
  }
}

/** `enum E { A = 'x' }` is `E.A = 'x'`. */
function lowerEnum(state: Lowering, node: StatementNode & { readonly type: 'TSEnumDeclaration' }): void {
  let next = 0;
  for (const { id, initializer, start, end } of node.body.members) {
    const name = id.type === 'Identifier' ? id.name : id.type === 'Literal' ? id.value : undefined;
    const value: Expr = initializer === null ? { k: 'number', v: next } : state.expression(initializer);
    next = value.k === 'number' ? value.v + 1 : next + 1;
    if (name !== undefined) addAssign(state, `${node.id.name}.${name}`, value, { start, end });
  }
}

/** A namespace's names are reached through its own, as a class's are. */
function lowerNamespace(state: Lowering, node: StatementNode & { readonly type: 'TSModuleDeclaration' }): void {
  if (node.body?.type !== 'TSModuleBlock') return;
  const name =
    node.id.type === 'Identifier'
      ? node.id.name
      : node.id.type === 'Literal'
        ? node.id.value
        : state.text.slice(node.id.start, node.id.end);
  const { scope, maybe } = state;
  const lastLine = state.lines.lineAt(Math.max(node.start, node.end - 1));
  state.scope = state.scopes.push({ kind: 'class', name, parent: scope, at: spanOf(state, node), lastLine }) - 1;
  state.maybe = false;
  lowerStatements(state, node.body.body as readonly StatementNode[]);
  state.scope = scope;
  state.maybe = maybe;
}
