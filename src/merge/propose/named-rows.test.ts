import { afterAll, describe, expect, it } from 'vitest';
import { databaseFiles } from '../../../test/builders/values.ts';
import type { Table } from '../../stores/model.ts';
import { likelyColumns } from './likely-columns.ts';
import { lookedUp, unknownNames } from './named-rows.ts';

const files = databaseFiles();
afterAll(files.cleanUp);

const METERS = ['North', 'South', 'Cellar', 'Roof'];
const readings = (reference: string, meterIds: readonly number[] = [10, 20, 30, 40]): string =>
  `CREATE TABLE meters (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, unit TEXT DEFAULT 'kWh');
   INSERT INTO meters (id, name) VALUES ${METERS.map((name, i) => `(${(i + 1) * 10}, '${name}')`).join(', ')};
   CREATE TABLE readings (meter_id INTEGER NOT NULL ${reference}, taken TEXT NOT NULL, kwh REAL, PRIMARY KEY (meter_id, taken));
   INSERT INTO readings VALUES ${meterIds.map((id, i) => `(${id}, '2026-01-0${i + 1}', ${i})`).join(', ')};`;
const DECLARED = 'REFERENCES meters (id)';

/** A store with readings, and a file of them with one column of names. */
async function made(store: string, column: string, names: readonly string[]) {
  const { tables } = await files.make((db) => db.exec(store));
  const text = await files.make((db) =>
    db.exec(`CREATE TABLE readings (taken TEXT, "${column}" TEXT, kwh TEXT);
      INSERT INTO readings VALUES ${names.map((name, i) => `('2025-02-${10 + i}', '${name}', '${i}')`).join(', ')};`),
  );
  const base = tables.find(({ name }) => name === 'readings') as Table;
  const [file] = text.tables as [Table];
  return { base, file, tables };
}
const found = async (...of: Parameters<typeof made>) => {
  const { base, file, tables } = await made(...of);
  return { looked: lookedUp(base, file, tables), unknown: unknownNames(base, file, tables) };
};

describe('names of rows of a table that is required', () => {
  it('are looked up where most are there, whatever their column is called', async () => {
    const looked = { meter: 'meter_id of meters.name' };
    expect(await found(readings(DECLARED), 'meter', ['North', 'Roof', 'Lost'])).toEqual({ looked, unknown: [] });
    expect((await found(readings(DECLARED), 'wo', ['North', 'Roof', 'South'])).looked).toEqual({ wo: looked.meter });
  });

  it('are told of where hardly any is there and the column is called so', async () => {
    const unknown = { from: 'meter', table: 'meters', by: 'name' };
    const none = await found(readings(DECLARED), 'meter', ['workshop', 'garage']);
    expect(none).toEqual({ looked: {}, unknown: [{ ...unknown, none: true }] });
    const few = await found(readings(DECLARED), 'meter', ['workshop', 'garage', 'North']);
    expect(few).toEqual({ looked: {}, unknown: [{ ...unknown, none: false }] });
    expect((await found(readings(DECLARED), 'note', ['workshop', 'garage'])).unknown).toEqual([]);
  });

  it('count without a constraint too: named after the table, and its values are in the key', async () => {
    const names = ['North', 'Roof', 'South'];
    expect((await found(readings(''), 'meter', names)).looked).toEqual({ meter: 'meter_id of meters.name' });
    expect(await found(readings('', [1, 2, 3, 4]), 'meter', names)).toEqual({ looked: {}, unknown: [] });
  });

  it('are never taken for a number that refers: any number would do', async () => {
    for (const reference of [DECLARED, '']) {
      const { base, file, tables } = await made(readings(reference), 'count', ['10', '20', '30']);
      expect(likelyColumns(base, file, tables)).toEqual({});
    }
  });
});
