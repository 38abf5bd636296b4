/**
 * Expressions by recursive descent and precedence climbing, straight into `Expr`. Whole in one file because the rules call each
 * other in a circle. Recursion is limited (`depth`), and so is what comes out (`height`); what is deeper is unknown.
 */
import type { Expr, Param } from '../facts.ts';
import {
  accept,
  advance,
  type Cursor,
  expect,
  fail,
  grown,
  kindAfter,
  kindOf,
  lastEnd,
  MAX_DEPTH,
  setAside,
  skipRest,
  span,
  startOf,
  TOO_DEEP,
  wordOf,
} from './cursor.ts';
import { type HoleReader, readStrings } from './literal.ts';
import { settle } from './sql-text.ts';
import { assignTo, bind } from './targets.ts';
import * as t from './tokens.ts';

/** A data file's list is not read to its end. */
const MAX_ITEMS = 5_000;

/** Levels of the binary operators, from `|` to `*`. */
const PRECEDENCE = new Uint8Array(256);
PRECEDENCE[124] = 1;
PRECEDENCE[94] = 2;
PRECEDENCE[38] = 3;
PRECEDENCE[t.LEFT] = PRECEDENCE[t.RIGHT] = 4;
PRECEDENCE[43] = PRECEDENCE[45] = 5;
PRECEDENCE[t.STAR] = PRECEDENCE[t.SLASH] = PRECEDENCE[37] = PRECEDENCE[t.FLOOR] = PRECEDENCE[t.AT] = 6;

const COMPARISONS = new Uint8Array(256);
for (const kind of [60, 62, t.EQUAL, t.UNEQUAL, t.AT_MOST, t.AT_LEAST, t.IN, t.IS, t.NOT]) COMPARISONS[kind] = 1;

/** `a if b else c`, a lambda, `x := y`: one item of a list, one argument. */
export function expression(c: Cursor): Expr {
  if (c.depth >= MAX_DEPTH) {
    skipRest(c);
    c.height = 0;
    return TOO_DEEP;
  }
  c.depth++;
  const expr = kindOf(c) === t.LAMBDA ? lambda(c) : conditional(c);
  c.depth--;
  return expr;
}

function conditional(c: Cursor): Expr {
  if (kindOf(c) === t.NAME && kindAfter(c, 1) === t.WALRUS) return walrus(c);
  const then = disjunction(c);
  if (kindOf(c) !== t.IF) return then;
  let height = c.height;
  advance(c);
  const test = disjunction(c);
  height = Math.max(height, c.height);
  if (!accept(c, t.ELSE)) fail(c, "expected 'else'");
  const otherwise = expression(c);
  return grown(c, Math.max(height, c.height) + 1, { k: 'if', test, then, else: otherwise });
}

/** The name is assigned and, as an expression, stands for itself, so that a call is not seen twice. */
function walrus(c: Cursor): Expr {
  const start = startOf(c);
  const name: Expr = { k: 'name', v: wordOf(c) };
  advance(c);
  advance(c);
  const value = expression(c);
  assignTo(c, name, value, start, lastEnd(c));
  return grown(c, 0, name);
}

function lambda(c: Cursor): Expr {
  const start = startOf(c);
  advance(c);
  const outer = { scope: c.scope, maybe: c.maybe, elsewhere: c.elsewhere };
  const params = parameters(c, t.COLON);
  expect(c, t.COLON);
  const scope = openScope(c, start, params);
  c.maybe = false;
  c.elsewhere = undefined;
  const body = expression(c);
  const draft = c.scopes[scope];
  if (draft !== undefined) {
    draft.returns = [body];
    closeScope(c, scope);
  }
  Object.assign(c, outer);
  return grown(c, 0, { k: 'function', scope });
}

/** A function without a name, into which the cursor goes. */
function openScope(c: Cursor, start: number, params?: Param[]): number {
  const at = span(c, start, start);
  c.scopes.push({
    kind: 'function',
    name: '',
    parent: c.scope,
    at,
    lastLine: at[2],
    ...(params !== undefined && params.length > 0 ? { params } : {}),
  });
  c.scope = c.scopes.length - 1;
  return c.scope;
}

