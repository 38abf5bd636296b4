/**
 * The name of a module after it or its importer moved, in the style that it has: relative stays relative, an alias an alias, `.js` for `.ts` stays, a
 * package is not named by its index. Several candidates, the likeliest first: who asks takes the first that leads to the file.
 */
import { posix } from 'node:path';

/** Paths relative to the project, now and afterwards. */
export interface Moved {
  readonly before: string;
  readonly after: string;
}

export interface DottedName {
  /** Leading dots. */
  readonly level: number;
  /** Without them. */
  readonly module: string;
}

const KEYWORD =
  /^(?:False|None|True|and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield)$/;
const NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u;

/** Segments of a Python module's path: `pkg/db/__init__.py` and `pkg/db.py` are both `pkg`, `db`. `null`: it cannot be imported by name. */
export function moduleSegments(path: string): readonly string[] | null {
  const plain = /^(.*?)(?:(?:^|\/)__init__)?\.(?:pyi?|pyw)$/.exec(path)?.[1];
  if (plain === undefined) return null;
  return plain === '' ? [] : plain.split('/');
}

const isImportable = (segments: readonly string[]): boolean =>
  segments.every((segment) => NAME.test(segment) && !KEYWORD.test(segment));

/** `old.module` may go on behind the module, as texts do (`a.b.Class`): the rest stays. */
export function dottedCandidates(old: DottedName, importer: Moved, target: Moved): readonly DottedName[] {
  const before = moduleSegments(target.before);
  const after = moduleSegments(target.after);
  if (before === null || after === null) return [];
  const written = old.module === '' ? [] : old.module.split('.');
  const found: DottedName[] = [];
  const add = (level: number, segments: readonly string[], rest: readonly string[]): void => {
    if (isImportable(segments) && (level > 0 || segments.length > 0))
      found.push({ level, module: [...segments, ...rest].join('.') });
  };
  if (old.level > 0) {
    const base = packageOf(importer.before, old.level);
    const rest = base === null ? [] : restBehind([...base, ...written], before);
    if (rest === null) return [];
    const dots = relativeName(importer.after, after);
    // Relative across the project's top folders says more of the tree than of the module.
    if (dots !== null && (topOf(importer.after) === after[0] || packageOf(importer.after, 1)?.length === 0))
      add(dots.level, dots.segments, rest);
    for (let root = 0; root < after.length; root++) add(0, after.slice(root), rest);
    return found;
  }
  for (let root = 0; root < before.length; root++) {
    const rest = restBehind(written, before.slice(root));
    if (rest === null) continue;
    const folder = before.slice(0, root).join('/');
    if (folder === '' || after.slice(0, root).join('/') === folder) add(0, after.slice(root), rest);
    for (let other = 0; other < after.length; other++) if (other !== root) add(0, after.slice(other), rest);
    break;
  }
  return found;
}

/** What is written behind the module's own segments; `null`: it does not begin with them. */
function restBehind(written: readonly string[], module: readonly string[]): readonly string[] | null {
  if (module.some((segment, index) => written[index] !== segment)) return null;
  return written.slice(module.length);
}

const topOf = (path: string): string => (path.includes('/') ? path.slice(0, path.indexOf('/')) : '');

/** Folder that `level` dots mean; `null`: above the project. */
function packageOf(file: string, level: number): readonly string[] | null {
  const folders = file.split('/').slice(0, -1);
  return level - 1 > folders.length ? null : folders.slice(0, folders.length - (level - 1));
}

function relativeName(
  importer: string,
  target: readonly string[],
): { readonly level: number; readonly segments: readonly string[] } | null {
  const own = importer.split('/').slice(0, -1);
  let same = 0;
  while (same < own.length && same < target.length && own[same] === target[same]) same++;
  // Out of the top folder there is no package any more.
  if (own.length > 0 && same === 0) return null;
  return { level: own.length - same + 1, segments: target.slice(same) };
}

export const dotted = ({ level, module }: DottedName): string => '.'.repeat(level) + module;

const SCRIPT = /(?:\.d)?\.([cm]?[jt]sx?)$/;
const COMPILED: Readonly<Record<string, string>> = { ts: 'js', tsx: 'js', mts: 'mjs', cts: 'cjs' };

/** `./db.js`, `@/lib/db`, `raw-loader!./x?url`. */
export function specifierCandidates(old: string, importer: Moved, target: Moved): readonly string[] {
  const match = /^(.*!)?([^!?]*)(\?.*)?$/s.exec(old);
  if (match === null) return [];
  const [, loader = '', specifier = '', query = ''] = match;
  const ending = endingOf(specifier, target.before);
  if (ending === null) return [];
  const path = ending(target.after);
  const relative = relativeTo(importer.after, path);
  const found: string[] = [];
  if (!/^\.{1,2}(?:\/|$)/.test(specifier)) {
    const stem = ending(target.before).split('/');
    const spelled = specifier.split('/');
    let same = 0;
    while (same < Math.min(stem.length, spelled.length) && stem.at(-1 - same) === spelled.at(-1 - same)) same++;
    // `@/lib/db` for src/lib/db: whatever stands in front of what both share stays, as long as the file stays below it.
    for (let shared = same; shared > 0; shared--) {
      const root = stem.slice(0, stem.length - shared).join('/');
      const head = spelled.slice(0, spelled.length - shared).join('/');
      if (head === '' && root !== '') continue;
      if (root === '' || path.startsWith(`${root}/`))
        found.push([head, path.slice(root === '' ? 0 : root.length + 1)].filter((part) => part !== '').join('/'));
    }
  }
  found.push(relative);
  const bare = new Set(found.filter((one) => one !== ''));
  return [...bare].map((one) => loader + one + query);
}

/** How the specifier ends the path of its file, for the path of another: with its suffix, the compiled one, none, or without `index`. */
function endingOf(specifier: string, file: string): ((path: string) => string) | null {
  const suffix = SCRIPT.exec(file)?.[1];
  if (suffix === undefined) return (path) => path;
  const written = SCRIPT.exec(specifier)?.[1];
  const last = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
  const isSuffix =
    written !== undefined && last(specifier).startsWith(last(file).replace(/(?:\.d)?\.[cm]?[jt]sx?$/, ''));
  if (isSuffix && written !== suffix) {
    // Of `.js` for `.tsx` only the compiler's own pairs are known.
    if (COMPILED[suffix] !== written && !(suffix === 'tsx' && written === 'jsx')) return null;
    return (path) =>
      path.replace(SCRIPT, (whole, own: string) => {
        if (own === 'tsx' && written === 'jsx') return '.jsx';
        const compiled = COMPILED[own];
        return compiled === undefined ? whole : `.${compiled}`;
      });
  }
  if (isSuffix) return (path) => path;
  const namesIndex = /(?:^|\/)index$/.test(specifier);
  return (path) => {
    const plain = path.replace(SCRIPT, '');
    return namesIndex ? plain : plain.replace(/(?:^|\/)index$/, '');
  };
}

function relativeTo(importer: string, path: string): string {
  const relative = posix.relative(posix.dirname(importer), path);
  if (relative === '') return '.';
  return relative.startsWith('.') && /^\.{1,2}(?:\/|$)/.test(relative) ? relative : `./${relative}`;
}
