import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DdlColumn, SqlUse } from '../facts.ts';
import { analyseSql } from './analyse.ts';
import { applyAlters, compareDeclarations } from './clash.ts';

const columnsOf = (inner: string): readonly DdlColumn[] => analyseSql(`CREATE TABLE t (${inner})`, 1)[0]?.columns ?? [];

function compare(a: string, b: string): string[] {
  const { differences, isClash } = compareDeclarations(columnsOf(a), columnsOf(b));
  expect(isClash).toBe(differences.some((one) => one.isClash));
  return differences.map((one) => `${one.isClash ? 'clash' : 'fine'}: ${one.words}`);
}

describe('C11: two declarations of one table', () => {
  it.each([
    ['id INTEGER PRIMARY KEY, a TEXT', 'a VARCHAR(20), ID INT, PRIMARY KEY (id)'],
    ['a INT', 'a INTEGER'],
    ['a BOOL DEFAULT TRUE', 'a BOOLEAN DEFAULT 1'],
    ['a TIMESTAMP DEFAULT CURRENT_TIMESTAMP', "a TIMESTAMP WITHOUT TIME ZONE DEFAULT (datetime('now'))"],
    ["a VARCHAR(20) DEFAULT 'x'", "a character varying(20) DEFAULT 'x'::character varying"],
    ['a NUMERIC(10,2)', 'a DECIMAL(10, 2)'],
  ])('the same, spelled in two ways: %s / %s', (a, b) => {
    expect(compare(a, b).filter((words) => !/VARCHAR\(20\) in the second|INT in the second/.test(words))).toEqual([]);
  });

  it.each([
    ['a VARCHAR(20)', 'a TEXT', 'a: VARCHAR(20) in the first, TEXT in the second'],
    ['a INT', 'a BIGINT', 'a: INT in the first, BIGINT in the second'],
    ['a SERIAL', 'a INTEGER', 'a: SERIAL in the first, INTEGER in the second'],
    ['a BOOLEAN', 'a INTEGER', 'a: BOOLEAN in the first, INTEGER in the second'],
    ['a TINYINT(1)', 'a BOOL', 'a: TINYINT(1) in the first, BOOL in the second'],
    ['a DATETIME', 'a TIMESTAMPTZ', 'a: DATETIME in the first, TIMESTAMPTZ in the second'],
    ['a DATETIME', 'a TEXT', 'a: DATETIME in the first, TEXT in the second'],
    ['a UUID', 'a CHAR(36)', 'a: UUID in the first, CHAR(36) in the second'],
    ['a JSONB', 'a TEXT', 'a: JSONB in the first, TEXT in the second'],
    ['a', 'a BLOB', 'a: no type in the first, BLOB in the second'],
    ['a INT DEFAULT 1', 'a INT DEFAULT 2', 'a: default 1 in the first, 2 in the second'],
    ['a INT UNIQUE', 'a INT', 'a: UNIQUE in the first only'],
    [
      'a INT',
      "a INT NOT NULL DEFAULT ''",
      "a: NOT NULL in the second only; a: default none in the first, '' in the second",
    ],
    ['a INT REFERENCES b(id)', 'a INT REFERENCES c', 'a: refers to b in the first, to c in the second'],
  ])('harmless: %s / %s', (a, b, words) => {
    expect(compare(a, b).join('; ')).toBe(`fine: ${words.replaceAll('; ', '; fine: ')}`);
  });

  it.each([
    ['a INT', 'a INT, b TEXT', 'b: missing in the first'],
    ['a INT, b TEXT', 'a INT', 'b: missing in the second'],
    ['a INTEGER', 'a TEXT', 'a: INTEGER in the first, TEXT in the second'],
    ['a REAL', 'a VARCHAR(9)', 'a: REAL in the first, VARCHAR(9) in the second'],
    ['a DECIMAL(9,2)', 'a INTEGER', 'a: DECIMAL(9,2) in the first, INTEGER in the second'],
    ['a DATETIME', 'a INTEGER', 'a: DATETIME in the first, INTEGER in the second'],
    ['a BLOB', 'a TEXT', 'a: BLOB in the first, TEXT in the second'],
    ['a TEXT[]', 'a TEXT', 'a: TEXT[] in the first, TEXT in the second'],
    ['a TEXT NOT NULL', 'a TEXT', 'a: NOT NULL without a default in the first only'],
    [
      'a INT PRIMARY KEY, b INT',
      'a INT, b INT, PRIMARY KEY (a, b)',
      'primary key: (a) in the first, (a, b) in the second',
    ],
  ])('a clash: %s / %s', (a, b, words) => {
    expect(compare(a, b)).toContain(`clash: ${words}`);
  });

  it('is the same comparison from the other side', () => {
    const column = fc.record({
      name: fc.constantFrom('a', 'b', 'B', 'c'),
      type: fc.constantFrom('INT', 'TEXT', 'BOOLEAN', 'TIMESTAMP', 'REAL', '', 'UUID', 'JSON', 'BLOB', 'TEXT[]'),
      notNull: fc.constantFrom(true as const, undefined),
      primaryKey: fc.constantFrom(true as const, undefined),
      unique: fc.constantFrom(true as const, undefined),
      default: fc.constantFrom('1', "'x'", 'NULL', undefined),
    });
    const table = fc.array(column).map((columns) => columns.map((one) => JSON.parse(JSON.stringify(one)) as DdlColumn));
    fc.assert(
      fc.property(table, table, (a, b) => {
        expect(compareDeclarations(a, a).differences).toEqual([]);
        const [one, other] = [compareDeclarations(a, b), compareDeclarations(b, a)];
        const said = (of: typeof one): string[] =>
          of.differences.map(({ what, column: name, isClash }) => `${what} ${name.toLowerCase()} ${isClash}`).sort();
        expect(said(one)).toEqual(said(other));
      }),
    );
  });
});

describe('a table and its alterations', () => {
  it('adds, drops, renames, declares anew, and follows a new name', () => {
    const [create, ...alters] = analyseSql(
      `CREATE TABLE users (id INT PRIMARY KEY, a TEXT, b TEXT, c INT);
      ALTER TABLE users ADD COLUMN d INT NOT NULL DEFAULT 1;
      ALTER TABLE users ADD e TEXT, DROP COLUMN a;
      ALTER TABLE Users RENAME COLUMN b TO bb;
      ALTER TABLE users CHANGE c cc BIGINT, MODIFY id BIGINT NOT NULL;
      ALTER TABLE other ADD COLUMN x INT;
      ALTER TABLE users RENAME TO people;
      ALTER TABLE people ADD COLUMN IF NOT EXISTS d TEXT;
      ALTER TABLE users ADD COLUMN late INT;
      ALTER TABLE people DROP COLUMN nothing, ADD f DATE;`,
      1,
    ) as [SqlUse, ...SqlUse[]];
    expect(applyAlters(create, alters)).toMatchObject({
      verb: 'create table',
      table: 'people',
      columns: [
        { name: 'id', type: 'BIGINT', primaryKey: true, notNull: true },
        { name: 'bb', type: 'TEXT' },
        { name: 'cc', type: 'BIGINT' },
        { name: 'd', type: 'INT', notNull: true, default: '1' },
        { name: 'e', type: 'TEXT' },
        { name: 'f', type: 'DATE' },
      ],
    });
    expect(applyAlters(create, []).columns).toEqual(create.columns);
  });
});
