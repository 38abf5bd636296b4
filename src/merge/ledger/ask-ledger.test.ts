import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writeHandLedger } from '../../../test/merge/hand-ledger.ts';
import { openConnection } from '../../stores/sqlite/driver.ts';
import type { MergeSpec, TableSpec } from '../model.ts';
import { askLedger } from './ask-ledger.ts';
import type { LineFilter } from './model.ts';

const dir = mkdtempSync(join(tmpdir(), 'ledger-test-'));
afterAll(() => rmSync(dir, { recursive: true }));
let files = 0;

function database(sql: string): string {
  const file = join(dir, `${++files}.db`);
  const db = openConnection(file, 'create');
  db.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; ${sql}`);
  db.close();
  return file;
}

const USERS = 'CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT);';
const LINKS = 'CREATE TABLE links (who TEXT, n INTEGER, PRIMARY KEY (who, n)) WITHOUT ROWID;';
const source = database(
  `${USERS} ${LINKS} INSERT INTO users VALUES (1, 'a@x'), (2, 'b@x'), (3, 'c@x'), (4, 'd@x'), (9, 'e@x');
   INSERT INTO links VALUES ('x', 1), ('y,"z', 2);`,
);
const merged = database(
  `${USERS} ${LINKS} INSERT INTO users VALUES (1, 'b@x'), (2, 'C@x'), (11, 'a@x'), (9, 'e@x');
   INSERT INTO links VALUES ('x', 1), ('y,"z', 12);`,
);
const columns = (...names: string[]): TableSpec['columns'] =>
  names.map((name) => ({ name, type: '', added: false, normaliser: 'exact' }));
const table = { madeFrom: null, identity: { kind: 'none' }, surrogate: null, references: [], parts: [] } as const;
const more = { differ: {}, timeColumn: null, deleted: 'stays' } as const;
const spec: MergeSpec = {
  version: 1,
  idMapTable: false,
  sources: [{ path: 'a.db', kind: 'sqlite' }],
  tables: [
    { ...table, ...more, table: 'users', columns: columns('id', 'email') },
    { ...table, ...more, table: 'links', columns: columns('who', 'n') },
  ],
};
const ledger = join(dir, 'ledger.db');
writeHandLedger(ledger, spec, [
  {
    ...{ source: 0, from: 'users', to: 'users', offset: 10, counts: [5, 2, 1, 1, 1] },
    spans: [
      [1, 1, 10],
      [9, 9, 0],
    ],
    rows: [
      [[2n], 2, [1n]],
      [[3n], 3, [2n]],
      [[4n], 4, null, 'deleted-in-target'],
    ],
    differs: [[[3n], 1, 'C@x', 'c@x', 0]],
  },
  {
    ...{ source: 0, from: 'links', to: 'links', offset: null, counts: [2, 2, 0, 0, 0], keys: [2, 2] },
    rows: [[['y,"z', 2n], 1, ['y,"z', 12n]]],
  },
]);

const lines = (filter: Partial<LineFilter>): readonly unknown[] => {
  const to = join(dir, `${++files}.jsonl`);
  askLedger({ what: 'lines', ledger, filter: { values: false, most: 100, ...filter }, to });
  return readFileSync(to, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
};
const USER = { store: 'a.db', sourceTable: 'users', table: 'users' };

describe('totals', () => {
  it('are counted from the rows where the sources are at hand', () => {
    const [users, links] = askLedger({ what: 'totals', ledger, sources: { 'a.db': source } }).totals ?? [];
    const sums = { rows: 5, inserted: 2, identical: 1, merged: 1, retained: 1, conflicts: 1, counted: true };
    expect(users).toEqual({ part: 0, ...USER, ...sums });
    expect(links).toMatchObject({ rows: 2, inserted: 2, counted: true });
    expect(askLedger({ what: 'totals', ledger, sources: {} }).totals?.[0]).toEqual({
      part: 0,
      ...USER,
      ...sums,
      counted: false,
    });
  });
});

describe('lines', () => {
  it('ranges first, then rows with what became of them; no value unless asked for', () => {
    const all = lines({});
    expect(all.slice(0, 5)).toEqual([
      { ...USER, presence: 'inserted', first: 1, last: 1, offset: 10 },
      { ...USER, presence: 'inserted', first: 9, last: 9, offset: 0 },
      { ...USER, presence: 'identical', row: [2], target: [1] },
      {
        ...USER,
        presence: 'merged',
        row: [3],
        target: [2],
        differs: [{ column: 'email', winner: 'target', rule: 'policy' }],
      },
      { ...USER, presence: 'retained', row: [4], target: null, rule: 'deleted-in-target' },
    ]);
    expect(all[5]).toMatchObject({ presence: 'inserted', row: [null, 2], target: [null, 12] });
    expect(JSON.stringify(all)).not.toMatch(/@x|y,/);
  });

  it('by table, by presence, by difference, with values', () => {
    expect(lines({ table: 'links' })).toHaveLength(1);
    expect(lines({ presence: 'retained' })).toHaveLength(1);
    const [differing, ...others] = lines({ differs: true, values: true });
    expect(others).toEqual([]);
    expect(differing).toMatchObject({ row: [3], differs: [{ column: 'email', won: 'C@x', lost: 'c@x' }] });
  });

  it('as many as are asked for', () => {
    const to = join(dir, 'few.jsonl');
    expect(askLedger({ what: 'lines', ledger, filter: { values: false, most: 2 }, to }).lines).toEqual({
      written: 2,
      more: true,
    });
  });
});

describe('the id map', () => {
  it('has each row that met one or has another address; retained rows are not in it', () => {
    const answer = askLedger({ what: 'id-map', ledger, merged, sources: { 'a.db': source }, to: dir });
    const text = (answer.idMap ?? []).map(({ file }) => readFileSync(file, 'utf8'));
    expect(text[0]).toBe('source_key,target_key\n1,11\n2,1\n3,2\n');
    expect(text[1]).toBe('source_key,target_key\n"[""y,\\""z"",2]","[""y,\\""z"",12]"\n');
    expect(answer.idMap?.map(({ rows }) => rows)).toEqual([3, 1]);
  });
});
