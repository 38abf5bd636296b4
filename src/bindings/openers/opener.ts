/** What a rule for one library says of a call that opens a store, and small ways to read its arguments. */
import { plainText } from '../collections.ts';
import type { Reading } from '../libraries/library.ts';
import { apply, type Symbolic, text } from '../symbol.ts';
import { asSymbol, type Opening, type Value } from '../value.ts';

export type Opened = Omit<Opening, 'file' | 'start' | 'line' | 'rule'>;

export interface Opener {
  /** Qualified names: `sqlite3.connect`. `*.to_csv`: a method of that name on anything. */
  readonly names: readonly string[];
  /** Shown as `by`; the first name where it is absent. */
  readonly rule?: string;
  /** `undefined`: this call opens nothing. */
  open(reading: Reading): Opened | undefined;
  /** A second store that the same call opens: where `copy(from, to)` writes. */
  also?(reading: Reading): Opened | undefined;
}

const symbol = (value: Value | undefined): Symbolic | undefined => (value === undefined ? undefined : asSymbol(value));

/** A file of SQLite by path; made where it is absent. */
export const sqliteFile =
  (name: string, index = 0): Opener['open'] =>
  (reading) => ({
    engine: 'sqlite',
    form: 'path',
    target: symbol(reading.arg(index, name)),
    creates: true,
  });

/** A URL of any engine. */
export const byUrl =
  (name: string, index = 0, engine = 'url'): Opener['open'] =>
  (reading) => ({ engine, form: 'url', target: symbol(reading.arg(index, name)), creates: true });

/** A server by keyword arguments, a settings object or a connection string. */
export const server =
  (engine: string, hostNames: readonly string[] = ['host', 'hostname', 'server']): Opener['open'] =>
  (reading) => {
    const given0 = reading.arg(0);
    // Of several settings objects, one tells at least which kind of server it is.
    const first = given0?.v === 'either' ? (given0.of.find(({ value }) => value.v === 'map')?.value ?? given0) : given0;
    const spread = reading.call.spreads !== undefined && first?.v === 'unknown';
    if (first !== undefined && first.v !== 'map' && !spread)
      return { engine, form: 'url', target: asSymbol(first), creates: false };
    const options = first?.v === 'map' ? first.entries : undefined;
    const given = (name: string): Value | undefined => options?.get(name) ?? reading.arg(-1, name);
    for (const name of ['connectionString', 'uri', 'url', 'dsn', 'conninfo']) {
      const value = given(name);
      if (value !== undefined) return { engine, form: 'url', target: asSymbol(value), creates: false };
    }
    const host = hostNames.map(given).find((value) => value !== undefined);
    const database = given('database') ?? given('dbname') ?? given('db');
    const target = apply(
      'concat',
      text(`${engine}://`),
      host === undefined ? text('localhost') : asSymbol(host),
      ...(database === undefined ? [] : [text('/'), asSymbol(database)]),
    );
    return { engine, form: 'url', target, creates: false };
  };

/** A file that holds rows as text, read or written as a whole. Which of them are stores, the inventory says. */
export const textFile =
  (index: number, name: string | undefined, access: 'read' | 'write'): Opener['open'] =>
  (reading) => {
    const target = symbol(reading.arg(index, name));
    if (target === undefined) return undefined;
    return { engine: 'file', form: 'path', target, access, creates: access === 'write', whole: true };
  };

/** `copy(from, to)`: `to` is written; where it is said to be a folder, the file gets the name that it had. */
export const copied =
  (join: 'python-join' | 'node-join', name?: string): NonNullable<Opener['also']> =>
  (reading) => {
    const [from, to] = [reading.arg(0), reading.arg(1, name)];
    if (to === undefined) return undefined;
    const folder = plainText(to)?.endsWith('/') === true && from !== undefined;
    const basename = join === 'python-join' ? 'python-basename' : 'node-basename';
    const target = folder ? apply(join, asSymbol(to), apply(basename, asSymbol(from))) : asSymbol(to);
    return { engine: 'file', form: 'path', target, access: 'write', creates: true, whole: true };
  };

/** The value at a path of keys inside an options object. */
export function option(value: Value | undefined, ...path: readonly string[]): Value | undefined {
  let at = value;
  for (const key of path) at = at?.v === 'map' ? at.entries.get(key) : undefined;
  return at;
}

export { plainText as literal, symbol as symbolOfArgument };
