import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type HandPart, writeHandLedger } from '../../../test/merge/hand-ledger.ts';
import { openConnection } from '../../stores/sqlite/driver.ts';
import type { MergeProblem, MergeSpec, MergeVerification, TableSpec } from '../model.ts';
import { together } from './share.ts';
import { type VerifyRequest, verifyMerge, verifyShare } from './verify-merge.ts';

const dir = mkdtempSync(join(tmpdir(), 'verify-merge-'));
afterAll(() => rmSync(dir, { recursive: true }));
let files = 0;

function database(sql: string): string {
  const file = join(dir, `${++files}.db`);
  const db = openConnection(file, 'create');
  db.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN; ${sql}; COMMIT`);
  db.close();
  return file;
}

const TABLES = `
  CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT UNIQUE, name TEXT);
  CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users (id), what TEXT);
  CREATE TABLE members (user_id INTEGER REFERENCES users (id), grp TEXT, PRIMARY KEY (user_id, grp)) WITHOUT ROWID;
  CREATE TABLE log (line TEXT);`;
const TARGET = `${TABLES} CREATE TABLE notes (id INTEGER PRIMARY KEY, t TEXT);
  INSERT INTO users VALUES (1, 'ana@x', 'Ana'), (2, 'ben@x', 'Ben'), (3, 'cy@x', 'Cy');
  INSERT INTO orders VALUES (1, 1, 'tea'), (2, 3, 'salt');
  INSERT INTO members VALUES (1, 'a');
  INSERT INTO log VALUES ('x'), ('x');
  INSERT INTO notes VALUES (1, 'n');`;
const A = `${TABLES} ALTER TABLE orders ADD COLUMN memo TEXT;
  INSERT INTO users VALUES (1, 'dora@x', 'Dora'), (2, 'ana@x', 'Ana'), (3, 'ben@x', 'Benjamin'), (5, 'gone@x', 'Gone'), (9, 'zoe@x', 'Zoe');
  INSERT INTO orders VALUES (1, 2, 'milk', 'm'), (2, 1, 'rice', ''), (3, 9, 'oil', NULL), (4, 77, 'lost', 'n');
  INSERT INTO members VALUES (1, 'a'), (2, 'b'), (9, 'c');
  INSERT INTO log VALUES ('x'), ('x'), ('x'), ('y');`;
const B = `${TABLES} INSERT INTO users VALUES (1, 'ben@x', 'Benno'), (2, 'eve@x', 'Eve');`;
const MERGED = `${TARGET}
  INSERT INTO users VALUES (9, 'zoe@x', 'Zoe'), (21, 'dora@x', 'Dora'), (42, 'eve@x', 'Eve');
  UPDATE users SET name = 'Benno' WHERE id = 2;
  INSERT INTO orders VALUES (3, 9, 'oil'), (4, 77, 'lost'), (11, 1, 'milk'), (12, 21, 'rice');
  INSERT INTO members VALUES (21, 'a'), (1, 'b'), (9, 'c');
  INSERT INTO log VALUES ('x'), ('y');`;

function table(
  name: string,
  columns: readonly string[],
  more: Pick<TableSpec, 'identity' | 'surrogate'>,
  sources: readonly number[],
  leftOut: readonly string[] = [],
): TableSpec {
  const links = columns.includes('user_id')
    ? [{ kind: 'declared' as const, columns: ['user_id'], to: 'users', toColumns: ['id'] }]
    : [];
  return {
    table: name,
    madeFrom: null,
    columns: columns.map((column) => ({ name: column, type: '', added: false, normaliser: 'exact' })),
    references: links,
    parts: sources.map((source) => ({
      source,
      table: name,
      columns: Object.fromEntries(columns.map((column) => [column, { from: column }])),
      leftOut,
      ancestor: null,
    })),
    differ: {},
    timeColumn: null,
    deleted: 'stays',
    ...more,
  };
}

const SPEC: MergeSpec = {
  version: 1,
  idMapTable: false,
  sources: [
    { path: 'a.db', kind: 'sqlite' },
    { path: 'b.db', kind: 'sqlite' },
  ],
  tables: [
    table('users', ['id', 'email', 'name'], { identity: { kind: 'key', columns: ['email'] }, surrogate: 'id' }, [0, 1]),
    table('orders', ['id', 'user_id', 'what'], { identity: { kind: 'none' }, surrogate: 'id' }, [0], ['memo']),
    table(
      'members',
      ['user_id', 'grp'],
      { identity: { kind: 'key', columns: ['user_id', 'grp'] }, surrogate: null },
      [0],
    ),
    table('log', ['line'], { identity: { kind: 'row' }, surrogate: null }, [0]),
  ],
};

const LEDGER: readonly HandPart[] = [
  {
    ...{ source: 0, from: 'users', to: 'users', offset: 20, counts: [5, 2, 1, 1, 1] },
    spans: [
      [1, 1, 20],
      [3, 9, 0],
    ],
    rows: [
      [[2n], 2, [1n]],
      [[3n], 3, [2n]],
      [[5n], 4, null, 'deleted-in-target'],
    ],
    differs: [[[3n], 2, 'Ben', 'Benjamin', 0]],
  },
  {
    ...{ source: 0, from: 'orders', to: 'orders', offset: 10, counts: [4, 4, 0, 0, 0], leftOut: { memo: 2 } },
    spans: [
      [1, 2, 10],
      [3, 4, 0],
    ],
  },
  {
    ...{ source: 0, from: 'members', to: 'members', offset: null, counts: [3, 3, 0, 0, 0], keys: [2, 2] },
    rows: [
      [[1n, 'a'], 1, [21n, 'a']],
      [[2n, 'b'], 1, [1n, 'b']],
    ],
  },
  {
    ...{ source: 0, from: 'log', to: 'log', offset: 0, counts: [4, 2, 2, 0, 0] },
    spans: [[3, 4, 0]],
    rows: [
      [[1n], 2, [1n]],
      [[2n], 2, [2n]],
    ],
  },
  {
    ...{ source: 1, from: 'users', to: 'users', offset: 40, counts: [2, 1, 0, 1, 0] },
    spans: [[2, 2, 40]],
    rows: [[[1n], 3, [2n]]],
    differs: [[[1n], 2, 'Benno', 'Ben', 1]],
  },
];

interface Planted {
  /** Statements on the merged file, before it is looked at. */
  readonly merged?: string;
  readonly ledger?: string;
  readonly target?: string;
  readonly damage?: (bytes: Buffer) => void;
}

function verify(planted: Planted = {}): MergeVerification {
  const ledger = join(dir, `${++files}.db`);
  writeHandLedger(ledger, SPEC, LEDGER);
  const change = (file: string, sql = ''): void => {
    const db = openConnection(file, 'private');
    db.exec(`PRAGMA synchronous = OFF; PRAGMA ignore_check_constraints = ON; ${sql}`);
    db.close();
  };
  change(ledger, planted.ledger);
  const merged = database(MERGED + (planted.merged ?? ''));
  if (planted.damage !== undefined) {
    const bytes = readFileSync(merged);
    planted.damage(bytes);
    writeFileSync(merged, bytes);
  }
  const target = database(TARGET + (planted.target ?? ''));
  const sources = [database(A), database(B)];
  const request = { spec: SPEC, files: { target, sources, ancestors: [null, null] }, merged, ledger };
  const whole = verifyMerge(request);
  if (planted.damage === undefined) expectTheSameInShares(request, whole);
  return whole;
}

/** However the sources are divided between two, they find together what one finds alone. */
function expectTheSameInShares(request: VerifyRequest, whole: MergeVerification): void {
  const sorted = ({ problems, ...rest }: MergeVerification): unknown => ({
    ...rest,
    problems: problems.map((one) => JSON.stringify(one)).sort(),
  });
  for (const [first, second] of [
    [[0], [1]],
    [[1], [0]],
    [[0, 1], []],
  ] as const) {
    const shares = [
      { damage: true, sources: first, target: false },
      { damage: false, sources: second, target: true },
    ];
    expect(sorted(together(shares.map((share) => verifyShare({ ...request, share }))))).toEqual(sorted(whole));
  }
}

const problems = (planted: Planted): readonly string[] =>
  verify(planted).problems.map(({ what, table: name, rows }) => `${what} ${name} ${rows}`);

describe('a merge that balances', () => {
  it('has no problem, and every row of every store was compared', () => {
    expect(verify()).toEqual({ problems: [], notVerified: [], rows: 5 + 4 + 3 + 4 + 2 + 3 + 2 + 1 + 2 + 1 });
  });

  it('may hold the violations that the target had', () => {
    const old = "INSERT INTO orders VALUES (50, 999, 'old');";
    expect(problems({ target: old, merged: old })).toEqual([]);
  });
});

describe('planted faults', () => {
  const faults: [name: string, planted: Planted, ...found: MergeProblem['what'][]][] = [
    ['a row lost', { merged: 'DELETE FROM orders WHERE id = 12' }, 'unaccounted'],
    ['a row lost whose key is not an integer', { merged: "DELETE FROM members WHERE grp = 'c'" }, 'unaccounted'],
    ['a row inserted twice', { merged: "INSERT INTO log VALUES ('y')" }, 'row-of-nobody'],
    [
      'a value changed in an inserted row',
      { merged: "UPDATE orders SET what = 'Milk' WHERE id = 11" },
      'inserted-differs',
    ],
    [
      'a value whose type changed',
      { merged: "UPDATE orders SET what = CAST('milk' AS BLOB) WHERE id = 11" },
      'inserted-differs',
    ],
    ['a reference left as it was', { merged: 'UPDATE orders SET user_id = 2 WHERE id = 11' }, 'inserted-differs'],
    ['a reference to another entity', { merged: 'UPDATE orders SET user_id = 42 WHERE id = 12' }, 'inserted-differs'],
    [
      'a reference to nothing that leads to somebody',
      { merged: "INSERT INTO users VALUES (77, 'q@x', 'Q')", ledger: 'UPDATE parts SET rows = rows' },
      'inserted-differs',
      'row-of-nobody',
    ],
    [
      'a reference of a listed row left as it was',
      { merged: "UPDATE members SET user_id = 2 WHERE grp = 'b'", ledger: "UPDATE rows_2 SET k0 = 2 WHERE o1 = 'b'" },
      'inserted-differs',
    ],
    [
      'an identical row that is not',
      { ledger: 'UPDATE rows_0 SET k0 = 3 WHERE o0 = 2' },
      'identical-differs',
      'inserted-differs',
      'inserted-differs',
    ],
    [
      'a loser that is not in the ledger',
      { ledger: 'DELETE FROM differs_0; UPDATE parts SET conflicts = 0 WHERE part = 0' },
      'merged-differs',
    ],
    ['a loser that is another one in the ledger', { ledger: "UPDATE differs_0 SET lost = 'Benja'" }, 'merged-differs'],
    [
      'a winner that is not in the target',
      { merged: "UPDATE users SET name = 'Bruno' WHERE id = 2" },
      'merged-differs',
    ],
    [
      'a winner that an earlier line does not know',
      { ledger: "UPDATE differs_4 SET lost = 'Bob'" },
      'merged-differs',
      'target-row-changed',
    ],
    ['a row of the target changed', { merged: "UPDATE users SET name = 'CY' WHERE id = 3" }, 'target-row-changed'],
    ['a row of a table apart changed', { merged: 'UPDATE notes SET t = NULL' }, 'target-row-changed'],
    ['a row of the target gone', { merged: 'DELETE FROM orders WHERE id = 1' }, 'target-row-gone'],
    ['a table of the target gone', { merged: 'DROP TABLE notes' }, 'target-row-gone'],
    ['a row of nobody', { merged: "INSERT INTO users VALUES (30, 'n@x', 'N')" }, 'row-of-nobody'],
    ['a row of nobody in a table apart', { merged: "INSERT INTO notes VALUES (2, 'n')" }, 'row-of-nobody'],
    [
      'a row of nobody in a table of its own',
      { merged: 'CREATE TABLE x (y); INSERT INTO x VALUES (1)' },
      'row-of-nobody',
    ],
    [
      'a presence twice: two spans meet',
      { ledger: 'INSERT INTO spans VALUES (1, 2, 2, 10)' },
      'accounted-twice',
      'accounted-twice',
      'accounted-twice',
      'counts',
    ],
    [
      'a presence twice: a span brought a row, and its line says that it met one',
      { ledger: 'DELETE FROM rows_0 WHERE o0 = 9; INSERT INTO rows_0 VALUES (9, 2, 9, NULL)' },
      'counts',
      'counts',
      'row-of-nobody',
    ],
    [
      'two rows on one row',
      {
        ledger:
          'DELETE FROM spans WHERE part = 3 AND first = 3; INSERT INTO rows_3 VALUES (3, 2, 1, NULL), (4, 1, 4, NULL)',
      },
      'counts',
      'counts',
      'row-of-nobody',
      'accounted-twice',
    ],
    [
      'a row that met what a span of its own table brought',
      { ledger: 'UPDATE rows_3 SET k0 = 3 WHERE o0 = 2' },
      'accounted-twice',
    ],
    [
      'a row of no presence',
      { ledger: 'UPDATE spans SET last = 3 WHERE part = 1 AND first = 3' },
      'unaccounted',
      'counts',
      'row-of-nobody',
    ],
    [
      'a retained row that is in the target after all',
      { merged: "INSERT INTO users VALUES (5, 'gone@x', 'Gone')" },
      'row-of-nobody',
    ],
    [
      'a retained row that the target had all the time',
      {
        target: "INSERT INTO users VALUES (5, 'gone@x', 'Gone');",
        merged: "INSERT INTO users VALUES (5, 'gone@x', 'Gone')",
      },
      'unaccounted',
    ],
    ['a retained row without a reason', { ledger: 'UPDATE rows_0 SET rule = NULL WHERE o0 = 5' }, 'unaccounted'],
    [
      'sums that are not so',
      { ledger: 'UPDATE parts SET inserted = inserted + 1, identical = identical - 1 WHERE part = 0' },
      'counts',
      'counts',
    ],
    ['values left out that were not counted', { ledger: 'DELETE FROM left_out' }, 'counts'],
    [
      'a line about a row that is not there',
      { ledger: 'INSERT INTO rows_0 VALUES (6, 2, 3, NULL)' },
      'unaccounted',
      'counts',
    ],
    [
      'a table that the ledger does not know',
      {
        ledger:
          "DELETE FROM spans WHERE part = 1; DELETE FROM left_out; DELETE FROM parts WHERE source_table = 'orders'",
      },
      'unaccounted',
      'row-of-nobody',
      'reference-baseline',
    ],
    [
      'a new violation',
      { merged: 'UPDATE orders SET user_id = 88 WHERE id = 11' },
      'inserted-differs',
      'reference-baseline',
    ],
    [
      'numbers given away again',
      { merged: "UPDATE sqlite_sequence SET seq = 1 WHERE name = 'users'" },
      'target-row-changed',
    ],
  ];
  it.each(faults)('%s', (_, planted, ...found) => {
    expect(
      problems(planted)
        .map((problem) => problem.split(' ')[0])
        .sort(),
    ).toEqual([...found].sort());
  });

  it('a page of the file damaged', () => {
    const damage = (bytes: Buffer): void => void bytes.fill(0xff, 4096 + 8, 4096 + 40);
    expect(problems({ damage })).toEqual(['integrity  1']);
  });
});
