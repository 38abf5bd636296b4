import { afterAll, describe, expect, it } from 'vitest';
import { databaseFiles } from '../../test/builders/values.ts';
import { openConnection } from '../stores/sqlite/driver.ts';
import { findReferences } from './references.ts';

const files = databaseFiles();
afterAll(files.cleanUp);

/** `table.column inferred|declared rows contained`, as found for the table `of`. */
async function found(of: string, sql: string): Promise<readonly string[]> {
  const { file, tables } = await files.make((db) => db.exec(sql));
  const db = openConnection(file, 'immutable');
  const references = findReferences(db, of, tables);
  db.close();
  return references.map(
    ({ table, column, inferred, rows, contained }) =>
      `${table}.${column} ${inferred ? 'inferred' : 'declared'} ${rows} ${contained}`,
  );
}

const USERS =
  'CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT UNIQUE); INSERT INTO users VALUES (1, $1), (2, $2);'
    .replace('$1', "'a@x.org'")
    .replace('$2', "'b@x.org'");

describe('R3: what refers to a table', () => {
  it.each<[string, string, string, readonly string[]]>([
    [
      'a declared key, also where rows violate it',
      'users',
      `${USERS} CREATE TABLE posts (author INT REFERENCES users); INSERT INTO posts VALUES (1), (9), (NULL);`,
      ['posts.author declared 2 0.5'],
    ],
    [
      'a declared key that names another column',
      'users',
      `${USERS} CREATE TABLE mails (sender TEXT REFERENCES users (email)); INSERT INTO mails VALUES ('a@x.org');`,
      ['mails.sender declared 1 1'],
    ],
    [
      'R9: a declared key that names a column which is not there',
      'users',
      `${USERS} CREATE TABLE mails (sender INT REFERENCES users (uid)); INSERT INTO mails VALUES (1);`,
      ['mails.sender declared 1 1'],
    ],
    [
      'a column named after it, also as text',
      'users',
      `${USERS} CREATE TABLE notes (user_id TEXT, userId2 INT); INSERT INTO notes VALUES ('1', 1), ('2', 1), ('x', 1);`,
      [`notes.user_id inferred 3 ${2 / 3}`],
    ],
    [
      'a name that the values do not keep is none',
      'users',
      `${USERS} CREATE TABLE notes (user_id INT); INSERT INTO notes VALUES (7), (8), (1);`,
      [],
    ],
    [
      'text that only begins like a number is none',
      'users',
      `${USERS} CREATE TABLE notes (user_id TEXT); INSERT INTO notes VALUES ('1abc'), ('x1');`,
      [],
    ],
    [
      'a pair of type and id, for the rows of that type',
      'users',
      `${USERS} CREATE TABLE tags (entity_type TEXT, entity_id INT); INSERT INTO tags VALUES ('User', 1), ('users', 2), ('post', 9);`,
      ['tags.entity_type + entity_id inferred 2 1'],
    ],
    [
      'irregular plurals',
      'categories',
      'CREATE TABLE categories (id INTEGER PRIMARY KEY); INSERT INTO categories VALUES (1); CREATE TABLE items (category_id INT); INSERT INTO items VALUES (1);',
      ['items.category_id inferred 1 1'],
    ],
    [
      'an awkward name',
      "it's",
      `CREATE TABLE "it's" (id INTEGER PRIMARY KEY); INSERT INTO "it's" VALUES (1); CREATE TABLE tags ("a_type" TEXT, "a_id" INT); INSERT INTO tags VALUES ('it''s', 1);`,
      ['tags.a_type + a_id inferred 1 1'],
    ],
    [
      'nothing, where the key is composite',
      'pairs',
      'CREATE TABLE pairs (a, b, PRIMARY KEY (a, b)); CREATE TABLE x (pair_id); INSERT INTO x VALUES (1);',
      [],
    ],
    ['nothing, where there is no such table', 'ghosts', USERS, []],
  ])('%s', async (_, of, sql, expected) => {
    expect(await found(of, sql)).toEqual(expected);
  });

  it('most rows first; a view is no table', async () => {
    const sql = `${USERS} CREATE TABLE one (user_id INT); INSERT INTO one VALUES (1); CREATE TABLE two (user_id INT); INSERT INTO two VALUES (1), (2); CREATE VIEW v AS SELECT user_id FROM two;`;
    expect(await found('users', sql)).toEqual(['two.user_id inferred 2 1', 'one.user_id inferred 1 1']);
  });
});
