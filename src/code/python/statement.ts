/**
 * Statements, each after the other: what cannot be read is skipped to the end of its line, and its block is read all the
 * same. Whole because compound statements and blocks call each other; blocks deeper than CPython allows are skipped.
 */
import type { Expr } from '../facts.ts';
import { readClass, readFunction } from './blocks.ts';
import {
  accept,
  advance,
  type Cursor,
  expect,
  fail,
  isWord,
  kindAfter,
  kindOf,
  lastEnd,
  setAside,
  span,
  startOf,
  UNREADABLE,
  wordOf,
} from './cursor.ts';
import { annotation, arithmetic, expression, expressions, returned, yielded } from './expression.ts';
import { skipImport } from './import-statement.ts';
import { isMatch, readMatch } from './match-statement.ts';
import { assignTo, bind, holdUntil, spelled } from './targets.ts';
import * as t from './tokens.ts';

/** CPython allows 100 levels of indentation. */
const MAX_BLOCKS = 100;

/** The whole file. */
export function readModule(c: Cursor): void {
  while (kindOf(c) !== t.END) {
    const before = c.at;
    statementOrSkip(c);
    // A dedent or indent that belongs to nothing.
    if (c.at === before) advance(c);
  }
}

function statementOrSkip(c: Cursor): void {
  const { scope, maybe, elsewhere, depth, blocks } = c;
  try {
    statement(c);
  } catch (error) {
    if (error !== UNREADABLE) throw error;
    Object.assign(c, { scope, maybe, elsewhere, depth, blocks });
    skipLine(c);
    if (kindOf(c) === t.INDENT) indented(c);
  }
}

function skipLine(c: Cursor): void {
  while (kindOf(c) !== t.NEWLINE && kindOf(c) !== t.END) advance(c);
  accept(c, t.NEWLINE);
}

/** `: …` on the same line, or the lines below it. */
function block(c: Cursor): void {
  if (!accept(c, t.COLON)) fail(c, "expected ':'");
  if (!accept(c, t.NEWLINE)) {
    simpleLine(c);
    return;
  }
  if (kindOf(c) !== t.INDENT) fail(c, 'expected an indented block');
  indented(c);
}

function indented(c: Cursor): void {
  advance(c);
  if (c.blocks >= MAX_BLOCKS) {
    for (let open = 1; open > 0 && kindOf(c) !== t.END; advance(c)) {
      if (kindOf(c) === t.INDENT) open++;
      else if (kindOf(c) === t.DEDENT) open--;
    }
    return;
  }
  c.blocks++;
  while (kindOf(c) !== t.DEDENT && kindOf(c) !== t.END) {
    if (kindOf(c) === t.INDENT) {
      t.complain(c.tokens, startOf(c), 'unexpected indent');
      indented(c);
    } else statementOrSkip(c);
  }
  c.blocks--;
  accept(c, t.DEDENT);
}

/** A block that may not be run. */
function perhaps(c: Cursor, from = c.assigns.length): void {
  const { maybe } = c;
  c.maybe = true;
  block(c);
  c.maybe = maybe;
  holdUntil(c, from, lastEnd(c));
}

function simpleLine(c: Cursor): void {
  do {
    if (kindOf(c) === t.NEWLINE) break;
    simple(c);
  } while (accept(c, t.SEMICOLON));
  if (!accept(c, t.NEWLINE) && kindOf(c) !== t.END) fail(c);
}

function tested(c: Cursor): void {
  const start = startOf(c);
  note(c, expression(c), start, { test: true });
}

function note(
  c: Cursor,
  value: Expr,
  start: number,
  detail: { readonly test?: true; readonly as?: string } = {},
): void {
  if (value.k === 'unknown' && detail.as === undefined && !detail.test) return;
  c.statements.push({
    scope: c.scope,
    value,
    at: span(c, start, lastEnd(c)),
    ...(c.maybe ? { maybe: true } : {}),
    ...detail,
  });
}

function statement(c: Cursor): void {
  const start = startOf(c);
  switch (kindOf(c)) {
    case t.IF:
    case t.WHILE:
      advance(c);
      tested(c);
      perhaps(c);
      while (accept(c, t.ELIF)) {
        tested(c);
        perhaps(c);
      }
      if (accept(c, t.ELSE)) perhaps(c);
      return;
    case t.FOR:
      loop(c);
      return;
    case t.TRY:
      attempt(c);
      return;
    case t.WITH:
      withStatement(c);
      return;
    case t.DEF:
      advance(c);
      readFunction(c, start, [], false, block);
      return;
    case t.CLASS:
      advance(c);
      readClass(c, start, [], block);
      return;
    case t.AT:
      decorated(c);
      return;
    case t.ASYNC:
      advance(c);
      if (accept(c, t.DEF)) {
        readFunction(c, start, [], true, block);
        return;
      }
      if (kindOf(c) === t.FOR) {
        loop(c);
        return;
      }
      if (kindOf(c) === t.WITH) {
        withStatement(c);
        return;
      }
      fail(c);
      return;
    case t.NEWLINE:
      advance(c);
      return;
    case t.INDENT:
      t.complain(c.tokens, start, 'unexpected indent');
      indented(c);
      return;
    case t.NAME:
      if (isWord(c, 'match') && isMatch(c)) {
        readMatch(c, perhaps, note);
        return;
      }
  }
  simpleLine(c);
}

