/**
 * Aliases that bundlers and test runners are told of, read from their settings by pattern: these are programs, but nearly
 * all of them say it in one of a few ways. What is not said in one of these ways is not guessed.
 */
import type { SourceTree } from '../resolve.ts';
import { folderOf, joined, upwards } from './path-of.ts';
import type { PathPattern } from './tsconfig.ts';

const SETTINGS =
  /(?:^|\/)(?:(?:vite|vitest|electron\.vite|webpack|next|nuxt|vue|rollup|craco|metro|babel|jest|rspack|rsbuild|astro|svelte)\.config(?:\.[\w-]+)?\.(?:[cm]?[jt]s|json)|config-overrides\.js|\.babelrc(?:\.json|\.js)?|package\.json)$/;
const MOST_UNITS = 200_000;

const NAME = String.raw`(['"]?)([@~#$]?[\w$@~#/.-]{0,60})\1`;
/** `path.resolve(__dirname, './src')`, `resolve('src')`, `fileURLToPath(new URL('./src', import.meta.url))`, `'./src'`. */
const TARGET = String.raw`(?:(?:path\.)?(?:resolve|join)\(\s*(?:[\w$.()]+\s*,\s*)?|(?:url\.)?fileURLToPath\(\s*new URL\(\s*|new URL\(\s*|r\(\s*)?(['"\x60])((?:\./|/|\.\./)?[\w$./-]{1,80})`;
/** `resolve(__dirname, 'client', 'src')`. */
const MORE = String.raw`((?:\s*,\s*['"][\w$./-]{1,60}['"]){0,6})`;
const ENTRY = new RegExp(`${NAME}\\s*:\\s*${TARGET}\\3${MORE}`, 'g');
const FIND = new RegExp(String.raw`find\s*:\s*(['"])([^'"]{1,60})\1\s*,\s*replacement\s*:\s*${TARGET}\3${MORE}`, 'g');
/** Jest: `'^@/(.*)$': '<rootDir>/src/$1'`. */
const MAPPED = /(['"])\^?([@~#$\w/-]{1,60}?)\/?\(\.\*\)\$?\1\s*:\s*\[?\s*(['"])<rootDir>\/([\w./-]{0,80}?)\/?\$1\3/g;

/** Patterns in force for the files of a folder: those of the nearest folder that has such settings. */
export function bundlerAliases(tree: SourceTree): (folder: string) => readonly PathPattern[] {
  const known = new Map<string, readonly PathPattern[]>();
  let settings: Map<string, string[]> | undefined;
  const inFolder = (folder: string): readonly PathPattern[] => {
    settings ??= settingsOf(tree.paths);
    const patterns: PathPattern[] = [];
    for (const path of settings.get(folder) ?? []) {
      const text = tree.readText(path);
      if (text === undefined || text.length > MOST_UNITS) continue;
      if (!path.endsWith('package.json')) readAliases(text, folder, patterns);
      if (/(?:^|\/)svelte\.config\.[^/]+$/.test(path)) addLib(text, folder, patterns);
      readMapped(text, folder, patterns);
    }
    return patterns.sort(
      (x, y) => Number(x.tail !== undefined) - Number(y.tail !== undefined) || y.head.length - x.head.length,
    );
  };
  return (folder) => {
    const found = known.get(folder);
    if (found !== undefined) return found;
    let patterns: readonly PathPattern[] = [];
    for (const each of upwards(folder)) {
      patterns = known.get(each) ?? inFolder(each);
      if (patterns.length > 0) break;
    }
    known.set(folder, patterns);
    return patterns;
  };
}

/** Files with settings by the folder that they stand in. */
function settingsOf(paths: ReadonlySet<string>): Map<string, string[]> {
  const byFolder = new Map<string, string[]>();
  for (const path of paths) {
    if (!SETTINGS.test(path)) continue;
    const folder = folderOf(path);
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), path]);
  }
  for (const list of byFolder.values()) list.sort();
  return byFolder;
}

function add(patterns: PathPattern[], name: string, spelled: string, folder: string): void {
  const head = name.replace(/\/\*?$/, '').replace(/\$$/, '');
  const target = joined(folder, spelled.replace(/^\/+/, './').replace(/\/\*?$/, ''));
  if (head === '' || target === undefined) return;
  patterns.push({ head, tail: undefined, targets: [target] });
  if (!name.endsWith('$')) patterns.push({ head: `${head}/`, tail: '', targets: [`${target}/*`.replace(/^\//, '')] });
}

/** SvelteKit's own alias, unless `kit.files.lib` says another folder. */
function addLib(text: string, folder: string, patterns: PathPattern[]): void {
  const told = /\bfiles\s*:\s*\{[^{}]{0,500}?\blib\s*:\s*(['"\x60])([\w$./-]{1,80})\1/.exec(text)?.[2];
  if (told !== undefined || text.includes('kit')) add(patterns, '$lib', `./${told ?? 'src/lib'}`, folder);
}

/** Everything inside `alias: …`, whether an object or a list. */
function readAliases(text: string, folder: string, patterns: PathPattern[]): void {
  for (const found of text.matchAll(/\balias(?:es)?['"]?\s*[:=]\s*[{[]/g)) {
    const open = found.index + found[0].length - 1;
    const block = text.slice(open + 1, closing(text, open));
    for (const entry of block.matchAll(FIND)) add(patterns, entry[2] as string, together(entry[4], entry[5]), folder);
    if (block.includes('replacement')) continue;
    for (const entry of block.matchAll(ENTRY)) {
      const target = together(entry[4], called(entry[0]) ? entry[5] : undefined);
      // A package in place of another one (`react: 'preact/compat'`) is no file of ours.
      if (called(entry[0]) || /^\.{0,2}\//.test(target)) add(patterns, entry[2] as string, target, folder);
    }
  }
}

/** Is its value a call, and not a string by itself? */
function called(entry: string): boolean {
  return !/^['"\x60]/.test(entry.slice(entry.indexOf(':') + 1).trimStart());
}

function together(first: string | undefined, more: string | undefined): string {
  const rest = [...(more ?? '').matchAll(/['"]([^'"]+)['"]/g)].map((each) => each[1] as string);
  return [first ?? '', ...rest].join('/');
}

function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length && at - open < 20_000; at++) {
    const unit = text.charAt(at);
    if (unit === '{' || unit === '[') depth++;
    else if ((unit === '}' || unit === ']') && --depth === 0) return at;
  }
  return Math.min(text.length, open + 20_000);
}

function readMapped(text: string, folder: string, patterns: PathPattern[]): void {
  if (!text.includes('<rootDir>')) return;
  for (const entry of text.matchAll(MAPPED)) add(patterns, entry[2] as string, `./${entry[4]}`, folder);
}
