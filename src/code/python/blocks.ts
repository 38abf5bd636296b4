/** Functions and classes: their scopes, and the blocks below them. */
import type { Expr, Param } from '../facts.ts';
import {
  accept,
  advance,
  type Cursor,
  expect,
  fail,
  kindAfter,
  kindOf,
  skipRest,
  span,
  UNREADABLE,
  wordOf,
} from './cursor.ts';
import { annotation, closeScope, expression, parameters } from './expression.ts';
import * as t from './tokens.ts';

type Block = (c: Cursor) => void;

/** Stands behind `def`; `start` is where the statement starts. */
export function readFunction(
  c: Cursor,
  start: number,
  decorators: readonly Expr[],
  isAsync: boolean,
  block: Block,
): void {
  const name = nameOf(c);
  typeParameters(c);
  expect(c, t.OPEN_ROUND);
  const params = leniently(c, () => parameters(c, t.CLOSE_ROUND)) ?? [];
  expect(c, t.CLOSE_ROUND);
  if (accept(c, t.ARROW)) leniently(c, () => annotation(c));
  inScope(c, start, block, {
    kind: 'function',
    name,
    ...(params.length > 0 ? { params } : {}),
    ...(isAsync ? { async: true } : {}),
    ...(decorators.length > 0 ? { decorators } : {}),
  });
}

/** Stands behind `class`. `metaclass=M`, `table=True` stand among the bases as `{ k: 'op', op: '=' }`. */
export function readClass(c: Cursor, start: number, decorators: readonly Expr[], block: Block): void {
  const name = nameOf(c);
  typeParameters(c);
  const bases: Expr[] = [];
  if (accept(c, t.OPEN_ROUND)) {
    leniently(c, () => {
      while (kindOf(c) !== t.CLOSE_ROUND) {
        if (!accept(c, t.STAR)) accept(c, t.POWER);
        if (kindOf(c) === t.NAME && kindAfter(c, 1) === t.ASSIGN) {
          const a: Expr = { k: 'name', v: wordOf(c) };
          advance(c);
          advance(c);
          bases.push({ k: 'op', op: '=', a, b: expression(c) });
        } else bases.push(expression(c));
        if (kindOf(c) !== t.CLOSE_ROUND) expect(c, t.COMMA);
      }
    });
    expect(c, t.CLOSE_ROUND);
  }
  inScope(c, start, block, {
    kind: 'class',
    name,
    ...(bases.length > 0 ? { bases } : {}),
    ...(decorators.length > 0 ? { decorators } : {}),
  });
}

interface Head {
  readonly kind: 'class' | 'function';
  readonly name: string;
  readonly params?: Param[];
  readonly async?: true;
  readonly decorators?: readonly Expr[];
  readonly bases?: readonly Expr[];
}

function inScope(c: Cursor, start: number, block: Block, head: Head): void {
  const outer = { scope: c.scope, maybe: c.maybe, elsewhere: c.elsewhere };
  const at = span(c, start, start);
  c.scopes.push({ ...head, parent: c.scope, at, lastLine: at[2] });
  const scope = c.scopes.length - 1;
  c.scope = scope;
  c.maybe = false;
  c.elsewhere = undefined;
  try {
    block(c);
  } finally {
    closeScope(c, scope);
    Object.assign(c, outer);
  }
}

function nameOf(c: Cursor): string {
  if (kindOf(c) !== t.NAME) fail(c);
  const name = wordOf(c);
  advance(c);
  return name;
}

/** `[T: Base = Default]` says nothing of stores. */
function typeParameters(c: Cursor): void {
  if (!accept(c, t.OPEN_SQUARE)) return;
  skipRest(c);
  expect(c, t.CLOSE_SQUARE);
}

/** Where a head cannot be read (Python 2 unpacks in it), its block is still one of a function or class. */
function leniently<T>(c: Cursor, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error !== UNREADABLE) throw error;
    skipRest(c);
    return undefined;
  }
}
