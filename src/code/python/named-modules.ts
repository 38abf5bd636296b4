/**
 * Strings that name modules (trap C3), and modules that are imported by a call. A string counts only where the call, the keyword
 * or the setting around it says so: "a.b" in any other place is a text.
 */
import type { ImportFact } from '../facts.ts';
import { literalShape } from './literal.ts';
import * as t from './tokens.ts';

/** Calls whose first argument is a module that is imported there and then. */
const LOADERS = new Set(['import_module', '__import__', 'run_module', 'importorskip']);
/** Calls whose first argument names a module or something in it. */
const NAMERS = new Set([
  'patch',
  'multiple',
  'dict',
  'object',
  'setattr',
  'delattr',
  'include',
  'import_string',
  'import_from_string',
  'find_spec',
  'locate',
  'load_class',
  'get_class',
  'from_object',
  'config_from_object',
  'send_task',
  'signature',
  'autodiscover_tasks',
  'run',
  'Config',
]);
/** Of those, the ones whose names say too little: what they are called on must match. */
const OWNERS: Readonly<Record<string, RegExp>> = {
  multiple: /patch$/,
  dict: /patch$/,
  object: /patch$/,
  setattr: /monkeypatch$|^mp$/i,
  delattr: /monkeypatch$|^mp$/i,
  run: /^(?:uvicorn|hypercorn|granian)$/,
  Config: /^(?:uvicorn|hypercorn)$/,
  from_object: /config$/,
};
/** Settings and keywords whose texts name modules. */
const SETTINGS = new Set([
  'INSTALLED_APPS',
  'DJANGO_APPS',
  'THIRD_PARTY_APPS',
  'LOCAL_APPS',
  'PROJECT_APPS',
  'SHARED_APPS',
  'TENANT_APPS',
  'MIDDLEWARE',
  'MIDDLEWARE_CLASSES',
  'ROOT_URLCONF',
  'WSGI_APPLICATION',
  'ASGI_APPLICATION',
  'AUTHENTICATION_BACKENDS',
  'DATABASE_ROUTERS',
  'REST_FRAMEWORK',
  'CRONJOBS',
  'TEST_RUNNER',
  'SESSION_ENGINE',
  'EMAIL_BACKEND',
  'EXCEPTION_HANDLER',
  'MIGRATION_MODULES',
  'CELERY_IMPORTS',
  'CELERY_INCLUDE',
  'CELERY_TASK_ROUTES',
  'CELERY_BEAT_SCHEDULE',
  'CELERYBEAT_SCHEDULE',
  'task_routes',
  'beat_schedule',
  'imports',
  'pytest_plugins',
  'include',
  'entry_points',
  'DJANGO_SETTINGS_MODULE',
  'FLASK_APP',
]);
/** Keys of a map: their value is a class or a task. `class` and `()` are those of logging. */
const KEYS = new Set(['class', '()', 'task', 'BACKEND', 'ENGINE']);
/** Names of one word count here only: anywhere else they may be any text. */
const SINGLE = new Set([
  'INSTALLED_APPS',
  'LOCAL_APPS',
  'PROJECT_APPS',
  'import_module',
  '__import__',
  'run_module',
  'CELERY_IMPORTS',
  'CELERY_INCLUDE',
  'autodiscover_tasks',
  'FLASK_APP',
]);

const MODULE = /^\.*[^\W\d]\w*(?:\.[^\W\d]\w*)*(?::[^\W\d]\w*(?:\.\w+)*(?:\(\))?)?$/;
/** What ends like this is a file. */
const FILE = /\.(?:json|html?|py|ya?ml|txt|toml|cfg|ini|db|sqlite3|csv|xml|log|md|sh)$/;
const ENTRY_POINT = /^\s*[\w.-]+\s*=\s*([\w.]+)(?::([\w.]+))?/;

export interface NamedModule {
  readonly module: string | null;
  readonly level: number;
  readonly names: ImportFact['names'];
  readonly kind: 'dynamic' | 'text';
  readonly start: number;
  readonly end: number;
}

/** Brackets that are open where the outline stands, and what the statement assigns to. */
export interface Surroundings {
  readonly openers: readonly number[];
  readonly statement: number;
}

function wordAt({ data, text }: t.Tokens, at: number): string {
  return text.slice(data[at + 1], data[at + 2]);
}

