/** Node's own functions on strings, paths and the environment. */

import { entriesOf, keysOf, unordered, valuesOf } from '../collections.ts';
import { apply, hole, type Operation, type Symbolic, text } from '../symbol.ts';
import { asSymbol, symbolOf, unknown, type Value } from '../value.ts';
import type { LibraryFunction, Reading } from './library.ts';

const symbols = ({ call, at, evaluator }: Reading): Symbolic[] =>
  call.args.map((arg) => asSymbol(evaluator.evaluate(arg, at)));

const of =
  (op: Operation): LibraryFunction =>
  (reading) =>
    symbolOf(apply(op, ...symbols(reading)));

const same: LibraryFunction = (reading) => {
  const value = reading.arg(0);
  return value === undefined ? undefined : value.v === 'connection' ? value : symbolOf(asSymbol(value));
};

const onSelf =
  (op: Operation): LibraryFunction =>
  (reading) =>
    reading.self === undefined ? undefined : symbolOf(apply(op, asSymbol(reading.self), ...symbols(reading)));

const itself: LibraryFunction = (reading) => reading.self && symbolOf(asSymbol(reading.self));

const url: LibraryFunction = (reading) => {
  const [reference, base] = symbols(reading);
  if (reference === undefined) return undefined;
  return symbolOf(base === undefined ? reference : apply('url-resolve', reference, base));
};

/** `env.get('X')`; a default is the second argument where there is one. */
export const nodeEnvironment: LibraryFunction = (reading) => {
  const key = reading.arg(0);
  if (key?.v !== 'symbol' || key.symbol.s !== 'text') return symbolOf(hole('a variable whose name is computed'));
  const variable: Symbolic = { s: 'env', name: key.symbol.v, source: reading.source };
  const fallback = reading.arg(1);
  return symbolOf(fallback === undefined ? variable : { s: 'or', a: variable, b: asSymbol(fallback), nullish: true });
};

const temporary: LibraryFunction = (reading) =>
  symbolOf(apply('concat', symbols(reading)[0] ?? { s: 'temp' }, hole('a temporary name')));

const PATH: Readonly<Record<string, LibraryFunction>> = {
  join: of('node-join'),
  resolve: of('node-resolve'),
  dirname: of('node-dirname'),
  basename: of('node-basename'),
  normalize: of('node-normalize'),
  extname: of('node-extname'),
};

const ofMap =
  (take: (of: Value & { v: 'map' }) => Value): LibraryFunction =>
  (reading) => {
    const of = reading.arg(0);
    return of?.v === 'map' ? take(of) : undefined;
  };

/** Methods of arrays that give the same items, all of them or some. */
const someItems: LibraryFunction = ({ self, at, call }) => unordered(self, { file: at.file, line: call.at[2] });
export const NODE_LIST_METHODS: Readonly<Record<string, LibraryFunction>> = {
  values: ({ self }) => self,
  join: (reading) => {
    if (reading.self?.v !== 'list') return undefined;
    const between = reading.call.args.length === 0 ? text(',') : (symbols(reading)[0] as Symbolic);
    const parts = reading.self.items.flatMap((item, index) =>
      index === 0 ? [asSymbol(item)] : [between, asSymbol(item)],
    );
    return symbolOf(apply('concat', ...parts));
  },
  filter: someItems,
  slice: someItems,
  sort: someItems,
  toSorted: someItems,
  reverse: someItems,
  toReversed: someItems,
  find: (reading) => {
    const some = someItems(reading);
    return some?.v === 'list' ? some.items[0] : undefined;
  },
  entries: ({ self }) =>
    self?.v !== 'list'
      ? undefined
      : { v: 'list', items: self.items.map((item): Value => ({ v: 'list', items: [unknown('a position'), item] })) },
};

export const NODE_CALLS: Readonly<Record<string, LibraryFunction>> = {
  ...Object.fromEntries(
    Object.entries(PATH).flatMap(([name, value]) => [
      [`path.${name}`, value],
      [`path.posix.${name}`, value],
      [`path/posix.${name}`, value],
      [`pathe.${name}`, value],
    ]),
  ),
  'url.fileURLToPath': of('from-file-url'),
  'url.pathToFileURL': of('file-url'),
  URL: url,
  'url.URL': url,
  'process.cwd': () => symbolOf({ s: 'cwd' }),
  'os.homedir': () => symbolOf({ s: 'home' }),
  'os.tmpdir': () => symbolOf({ s: 'temp' }),
  'fs.mkdtempSync': temporary,
  'fs/promises.mkdtemp': temporary,
  String: same,
  'Object.entries': ofMap(entriesOf),
  'Object.keys': ofMap(keysOf),
  'Object.values': ofMap(valuesOf),
  encodeURIComponent: same,
  'process.getBuiltinModule': (reading) => {
    const name = reading.arg(0);
    if (name?.v !== 'symbol' || name.symbol.s !== 'text') return undefined;
    const module = name.symbol.v;
    return { v: 'external', name: module === 'node:sqlite' ? module : module.replace(/^node:/, '') };
  },
  'Deno.env.get': nodeEnvironment,
  'Deno.cwd': () => symbolOf({ s: 'cwd' }),
};

export const NODE_METHODS: Readonly<Record<string, LibraryFunction>> = {
  replace: onSelf('replace-first'),
  replaceAll: onSelf('replace'),
  toString: itself,
  trim: (reading) => reading.self && symbolOf(apply('strip', asSymbol(reading.self), text(''), text('both'))),
  concat: onSelf('concat'),
  toLowerCase: onSelf('lower'),
  toUpperCase: onSelf('upper'),
};