export function closeScope(c: Cursor, scope: number): void {
  const draft = c.scopes[scope];
  if (draft === undefined) return;
  const end = lastEnd(c);
  draft.at = [draft.at[0], end, draft.at[2]];
  draft.lastLine = c.lines.lineAt(Math.max(draft.at[0], end - 1));
}

/** Up to `close`, which stays. */
export function parameters(c: Cursor, close: number): Param[] {
  const params: Param[] = [];
  while (kindOf(c) !== close) {
    const rest = kindOf(c) === t.STAR || kindOf(c) === t.POWER;
    if (rest) advance(c);
    if (kindOf(c) === t.NAME) {
      const name = wordOf(c);
      advance(c);
      let type: string | undefined;
      if (close === t.CLOSE_ROUND && accept(c, t.COLON)) type = annotation(c);
      const value = accept(c, t.ASSIGN) ? expression(c) : undefined;
      params.push({
        name,
        ...(value === undefined ? {} : { default: value }),
        ...(rest ? { rest } : {}),
        ...(type === undefined ? {} : { type }),
      });
    } else if (kindOf(c) === t.SLASH) advance(c);
    else if (!rest) fail(c);
    if (kindOf(c) !== close) expect(c, t.COMMA);
  }
  return params;
}

const LONGEST_TYPE = 80;

/** A type as written, in one line. */
export function annotation(c: Cursor): string {
  const start = startOf(c);
  if (kindOf(c) === t.STAR) advance(c);
  const { statements, assigns } = c;
  const kept = statements.length;
  const bound = assigns.length;
  expression(c);
  statements.length = kept;
  assigns.length = bound;
  const end = lastEnd(c);
  const type = c.text.slice(start, Math.min(end, start + 400)).replace(/\s+/g, ' ');
  return type.length > LONGEST_TYPE ? `${type.slice(0, LONGEST_TYPE)}…` : type;
}

function disjunction(c: Cursor): Expr {
  let left = conjunction(c);
  while (kindOf(c) === t.OR) {
    const height = c.height;
    advance(c);
    const b = conjunction(c);
    left = grown(c, Math.max(height, c.height) + 1, { k: 'op', op: 'or', a: left, b });
  }
  return left;
}

function conjunction(c: Cursor): Expr {
  let left = inversion(c);
  while (kindOf(c) === t.AND) {
    const height = c.height;
    advance(c);
    const b = inversion(c);
    left = grown(c, Math.max(height, c.height) + 1, { k: 'op', op: 'and', a: left, b });
  }
  return left;
}

function inversion(c: Cursor): Expr {
  let turns = 0;
  while (accept(c, t.NOT)) turns++;
  let expr = comparison(c);
  for (; turns > 0; turns--) expr = grown(c, c.height + 1, { k: 'op', op: 'not', a: expr });
  return expr;
}

function comparison(c: Cursor): Expr {
  let left = arithmetic(c);
  while (COMPARISONS[kindOf(c)] === 1) {
    const height = c.height;
    const op = comparisonSign(c);
    const b = arithmetic(c);
    left = grown(c, Math.max(height, c.height) + 1, { k: 'op', op, a: left, b });
  }
  return left;
}

function comparisonSign(c: Cursor): string {
  const kind = kindOf(c);
  let sign = wordOf(c);
  advance(c);
  if (kind === t.NOT) {
    if (!accept(c, t.IN)) fail(c);
    return 'not in';
  }
  if (kind === t.IS && accept(c, t.NOT)) return 'is not';
  if (sign === '<>') sign = '!=';
  return sign;
}

/** The part of an expression that may be put together to SQL; read without comparisons, as loops' targets need it. */
export function arithmetic(c: Cursor): Expr {
  return settle(climb(c, 1), (hole) => setAside(c, hole));
}

