/** Finds the calls and settings of a file that open a store, and what is done through the connections they give. */
import { type Call, type CallSite, callsOf } from '../code/calls.ts';
import type { Expr, FileFacts, SqlUse } from '../code/facts.ts';
import { withQuestions } from './asked-for.ts';
import type { Evaluator, Standing } from './evaluate.ts';
import type { TableUse } from './model.ts';
import { OPENING_WORDS } from './openers/index.ts';
import { ormUses } from './orm.ts';
import { settingsOpenings } from './settings.ts';
import { type ConnectionUse, connectionsIn, type Opening, openingKey } from './value.ts';

export interface FileOpenings {
  readonly openings: readonly Opening[];
  readonly uses: readonly ConnectionUse[];
}

/** Modules whose own name is what is called: `new Database()` of `better-sqlite3`. */
const CALLED_MODULES =
  /^(?:better-sqlite3|knex|sequelize|libsql|bun:sqlite|postgres|ioredis|pg-promise|@photostructure\/sqlite|better-sqlite3-multiple-ciphers)/;

export function openingsOf(evaluator: Evaluator, file: string): FileOpenings {
  const openings = openingsIn(evaluator, file);
  const uses: ConnectionUse[] = [];
  for (const site of callsOf(evaluator.program.facts(file))) {
    const found = usesAt(evaluator, file, site);
    if (found !== undefined) uses.push(found);
  }
  return { openings, uses };
}

/** For who does not ask what is done there: that is most of the work. */
export function openingsIn(evaluator: Evaluator, file: string): readonly Opening[] {
  const facts = evaluator.program.facts(file);
  const openings = new Map<string, Opening>();
  const words = calledWords(facts);
  for (const site of callsOf(facts)) {
    if (!words.has(site.name) && site.name !== '') continue;
    if (site.name === '' && site.call.fn.k !== 'call') continue;
    if (!couldOpen(evaluator, file, site)) continue;
    for (const opening of connectionsIn(evaluator.evaluate(site.call, standing(file, site)))) {
      if (opening.file !== file || !startsAt(opening, site)) continue;
      for (const one of splitUp(opening)) openings.set(openingKey(one), one);
    }
  }
  for (const opening of settingsOpenings(evaluator, file)) openings.set(openingKey(opening), opening);
  return withQuestions(evaluator, file, [...openings.values()]);
}

/** The second opening of one call (`copy(from, to)`) is one behind its start. */
const startsAt = ({ start }: Opening, { call }: CallSite): boolean => start === call.at[0] || start === call.at[0] + 1;

/** What is reached through a parameter is known only at its callers: they are read themselves. */
function couldOpen(evaluator: Evaluator, file: string, { call, scope, name }: CallSite): boolean {
  if (ANY_METHOD.test(name)) return true;
  let root = call.fn;
  while (root.k === 'member' || root.k === 'call' || root.k === 'index') root = root.k === 'call' ? root.fn : root.of;
  if (root.k !== 'name') return root.k === 'text';
  const found = evaluator.program.lookUp(file, scope, root.v, call.at[0] + 1);
  return found === undefined || found.candidates.some(({ is }) => is !== 'param');
}

/** Methods that open a file whatever they are called on. */
const ANY_METHOD = /^(?:to_csv|to_json|write_csv|open|read_text|read_bytes|write_text|write_bytes)$/;

const standing = (file: string, site: CallSite): Standing => ({
  file,
  scope: site.scope,
  before: site.call.at[0] + 1,
  line: site.call.at[2],
});

function calledWords(facts: FileFacts): ReadonlySet<string> {
  const words = new Set(OPENING_WORDS);
  for (const { module, as, names } of facts.imports) {
    const named = names.filter(({ name }) => OPENING_WORDS.has(name) || name === 'default' || name === 'connect');
    for (const { as: local } of named) words.add(local);
    if (module !== null && CALLED_MODULES.test(module) && as !== undefined) words.add(as);
    if (module === MAKES_OPENERS) for (const maker of [as, ...named.map((one) => one.as)]) addMade(facts, maker, words);
  }
  return words;
}

/** What it gives is called to open something: `const pgp = pgPromise()`, `pgp(url)`. */
const MAKES_OPENERS = 'pg-promise';

function addMade({ assigns }: FileFacts, maker: string | undefined, words: Set<string>): void {
  for (const { to, value } of assigns)
    if (value.k === 'call' && value.fn.k === 'name' && value.fn.v === maker) words.add(to);
}

