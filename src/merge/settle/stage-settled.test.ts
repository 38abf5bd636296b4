import { copyFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { byKey, type Merged, mergeGround, refers } from '../../../test/merge-ground.ts';
import { openConnection } from '../../stores/sqlite/driver.ts';
import { mergeStores } from '../engine/merge.ts';
import type { Policy } from '../model.ts';
import { verifyMerge } from '../verify/verify-merge.ts';
import type { StagedSettled } from './model.ts';
import { stageSettled } from './stage-settled.ts';
import { readWish, type SettleWish } from './words.ts';

const ground = mergeGround();
afterAll(() => ground.remove());

const T = 'CREATE TABLE t (id INTEGER PRIMARY KEY, k TEXT UNIQUE, a, b TEXT);';
const t = { identity: byKey('k'), surrogate: 'id' };
let files = 0;

/** What is staged of a merge, with the store as `edit` left it, and what the store then holds. */
function settled(merge: Merged, wishes: readonly string[], edit = ''): { staged: StagedSettled; rows: Merged['rows'] } {
  const { request } = merge;
  const current = `${request.merged}.${files++}`;
  copyFileSync(request.merged, current);
  run(current, edit);
  const to = `${current}.staged`;
  const staged = stageSettled({
    ledger: request.ledger,
    merged: request.merged,
    target: request.files.target,
    sources: request.files.sources,
    current,
    wishes: wishes.map((text) => readWish(text) as SettleWish),
    name: 'ledger.db',
    to,
  });
  if ('why' in staged) return { staged, rows: () => [] };
  const again = {
    spec: staged.spec,
    files: { target: current, sources: [to], ancestors: [null] },
    merged: `${current}.merged`,
    ledger: `${current}.ledger`,
    target: { path: 'target.db', sha256: null },
    sha256: [null],
  };
  const result = mergeStores(again);
  expect(verifyMerge(again).problems).toEqual([]);
  expect(result.parts.map(({ inserted, retained }) => [inserted, retained])).toEqual(result.parts.map(() => [0, 0]));
  return {
    staged,
    rows: (sql) => {
      const db = openConnection(again.merged, 'immutable');
      const rows = db.rows(sql).map((row) => row.map((cell) => (typeof cell === 'bigint' ? Number(cell) : cell)));
      db.close();
      return rows;
    },
  };
}

function run(file: string, sql: string): void {
  const db = openConnection(file, 'private');
  db.exec(sql);
  db.close();
}

const counts = (staged: StagedSettled): unknown =>
  'why' in staged ? staged.why : staged.values.map(({ rows, since }) => [rows, since]);

describe('values that lost', () => {
  const merge = ground.merge({
    target: `${T} INSERT INTO t VALUES (1,'k','t','same'),(2,'l','t','same'),(3,'m','t','same')`,
    sources: [
      `${T} INSERT INTO t VALUES (7,'k','s0','same'),(8,'l','t','same'),(9,'n','s0','same')`,
      `${T} INSERT INTO t VALUES (4,'k','s1','same'),(5,'l','s1','same'),(6,'n','s1','other')`,
    ],
    tables: { t: { ...t, differ: { a: 'source', b: 'target' } } },
  });
  const A = 'SELECT k, a, b FROM t ORDER BY k';

  it('of the last one to win nothing is to be settled', () => {
    expect(merge.rows(A)).toEqual([
      ['k', 's1', 'same'],
      ['l', 's1', 'same'],
      ['m', 't', 'same'],
      ['n', 's1', 'same'],
    ]);
    expect(counts(settled(merge, ['t.a from s1.db']).staged)).toEqual([[0, 0]]);
  });

  it('are taken from the store that had them, also where it agreed with another one when it came', () => {
    const { staged, rows } = settled(merge, ['t.a from s0.db', 't.b from s1.db']);
    expect(counts(staged)).toEqual([
      [3, 0],
      [1, 0],
    ]);
    expect(rows(A)).toEqual([
      ['k', 's0', 'same'],
      ['l', 't', 'same'],
      ['m', 't', 'same'],
      ['n', 's0', 'other'],
    ]);
  });

  it('of the target are those that it had before the merge', () => {
    const { staged, rows } = settled(merge, ['t.a from target.db']);
    expect(counts(staged)).toEqual([[2, 0]]);
    expect(rows(A).map(([, a]) => a)).toEqual(['t', 't', 't', 's1']);
  });

  it('come back in the rows that are named, and in no other', () => {
    const { staged, rows } = settled(merge, ['t.a from s0.db rows 2']);
    expect(counts(staged)).toEqual([[1, 0]]);
    expect(rows(A).map(([, a]) => a)).toEqual(['s1', 't', 't', 's1']);
    expect(counts(settled(merge, ['t.a from s0.db rows 2, 99']).staged)).toBe(
      'no value of s0.db lost in t.a of row 99',
    );
  });

  it('do not come into rows that were written since', () => {
    const { staged, rows } = settled(
      merge,
      ['t.a from s0.db'],
      "UPDATE t SET a = 'later' WHERE k = 'k'; DELETE FROM t WHERE k = 'l'; UPDATE t SET b = 'later' WHERE k = 'n'",
    );
    expect(counts(staged)).toEqual([[1, 2]]);
    expect(rows(A)).toEqual([
      ['k', 'later', 'same'],
      ['m', 't', 'same'],
      ['n', 's0', 'later'],
    ]);
  });

  it.each([
    [['t.k from s0.db'], ''],
    [['t.id from s0.db'], 'rows are named by t.id: it stays as it is'],
    [['u.a from s0.db'], 'the merge has no table u'],
    [['t.c from s0.db'], 't has no column c that was merged'],
    [['t.a from s9.db'], 's9.db is no store of the merge into target.db'],
    [['t.a from s0.db', 't.a from target.db'], 't.a from s0.db and t.a from target.db are about the same rows'],
  ])('%j: %s', (wishes, why) => {
    const found = counts(settled(merge, wishes).staged);
    if (why === '') expect(found).toEqual([[0, 0]]);
    else expect(found).toBe(why);
  });

  it('a table or a column that went since is said', () => {
    expect(counts(settled(merge, ['t.a from s0.db'], 'ALTER TABLE t DROP COLUMN a').staged)).toBe(
      't has no column a any more',
    );
    expect(counts(settled(merge, ['t.a from s0.db'], 'DROP TABLE t').staged)).toBe(
      'the target has no table t any more',
    );
  });
});

it('a reference comes back as the key of the row that it referred to, and the columns of a pair together', () => {
  const SCHEMA = `CREATE TABLE p (id INTEGER PRIMARY KEY, k TEXT UNIQUE);
    CREATE TABLE c (id INTEGER PRIMARY KEY, k TEXT UNIQUE, p INTEGER REFERENCES p (id), kind TEXT, any_id INTEGER);`;
  const merge = ground.merge({
    target: `${SCHEMA} INSERT INTO p VALUES (1,'x'),(2,'y'); INSERT INTO c VALUES (1,'c',1,'p',1)`,
    sources: [`${SCHEMA} INSERT INTO p VALUES (1,'z'),(2,'x'); INSERT INTO c VALUES (5,'c',1,'q',1)`],
    tables: {
      p: { identity: byKey('k'), surrogate: 'id' },
      c: {
        identity: byKey('k'),
        surrogate: 'id',
        references: [
          refers('p', 'p'),
          { ...refers('any_id', 'p'), kind: 'typed', typeColumn: 'kind', typeValues: ['p'] },
        ],
        differ: { p: 'target', kind: 'target', any_id: 'target' },
      },
    },
  });
  const { staged, rows } = settled(merge, ['c.p from s0.db', 'c.kind from s0.db']);
  expect('why' in staged ? staged.why : staged.values.map(({ columns }) => columns)).toEqual([
    ['p'],
    ['kind', 'any_id'],
  ]);
  expect(rows('SELECT q.k FROM c JOIN p q ON q.id = c.p')).toEqual([['z']]);
  expect(rows('SELECT kind, any_id FROM c')).toEqual([['q', 1]]);
});

it('a table without a lasting key cannot be settled; by the identity it can, where that is still one row', () => {
  const plain = 'CREATE TABLE t (k TEXT, a TEXT);';
  const stores = {
    target: `${plain} INSERT INTO t VALUES ('k','t'),('l','t')`,
    sources: [`${plain} INSERT INTO t VALUES ('k','s'),('l','s')`],
  };
  const merge = ground.merge({ ...stores, tables: { t: { identity: byKey('k'), differ: { a: 'target' } } } });
  const found = settled(merge, ['t.a from s0.db'], "INSERT INTO t VALUES ('l', 't'); VACUUM");
  expect(counts(found.staged)).toEqual([[1, 1]]);
  expect(found.rows('SELECT k, a FROM t ORDER BY 1, 2')).toEqual([
    ['k', 's'],
    ['l', 't'],
    ['l', 't'],
  ]);
  const none = ground.merge({ ...stores, tables: { t: { identity: { kind: 'row' } } } });
  expect(counts(settled(none, ['t.a from s0.db']).staged)).toBe(
    'rows of t have no key by which they could be found again',
  );
});

/** Entities are named by `k` in every store, so that what each store said is read from it directly. */
it('whatever won, each store gets its say back', () => {
  const schemas = [
    T,
    'CREATE TABLE t (k TEXT PRIMARY KEY, a, b TEXT) WITHOUT ROWID;',
    'CREATE TABLE t (k TEXT NOT NULL UNIQUE, a, b TEXT);',
  ] as const;
  const cell = fc.constantFrom('NULL', '1', '2', "'x'", "''", "x'00ff'", '1.5', '9007199254740993');
  const rows = fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), cell, cell), {
    selector: ([k]) => k,
  });
  const policy = fc.constantFrom<Policy>('target', 'source', 'complete');
  const setting = fc.record({
    schema: fc.constantFrom(...schemas),
    stores: fc.array(rows, { minLength: 2, maxLength: 4 }),
    differ: fc.record({ a: policy, b: policy }),
    from: fc.nat(),
    column: fc.constantFrom('a', 'b'),
  });
  fc.assert(
    fc.property(setting, ({ schema, stores, differ, from, column }) => {
      const sql = stores.map(
        (all) => schema + all.map(([k, a, b]) => `INSERT INTO t (k, a, b) VALUES ('${k}', ${a}, ${b});`).join(''),
      );
      const [target = '', ...sources] = sql;
      const surrogate = schema === T ? 'id' : null;
      const merge = ground.merge({ target, sources, tables: { t: { identity: byKey('k'), surrogate, differ } } });
      const store = from % stores.length;
      const path = store === 0 ? 'target.db' : `s${store - 1}.db`;
      const { rows: now } = settled(merge, [`t.${column} from ${path}`]);
      const own = store === 0 ? merge.request.files.target : merge.request.files.sources[store - 1];
      const db = openConnection(own ?? '', 'immutable');
      const said = new Map(
        db.rows(`SELECT k, typeof(${column}) || quote(${column}) FROM t`) as unknown as [string, string][],
      );
      db.close();
      const others = column === 'a' ? 'b' : 'a';
      const exact = (name: string): string => `SELECT k, typeof(${name}) || quote(${name}) FROM t ORDER BY k`;
      const before = new Map(merge.rows(exact(column)) as [string, string][]);
      expect(new Map(now(exact(column)) as [string, string][])).toEqual(
        new Map([...before].map(([k, was]) => [k, said.get(k) ?? was])),
      );
      expect(now(exact(others))).toEqual(merge.rows(exact(others)));
    }),
    { numRuns: Number(process.env.RUNS ?? 60) },
  );
});
