import { expect, it } from 'vitest';
import { writtenTables } from './triggers.ts';

it('names the tables that a trigger writes to', () => {
  expect(
    writtenTables(
      `CREATE TRIGGER t AFTER INSERT ON docs WHEN new.a = 'begin' /* BEGIN */ BEGIN
         INSERT INTO "Docs_fts"(rowid, body) VALUES (new.id, 'delete from x; ');  -- update y
         INSERT OR REPLACE INTO [log] SELECT 1;
         UPDATE OR IGNORE counts SET n = n + 1; DELETE FROM \`old\` WHERE 1; SELECT 1; END`,
    ),
  ).toEqual(['docs_fts', 'log', 'counts', 'old']);
});

it('takes what it cannot tell for a table that fires', () => {
  expect(
    writtenTables('CREATE TRIGGER t AFTER INSERT ON a BEGIN WITH x AS (SELECT 1) INSERT INTO f SELECT * FROM x; END'),
  ).toEqual(['']);
});
