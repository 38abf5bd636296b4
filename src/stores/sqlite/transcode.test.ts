import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { bound, boundCell, sqlValue } from '../../../test/builders/values.ts';
import { UnreadableStore } from '../reader.ts';
import { type Connection, openConnection, type SqlValue } from './driver.ts';
import { transcode } from './transcode.ts';

const dir = mkdtempSync(join(tmpdir(), 'transcode-'));
afterAll(() => rmSync(dir, { recursive: true }));
let files = 0;

function made(encoding: string, fill: (db: Connection) => void): string {
  const file = join(dir, `${++files}.db`);
  const db = openConnection(file, 'create');
  db.exec(`PRAGMA synchronous = OFF; PRAGMA encoding = '${encoding}'`);
  fill(db);
  db.close();
  return file;
}

function copied(file: string): (sql: string) => readonly (readonly SqlValue[])[] {
  const to = join(dir, `${++files}.db`);
  transcode(file, to);
  return (sql) => {
    const db = openConnection(to, 'immutable');
    try {
      return db.rows(sql);
    } finally {
      db.close();
    }
  };
}

describe.each(['UTF-16le', 'UTF-16be'])('%s', (encoding) => {
  it('any text and any value is the same, under the same number', () => {
    fc.assert(
      fc.property(fc.array(sqlValue, { minLength: 1, maxLength: 20 }), (values) => {
        const file = made(encoding, (db) => {
          db.exec('CREATE TABLE t (v)');
          const insert = db.prepare(`INSERT INTO t (rowid, v) SELECT ?1, ${boundCell(2)}`);
          values.forEach((value, i) => {
            // A text of this encoding is made of UTF-8 by SQLite's own conversion, but for what is behind NUL.
            const [cell, kind] = bound(value);
            insert(BigInt(i * 3 + 1), typeof value === 'string' ? utf16(value, encoding) : cell, kind);
          });
        });
        const rows = copied(file)(
          "SELECT rowid, typeof(v), CASE WHEN typeof(v) IN ('text', 'blob') THEN CAST(v AS BLOB) ELSE v END FROM t ORDER BY rowid",
        );
        expect(rows).toHaveLength(values.length);
        rows.forEach(([rowid, type, cell], i) => {
          const value = values[i] ?? null;
          expect(rowid).toBe(BigInt(i * 3 + 1));
          if (typeof value === 'string')
            expect([type, Buffer.from(cell as Uint8Array).toString('utf8')]).toEqual(['text', value]);
          else if (typeof value === 'number') expect([type, Number(cell) === value]).toEqual(['real', true]);
          else expect(cell).toEqual(value);
        });
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ['half a surrogate pair', encoding === 'UTF-16le' ? '61003dd8' : '0061d83d'],
    ['its other half', encoding === 'UTF-16le' ? '00de6100' : 'de000061'],
  ])('%s is refused: no other character stands for it', (_name, bytes) => {
    const file = made(encoding, (db) =>
      db.exec(`CREATE TABLE t (v); INSERT INTO t VALUES (CAST(x'${bytes}' AS TEXT))`),
    );
    expect(() => copied(file)).toThrow(UnreadableStore);
    expect(() => copied(file)).toThrow('text in t is no valid UTF-16');
  });
});

function utf16(text: string, encoding: string): Uint8Array {
  const bytes = Buffer.from(text, 'utf16le');
  return encoding === 'UTF-16le' ? bytes : bytes.swap16();
}

it('tables as they are declared, with indexes, keys and what was given away; rows that break a CHECK too', () => {
  const file = made('UTF-16le', (db) =>
    db.exec(`PRAGMA page_size = 8192;
      CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT COLLATE NOCASE UNIQUE, age INTEGER CHECK (age > 0), twice AS (age * 2));
      CREATE INDEX by_age ON users (age) WHERE age > 1;
      CREATE TABLE words (w TEXT PRIMARY KEY, n REAL) WITHOUT ROWID;
      CREATE TABLE own (rowid TEXT, _rowid_ INT);
      CREATE TABLE strict (v ANY, b BLOB) STRICT;
      CREATE VIEW v AS SELECT 1; CREATE TRIGGER tr AFTER INSERT ON users BEGIN DELETE FROM words; END;
      CREATE VIRTUAL TABLE fts USING fts5 (w);
      INSERT INTO words VALUES ('é', 1), ('😀', 2.5), (char(0xffee), 3);
      INSERT INTO own (oid, rowid, _rowid_) VALUES (7, 'seven', 8);
      INSERT INTO strict VALUES ('12', x'00'), (12, NULL);
      PRAGMA ignore_check_constraints = ON;
      INSERT INTO users (id, email, age) VALUES (9, 'A@x.org', 4), (4, NULL, -1); DELETE FROM users WHERE id = 9;
      INSERT INTO users (id, email, age) VALUES (5, 'b@x.org', 2);
      INSERT INTO words VALUES ('é', 1), ('😀', 2.5), (char(0xffee), 3);`),
  );
  const rows = copied(file);
  expect(rows('SELECT id, email, age, twice FROM users ORDER BY id')).toEqual([
    [4n, null, -1n, -2n],
    [5n, 'b@x.org', 2n, 4n],
  ]);
  expect(rows('SELECT seq FROM sqlite_sequence')).toEqual([[9n]]);
  expect(rows('SELECT w, n FROM words ORDER BY n')).toEqual([
    ['é', 1],
    ['😀', 2.5],
    ['\uffee', 3],
  ]);
  expect(rows('SELECT oid, "rowid", "_rowid_" FROM own')).toEqual([[7n, 'seven', 8n]]);
  expect(rows('SELECT typeof(v), v FROM strict')).toEqual([
    ['text', '12'],
    ['integer', 12n],
  ]);
  expect(rows("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL")).toEqual([['by_age']]);
  expect(rows("SELECT name FROM sqlite_schema WHERE type IN ('view', 'trigger') OR name LIKE 'fts%'")).toEqual([]);
  expect([rows('PRAGMA encoding'), rows('PRAGMA page_size')]).toEqual([[['UTF-8']], [[8192n]]]);
});
