/** Python's own functions on strings, paths and the environment. */

import { entriesOf, keysOf, plainText, type Step, unordered, valuesOf } from '../collections.ts';
import { apply, hole, type Operation, partOfText, type Symbolic, text } from '../symbol.ts';
import { asSymbol, either, symbolOf, unknown, type Value } from '../value.ts';
import type { LibraryFunction, Reading } from './library.ts';

const symbols = ({ call, at, evaluator }: Reading): Symbolic[] =>
  call.args.map((arg) => asSymbol(evaluator.evaluate(arg, at)));

const of =
  (op: Operation): LibraryFunction =>
  (reading) =>
    symbolOf(apply(op, ...symbols(reading)));

const ofFirst =
  (op: Operation, path?: 'pathlib'): LibraryFunction =>
  (reading) => {
    const [first = text('')] = symbols(reading);
    return symbolOf(apply(op, first), path);
  };

const same: LibraryFunction = (reading) => {
  const value = reading.arg(0);
  return value === undefined ? undefined : value.v === 'connection' ? value : symbolOf(asSymbol(value));
};

/** `getenv("X", default)`. */
export const environment: LibraryFunction = (reading) => {
  const key = reading.arg(0, 'key');
  if (key?.v !== 'symbol' || key.symbol.s !== 'text') return symbolOf(hole('a variable whose name is computed'));
  const variable: Symbolic = { s: 'env', name: key.symbol.v, source: reading.source };
  const fallback = reading.arg(1, 'default');
  return symbolOf(fallback === undefined ? variable : { s: 'or', a: variable, b: asSymbol(fallback), nullish: true });
};

const onSelf =
  (op: Operation, path?: 'pathlib'): LibraryFunction =>
  (reading) =>
    reading.self === undefined ? undefined : symbolOf(apply(op, asSymbol(reading.self), ...symbols(reading)), path);

const strip =
  (side: string): LibraryFunction =>
  (reading) =>
    reading.self === undefined
      ? undefined
      : symbolOf(apply('strip', asSymbol(reading.self), symbols(reading)[0] ?? text(''), text(side)));

const temporaryPath = (): Value => symbolOf(apply('python-join', { s: 'temp' }, hole('a temporary name')));
const temporary: LibraryFunction = temporaryPath;
/** `fd, path = mkstemp()`. */
const temporaryPair: LibraryFunction = () => ({ v: 'list', items: [{ v: 'number', n: 3 }, temporaryPath()] });

/** `app.config.get("X", default)`: whoever sets X, else the default. */
export const configGet: LibraryFunction = (reading) => {
  const { call, at, evaluator } = reading;
  const [key] = call.args;
  if (call.fn.k !== 'member' || key?.k !== 'text') return undefined;
  const value = evaluator.evaluate({ k: 'index', of: call.fn.of, key }, at);
  return value.v === 'unknown' ? (reading.arg(1, 'default') ?? value) : value;
};

/** `"a {} {name}".format(...)`. */
const format: LibraryFunction = (reading) => {
  const pattern = reading.self === undefined ? undefined : asSymbol(reading.self);
  if (pattern === undefined) return undefined;
  const plain = pattern.s === 'from' ? pattern.value : pattern;
  if (plain.s !== 'text') return symbolOf(hole('a pattern that is computed'));
  let next = 0;
  let end = 0;
  const parts = plain.v.split(/(\{\{|\}\}|\{[^{}]*\})/).map((part): Symbolic => {
    end += part.length;
    if (part === '{{') return text('{');
    if (part === '}}') return text('}');
    const field = /^\{(\w*)([^{}]*)\}$/s.exec(part);
    if (field === null) return partOfText(plain, end - part.length, end);
    const name = field[1] ?? '';
    const value =
      name === '' ? reading.arg(next++) : /^\d+$/.test(name) ? reading.arg(Number(name)) : reading.arg(-1, name);
    return value === undefined || field[2] !== '' ? hole(`{${name}}`) : asSymbol(value);
  });
  return symbolOf(apply('concat', ...parts));
};

