/**
 * Which source files a command starts: `python -m app`, `uvicorn a.b:app`, `node dist/x.js`, `npm start`, `next dev`. Only what
 * surely begins to run; what these lead to is a question of imports.
 */
import { posix } from 'node:path';
import type { SourceTree } from '../code/resolve.ts';
import { djangoOf, frameworkRuns, type LoadedBy } from './frameworks.ts';
import { folderOf } from './project-path.ts';

export interface StartedFile {
  readonly file: string;
  /** From the folder in which the command is given: a package script may go elsewhere first. */
  readonly cwd: string;
  /** Set by a package script for what it starts. */
  readonly variables: Readonly<Record<string, string>>;
}

export interface Started {
  readonly files: readonly StartedFile[];
  /** The program is one whose words are understood: it starts these files and no others. */
  readonly understood: boolean;
}

/** One command of a package script. */
export interface ScriptCommand {
  readonly words: readonly string[];
  readonly cwd?: string;
  readonly variables: Readonly<Record<string, string>>;
}

export interface StartedInput {
  readonly words: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly tree: SourceTree;
  readonly loadedBy: LoadedBy;
  /** The project's file for a path as the command writes it; `undefined`: none. */
  find(path: string): string | undefined;
  /** Where in the project the path would lie, were it there: builds are not. */
  place?(path: string): string | undefined;
  /** Commands of a package script. */
  script?(name: string, folder: string): readonly ScriptCommand[] | undefined;
}

const NOTHING: Started = { files: [], understood: true };
const UNKNOWN: Started = { files: [], understood: false };
const PYTHON = /^(?:python|pypy)[\d.]*w?$|^py$/;
const NODE =
  /^(?:node|nodejs|tsx|ts-node|ts-node-esm|ts-node-dev|tsnd|nodemon|bun|deno|babel-node|esno|vite-node|electron|pm2|pm2-runtime|forever|swc-node)$/;
const SERVERS = /^(?:uvicorn|gunicorn|hypercorn|daphne|granian|waitress-serve|uwsgi|celery|dramatiq|rq|arq|taskiq)$/;
const RUNNERS = /^(?:npm|pnpm|yarn)$/;
/** `npm -w web run dev`, `pnpm --filter web dev`: the package is another one. */
const OTHER_PACKAGE = /^(?:-w|--workspaces?|--prefix|-C|--cwd|--dir|--filter|-F|-r|--recursive|workspaces?)(?:=|$)/;
/** Tools that read one file of their own, and what they run from there. */
const TOOLS: Readonly<Record<string, readonly string[]>> = {
  alembic: ['alembic.ini'],
  prisma: ['prisma/schema.prisma', 'schema.prisma'],
  'drizzle-kit': ['drizzle.config.ts', 'drizzle.config.js'],
  knex: ['knexfile.js', 'knexfile.ts', 'knexfile.cjs', 'knexfile.mjs'],
};
/** What a framework's build leaves, and whose pages run there. */
const BUNDLES: readonly (readonly [RegExp, string])[] = [
  [/^(.*?)\.next\/standalone\/(?:.*\/)?server\.js$/, 'next'],
  [/^(.*?)\.output\/server\/index\.mjs$/, 'nuxt'],
  [/^(.*?)dist\/server\/entry\.mjs$/, 'astro'],
];

export function startedBy(input: StartedInput, depth = 0): Started {
  const [program = '', ...rest] = input.words;
  const name = program.slice(program.lastIndexOf('/') + 1);
  if (depth > 5) return NOTHING;
  if (PYTHON.test(name)) return python(rest, input);
  if (NODE.test(name)) {
    const words = rest.filter((word) => word !== 'run' && word !== 'start' && word !== 'watch');
    const started = firstFile(words, input, ['', '.js', '.ts', '/index.js', '/index.ts']);
    return started.files.length > 0 || name !== 'bun' ? started : packageScript(rest, input, depth);
  }
  if (SERVERS.test(name)) return server(rest, input);
  if (name === 'flask' || name === 'fastapi' || name === 'streamlit') return app(name, rest, input);
  if (name === 'php') return firstFile(rest, input);
  if (/^(?:bash|sh|zsh|dash|source|\.)$/.test(name)) return firstFile(rest, input);
  if (name === 'django-admin') return python(['manage.py', ...rest], input);
  if (RUNNERS.test(name)) return packageScript(rest, input, depth);
  const runs = frameworkRuns(name, rest);
  if (runs !== undefined) return runs ? framework(name, rest, input) : NOTHING;
  if (Object.hasOwn(TOOLS, name)) return tool(name, rest, input);
  const itself = input.find(program);
  if (itself !== undefined) return files([itself]);
  // An image that starts Node by itself is given a file alone.
  return /\.[cm]?js$/.test(program) ? firstFile([program], input) : UNKNOWN;
}

