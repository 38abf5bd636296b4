/**
 * Exports that stand in for what they are named after (trap C7): `null as any`, `{} as Pool`, functions that only throw
 * "not implemented" or return a constant that is empty. An object to be filled, a variable that is set later and a
 * function that returns nothing in one of its cases are none of these.
 */

import type { Program } from 'oxc-parser';
import type { ExportFact } from '../facts.ts';
import type { Declaration } from './declarations.ts';

/** The tree's nodes, as far as they matter here. */
interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** Says by its name that it does nothing. */
const NOOP = /^(?:no_?op|nothing|empty|ignore)/i;

const NOTHING = String.raw`(?:null|undefined|void 0)\b`;
const EMPTY = String.raw`(?:${NOTHING}|\[\s*\]|\{\s*\}|''|"")`;
/** `as T` behind it, and the end of a declaration: the next line that says something is not indented. */
const END = String.raw`\)?(?:\s+(?:as|satisfies)\s[^\n]*)?\)?[;,]?[ \t]*(?:\/\/[^\n]*)?(?:\s*$|(?:\r?\n[ \t]*)*\r?\n(?=\S))`;
const ONLY_VALUE = new RegExp(
  String.raw`(?:^|[^=!])[=>]\s*(?:<[\w<>, ]+>\s*)?\(?\s*(?:${NOTHING}|\{\s*\}\s*(?:as|satisfies)\b)|default\s+(?:${NOTHING}|\{\s*\}\s*as\b)`,
);
const ONLY_RETURN = new RegExp(
  String.raw`(?:=>\s*\(?\s*${EMPTY}|(?<!(?:[=(,:?]|\breturn)\s{0,4})\{\s*(?:(?:\/\/[^\n]*|(?:console|logger|log)\.[^\n]*)\s*)*(?:return\b\s*(?:Promise\.resolve\(\s*)?\(?${EMPTY}?\s*(?:as\s[^\n;)]*)?\)?\)?;?\s*)?\})${END}`,
);
const THROWS = /\bthrow\b[^\n]*\s*[^\n]*(?:implement|stub)/i;

/**
 * Cheap, and generous: the declarations of exports that may be stand-ins, cut out of the text. A parser then says what
 * they are, without having to read the whole file.
 */
export function perhapsStubs(
  text: string,
  exports: readonly ExportFact[],
  declared: ReadonlyMap<string, Declaration>,
): readonly string[] {
  const found: string[] = [];
  for (const { kind, local, name, at } of exports) {
    if (kind === 'type' || kind === 'reexport') continue;
    const start = declared.get(local ?? name)?.at ?? at[0];
    const head = text.slice(start, start + 700);
    const match =
      kind === 'class'
        ? THROWS.exec(head)
        : kind === 'function'
          ? (ONLY_RETURN.exec(head) ?? THROWS.exec(head))
          : ONLY_VALUE.exec(head.slice(0, 200));
    if (match === null) continue;
    if (isSetLater(text, local, at[1])) continue;
    found.push(text.slice(text.lastIndexOf('\n', start - 1) + 1, endOf(text, start, start + match.index, match[0])));
  }
  return found;
}

/** Where the declaration ends in which something was found: with it, with its line, or with the bracket that starts a line. */
function endOf(text: string, start: number, at: number, match: string): number {
  const end = at + match.length;
  if (match.endsWith('\n')) return end;
  const newline = text.indexOf('\n', end);
  const line = newline < 0 ? text.length : newline;
  const bracket = text.indexOf('\n}', start);
  // A body of several lines is cut at its end.
  return match.startsWith('throw') && bracket > at && bracket - start < 20_000 ? bracket + 2 : line;
}

/** `exports.a = void 0` stands before what it really is. */
function isSetLater(text: string, local: string | undefined, after: number): boolean {
  return local?.includes('exports.') === true && text.includes(`${local} =`, after);
}

