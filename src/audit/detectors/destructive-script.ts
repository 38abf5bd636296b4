/** Scripts that delete data and ask nobody (trap C18). */
import { purposeOf } from '../../bindings/purpose.ts';
import { callsOf } from '../../code/calls.ts';
import type { FileFacts } from '../../code/facts.ts';
import type { RoleFound } from '../../code/roles/model.ts';
import type { Code } from '../code-model.ts';
import type { Detector } from '../model.ts';
import { count } from '../wording.ts';

export const destructiveScript: Detector = {
  doc: {
    code: 'destructive-script',
    title: 'A script deletes data without asking',
    severity: 'high',
    when: 'A script that is run by itself drops tables, deletes or truncates without a condition, or removes store files, and neither looks at the environment nor asks, nor needs an option such as --yes.',
    why: 'Run in the wrong folder or with the wrong variable it empties the live store.',
    fix: 'Refuse where the environment says production, ask for a typed word, take a backup first.',
    not: 'Scripts with a guard, modules that others import and that do it only when they are called, tests, numbered migrations, temporary files, tables that the script has made itself (`DROP TABLE IF EXISTS` before `CREATE TABLE` of a scratch store).',
  },
  detect({ code }) {
    return [...code.roles].flatMap(([path, roles]) => {
      const acts = roles.filter(({ destructive, guards }) => destructive && guards.length === 0);
      if (acts.length === 0 || isOnlyOffered(path, acts, code)) return [];
      const marks = marksOf(acts);
      const bindings = code.bindings.filter((binding) => binding.path === path);
      const stores = [...new Set(bindings.flatMap(({ store }) => (store === null ? [] : [store])))].sort();
      const server = bindings.some(({ target }) => target.kind === 'server');
      const onlyScratch =
        bindings.length > 0 && bindings.every(({ target }) => target.kind === 'temporary' || target.kind === 'memory');
      if (onlyScratch) return [];
      return [
        {
          severity: stores.length > 0 || server ? ('high' as const) : ('medium' as const),
          confidence: 'likely' as const,
          message: `${path} deletes data and asks nobody${stores.length > 0 ? ` (${stores.join(', ')})` : ''}.`,
          at: marks.slice(0, 6).map(({ line }) => ({ path, line })),
          stores,
          evidence: [
            ...marks.slice(0, 6).map(({ line, text }) => `line ${line}: ${text}`),
            `no guard in ${count(roles.length, 'role')}: no look at the environment, no question, no required option`,
          ],
          consequence: 'Started in the wrong place it empties the store that people use.',
          action: 'Let it refuse in production, ask for a typed word, and back up before.',
        },
      ];
    });
  },
};

function marksOf(acts: readonly RoleFound[]): readonly { readonly line: number; readonly text: string }[] {
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
const destroys = ({ text }: { readonly text: string }): boolean =>
  !/^(?:CREATE|ALTER|INSERT|UPDATE|SELECT) /.test(text);

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
