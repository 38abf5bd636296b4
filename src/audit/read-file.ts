/** Everything that the evaluator is asked about one file: what it opens and does, its variables, the tables it declares. */
import type { Evaluator } from '../bindings/evaluate.ts';
import { type FileOpenings, openingsOf } from '../bindings/openings.ts';
import { shellOpenings } from '../bindings/shell-openings.ts';
import type { FileFacts, LanguageId } from '../code/facts.ts';
import type { VariableSite } from './code-model.ts';
import { declarationsOf, type LocalDeclaration } from './declarations.ts';
import { variablesOf } from './variables.ts';

export interface FileReading extends FileOpenings {
  readonly variables: readonly VariableSite[];
  readonly declarations: readonly LocalDeclaration[];
}

/** Languages in which a connection is opened, or a setting names one. */
const OPENS: ReadonlySet<LanguageId> = new Set<LanguageId>(['python', 'typescript', 'php', 'prisma', 'ini', 'toml']);

export function readFile(evaluator: Evaluator, path: string, facts: FileFacts): FileReading {
  const { openings, uses } = OPENS.has(facts.language)
    ? openingsOf(evaluator, path)
    : shellOpenings(path, facts, (line) => evaluator.program.source(path, line));
  return {
    openings,
    uses,
    variables: variablesOf(evaluator, path, facts),
    declarations: declarationsOf(evaluator, path, facts),
  };
}
