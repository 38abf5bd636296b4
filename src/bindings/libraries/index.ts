/** The libraries that are understood, joined to what the evaluator asks for. */
import type { Expr } from '../../code/facts.ts';
import { openingsOfCall } from '../openers/index.ts';
import { apply, type Source, type Symbolic, text } from '../symbol.ts';
import { symbolOf, type Value } from '../value.ts';
import { type Libraries, type LibraryFunction, readingOf } from './library.ts';
import { NODE_CALLS, NODE_LIST_METHODS, NODE_METHODS } from './node.ts';
import { PHP_CALLS } from './php.ts';
import {
  configGet,
  PYTHON_CALLS,
  PYTHON_MAP_METHODS,
  PYTHON_METHODS,
  percentFormat,
  pythonTextAttribute,
} from './python.ts';

const CALLS: Readonly<Record<string, Readonly<Record<string, LibraryFunction>>>> = {
  python: PYTHON_CALLS,
  typescript: NODE_CALLS,
  php: PHP_CALLS,
};
const METHODS: Readonly<Record<string, Readonly<Record<string, LibraryFunction>>>> = {
  python: PYTHON_METHODS,
  typescript: NODE_METHODS,
};

const MAP_METHODS: Readonly<Record<string, Readonly<Record<string, LibraryFunction>>>> = { python: PYTHON_MAP_METHODS };
const LIST_METHODS: Readonly<Record<string, Readonly<Record<string, LibraryFunction>>>> = {
  typescript: NODE_LIST_METHODS,
};

/** What holds the variables of the environment, by its name. */
const ENVIRONMENTS = new Set(['os.environ', 'process.env', 'import.meta.env', 'Bun.env', '_ENV', '_SERVER']);

const own = <T>(table: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  table !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;

const variable = (name: string, source: Source): Value => symbolOf({ s: 'env', name, source });

const place = (file: string): Symbolic => ({ s: 'place', file });

export const libraries: Libraries = {
  name(language, name, file) {
    if (language === 'python') return name === '__file__' ? symbolOf(place(file)) : undefined;
    if (language === 'typescript') {
      if (name === '__filename') return symbolOf(place(file));
      return name === '__dirname' ? symbolOf(apply('node-dirname', place(file))) : undefined;
    }
    if (language !== 'php') return undefined;
    if (name === '__FILE__') return symbolOf(place(file));
    if (name === 'DIRECTORY_SEPARATOR') return symbolOf(text('/'));
    return name === '__DIR__' ? symbolOf(apply('php-dirname', place(file))) : undefined;
  },

  moduleName(language, module) {
    if (language !== 'typescript' || module === 'node:sqlite') return module;
    return module.replace(/^node:/, '');
  },

  attribute(language, of, name, source) {
    if (ENVIRONMENTS.has(of)) return /^[A-Z][A-Z0-9_]*$/.test(name) ? variable(name, source) : undefined;
    if (language === 'python') {
      if (name === 'sep' && (of === 'os' || of === 'os.path')) return symbolOf(text('/'));
      return of === 'os' && name === 'curdir' ? symbolOf(text('.')) : undefined;
    }
    if (of === 'import.meta') {
      if (name === 'url') return symbolOf(apply('file-url', place(source.path)));
      if (name === 'filename' || name === 'path') return symbolOf(place(source.path));
      if (name === 'dirname' || name === 'dir') return symbolOf(apply('node-dirname', place(source.path)));
    }
    return of === 'path' && name === 'sep' ? symbolOf(text('/')) : undefined;
  },

  textAttribute(of, name) {
    if (name === 'pathname') return symbolOf(apply('from-file-url', of.symbol));
    if (name === 'href') return of;
    return pythonTextAttribute(of, name);
  },

  madeAttribute(of, name, evaluator, source) {
    if (!/^[A-Z][A-Z0-9_]*$/.test(name)) return undefined;
    // `z.object({…}).parse(process.env).X`, `cleanEnv(process.env, …).X`: the variable, whatever checks it.
    const { call, frame } = of;
    const at = { file: frame.file, scope: frame.scope, before: Number.POSITIVE_INFINITY, frame };
    const takesEnvironment = [...call.args, ...mapValues(call.args)].some((arg) => {
      if (arg.k !== 'member' && arg.k !== 'name') return false;
      const value = evaluator.evaluate(arg, at);
      return value.v === 'external' && ENVIRONMENTS.has(value.name);
    });
    return takesEnvironment ? variable(name, source) : undefined;
  },

  index(_language, of, key, expr, source) {
    if (of.v !== 'external' || !ENVIRONMENTS.has(of.name)) return undefined;
    return key === undefined
      ? symbolOf({ s: 'hole', why: `a variable whose name is computed (${expr.k})` })
      : variable(key, source);
  },

  require(call) {
    if (call.fn.k !== 'name' || call.fn.v !== 'require') return undefined;
    const [module] = call.args;
    return module?.k === 'text' ? module.v : undefined;
  },

  call(name, call, at, evaluator, self) {
    const { language } = evaluator.program.facts(at.file);
    const reading = readingOf(call, at, evaluator, self);
    const openings = openingsOfCall(language, name, reading);
    if (openings.length > 0) return { v: 'connection', openings };
    if (self?.v === 'map' && name.startsWith('map.')) return own(MAP_METHODS[language], name.slice(4))?.(reading);
    if (self?.v === 'list' && name.startsWith('list.')) return own(LIST_METHODS[language], name.slice(5))?.(reading);
    if (self?.v === 'symbol' && name.startsWith('text.')) return own(METHODS[language], name.slice(5))?.(reading);
    if (language === 'python' && name.endsWith('.config.get')) return configGet(reading);
    return own(CALLS[language], name)?.(reading);
  },

  format: percentFormat,

  settingsField(facts, owner, assign, source) {
    const isSettings = (owner.bases ?? []).some(
      (base) => (base.k === 'name' || base.k === 'member') && /(?:^|\.)\w*BaseSettings$/.test(base.v),
    );
    if (!isSettings || !/^[a-z_]\w*$/i.test(assign.to) || assign.to === 'model_config') return undefined;
    const prefixed = facts.assigns.find(({ to, scope }) => to === 'model_config' && scope === assign.scope)?.value;
    const prefix = prefixed?.k === 'call' ? prefixed.named?.env_prefix : undefined;
    const field = assign.value.k === 'call' ? assign.value.named : undefined;
    const given = field?.env ?? field?.validation_alias ?? field?.alias;
    const name = given?.k === 'text' ? given.v : `${prefix?.k === 'text' ? prefix.v : ''}${assign.to}`.toUpperCase();
    return variable(name, source);
  },
};

function mapValues(args: readonly Expr[]): readonly Expr[] {
  return args.flatMap((arg) => (arg.k === 'map' ? arg.entries.map(([, value]) => value) : []));
}
