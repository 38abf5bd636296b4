/** Random stores that refer to each other in every way: whatever comes of a merge, the verification must agree with the ledger. */
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { byKey, mergeGround, refers } from '../../../test/merge-ground.ts';
import type { Policy, TableSpec } from '../model.ts';

const ground = mergeGround();
afterAll(() => ground.remove());

const SCHEMA = `
  CREATE TABLE a (id INTEGER PRIMARY KEY, k TEXT UNIQUE, up INTEGER, v, u TEXT UNIQUE, n INTEGER CHECK (n IS NOT 7));
  CREATE TABLE b (id INTEGER PRIMARY KEY AUTOINCREMENT, a INTEGER, kind TEXT, any_id TEXT, list TEXT, by_k TEXT);
  CREATE TABLE l (a INTEGER, b INTEGER, w, PRIMARY KEY (a, b)) WITHOUT ROWID;
  CREATE TABLE p (up INTEGER, name TEXT, id INT UNIQUE, x REAL);`;

const id = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 1, max: 9 }) },
  fc.constantFrom(-3, 40, 9007199254740993n, 9223372036854775807n),
);
const ref = fc.oneof({ weight: 6, arbitrary: id }, fc.constant(null));
const word = fc.constantFrom(null, 'a', 'b', 'c', 'd', 'e', '', '7');
const any = fc.constantFrom<unknown>(null, 0, 1, 'x', '', 'y', 1.5);

const sql = (value: unknown): string =>
  value === null ? 'NULL' : typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
const insert = (table: string, rows: readonly (readonly unknown[])[]): string =>
  rows.map((row) => `INSERT OR IGNORE INTO ${table} VALUES (${row.map(sql).join(',')});`).join('');
const table = (name: string, ...cells: fc.Arbitrary<unknown>[]): fc.Arbitrary<string> =>
  fc.array(fc.tuple(...cells), { maxLength: 5 }).map((rows) => insert(name, rows as unknown[][]));

const list = fc
  .array(fc.oneof(id, id.map(String)), { maxLength: 3 })
  .map((ids) => `[ ${ids.map((one) => (typeof one === 'string' ? `"${one}"` : one)).join(',')}]`);
const store = fc
  .tuple(
    table('a', id, word, ref, any, word, fc.constantFrom(1, 2, 7, null)),
    table(
      'b',
      id,
      ref,
      fc.constantFrom('a', 'b', 'A', null),
      fc.oneof(ref, id.map(String), word),
      fc.oneof(list, word),
      word,
    ),
    table('l', id, id, any),
    table('p', ref, word, id, fc.constantFrom(1, 2.5, null)),
  )
  .map((parts) => SCHEMA + parts.join(''));
/** A store without the constraint: some of its rows are refused. */
const source = store.map((one) => one.replace(' CHECK (n IS NOT 7)', '').replace('u TEXT UNIQUE', 'u TEXT'));

const policy = fc.constantFrom<Policy>('target', 'source', 'complete');
const differ = (...names: string[]): fc.Arbitrary<TableSpec['differ']> =>
  fc.record(Object.fromEntries(names.map((name) => [name, policy])));
const identity = (...keys: string[]): fc.Arbitrary<TableSpec['identity']> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(byKey(...keys)) },
    fc.constant<TableSpec['identity']>({ kind: 'row' }),
    fc.constant<TableSpec['identity']>({ kind: 'none' }),
  );
const deleted = fc.constantFrom<TableSpec['deleted']>('stays', 'returns');

const tables = fc.record({
  a: fc
    .record({ identity: identity('k'), differ: differ('up', 'v', 'u', 'n', 'k'), deleted })
    .map((given) => ({ ...given, surrogate: 'id', references: [refers('up', 'a')] })),
  b: fc
    .record({ identity: identity('a', 'by_k'), differ: differ('kind', 'any_id', 'list', 'a', 'by_k'), deleted })
    .map((given) => ({
      ...given,
      surrogate: 'id',
      references: [
        refers('a', 'a'),
        { ...refers('any_id', 'a'), kind: 'typed' as const, typeColumn: 'kind', typeValues: ['a', 'A'] },
        { ...refers('any_id', 'b'), kind: 'typed' as const, typeColumn: 'kind', typeValues: ['b'] },
        { ...refers('list', 'a'), kind: 'json' as const },
        { ...refers('by_k', 'a', 'u'), kind: 'inferred' as const },
      ],
    })),
  l: differ('w').map((given) => ({
    identity: byKey('a', 'b'),
    differ: given,
    references: [refers('a', 'a'), refers('b', 'b')],
  })),
  p: fc
    .record({ identity: identity('up', 'name'), differ: differ('x') })
    .map((given) => ({ ...given, surrogate: 'id', references: [refers('up', 'p')] })),
});

const setting = fc.record({
  target: store,
  sources: fc.array(source, { minLength: 1, maxLength: 3 }),
  ancestor: fc.oneof(fc.constant(null), store),
  tables,
});

it('every row is accounted for, and leads where it led', () => {
  fc.assert(
    fc.property(setting, ({ target, sources, ancestor, tables: given }) => {
      const { result } = ground.merge({ target, sources, ancestors: sources.map(() => ancestor), tables: given });
      for (const { table: name, before, after } of result.tables) {
        const inserted = result.parts
          .filter((part) => part.table === name)
          .reduce((sum, part) => sum + part.inserted, 0);
        expect(after).toBe(before + inserted);
      }
    }),
    { numRuns: Number(process.env.RUNS ?? 25) },
  );
});