/** A path that is one of several, as the callers give it, is several openings of one call. */
function splitUp(opening: Opening): readonly Opening[] {
  let target = opening.target;
  while (target?.s === 'from') target = target.value;
  if (target?.s !== 'either') return [opening];
  // `path = None` that a loop fills: nobody opens nothing.
  const given = target.of.filter(({ value }) => value.s !== 'nothing');
  return (given.length > 0 ? given : target.of).map(({ value, when }) => ({ ...opening, target: value, when }));
}

/** `run(path, 'SELECT …')`: what the project's own function does with the text it is given. */
function throughFunction(evaluator: Evaluator, call: Call, at: Standing, level: number): readonly Opening[] {
  if (level > 3) return [];
  const fn = evaluator.evaluate(call.fn, at);
  if (fn.v !== 'function') return [];
  const frame = evaluator.frameOf(fn, call, at);
  if (frame === undefined) return [];
  const given = new Set([...frame.args].flatMap(([name, value]) => (value.v === 'sql' ? [name] : [])));
  const facts = evaluator.program.facts(fn.file);
  const found: Opening[] = [];
  for (const { call: inner, scope } of callsOf(facts)) {
    if (scope !== fn.scope || !inner.args.some((arg) => arg.k === 'name' && given.has(arg.v))) continue;
    const here: Standing = { file: fn.file, scope, before: inner.at[0] + 1, line: inner.at[2], frame };
    const receiver = inner.fn.k === 'member' ? connectionsIn(evaluator.evaluate(inner.fn.of, here)) : [];
    const passed =
      receiver.length > 0 ? receiver : inner.args.flatMap((arg) => connectionsIn(evaluator.evaluate(arg, here)));
    found.push(...(passed.length > 0 ? passed : throughFunction(evaluator, inner, here, level + 1)));
  }
  return found;
}

/** Calls whose argument may be a statement that stands elsewhere: `db.execute(QUERY)`. */
const RUNS_SQL =
  /^(?:exec\w*|\w*[qQ]uery\w*|prepare|run|all|get|each|raw|\$\w+|read_sql\w*|text|fetch\w*|do|unsafe|scalars?|many|one|none)$/;

/** SQL or an ORM's call at one place. */
function usesAt(evaluator: Evaluator, file: string, site: CallSite): ConnectionUse | undefined {
  const at = standing(file, site);
  const uses: TableUse[] = [];
  const runs = RUNS_SQL.test(site.name);
  for (const arg of site.call.args) {
    if (arg.k !== 'sql' && !runs) continue;
    for (const use of sqlOf(evaluator, arg, at))
      uses.push(tableUse(use, file, arg.k === 'sql' ? use.line : site.call.at[2]));
  }
  if (uses.length > 0) {
    const receiver = site.call.fn.k === 'member' ? evaluator.evaluate(site.call.fn.of, at) : undefined;
    const direct = receiver === undefined ? [] : connectionsIn(receiver);
    const passed =
      direct.length > 0 ? direct : site.call.args.flatMap((arg) => connectionsIn(evaluator.evaluate(arg, at)));
    const found = passed.length > 0 ? passed : throughFunction(evaluator, site.call, at, 0);
    return { openings: found.flatMap(splitUp).map(openingKey), uses, followed: found.length > 0 };
  }
  return ormUses(evaluator, file, site, at);
}

function tableUse(use: SqlUse, path: string, line: number): TableUse {
  return { table: use.table, access: use.access, path, line };
}

function sqlOf(evaluator: Evaluator, expr: Expr, at: Standing): readonly SqlUse[] {
  if (expr.k === 'sql') return expr.uses;
  if (expr.k !== 'name' && expr.k !== 'member' && expr.k !== 'call' && expr.k !== 'op' && expr.k !== 'if') return [];
  // `text("SELECT …")`, `sql.raw(…)`, `.format()` of SQL.
  if (expr.k === 'call') {
    const inner = expr.args.find((arg) => arg.k === 'sql');
    if (inner?.k === 'sql') return inner.uses;
    if (expr.fn.k === 'member') return sqlOf(evaluator, expr.fn.of, at);
    return [];
  }
  const value = evaluator.evaluate(expr, at);
  if (value.v === 'sql') return value.uses;
  return value.v === 'either' ? value.of.flatMap((one) => (one.value.v === 'sql' ? one.value.uses : [])) : [];
}
