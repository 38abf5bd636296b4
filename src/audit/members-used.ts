/** Members of a module that a file uses through the names that it took: `getPool` of `db.getPool()` (trap C8). */
import { pushChildren } from '../code/calls.ts';
import type { Expr, FileFacts } from '../code/facts.ts';
import type { Code } from './code-model.ts';
import type { ModuleUse } from './users-of.ts';
import { linesOf } from './words-of-code.ts';

const STEPS = 200_000;
const MEMBER = /\.\s*([A-Za-z_$][\w$]*)/g;

/** Those of `among`: most files have no such member, and need not be read whole to tell that. */
export function membersUsedBy(use: ModuleUse, among: ReadonlySet<string>, code: Code): readonly string[] {
  const locals = [...new Set([...use.names.map(({ as }) => as), ...(use.as === undefined ? [] : [use.as])])].sort();
  const question = `members of ${locals.join(' ')} among ${[...among].sort().join(' ')}`;
  return code.answer(use.path, question, () => {
    const isMember = ([, name = '']: RegExpMatchArray): boolean => among.has(name);
    if (![...linesOf(code, use.path).join('\n').matchAll(MEMBER)].some(isMember)) return [];
    return [...membersUsed(code.structureOf(use.path), new Set(locals))].filter((name) => among.has(name));
  });
}

/** `locals`: names that the file gives to what it took. */
export function membersUsed(facts: FileFacts, locals: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set<string>();
  const queue: Expr[] = [];
  for (const { value } of facts.assigns) queue.push(value);
  for (const { value } of facts.statements) queue.push(value);
  for (const { returns = [] } of facts.scopes) queue.push(...returns);
  let steps = 0;
  for (let expr = queue.pop(); expr !== undefined && steps++ < STEPS; expr = queue.pop()) {
    if (expr.k === 'member' && takenFrom(expr.of, locals)) found.add(expr.v);
    pushChildren(expr, queue);
  }
  return found;
}

/** `db`, `db()`, `await db()`: what a taken function or class gives counts as taken. */
function takenFrom(expr: Expr, locals: ReadonlySet<string>): boolean {
  let at = expr;
  for (let depth = 0; depth < 20; depth++) {
    if (at.k === 'name') return locals.has(at.v);
    if (at.k === 'call') at = at.fn;
    else if (at.k === 'op' && at.op === 'await') at = at.a;
    else return false;
  }
  return false;
}
