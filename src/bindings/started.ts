/** Which source files a command starts: `python -m app`, `uvicorn a.b:app`, `node dist/x.js`, `npm start`. */

export interface Started {
  readonly files: readonly string[];
  /** A framework that runs whatever lies in the folder it is started from (`next dev`, `vite`, `flask run`). */
  readonly folder: boolean;
}

export interface StartedInput {
  readonly words: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  /** The project's file for a path as the command writes it; `undefined`: none. */
  find(path: string): string | undefined;
  /** Words of a package script. */
  script?(name: string): readonly string[] | undefined;
}

const NOTHING: Started = { files: [], folder: false };
const PYTHON = /^(?:python|pypy)[\d.]*w?$|^py$/;
const NODE =
  /^(?:node|nodejs|tsx|ts-node|ts-node-esm|ts-node-dev|tsnd|nodemon|bun|deno|babel-node|esno|vite-node|electron|pm2|forever|swc-node)$/;
const SERVERS = /^(?:uvicorn|gunicorn|hypercorn|daphne|granian|waitress-serve|uwsgi|celery|dramatiq|rq|arq|taskiq)$/;
const FRAMEWORKS =
  /^(?:next|nuxt|nuxi|vite|nest|react-scripts|remix|astro|svelte-kit|gatsby|ng|webpack|strapi|medusa|keystone|blitz|redwood|rw|sst|serverless|wrangler)$/;
const RUNNERS = /^(?:npm|pnpm|yarn)$/;

export function startedBy(input: StartedInput, depth = 0): Started {
  const [program = '', ...rest] = input.words;
  const name = program.slice(program.lastIndexOf('/') + 1);
  if (depth > 5) return NOTHING;
  if (PYTHON.test(name)) return python(rest, input);
  if (NODE.test(name))
    return firstFile(
      rest.filter((word) => word !== 'run' && word !== 'start' && word !== 'watch'),
      input,
      ['', '.js', '.ts', '/index.js', '/index.ts'],
    );
  if (SERVERS.test(name)) return server(rest, input);
  if (name === 'flask' || name === 'fastapi' || name === 'streamlit') return app(name, rest, input);
  if (name === 'php') return firstFile(rest, input);
  if (/^(?:bash|sh|zsh|dash|source|\.)$/.test(name)) return firstFile(rest, input);
  if (name === 'django-admin') return { files: found(['manage.py'], input), folder: true };
  if (RUNNERS.test(name)) {
    const word = rest.find((one) => !one.startsWith('-') && one !== 'run' && one !== 'run-script');
    const words = word === undefined ? undefined : input.script?.(word);
    return words === undefined ? NOTHING : startedBy({ ...input, words }, depth + 1);
  }
  if (FRAMEWORKS.test(name)) return { files: [], folder: !/^(?:build|lint|test|typecheck)$/.test(rest[0] ?? '') };
  const itself = input.find(program);
  return itself === undefined ? NOTHING : { files: [itself], folder: false };
}

function found(paths: readonly string[], input: StartedInput): readonly string[] {
  for (const path of paths) {
    const file = input.find(path);
    if (file !== undefined) return [file];
  }
  return [];
}

function python(rest: readonly string[], input: StartedInput): Started {
  for (let index = 0; index < rest.length; index++) {
    const word = rest[index] as string;
    if (word === '-m') {
      const module = rest[index + 1] ?? '';
      if (SERVERS.test(module) || /^(?:flask|fastapi|streamlit)$/.test(module))
        return startedBy({ ...input, words: [module, ...rest.slice(index + 2)] }, 1);
      return { files: moduleFile(module, input), folder: false };
    }
    if (word === '-c' || word === '-') return NOTHING;
    if (word.startsWith('-')) {
      if (word === '-W' || word === '-X') index++;
      continue;
    }
    const file = input.find(word) ?? input.find(`${word}/__main__.py`);
    return { files: file === undefined ? [] : [file], folder: /(?:^|\/)manage\.py$/.test(word) };
  }
  return NOTHING;
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
      if (inline !== undefined) return { files: moduleFile(inline.replace(/:.*/, ''), input), folder: false };
      continue;
    }
    const module = /^([A-Za-z_][\w.]*)(?::[\w.()]+)?$/.exec(word)?.[1];
    const files = module === undefined ? [] : moduleFile(module, input);
    if (files.length > 0) return { files, folder: false };
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
  const files =
    module === undefined
      ? found(['app.py', 'wsgi.py', 'main.py', 'app/__init__.py', 'app/main.py'], input)
      : [...found([module], input), ...moduleFile(module.replace(/\.py$/, ''), input)].slice(0, 1);
  return { files, folder: false };
}

function firstFile(rest: readonly string[], input: StartedInput, suffixes: readonly string[] = ['']): Started {
  for (const word of rest) {
    if (word.startsWith('-') || word.includes('=')) continue;
    const files = found(
      suffixes.map((suffix) => word + suffix),
      input,
    );
    // Built output is started: the source it was built from is what is read.
    const source = files.length > 0 ? files : found(sourcesOf(word), input);
    if (source.length > 0) return { files: source, folder: false };
  }
  return NOTHING;
}

function sourcesOf(path: string): readonly string[] {
  const match = /^(.*?)(?:dist|build|out|lib|\.output\/server)\/(.*?)(?:\.[cm]?js)?$/.exec(path.replace(/^\.\//, ''));
  if (match === null) return [];
  const [, before = '', inner = ''] = match;
  return ['src/', ''].flatMap((folder) =>
    ['.ts', '.mts', '.js', '.tsx', '/index.ts'].map(
      (suffix) => `${before}${folder}${inner.replace(/^src\//, '')}${suffix}`,
    ),
  );
}
