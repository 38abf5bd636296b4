/** Functions and classes: scopes of their own. */
import type { ArrowFunctionExpression, Class, Decorator, Expression, Function as FunctionNode } from 'oxc-parser';
import type { Expr } from '../facts.ts';
import { namedValue } from './lower-assignment.ts';
import { lowerParams } from './lower-pattern.ts';
import { addAssign, addStatement, type Lowering, MOST_DEPTH, type ScopeDraft, spanOf } from './lower-state.ts';
import { isParameterProperty, typeAfter } from './type-text.ts';

function openScope(
  state: Lowering,
  kind: ScopeDraft['kind'],
  name: string,
  node: { readonly start: number; readonly end: number },
): number {
  const lastLine = state.lines.lineAt(Math.max(node.start, node.end - 1));
  return state.scopes.push({ kind, name, parent: state.scope, at: spanOf(state, node), lastLine }) - 1;
}

/** Works inside scope `number`; what may not happen around it says nothing of what happens within. */
function within(state: Lowering, number: number, work: () => void): void {
  const { scope, maybe } = state;
  state.scope = number;
  state.maybe = false;
  work();
  state.scope = scope;
  state.maybe = maybe;
}

export function lowerFunction(
  state: Lowering,
  node: FunctionNode | ArrowFunctionExpression,
  name: string,
  decorators: readonly Expr[] = [],
): number {
  const number = openScope(state, 'function', name, node);
  const draft = state.scopes[number] as ScopeDraft;
  if (node.async) draft.async = true;
  if (decorators.length > 0) draft.decorators = [...decorators];
  if (state.depth >= MOST_DEPTH) return number;
  state.depth++;
  within(state, number, () => {
    if (node.params.length > 0) draft.params = lowerParams(state, node.params);
    const { body } = node;
    if (body === null) return;
    if (name === 'constructor') declareFields(state, node);
    if (body.type === 'BlockStatement') state.statements(body.body as Parameters<Lowering['statements']>[0]);
    else draft.returns = [state.expression(body)];
  });
  state.depth--;
  return number;
}

/** `constructor(private db: Database)` sets `this.db`. */
function declareFields(state: Lowering, node: FunctionNode | ArrowFunctionExpression): void {
  for (const param of node.params) {
    const inner = param.type === 'TSParameterProperty' ? param.parameter : param;
    const name = inner.type === 'AssignmentPattern' ? inner.left : inner;
    if (name.type !== 'Identifier') continue;
    if (param.type !== 'TSParameterProperty' && !isParameterProperty(state.text, name.start)) continue;
    const type = typeAfter(state.text, name.start + name.name.length);
    addAssign(state, `this.${name.name}`, { k: 'name', v: name.name }, inner, { type });
  }
}

export function lowerDecorators(state: Lowering, decorators: readonly Decorator[] | undefined): readonly Expr[] {
  return (decorators ?? []).map(({ expression }) => state.expression(expression));
}

export function lowerClass(state: Lowering, node: Class, name: string): number {
  const decorators = lowerDecorators(state, node.decorators);
  const bases = node.superClass === null ? [] : [state.expression(node.superClass)];
  const number = openScope(state, 'class', name, node);
  const draft = state.scopes[number] as ScopeDraft;
  if (decorators.length > 0) draft.decorators = [...decorators];
  if (bases.length > 0) draft.bases = bases;
  if (state.depth >= MOST_DEPTH) return number;
  state.depth++;
  within(state, number, () => {
    for (const member of node.body.body) lowerMember(state, member);
  });
  state.depth--;
  return number;
}

function lowerMember(state: Lowering, member: Class['body']['body'][number]): void {
  switch (member.type) {
    case 'StaticBlock':
      state.statements(member.body);
      return;
    case 'MethodDefinition':
    case 'TSAbstractMethodDefinition': {
      const name = memberName(state, member.key as Expression, member.computed);
      state.functionScope(member.value, name, lowerDecorators(state, member.decorators));
      return;
    }
    case 'PropertyDefinition':
    case 'AccessorProperty':
    case 'TSAbstractPropertyDefinition':
    case 'TSAbstractAccessorProperty': {
      const { key } = member;
      const name = memberName(state, key as Expression, member.computed);
      // What decorates a field (`@Column() email`) is a statement that has the field's name.
      for (const decorator of member.decorators)
        addStatement(state, state.expression(decorator.expression), decorator, { as: name });
      const type = typeAfter(state.text, key.end);
      const value: Expr =
        member.value === null ? { k: 'unknown', why: 'unset' } : namedValue(state, member.value, name);
      if (member.value !== null || type !== undefined) addAssign(state, name, value, member, { type });
    }
  }
}

function memberName(
  state: Lowering,
  key: Expression | { readonly type: 'PrivateIdentifier'; readonly name: string },
  computed: boolean,
): string {
  if (key.type === 'PrivateIdentifier') return `#${key.name}`;
  if (!computed && key.type === 'Identifier') return key.name;
  if (key.type === 'Literal') return String(key.value);
  return `[${state.text.slice(key.start, Math.min(key.end, key.start + 60)).replace(/\s+/g, '')}]`;
}
