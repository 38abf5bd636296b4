/** A Python module that one program loads under two names: then it exists twice, with two states. */
import { purposeOf } from '../../bindings/purpose.ts';
import type { ImportEdge, ImportGraph } from '../../code/graph/model.ts';
import { groupBy } from '../group-by.ts';
import type { Detector, Facts, Severity } from '../model.ts';
import { count, list } from '../wording.ts';
import type { Draft } from './finding.ts';

export const mixedImportPaths: Detector = {
  doc: {
    code: 'mixed-import-paths',
    title: 'One module is imported under several names',
    severity: 'high',
    when: 'Files of one program import a Python module by different full names (`app.db` and `db`). It is high where the module opens a store or keeps state.',
    why: 'Python makes a module for each name: pools, caches and registries exist twice, `isinstance` fails between the two, and what one sets the other does not see.',
    fix: 'Import it by one name everywhere, counted from the folder that the program is started in.',
    not: 'Relative imports, names that only different programs use, tests, names that mean another module in the project’s own folder, other languages (there the file decides, not the name).',
  },
  detect(facts) {
    const { graph, files, recall } = facts.code;
    // Most modules have one name: their imports need not be looked at one by one.
    const several = recall('imported under several names', () => namedSeveralWays(graph));
    const named = several
      .flatMap(graph.edgesTo)
      .filter(
        (edge) =>
          edge.qualified !== undefined &&
          edge.qualified !== '' &&
          (edge.how === 'module' || edge.how === 'member') &&
          edge.fact.kind !== 'type' &&
          edge.fact.kind !== 'text' &&
          (edge.fact.level ?? 0) === 0 &&
          files.get(edge.to)?.language === 'python' &&
          files.get(edge.from)?.language === 'python' &&
          !/\.pyi$/.test(edge.to) &&
          purposeOf(edge.from) !== 'test',
      );
    const mixed: Mixed[] = [];
    for (const [path, edges] of groupBy(named, ({ to }) => to)) {
      // `try: from a.b import x` / `except ImportError: from b import x`: one of the two.
      const sure = edges.filter(
        (edge) =>
          edge.fact.guarded !== true ||
          edges.every(({ from, qualified }) => from !== edge.from || qualified === edge.qualified),
      );
      const names = groupBy(
        sure.filter(({ qualified = '' }) => !isShadowed(path, qualified, facts)),
        ({ qualified = '' }) => qualified,
      );
      if (names.size < 2) continue;
      const program = commonProgram(names, facts);
      if (program === undefined) continue;
      const [keeps, both] = [keepsState(path, facts), findsBoth(path, names, program)];
      // Where only a change of sys.path would make two of it, that matters for what it opens alone.
      if (both || keeps === 'connection') mixed.push({ path, names, program, keeps, both });
    }
    // Modules of one package that are named in the same two ways have one cause.
    return [...groupBy(mixed, (one) => `${one.keeps} ${one.both} ${waysOf(one)}`).values()].map(describe);
  },
};

function namedSeveralWays(graph: ImportGraph): readonly string[] {
  const names = new Map<string, Set<string>>();
  for (const { to, qualified } of graph.edges) {
    if (qualified === undefined || qualified === '') continue;
    names.set(to, (names.get(to) ?? new Set()).add(qualified));
  }
  return [...names].flatMap(([path, { size }]) => (size > 1 ? [path] : []));
}

interface Mixed {
  readonly path: string;
  readonly names: ReadonlyMap<string, readonly ImportEdge[]>;
  /** A file that leads to importers of both. */
  readonly program: string;
  readonly keeps: 'connection' | 'state' | 'nothing';
  /** Both names count from folders that Python looks in when the program is started. */
  readonly both: boolean;
}

/** From the project's own folder the name means another module, and that is found first. */
function isShadowed(path: string, name: string, { code }: Facts): boolean {
  const inside = name.replaceAll('.', '/');
  return [`${inside}.py`, `${inside}/__init__.py`].some((other) => other !== path && code.files.has(other));
}