const files = (paths: readonly string[]): Started => ({
  files: paths.map((file) => ({ file, cwd: '', variables: {} })),
  understood: true,
});

function found(paths: readonly string[], input: StartedInput): readonly string[] {
  for (const path of paths) {
    const file = input.find(path);
    if (file !== undefined) return [file];
  }
  return [];
}

function packageScript(rest: readonly string[], input: StartedInput, depth: number): Started {
  if (rest.some((word) => OTHER_PACKAGE.test(word))) return NOTHING;
  const word = rest.find((one) => !one.startsWith('-') && one !== 'run' && one !== 'run-script');
  const manifest = input.find('package.json');
  const commands = word === undefined || manifest === undefined ? [] : input.script?.(word, folderOf(manifest));
  const started: StartedFile[] = [];
  for (const { words, cwd = '', variables } of commands ?? []) {
    if (/^[/~]|\$/.test(cwd)) continue;
    const at = (path: string): string => (cwd === '' || path.startsWith('/') ? path : posix.join(cwd, path));
    const inner: StartedInput = {
      ...input,
      words,
      variables: { ...input.variables, ...variables },
      find: (path) => input.find(at(path)),
      place: (path) => input.place?.(at(path)),
    };
    for (const one of startedBy(inner, depth + 1).files) {
      started.push({ file: one.file, cwd: posix.join(cwd, one.cwd), variables: { ...variables, ...one.variables } });
    }
  }
  return { files: started.map((one) => ({ ...one, cwd: one.cwd === '.' ? '' : one.cwd })), understood: true };
}

/** In the folder of its manifest, or in the one that it is given. */
function framework(name: string, rest: readonly string[], input: StartedInput): Started {
  const given = rest.slice(1).find((word) => !word.startsWith('-'));
  const inside = given === undefined ? undefined : input.find(`${given}/package.json`);
  const manifest = inside ?? input.find('package.json');
  return manifest === undefined ? NOTHING : files(input.loadedBy(name, folderOf(manifest), given));
}

function tool(name: string, rest: readonly string[], input: StartedInput): Started {
  // What is generated from settings opens no store.
  if (/^(?:generate|format|validate|init|check|make|migrate:make|seed:make|help)$/.test(rest[0] ?? '')) return NOTHING;
  const flag = rest.findIndex((word) => /^(?:-c|--config|--schema|--knexfile)$/.test(word));
  const given = flag === -1 ? undefined : rest[flag + 1];
  const settings = found(given === undefined ? (TOOLS[name] as readonly string[]) : [given], input);
  const [first] = settings;
  if (name !== 'alembic' || first === undefined) return files(settings);
  // The folder of `env.py` stands in the settings.
  const script = input.tree.facts.get(first)?.settings?.find(({ key }) => /(?:^|\.)script_location$/.test(key))?.v;
  const env = posix.join(folderOf(first), (script ?? 'alembic').replace(/^%\(here\)s\/?/, ''), 'env.py');
  return files(input.tree.paths.has(env) ? [first, env] : [first]);
}

function python(rest: readonly string[], input: StartedInput): Started {
  for (let index = 0; index < rest.length; index++) {
    const word = rest[index] as string;
    if (word === '-m') {
      const module = rest[index + 1] ?? '';
      if (SERVERS.test(module) || /^(?:flask|fastapi|streamlit|alembic)$/.test(module))
        return startedBy({ ...input, words: [module, ...rest.slice(index + 2)] }, 1);
      return withDjango(moduleFile(module, input), [], input);
    }
    if (word === '-c' || word === '-') return NOTHING;
    if (word.startsWith('-')) {
      if (word === '-W' || word === '-X') index++;
      continue;
    }
    const file = input.find(word) ?? input.find(`${word}/__main__.py`);
    return file === undefined ? NOTHING : withDjango([file], rest.slice(index + 1), input);
  }
  return NOTHING;
}

