/** What the evaluator asks of the libraries' models, and what such a model is: a table of names for each language. */
import type { Call } from '../../code/calls.ts';
import type { Assign, Expr, FileFacts, LanguageId, Scope } from '../../code/facts.ts';
import type { Evaluator, Standing } from '../evaluate.ts';
import type { Source } from '../symbol.ts';
import type { Value } from '../value.ts';

export interface Libraries {
  /** A name that the language itself defines: `__file__`, `__dirname`. */
  name(language: LanguageId, name: string, file: string): Value | undefined;
  /** The name under which a module's members are known: `node:path` and `path` are one. */
  moduleName(language: LanguageId, module: string): string;
  attribute(language: LanguageId, of: string, name: string, source: Source): Value | undefined;
  textAttribute(of: Value & { v: 'symbol' }, name: string): Value | undefined;
  madeAttribute(of: Value & { v: 'made' }, name: string, evaluator: Evaluator, source: Source): Value | undefined;
  index(language: LanguageId, of: Value, key: string | undefined, expr: Expr, source: Source): Value | undefined;
  /** The module that a `require()` call names. */
  require(call: Call): string | undefined;
  call(name: string, call: Call, at: Standing, evaluator: Evaluator, self: Value | undefined): Value | undefined;
  /** `%` of Python. */
  format(pattern: Value, args: Value): Value | undefined;
  /** A field of a settings class that a variable of the environment fills. */
  settingsField(facts: FileFacts, owner: Scope, assign: Assign, source: Source): Value | undefined;
}

/** A call that is being read: its arguments, evaluated when asked for. */
export interface Reading {
  readonly call: Call;
  readonly at: Standing;
  readonly evaluator: Evaluator;
  readonly self: Value | undefined;
  readonly source: Source;
  /** By position or keyword. */
  arg(index: number, name?: string): Value | undefined;
}

export type LibraryFunction = (reading: Reading) => Value | undefined;

export function readingOf(call: Call, at: Standing, evaluator: Evaluator, self: Value | undefined): Reading {
  return {
    call,
    at,
    evaluator,
    self,
    source: evaluator.program.source(at.file, call.at[2]),
    arg: (index, name) => evaluator.argument(call, index, name, at),
  };
}
