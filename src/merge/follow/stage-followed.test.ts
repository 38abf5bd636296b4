import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { byKey, type Merged, mergeGround } from '../../../test/merge-ground.ts';
import { openConnection } from '../../stores/sqlite/driver.ts';
import { mergeStores } from '../engine/merge.ts';
import { verifyMerge } from '../verify/verify-merge.ts';
import type { StagedFollowed } from './model.ts';
import { stageFollowed } from './stage-followed.ts';
import { type FollowedColumn, readFollowed, writeFollowed } from './words.ts';

const ground = mergeGround();
afterAll(() => ground.remove());

const USERS = 'CREATE TABLE users (id INTEGER PRIMARY KEY, k TEXT UNIQUE);';
const users = { identity: byKey('k'), surrogate: 'id' };
let files = 0;

interface Followed {
  readonly staged: StagedFollowed;
  rows(sql: string): unknown[][];
}

function follow(merge: Merged, apart: string, texts: readonly string[]): Followed {
  const current = ground.store(apart);
  const { request } = merge;
  const to = `${current}.${files++}.staged`;
  const { ledger, merged } = request;
  const columns = texts.map((text) => readFollowed(text) as FollowedColumn);
  const staged = stageFollowed({
    ledger,
    merged,
    sources: request.files.sources,
    current,
    columns,
    name: 'map.db',
    to,
  });
  if ('why' in staged) return { staged, rows: () => [] };
  const into = {
    spec: staged.spec,
    files: { target: current, sources: [to], ancestors: [null] },
    merged: `${to}.merged`,
    ledger: `${to}.ledger`,
    target: { path: 'apart.db', sha256: null },
    sha256: [null],
  };
  const { parts } = mergeStores(into);
  expect(verifyMerge(into).problems).toEqual([]);
  expect(parts.map(({ merged: won, rows }) => won === rows)).toEqual(parts.map(() => true));
  return { staged, rows: (sql) => read(into.merged, sql) };
}

function read(file: string, sql: string): unknown[][] {
  const db = openConnection(file, 'immutable');
  const rows = db.rows(sql).map((row) => row.map((cell) => (typeof cell === 'bigint' ? Number(cell) : cell)));
  db.close();
  return rows;
}

const counts = (staged: StagedFollowed): unknown =>
  'why' in staged ? staged.why : staged.columns.map(({ rows, retained, strangers }) => [rows, retained, strangers]);

const merge = ground.merge({
  target: `${USERS} INSERT INTO users VALUES (1,'a'),(2,'b'),(3,'c'),(9,'z')`,
  sources: [`${USERS} INSERT INTO users VALUES (1,'d'),(2,'a'),(5,'e')`],
  tables: { users },
});

it('ids of numbers, of text, in arrays and of pairs follow where their rows went, each as it was written', () => {
  expect(merge.rows('SELECT k, id FROM users ORDER BY k')).toEqual([
    ['a', 1],
    ['b', 2],
    ['c', 3],
    ['d', 10],
    ['e', 5],
    ['z', 9],
  ]);
  const apart = `CREATE TABLE jobs (id INTEGER PRIMARY KEY, user_id, list TEXT, kind TEXT, any_id INTEGER);
    INSERT INTO jobs VALUES (1,1,'[1, "2",7]','user',1),(2,2,'[5]','team',1),(3,5,NULL,'User',2),(4,'1','x','user',NULL),(5,NULL,'{"1":1}',NULL,1)`;
  const { staged, rows } = follow(merge, apart, [
    'jobs: user_id -> users.id ids of s0.db',
    'jobs: list[] -> users.id ids of s0.db',
    'jobs: any_id -> users.id where kind is user, User ids of s0.db',
  ]);
  expect(counts(staged)).toEqual([
    [3, 0, 0],
    [1, 0, 0],
    [2, 0, 0],
  ]);
  expect(rows('SELECT user_id, list, any_id FROM jobs ORDER BY id')).toEqual([
    [10, '[10, "1",7]', 10],
    [1, '[5]', 1],
    [5, null, 1],
    ['10', 'x', null],
    [null, '{"1":1}', 1],
  ]);
});

