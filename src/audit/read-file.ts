/** Everything that the evaluator is asked about one file: what it opens and does, its variables, the tables it declares. */
import type { Evaluator } from '../bindings/evaluate.ts';
import { type FileOpenings, openingsOf } from '../bindings/openings.ts';
import { purposeOf } from '../bindings/purpose.ts';
import { shellOpenings } from '../bindings/shell-openings.ts';
import type { FileFacts, LanguageId } from '../code/facts.ts';
import type { RoleFound } from '../code/roles/model.ts';
import { rolesOf } from '../code/roles/roles-of.ts';
import type { VariableSite } from './code-model.ts';
import { declarationsOf, type LocalDeclaration } from './declarations.ts';
import { variablesOf } from './variables.ts';

export interface FileReading extends FileOpenings {
  readonly variables: readonly VariableSite[];
  readonly declarations: readonly LocalDeclaration[];
  /** What it is for, where it is a script. */
  readonly roles: readonly RoleFound[];
}

/** Languages in which a connection is opened, or a setting names one. */
const OPENS: ReadonlySet<LanguageId> = new Set<LanguageId>(['python', 'typescript', 'php', 'prisma', 'ini', 'toml']);

export function readFile(
  evaluator: Evaluator,
  path: string,
  facts: FileFacts,
  textOf: (path: string) => string | undefined,
): FileReading {
  const { openings, uses } = OPENS.has(facts.language)
    ? openingsOf(evaluator, path)
    : shellOpenings(path, facts, (line) => evaluator.program.source(path, line));
  return {
    openings,
    uses,
    variables: variablesOf(evaluator, path, facts),
    declarations: declarationsOf(evaluator, path, facts),
    roles: isScript(path, facts) ? rolesOf(facts, facts.language === 'shell' ? textOf(path) : undefined) : [],
  };
}

/** Something that a person or a schedule runs by itself. */
function isScript(path: string, facts: FileFacts): boolean {
  if (facts.language === 'shell') return true;
  if (purposeOf(path) === 'test' || purposeOf(path) === 'migration') return false;
  return facts.runnable === true || purposeOf(path) === 'script';
}