function climb(c: Cursor, lowest: number): Expr {
  let left = factor(c);
  for (;;) {
    const level = PRECEDENCE[kindOf(c)] as number;
    if (level < lowest) return left;
    const height = c.height;
    const op = wordOf(c);
    advance(c);
    const b = climb(c, level + 1);
    // Two literals are one, as they are to CPython.
    if (op === '+' && left.k === 'text' && b.k === 'text') {
      left = grown(c, 0, { k: 'text', v: left.v + b.v, at: [left.at[0], b.at[1], left.at[2]] });
    } else left = grown(c, Math.max(height, c.height) + 1, { k: 'op', op, a: left, b });
  }
}

function factor(c: Cursor): Expr {
  const kind = kindOf(c);
  if (kind !== 45 && kind !== 43 && kind !== 126) return power(c);
  const signs: string[] = [];
  for (let sign = kindOf(c); sign === 45 || sign === 43 || sign === 126; sign = kindOf(c)) {
    signs.push(wordOf(c));
    advance(c);
  }
  let expr = power(c);
  for (const op of signs.reverse()) {
    if (op === '-' && expr.k === 'number') expr = { k: 'number', v: -expr.v };
    else expr = grown(c, c.height + 1, { k: 'op', op, a: expr });
  }
  return expr;
}

function power(c: Cursor): Expr {
  while (accept(c, t.AWAIT)) {
    // What is awaited is what matters.
  }
  const base = postfix(c);
  if (kindOf(c) !== t.POWER) return base;
  let height = c.height;
  advance(c);
  if (c.depth >= MAX_DEPTH) {
    skipRest(c);
    c.height = 0;
    return TOO_DEEP;
  }
  c.depth++;
  const b = factor(c);
  c.depth--;
  height = Math.max(height, c.height);
  return grown(c, height + 1, { k: 'op', op: '**', a: base, b });
}

function postfix(c: Cursor): Expr {
  const start = startOf(c);
  let expr = atom(c);
  for (;;) {
    const kind = kindOf(c);
    if (kind === t.DOT) {
      advance(c);
      if (kindOf(c) !== t.NAME) fail(c);
      const v = wordOf(c);
      const of = settle(expr, (hole) => setAside(c, hole), v === 'format' ? 'format' : undefined);
      advance(c);
      expr = grown(c, c.height + 1, { k: 'member', of, v });
    } else if (kind === t.OPEN_ROUND) expr = call(c, expr, start);
    else if (kind === t.OPEN_SQUARE) expr = subscript(c, expr);
    else return expr;
  }
}

function call(c: Cursor, fn: Expr, start: number): Expr {
  let height = c.height;
  const args: Expr[] = [];
  const spreads: Expr[] = [];
  let named: Record<string, Expr> | undefined;
  if (c.comprehensions.has(c.at)) {
    args.push(comprehension(c, t.CLOSE_ROUND));
    return grown(c, height + 1, { k: 'call', fn, args, at: span(c, start, lastEnd(c)) });
  }
  advance(c);
  while (kindOf(c) !== t.CLOSE_ROUND) {
    const kind = kindOf(c);
    if (kind === t.STAR || kind === t.POWER) {
      advance(c);
      const inner = expression(c);
      setAside(c, inner);
      if (kind === t.POWER) spreads.push(inner);
      args.push({ k: 'unknown', why: 'spread' });
    } else if (kind === t.NAME && kindAfter(c, 1) === t.ASSIGN) {
      const key = wordOf(c);
      advance(c);
      advance(c);
      const value = expression(c);
      named ??= {};
      if (key !== '__proto__') named[key] = value;
    } else {
      const value = expression(c);
      if (args.length < MAX_ITEMS) args.push(value);
    }
    height = Math.max(height, c.height);
    if (kindOf(c) !== t.CLOSE_ROUND) expect(c, t.COMMA);
  }
  advance(c);
  return grown(c, height + 1, {
    k: 'call',
    fn,
    args,
    ...(named === undefined ? {} : { named }),
    ...(spreads.length === 0 ? {} : { spreads }),
    at: span(c, start, lastEnd(c)),
  });
}

