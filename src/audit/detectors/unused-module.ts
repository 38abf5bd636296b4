/** Modules that nothing runs, loads or names, with the chain that shows it (trap C10). */
import { purposeOf } from '../../bindings/purpose.ts';
import type { Unresolved } from '../../code/graph/model.ts';
import type { UnusedModule } from '../../code/graph/reachable.ts';
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
    not: 'Projects in which no entry point was found, scripts and pages that run by themselves, folders of packages and of old code, tests, migrations, declarations, generated files, empty `__init__.py`, plugins (modules of one name in sibling folders) where Python computes what it loads, libraries (a manifest publishes the folder).',
  },
  detect({ code }) {
    const { modules, blind } = code.unused;
    // Where nothing is known to start, everything looks unused.
    if (!code.entries.some(({ kind }) => kind === 'command' || kind === 'manifest')) return [];
    const dead = modules.filter(({ path }) => {
      const purpose = purposeOf(path);
      return (
        purpose !== 'test' &&
        purpose !== 'migration' &&
        purpose !== 'script' &&
        !isForeignCode(path) &&
        !isPutAway(path) &&
        !runsByItself(path, code)
      );
    });
    const loaded = loadedByPattern(dead, blind, code);
    const unused = dead.filter(({ path }) => !loaded.has(path));
    return [...groupBy(unused, ({ path }) => path.slice(0, Math.max(0, path.lastIndexOf('/'))))].map(
      ([folder, found]) => describe(folder, found, blind.length),
    );
  },
};

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
 * usual guard: nobody could import it for anything else.
 */
function runsByItself(path: string, code: Code): boolean {
  const file = code.files.get(path);
  if (file === undefined || file.runnable === true) return file !== undefined;
  if (file.language !== 'php' && file.language !== 'python') return false;
  return code.answer(path, 'runs by itself', () => {
    if (file.language === 'python' && file.exports.some(({ kind }) => kind === 'function' || kind === 'class'))
      return false;
    const { assigns, scopes, statements, read } = code.structureOf(path);
    if (read !== 'structure') return false;
    const acts = statements.some(({ scope, value }) => scope === 0 && value.k === 'call');
    if (file.language === 'php') return acts || assigns.some(({ scope }) => scope === 0);
    return acts && !scopes.some(({ kind }) => kind !== 'module');
  });
}

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
      ...(blind > 0 ? [`${count(blind, 'import')} whose name is computed could mean any module`] : []),
    ],
    consequence: 'What it names looks used and is not.',
    action: 'Ask whether something outside this project uses it; if not, archive it.',
  };
}
