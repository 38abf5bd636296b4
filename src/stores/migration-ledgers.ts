/** Tables in which migration tools record what they applied: one entry per tool, known by name and columns (traps S17, C12). */
import type { Table } from './model.ts';

export interface LedgerSpec {
  readonly system: string;
  readonly table: string;
  /** Column that names the migration. */
  readonly nameColumn: string;
  /** SQL expression that puts the newest last. */
  readonly orderBy: string;
  /** SQL condition: what counts as applied. */
  readonly where?: string;
}

interface Signature extends LedgerSpec {
  /** Further columns that the table must have. */
  readonly columns: readonly string[];
}

/** The newest last where a tool records no order of its own: by rowid. */
const SIGNATURES: readonly Signature[] = [
  { system: 'alembic', table: 'alembic_version', nameColumn: 'version_num', orderBy: 'version_num', columns: [] },
  { system: 'django', table: 'django_migrations', nameColumn: 'name', orderBy: 'id', columns: ['app', 'applied'] },
  {
    system: 'prisma',
    table: '_prisma_migrations',
    nameColumn: 'migration_name',
    orderBy: 'started_at',
    where: 'finished_at IS NOT NULL AND rolled_back_at IS NULL',
    columns: ['checksum', 'finished_at', 'rolled_back_at', 'started_at'],
  },
  { system: 'knex', table: 'knex_migrations', nameColumn: 'name', orderBy: 'id', columns: ['batch'] },
  {
    system: 'drizzle',
    table: '__drizzle_migrations',
    nameColumn: 'hash',
    orderBy: 'created_at',
    columns: ['created_at'],
  },
  {
    system: 'flyway',
    table: 'flyway_schema_history',
    nameColumn: 'version',
    orderBy: 'installed_rank',
    columns: ['checksum', 'installed_rank'],
  },
  {
    system: 'liquibase',
    table: 'databasechangelog',
    nameColumn: 'id',
    orderBy: 'orderexecuted',
    columns: ['author', 'md5sum', 'orderexecuted'],
  },
  {
    system: 'goose',
    table: 'goose_db_version',
    nameColumn: 'version_id',
    orderBy: 'id',
    where: 'is_applied',
    columns: ['is_applied'],
  },
  {
    system: 'golang-migrate',
    table: 'schema_migrations',
    nameColumn: 'version',
    orderBy: 'version',
    columns: ['dirty'],
  },
  { system: 'sequelize', table: 'sequelizemeta', nameColumn: 'name', orderBy: 'name', columns: [] },
  {
    system: 'sqlx',
    table: '_sqlx_migrations',
    nameColumn: 'version',
    orderBy: 'version',
    columns: ['checksum', 'success'],
  },
  {
    system: 'ef-core',
    table: '__efmigrationshistory',
    nameColumn: 'migrationid',
    orderBy: 'migrationid',
    columns: ['productversion'],
  },
  {
    system: 'diesel',
    table: '__diesel_schema_migrations',
    nameColumn: 'version',
    orderBy: 'version',
    columns: ['run_on'],
  },
  { system: 'node-pg-migrate', table: 'pgmigrations', nameColumn: 'name', orderBy: 'id', columns: ['run_on'] },
  {
    system: 'yoyo',
    table: '_yoyo_migration',
    nameColumn: 'migration_id',
    orderBy: 'applied_at_utc',
    columns: ['migration_hash', 'applied_at_utc'],
  },
  { system: 'laravel', table: 'migrations', nameColumn: 'migration', orderBy: 'id', columns: ['batch'] },
  { system: 'typeorm', table: 'migrations', nameColumn: 'name', orderBy: 'timestamp', columns: ['timestamp'] },
  { system: 'rails', table: 'schema_migrations', nameColumn: 'version', orderBy: 'version', columns: [] },
  { system: 'own', table: 'schema_version', nameColumn: 'version', orderBy: 'version', columns: [] },
  { system: 'own', table: 'schema_versions', nameColumn: 'version', orderBy: 'version', columns: [] },
  { system: 'own', table: 'db_version', nameColumn: 'version', orderBy: 'version', columns: [] },
  { system: 'own', table: 'migrations', nameColumn: 'name', orderBy: 'rowid', columns: [] },
  { system: 'own', table: 'migrations', nameColumn: 'version', orderBy: 'version', columns: [] },
  { system: 'own', table: 'schema_migrations', nameColumn: 'name', orderBy: 'rowid', columns: [] },
];

/** At most one ledger per table: the first signature that fits. */
export function findLedgers(tables: readonly Table[]): readonly LedgerSpec[] {
  return tables.flatMap((table) => {
    if (table.kind !== 'table' || table.rows === null) return [];
    const names = new Map(table.columns.map(({ name }) => [name.toLowerCase(), name]));
    const found = SIGNATURES.find(
      (signature) =>
        signature.table === table.name.toLowerCase() &&
        [signature.nameColumn, ...signature.columns].every((column) => names.has(column)),
    );
    if (found === undefined) return [];
    const { columns: _, ...spec } = found;
    return [{ ...spec, table: table.name, nameColumn: names.get(spec.nameColumn) ?? spec.nameColumn }];
  });
}
