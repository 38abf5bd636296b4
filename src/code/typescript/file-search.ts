/**
 * Which file a path without its suffix means: as the compiler searches (`.ts` before `.js`, `.js` that stands for `.ts`),
 * but what runs before what only describes it: a `.d.ts` beside a `.js` comes along. From JavaScript, JavaScript first.
 */
import type { SourceTree } from '../resolve.ts';
import { packageEntries } from './package-entries.ts';
import type { Packages } from './packages.ts';
import { within } from './path-of.ts';

export interface FoundFile {
  readonly file: string;
  readonly also?: readonly string[];
}

const FROM_TYPESCRIPT = [
  '.ts',
  '.tsx',
  '.js',
  '.jsx',
  '.mts',
  '.cts',
  '.mjs',
  '.cjs',
  '.json',
  '.d.ts',
  '.vue',
  '.svelte',
  '.astro',
  '.node',
];
const FROM_JAVASCRIPT = [
  '.js',
  '.jsx',
  '.mjs',
  '.cjs',
  '.ts',
  '.tsx',
  '.mts',
  '.cts',
  '.json',
  '.d.ts',
  '.vue',
  '.svelte',
  '.astro',
  '.node',
];

/** What a specifier's suffix may stand for before it is compiled. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  js: ['.ts', '.tsx', '.js', '.jsx', '.d.ts'],
  jsx: ['.tsx', '.jsx', '.d.ts'],
  mjs: ['.mts', '.mjs', '.d.mts'],
  cjs: ['.cts', '.cjs', '.d.cts'],
};

const TYPESCRIPT = /\.[cm]?tsx?$/;

export interface FileSearch {
  /** `path` as a file, with a suffix, or as a folder with an entry; from a file whose language decides what comes first. */
  find(path: string, fromTypescript: boolean): FoundFile | undefined;
}

export function fileSearch(tree: SourceTree, packages: Packages): FileSearch {
  const { paths, folders } = tree;

  function find(path: string, fromTypescript: boolean, deep = 0): FoundFile | undefined {
    const dot = path.lastIndexOf('.');
    const suffix = dot > path.lastIndexOf('/') ? path.slice(dot + 1) : '';
    const sources = SOURCES[suffix];
    if (sources !== undefined) {
      if (!fromTypescript && paths.has(path)) return described(path);
      const stem = path.slice(0, dot);
      for (const source of sources) if (paths.has(stem + source)) return described(stem + source);
    } else if (suffix !== '' && paths.has(path)) return described(path);
    for (const each of fromTypescript ? FROM_TYPESCRIPT : FROM_JAVASCRIPT)
      if (paths.has(path + each)) return described(path + each);
    if (suffix === '' && paths.has(path)) return { file: path };
    if (path !== '' && !folders.has(path)) return undefined;
    const manifest = packages.at(path);
    if (manifest !== undefined && deep < 3)
      for (const entry of packageEntries(manifest, '')) {
        const found = find(within(path, entry), fromTypescript, deep + 1);
        if (found !== undefined) return found;
      }
    const index = within(path, 'index');
    for (const each of fromTypescript ? FROM_TYPESCRIPT : FROM_JAVASCRIPT)
      if (paths.has(index + each)) return described(index + each);
    return undefined;
  }

  /** With the declarations beside it, if it is JavaScript. */
  function described(file: string): FoundFile {
    if (TYPESCRIPT.test(file)) return { file };
    const found = /\.([cm]?)jsx?$/.exec(file);
    if (found === null) return { file };
    const types = `${file.slice(0, found.index)}.d.${found[1]}ts`;
    return paths.has(types) ? { file, also: [types] } : { file };
  }

  return { find: (path, fromTypescript) => find(path, fromTypescript) };
}

export function isTypescript(file: string): boolean {
  return TYPESCRIPT.test(file);
}
