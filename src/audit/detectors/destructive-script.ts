/** Scripts that delete data and ask nobody (trap C18). */
import { purposeOf } from '../../bindings/purpose.ts';
import { callsOf } from '../../code/calls.ts';
import type { FileFacts } from '../../code/facts.ts';
import type { Mark, RoleFound } from '../../code/roles/model.ts';
import type { Code } from '../code-model.ts';
import type { Detector, Facts } from '../model.ts';
import { type OwnTables, ownTables } from '../own-tables.ts';
import { removedStores } from '../removed-stores.ts';
import { count, list } from '../wording.ts';

export const destructiveScript: Detector = {
  doc: {
    code: 'destructive-script',
    title: 'A script deletes data without asking',
    severity: 'high',
    when: 'A script that is run by itself drops tables, deletes or truncates without a condition, or removes store files, and neither looks at the environment nor asks, nor needs an option such as --yes.',
    why: 'Run in the wrong folder or with the wrong variable it empties the live store.',
    fix: 'Refuse where the environment says production, ask for a typed word, take a backup first.',
    not: 'Scripts with a guard, modules that others import and that do it only when they are called, tests, numbered migrations, temporary files, tables that the script makes itself under a name like `test_x`. A schema in SQL that drops each table before it declares it is low.',
  },
  detect(facts) {
    const { code } = facts;
    return [...code.roles].flatMap(([path, roles]) => {
      const acts = withoutTried(
        path,
        roles.filter(({ destructive, guards }) => destructive && guards.length === 0),
        facts,
      );
      if (acts.length === 0 || isOnlyOffered(path, acts, code)) return [];
      const marks = marksOf(acts);
      const bindings = code.bindings.filter((binding) => binding.path === path);
      const opened = bindings.flatMap(({ store }) => (store === null ? [] : [store]));
      const removed = removedStores(path, marks, facts);
      const stores = [...new Set([...opened, ...removed])].sort();
      const server = bindings.some(({ target }) => target.kind === 'server');
      const onlyScratch =
        bindings.length > 0 && bindings.every(({ target }) => target.kind === 'temporary' || target.kind === 'memory');
      if (onlyScratch && removed.length === 0) return [];
      const isDeclared = stores.length === 0 && !server && makesAnew(path, marks, code);
      return [
        {
          severity:
            stores.length > 0 || server ? ('high' as const) : isDeclared ? ('low' as const) : ('medium' as const),
          confidence: 'likely' as const,
          message: `${path} deletes data and asks nobody${stores.length > 0 ? ` (${list(stores)})` : ''}.`,
          at: [...new Set(marks.map(({ line }) => line))].slice(0, 6).map((line) => ({ path, line })),
          stores,
          evidence: [
            ...marks.slice(0, 6).map(({ line, text }) => `line ${line}: ${text}`),
            ...(marks.length > 6 ? [`and ${count(marks.length - 6, 'more line')}`] : []),
            ...(isDeclared ? ['each table that it drops it makes again, empty'] : []),
            'nothing asks before: no look at the environment, no question, no required option',
          ],
          consequence: 'Started in the wrong place it empties the store that people use.',
          action: 'Let it refuse in production, ask for a typed word, and back up before.',
        },
      ];
    });
  },
};

/** `DROP TABLE x`, `DELETE x without WHERE`. */
const wipedTable = ({ text }: Mark): string | undefined =>
  /^(?:DROP TABLE|DELETE|TRUNCATE(?: TABLE)?) ([^ ]+)(?: without WHERE)?$/.exec(text)?.[1]?.toLowerCase();

/** Without tables that the script makes to try something, unless another file or a store has one of that name. */
function withoutTried(path: string, acts: readonly RoleFound[], { code, stores }: Facts): readonly RoleFound[] {
  const isKnown = (table: string): boolean =>
    code.declarations.some((one) => one.path !== path && one.table.toLowerCase() === table) ||
    stores.some((store) => store.tables.some(({ name }) => name.toLowerCase() === table));
  const wiped = acts.flatMap(({ evidence }) => evidence.flatMap((mark) => wipedTable(mark) ?? []));
  if (wiped.length === 0) return acts;
  const { tried } = tablesOf(path, code);
  const own = new Set(tried.filter((table) => wiped.includes(table) && !isKnown(table)));
  if (own.size === 0) return acts;
  return acts.flatMap((act) => {
    const evidence = act.evidence.filter((mark) => !own.has(wipedTable(mark) ?? ''));
    return evidence.some(destroys) ? [{ ...act, evidence }] : [];
  });
}