/** Django loads its settings and its applications by name, whichever of its files is started. */
function withDjango(started: readonly string[], rest: readonly string[], input: StartedInput): Started {
  const [file] = started;
  const django = file === undefined ? undefined : djangoOf(input.tree, file);
  if (file === undefined || django === undefined) return files(started);
  const flag = rest.indexOf('--settings');
  const asked =
    rest.find((word) => word.startsWith('--settings='))?.slice(11) ?? (flag < 0 ? undefined : rest[flag + 1]);
  const settings = asked ?? input.variables.DJANGO_SETTINGS_MODULE ?? django.settings;
  const command = /(?:^|\/)manage\.py$/.test(file) ? (rest.find((word) => !word.startsWith('-')) ?? '') : '';
  return files([...started, ...input.loadedBy('django', django.folder, `${settings} ${command}`)]);
}

function moduleFile(module: string, input: StartedInput): readonly string[] {
  const path = module.replaceAll('.', '/');
  return found(
    [`${path}.py`, `${path}/__main__.py`, `${path}/__init__.py`, `src/${path}.py`, `src/${path}/__main__.py`],
    input,
  );
}

/** The word that names a module, with `:app` or without. */
function server(rest: readonly string[], input: StartedInput): Started {
  for (const word of rest) {
    if (word.startsWith('-')) {
      const inline = /^(?:-A|--app=)(.+)/.exec(word)?.[1];
      if (inline !== undefined) return withDjango(moduleFile(inline.replace(/:.*/, ''), input), [], input);
      continue;
    }
    const module = /^([A-Za-z_][\w.]*)(?::[\w.()]+)?$/.exec(word)?.[1];
    const paths = module === undefined ? [] : moduleFile(module, input);
    if (paths.length > 0) return withDjango(paths, [], input);
  }
  return NOTHING;
}

function app(name: string, rest: readonly string[], input: StartedInput): Started {
  const flag = rest.findIndex((word) => word === '--app' || word === '-A');
  const named =
    flag >= 0
      ? rest[flag + 1]
      : (rest.find((word) => word.startsWith('--app='))?.slice(6) ?? input.variables.FLASK_APP);
  const given = name === 'flask' ? named : rest.find((word) => !word.startsWith('-') && !/^(?:run|dev)$/.test(word));
  const module = given?.replace(/:.*/, '');
  return files(
    module === undefined
      ? found(['app.py', 'wsgi.py', 'main.py', 'app/__init__.py', 'app/main.py'], input)
      : [...found([module], input), ...moduleFile(module.replace(/\.py$/, ''), input)].slice(0, 1),
  );
}

function firstFile(rest: readonly string[], input: StartedInput, suffixes: readonly string[] = ['']): Started {
  for (const word of rest) {
    if (word.startsWith('-') || word.includes('=')) continue;
    const there = found(
      suffixes.map((suffix) => word + suffix),
      input,
    );
    if (there.length > 0) return files(there);
    // Built output is started: the source it was built from is what is read.
    const output = input.place?.(word);
    const sources = output === undefined ? [] : sourcesOf(output, input);
    if (sources.length > 0) return files(sources);
  }
  return NOTHING;
}

function sourcesOf(output: string, { tree, loadedBy }: StartedInput): readonly string[] {
  for (const [bundle, name] of BUNDLES) {
    const match = bundle.exec(output);
    if (match !== null) return loadedBy(name, (match[1] as string).replace(/\/$/, ''));
  }
  const match = /^(.*?)(?:dist|build|out|lib|\.output\/server)\/(.*?)(?:\.[cm]?js)?$/.exec(output);
  if (match === null) return [];
  const [, before = '', inner = ''] = match;
  const candidates = ['src/', ''].flatMap((folder) =>
    ['.ts', '.mts', '.js', '.tsx', '/index.ts'].map(
      (suffix) => `${before}${folder}${inner.replace(/^src\//, '')}${suffix}`,
    ),
  );
  return candidates.filter((path) => tree.paths.has(path)).slice(0, 1);
}
