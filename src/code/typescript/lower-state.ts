/** What is carried along while a tree is lowered to facts, and the doors between the parts that need one another. */
import type {
  ArrowFunctionExpression,
  Class,
  Expression,
  Function as FunctionNode,
  Statement as StatementNode,
} from 'oxc-parser';
import type { Draft } from '../empty-facts.ts';
import type { Assign, Expr, Scope, Span, Statement } from '../facts.ts';
import type { Lines } from '../text-lines.ts';

/** A scope while its returns are still to come. */
export type ScopeDraft = { -readonly [K in keyof Scope]: Scope[K] };

export interface Lowering {
  readonly text: string;
  readonly lines: Lines;
  readonly facts: Draft;
  readonly scopes: ScopeDraft[];
  /** Starts of the spellings of modules, which are no texts. */
  readonly modules: ReadonlySet<number>;
  scope: number;
  /** Inside if, try, a loop or a switch of this scope. */
  maybe: boolean;
  depth: number;
  expression(node: Expression): Expr;
  /** Lowers a function into a scope of its own and gives its number. */
  functionScope(node: FunctionNode | ArrowFunctionExpression, name: string, decorators?: readonly Expr[]): number;
  classScope(node: Class, name: string): number;
  statements(nodes: readonly StatementNode[]): void;
}

/** Nesting that is followed; what is deeper is said to be. */
export const MOST_DEPTH = 300;

export function spanOf(state: Lowering, node: { readonly start: number; readonly end: number }): Span {
  return [node.start, node.end, state.lines.lineAt(node.start)];
}

export function addAssign(
  state: Lowering,
  to: string,
  value: Expr,
  node: { readonly start: number; readonly end: number },
  more: { readonly adds?: boolean; readonly type?: string | undefined } = {},
): void {
  state.facts.assigns.push({
    scope: state.scope,
    to,
    value,
    at: spanOf(state, node),
    ...(state.maybe ? { maybe: true } : {}),
    ...(more.adds ? { adds: true } : {}),
    ...(more.type === undefined ? {} : { type: more.type }),
  });
}

export function addStatement(
  state: Lowering,
  value: Expr,
  node: { readonly start: number; readonly end: number },
  more: Pick<Statement, 'as' | 'test'> = {},
): void {
  const { scope } = state;
  state.facts.statements.push({
    scope,
    value,
    at: spanOf(state, node),
    ...(state.maybe ? { maybe: true } : {}),
    ...more,
  });
}

/** Runs `work` as something that may not happen; what it assigns surely happened up to `end`, where no inner part says less. */
export function perhaps<T>(state: Lowering, end: number, work: () => T): T {
  const { maybe, scope } = state;
  const { assigns } = state.facts;
  const from = assigns.length;
  state.maybe = true;
  const result = work();
  state.maybe = maybe;
  for (let index = from; index < assigns.length; index++) {
    const assign = assigns[index] as { -readonly [K in keyof Assign]: Assign[K] };
    if (assign.maybe === true && assign.until === undefined && assign.scope === scope) assign.until = end;
  }
  return result;
}
