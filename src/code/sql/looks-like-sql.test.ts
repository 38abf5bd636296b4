import { describe, expect, it } from 'vitest';
import { looksLikeSql } from './looks-like-sql.ts';

describe('what is SQL', () => {
  it.each([
    'SELECT * FROM users',
    'select id from users where x=?',
    'Select id, name from users',
    'SELECT u.*, p.x FROM users u LEFT JOIN p ON p.id=u.id',
    'SELECT ? FROM ?',
    'SELECT {cols} FROM {table}',
    'SELECT a FROM\n',
    'SELECT 1',
    'select count(*) from t',
    'SELECT last_insert_rowid()',
    'select exists(select 1 from t)',
    'SELECT EXISTS (\n  SELECT FROM information_schema.tables WHERE x = 1)',
    "SELECT name FROM sqlite_master WHERE type='table'",
    '\n   -- comment\n  SELECT a\n FROM b',
    '/* x */ select a from b',
    '(SELECT a FROM b) UNION (SELECT c FROM d)',
    'SELECT * FROM (SELECT 1)',
    'INSERT INTO t (a) VALUES (?)',
    'INSERT OR IGNORE INTO t VALUES(1)',
    'insert into ?users set a = 1',
    'REPLACE INTO t VALUES (1)',
    'UPDATE users SET a=1',
    'update users set name = %s where id=%s',
    'UPDATE ? SET ?',
    'DELETE FROM t',
    'delete from sessions',
    'DELETE FROM ? WHERE id = ?',
    'CREATE TABLE IF NOT EXISTS x (id int)',
    'create table x (id int)',
    'CREATE UNIQUE INDEX i ON t (a)',
    'CREATE VIEW v AS SELECT 1',
    'DROP TABLE IF EXISTS x',
    'drop table x;',
    'ALTER TABLE x ADD COLUMN y text',
    'TRUNCATE TABLE users',
    'TRUNCATE users CASCADE',
    'WITH a AS (SELECT 1) SELECT * FROM a',
    'PRAGMA journal_mode=WAL',
    'PRAGMA foreign_keys',
    'ATTACH DATABASE ? AS other',
    'MERGE INTO a USING b ON a.id=b.id WHEN MATCHED THEN DELETE',
    'COPY t FROM STDIN',
    'explain query plan select * from a',
    'BEGIN; INSERT INTO a VALUES (1); COMMIT;',
    'SET FOREIGN_KEY_CHECKS = 0; DROP TABLE a;',
    'DO $$ BEGIN NULL; END $$',
    'BEGIN IMMEDIATE',
  ])('%s', (text) => {
    expect(looksLikeSql(text)).toBe(true);
  });

  it.each([
    'Select a file from the list',
    'Select one or more files from your computer',
    'select items you like from menu',
    'Select users from the team to invite',
    'select option from dropdown',
    'Select file from disk',
    'Select an option',
    'Select {name}',
    'SELECT YOUR PLAN',
    'select',
    'Selected 5 from 10',
    'Failed to select users from db',
    'update the users table',
    'Update your profile',
    'update available',
    'Update set of values',
    'Update user set up',
    'Create table of contents',
    'Create table',
    'Create view for users',
    'Create index',
    'Create user',
    'create table users if they are missing',
    'Delete',
    'Delete from the list',
    'delete from disk',
    'Delete from cache',
    'Insert into the form',
    'insert coin',
    'replace into',
    'drop table and chairs',
    'DROP TABLE CASCADE',
    'Select (or drag) a file',
    'Drop files here',
    'truncate text',
    'with great power as a',
    'Merge branch into main',
    'Merge users using the form',
    "Copy files from 'x'",
    'copy table to clipboard',
    'COPY . /app',
    'COPY --from=build /app /app',
    'Begin',
    'commit',
    'COMMIT',
    'use strict',
    'set name=foo',
    'SET x = 1;',
    'pragma once',
    'pragma: no cover',
    'explain the table',
    'Load data from file',
    'do something',
    '# Heading',
    '-- nothing but a comment',
    '',
  ])('no: %s', (text) => {
    expect(looksLikeSql(text)).toBe(false);
  });

  it('costs next to nothing for what is something else, and little for what could be', () => {
    const start = performance.now();
    for (let turn = 0; turn < 100_000; turn++)
      looksLikeSql('data/app.db is where the rows of this thing are kept, mostly');
    for (const part of ['select ', '(', 'select a, ', "'", 'with a as (', '/*', '--\n', '{', '%s', 'update t set a=']) {
      looksLikeSql(part.repeat(200_000));
      looksLikeSql(`select ${part.repeat(200_000)}`);
    }
    expect(performance.now() - start).toBeLessThan(4000);
  });
});
