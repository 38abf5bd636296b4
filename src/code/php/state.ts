/** What is carried along while a tree is lowered to facts. */
import type { Draft } from '../empty-facts.ts';
import type { Assign, Expr, Scope, Span, Statement } from '../facts.ts';
import type { Lines } from '../text-lines.ts';
import { endOf, type PhpNode, startOf } from './parse.ts';

export type ScopeDraft = { -readonly [K in keyof Scope]: Scope[K] };

/** Ways to the parts that need one another: files do not import each other in circles. */
export interface Doors {
  /** Records an assignment and gives its value. */
  assignment(state: Lowering, node: PhpNode): Expr;
  /** These give the number of the new scope. */
  functionScope(state: Lowering, node: PhpNode, name: string): number;
  classScope(state: Lowering, node: PhpNode, name: string): number;
  statements(state: Lowering, nodes: readonly PhpNode[]): void;
}

export interface Lowering {
  readonly doors: Doors;
  readonly text: string;
  readonly lines: Lines;
  readonly facts: Draft;
  readonly scopes: ScopeDraft[];
  /** `App\Models` and the names that `use` brought, for classes that an autoloader finds. */
  namespace: string;
  readonly used: Set<string>;
  /** Starts of the texts that the tree holds: what it lost is read from marks. */
  readonly seen: Set<number>;
  scope: number;
  maybe: boolean;
  depth: number;
}

/** Nesting that is followed; what is deeper is said to be. */
export const MOST_DEPTH = 300;

export function spanOf(state: Lowering, node: PhpNode): Span {
  const start = startOf(node);
  return [start, endOf(node), state.lines.lineAt(start)];
}

export function addAssign(state: Lowering, to: string, value: Expr, at: Span, adds = false, type?: string): void {
  state.facts.assigns.push({
    scope: state.scope,
    to,
    value,
    at,
    ...(state.maybe ? { maybe: true } : {}),
    ...(adds ? { adds: true } : {}),
    ...(type === undefined || type === '' ? {} : { type }),
  });
}

export function addStatement(state: Lowering, value: Expr, at: Span, more: Pick<Statement, 'as' | 'test'> = {}): void {
  state.facts.statements.push({ scope: state.scope, value, at, ...(state.maybe ? { maybe: true } : {}), ...more });
}

/** Runs `work` as something that may not happen; what it assigns surely happened up to `end`, where no inner part says less. */
export function perhaps(state: Lowering, end: number, work: () => void): void {
  const { maybe, scope } = state;
  const { assigns } = state.facts;
  const from = assigns.length;
  state.maybe = true;
  work();
  state.maybe = maybe;
  for (let index = from; index < assigns.length; index++) {
    const assign = assigns[index] as { -readonly [K in keyof Assign]: Assign[K] };
    if (assign.maybe === true && assign.until === undefined && assign.scope === scope) assign.until = end;
  }
}

/** Runs `work` in a new scope and gives its number. */
export function inScope(state: Lowering, scope: ScopeDraft, work: () => void): number {
  const number = state.scopes.length;
  state.scopes.push(scope);
  const { scope: outer, maybe } = state;
  state.scope = number;
  state.maybe = false;
  work();
  state.scope = outer;
  state.maybe = maybe;
  return number;
}
