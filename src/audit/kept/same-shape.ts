/**
 * Whether a change of source files leaves everything as it is that is concluded from how files refer to each other: imports, entry
 * points, ways of running. Inside of functions nearly every edit does. In doubt it does not, and all of it is made anew.
 */
import type { ExportFact, FileFacts, LanguageId } from '../../code/facts.ts';
import type { ImportGraph } from '../../code/graph/model.ts';
import type { FileDigest } from './kept-code.ts';

const CODE: ReadonlySet<LanguageId> = new Set<LanguageId>(['python', 'typescript', 'php']);

export interface FileChange {
  readonly path: string;
  readonly before: FileFacts;
  readonly now: FileFacts;
  readonly digestBefore: FileDigest | undefined;
  readonly digestNow: FileDigest | undefined;
}

/** `graph`: before the change. `paths`: all files of the project. */
export function keepsShape(change: FileChange, graph: ImportGraph, paths: ReadonlySet<string>): boolean {
  const { before, now } = change;
  if (!CODE.has(now.language)) return false;
  return (
    before.language === now.language &&
    before.read === now.read &&
    before.problem === now.problem &&
    before.runnable === now.runnable &&
    before.generated === now.generated &&
    comparable(before.imports, ['scope']) === comparable(now.imports, ['scope']) &&
    comparable(before.texts, ['scope', 'at']) === comparable(now.texts, ['scope', 'at']) &&
    LISTS.every((list) => comparable(before[list]) === comparable(now[list])) &&
    comparable(change.digestBefore?.paths ?? []) === comparable(change.digestNow?.paths ?? []) &&
    keepsExports(change, graph, paths)
  );
}

const LISTS = ['sql', 'variables', 'commands', 'places', 'tables', 'references', 'settings'] as const;

/** Offsets move with every edit, lines with some: what is reported are lines. */
function comparable(list: unknown, without: readonly string[] = []): string {
  return JSON.stringify(list ?? [], (key, value) =>
    without.includes(key) ? undefined : key === 'at' ? (value as readonly number[])[2] : value,
  );
}

function keepsExports({ path, before, now }: FileChange, graph: ImportGraph, paths: ReadonlySet<string>): boolean {
  const [was, is] = [byName(before.exports), byName(now.exports)];
  const changed = new Set<string>();
  for (const [name, said] of was) if (is.get(name) !== said) changed.add(name);
  for (const [name, said] of is) if (was.get(name) !== said) changed.add(name);
  if (changed.size === 0) return true;
  const involved = [...before.exports, ...now.exports].filter(({ name }) => changed.has(name));
  if (!involved.every(isPlain)) return false;
  // A file that only declares, or exports nothing, is judged otherwise than others.
  if (was.size === 0 || is.size === 0 || onlyDeclares(before) !== onlyDeclares(now)) return false;
  // A compiled file is known by what it exports.
  const stem = path.replace(/(?:\.d)?\.[cm]?[jt]sx?$/, '');
  if (stem !== path && TWINS.some((suffix) => `${stem}${suffix}` !== path && paths.has(`${stem}${suffix}`)))
    return false;
  return graph
    .edgesTo(path)
    .every(({ fact }) => fact.kind !== 'reexport' && !fact.names.some(({ name }) => name === '*' || changed.has(name)));
}

const TWINS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.d.ts', '.d.mts', '.d.cts'];

function byName(exports: readonly ExportFact[]): ReadonlyMap<string, string> {
  return new Map(
    exports.map(({ name, kind, local, async, stub }) => [name, JSON.stringify([kind, local, async, stub])]),
  );
}

const isPlain = ({ name, kind, local }: ExportFact): boolean =>
  kind !== 'reexport' && !/^(?:\*|default|__getattr__|__all__)$/.test(name) && local?.includes('exports') !== true;

const onlyDeclares = ({ exports }: FileFacts): boolean =>
  exports.every(({ kind }) => kind === 'class' || kind === 'function' || kind === 'type');