function subscript(c: Cursor, of: Expr): Expr {
  let height = c.height;
  advance(c);
  const keys: Expr[] = [];
  let comma = false;
  while (kindOf(c) !== t.CLOSE_SQUARE) {
    keys.push(slice(c));
    height = Math.max(height, c.height);
    if (kindOf(c) !== t.CLOSE_SQUARE) {
      expect(c, t.COMMA);
      comma = true;
    }
  }
  if (keys.length === 0) fail(c);
  advance(c);
  const [only] = keys;
  const key: Expr = only !== undefined && !comma ? only : { k: 'list', items: keys };
  return grown(c, height + 2, { k: 'index', of, key });
}

function slice(c: Cursor): Expr {
  let cut = false;
  let value: Expr | undefined;
  const ends = (): boolean => kindOf(c) === t.COLON || kindOf(c) === t.COMMA || kindOf(c) === t.CLOSE_SQUARE;
  for (let part = 0; part < 3; part++) {
    if (!ends()) {
      const expr = starred(c);
      if (value === undefined && part === 0) value = expr;
      else setAside(c, expr);
    }
    if (kindOf(c) !== t.COLON || part === 2) break;
    advance(c);
    cut = true;
  }
  if (!cut) return value ?? fail(c);
  if (value !== undefined) setAside(c, value);
  return grown(c, 0, { k: 'unknown', why: 'slice' });
}

/** `*x` or `x`. */
function starred(c: Cursor, item: (c: Cursor) => Expr = expression): Expr {
  if (!accept(c, t.STAR)) return item(c);
  const inner = item(c);
  const spread: Expr = { k: 'unknown', why: 'spread' };
  c.stars.set(spread, inner);
  return grown(c, 0, spread);
}

/** `a` or `a, b` or `*a, b`: up to what cannot begin an item. `item` reads one of them. */
export function expressions(c: Cursor, item: (c: Cursor) => Expr = expression): Expr {
  const first = starred(c, item);
  if (kindOf(c) !== t.COMMA) return first;
  let height = c.height;
  const items = [first];
  while (accept(c, t.COMMA)) {
    if (endsList(kindOf(c))) break;
    const value = starred(c, item);
    height = Math.max(height, c.height);
    if (items.length < MAX_ITEMS) items.push(value);
  }
  return grown(c, height + 1, { k: 'list', items });
}

function endsList(kind: number): boolean {
  if (kind === t.NEWLINE || kind === t.END || kind === t.ASSIGN || kind === t.COLON || kind === t.SEMICOLON)
    return true;
  return kind === t.CLOSE_ROUND || kind === t.CLOSE_SQUARE || kind === t.CLOSE_CURLY || kind === t.IN || kind === 33;
}

/** Notes what the function that is read returns; false outside of one. */
export function returned(c: Cursor, value: Expr): boolean {
  const draft = c.scopes[c.scope];
  if (draft?.kind !== 'function') return false;
  draft.returns ??= [];
  draft.returns.push(value);
  return true;
}

/** What a function yields counts as what it returns: a context manager and a generator give it to who uses them. */
export function yielded(c: Cursor): Expr {
  advance(c);
  const from = accept(c, t.FROM);
  const kind = kindOf(c);
  if (!endsList(kind)) {
    const value = expressions(c);
    if (from || !returned(c, value)) setAside(c, value);
  }
  return grown(c, 0, { k: 'unknown', why: 'yield' });
}

function atom(c: Cursor): Expr {
  const kind = kindOf(c);
  switch (kind) {
    case t.NAME: {
      const v = wordOf(c);
      advance(c);
      return grown(c, 0, { k: 'name', v });
    }
    case t.STRING:
    case t.TEMPLATE:
      return readStrings(c, HOLES);
    case t.NUMBER: {
      const written = wordOf(c).replaceAll('_', '');
      advance(c);
      const v = Number(written);
      return grown(c, 0, Number.isNaN(v) ? { k: 'unknown', why: 'number' } : { k: 'number', v });
    }
    case t.NONE:
      advance(c);
      return grown(c, 0, { k: 'null' });
    case t.TRUE:
    case t.FALSE:
      advance(c);
      return grown(c, 0, { k: 'bool', v: kind === t.TRUE });
    case t.ELLIPSIS:
      advance(c);
      return grown(c, 0, { k: 'unknown', why: '...' });
    case t.OPEN_ROUND:
      return round(c);
    case t.OPEN_SQUARE:
      return square(c);
    case t.OPEN_CURLY:
      return curly(c);
    case t.BAD:
      // Said by the scanner; what stands around it can be read.
      advance(c);
      return grown(c, 0, { k: 'unknown', why: 'not Python' });
    default:
      return fail(c);
  }
}

