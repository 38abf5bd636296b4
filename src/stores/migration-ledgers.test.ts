import { afterAll, describe, expect, it } from 'vitest';
import { databaseFiles } from '../../test/builders/values.ts';
import { findLedgers } from './migration-ledgers.ts';
import type { MigrationLedger } from './model.ts';
import { openSqliteReader } from './sqlite/sqlite-reader.ts';

const files = databaseFiles();
afterAll(files.cleanUp);

/** The ledgers of a file, as the reader gives them. */
async function ledgers(sql: string): Promise<readonly MigrationLedger[]> {
  const { file } = await files.make((db) => db.exec(sql));
  const reader = openSqliteReader(file, 'immutable');
  const options = { sampleRows: 10, digestRows: 10, integrity: false, freshness: false, now: 0 };
  const { migrations } = await reader.contents(options);
  reader.close();
  return migrations;
}

describe('S17: a ledger of migrations', () => {
  it.each<[string, string, string, number, string | null]>([
    ['alembic', 'alembic_version (version_num)', "('a1'), ('b2')", 2, 'b2'],
    [
      'django',
      'django_migrations (id INTEGER PRIMARY KEY, app, name, applied)',
      "(2, 'x', '0002', ''), (1, 'x', '0001', '')",
      2,
      '0002',
    ],
    [
      'prisma',
      '_prisma_migrations (id, checksum, finished_at, migration_name, rolled_back_at, started_at)',
      "('1', '', 1, 'first', NULL, 1), ('2', '', NULL, 'failed', NULL, 2), ('3', '', 3, 'undone', 4, 3)",
      1,
      'first',
    ],
    ['knex', 'knex_migrations (id INTEGER PRIMARY KEY, name, batch)', "(1, 'init', 1)", 1, 'init'],
    ['drizzle', '__drizzle_migrations (id, hash, created_at)', "(1, 'h2', 20), (2, 'h1', 10)", 2, 'h2'],
    ['golang-migrate', 'schema_migrations (version, dirty)', '(7, 0)', 1, '7'],
    ['rails', 'schema_migrations (version)', "('20250916')", 1, '20250916'],
    ['goose', 'goose_db_version (id, version_id, is_applied)', '(1, 1, 1), (2, 2, 0)', 1, '1'],
    ['sequelize', 'SequelizeMeta (name)', "('a'), ('b')", 2, 'b'],
    ['laravel', 'migrations (id, migration, batch)', "(1, 'm', 1)", 1, 'm'],
    ['typeorm', 'migrations (id, timestamp, name)', "(1, 5, 'late'), (2, 4, 'early')", 2, 'late'],
    ['own', 'migrations (name)', "('z'), ('a')", 2, 'a'],
    ['own', 'schema_version (version, at)', '(1, 0), (10, 0), (9, 0)', 3, '10'],
    ['alembic', 'alembic_version (version_num)', "('') LIMIT 0", 0, null],
  ])('of %s: %s', async (system, columns, rows, entries, latest) => {
    const values = rows.endsWith('LIMIT 0') ? '' : `INSERT INTO ${columns.split(' ')[0]} VALUES ${rows};`;
    const found = await ledgers(`CREATE TABLE ${columns}; ${values}`);
    expect(found).toMatchObject([{ system, entries, latest, table: columns.split(' ')[0] }]);
  });

  it.each([
    ['another program’s table of that name', 'CREATE TABLE migrations (bird TEXT, season TEXT);'],
    ['a table with one column of it', 'CREATE TABLE django_migrations (name TEXT);'],
    ['a view of that name', 'CREATE TABLE x (version_num); CREATE VIEW alembic_version AS SELECT * FROM x;'],
    ['a table of another name', 'CREATE TABLE alembic_versions (version_num);'],
  ])('is not %s', async (_, sql) => {
    expect(await ledgers(sql)).toEqual([]);
  });

  it('C12: several ledgers in one file are all found', async () => {
    const sql =
      'CREATE TABLE alembic_version (version_num); CREATE TABLE migrations (version); CREATE TABLE schema_version (version);';
    expect((await ledgers(sql)).map(({ system }) => system)).toEqual(['alembic', 'own', 'own']);
  });

  it('two that applied the same have one digest, whatever the order', async () => {
    const digest = async (...names: readonly string[]): Promise<string | undefined> =>
      (
        await ledgers(
          `CREATE TABLE migrations (name); INSERT INTO migrations VALUES ${names.map((n) => `('${n}')`).join(', ')};`,
        )
      )[0]?.digest;
    expect(await digest('a', 'b')).toBe(await digest('b', 'a'));
    expect(await digest('a', 'b')).not.toBe(await digest('a', 'c'));
    expect(await digest('a', 'b')).not.toBe(await digest('a'));
  });

  it('columns are found in any case', async () => {
    const { tables } = await files.make((db) => db.exec('CREATE TABLE "Alembic_Version" ("Version_Num")'));
    expect(findLedgers(tables)).toMatchObject([
      { system: 'alembic', table: 'Alembic_Version', nameColumn: 'Version_Num' },
    ]);
  });
});
