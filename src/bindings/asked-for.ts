/**
 * `if path.exists(): sqlite3.connect(path)`: where the file is absent, the line does not run. Which paths a function asks for is
 * noted with what it opens after that; whether it is the same path is told in each context, when both are known (`bind.ts`).
 */
import { type CallSite, callsOf } from '../code/calls.ts';
import type { FileFacts } from '../code/facts.ts';
import type { Evaluator } from './evaluate.ts';
import type { Symbolic } from './symbol.ts';
import { asSymbol, type Opening } from './value.ts';

const ASKS =
  /^(?:exists|lexists|isfile|is_file|pathExists|pathExistsSync|existsSync|file_exists|is_readable|fileExists|access|accessSync|stat|statSync|lstat|lstatSync)$/;
/** Questions of one file that are looked at. */
const MOST = 40;

interface Question {
  readonly start: number;
  readonly scope: number;
  readonly path: Symbolic;
}

/** The openings of a file, each with the paths that were asked for before it, in its function or around it. */
export function withQuestions(evaluator: Evaluator, file: string, openings: readonly Opening[]): readonly Opening[] {
  const reads = openings.filter(({ creates, target }) => !creates && target !== undefined);
  if (reads.length === 0) return openings;
  const facts = evaluator.program.facts(file);
  const sites = callsOf(facts);
  const questions = sites
    .filter(({ name }) => ASKS.test(name))
    .slice(0, MOST)
    .flatMap((site) => questionOf(evaluator, file, site));
  if (questions.length === 0) return openings;
  const scopes = new Map(sites.map(({ call, scope }) => [call.at[0], scope]));
  return openings.map((opening) => {
    if (opening.creates || opening.target === undefined) return opening;
    // The second opening of one call is one behind its start.
    const scope = scopes.get(opening.start) ?? scopes.get(opening.start - 1);
    const around = scope === undefined ? new Set([0]) : chainOf(facts, scope);
    const askedFor = questions
      .filter((question) => question.start < opening.start && around.has(question.scope))
      .map(({ path }) => path);
    return askedFor.length === 0 ? opening : { ...opening, askedFor };
  });
}

/** `path.exists()` of pathlib, `os.path.exists(path)`. */
function questionOf(evaluator: Evaluator, file: string, { call, scope }: CallSite): readonly Question[] {
  const [start, , line] = call.at;
  const [given] = call.args;
  const expr = given ?? (call.fn.k === 'member' ? call.fn.of : undefined);
  if (expr === undefined) return [];
  const path = asSymbol(evaluator.evaluate(expr, { file, scope, before: start + 1, line }));
  return path.s === 'hole' || path.s === 'nothing' ? [] : [{ start, scope, path }];
}

function chainOf({ scopes }: FileFacts, from: number): ReadonlySet<number> {
  const chain = new Set<number>();
  for (let scope = from; scope >= 0 && !chain.has(scope); scope = scopes[scope]?.parent ?? -1) chain.add(scope);
  return chain;
}
