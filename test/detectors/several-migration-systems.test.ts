import { describe, expect, it } from 'vitest';
import { severalMigrationSystems } from '../../src/audit/detectors/several-migration-systems.ts';
import type { Store } from '../../src/stores/model.ts';
import { binding } from '../builders/bindings.ts';
import { codeOf } from '../builders/code.ts';
import { facts, store, table } from '../builders/facts.ts';

const found = async (texts: Readonly<Record<string, string>>, stores: readonly Store[] = []) =>
  severalMigrationSystems.detect(facts(stores, [], { code: await codeOf(texts) }));
const revision = (id: string, down: string | null, tables = 'users'): string =>
  `from alembic import op\nimport sqlalchemy as sa\nrevision = "${id}"\ndown_revision = ${down === null ? 'None' : `"${down}"`}\n\ndef upgrade():\n    op.create_table("${tables}", sa.Column("id", sa.Integer()))\n`;
const ALEMBIC = {
  'alembic/env.py': 'from alembic import context\n',
  'alembic/versions/a1.py': revision('a1', null),
  'alembic/versions/b2.py': revision('b2', 'a1', 'rooms'),
};
const SQL = {
  'sql/001_start.sql': 'CREATE TABLE users (id INTEGER);\n',
  'sql/002_more.sql': 'ALTER TABLE users ADD COLUMN name TEXT;\n',
};
const PRISMA = { 'prisma/migrations/20240101120000_init/migration.sql': 'CREATE TABLE "users" ("id" INTEGER);\n' };

describe('several-migration-systems', () => {
  it('C12: systems that touch one table are listed with place and size', async () => {
    const [one, ...more] = await found({ ...ALEMBIC, ...SQL, ...PRISMA });
    expect(more).toEqual([]);
    expect(one).toMatchObject({
      severity: 'high',
      confidence: 'likely',
      message: '3 migration systems (Alembic, Prisma and numbered SQL files) change the same tables: users.',
    });
    expect(one?.at).toEqual([{ path: 'alembic' }, { path: 'prisma/migrations' }, { path: 'sql' }]);
    expect(one?.evidence[0]).toBe('Alembic in alembic/: 2 files, 2 tables');
  });

  it('C12: one system per service, or without a table in common, is none', async () => {
    expect(await found(ALEMBIC)).toEqual([]);
    const events = {
      'services/log/sql/001_a.sql': 'CREATE TABLE events (id INTEGER);\n',
      'services/log/sql/002_b.sql': 'CREATE TABLE lines (id INTEGER);\n',
    };
    expect(await found({ ...ALEMBIC, ...events })).toEqual([]);
    expect(
      await found({
        ...ALEMBIC,
        'examples/prisma/migrations/20240101120000_init/migration.sql': 'CREATE TABLE users (id INTEGER);\n',
      }),
    ).toEqual([]);
  });

  it('C12: programs side by side with stores of their own are several, with one store in common they are one', async () => {
    const sql = 'CREATE TABLE todos (id INTEGER);\n';
    const journal = '{"entries":[{"idx":0}]}';
    const texts = {
      'next/.drizzle/0000_a.sql': sql,
      'next/.drizzle/meta/_journal.json': journal,
      'remix/.drizzle/0000_b.sql': sql,
      'remix/.drizzle/meta/_journal.json': journal,
    };
    const opens = async (other: string) => {
      const bindings = [binding('next/db.ts', 1, 'next/app.db'), binding('remix/db.ts', 1, other)];
      return severalMigrationSystems.detect(facts([], [], { code: await codeOf(texts, { bindings }) }));
    };
    expect(await opens('remix/app.db')).toEqual([]);
    expect(await opens('next/app.db')).toHaveLength(1);
    expect(await found(texts)).toHaveLength(1);
  });

  it('C12: two heads are proven; a merged pair and archived revisions are none', async () => {
    const fork = { ...ALEMBIC, 'alembic/versions/c3.py': revision('c3', 'a1', 'doors') };
    const [one, ...more] = await found(fork);
    expect(more).toEqual([]);
    expect(one).toMatchObject({
      severity: 'high',
      confidence: 'proven',
      message: 'Alembic in alembic/ has 2 heads: b2 and c3.',
    });
    const merged = revision('d4', null, 'x').replace('down_revision = None', 'down_revision = ("b2", "c3")');
    expect(await found({ ...fork, 'alembic/versions/d4.py': merged })).toEqual([]);
    expect(await found({ ...ALEMBIC, 'alembic/versions/_archived/c3.py': revision('c3', 'a1', 'doors') })).toEqual([]);
  });

  it('C12: revisions outside versions/', async () => {
    const [one] = await found({ ...ALEMBIC, 'alembic/c3_late.py': revision('c3', 'b2', 'doors') });
    expect(one).toMatchObject({ severity: 'medium', at: [{ path: 'alembic/c3_late.py' }] });
  });

  it('C12: a journal with 2 entries beside 12 files', async () => {
    const journal = JSON.stringify(
      {
        version: '7',
        entries: [
          { idx: 0, tag: '0000_a' },
          { idx: 1, tag: '0001_b' },
        ],
      },
      null,
      2,
    );
    const files = (n: number) =>
      Object.fromEntries(
        Array.from({ length: n }, (_, i) => [`drizzle/000${i}_x.sql`, `CREATE TABLE t${i} (id INTEGER);\n`]),
      );
    const [one, ...more] = await found({ 'drizzle/meta/_journal.json': journal, ...files(12) });
    expect(more).toEqual([]);
    expect(one).toMatchObject({
      confidence: 'proven',
      message: 'drizzle/meta/_journal.json lists 2 migrations, and drizzle/ holds 12 files.',
    });
    expect(await found({ 'drizzle/meta/_journal.json': journal, ...files(2) })).toEqual([]);
  });

  it('C12: one store with two ledgers', async () => {
    const ledger = (system: string, name: string) => ({
      system,
      table: name,
      entries: 2,
      latest: null,
      digest: system,
    });
    const hub = store('hub.db', [table('users', 1)], {
      migrations: [ledger('alembic', 'alembic_version'), ledger('prisma', '_prisma_migrations')],
    });
    expect(await found({}, [hub])).toMatchObject([{ severity: 'high', confidence: 'proven', stores: ['hub.db'] }]);
    expect(
      await found({}, [
        { ...hub, migrations: hub.migrations.slice(0, 1) },
        { ...hub, id: 'b.db', path: 'b.db', migrations: hub.migrations.slice(1) },
      ]),
    ).toEqual([]);
  });
});
