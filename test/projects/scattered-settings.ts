import type { FixtureProject } from './fixture-project.ts';
import { makeRepository } from './make-repository.ts';
import { insert, makeStore } from './make-store.ts';
import { range } from './people.ts';
import { writeFile } from './write-file.ts';

/** Stands in a tracked file; no report may show any part of it. */
export const SECRET = 'Vq7-tulip-93';

const users = range(6).map((n) => ({ id: n + 1, name: `Guest ${n}`, email: `guest${n}@kiosk-nord.de` }));
const csv = (rows: readonly (typeof users)[number][]): string =>
  `id,name,email\n${rows.map(({ id, name, email }) => `${id},${name},${email}\n`).join('')}`;
const connect = (path: string, sql: string): string =>
  `import sqlite3\n\nconn = sqlite3.connect("${path}")\nconn.execute("""${sql}""")\n`;

export const project: FixtureProject = {
  traps: ['C11', 'C12', 'C16', 'C24', 'X3', 'X6'],
  wrong: `Two programs declare the table users of data/hub.db with different columns (C11); a third has a table users of its own in
    data/games.db. Alembic and numbered SQL files both change users (C12). KIOSK_MODE is read in three files with two defaults, and
    purge.py accepts --dry-run and ignores it, unlike prune.py; nothing reads what .env sets (C16). report.py holds the password of a server; the example file holds
    one too (C24). api.py reads exports/users.csv, which is called an export; nobody reads exports/rooms.csv (X3). signup.py appends
    guests to data/guests.csv, which directory.py reads, instead of to the table (X6). A test writes into data/hub.db; another into memory.`,
  build(dir) {
    makeStore(
      dir,
      'data/hub.db',
      'CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL)',
      insert('users', users),
    );
    makeStore(dir, 'data/games.db', "CREATE TABLE users (nick TEXT, score INTEGER); INSERT INTO users VALUES ('x', 1)");
    writeFile(
      dir,
      'app/hub.py',
      `import os\nMODE = os.getenv("KIOSK_MODE", "quiet")\n${connect('data/hub.db', 'CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL)')}`,
    );
    writeFile(
      dir,
      'jobs/nightly.py',
      `import os\nMODE = os.getenv("KIOSK_MODE", "loud")\n${connect('data/hub.db', 'CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, badge TEXT NOT NULL)')}`,
    );
    writeFile(
      dir,
      'app/games.py',
      `import os\nMODE = os.getenv("KIOSK_MODE", "quiet")\n${connect('data/games.db', 'CREATE TABLE IF NOT EXISTS users (nick TEXT, score INTEGER)')}`,
    );
    writeFile(dir, 'alembic/env.py', 'from alembic import context\n');
    writeFile(
      dir,
      'alembic/versions/a1.py',
      'from alembic import op\nimport sqlalchemy as sa\nrevision = "a1"\ndown_revision = None\n\n\ndef upgrade():\n    op.add_column("users", sa.Column("phone", sa.Text()))\n',
    );
    writeFile(
      dir,
      'sql/001_users.sql',
      'CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL);\n',
    );
    writeFile(dir, 'sql/002_phone.sql', 'ALTER TABLE users ADD COLUMN phone TEXT;\n');
    const script = (use: string): string =>
      `import argparse\nimport sqlite3\n\nparser = argparse.ArgumentParser()\nparser.add_argument("--dry-run", action="store_true")\nargs = parser.parse_args()\nconn = sqlite3.connect("data/hub.db")\n${use}`;
    writeFile(dir, 'scripts/purge.py', script('conn.execute("DELETE FROM users WHERE name IS NULL")\n'));
    writeFile(
      dir,
      'scripts/prune.py',
      script('if not args.dry_run:\n    conn.execute("DELETE FROM users WHERE name IS NULL")\n'),
    );
    const server = `import psycopg2\n\nconn = psycopg2.connect("postgresql://kiosk_app:${SECRET}@db.kiosk-nord.de/kiosk")\n`;
    writeFile(dir, 'app/report.py', server);
    writeFile(dir, 'examples/report.py', server);
    writeFile(dir, '.env', `REPORT_PASSWORD=${SECRET}\n`);
    writeFile(dir, '.gitignore', '.env\n');
    writeFile(dir, 'exports/users.csv', csv(users.slice(0, 4)));
    writeFile(dir, 'exports/rooms.csv', 'id,room\n1,Hall\n2,Attic\n');
    writeFile(
      dir,
      'app/api.py',
      'import csv\n\nwith open("exports/users.csv") as file:\n    rows = list(csv.DictReader(file))\n',
    );
    writeFile(
      dir,
      'data/guests.csv',
      csv(
        users.map((one) => ({ ...one, id: one.id + 50, name: `Other ${one.id}`, email: `o${one.id}@kiosk-nord.de` })),
      ),
    );
    writeFile(
      dir,
      'app/signup.py',
      'with open("data/guests.csv", "a") as file:\n    file.write("7,New,new@kiosk-nord.de\\n")\n',
    );
    writeFile(
      dir,
      'app/directory.py',
      'import csv\n\nwith open("data/guests.csv") as file:\n    rows = list(csv.DictReader(file))\n',
    );
    writeFile(
      dir,
      'tests/test_hub.py',
      'import sqlite3\n\nconn = sqlite3.connect("data/hub.db")\nconn.execute("INSERT INTO users (name, email) VALUES (\'t\', \'t\')")\n',
    );
    writeFile(
      dir,
      'tests/test_games.py',
      'import sqlite3\n\nconn = sqlite3.connect(":memory:")\nconn.execute("INSERT INTO users VALUES (\'t\', 1)")\n',
    );
    makeRepository(dir, ['app', 'jobs', 'scripts', '.gitignore']);
  },
};