it('ids of rows that stayed out, and ids of nobody that somebody has by now, are counted and stay', () => {
  const one = ground.merge({
    target: `CREATE TABLE users (id INTEGER PRIMARY KEY, k TEXT UNIQUE, n INTEGER CHECK (n < 5)); INSERT INTO users VALUES (1,'a',1),(2,'b',1),(3,'c',1)`,
    sources: [
      "CREATE TABLE users (id INTEGER PRIMARY KEY, k TEXT UNIQUE, n INTEGER); INSERT INTO users VALUES (1,'d',1),(2,'x',9)",
    ],
    tables: { users },
  });
  const { staged, rows } = follow(
    one,
    'CREATE TABLE t (k TEXT PRIMARY KEY, user_id INTEGER); INSERT INTO t VALUES (1,1),(2,2),(3,3),(4,77)',
    ['t: user_id -> users.id ids of s0.db'],
  );
  expect(counts(staged)).toEqual([[1, 1, 1]]);
  expect(rows('SELECT user_id FROM t ORDER BY k').map(([id]) => id)).toEqual([4, 2, 3, 77]);
});

it.each([
  ['t: user_id -> users.id ids of s9.db', 's9.db brings no users into the merge'],
  ['t: user_id -> people.id ids of s0.db', 'the merge brings no people.id in'],
  ['t: no -> users.id ids of s0.db', 't has no column no'],
  ['u: no -> users.id ids of s0.db', 'there is no table u'],
  ['p: user_id -> users.id ids of s0.db', 'rows of p are named by user_id: it stays as it is'],
  ['n: user_id -> users.id ids of s0.db', 'rows of n have no key by which they could be named'],
])('%s: %s', (text, why) => {
  const apart = `CREATE TABLE t (id INTEGER PRIMARY KEY, user_id); CREATE TABLE p (user_id INTEGER, g INTEGER, PRIMARY KEY (user_id, g));
    CREATE TABLE n (user_id)`;
  expect(counts(follow(merge, apart, [text]).staged)).toBe(why);
});

it('is written as it is read', () => {
  for (const text of [
    'a b: c -> d.e ids of f/g.db',
    'a: c[] -> d.e ids of ask',
    'a: c -> d.e where k is x, y ids of f.db',
  ])
    expect(writeFollowed(readFollowed(text) as FollowedColumn)).toBe(text);
  for (const text of ['a: c -> d.e', 'c -> d.e ids of f', 'a: c d.e ids of f']) expect(readFollowed(text)).toBeNull();
});

it('R19: whatever moved, each id means the row that it meant', () => {
  const id = fc.integer({ min: 1, max: 8 });
  const people = fc.uniqueArray(fc.tuple(id, fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g')), {
    selector: ([one]) => one,
    maxLength: 7,
  });
  const unique = people.map((all) => all.filter(([, k], i) => all.findIndex(([, other]) => other === k) === i));
  const cells = fc.array(fc.oneof(id, id.map(String), fc.constant(null)), { maxLength: 6 });
  const sqlOf = (all: readonly (readonly [number, string])[]): string =>
    USERS + all.map(([one, k]) => `INSERT INTO users VALUES (${one}, '${k}');`).join('');
  fc.assert(
    fc.property(unique, unique, unique, cells, fc.nat(1), (target, a, b, refs, of) => {
      const sources = [a, b];
      const found = ground.merge({ target: sqlOf(target), sources: sources.map(sqlOf), tables: { users } });
      const apart = `CREATE TABLE t (id INTEGER PRIMARY KEY, u); ${refs.map((one) => `INSERT INTO t (u) VALUES (${JSON.stringify(one)?.replaceAll('"', "'")});`).join('')}`;
      const { rows } = follow(found, apart, [`t: u -> users.id ids of s${of}.db`]);
      const now = new Map(found.rows('SELECT id, k FROM users') as [number, string][]);
      const was = new Map(sources[of]);
      for (const [i, [value]] of rows('SELECT u FROM t ORDER BY id').entries()) {
        const before = refs[i] ?? null;
        const meant = before === null ? undefined : was.get(Number(before));
        if (meant === undefined) expect(value).toBe(before);
        else expect([now.get(Number(value)), typeof value]).toEqual([meant, typeof before]);
      }
    }),
    { numRuns: Number(process.env.RUNS ?? 40) },
  );
});