/** The folder of the program, and the project's own, from which `python -m` and servers are started. */
function findsBoth(path: string, names: Mixed['names'], program: string): boolean {
  const folder = program.split('/').slice(0, -1).join('/');
  const stem = path.replace(/(?:\/__init__)?\.py$/, '');
  return [...names.keys()].every((name) => {
    const inside = name.replaceAll('.', '/');
    const root = stem === inside ? '' : stem.endsWith(`/${inside}`) ? stem.slice(0, -inside.length - 1) : undefined;
    return root === folder || root === '';
  });
}

/** In front of what the names share: `backend.` and nothing. */
function waysOf({ names }: Mixed): string {
  const written = [...names.keys()].map((name) => name.split('.'));
  let shared = 0;
  const shortest = Math.min(...written.map(({ length }) => length));
  while (shared < shortest && new Set(written.map((parts) => parts[parts.length - 1 - shared])).size === 1) shared++;
  return written
    .map((parts) => parts.slice(0, parts.length - shared).join('.'))
    .sort()
    .join(' | ');
}

function commonProgram(names: ReadonlyMap<string, readonly ImportEdge[]>, { code }: Facts): string | undefined {
  const leading = [...names.values()].map((edges) => {
    const files = new Set<string>();
    for (const { from } of edges) for (const file of code.graph.leadingTo(from)) files.add(file);
    return files;
  });
  const [first, ...rest] = leading;
  const common = [...(first ?? [])].filter(
    (file) => rest.every((files) => files.has(file)) && purposeOf(file) !== 'test',
  );
  const started = new Set(code.entries.map(({ file }) => file));
  return common.find((file) => started.has(file)) ?? common[0];
}

function keepsState(path: string, { code }: Facts): Mixed['keeps'] {
  if (code.bindings.some((binding) => binding.path === path)) return 'connection';
  return code.answer(path, 'keeps state', () =>
    code
      .structureOf(path)
      .assigns.some(
        ({ scope, value, to }) =>
          scope === 0 &&
          !/^__\w+__$/.test(to) &&
          (value.k === 'map' || value.k === 'list' || value.k === 'call' || value.k === 'null'),
      ),
  )
    ? 'state'
    : 'nothing';
}

function severityOf({ keeps, both }: Mixed): Severity {
  if (keeps === 'connection') return both ? 'high' : 'medium';
  return keeps === 'state' && both ? 'medium' : 'low';
}

function describe(same: readonly Mixed[]): Draft {
  const [first] = same as [Mixed];
  const names = [...first.names.keys()].sort();
  const more = same.length - 1;
  return {
    severity: severityOf(first),
    confidence: first.both ? 'likely' : 'possible',
    message:
      more === 0
        ? `${first.path} is imported as ${list(names)} by one program.`
        : `${count(same.length, 'module')} are imported under two names by one program: ${first.path} as ${list(names)}.`,
    at: same.flatMap(({ names: all }) =>
      [...all.values()].flatMap((edges) =>
        edges.slice(0, 3).map(({ from, fact }) => ({ path: from, line: fact.at[2] })),
      ),
    ),
    evidence: [
      ...[...first.names].map(
        ([name, edges]) => `${name}: ${list([...new Set(edges.map(({ from, fact }) => `${from}:${fact.at[2]}`))], 3)}`,
      ),
      `${first.program} leads to both`,
      ...(first.both ? [] : ['one of the names is found only if the program adds its folder to sys.path']),
      ...(more > 0 ? [`also ${list(same.slice(1).map(({ path }) => path))}`] : []),
      ...(first.keeps === 'connection' ? ['the module opens a store: it is opened once for each name'] : []),
    ],
    consequence: 'The module is loaded once for each name: what one importer sets, the other does not see.',
    action: 'Import it by one name everywhere.',
  };
}
