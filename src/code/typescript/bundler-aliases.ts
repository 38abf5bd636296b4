/**
 * Aliases that bundlers and test runners are told of, read from their settings by pattern: these are programs, but nearly
 * all of them say it in one of a few ways. What is not said in one of these ways is not guessed.
 */
import type { SourceTree } from '../resolve.ts';
import { joined, upwards, within } from './path-of.ts';
import type { PathPattern } from './tsconfig.ts';

const SETTINGS = [
  'vite.config',
  'vitest.config',
  'webpack.config',
  'next.config',
  'nuxt.config',
  'vue.config',
  'rollup.config',
  'craco.config',
  'config-overrides',
  'metro.config',
  'babel.config',
  'jest.config',
  'rspack.config',
  'rsbuild.config',
  'astro.config',
  'svelte.config',
  'electron.vite.config',
];
const SUFFIXES = ['.ts', '.js', '.mjs', '.cjs', '.mts', '.json'];
const OTHERS = ['.babelrc', '.babelrc.json', '.babelrc.js'];
const MOST_UNITS = 200_000;

const NAME = String.raw`(['"]?)([@~#$]?[\w$@~#/.-]{0,60})\1`;
/** `path.resolve(__dirname, './src')`, `resolve('src')`, `fileURLToPath(new URL('./src', import.meta.url))`, `'./src'`. */
const TARGET = String.raw`(?:(?:path\.)?(?:resolve|join)\(\s*(?:[\w$.()]+\s*,\s*)?|(?:url\.)?fileURLToPath\(\s*new URL\(\s*|new URL\(\s*|r\(\s*)?(['"\x60])((?:\./|/|\.\./)?[\w$./-]{1,80})`;
const ENTRY = new RegExp(`${NAME}\\s*:\\s*${TARGET}\\3`, 'g');
const FIND = new RegExp(String.raw`find\s*:\s*(['"])([^'"]{1,60})\1\s*,\s*replacement\s*:\s*${TARGET}\3`, 'g');
/** Jest: `'^@/(.*)$': '<rootDir>/src/$1'`. */
const MAPPED = /(['"])\^?([@~#$\w/-]{1,60}?)\/?\(\.\*\)\$?\1\s*:\s*\[?\s*(['"])<rootDir>\/([\w./-]{0,80}?)\/?\$1\3/g;

/** Patterns in force for the files of a folder: those of the nearest folder that has such settings. */
export function bundlerAliases(tree: SourceTree): (folder: string) => readonly PathPattern[] {
  const known = new Map<string, readonly PathPattern[]>();
  const inFolder = (folder: string): readonly PathPattern[] => {
    const patterns: PathPattern[] = [];
    for (const name of [
      ...SETTINGS.flatMap((each) => SUFFIXES.map((suffix) => each + suffix)),
      ...OTHERS,
      'package.json',
    ]) {
      const path = within(folder, name);
      const text = tree.paths.has(path) ? tree.readText(path) : undefined;
      if (text === undefined || text.length > MOST_UNITS) continue;
      if (name !== 'package.json') readAliases(text, folder, patterns);
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

function add(patterns: PathPattern[], name: string, spelled: string, folder: string): void {
  const head = name.replace(/\/\*?$/, '').replace(/\$$/, '');
  const target = joined(folder, spelled.replace(/^\/+/, './').replace(/\/\*?$/, ''));
  if (head === '' || target === undefined) return;
  patterns.push({ head, tail: undefined, targets: [target] });
  if (!name.endsWith('$')) patterns.push({ head: `${head}/`, tail: '', targets: [`${target}/*`.replace(/^\//, '')] });
}

/** Everything inside `alias: …`, whether an object or a list. */
function readAliases(text: string, folder: string, patterns: PathPattern[]): void {
  for (const found of text.matchAll(/\balias(?:es)?['"]?\s*[:=]\s*[{[]/g)) {
    const open = found.index + found[0].length - 1;
    const block = text.slice(open + 1, closing(text, open));
    for (const entry of block.matchAll(FIND)) add(patterns, entry[2] as string, entry[4] as string, folder);
    if (block.includes('replacement')) continue;
    for (const entry of block.matchAll(ENTRY)) {
      const target = entry[4] as string;
      // A package in place of another one (`react: 'preact/compat'`) is no file of ours.
      const ours =
        /^\.{0,2}\//.test(target) ||
        !/^['"\x60]/.test((entry[0] as string).slice((entry[0] as string).indexOf(':') + 1).trimStart());
      if (ours) add(patterns, entry[2] as string, target, folder);
    }
  }
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
