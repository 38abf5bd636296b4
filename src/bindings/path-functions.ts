/**
 * The string functions that build paths, as Python, Node and PHP define them, for POSIX paths. Each is checked against
 * the real interpreter by a property test. A part that is not known travels through as `HOLE`.
 */
import { posix } from 'node:path';
import type { Operation } from './symbol.ts';

/** Stands for a part of a name that only the running program knows (private use area: in no real path). */
export const HOLE = '\uE000';

export interface Surroundings {
  readonly cwd: string;
  readonly home: string;
}

/** `os.path.normpath`: `//` at the start is kept, `///` is not. */
function pythonNormpath(path: string): string {
  if (path === '') return '.';
  const slashes = path.startsWith('//') && !path.startsWith('///') ? '//' : path.startsWith('/') ? '/' : '';
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..' || (slashes === '' && kept.length === 0) || kept.at(-1) === '..') kept.push(part);
    else kept.pop();
  }
  return slashes + kept.join('/') || '.';
}

function pythonJoin(parts: readonly string[]): string {
  let path = parts[0] ?? '';
  for (const part of parts.slice(1)) {
    if (part.startsWith('/')) path = part;
    else path += path === '' || path.endsWith('/') ? part : `/${part}`;
  }
  return path;
}

function pythonDirname(path: string): string {
  const head = path.slice(0, path.lastIndexOf('/') + 1);
  return /^\/*$/.test(head) ? head : head.replace(/\/+$/, '');
}

/** `PurePosixPath(...)`: empty and `.` segments go, `..` stays. */
export function pathlib(parts: readonly string[]): string {
  const joined = pythonJoin(parts.filter((part) => part !== ''));
  const root = joined.startsWith('//') && !joined.startsWith('///') ? '//' : joined.startsWith('/') ? '/' : '';
  return (
    root +
      joined
        .split('/')
        .filter((part) => part !== '' && part !== '.')
        .join('/') || '.'
  );
}

function pathlibParent(path: string): string {
  if (path === '.' || /^\/+$/.test(path)) return path;
  const cut = path.lastIndexOf('/');
  if (cut < 0) return '.';
  return cut === 0 ? '/' : path.slice(0, cut) === '/' ? '//' : path.slice(0, cut);
}

function pathlibName(path: string): string {
  return path === '.' || /^\/+$/.test(path) ? '' : path.slice(path.lastIndexOf('/') + 1);
}

function suffixOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 && dot < name.length - 1 ? name.slice(dot) : '';
}

function expandUser(path: string, home: string): string {
  if (path !== '~' && !path.startsWith('~/')) return path;
  return home.replace(/\/+$/, '') + path.slice(1) || '/';
}

function phpDirname(path: string, levels: number): string {
  let result = path;
  for (let level = 0; level < Math.max(1, levels); level++) {
    const stripped = result.replace(/\/+$/, '');
    if (stripped === '') return result.startsWith('/') ? '/' : '';
    const cut = stripped.lastIndexOf('/');
    result = cut < 0 ? '.' : stripped.slice(0, cut).replace(/\/+$/, '') || '/';
    if (result === '.' || result === '/') break;
  }
  return result;
}

/** The characters that a URL's path escapes; a hole stays what it is. */
function fileUrl(path: string): string {
  return `file://${path
    .split(HOLE)
    .map((part) => encodeURI(part).replace(/[?#]/g, encodeURIComponent))
    .join(HOLE)}`;
}