/** `"%s/%s.db" % (a, b)`. */
export function percentFormat(pattern: Value, args: Value): Value | undefined {
  if (pattern.v === 'sql') return pattern;
  if (pattern.v !== 'symbol') return undefined;
  const plain = pattern.symbol.s === 'from' ? pattern.symbol.value : pattern.symbol;
  if (plain.s !== 'text') return undefined;
  const items = args.v === 'list' ? args.items : [args];
  let next = 0;
  let end = 0;
  const parts = plain.v.split(/(%%|%(?:\(\w+\))?[-+ #0]*\d*(?:\.\d+)?[a-zA-Z])/).map((part): Symbolic => {
    end += part.length;
    if (part === '%%') return text('%');
    if (!part.startsWith('%') || part.length < 2) return partOfText(plain, end - part.length, end);
    const name = /^%\((\w+)\)/.exec(part)?.[1];
    const value = name === undefined ? items[next++] : args.v === 'map' ? args.entries.get(name) : undefined;
    return value === undefined || !/[sd]$/.test(part) || /[\d.]/.test(part.replace(/\(\w+\)/, ''))
      ? hole(part)
      : asSymbol(value);
  });
  return symbolOf(apply('concat', ...parts));
}

const joinWith: LibraryFunction = (reading) => {
  const items = reading.arg(0);
  if (reading.self === undefined || items?.v !== 'list') return undefined;
  const separator = asSymbol(reading.self);
  return symbolOf(
    apply(
      'concat',
      ...items.items.flatMap((item, index) => (index === 0 ? [asSymbol(item)] : [separator, asSymbol(item)])),
    ),
  );
};

/** `URL.create("sqlite", database=path)`. */
const createUrl: LibraryFunction = (reading) => {
  const driver = reading.arg(0, 'drivername');
  if (driver === undefined) return undefined;
  const database = reading.arg(-1, 'database') ?? reading.arg(5);
  const host = reading.arg(-1, 'host') ?? reading.arg(3);
  return symbolOf(
    apply(
      'concat',
      asSymbol(driver),
      text('://'),
      ...(host === undefined ? [] : [asSymbol(host)]),
      text('/'),
      ...(database === undefined ? [] : [asSymbol(database)]),
    ),
  );
};

const fieldDefault: LibraryFunction = (reading) => reading.arg(0, 'default');

const path = ofFirst;
const PATHLIB: LibraryFunction = (reading) => symbolOf(apply('pathlib', ...symbols(reading)), 'pathlib');
const cwd: LibraryFunction = () => symbolOf({ s: 'cwd' }, 'pathlib');

const stepOf = ({ at, call }: Reading): Step => ({ file: at.file, line: call.at[2] });
/** `sorted(x)`, `set(x)`, `list(x)`: the same items. */
const someOrder: LibraryFunction = (reading) => unordered(reading.arg(0), stepOf(reading));
const inOrder: LibraryFunction = (reading) => {
  const of = reading.arg(0);
  return of?.v === 'list' ? of : of?.v === 'map' ? keysOf(of) : undefined;
};
const enumerate: LibraryFunction = (reading) => {
  const of = reading.arg(0);
  if (of?.v !== 'list') return undefined;
  return { v: 'list', items: of.items.map((item): Value => ({ v: 'list', items: [unknown('a position'), item] })) };
};
const zip: LibraryFunction = ({ call, at, evaluator }) => {
  const lists = call.args.map((arg) => evaluator.evaluate(arg, at));
  const all = lists.flatMap((list) => (list.v === 'list' ? [list.items] : []));
  if (all.length < lists.length || all.length === 0) return undefined;
  const shortest = Math.min(...all.map(({ length }) => length));
  const items = Array.from({ length: shortest }, (_, index): Value => {
    return { v: 'list', items: all.map((list) => list[index] as Value) };
  });
  return { v: 'list', items };
};
const dict: LibraryFunction = ({ call, at, evaluator }) =>
  call.args.length > 0 || (call.spreads?.length ?? 0) > 0 || call.named === undefined
    ? undefined
    : {
        v: 'map',
        entries: new Map(Object.entries(call.named).map(([name, value]) => [name, evaluator.evaluate(value, at)])),
      };

/** Methods of a dictionary. */
export const PYTHON_MAP_METHODS: Readonly<Record<string, LibraryFunction>> = {
  items: ({ self }) => (self?.v === 'map' ? entriesOf(self) : undefined),
  keys: ({ self }) => (self?.v === 'map' ? keysOf(self) : undefined),
  values: ({ self }) => (self?.v === 'map' ? valuesOf(self) : undefined),
  /** `PATHS.get(name, default)`. */
  get: (reading) => {
    const { call, at, evaluator, self } = reading;
    const [key] = call.args;
    if (self?.v !== 'map' || key === undefined || call.fn.k !== 'member') return undefined;
    const value = evaluator.evaluate({ k: 'index', of: call.fn.of, key }, at);
    const fallback = reading.arg(1);
    if (fallback === undefined) return value;
    const name = plainText(evaluator.evaluate(key, at));
    if (name !== undefined) return self.entries.get(name) ?? fallback;
    return either([
      { value, when: `${at.file}:${call.at[2]} takes an entry` },
      { value: fallback, when: `${at.file}:${call.at[2]} takes its default` },
    ]);
  },
};

export const PYTHON_CALLS: Readonly<Record<string, LibraryFunction>> = {
  'os.path.join': of('python-join'),
  'posixpath.join': of('python-join'),
  'os.path.dirname': path('python-dirname'),
  'os.path.basename': path('python-basename'),
  'os.path.abspath': path('python-abspath'),
  'os.path.realpath': path('python-abspath'),
  'os.path.normpath': path('python-normpath'),
  'os.path.expanduser': path('python-expanduser'),
  'os.path.expandvars': same,
  'os.fspath': same,
  'os.getcwd': () => symbolOf({ s: 'cwd' }),
  'os.getenv': environment,
  'os.environ.get': environment,
  'os.environ.setdefault': environment,
  'environ.get': environment,
  'decouple.config': environment,
  'environ.Env()': environment,
  'environ.Env().str': environment,
  'environs.Env().str': environment,
  'environs.Env()': environment,
  str: same,
  list: inOrder,
  tuple: inOrder,
  sorted: someOrder,
  set: someOrder,
  reversed: someOrder,
  enumerate,
  zip,
  dict,
  'pathlib.Path': PATHLIB,
  'pathlib.PurePath': PATHLIB,
  'pathlib.PosixPath': PATHLIB,
  'pathlib.PurePosixPath': PATHLIB,
  'pathlib.Path.cwd': cwd,
  'pathlib.Path.home': () => symbolOf({ s: 'home' }, 'pathlib'),
  'tempfile.gettempdir': () => symbolOf({ s: 'temp' }),
  'tempfile.mkdtemp': temporary,
  'tempfile.mkstemp': temporaryPair,
  'tempfile.mktemp': temporary,
  'tempfile.NamedTemporaryFile': temporary,
  'tempfile.TemporaryDirectory': temporary,
  'urllib.parse.quote_plus': same,
  'urllib.parse.quote': same,
  'sqlalchemy.engine.make_url': same,
  'sqlalchemy.make_url': same,
  'sqlalchemy.URL.create': createUrl,
  'sqlalchemy.engine.URL.create': createUrl,
  'sqlalchemy.engine.url.URL.create': createUrl,
  'pydantic.Field': fieldDefault,
  'pydantic.SecretStr': same,
  'dataclasses.field': fieldDefault,
};

/** Methods of texts and paths. */
export const PYTHON_METHODS: Readonly<Record<string, LibraryFunction>> = {
  joinpath: onSelf('pathlib', 'pathlib'),
  resolve: (reading) => reading.self && symbolOf(apply('pathlib-resolve', asSymbol(reading.self)), 'pathlib'),
  absolute: onSelf('pathlib-absolute', 'pathlib'),
  expanduser: onSelf('pathlib-expanduser', 'pathlib'),
  with_name: onSelf('with-name', 'pathlib'),
  with_suffix: onSelf('with-suffix', 'pathlib'),
  as_posix: (reading) => reading.self && symbolOf(asSymbol(reading.self)),
  as_uri: onSelf('pathlib-as-uri'),
  get_secret_value: (reading) => reading.self && symbolOf(asSymbol(reading.self)),
  format,
  join: joinWith,
  replace: onSelf('replace'),
  strip: strip('both'),
  lstrip: strip('left'),
  rstrip: strip('right'),
  lower: onSelf('lower'),
  upper: onSelf('upper'),
  removeprefix: onSelf('remove-prefix'),
  removesuffix: onSelf('remove-suffix'),
};

export function pythonTextAttribute(value: Value & { v: 'symbol' }, name: string): Value | undefined {
  const { symbol } = value;
  switch (name) {
    case 'parent':
      return symbolOf(apply('pathlib-parent', symbol), 'pathlib');
    case 'parents': {
      const items: Value[] = [];
      let parent = symbol;
      for (let level = 0; level < 12; level++) {
        parent = apply('pathlib-parent', parent);
        items.push(symbolOf(parent, 'pathlib'));
      }
      return { v: 'list', items };
    }
    case 'name':
      // What `tempfile` gives has its path as its name.
      if (value.path === undefined) return isTemporary(symbol) ? value : undefined;
      return symbolOf(apply('python-basename', symbol));
    case 'stem':
      return symbolOf(apply('stem', symbol));
    case 'suffix':
      return symbolOf(apply('suffix', symbol));
    default:
      return undefined;
  }
}

function isTemporary(symbol: Symbolic): boolean {
  let at = symbol;
  while (at.s === 'from') at = at.value;
  return at.s === 'apply' && at.op === 'python-join' && at.of[0]?.s === 'temp' && at.of[1]?.s === 'hole';
}
