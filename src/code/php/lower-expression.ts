/** Expressions of PHP as the vocabulary of `facts.ts`. What is nested too deep or has no meaning there becomes `unknown`, its calls kept. */
import type { Expr, ImportFact, Span } from '../facts.ts';
import { mayNameStore } from '../names-store.ts';
import { includeModule } from './include-module.ts';
import { nameOf, nodeOf, nodesOf, type PhpNode, startOf, textOf } from './parse.ts';
import { plainRaw, sqlOf, type Written } from './sql-text.ts';
import { addStatement, type Lowering, MOST_DEPTH, spanOf } from './state.ts';

const unknown = (why: string): Expr => ({ k: 'unknown', why });

export function lower(state: Lowering, value: unknown): Expr {
  const node = nodeOf(value);
  if (node === undefined) return unknown('missing');
  if (state.depth >= MOST_DEPTH) return unknown('nested too deep');
  state.depth += 1;
  const expr = lowerNode(state, node);
  state.depth -= 1;
  return expr;
}

function lowerNode(state: Lowering, node: PhpNode): Expr {
  switch (node.kind) {
    case 'string':
    case 'nowdoc':
    case 'encapsed':
      return lowerText(state, node);
    case 'number':
      return { k: 'number', v: Number(textOf(node.value) || node.value) };
    case 'boolean':
      return { k: 'bool', v: node.value === true };
    case 'nullkeyword':
      return { k: 'null' };
    case 'magic':
      return { k: 'name', v: textOf(node.value) };
    case 'name':
      return { k: 'name', v: seeName(state, node) };
    case 'identifier':
      return { k: 'name', v: textOf(node.name) };
    case 'variable':
      return typeof node.name === 'string' ? { k: 'name', v: node.name } : unknown('variable variable');
    case 'selfreference':
    case 'staticreference':
      return { k: 'name', v: 'self' };
    case 'parentreference':
      return { k: 'name', v: 'parent' };
    case 'propertylookup':
    case 'nullsafepropertylookup':
    case 'staticlookup':
      return lowerMember(state, node);
    case 'offsetlookup':
      return {
        k: 'index',
        of: lower(state, node.what),
        key: node.offset === false ? unknown('append') : lower(state, node.offset),
      };
    case 'bin':
      return lowerBinary(state, node);
    case 'unary':
    case 'pre':
    case 'post':
      return { k: 'op', op: textOf(node.type) || 'not', a: lower(state, node.what) };
    case 'cast':
    case 'silent':
      return lower(state, node.expr);
    case 'byref':
    case 'clone':
      return lower(state, node.what);
    case 'retif': {
      const test = lower(state, node.test);
      // `getenv('X') ?: 'y'` gives its test where that holds.
      const then = nodeOf(node.trueExpr) === undefined ? test : lower(state, node.trueExpr);
      return { k: 'if', test, then, else: lower(state, node.falseExpr) };
    }
    case 'array':
      return lowerArray(state, node);
    case 'call':
      return lowerCall(state, node, lower(state, node.what));
    case 'new':
      return lowerNew(state, node);
    case 'closure':
    case 'arrowfunc':
      return { k: 'function', scope: state.doors.functionScope(state, node, '') };
    case 'assign':
    case 'assignref':
      return state.doors.assignment(state, node);
    case 'include':
      return lowerInclude(state, node);
    case 'isset':
      return called(state, node, 'isset', nodesOf(node.variables));
    case 'empty':
    case 'print':
      return called(state, node, node.kind, [nodeOf(node.expression) ?? nodeOf(node.expr)]);
    case 'eval':
      return called(state, node, 'eval', [nodeOf(node.source)]);
    case 'exit':
      return called(state, node, 'exit', [nodeOf(node.expression)]);
    case 'match':
      return lowerMatch(state, node);
    case 'encapsedpart':
      return lower(state, node.expression);
    case 'throw':
      keep(state, lower(state, node.what), spanOf(state, node));
      return unknown('throw');
    case 'yield':
    case 'yieldfrom':
      if (nodeOf(node.value) !== undefined) keep(state, lower(state, node.value), spanOf(state, node));
      return unknown('yield');
    case 'variadic':
      keep(state, lower(state, node.what), spanOf(state, node));
      return unknown('spread');
    default:
      return unknown(node.kind);
  }
}