/** `import_module(name)` where the name is computed. Stands on the bracket. */
export function computedImport(tokens: t.Tokens, open: number): NamedModule | undefined {
  const { data } = tokens;
  const name = open - t.STRIDE;
  if (name < 0 || data[name] !== t.NAME) return undefined;
  const length = (data[name + 2] as number) - (data[name + 1] as number);
  if (length !== 13 && length !== 10) return undefined;
  const word = wordAt(tokens, name);
  if (word !== 'import_module' && word !== '__import__') return undefined;
  if (data[name - t.STRIDE] === t.DEF) return undefined;
  const first = open + t.STRIDE;
  const whole = data[first + t.STRIDE] === t.COMMA || data[first + t.STRIDE] === t.CLOSE_ROUND;
  if (data[first] === t.STRING && whole) return undefined;
  return {
    module: null,
    level: 0,
    names: [],
    kind: 'dynamic',
    start: data[first + 1] as number,
    end: data[first + 2] as number,
  };
}

/** What the string at `at` names, if what stands around it says that it names a module. */
export function namedModule(tokens: t.Tokens, at: number, around: Surroundings): NamedModule | undefined {
  const { data, text } = tokens;
  const start = data[at + 1] as number;
  const end = data[at + 2] as number;
  if (end - start > 250) return undefined;
  const { from, to, bytes } = literalShape(text, start, end);
  if (bytes || to <= from) return undefined;
  const characters = charactersOf(text, from, to);
  if (characters === 'other') return undefined;
  const says = whoSays(tokens, at, around);
  if (says === '') return undefined;
  const written = text.slice(from, to);
  if (says === 'entry_points') return entryPoint(written, from);
  if (characters === 'entry' || !MODULE.test(written)) return undefined;
  if (!/[.:]/.test(written) && !SINGLE.has(says)) return undefined;
  if (!LOADERS.has(says) && FILE.test(written)) return undefined;
  // HTML has classes, too.
  if (says === 'class' && !/\.[A-Z]\w*$/.test(written)) return undefined;
  const dots = /^\.*/.exec(written)?.[0].length ?? 0;
  const [module = '', object = ''] = written.slice(dots).split(':');
  const name = object.replace('()', '').split('.')[0] ?? '';
  const inside = dots > 0 ? packageArgument(tokens, at) : undefined;
  return {
    module: inside === undefined ? module : absolute(inside, dots, module),
    level: inside === undefined ? dots : 0,
    names: name === '' ? [] : [{ name, as: name }],
    kind: LOADERS.has(says) ? 'dynamic' : 'text',
    start: from,
    end: from + dots + module.length,
  };
}

/** `import_module(".x", "a.b")` or `package="a.b"`: the package, where it is written. */
function packageArgument(tokens: t.Tokens, at: number): string | undefined {
  const { data } = tokens;
  let argument = at + t.STRIDE;
  if (data[argument] !== t.COMMA) return undefined;
  argument += t.STRIDE;
  if (data[argument] === t.NAME && data[argument + t.STRIDE] === t.ASSIGN) argument += 2 * t.STRIDE;
  return data[argument] === t.STRING ? wordAt(tokens, argument).slice(1, -1) : undefined;
}

function absolute(inside: string, dots: number, module: string): string {
  const segments = inside.split('.');
  return [...segments.slice(0, Math.max(0, segments.length - dots + 1)), module]
    .filter((segment) => segment !== '')
    .join('.');
}

/** `name`: letters, digits and `_ . : ( )`; `entry`: what an entry point has besides. */
function charactersOf(text: string, from: number, to: number): 'name' | 'entry' | 'other' {
  let result: 'name' | 'entry' = 'name';
  for (let index = from; index < to; index++) {
    const unit = text.charCodeAt(index);
    if (unit === 46 || unit === 95 || unit === 58 || (unit >= 48 && unit <= 57) || unit > 127) continue;
    const letter = unit | 32;
    if (letter >= 97 && letter <= 122) continue;
    if (unit === 40 || unit === 41) continue;
    if (unit !== 61 && unit !== 32 && unit !== 45) return 'other';
    result = 'entry';
  }
  return result;
}

function entryPoint(written: string, from: number): NamedModule | undefined {
  const match = ENTRY_POINT.exec(written);
  const module = match?.[1];
  if (match === null || module === undefined) return undefined;
  const start = from + written.indexOf(module, written.indexOf('='));
  const name = match[2]?.split('.')[0];
  const names = name === undefined ? [] : [{ name, as: name }];
  return { module, level: 0, names, kind: 'text', start, end: start + module.length };
}

