/** What builds left behind: declarations, maps and compiled files whose source is gone, or that lie beside it (trap C10). */
import type { FileFacts } from '../facts.ts';
import type { SourceTree } from '../resolve.ts';
import type { ImportGraph } from './model.ts';

export interface Residue {
  readonly path: string;
  readonly kind: 'declaration' | 'map' | 'compiled';
  /** The file that it was made from, as its name or its map tells. */
  readonly source: string;
  /** The source is there: the file repeats it, and may be the one that is loaded. */
  readonly beside?: true;
  readonly why: string;
  /** Nothing but its name and place tells: somebody may have written it. */
  readonly unsure?: true;
}

const SCRIPTS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.vue', '.svelte'];
const MAP_BYTES = 4_000_000;

/** Ordered by path. With the graph, declarations that something imports are left out: somebody wrote them. */
export function residue(tree: SourceTree, graph?: ImportGraph): readonly Residue[] {
  const found: Residue[] = [];
  for (const path of tree.paths) {
    const one = /\.d\.[cm]?ts$/.test(path)
      ? declaration(path, tree, graph)
      : /\.(?:[cm]?js|css|d\.[cm]?ts)\.map$/.test(path)
        ? map(path, tree)
        : /\.py[co]$/.test(path)
          ? python(path, tree)
          : /\.[cm]?jsx?$/.test(path)
            ? compiled(path, tree)
            : undefined;
    if (one !== undefined) found.push(one);
  }
  return found.sort((x, y) => (x.path < y.path ? -1 : 1));
}

function python(path: string, tree: SourceTree): Residue | undefined {
  const cached = /^(.*\/)?__pycache__\/([^/]+?)\.[\w-]+(?:\.opt-\d)?\.py[co]$/.exec(path);
  const source = cached === null ? path.slice(0, -1) : `${cached[1] ?? ''}${cached[2]}.py`;
  if (tree.paths.has(source)) {
    // In its own folder it is made anew; beside its source it was put on purpose, or by an old Python.
    return cached === null
      ? { path, kind: 'compiled', source, beside: true, why: `compiled from ${source}, which lies beside it` }
      : undefined;
  }
  return { path, kind: 'compiled', source, why: `${source} is gone; Python can still load this` };
}

function map(path: string, tree: SourceTree): Residue | undefined {
  const source = path.slice(0, -'.map'.length);
  if (tree.paths.has(source)) return undefined;
  return { path, kind: 'map', source, why: `the file it explains, ${source}, is gone` };
}

/**
 * A compiler's declaration names its map; one that a person wrote has no script of its name and is imported, or declares types
 * only: no code went away under it.
 */
function declaration(path: string, tree: SourceTree, graph: ImportGraph | undefined): Residue | undefined {
  const stem = path.replace(/\.d\.[cm]?ts$/, '');
  if (/\.\w+$/.test(stem) && tree.paths.has(stem)) return undefined;
  if (SCRIPTS.some((suffix) => tree.paths.has(stem + suffix))) return undefined;
  const facts = tree.facts.get(path);
  if (facts === undefined || facts.exports.length === 0 || /(?:^|\/)@?types?\//.test(path)) return undefined;
  const isMade =
    tree.paths.has(`${path}.map`) || /^\/\/# sourceMappingURL=/m.test((tree.readText(path) ?? '').slice(-300));
  if (!isMade && (graph === undefined || graph.importers(path).length > 0)) return undefined;
  if (!isMade && facts.exports.every(({ kind }) => kind === 'type')) return undefined;
  const source = `${stem}.ts`;
  const why = isMade ? `made from ${source}, which is gone` : `no file of this name has code, and nothing imports it`;
  return { path, kind: 'declaration', source, why, ...(isMade ? {} : { unsure: true as const }) };
}

/** Beside a source of its name, or with a map all of whose sources are gone. */
function compiled(path: string, tree: SourceTree): Residue | undefined {
  const stem = path.replace(/\.[cm]?jsx?$/, '');
  const beside = ['.ts', '.tsx', '.mts', '.cts'].map((suffix) => stem + suffix).find((one) => tree.paths.has(one));
  if (beside !== undefined) {
    const [js, ts] = [tree.facts.get(path), tree.facts.get(beside)];
    if (js === undefined || ts === undefined) return undefined;
    const isMade = tree.paths.has(`${path}.map`) || looksCompiled(tree.readText(path));
    if (!isMade && !exportsAlike(js, ts)) return undefined;
    const why = `${isMade ? 'compiled from' : 'exports the same as'} ${beside}, which lies beside it`;
    return { path, kind: 'compiled', source: beside, beside: true, why, ...(isMade ? {} : { unsure: true as const }) };
  }
  if (!tree.paths.has(`${path}.map`)) return undefined;
  const sources = sourcesIn(tree.readText(`${path}.map`), path);
  const [first] = sources;
  if (first === undefined || sources.some((source) => tree.paths.has(source))) return undefined;
  // A library that was put here as it was published never had its sources here.
  if (!sources.some((source) => tree.folders.has(source.slice(0, Math.max(0, source.lastIndexOf('/'))))))
    return undefined;
  return { path, kind: 'compiled', source: first, why: `compiled from ${first}, which is gone` };
}

function looksCompiled(text: string | undefined): boolean {
  if (text === undefined) return false;
  const end = text.slice(-300);
  return (
    /^\/\/# sourceMappingURL=/m.test(end) ||
    /Object\.defineProperty\(exports, ["']__esModule["']/.test(text.slice(0, 5_000)) ||
    /^var __(?:awaiter|createBinding|importDefault|extends|assign)\b/m.test(text.slice(0, 5_000))
  );
}

function exportsAlike(js: FileFacts, ts: FileFacts): boolean {
  const names = (facts: FileFacts): readonly string[] =>
    [...new Set(facts.exports.filter(({ kind }) => kind !== 'type').map(({ name }) => name))].sort();
  const [a, b] = [names(js), names(ts)];
  return a.length > 0 && a.length === b.length && a.every((name, i) => name === b[i]);
}

/** Sources that a map names as files; those of packages and bundlers (`webpack://`) are not ours to miss. */
function sourcesIn(text: string | undefined, path: string): readonly string[] {
  if (text === undefined || text.length > MAP_BYTES) return [];
  try {
    const parsed = JSON.parse(text) as { sources?: unknown; sourceRoot?: unknown } | null;
    const root = typeof parsed?.sourceRoot === 'string' ? parsed.sourceRoot : '';
    const sources = Array.isArray(parsed?.sources) ? parsed.sources : [];
    return sources.flatMap((source: unknown) => {
      if (typeof source !== 'string' || /^[\w+.-]+:|^\/|node_modules\//.test(source)) return [];
      if (!/\.[\w]+$/.test(source)) return [];
      const inside = resolveFrom(path, root === '' ? source : `${root.replace(/\/$/, '')}/${source}`);
      return inside === undefined ? [] : [inside];
    });
  } catch {
    return [];
  }
}

function resolveFrom(path: string, relative: string): string | undefined {
  const parts = path.split('/').slice(0, -1);
  for (const part of relative.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
