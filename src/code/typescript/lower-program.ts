/** A parsed file to its facts: the parts that lower expressions, functions and statements are joined here. */
import type { Program, Statement as StatementNode } from 'oxc-parser';
import type { Draft } from '../empty-facts.ts';
import type { ImportFact, Scope } from '../facts.ts';
import type { Lines } from '../text-lines.ts';
import { lowerExpression } from './lower-expression.ts';
import { lowerClass, lowerFunction } from './lower-function.ts';
import type { Lowering } from './lower-state.ts';
import { lowerStatements } from './lower-statement.ts';

/** Fills `facts`, whose imports, exports and prose are there already. */
export function lowerProgram(program: Program, text: string, lines: Lines, facts: Draft): void {
  const state: Lowering = {
    text,
    lines,
    facts,
    scopes: [{ kind: 'module', name: '', parent: -1, at: [0, text.length, 1], lastLine: lines.count }],
    modules: new Set(facts.imports.map(({ at }) => at[0])),
    scope: 0,
    maybe: false,
    depth: 0,
    expression: (node) => lowerExpression(state, node),
    functionScope: (node, name, decorators) => lowerFunction(state, node, name, decorators),
    classScope: (node, name) => lowerClass(state, node, name),
    statements: (nodes) => lowerStatements(state, nodes),
  };
  lowerStatements(state, program.body as readonly StatementNode[]);
  facts.scopes = state.scopes;
  facts.imports = facts.imports.map((fact) => inScope(fact, state.scopes));
  facts.assigns.sort((x, y) => x.at[0] - y.at[0]);
  facts.statements.sort((x, y) => x.at[0] - y.at[0]);
  facts.texts.sort((x, y) => x.at[0] - y.at[0]);
}

/** The innermost scope around an import; most stand in the module itself. */
function inScope(fact: ImportFact, scopes: readonly Scope[]): ImportFact {
  if (!fact.guarded) return fact;
  for (let number = scopes.length - 1; number > 0; number--) {
    const { at } = scopes[number] as Scope;
    if (at[0] <= fact.at[0] && fact.at[1] <= at[1]) return { ...fact, scope: number };
  }
  return fact;
}