/** What is not part of the answer but happens. */
export function keep(state: Lowering, expr: Expr, at: Span): void {
  if (expr.k !== 'name' && expr.k !== 'number' && expr.k !== 'text' && expr.k !== 'unknown')
    addStatement(state, expr, at);
}

function called(state: Lowering, node: PhpNode, name: string, args: readonly (PhpNode | undefined)[]): Expr {
  const given = args.filter((arg) => arg !== undefined).map((arg) => lower(state, arg));
  return { k: 'call', fn: { k: 'name', v: name }, args: given, at: spanOf(state, node) };
}

/** Names as written; `\PDO` and `\getenv` are the global ones, which need no mark. */
export function seeName(state: Lowering, node: PhpNode): string {
  const name = textOf(node.name);
  return node.resolution === 'fqn' && name.lastIndexOf('\\') === 0 ? name.slice(1) : name || state.namespace;
}

function lowerMember(state: Lowering, node: PhpNode): Expr {
  if (nodeOf(node.what)?.kind === 'name') seeClass(state, nodeOf(node.what) as PhpNode);
  const of = lower(state, node.what);
  const offset = nodeOf(node.offset);
  const name = offset?.kind === 'identifier' || offset?.kind === 'variable' ? nameOf(offset) : '';
  if (name !== '' && !(offset?.kind === 'variable' && node.kind !== 'staticlookup'))
    return { k: 'member', of, v: name };
  return offset === undefined ? unknown('member') : { k: 'index', of, key: lower(state, offset) };
}

/** Classes of PHP itself are found without any file. */
const BUILT_IN =
  /^(?:PDO\w*|mysqli\w*|SQLite3\w*|\w*Exception|\w*Error|Throwable|Date\w*|std[Cc]lass|Array\w*|Closure|Generator|Iterator\w*|Countable|JsonSerializable|Stringable|Traversable|Spl\w+|Reflection\w*|Redis\w*|Memcached?|Mongo\w*|DOM\w+|Simple\w+|XML\w+|Zip\w+|Imagick\w*|Intl\w+|NumberFormatter|Collator|SoapClient|finfo|WeakMap|Random\w*|self|static|parent)$/;

/** A class of a namespace that no `use` brought: the autoloader looks for it in the same namespace. */
export function seeClass(state: Lowering, node: PhpNode): void {
  const name = textOf(node.name);
  const qualified = name.startsWith('\\') ? name.slice(1) : state.namespace === '' ? '' : `${state.namespace}\\${name}`;
  const first = name.replace(/\\.*$/, '');
  if (qualified === '' || !qualified.includes('\\') || BUILT_IN.test(name) || state.used.has(first.toLowerCase()))
    return;
  const key = `\\${qualified.toLowerCase()}`;
  if (state.used.has(key)) return;
  state.used.add(key);
  const last = qualified.slice(qualified.lastIndexOf('\\') + 1);
  state.facts.imports.push({
    module: qualified,
    names: [{ name: last, as: name }],
    kind: 'dynamic',
    guarded: true,
    scope: 0,
    at: spanOf(state, node),
  });
}

function lowerBinary(state: Lowering, node: PhpNode): Expr {
  const op = textOf(node.type);
  if (op === '.') return lowerConcat(state, node);
  // `a + b + c …` leans left, as deep as it is long.
  const right: PhpNode[] = [];
  let left = node;
  while (left.kind === 'bin' && left.type === op && nodeOf(left.left) !== undefined && right.length < 200) {
    right.push(left);
    left = nodeOf(left.left) as PhpNode;
  }
  let expr = lower(state, left);
  for (let bin = right.pop(); bin !== undefined; bin = right.pop()) {
    expr = { k: 'op', op, a: expr, b: lower(state, bin.right) };
  }
  return expr;
}