/** A schema as a dump has it: drops what it then declares. */
function makesAnew(path: string, marks: readonly Mark[], code: Code): boolean {
  if (code.files.get(path)?.language !== 'sql') return false;
  const { made } = tablesOf(path, code);
  return marks.filter(destroys).every((mark) => {
    const table = wipedTable(mark);
    return mark.text.startsWith('DROP TABLE ') && table !== undefined && made.includes(table);
  });
}

const tablesOf = (path: string, code: Code): OwnTables =>
  code.answer(path, 'tables that it makes', () => ownTables(code.structureOf(path)));

function marksOf(acts: readonly RoleFound[]): readonly Mark[] {
  const all = acts.flatMap(({ evidence }) => evidence);
  const unique = new Map(all.map((mark) => [`${mark.line} ${mark.text}`, mark]));
  return [...unique.values()].sort((x, y) => x.line - y.line);
}

/** A module that others import, and that does this in functions which it does not call itself when it is run. */
function isOnlyOffered(path: string, acts: readonly RoleFound[], code: Code): boolean {
  const importers = code.graph.importers(path).filter((from) => purposeOf(from) !== 'test');
  const language = code.files.get(path)?.language;
  if (importers.length === 0 || (language !== 'python' && language !== 'typescript')) return false;
  const started = code.answer(path, 'lines that run when it is run', () => startedLines(code.structureOf(path)));
  const lines = marksOf(acts.map((act) => ({ ...act, evidence: act.evidence.filter((mark) => destroys(mark)) })));
  return lines.length > 0 && lines.every(({ line }) => !started.some(([from, to]) => from <= line && line <= to));
}

/** What only makes or changes a table is the other half of a script that removes one. */
const destroys = ({ text }: Mark): boolean => !/^(?:CREATE|ALTER|INSERT|UPDATE|SELECT) /.test(text);

/** Lines of the module itself and of the functions that it calls, by name, directly or through others. */
function startedLines(facts: FileFacts): readonly (readonly [number, number])[] {
  const { scopes } = facts;
  const calls = callsOf(facts);
  const insideOf = (scope: number): number[] => scopes.flatMap((one, n) => (one.parent === scope ? [n] : []));
  const isFunction = (scope: number): boolean => scopes[scope]?.kind === 'function';
  const reached = new Set<number>();
  // The module and the bodies of its classes run when it is loaded; a function passed on by name may be called.
  const queue = [0, ...scopes.keys()].filter((scope) => !isFunction(scope));
  for (let scope = queue.pop(); scope !== undefined; scope = queue.pop()) {
    if (reached.has(scope)) continue;
    reached.add(scope);
    queue.push(...insideOf(scope).filter((inner) => isFunction(scope) && isFunction(inner)));
    const names = new Set<string>();
    for (const { call, scope: at, name } of calls) {
      if (at !== scope) continue;
      names.add(name);
      for (const arg of call.args) if (arg.k === 'name' || arg.k === 'member') names.add(arg.v);
    }
    scopes.forEach((one, n) => {
      if (one.kind === 'function' && (names.has(one.name) || (one.decorators ?? []).length > 0)) queue.push(n);
    });
  }
  const covered = [...reached].filter(isFunction).flatMap((n) => rangeOf(facts, n));
  const offered = scopes.flatMap((_, n) => (isFunction(n) && !reached.has(n) ? rangeOf(facts, n) : []));
  // What lies in no function that is only offered belongs to the module.
  const own = gaps(offered, facts.lines);
  return [...covered, ...own];
}

const rangeOf = ({ scopes }: FileFacts, scope: number): readonly (readonly [number, number])[] => {
  const one = scopes[scope];
  return one === undefined ? [] : [[one.at[2], one.lastLine]];
};

function gaps(ranges: readonly (readonly [number, number])[], last: number): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  let next = 1;
  for (const [from, to] of [...ranges].sort((x, y) => x[0] - y[0])) {
    if (from > next) found.push([next, from - 1]);
    next = Math.max(next, to + 1);
  }
  if (next <= last) found.push([next, last]);
  return found;
}
