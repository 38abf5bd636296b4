import { afterAll, expect, it } from 'vitest';
import { mergeGround } from '../../test/merge-ground.ts';
import { openConnection } from '../stores/sqlite/driver.ts';
import { lookUp } from './look-up.ts';
import { readLookup, writeLookup } from './lookup-words.ts';

const ground = mergeGround();
afterAll(() => ground.remove());

it('the key of the one row that is called so; nothing where none is, or several are', () => {
  const target = ground.store(
    "CREATE TABLE meters (id INTEGER PRIMARY KEY, name); INSERT INTO meters VALUES (7, 'A'), (8, 'B'), (9, 'B'), (10, 5), (11, NULL)",
  );
  const file = ground.store(
    "CREATE TABLE rows (meter); INSERT INTO rows VALUES ('A'), ('B'), ('a'), ('5'), (NULL), (''), ('C')",
  );
  const lookups = [{ of: 'rows', from: 'meter', as: 'id of "meters".name', table: 'meters', by: 'name', gives: 'id' }];
  // Asked again, it is there.
  for (let i = 0; i < 2; i++) lookUp({ file, target, lookups });
  const db = openConnection(file, 'immutable');
  expect(db.rows('SELECT * FROM rows ORDER BY rowid')).toEqual([
    ['A', 7n],
    ['B', null],
    ['a', null],
    ['5', 10n],
    [null, null],
    ['', null],
    ['C', null],
  ]);
  db.close();
});

it('is said in words that read back', () => {
  const said = { column: 'meter_id', table: 'old meters', by: 'name' };
  expect(readLookup(writeLookup(said))).toEqual(said);
  expect(['meter_id', 'add', 'leave', 'a of b'].map(readLookup)).toEqual([null, null, null, null]);
});