/** Names of the exports that are stand-ins. `text`: the whole file. */
export function stubsOf(program: Program, text: string, exports: readonly ExportFact[]): ReadonlySet<string> {
  const locals = new Map<string, Node>();
  const stubs = new Set<string>();
  const declare = (statement: Node): void => {
    if (statement.type === 'VariableDeclaration') {
      for (const each of statement.declarations as readonly Node[]) {
        const id = each.id as Node;
        const init = each.init as Node | null;
        if (id.type === 'Identifier' && init !== null)
          locals.set(id.name as string, statement.kind === 'const' ? init : { type: 'Later', of: init });
      }
    } else if (statement.type === 'FunctionDeclaration' || statement.type === 'ClassDeclaration') {
      const id = statement.id as Node | null;
      if (id !== null) locals.set(id.name as string, statement);
    }
  };
  for (const statement of program.body as unknown as readonly Node[]) {
    declare(statement);
    if (statement.type === 'ExportNamedDeclaration' && statement.declaration !== null)
      declare(statement.declaration as Node);
    if (statement.type === 'ExportDefaultDeclaration' && isStub(statement.declaration as Node)) stubs.add('default');
    const assigned = statement.type === 'ExpressionStatement' ? (statement.expression as Node) : undefined;
    if (assigned?.type === 'AssignmentExpression' && assigned.operator === '=') declareExports(assigned, locals);
  }
  for (const { name, local, at } of exports) {
    if (isSetLater(text, local, at[1])) continue;
    const node = locals.get(local ?? name);
    if (node !== undefined && !NOOP.test(name) && isStub(node)) stubs.add(name);
  }
  return stubs;
}

/** `exports.x = …`, `module.exports = { x: … }` by the names that their exports have inside the file. */
function declareExports(assigned: Node, locals: Map<string, Node>): void {
  const left = memberPath(assigned.left as Node);
  const right = assigned.right as Node;
  if (left === undefined || !/^(?:module\.)?exports\b/.test(left)) return;
  if (left !== 'module.exports') locals.set(left, right);
  else if (right.type === 'ObjectExpression')
    for (const property of right.properties as readonly Node[]) {
      const key = property.key as Node | undefined;
      const name = key?.name ?? key?.value;
      if (typeof name === 'string') locals.set(`module.exports.${name}`, property.value as Node);
    }
}

function memberPath(node: Node): string | undefined {
  const parts: string[] = [];
  let at = node;
  while (at.type === 'MemberExpression' && at.computed === false && parts.length < 4) {
    parts.unshift((at.property as Node).name as string);
    at = at.object as Node;
  }
  return at.type === 'Identifier' ? [at.name, ...parts].join('.') : undefined;
}

function unwrapped(node: Node): { readonly node: Node; readonly cast?: Node } {
  let at = node;
  let cast: Node | undefined;
  for (;;) {
    if (at.type === 'TSAsExpression' || at.type === 'TSSatisfiesExpression' || at.type === 'TSTypeAssertion')
      cast ??= at.typeAnnotation as Node;
    else if (at.type !== 'TSNonNullExpression' && at.type !== 'ParenthesizedExpression') break;
    at = at.expression as Node;
  }
  return cast === undefined ? { node: at } : { node: at, cast };
}

function isNothing(node: Node): boolean {
  return (
    (node.type === 'Literal' && node.value === null && node.raw === 'null') ||
    (node.type === 'Identifier' && node.name === 'undefined') ||
    (node.type === 'UnaryExpression' && node.operator === 'void')
  );
}

/** Types of objects that are meant to begin empty: `{} as Record<string, X>`. */
const FILLED_LATER = /^(?:Record|Partial|Map|Object|Dictionary|Registry)$/;

function castsToSomething(cast: Node): boolean {
  if (cast.type === 'TSTypeLiteral' || cast.type === 'TSMappedType' || cast.type === 'TSObjectKeyword') return false;
  const name = (cast.typeName as Node | undefined)?.name;
  return !(typeof name === 'string' && (FILLED_LATER.test(name) || name === 'const'));
}

