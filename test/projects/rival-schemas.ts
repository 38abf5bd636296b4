import type { FixtureProject } from './fixture-project.ts';
import { makeStore } from './make-store.ts';
import { range } from './people.ts';
import { writeFile } from './write-file.ts';

/** Stands in tracked code; no report may show any part of it. */
export const PASSWORD = 'Kd4-heron-61';

export const project: FixtureProject = {
  traps: ['C11', 'C12', 'C16', 'C24'],
  wrong: `C11: four programs declare users of data/shop.db, no two alike; prices is declared twice alike, and stock gets its last column
    by an ALTER in code, as the other declaration has it from the start. C12: Alembic has two heads and a revision that lies outside of
    versions/; the journal of Drizzle lists 2 of 12 files; the tree of services/mail is in order. C16: SHOP_PORT is read with
    three defaults in two languages, SHOP_LOG with one and the same. C24: four lines hold a password: a URL, a call, a default and
    compose; what comes from the environment, what a manual would say, and the example file hold none.`,
  build(dir) {
    const write = (path: string, ...lines: readonly string[]): void => writeFile(dir, path, `${lines.join('\n')}\n`);
    makeStore(
      dir,
      'data/shop.db',
      `CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT);
      CREATE TABLE prices (id INTEGER PRIMARY KEY, sku TEXT, price INTEGER);
      CREATE TABLE stock (id INTEGER PRIMARY KEY, sku TEXT, shelf TEXT);
      INSERT INTO users VALUES (1, 'a', 'a@b.c')`,
    );
    const python = (...lines: readonly string[]): readonly string[] => [
      'import os, sqlite3',
      'from pathlib import Path',
      'db = sqlite3.connect(Path(__file__).resolve().parent.parent / "data" / "shop.db")',
      ...lines.map((line) => `db.execute("${line}")`),
    ];
    const node = (...lines: readonly string[]): readonly string[] => [
      "import Database from 'better-sqlite3';",
      "const db = new Database(new URL('../data/shop.db', import.meta.url).pathname);",
      ...lines.map((line) => `db.exec('${line}');`),
    ];
    const create = 'CREATE TABLE IF NOT EXISTS';
    write(
      'app/shop.py',
      ...python(
        `${create} users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT)`,
        `${create} prices (id INTEGER PRIMARY KEY, sku TEXT, price INTEGER)`,
        `${create} stock (id INTEGER PRIMARY KEY, sku TEXT)`,
        'ALTER TABLE stock ADD COLUMN shelf TEXT',
      ),
      'PORT = int(os.getenv("SHOP_PORT", "8000"))',
      'LOG = os.getenv("SHOP_LOG", "info")',
    );
    write(
      'app/desk.py',
      ...python(
        `${create} users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, badge TEXT NOT NULL)`,
        `${create} prices (id INTEGER PRIMARY KEY, sku TEXT, price INTEGER)`,
        `${create} stock (id INTEGER PRIMARY KEY, sku TEXT, shelf TEXT)`,
      ),
      'PORT = int(os.getenv("SHOP_PORT", "8080"))',
      'LOG = os.getenv("SHOP_LOG", "info")',
    );
    write(
      'web/users.js',
      ...node(`${create} users (id INTEGER PRIMARY KEY, login TEXT NOT NULL, role TEXT)`),
      "export const port = Number(process.env.SHOP_PORT ?? '3000');",
      "export const log = process.env.SHOP_LOG ?? 'info';",
    );
    write(
      'web/users.php',
      '<?php',
      "$db = new PDO('sqlite:' . __DIR__ . '/../data/shop.db');",
      `$db->exec('${create} users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, phone TEXT NOT NULL)');`,
    );

    const revision = (path: string, id: string, down: string, column: string): void =>
      write(
        path,
        'from alembic import op',
        'import sqlalchemy as sa',
        `revision = "${id}"`,
        `down_revision = ${down}`,
        'def upgrade():',
        `    op.add_column("orders", sa.Column("${column}", sa.Text()))`,
      );
    write('alembic.ini', '[alembic]', 'script_location = alembic');
    write('alembic/env.py', 'from alembic import context');
    revision('alembic/versions/a1.py', 'a1', 'None', 'one');
    revision('alembic/versions/b2.py', 'b2', '"a1"', 'two');
    revision('alembic/versions/c3.py', 'c3', '"a1"', 'three');
    revision('alembic/d4.py', 'd4', '"c3"', 'four');
    write('services/mail/alembic.ini', '[alembic]', 'script_location = alembic');
    write('services/mail/alembic/env.py', 'from alembic import context');
    const mail = (id: string, down: string): void =>
      write(
        `services/mail/alembic/versions/${id}.py`,
        'from alembic import op',
        'import sqlalchemy as sa',
        `revision = "${id}"`,
        `down_revision = ${down}`,
        'def upgrade():',
        `    op.add_column("mails", sa.Column("${id}", sa.Text()))`,
      );
    mail('m1', 'None');
    mail('m2', '"m1"');
    const names = range(12).map((n) => `${String(n).padStart(4, '0')}_step`);
    for (const name of names) write(`drizzle/${name}.sql`, `ALTER TABLE parcels ADD COLUMN c${name.slice(0, 4)} TEXT;`);
    write(
      'drizzle/meta/_journal.json',
      JSON.stringify({
        version: '7',
        dialect: 'sqlite',
        entries: names
          .slice(0, 2)
          .map((tag, idx) => ({ idx, version: '6', when: 1_700_000_000_000 + idx, tag, breakpoints: true })),
      }),
    );
    write('drizzle.config.ts', "export default { dialect: 'sqlite', schema: './web/schema.ts', out: './drizzle' };");

    const url = `postgresql://shop:${PASSWORD}@db.kiosk-nord.de:5432/shop`;
    write('app/remote.py', 'import psycopg2', `conn = psycopg2.connect("${url}")`);
    write(
      'web/remote.js',
      "import pg from 'pg';",
      `export const pool = new pg.Pool({ host: 'db.kiosk-nord.de', user: 'shop', password: '${PASSWORD}' });`,
      `export const later = process.env.DATABASE_URL ?? '${url}';`,
    );
    write(
      'docker-compose.yml',
      'services:',
      '  db:',
      '    image: postgres:16',
      '    environment:',
      `      POSTGRES_PASSWORD: ${PASSWORD}`,
    );
    write(
      'web/careful.js',
      "import pg from 'pg';",
      'export const pool = new pg.Pool({ host: process.env.DB_HOST, user: "shop", password: process.env.DB_PASSWORD });',
      'export const other = new pg.Pool({ connectionString: "postgresql://user:password@localhost:5432/db" });',
    );
    write('.env.example', 'DATABASE_URL=postgresql://user:changeme@localhost/shop');
  },
};