function lowerConcat(state: Lowering, node: PhpNode): Expr {
  const operands: PhpNode[] = [];
  const queue: PhpNode[] = [node];
  for (let one = queue.pop(); one !== undefined; one = queue.pop()) {
    if (one.kind === 'bin' && one.type === '.') {
      for (const side of [one.left, one.right]) {
        const operand = nodeOf(side);
        if (operand !== undefined) queue.push(operand);
      }
    } else operands.push(one);
  }
  operands.reverse();
  const written: Written[] = operands.flatMap((operand) => {
    const text = writtenOf(state, operand);
    return text ?? [{ value: '', hole: lower(state, operand) }];
  });
  return joined(state, written, spanOf(state, node), state.lines.lineAt(startOf(operands[0] ?? node)));
}

/** A literal or template as its parts; `undefined` for what is no text. */
function writtenOf(state: Lowering, node: PhpNode): Written[] | undefined {
  if (node.kind === 'string' || node.kind === 'nowdoc') {
    state.seen.add(startOf(node));
    const value = textOf(node.value);
    const raw = textOf(node.raw);
    const own = node.kind === 'string' && node.isDoubleQuote === true ? plainRaw(raw.slice(1, -1), value) : undefined;
    return [own === undefined ? { value } : { value, raw: own }];
  }
  if (node.kind !== 'encapsed' || node.type === 'shell') return undefined;
  state.seen.add(startOf(node));
  return nodesOf(node.value).map((part) => {
    const inner = nodeOf(part.expression) ?? part;
    if (inner.kind !== 'string') return { value: '', hole: lower(state, inner) };
    return { value: textOf(inner.value), raw: plainRaw(textOf(inner.raw), textOf(inner.value)) };
  });
}

function lowerText(state: Lowering, node: PhpNode): Expr {
  const at = spanOf(state, node);
  if (node.kind === 'encapsed' && node.type === 'shell') {
    const parts = nodesOf(node.value).map((part) => lower(state, part));
    return { k: 'call', fn: { k: 'name', v: 'shell_exec' }, args: [{ k: 'concat', parts, at }], at };
  }
  const here = node.kind === 'nowdoc' || node.type === 'heredoc' ? 1 : 0;
  return joined(state, writtenOf(state, node) ?? [], at, at[2] + here);
}

function joined(state: Lowering, written: readonly Written[], at: Span, line: number): Expr {
  const sql = sqlOf(written, at, line, (hole) => keep(state, hole, at));
  if (sql !== undefined) return sql;
  if (written.every(({ hole }) => hole === undefined)) {
    const v = written.map(({ value }) => value).join('');
    if (mayNameStore(v)) state.facts.texts.push({ v, at, scope: state.scope });
    return { k: 'text', v, at };
  }
  const v = written.map(({ value, hole }) => (hole === undefined ? value : '{}')).join('');
  if (mayNameStore(v)) state.facts.texts.push({ v, at, scope: state.scope, holes: true });
  const parts = written
    .filter(({ value, hole }) => hole !== undefined || value !== '')
    .map(({ value, hole }): Expr => hole ?? { k: 'text', v: value, at });
  return { k: 'concat', parts, at };
}

