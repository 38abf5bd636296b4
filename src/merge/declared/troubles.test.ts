import { afterAll, describe, expect, it } from 'vitest';
import { mergeGround } from '../../../test/merge-ground.ts';
import type { Declaration } from '../../audit/code-model.ts';
import { analyseSql } from '../../code/sql/analyse.ts';
import { bodiesOf } from './bodies.ts';
import type { SmokeRequest } from './model.ts';
import { smokeOpen } from './smoke-open.ts';
import { tablesOfCode } from './tables-of-code.ts';
import { declaredRules, declaredTroubles, troubleInWords } from './troubles.ts';

const ground = mergeGround();
afterAll(() => ground.remove());

const T = 'CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, role TEXT);';
const files = {
  'hub.db': ground.store(`${T} INSERT INTO users VALUES (1, 'a', 'admin'), (2, NULL, 'user')`),
  'auth.db': ground.store(`${T} INSERT INTO users VALUES (1, 'b', 'user'), (2, 'c', NULL)`),
};
const merged = ground.store(
  `${T} INSERT INTO users VALUES (1, 'a', 'admin'), (2, NULL, 'user'), (3, 'b', 'user'), (4, 'c', NULL)`,
);

const declared = (sql: string, stores: readonly string[], more: Partial<Declaration> = {}): Declaration => {
  const [use] = analyseSql(sql, 1);
  const { table = '', columns = [], body } = use ?? {};
  const said = body === undefined ? {} : { body };
  return { table, columns, ...said, path: 'app.py', line: 3, by: 'CREATE TABLE', stores, ...more };
};
const store = (path: string, tables = ['users'], more = {}) => ({
  id: path,
  path,
  role: 'live',
  status: 'verified',
  tables: tables.map((name) => ({ name, kind: 'table' })),
  ...more,
});
const facts = (declarations: readonly Declaration[], ...others: readonly object[]) =>
  ({
    stores: [store('hub.db'), store('auth.db'), ...others],
    code: {
      declarations,
      files: new Map(),
      answer: (_path: string, _question: string, make: () => unknown) => make(),
    },
  }) as never;
const spec = {
  sources: [{ path: 'auth.db' }],
  tables: [{ table: 'users', madeFrom: null, parts: [{ source: 0, table: 'users' }] }],
};
const tables = (of: never) => tablesOfCode(spec as never, 'hub.db', of);

async function troublesOf(declarations: readonly Declaration[]) {
  const asked: SmokeRequest[] = [];
  const all = facts(declarations);
  const found = await declaredTroubles(
    { tables: tables(all), merged, fileOf: (path) => files[path as keyof typeof files] ?? null, facts: all },
    async (request) => {
      asked.push(request);
      return smokeOpen(request);
    },
  );
  return { ...found, asked };
}

describe('what the merge is to blame for (promise 6)', () => {
  it('rows of the other store, not those that the code refused before', async () => {
    const strict = 'CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL, role TEXT NOT NULL)';
    const ofAuth = await troublesOf([declared(strict, ['auth.db'])]);
    expect(ofAuth.troubles).toMatchObject([
      { path: 'app.py', line: 3, refused: [{ why: 'NOT NULL constraint failed: users.email', rows: 1 }] },
    ]);
    const ofHub = await troublesOf([declared(strict, ['hub.db'])]);
    expect(ofHub.troubles).toMatchObject([{ refused: [{ why: 'NOT NULL constraint failed: users.role', rows: 1 }] }]);
    expect((await troublesOf([declared(strict, ['hub.db', 'auth.db'])])).troubles).toEqual([]);
  });

  it('what all stores lacked before, the code lived with', async () => {
    const more = 'CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, bio TEXT)';
    expect((await troublesOf([declared(more, ['auth.db'])])).troubles).toEqual([]);
  });

  it('a declaration that stands in several places is tried once, and the stores are asked only where something is wrong', async () => {
    const { troubles, asked } = await troublesOf([declared(T, ['auth.db']), declared(T, ['hub.db'], { path: 'b.py' })]);
    expect(troubles).toEqual([]);
    expect(asked.map(({ tables }) => tables.length)).toEqual([1]);
  });
});

describe('whose declarations', () => {
  const paths = (of: readonly Declaration[], ...others: readonly object[]): readonly string[] =>
    tables(facts(of, ...others)).map(({ path, reaches }) => `${path}: ${reaches.join(', ')}`);

  it('of code that works on a store of the merge; of code of which nothing is known, where it can mean no other', () => {
    expect(paths([declared(T, ['auth.db']), declared(T, ['elsewhere.db'], { path: 'b.py' })])).toEqual([
      'app.py: auth.db',
    ]);
    const loose = declared(T, [], { path: 'schema.sql' });
    expect(paths([loose])).toEqual(['schema.sql: hub.db, auth.db']);
    expect(paths([loose], store('other.db'))).toEqual([]);
    expect(paths([loose], store('other.db', ['users'], { role: 'backup' }))).toEqual(['schema.sql: hub.db, auth.db']);
  });

  it('not of migrations, of tests, of other tables', () => {
    const others = [
      declared(T, ['hub.db'], { path: 'migrations/001.sql' }),
      declared(T, ['hub.db'], { path: 'tests/test_app.py' }),
      declared('CREATE TABLE rooms (id)', ['hub.db']),
    ];
    expect(paths(others)).toEqual([]);
  });
});

it('as written, then as the columns say: also for classes', () => {
  const [use] = analyseSql(
    'CREATE TABLE t (id BIGSERIAL PRIMARY KEY, "a b" VARCHAR(9) NOT NULL DEFAULT now(), u UUID UNIQUE, {x} TEXT)',
    1,
  );
  expect(bodiesOf({ columns: use?.columns ?? [] })).toEqual([
    `("id" INTEGER PRIMARY KEY, "a b" "VARCHAR(9)" NOT NULL DEFAULT '', "u" "UUID" UNIQUE)`,
  ]);
  const pair = analyseSql('CREATE TABLE t (a, b INT, PRIMARY KEY (a, b))', 1)[0];
  expect(bodiesOf({ columns: pair?.columns ?? [], body: pair?.body ?? '' })).toEqual([
    '(a, b INT, PRIMARY KEY (a, b))',
    '("a", "b" INTEGER, PRIMARY KEY ("a", "b"))',
  ]);
});

it('is said in words, and known again by its reasons, not by its counts', () => {
  const one = {
    path: 'app.py',
    line: 3,
    table: 'users',
    lacking: ['bio'],
    required: [],
    refused: [{ why: 'NOT NULL constraint failed: users.role', rows: 2 }],
    changed: [{ column: 'zip', rows: 1 }],
  };
  expect(troubleInWords(one)).toBe(
    'would refuse 2 rows (NOT NULL constraint failed: users.role), would change 1 value of zip and has bio, which the merged table lacks',
  );
  const later = { ...one, line: 9, refused: [{ why: 'NOT NULL constraint failed: users.role', rows: 7 }] };
  expect(declaredRules({ troubles: [later] })).toEqual(declaredRules({ troubles: [one] }));
  expect(declaredRules({ troubles: [one] })).toHaveLength(3);
});