function isStub(node: Node): boolean {
  if (node.type === 'Later') {
    // `let pool = null` is set later; `let pool = null as any` says that it is never checked.
    const { node: value, cast } = unwrapped(node.of as Node);
    return cast !== undefined && cast.type === 'TSAnyKeyword' && isNothing(value);
  }
  const { node: value, cast } = unwrapped(node);
  if (isNothing(value)) return true;
  if (value.type === 'ObjectExpression' && (value.properties as readonly unknown[]).length === 0)
    return cast !== undefined && castsToSomething(cast);
  if (value.type === 'ClassDeclaration' || value.type === 'ClassExpression') return isStubClass(value);
  return isFunction(value) && isStubBody(value);
}

function isFunction(node: Node): boolean {
  return (
    node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression'
  );
}

/** Each of its methods is a stand-in that throws; an abstract class has none. */
function isStubClass(node: Node): boolean {
  const members = (node.body as Node).body as readonly Node[];
  const methods = members.filter(({ type, kind }) => type === 'MethodDefinition' && kind !== 'constructor');
  return (
    methods.length > 0 &&
    members.every(({ type }) => !type.startsWith('TSAbstract')) &&
    methods.every((method) => {
      const body = bodyOf(method.value as Node);
      return body !== undefined && body.length === 1 && throwsUnimplemented(body[0] as Node);
    })
  );
}

function bodyOf(node: Node): readonly Node[] | undefined {
  const body = node.body as Node | null;
  if (body?.type !== 'BlockStatement') return undefined;
  return (body.body as readonly Node[]).filter((statement) => !isLog(statement) && statement.directive === undefined);
}

/** `console.warn('…')` beside it changes nothing. */
function isLog(statement: Node): boolean {
  const call = statement.type === 'ExpressionStatement' ? (statement.expression as Node) : undefined;
  return call?.type === 'CallExpression' && /^(?:console|logger|log)\./.test(memberPath(call.callee as Node) ?? '');
}

function isStubBody(node: Node): boolean {
  const body = node.body as Node | null;
  if (body === null) return false;
  if (body.type !== 'BlockStatement') return isEmptyValue(body);
  const statements = bodyOf(node) as readonly Node[];
  const [only] = statements;
  if (only === undefined) return true;
  if (statements.length > 1) return false;
  if (only.type === 'ReturnStatement') return only.argument === null || isEmptyValue(only.argument as Node);
  return throwsUnimplemented(only);
}

const UNIMPLEMENTED = /not[\s_-]*(?:yet[\s_-]*)?implemented|unimplemented|implement me|\bstub\b/i;

function throwsUnimplemented(statement: Node): boolean {
  if (statement.type !== 'ThrowStatement') return false;
  const error = statement.argument as Node;
  if (error.type !== 'NewExpression' && error.type !== 'CallExpression') return false;
  if (UNIMPLEMENTED.test(memberPath(error.callee as Node) ?? '')) return true;
  return (error.arguments as readonly Node[]).some((argument) =>
    argument.type === 'TemplateLiteral'
      ? (argument.quasis as readonly Node[]).some((part) => UNIMPLEMENTED.test((part.value as { raw: string }).raw))
      : typeof argument.value === 'string' && UNIMPLEMENTED.test(argument.value),
  );
}

/** null, [], {}, '' and a promise of one of these. `false` and 0 are answers. */
function isEmptyValue(given: Node): boolean {
  const { node } = unwrapped(given);
  if (isNothing(node)) return true;
  if (node.type === 'Literal') return node.value === '';
  if (node.type === 'ArrayExpression') return (node.elements as readonly unknown[]).length === 0;
  if (node.type === 'ObjectExpression') return (node.properties as readonly unknown[]).length === 0;
  if (node.type !== 'CallExpression' || memberPath(node.callee as Node) !== 'Promise.resolve') return false;
  const [value] = node.arguments as readonly Node[];
  return value === undefined || isEmptyValue(value);
}