function decorated(c: Cursor): void {
  const decorators: Expr[] = [];
  while (accept(c, t.AT)) {
    decorators.push(expression(c));
    expect(c, t.NEWLINE);
  }
  const start = startOf(c);
  const isAsync = accept(c, t.ASYNC);
  if (accept(c, t.DEF)) {
    readFunction(c, start, decorators, isAsync, block);
    return;
  }
  if (accept(c, t.CLASS)) {
    readClass(c, start, decorators, block);
    return;
  }
  fail(c);
}

function loop(c: Cursor): void {
  advance(c);
  const start = startOf(c);
  const target = expressions(c, arithmetic);
  if (!accept(c, t.IN)) fail(c);
  const overStart = startOf(c);
  const over = expressions(c);
  note(c, over, overStart);
  const from = c.assigns.length;
  bind(c, target, over, start, lastEnd(c));
  perhaps(c, from);
  if (accept(c, t.ELSE)) perhaps(c);
}

function attempt(c: Cursor): void {
  advance(c);
  perhaps(c);
  while (accept(c, t.EXCEPT)) {
    const from = c.assigns.length;
    accept(c, t.STAR);
    if (kindOf(c) !== t.COLON) {
      setAside(c, expression(c));
      while (accept(c, t.COMMA)) {
        // Python 3.14 takes several classes without brackets; Python 2 names the exception here.
        if (kindOf(c) === t.NAME && kindAfter(c, 1) === t.COLON && /^[a-z]/.test(wordOf(c))) {
          t.complain(c.tokens, startOf(c), 'Python 2 except clause');
        }
        expression(c);
      }
      if (accept(c, t.AS)) {
        const start = startOf(c);
        const name = expression(c);
        const { maybe } = c;
        c.maybe = true;
        assignTo(c, name, { k: 'unknown', why: 'exception' }, start, lastEnd(c));
        c.maybe = maybe;
      }
    }
    perhaps(c, from);
  }
  if (accept(c, t.ELSE)) perhaps(c);
  if (accept(c, t.FINALLY)) block(c);
}

function withStatement(c: Cursor): void {
  advance(c);
  const grouped = kindOf(c) === t.OPEN_ROUND && isGroup(c);
  if (grouped) advance(c);
  do {
    if (grouped && kindOf(c) === t.CLOSE_ROUND) break;
    const start = startOf(c);
    const value = expression(c);
    if (!accept(c, t.AS)) {
      note(c, value, start);
      continue;
    }
    const target = arithmetic(c);
    if (target.k !== 'list') note(c, value, start, { as: spelled(target) });
    else {
      note(c, value, start);
      assignTo(c, target, value, start, lastEnd(c));
    }
  } while (accept(c, t.COMMA));
  if (grouped) expect(c, t.CLOSE_ROUND);
  block(c);
}

/** `with (a as b, c):`: the bracket closes right before the colon, and `as` or a comma stands in it. */
function isGroup(c: Cursor): boolean {
  const { data } = c.tokens;
  let depth = 0;
  let several = false;
  for (let at = c.at; ; at += t.STRIDE) {
    const kind = data[at] as number;
    if (kind === 40 || kind === 91 || kind === 123) depth++;
    else if ((kind === 41 || kind === 93 || kind === 125) && --depth === 0)
      return several && data[at + t.STRIDE] === t.COLON;
    else if (kind === t.NEWLINE || kind === t.END) return false;
    else if (depth === 1 && (kind === t.AS || kind === t.COMMA)) several = true;
  }
}

function simple(c: Cursor): void {
  const start = startOf(c);
  switch (kindOf(c)) {
    case t.PASS:
    case t.BREAK:
    case t.CONTINUE:
      advance(c);
      return;
    case t.IMPORT:
    case t.FROM:
      skipImport(c);
      return;
    case t.GLOBAL:
    case t.NONLOCAL:
      elsewhere(c);
      return;
    case t.DEL:
      advance(c);
      setAside(c, expressions(c));
      return;
    case t.ASSERT: {
      advance(c);
      tested(c);
      if (accept(c, t.COMMA)) setAside(c, expression(c));
      return;
    }
    case t.RETURN: {
      advance(c);
      if (kindOf(c) === t.NEWLINE || kindOf(c) === t.SEMICOLON || kindOf(c) === t.END) return;
      const value = kindOf(c) === t.YIELD ? yielded(c) : expressions(c);
      if (!returned(c, value)) note(c, value, start);
      return;
    }
    case t.RAISE: {
      advance(c);
      if (kindOf(c) === t.NEWLINE || kindOf(c) === t.SEMICOLON) return;
      note(c, expression(c), start);
      if (accept(c, t.FROM)) setAside(c, expression(c));
      else if (kindOf(c) === t.COMMA) {
        t.complain(c.tokens, start, 'Python 2 raise statement');
        while (accept(c, t.COMMA)) setAside(c, expression(c));
      }
      return;
    }
    case t.STRING:
      // A docstring says nothing that is run.
      if (kindAfter(c, 1) === t.NEWLINE) {
        advance(c);
        return;
      }
      break;
    case t.NAME:
      if (kindAfter(c, 1) === t.NAME && isWord(c, 'type')) {
        typeAlias(c);
        return;
      }
      if ((isWord(c, 'print') || isWord(c, 'exec')) && isOldStatement(c)) {
        t.complain(c.tokens, start, `Python 2 ${wordOf(c)} statement`);
        advance(c);
        setAside(c, expressions(c));
        return;
      }
  }
  expressionStatement(c, start);
}

