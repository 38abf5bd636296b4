/** Modules that nothing runs, loads or names, with the chain that shows it (trap C10). */
import { purposeOf } from '../../bindings/purpose.ts';
import { lastName } from '../../code/calls.ts';
import type { Unresolved } from '../../code/graph/model.ts';
import { reachable, type UnusedModule } from '../../code/graph/reachable.ts';
import type { Code } from '../code-model.ts';
import { isForeignCode, isPutAway } from '../foreign-code.ts';
import { groupBy } from '../group-by.ts';
import type { Detector } from '../model.ts';
import { count, list } from '../wording.ts';
import type { Draft } from './finding.ts';

export const unusedModule: Detector = {
  doc: {
    code: 'unused-module',
    title: 'Modules that nothing uses',
    severity: 'low',
    when: 'No entry point (command, package script, container, CI, test, framework convention, dynamic import) leads to the module, directly or through others. Modules of one folder are one finding; those that only unused modules import are listed with the chain.',
    why: 'Dead code keeps naming stores, tables and settings: it misleads whoever looks for what uses them, and comes back to life by one wrong import.',
    fix: 'Look at the list; archive what nobody misses. A module that something outside this project imports belongs into a manifest.',
    not: 'Projects in which no entry point was found, scripts and pages that run by themselves and what they import, folders of packages and of old code, tests, migrations, declarations, generated files, empty `__init__.py`, plugins (modules of one name in sibling folders) where Python computes what it loads, libraries (a manifest publishes the folder).',
  },
  detect({ code }) {
    const { modules, blind } = code.unused;
    // Where nothing is known to start, everything looks unused.
    if (!code.entries.some(({ kind }) => kind === 'command' || kind === 'manifest')) return [];
    const aside = modules.filter(({ path }) => isForeignCode(path) || isPutAway(path));
    const apart = new Set(aside.map(({ path }) => path));
    const rest = modules.filter(({ path }) => !apart.has(path));
    const running = rest.filter(
      ({ path }) => /^(?:test|migration|script)$/.test(purposeOf(path)) || runsByItself(path, code),
    );
    const dead = unreached(rest, running, code);
    const plugins = loadedByPattern(dead, blind, code);
    const unused = unreached(
      dead,
      dead.filter(({ path }) => plugins.has(path)),
      code,
    );
    return [...groupBy(unused, ({ path }) => path.slice(0, Math.max(0, path.lastIndexOf('/'))))].map(
      ([folder, found]) => describe(folder, found, blind.length),
    );
  },
};

/** What runs after all needs what it imports; who else imports a module that stays is unused as well. */
function unreached(
  modules: readonly UnusedModule[],
  running: readonly UnusedModule[],
  { graph }: Code,
): readonly UnusedModule[] {
  if (running.length === 0) return modules;
  const reached = reachable(
    graph,
    running.map(({ path }) => path),
  );
  return modules.filter(({ path }) => !reached.has(path));
}

/** So many modules of one name in sibling folders are plugins, where the name of some import is computed. */
const PLUGINS = 4;

/** `skills/<any>/src/__init__.py`, where Python computes what it loads. */
function loadedByPattern(dead: readonly UnusedModule[], blind: readonly Unresolved[], code: Code): ReadonlySet<string> {
  if (!blind.some(({ from }) => code.files.get(from)?.language === 'python')) return new Set();
  const modules = dead.filter(({ path }) => code.files.get(path)?.language === 'python' && path.includes('/'));
  const patterns = modules.flatMap(({ path }) => {
    const parts = path.split('/');
    return parts.slice(0, -1).map((_, n) => ({ path, pattern: parts.with(n, '*').join('/') }));
  });
  const alike = [...groupBy(patterns, ({ pattern }) => pattern).values()].filter(({ length }) => length >= PLUGINS);
  return new Set(alike.flatMap((all) => all.map(({ path }) => path)));
}

/**
 * A page of PHP is asked for by its address. Python that declares nothing and only does something is a script without the
 * usual guard: nobody could import it for anything else. So is what declares functions, belongs to no package, and prints,
 * saves or calls its own functions when it is loaded.
 */
function runsByItself(path: string, code: Code): boolean {
  const file = code.files.get(path);
  if (file === undefined || file.runnable === true) return file !== undefined;
  if (file.language !== 'php' && file.language !== 'python') return false;
  const declares =
    file.language === 'python' && file.exports.some(({ kind }) => kind === 'function' || kind === 'class');
  if (declares && code.paths.has(`${path.slice(0, path.lastIndexOf('/') + 1)}__init__.py`)) return false;
  return code.answer(path, 'runs by itself', () => {
    const { assigns, exports, scopes, statements, read } = code.structureOf(path);
    if (read !== 'structure') return false;
    const calls = statements.flatMap(({ scope, value }) => (scope === 0 && value.k === 'call' ? [value] : []));
    if (file.language === 'php') return calls.length > 0 || assigns.some(({ scope }) => scope === 0);
    // Comprehensions and lambdas have scopes without a name.
    if (!declares) return calls.length > 0 && !scopes.some(({ kind, name }) => kind !== 'module' && name !== '');
    const own = new Set(exports.flatMap(({ kind, name }) => (kind === 'function' ? [name] : [])));
    return calls.some(({ fn }) => (fn.k === 'name' ? own.has(fn.v) || fn.v === 'print' : SAVES.test(lastName(fn))));
  });
}

/** Methods that leave something behind, or that a program ends with. */
const SAVES =
  /^(?:dump|save|savefig|to_csv|to_sql|to_json|to_parquet|commit|executescript|fit|mainloop|run|show|write)$/;

function describe(folder: string, found: readonly UnusedModule[], blind: number): Draft {
  const names = found.map(({ path }) => path.slice(path.lastIndexOf('/') + 1));
  const chained = found.filter(({ chain }) => chain.length > 1);
  return {
    severity: 'low',
    confidence: blind > 0 ? 'possible' : 'likely',
    message: `Nothing uses ${list(names, 4)}${folder === '' ? '' : ` in ${folder}`}.`,
    at: found.map(({ path }) => ({ path })),
    evidence: [
      `${count(found.length, 'module')} that no entry point leads to`,
      ...chained.slice(0, 5).map(({ chain }) => `imported only by dead modules: ${chain.join(' ← ')}`),
      ...(blind > 0
        ? [`${count(blind, 'import whose name is', 'imports whose names are')} computed could mean any module`]
        : []),
    ],
    consequence: 'What it names looks used and is not.',
    action: 'Ask whether something outside this project uses it; if not, archive it.',
  };
}