function fromFileUrl(url: string): string {
  const path = url.replace(/^file:(?:\/\/(?:localhost)?(?=\/))?/, '').replace(/[?#].*$/s, '');
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** A hole would be escaped like any letter that is not ASCII. */
function urlResolve(reference: string, base: string): string {
  try {
    return new URL(reference, base).href.replaceAll(encodeURIComponent(HOLE), HOLE);
  } catch {
    return reference;
  }
}

const strip = (value: string, characters: string, side: string): string => {
  const set = characters === '' ? ' \t\n\r\f\v' : characters;
  let start = 0;
  let end = value.length;
  if (side !== 'right') while (start < end && set.includes(value[start] as string)) start++;
  if (side !== 'left') while (end > start && set.includes(value[end - 1] as string)) end--;
  return value.slice(start, end);
};

type Apply = (of: readonly string[], around: Surroundings) => string;

const first = (of: readonly string[]): string => of[0] ?? '';
const second = (of: readonly string[]): string => of[1] ?? '';

const OPERATIONS: Readonly<Record<Operation, Apply>> = {
  concat: (of) => of.join(''),
  'python-join': pythonJoin,
  'python-dirname': (of) => pythonDirname(first(of)),
  'python-basename': (of) => first(of).slice(first(of).lastIndexOf('/') + 1),
  'python-abspath': (of, { cwd }) =>
    pythonNormpath(first(of).startsWith('/') ? first(of) : pythonJoin([cwd, first(of)])),
  'python-normpath': (of) => pythonNormpath(first(of)),
  'python-expanduser': (of, { home }) => expandUser(first(of), home),
  pathlib,
  'pathlib-parent': (of) => pathlibParent(pathlib([first(of)])),
  // Links are followed in a second step, where files are looked at; here `..` goes as on a tree without links.
  'pathlib-resolve': (of, { cwd }) => pathlib([pythonNormpath(pythonJoin([cwd, first(of)]))]),
  'pathlib-absolute': (of, { cwd }) => pathlib([cwd, first(of)]),
  'pathlib-as-uri': (of) => fileUrl(first(of)),
  'pathlib-expanduser': (of, { home }) => pathlib([expandUser(first(of), home)]),
  'with-name': (of) => pathlib([pathlibParent(pathlib([first(of)])), second(of)]),
  'with-suffix': (of) => {
    const path = pathlib([first(of)]);
    const name = pathlibName(path);
    const stem = name.slice(0, name.length - suffixOf(name).length);
    return pathlib([pathlibParent(path), stem + second(of)]);
  },
  stem: (of) => {
    const name = pathlibName(pathlib([first(of)]));
    return name.slice(0, name.length - suffixOf(name).length);
  },
  suffix: (of) => suffixOf(pathlibName(pathlib([first(of)]))),
  'node-join': (of) => posix.join(...of),
  'node-resolve': (of, { cwd }) => posix.resolve(cwd, ...of),
  'node-dirname': (of) => posix.dirname(first(of)),
  'node-basename': (of) => (of.length > 1 ? posix.basename(first(of), second(of)) : posix.basename(first(of))),
  'node-normalize': (of) => posix.normalize(first(of)),
  'node-extname': (of) => posix.extname(first(of)),
  'php-dirname': (of) => phpDirname(first(of), Number(of[1] ?? 1)),
  'php-realpath': (of, { cwd }) => posix.resolve(cwd, first(of)),
  'file-url': (of, { cwd }) => fileUrl(posix.resolve(cwd, first(of))),
  'from-file-url': (of) => fromFileUrl(first(of)),
  'url-resolve': (of) => urlResolve(first(of), second(of)),
  replace: (of) => (second(of) === '' ? first(of) : first(of).replaceAll(second(of), () => of[2] ?? '')),
  'replace-first': (of) => (second(of) === '' ? first(of) : first(of).replace(second(of), () => of[2] ?? '')),
  'remove-prefix': (of) => (first(of).startsWith(second(of)) ? first(of).slice(second(of).length) : first(of)),
  'remove-suffix': (of) =>
    second(of) !== '' && first(of).endsWith(second(of)) ? first(of).slice(0, -second(of).length) : first(of),
  strip: (of) => strip(first(of), second(of), of[2] ?? 'both'),
  lower: (of) => first(of).toLowerCase(),
  upper: (of) => first(of).toUpperCase(),
};

export function applyOperation(op: Operation, of: readonly string[], around: Surroundings): string {
  return OPERATIONS[op](of, around);
}
