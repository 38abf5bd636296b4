import { describe, expect, it } from 'vitest';
import { sql } from './language.ts';

describe('files of SQL', () => {
  it('lists what a migration does, with lines', () => {
    const facts = sql.structure(
      '-- up\nCREATE TABLE users (id INTEGER PRIMARY KEY);\n\nINSERT INTO users VALUES (1);\n',
      'x.sql',
    );
    expect(facts.read).toBe('structure');
    expect(facts.lines).toBe(4);
    expect(facts.sql.map(({ verb, table, line }) => [verb, table, line])).toEqual([
      ['create table', 'users', 2],
      ['insert', 'users', 4],
    ]);
    expect(facts.scopes).toHaveLength(1);
    expect(facts.generated).toBeUndefined();
  });

  it('names files that a script attaches, loads or includes', () => {
    const facts = sql.structure(
      "\\i other.sql\nATTACH 'data/x.db' AS o;\n.import rows.csv t\nSELECT 'a.b' FROM t;",
      'x.sql',
    );
    expect(facts.texts.map(({ v, at }) => [v, at[2]])).toEqual([
      ['data/x.db', 2],
      ['rows.csv', 3],
    ]);
    expect(facts.references.map(({ target, kind }) => [target, kind])).toEqual([['other.sql', 'include']]);
  });

  it('reads the beginning of a huge dump in full and of the rest the heads, and says so', () => {
    const row = `INSERT INTO big VALUES (1,'${'x'.repeat(990)}; DELETE FROM nothing');\n`;
    const text = `-- PostgreSQL database dump\nCREATE TABLE big (a int);\n${row.repeat(12_000)}CREATE TABLE late (\n  b text\n);\nINSERT INTO late VALUES ('y');\n`;
    const facts = sql.outline(text, 'dump.sql');
    expect(facts.read).toBe('tokens');
    expect(facts.problem).toMatch(/first 4 MB of 13 MB/);
    expect(facts.generated).toBe(true);
    const late = facts.sql.filter(({ table }) => table === 'late');
    expect(late.map(({ verb, line }) => [verb, line])).toEqual([
      ['create table', 12_003],
      ['insert', 12_006],
    ]);
    expect(late[0]?.columns).toEqual([{ name: 'b', type: 'TEXT' }]);
    expect(facts.sql.some(({ table }) => table === 'nothing')).toBe(false);
    expect(facts.sql.length).toBeLessThan(10);
  });
});