function isOldStatement(c: Cursor): boolean {
  const kind = kindAfter(c, 1);
  return kind === t.STRING || kind === t.TEMPLATE || kind === t.NAME || kind === t.NUMBER;
}

function typeAlias(c: Cursor): void {
  advance(c);
  advance(c);
  if (accept(c, t.OPEN_SQUARE)) {
    while (kindOf(c) !== t.ASSIGN && kindOf(c) !== t.NEWLINE && kindOf(c) !== t.END) advance(c);
  }
  expect(c, t.ASSIGN);
  annotation(c);
}

function elsewhere(c: Cursor): void {
  const isGlobal = kindOf(c) === t.GLOBAL;
  do {
    advance(c);
    if (kindOf(c) !== t.NAME) fail(c);
    let scope = 0;
    if (!isGlobal) {
      scope = c.scopes[c.scope]?.parent ?? 0;
      while (scope > 0 && c.scopes[scope]?.kind !== 'function') scope = c.scopes[scope]?.parent ?? 0;
    }
    c.elsewhere ??= new Map();
    c.elsewhere.set(wordOf(c), Math.max(0, scope));
    advance(c);
  } while (kindOf(c) === t.COMMA);
}

function expressionStatement(c: Cursor, start: number): void {
  const first = kindOf(c) === t.YIELD ? yielded(c) : expressions(c);
  const kind = kindOf(c);
  if (kind === t.COLON) {
    annotated(c, first, start);
    return;
  }
  if (kind === t.AUGMENT) {
    const op = wordOf(c).slice(0, -1);
    advance(c);
    const value = right(c);
    if (op === '+' || op === '|') assignTo(c, first, value, start, lastEnd(c), { adds: true });
    else assignTo(c, first, { k: 'op', op, a: first, b: value }, start, lastEnd(c));
    return;
  }
  if (kind !== t.ASSIGN) {
    note(c, first, start);
    changes(c, first, start);
    return;
  }
  const targets = [first];
  let value = first;
  while (accept(c, t.ASSIGN)) {
    value = right(c);
    targets.push(value);
  }
  targets.pop();
  const end = lastEnd(c);
  for (const target of targets) assignTo(c, target, value, start, end);
}

function right(c: Cursor): Expr {
  return kindOf(c) === t.YIELD ? yielded(c) : expressions(c);
}

/** `name: type = value`. Without a value it is said of a class only, where it may be a setting or a column. */
function annotated(c: Cursor, target: Expr, start: number): void {
  advance(c);
  const type = annotation(c);
  if (accept(c, t.ASSIGN)) {
    const value = right(c);
    assignTo(c, target, value, start, lastEnd(c), { type });
  } else if (c.scopes[c.scope]?.kind === 'class') {
    assignTo(c, target, { k: 'unknown', why: 'declared' }, start, lastEnd(c), { type });
  }
}

/** `paths.append(x)` and `config.update(URI=x)` change what `paths` and `config["URI"]` are. */
function changes(c: Cursor, expr: Expr, start: number): void {
  if (expr.k !== 'call' || expr.fn.k !== 'member') return;
  const { of, v } = expr.fn;
  const [argument] = expr.args;
  const end = lastEnd(c);
  if ((v === 'append' || v === 'add') && argument !== undefined && expr.args.length === 1) {
    assignTo(c, of, { k: 'list', items: [argument] }, start, end, { adds: true });
  } else if (v === 'extend' && argument !== undefined) assignTo(c, of, argument, start, end, { adds: true });
  else if (v === 'update') {
    for (const [key, value] of Object.entries(expr.named ?? {})) {
      const at = span(c, start, start);
      assignTo(c, { k: 'index', of, key: { k: 'text', v: key, at } }, value, start, end);
    }
    if (argument?.k !== 'map') return;
    for (const [key, value] of argument.entries) {
      if (key.k === 'text') assignTo(c, { k: 'index', of, key }, value, start, end);
    }
  }
}
