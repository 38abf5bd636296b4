/**
 * The project's files that a command line names: paths, globs, and modules (`python -m a.b`, `uvicorn a.b:app`, `celery
 * -A a`). What folder a command is started from is often not known for sure: each that may be meant is tried, the likeliest first.
 */
import { posix } from 'node:path';
import type { CommandFact } from '../facts.ts';
import type { SourceTree } from '../resolve.ts';
import { globRegExp, isGlob } from './glob.ts';

export interface CommandFiles {
  /** `path`: the file that the command stands in. */
  of(path: string, command: CommandFact): readonly string[];
  /** A path or glob that the settings file `path` names. */
  named(path: string, target: string): readonly string[];
}

const SOURCE = /\.(?:[cm]?[jt]sx?|pyw?|php|sh|bash|zsh)$/;
const SUFFIXES = [
  '',
  '.js',
  '.ts',
  '.mjs',
  '.cjs',
  '.mts',
  '.py',
  '.php',
  '.sh',
  '/index.js',
  '/index.ts',
  '/__main__.py',
];
const MODULE = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/;
/** `pkg.mod:app`, `pkg.mod:create_app()`. */
const OBJECT = /^([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*):[A-Za-z_][\w.]*(?:\([^()]*\))?$/;
/** Options whose value is a module. */
const NAMES_MODULE = /^(?:-m|-A|--app|--settings|--ds|--worker-class|-k|--factory)$/;
const LISTS_MODULES =
  /^(?:uvicorn|gunicorn|hypercorn|daphne|granian|waitress-serve|dramatiq|rq|arq|taskiq|celery|huey_consumer(?:\.py)?)$/;
const FOLDER_OPTIONS = /^(?:--app-dir|--chdir|--pythonpath|--prefix|-C|--cwd|--dir|--rootDir)$/;
/** Where built code comes from. */
const BUILT = /^(.*?)(?:dist|build|out|lib|\.output\/server|target)\/(.*?)(?:\.[cm]?js)?$/;

export function openCommandFiles(tree: SourceTree): CommandFiles {
  const contexts = buildFolders(tree);
  const expanded = new Map<string, readonly string[]>();
  const expand = (glob: string): readonly string[] => {
    let files = expanded.get(glob);
    if (files === undefined) {
      const matches = globRegExp(glob);
      files = [...tree.paths].filter((path) => SOURCE.test(path) && matches.test(path));
      expanded.set(glob, files);
    }
    return files;
  };
  const basesFor = new Map<string, readonly string[]>();
  const basesOf = (path: string, cwd: string | undefined, folders: readonly string[] = []): readonly string[] => {
    const key = `${path}\n${cwd}\n${folders.join('\n')}`;
    const known = basesFor.get(key) ?? listBases(path, cwd, folders);
    basesFor.set(key, known);
    return known;
  };
  const listBases = (path: string, cwd: string | undefined, folders: readonly string[]): readonly string[] => {
    const homes = [folderOf(path), ...(contexts.get(path) ?? []), ''];
    const bases: string[] = [];
    for (const home of homes) {
      for (const folder of folders) bases.push(...under(home, cwd, folder));
      bases.push(...under(home, cwd), ...under(home, undefined));
    }
    return [...new Set(bases)];
  };
  const file = (base: string, word: string): string | undefined => {
    for (const place of places(base, word)) {
      for (const suffix of SUFFIXES) {
        const path = `${place}${suffix}`;
        if (tree.paths.has(path) && SOURCE.test(path)) return path;
      }
    }
    return undefined;
  };
  const module = (bases: readonly string[], name: string): readonly string[] => {
    const path = name.replaceAll('.', '/');
    for (const base of bases) {
      for (const root of ['', 'src']) {
        const stem = join(base, join(root, path));
        const found = [`${stem}.py`, `${stem}/__main__.py`, `${stem}/__init__.py`].filter((one) => tree.paths.has(one));
        if (found.length > 0) return found;
      }
    }
    return [];
  };
  const named = (bases: readonly string[], word: string): readonly string[] => {
    for (const base of bases) {
      if (isGlob(word)) {
        const files = places(base, word).flatMap(expand);
        if (files.length > 0) return files;
        continue;
      }
      const found = file(base, word);
      if (found !== undefined) return [found];
    }
    if (isGlob(word)) return [];
    for (const source of sourcesOf(word)) {
      for (const base of bases) {
        const found = file(base, source);
        if (found !== undefined) return [found];
      }
    }
    return [];
  };

  return {
    named: (path, target) => (isPath(target) ? named(basesOf(path, undefined), target) : []),
    of(path, { words, cwd, env }) {
      const bases = basesOf(path, cwd, optionFolders(words));
      const found = new Set<string>();
      const program = (words[0] ?? '').replace(/^.*\//, '');
      words.forEach((word, index) => {
        const value = word.replace(/^--?[\w-]+=/, '');
        const option = words[index - 1] ?? '';
        const object = OBJECT.exec(value)?.[1];
        const givesModule =
          NAMES_MODULE.test(option) || (value !== word && NAMES_MODULE.test(word.slice(0, word.indexOf('='))));
        if (object !== undefined) for (const one of module(bases, object)) found.add(one);
        else if (MODULE.test(value) && (givesModule || (index > 0 && LISTS_MODULES.test(program)))) {
          for (const one of module(bases, value)) found.add(one);
        }
        if (isPath(value) && (index > 0 || value.includes('/') || SOURCE.test(value))) {
          for (const one of named(bases, value)) found.add(one);
        }
      });
      const flask = env.FLASK_APP?.replace(/:.*$/, '');
      if (flask !== undefined) for (const one of [...named(bases, flask), ...module(bases, flask)]) found.add(one);
      if (program === 'php' && words[1] === 'artisan') for (const one of named(bases, 'artisan')) found.add(one);
      return [...found];
    },
  };
}

/** Something that may lead to a file: it has a suffix or a folder; no URL, no option, nothing that a shell fills in. */
function isPath(word: string): boolean {
  if (word.length < 3 || word.length > 300 || /^-|^[a-z][\w+.-]*:\/\/|[$`|<>"'=:;\s]/i.test(word)) return false;
  return SOURCE.test(word) || /\//.test(word.replace(/^\.\//, '')) || word.startsWith('./');
}

function folderOf(path: string): string {
  const cut = path.lastIndexOf('/');
  return cut < 0 ? '' : path.slice(0, cut);
}

function join(folder: string, path: string): string {
  const joined = posix.join(folder, path).replace(/\/$/, '');
  return joined === '.' ? '' : joined;
}

function under(home: string, cwd: string | undefined, folder = ''): readonly string[] {
  if (cwd === undefined || cwd.includes('$')) return [join(home, folder)];
  // In a container: what follows the folder that the project was copied to is not known.
  if (cwd.startsWith('/')) return ends(cwd).map((end) => join(home, join(end, folder)));
  return [join(home, join(cwd, folder))];
}

/** `/app/src/x.py` → `app/src/x.py`, `src/x.py`, `x.py`. */
function ends(path: string): readonly string[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return [...parts.map((_, index) => parts.slice(index).join('/')), ...(parts.length === 0 ? [''] : [])].slice(0, 12);
}

function places(base: string, word: string): readonly string[] {
  if (word.startsWith('/')) return ends(word).map((end) => join(base, end));
  const joined = join(base, word);
  return joined.startsWith('..') ? [] : [joined];
}

function optionFolders(words: readonly string[]): readonly string[] {
  return words.flatMap((word, index) => {
    const [option = '', value] = word.split('=', 2);
    if (!FOLDER_OPTIONS.test(option)) return [];
    const folder = value ?? words[index + 1];
    return folder === undefined || folder.startsWith('-') || folder.includes('$') ? [] : [folder.replace(/^\//, '')];
  });
}

function sourcesOf(word: string): readonly string[] {
  const match = BUILT.exec(word.replace(/^\.\//, ''));
  if (match === null) return [];
  const [, before = '', inner = ''] = match;
  return ['src/', ''].flatMap((folder) =>
    ['.ts', '.tsx', '.mts', '.js', '/index.ts'].map((end) => `${before}${folder}${inner.replace(/^src\//, '')}${end}`),
  );
}

/** Folders that a Dockerfile is built in, as compose files say; those of a compose file's own services. */
function buildFolders(tree: SourceTree): ReadonlyMap<string, readonly string[]> {
  const folders = new Map<string, string[]>();
  const add = (path: string, folder: string): void => {
    const list = folders.get(path);
    if (list === undefined) folders.set(path, [folder]);
    else if (!list.includes(folder)) list.push(folder);
  };
  for (const [path, { places: services }] of tree.facts) {
    for (const { build, dockerfile } of services) {
      if (build === undefined || build.includes('$') || build.includes('://')) continue;
      const folder = join(folderOf(path), build);
      add(path, folder);
      add(join(folder, dockerfile ?? 'Dockerfile'), folder);
    }
  }
  return folders;
}