function lowerArray(state: Lowering, node: PhpNode): Expr {
  const items: Expr[] = [];
  const entries: (readonly [Expr, Expr])[] = [];
  let keyed = false;
  for (const entry of nodesOf(node.items)) {
    const value = entry.kind === 'entry' ? nodeOf(entry.value) : entry;
    const key = entry.kind === 'entry' ? nodeOf(entry.key) : undefined;
    const expr = entry.unpack === true || entry.kind === 'variadic' ? unknown('spread') : lower(state, value);
    if (expr.k === 'unknown' && expr.why === 'spread') keep(state, lower(state, value), spanOf(state, entry));
    keyed ||= key !== undefined;
    entries.push([key === undefined ? { k: 'number', v: items.length } : lower(state, key), expr]);
    items.push(expr);
  }
  return keyed ? { k: 'map', entries } : { k: 'list', items };
}

function lowerCall(state: Lowering, node: PhpNode, fn: Expr, made = false): Expr {
  const args: Expr[] = [];
  const named: Record<string, Expr> = {};
  for (const arg of nodesOf(node.arguments)) {
    if (arg.kind === 'namedargument')
      Object.defineProperty(named, nameOf(arg.name), { value: lower(state, arg.value), enumerable: true });
    else args.push(lower(state, arg));
  }
  return {
    k: 'call',
    fn,
    args,
    ...(Object.keys(named).length > 0 ? { named } : {}),
    ...(made ? { new: true as const } : {}),
    at: spanOf(state, node),
  };
}

function lowerNew(state: Lowering, node: PhpNode): Expr {
  const what = nodeOf(node.what);
  if (what?.kind === 'class') {
    const scope = state.doors.classScope(state, what, '');
    return lowerCall(state, node, { k: 'function', scope }, true);
  }
  if (what?.kind === 'name') seeClass(state, what);
  return lowerCall(state, node, lower(state, what), true);
}

function lowerInclude(state: Lowering, node: PhpNode): Expr {
  const word = `${node.require === true ? 'require' : 'include'}${node.once === true ? '_once' : ''}`;
  const target = lower(state, node.target);
  addInclude(state, node, target);
  return { k: 'call', fn: { k: 'name', v: word }, args: [target], at: spanOf(state, node) };
}

/** `as`: the variable that gets what the file returns. */
export function addInclude(state: Lowering, node: PhpNode, target: Expr, as?: string): void {
  const literal = nodeOf(node.target);
  const module = includeModule(target);
  const inFunction = state.scopes.some((scope, index) => index === state.scope && scope.kind === 'function');
  const names: ImportFact['names'] = [{ name: '*', as: '*' }];
  const at = literal === undefined ? spanOf(state, node) : lastTextOf(state, literal);
  state.facts.imports.push({
    module: module ?? null,
    names: as === undefined ? names : [{ name: 'default', as }, ...names],
    kind: inFunction ? 'dynamic' : 'static',
    ...(inFunction || state.maybe ? { guarded: true } : {}),
    scope: state.scope,
    at,
  });
}

/** The text at the end of a target, without its quotes: what an edit would replace. */
function lastTextOf(state: Lowering, target: PhpNode): Span {
  let node = target;
  while (node.kind === 'bin' && nodeOf(node.right) !== undefined) node = nodeOf(node.right) as PhpNode;
  const [start, end, line] = spanOf(state, node);
  return node.kind === 'string' ? [start + 1, Math.max(start + 1, end - 1), line] : [start, end, line];
}

/** `match` as the chain of conditions that it stands for. */
function lowerMatch(state: Lowering, node: PhpNode): Expr {
  const on = lower(state, node.cond);
  let expr: Expr = unknown('match');
  for (const arm of nodesOf(node.arms).slice(0, 50).toReversed()) {
    const then = lower(state, arm.body);
    const conditions = nodesOf(arm.conds).map((one) => lower(state, one));
    const [first, ...rest] = conditions.map((one): Expr => ({ k: 'op', op: '===', a: on, b: one }));
    const test = first === undefined ? undefined : rest.reduce((a, b): Expr => ({ k: 'op', op: '||', a, b }), first);
    expr = test === undefined ? then : { k: 'if', test, then, else: expr };
  }
  return expr;
}
