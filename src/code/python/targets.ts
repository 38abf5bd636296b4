/** What is assigned to: names, attributes, keys, and several of them at once. */
import type { Assign, Expr } from '../facts.ts';
import { type Cursor, setAside, span } from './cursor.ts';

const LONGEST_TARGET = 200;

/** `self.path`, `app.config["URI"]`: as written, blanks and quotes made the same. */
export function spelled(expr: Expr): string {
  switch (expr.k) {
    case 'name':
      return expr.v;
    case 'member':
      return `${spelled(expr.of)}.${expr.v}`;
    case 'index':
      return `${spelled(expr.of)}[${spelled(expr.key)}]`;
    case 'call':
      return `${spelled(expr.fn)}(${expr.args.length === 0 && expr.named === undefined ? '' : '…'})`;
    case 'text':
      return JSON.stringify(expr.v);
    case 'number':
      return String(expr.v);
    case 'list':
      return expr.items.slice(0, 10).map(spelled).join(', ');
    default:
      return '…';
  }
}

export interface AssignDetail {
  readonly adds?: boolean;
  readonly type?: string | undefined;
}

/** One assignment for each name, attribute or key in `target`. */
export function assignTo(
  c: Cursor,
  target: Expr,
  value: Expr,
  start: number,
  end: number,
  detail: AssignDetail = {},
): void {
  if (target.k === 'list') {
    assignParts(c, target.items, value, start, end);
    return;
  }
  if (target.k !== 'name' && target.k !== 'member' && target.k !== 'index') return;
  asideCalls(c, target);
  const to = spelled(target);
  // Beyond the module's scope a name belongs to where `global` says; what hangs on a name is not moved.
  const elsewhere = target.k === 'name' ? c.elsewhere?.get(target.v) : undefined;
  c.assigns.push({
    scope: elsewhere ?? c.scope,
    to: to.length > LONGEST_TARGET ? to.slice(0, LONGEST_TARGET) : to,
    value,
    at: span(c, start, end),
    ...(c.maybe || elsewhere !== undefined ? { maybe: true } : {}),
    // When that function runs, no block around it tells.
    ...(elsewhere === undefined ? {} : { until: 0 }),
    ...(detail.adds ? { adds: true } : {}),
    ...(detail.type === undefined ? {} : { type: detail.type }),
  });
}

/** `cache[key()].path = …`: what is called on the way is called. */
function asideCalls(c: Cursor, target: Expr): void {
  for (let at = target; at.k === 'member' || at.k === 'index'; at = at.of) {
    if (at.of.k === 'call') setAside(c, at.of);
    if (at.k === 'index') setAside(c, at.key);
  }
}

function assignParts(c: Cursor, targets: readonly Expr[], value: Expr, start: number, end: number): void {
  const starAt = targets.findIndex((target) => c.stars.has(target));
  const pairwise =
    value.k === 'list' &&
    value.items.length === targets.length &&
    starAt < 0 &&
    !value.items.some((item) => c.stars.has(item));
  targets.forEach((target, index) => {
    const behindStar = c.stars.get(target);
    const part: Expr =
      behindStar !== undefined || (starAt >= 0 && index > starAt)
        ? { k: 'unknown', why: 'unpacked' }
        : pairwise
          ? ((value as Expr & { k: 'list' }).items[index] as Expr)
          : { k: 'index', of: value, key: { k: 'number', v: index } };
    assignTo(c, behindStar ?? target, part, start, end);
  });
}

/** What was assigned from `from` on, in a block that may not run, surely happened up to `end`. An inner block has said so of its own. */
export function holdUntil(c: Cursor, from: number, end: number): void {
  for (let index = from; index < c.assigns.length; index++) {
    const assign = c.assigns[index] as { -readonly [K in keyof Assign]: Assign[K] };
    if (assign.maybe === true && assign.until === undefined && assign.scope === c.scope) assign.until = end;
  }
}

/** A loop's target: it gets each item of `over` in turn. */
export function bind(c: Cursor, target: Expr, over: Expr, start: number, end: number): void {
  const { maybe } = c;
  c.maybe = true;
  const each: Expr = mentions(over, target)
    ? { k: 'unknown', why: 'each' }
    : { k: 'index', of: over, key: { k: 'unknown', why: 'each' } };
  assignTo(c, target, each, start, end);
  c.maybe = maybe;
}

/** `for path in path.parents`: the names on both sides are not the same thing. */
function mentions(over: Expr, target: Expr): boolean {
  const bound = new Set<string>();
  const targets: Expr[] = [target];
  for (let next = targets.pop(); next !== undefined; next = targets.pop()) {
    if (next.k === 'name') bound.add(next.v);
    else if (next.k === 'list') for (const item of next.items) targets.push(item);
  }
  const queue: Expr[] = [over];
  let patience = 200;
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (patience-- === 0) return true;
    if (next.k === 'name' && bound.has(next.v)) return true;
    if (next.k === 'member') queue.push(next.of);
    else if (next.k === 'index') queue.push(next.of, next.key);
    else if (next.k === 'call') {
      queue.push(next.fn);
      for (const arg of next.args) queue.push(arg);
      if (next.named !== undefined) for (const arg of Object.values(next.named)) queue.push(arg);
    } else if (next.k === 'op') {
      queue.push(next.a);
      if (next.b !== undefined) queue.push(next.b);
    } else if (next.k === 'list') for (const item of next.items) queue.push(item);
    else if (next.k === 'if') queue.push(next.then, next.else);
    else if (next.k === 'concat') for (const part of next.parts) queue.push(part);
  }
  return false;
}