/** The call, setting or key that makes a module of the string at `at`; '' where nothing does. */
function whoSays(tokens: t.Tokens, at: number, { openers, statement }: Surroundings): string {
  const { data } = tokens;
  const before = data[at - t.STRIDE];
  const after = data[at + t.STRIDE];
  // Part of something longer, or what something is called on.
  if (
    after === t.STRING ||
    after === t.TEMPLATE ||
    before === t.STRING ||
    after === t.DOT ||
    before === 43 ||
    after === 43
  )
    return '';
  if (before === t.OPEN_ROUND) {
    const callee = calleeOf(tokens, at - t.STRIDE);
    if (callee !== '') return callee;
  }
  if (before === t.COLON && data[at - 2 * t.STRIDE] === t.STRING) {
    const key = wordAt(tokens, at - 2 * t.STRIDE).replace(/^\w*['"]+|['"]+$/g, '');
    if (KEYS.has(key)) return key;
  }
  if (before === t.COMMA && data[at - 2 * t.STRIDE] === t.STRING) {
    const earlier = wordAt(tokens, at - 2 * t.STRIDE).slice(1, -1);
    if (earlier === '-m' && openers.length > 0) return 'run_module';
    if (earlier === 'DJANGO_SETTINGS_MODULE' || earlier === 'FLASK_APP') return earlier;
  }
  return settingOf(tokens, at, openers, statement);
}

/** What is called by the bracket at `open`, if its first argument names a module. */
function calleeOf(tokens: t.Tokens, open: number): string {
  const { data } = tokens;
  const name = open - t.STRIDE;
  if (data[name] !== t.NAME || data[name - t.STRIDE] === t.DEF) return '';
  const word = wordAt(tokens, name);
  if (LOADERS.has(word)) return word;
  if (!NAMERS.has(word)) return '';
  const owner = OWNERS[word];
  if (owner === undefined) return word;
  const owned = data[name - t.STRIDE] === t.DOT && data[name - 2 * t.STRIDE] === t.NAME;
  return owned && owner.test(wordAt(tokens, name - 2 * t.STRIDE)) ? word : '';
}

const isOpener = (kind: number | undefined): boolean => kind === 40 || kind === 91 || kind === 123;

/** A keyword or the target of the statement, whose value the string is or is in. */
function settingOf(tokens: t.Tokens, at: number, openers: readonly number[], statement: number): string {
  const { data } = tokens;
  let element = at;
  for (let depth = openers.length - 1; depth >= -1 && depth >= openers.length - 12; depth--) {
    if (data[element - t.STRIDE] === t.ASSIGN && data[element - 2 * t.STRIDE] === t.NAME) {
      const word = wordAt(tokens, element - 2 * t.STRIDE);
      if (SETTINGS.has(word) && (word !== 'include' || isOpener(data[element]))) return word;
    }
    if (depth < 0) break;
    element = openers[depth] as number;
    // The elements of a list or tuple that a call takes first: autodiscover_tasks(["a"]), include(("app.urls", "app")).
    if (data[element - t.STRIDE] === t.OPEN_ROUND && data[element] !== t.OPEN_CURLY) {
      const callee = calleeOf(tokens, element - t.STRIDE);
      if (callee === 'include' && data[at - t.STRIDE] === t.OPEN_ROUND) return callee;
      if (callee === 'autodiscover_tasks') return callee;
    }
    if (
      data[element] === t.OPEN_SQUARE &&
      data[element - t.STRIDE] === t.COLON &&
      data[element - 2 * t.STRIDE] === t.STRING
    ) {
      if (/^['"]context_processors['"]$/.test(wordAt(tokens, element - 2 * t.STRIDE))) return 'context_processors';
    }
    // An argument of a call inside of a setting says something to that call.
    if (data[element] === t.OPEN_ROUND && data[element - t.STRIDE] === t.NAME) return '';
  }
  return targetOf(tokens, statement);
}

/** `X = …`, `X += …`, `app.conf.X = …`, `os.environ["X"] = …`: the setting that the statement gives a value to. */
function targetOf(tokens: t.Tokens, statement: number): string {
  const { data } = tokens;
  let at = statement;
  while (data[at] === t.NAME && data[at + t.STRIDE] === t.DOT) at += 2 * t.STRIDE;
  if (data[at] !== t.NAME) return '';
  let word = wordAt(tokens, at);
  let next = at + t.STRIDE;
  if (data[next] === t.OPEN_SQUARE && data[next + t.STRIDE] === t.STRING) {
    word = wordAt(tokens, next + t.STRIDE).slice(1, -1);
    next += 3 * t.STRIDE;
  }
  if (data[next] !== t.ASSIGN && data[next] !== t.AUGMENT && data[next] !== t.COLON) return '';
  return SETTINGS.has(word) && word !== 'include' && word !== 'entry_points' ? word : '';
}
