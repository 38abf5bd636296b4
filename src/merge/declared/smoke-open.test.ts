/** Trap R15: the rows of a file in tables as code declares them. */
import { afterAll, describe, expect, it } from 'vitest';
import { mergeGround } from '../../../test/merge-ground.ts';
import type { Tried } from './model.ts';
import { smokeOpen } from './smoke-open.ts';

const ground = mergeGround();
afterAll(() => ground.remove());

const file = ground.store(`
  CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT, role TEXT, zip TEXT, born INTEGER, needed TEXT NOT NULL);
  INSERT INTO people VALUES (1, 'Ann@x.org', 'guest', '00123', 1990, 'a'), (2, 'ann@x.org', NULL, '80331', 2001, 'b'),
    (3, NULL, 'admin', '1e3', NULL, 'c'), (4, 'cid@x.org', 'admin', NULL, 1970, 'd')`);
const tried = (...bodies: readonly string[]): Tried | null | undefined =>
  smokeOpen({ file, tables: [{ table: 'People', bodies }] })[0];
const NONE = { lacking: [], required: ['needed'], refused: [], changed: [], untried: null };

describe('R15: the code’s own table', () => {
  it.each<[string, string, Partial<Tried>]>([
    ['takes all', '(id INTEGER PRIMARY KEY, email TEXT, needed TEXT)', { required: [] }],
    ['in another order, in capitals', '(NEEDED text, ROLE text, id integer primary key)', { required: [] }],
    [
      'NOT NULL',
      '(id, email TEXT NOT NULL)',
      { refused: [{ why: 'NOT NULL constraint failed: people.email', rows: 1 }] },
    ],
    ['UNIQUE, NULL is no value', '(email TEXT UNIQUE)', {}],
    [
      'UNIQUE by its collation',
      '(email TEXT COLLATE NOCASE, UNIQUE (email))',
      { refused: [{ why: 'UNIQUE constraint failed: people.email', rows: 1 }] },
    ],
    [
      'CHECK, of its table too, and several at once',
      "(id, email NOT NULL, role TEXT CHECK (people.role IN ('guest', 'staff')))",
      {
        refused: [
          { why: "CHECK constraint failed: people.role IN ('guest', 'staff')", rows: 1 },
          { why: 'NOT NULL constraint failed: people.email', rows: 1 },
        ],
      },
    ],
    [
      'PRIMARY KEY of two',
      '(role TEXT, born INT, PRIMARY KEY (role)) WITHOUT ROWID',
      {
        refused: [
          { why: 'NOT NULL constraint failed: people.role', rows: 1 },
          { why: 'UNIQUE constraint failed: people.role', rows: 1 },
        ],
      },
    ],
    [
      'types that are held to',
      '(email TEXT, zip INTEGER) STRICT',
      { refused: [], changed: [{ column: 'zip', rows: 2 }] },
    ],
    [
      'and refuse',
      '(role INTEGER, email TEXT) STRICT',
      { refused: [{ why: 'cannot store TEXT value in INTEGER column people.role', rows: 3 }] },
    ],
    ['values that a type changes', '(zip NUMERIC, born REAL)', { changed: [{ column: 'zip', rows: 2 }] }],
    ['and those that read as before', '(zip VARCHAR(20), born TEXT)', {}],
    [
      'columns that the file lacks, required ones too: the others are tried',
      '(id INTEGER PRIMARY KEY, bio TEXT, nick TEXT NOT NULL UNIQUE, email TEXT NOT NULL)',
      { lacking: ['bio', 'nick'], refused: [{ why: 'NOT NULL constraint failed: people.email', rows: 1 }] },
    ],
    [
      'columns that count themselves',
      '(id INTEGER PRIMARY KEY, twice INT GENERATED ALWAYS AS (id * 2))',
      { lacking: ['twice'] },
    ],
  ])('%s', (_name, body, expected) => {
    expect(tried(body)).toEqual({ ...NONE, ...expected });
  });

  it('as the columns say where SQLite does not take it as written; never silently', () => {
    const second = '(email TEXT NOT NULL, needed TEXT)';
    for (const first of [
      '(id BIGSERIAL DEFAULT now() PRIMARY KEY, (',
      '(email TEXT CHECK (own_check(email)))',
      '(email COLLATE LOCALIZED UNIQUE)',
    ])
      expect(tried(first, second), first).toMatchObject({ untried: null, refused: [{ rows: 1 }] });
    expect(tried('(email COLLATE LOCALIZED UNIQUE)')).toMatchObject({ untried: expect.stringContaining('LOCALIZED') });
    expect(tried('(other TEXT)')).toMatchObject({ untried: expect.stringContaining('no column') });
    expect(smokeOpen({ file, tables: [{ table: 'nobody', bodies: ['(a)'] }] })).toEqual([null]);
  });

  it('what stands behind the first statement is not run', () => {
    expect(tried('(email TEXT, needed); DROP TABLE m.people; --')).toEqual({ ...NONE, required: [] });
    expect(tried('(email TEXT, needed)')).toEqual({ ...NONE, required: [] });
  });

  it('of a file of another encoding', () => {
    const wide = ground.store(`PRAGMA encoding = 'UTF-16'; CREATE TABLE t (k TEXT); INSERT INTO t VALUES ('a'), ('a')`);
    expect(smokeOpen({ file: wide, tables: [{ table: 't', bodies: ['(k TEXT UNIQUE)'] }] })[0]?.refused).toEqual([
      { why: 'UNIQUE constraint failed: t.k', rows: 1 },
    ]);
  });
});