const HOLES: HoleReader = {
  read: (c) => (kindOf(c) === t.YIELD ? yielded(c) : expressions(c)),
  aside: setAside,
};

function round(c: Cursor): Expr {
  if (c.comprehensions.has(c.at)) return comprehension(c, t.CLOSE_ROUND);
  advance(c);
  if (accept(c, t.CLOSE_ROUND)) return grown(c, 0, { k: 'list', items: [] });
  const expr = kindOf(c) === t.YIELD ? yielded(c) : expressions(c);
  expect(c, t.CLOSE_ROUND);
  return expr;
}

function square(c: Cursor): Expr {
  if (c.comprehensions.has(c.at)) return comprehension(c, t.CLOSE_SQUARE);
  advance(c);
  const items: Expr[] = [];
  let height = 0;
  while (kindOf(c) !== t.CLOSE_SQUARE) {
    const item = starred(c);
    height = Math.max(height, c.height);
    if (items.length < MAX_ITEMS) items.push(item);
    if (kindOf(c) !== t.CLOSE_SQUARE) expect(c, t.COMMA);
  }
  advance(c);
  return grown(c, height + 1, { k: 'list', items });
}

function curly(c: Cursor): Expr {
  if (c.comprehensions.has(c.at)) return comprehension(c, t.CLOSE_CURLY);
  advance(c);
  const items: Expr[] = [];
  const entries: (readonly [Expr, Expr])[] = [];
  let height = 0;
  while (kindOf(c) !== t.CLOSE_CURLY) {
    if (accept(c, t.POWER)) {
      const value = expression(c);
      height = Math.max(height, c.height);
      entries.push([{ k: 'unknown', why: 'spread' }, value]);
    } else {
      const key = starred(c);
      height = Math.max(height, c.height);
      if (accept(c, t.COLON)) {
        const value = expression(c);
        height = Math.max(height, c.height);
        if (entries.length < MAX_ITEMS) entries.push([key, value]);
      } else if (items.length < MAX_ITEMS) items.push(key);
    }
    if (kindOf(c) !== t.CLOSE_CURLY) expect(c, t.COMMA);
  }
  advance(c);
  return grown(c, height + 1, items.length > 0 ? { k: 'list', items } : { k: 'map', entries });
}

/**
 * A comprehension is a function of its own, as it is to CPython: what it binds is not seen outside, and its parts are
 * statements there. Its value is unknown. Stands on the opening bracket.
 */
function comprehension(c: Cursor, close: number): Expr {
  const start = startOf(c);
  const outer = { scope: c.scope, maybe: c.maybe };
  advance(c);
  const scope = openScope(c, start);
  c.maybe = true;
  if (!accept(c, t.POWER)) accept(c, t.STAR);
  setAside(c, expression(c));
  if (accept(c, t.COLON)) setAside(c, expression(c));
  let first = true;
  while (kindOf(c) !== close) {
    if (accept(c, t.IF)) {
      setAside(c, disjunction(c));
      continue;
    }
    accept(c, t.ASYNC);
    expect(c, t.FOR);
    const targetStart = startOf(c);
    const target = expressions(c, arithmetic);
    if (!accept(c, t.IN)) fail(c);
    // The first thing that is looped over is evaluated outside.
    if (first) Object.assign(c, outer);
    const over = disjunction(c);
    setAside(c, over);
    c.scope = scope;
    c.maybe = true;
    first = false;
    bind(c, target, over, targetStart, lastEnd(c));
  }
  advance(c);
  closeScope(c, scope);
  Object.assign(c, outer);
  return grown(c, 0, { k: 'unknown', why: 'comprehension' });
}
