/** Functions, classes and constants: scopes of their own, and names that other files can take. */
import type { ExportFact, Expr, Param } from '../facts.ts';
import { lower, seeClass } from './lower-expression.ts';
import { endOf, nameOf, nodeOf, nodesOf, type PhpNode, startOf, textOf } from './parse.ts';
import { addAssign, inScope, type Lowering, MOST_DEPTH, type ScopeDraft, spanOf } from './state.ts';

export function addExport(state: Lowering, name: string, kind: ExportFact['kind'], node: PhpNode, stub = false): void {
  if (name !== '') state.facts.exports.push({ name, kind, ...(stub ? { stub: true } : {}), at: spanOf(state, node) });
}

/** A function, method, closure or arrow function; gives its scope's number. */
export function lowerFunction(state: Lowering, node: PhpNode, name: string): number {
  // Defaults are evaluated outside.
  const params = nodesOf(node.arguments).map((param) => lowerParam(state, param));
  const scope = scopeOf(state, node, 'function', name);
  if (params.length > 0) scope.params = params;
  if (state.depth >= MOST_DEPTH) return inScope(state, scope, () => {});
  return inScope(state, scope, () => {
    state.depth += 1;
    const body = nodeOf(node.body);
    if (node.kind === 'arrowfunc') scope.returns = [lower(state, body)];
    else if (body !== undefined) state.doors.statements(state, nodesOf(body.children));
    state.depth -= 1;
  });
}

function scopeOf(state: Lowering, node: PhpNode, kind: ScopeDraft['kind'], name: string): ScopeDraft {
  const lastLine = state.lines.lineAt(Math.max(startOf(node), endOf(node) - 1));
  return { kind, name, parent: state.scope, at: spanOf(state, node), lastLine };
}

function lowerParam(state: Lowering, node: PhpNode): Param {
  const value = nodeOf(node.value);
  const type = typeOf(node.type);
  return {
    name: nameOf(node.name),
    ...(value === undefined ? {} : { default: lower(state, value) }),
    ...(node.variadic === true ? { rest: true as const } : {}),
    ...(type === '' ? {} : { type }),
  };
}

function typeOf(value: unknown): string {
  const node = nodeOf(value);
  return node === undefined ? '' : textOf(node.raw) || nameOf(node.name).replace(/^\\/, '');
}

/** A class, interface, trait or enum; gives its scope's number. */
export function lowerClass(state: Lowering, node: PhpNode, name: string): number {
  const bases: Expr[] = [];
  const parents = [node.extends, node.implements].flatMap((one) =>
    Array.isArray(one) ? nodesOf(one) : (nodeOf(one) ?? []),
  );
  for (const base of parents) addBase(state, base, bases);
  const scope = scopeOf(state, node, 'class', name);
  const number = inScope(state, scope, () => {
    state.depth += 1;
    for (const member of nodesOf(node.body)) lowerMember(state, member, bases);
    state.depth -= 1;
  });
  if (bases.length > 0) scope.bases = bases;
  return number;
}

function addBase(state: Lowering, node: PhpNode, bases: Expr[]): void {
  seeClass(state, node);
  bases.push(lower(state, node));
}

function lowerMember(state: Lowering, member: PhpNode, bases: Expr[]): void {
  if (state.depth >= MOST_DEPTH) return;
  switch (member.kind) {
    case 'method':
      lowerFunction(state, member, nameOf(member.name));
      break;
    case 'classconstant':
    case 'constantstatement':
      lowerConstants(state, member);
      break;
    case 'propertystatement':
      for (const property of nodesOf(member.properties)) {
        const value = nodeOf(property.value);
        const type = typeOf(property.type);
        if (value === undefined && type === '') continue;
        const given: Expr = value === undefined ? { k: 'unknown', why: 'declared' } : lower(state, value);
        if (value !== undefined) addAssign(state, nameOf(property.name), given, spanOf(state, property), false, type);
      }
      break;
    case 'enumcase':
      if (nodeOf(member.value) !== undefined) {
        addAssign(state, nameOf(member.name), lower(state, member.value), spanOf(state, member));
      }
      break;
    case 'traituse':
      // Its members are those of the class.
      for (const trait of nodesOf(member.traits)) addBase(state, trait, bases);
      break;
    default:
  }
}

export function lowerConstants(state: Lowering, node: PhpNode): void {
  for (const constant of nodesOf(node.constants)) {
    const name = nameOf(constant.name);
    addAssign(state, name, lower(state, constant.value), spanOf(state, constant));
    if (state.scope === 0) addExport(state, name, 'value', constant);
  }
}

/** `define('DB', …)` is a constant of the whole program, wherever it stands. */
export function lowerDefine(state: Lowering, node: PhpNode): boolean {
  const what = nodeOf(node.what);
  if (node.kind !== 'call' || what?.kind !== 'name' || !/^\\?define$/i.test(nameOf(what))) return false;
  const [name, value] = nodesOf(node.arguments);
  if (name?.kind !== 'string' || value === undefined) return false;
  const { scope } = state;
  const constant = textOf(name.value);
  const expr = lower(state, value);
  state.scope = 0;
  addAssign(state, constant, expr, spanOf(state, node));
  addExport(state, constant, 'value', node);
  state.scope = scope;
  return true;
}

/** A body that does nothing, or only says that it is not there yet. */
export function isStub(node: PhpNode): boolean {
  const children = nodesOf(nodeOf(node.body)?.children).filter(({ kind }) => kind !== 'noop');
  if (nodeOf(node.body) === undefined) return false;
  const [only] = children;
  if (only === undefined) return true;
  if (children.length > 1) return false;
  const thrown = only.kind === 'expressionstatement' ? nodeOf(only.expression) : only;
  if (thrown?.kind === 'throw') {
    const argument = nodesOf(nodeOf(thrown.what)?.arguments)[0];
    return /not (?:yet )?implemented/i.test(textOf(argument?.value));
  }
  const value = only.kind === 'return' ? nodeOf(only.expr) : undefined;
  return value?.kind === 'nullkeyword' || (value?.kind === 'array' && nodesOf(value.items).length === 0);
}
