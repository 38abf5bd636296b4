import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyFacts } from '../empty-facts.ts';
import type { Expr, FileFacts, LanguageId } from '../facts.ts';
import { loadLanguage } from '../languages.ts';
import type { Role } from './model.ts';
import { optionsNeverRead } from './options-never-read.ts';
import { rolesOf } from './roles-of.ts';

async function facts(language: LanguageId, text: string): Promise<FileFacts> {
  return (await loadLanguage(language)).structure(text, 'x');
}
/** `reset!` for a destructive one. */
async function roles(language: LanguageId, text: string): Promise<readonly string[]> {
  return rolesOf(await facts(language, text), text).map(({ role, destructive }) => (destructive ? `${role}!` : role));
}
async function guards(language: LanguageId, text: string): Promise<readonly string[]> {
  return (rolesOf(await facts(language, text), text)[0]?.guards ?? []).map(({ line, text: what }) => `${line} ${what}`);
}

describe('C17: what a script does, not what it is called', () => {
  it.each<[string, LanguageId, string, readonly (Role | `${Role}!`)[]]>([
    [
      'drop table',
      'python',
      'import sqlite3\nc = sqlite3.connect("a.db")\nc.execute("DROP TABLE users")\n',
      ['reset!'],
    ],
    ['delete without where', 'python', 'c.execute("DELETE FROM users")\n', ['reset!']],
    ['delete with where', 'python', 'c.execute("DELETE FROM users WHERE seen < ?", (day,))\n', ['cleanup']],
    ['truncate', 'php', '<?php\n$db->query("TRUNCATE TABLE users");\n', ['reset!']],
    ['drop_all', 'python', 'from app import db\ndb.drop_all()\ndb.create_all()\n', ['migrate', 'reset!']],
    ['metadata.drop_all', 'python', 'Base.metadata.drop_all(bind=engine)\n', ['reset!']],
    ['django all', 'python', 'User.objects.all().delete()\n', ['reset!']],
    ['django filtered', 'python', 'User.objects.filter(seen=None).delete()\n', ['cleanup']],
    ['sqlalchemy', 'python', 'session.query(User).delete()\n', ['reset!']],
    ['sqlalchemy filtered', 'python', 'session.query(User).filter(User.id == 3).delete()\n', ['cleanup']],
    [
      'remove a store',
      'python',
      'import os\nDB = "data/app.db"\nif os.path.exists(DB):\n    os.remove(DB)\n',
      ['reset!'],
    ],
    ['pathlib', 'python', 'from pathlib import Path\nDB = Path("data") / "app.db"\nDB.unlink()\n', ['reset!']],
    ['remove something else', 'python', 'import os\nos.remove("notes.txt")\n', ['cleanup']],
    ['list.remove', 'python', 'names = []\nnames.remove("a.db")\n', []],
    ['deleteMany', 'typescript', 'await prisma.user.deleteMany();\n', ['reset!']],
    ['deleteMany of all', 'typescript', 'await prisma.user.deleteMany({ where: {} });\n', ['reset!']],
    ['deleteMany filtered', 'typescript', 'await prisma.user.deleteMany({ where: { id: 3 } });\n', ['cleanup']],
    ['drizzle', 'typescript', 'await db.delete(users);\n', ['reset!']],
    ['drizzle filtered', 'typescript', 'await db.delete(users).where(eq(users.id, 1));\n', ['cleanup']],
    ['knex', 'typescript', "await knex('users').del();\n", ['reset!']],
    ['knex filtered', 'typescript', "await knex('users').where({ id: 1 }).del();\n", ['cleanup']],
    ['sync force', 'typescript', 'await sequelize.sync({ force: true });\n', ['reset!']],
    ['sync', 'typescript', 'await sequelize.sync();\n', ['migrate']],
    ['unlinkSync', 'typescript', "import fs from 'node:fs';\nfs.unlinkSync('./data/app.sqlite');\n", ['reset!']],
    [
      'a tool',
      'typescript',
      "import { execSync } from 'node:child_process';\nexecSync('npx prisma migrate reset --force');\n",
      ['reset!'],
    ],
    [
      'a tool with a list',
      'python',
      'import subprocess\nsubprocess.run(["npx", "prisma", "db", "push", "--force-reset"])\n',
      ['reset!'],
    ],
    ['harmless tool', 'python', 'import subprocess\nsubprocess.run(["npx", "prisma", "generate"])\n', []],
    ['rm', 'shell', 'rm -f data/app.db data/app.db-wal\n', ['reset!']],
    ['rm of something else', 'shell', 'rm -rf node_modules\n', []],
    ['volumes', 'shell', 'docker compose down -v\n', ['reset!']],
    ['no volumes', 'shell', 'docker compose down\n', []],
    ['cp', 'shell', 'cp data/app.db backups/app.db\n', ['backup']],
    ['pg_dump', 'shell', 'pg_dump "$DATABASE_URL" > out.sql\n', ['backup']],
    ['copy', 'python', 'import shutil\nshutil.copy2("data/app.db", target)\n', ['backup']],
    ['alter', 'python', 'c.execute("ALTER TABLE users ADD COLUMN age INTEGER")\n', ['migrate']],
    [
      'SQLite rebuild',
      'python',
      'c.execute("CREATE TABLE users_new (id INTEGER)")\nc.execute("INSERT INTO users_new SELECT id FROM users")\nc.execute("DROP TABLE users")\nc.execute("ALTER TABLE users_new RENAME TO users")\n',
      ['migrate!'],
    ],
    [
      'dropped and made again',
      'python',
      'c.execute("DROP TABLE IF EXISTS users")\nc.execute("CREATE TABLE users (id INTEGER)")\n',
      ['reset!'],
    ],
    [
      'one dropped, another made',
      'python',
      'c.execute("DROP TABLE users")\nc.execute("CREATE TABLE people (id INTEGER)")\n',
      ['migrate', 'reset!'],
    ],
    [
      'Alembic revision',
      'python',
      'def upgrade():\n    op.create_table("a")\n\ndef downgrade():\n    op.drop_table("a")\n',
      ['migrate'],
    ],
    [
      'Alembic revision that drops',
      'python',
      'def upgrade():\n    op.drop_table("a")\n\ndef downgrade():\n    op.create_table("a")\n',
      ['migrate!'],
    ],
    ['one row', 'python', 'db.session.delete(user)\n', ['cleanup']],
    ['a path by its name', 'python', 'import os\nos.remove(DB_PATH)\n', ['reset!']],
    ['a file of a row', 'python', 'import os\nrow = db.query(Photo).first()\nos.remove(row.path)\n', ['cleanup']],
    ['a query', 'shell', 'sqlite3 data/shop.db "PRAGMA integrity_check; SELECT count(*) FROM users"\n', ['check']],
    ['a pragma', 'shell', 'sqlite3 data/shop.db "PRAGMA integrity_check"\n', ['check']],
    ['a query of a server', 'shell', 'psql "$DATABASE_URL" -tAc "select count(*) from users"\n', ['check']],
    ['a query and a change', 'shell', 'sqlite3 a.db "SELECT 1"\nsqlite3 a.db "INSERT INTO t VALUES (1)"\n', []],
    ['a query for a file', 'shell', 'sqlite3 -csv a.db "SELECT * FROM t" > t.csv\n', ['export']],
    ['a copy that is checked', 'shell', 'cp a.db b.db\nsqlite3 b.db "PRAGMA quick_check"\n', ['backup']],
    ['a store of that name', 'shell', 'sqlite3 select.db < schema.sql\n', []],
    ['a setting', 'shell', 'sqlite3 a.db "PRAGMA journal_mode=WAL"\n', []],
    ['alembic', 'shell', 'alembic upgrade head\n', ['migrate']],
    ['seed', 'typescript', "await prisma.user.createMany({ data: [{ name: 'Ana' }, { name: 'Bo' }] });\n", ['seed']],
    [
      'seed in SQL',
      'python',
      'ROWS = [("Ana", 1), ("Bo", 2)]\nc.executemany("INSERT INTO users VALUES (?, ?)", ROWS)\n',
      ['seed'],
    ],
    ['one insert', 'python', 'def add(name):\n    c.execute("INSERT INTO users VALUES (?)", (name,))\n', []],
    [
      'import',
      'python',
      'import csv\nfor row in csv.DictReader(open("a.csv")):\n    c.execute("INSERT INTO users VALUES (?)", (row["a"],))\n',
      ['import'],
    ],
    [
      'export',
      'python',
      'import csv\nrows = c.execute("SELECT * FROM users").fetchall()\ncsv.writer(open("a.csv", "w")).writerows(rows)\n',
      ['export'],
    ],
    [
      'sync',
      'python',
      'import sqlite3\na = sqlite3.connect("a.db")\nb = sqlite3.connect("b.db")\nfor row in a.execute("SELECT * FROM users"):\n    b.execute("INSERT INTO users VALUES (?)", row)\n',
      ['sync'],
    ],
    [
      'check',
      'python',
      'import sqlite3\nc = sqlite3.connect("a.db")\nprint(c.execute("SELECT count(*) FROM users").fetchone())\n',
      ['check'],
    ],
    ['check in PHP', 'php', '<?php echo $db->query("SELECT count(*) FROM users")->fetchColumn();', ['check']],
    [
      'check that repairs',
      'python',
      'print(c.execute("SELECT count(*) FROM users").fetchone())\nc.execute("UPDATE users SET a = 1")\n',
      [],
    ],
    ['start', 'python', 'import uvicorn\nuvicorn.run("a:app")\n', ['start']],
    ['listen', 'typescript', "import express from 'express';\nconst app = express();\napp.listen(3000);\n", ['start']],
    ['nothing', 'python', 'def add(a, b):\n    return a + b\n', []],
  ])('%s', async (_name, language, text, expected) => {
    expect(await roles(language, text)).toEqual(expected);
  });

  it('says where, in names and without values', async () => {
    const [reset] = rolesOf(
      await facts(
        'python',
        'import os\nURL = "postgres://ana:secret@host/db"\nos.remove("data/app.db")\nc.execute("DELETE FROM users")\n',
      ),
    );
    expect(reset?.evidence).toEqual([
      { line: 3, text: 'os.remove("data/app.db")' },
      { line: 4, text: 'DELETE users without WHERE' },
    ]);
  });
});

describe('C18: what asks before', () => {
  const PY = 'c.execute("DROP TABLE users")\n';
  const TS = 'await db.user.deleteMany();\n';
  it.each<[string, LanguageId, string, readonly string[]]>([
    [
      'environment',
      'python',
      `import os\nif os.getenv("APP_ENV") == "production":\n    raise SystemExit(1)\n${PY}`,
      ['2 asks for APP_ENV'],
    ],
    [
      'environment by a name',
      'python',
      `import os\nwhere = os.environ.get("ENV", "dev")\nif where == "prod":\n    raise SystemExit(1)\n${PY}`,
      ['3 asks for where'],
    ],
    [
      'process.env',
      'typescript',
      `if (process.env.NODE_ENV === 'production') process.exit(1);\n${TS}`,
      ['1 asks for NODE_ENV'],
    ],
    ['settings', 'python', `assert settings.DEBUG\n${PY}`, ['1 asks for DEBUG']],
    [
      'consent variable',
      'typescript',
      `if (!process.env.ALLOW_RESET) throw new Error('no');\n${TS}`,
      ['1 asks for ALLOW_RESET'],
    ],
    ['input', 'python', `if input("Sure? ") != "yes":\n    raise SystemExit(1)\n${PY}`, ['1 input()']],
    ['click.confirm', 'python', `import click\nclick.confirm("Sure?", abort=True)\n${PY}`, ['2 click.confirm()']],
    ['prompts', 'typescript', `const { ok } = await inquirer.prompt([]);\nif (ok) ${TS}`, ['1 inquirer.prompt()']],
    ['argv', 'typescript', `if (!process.argv.includes('--yes')) process.exit(1);\n${TS}`, ['1 asks for --yes']],
    [
      'argv in Python',
      'python',
      `import sys\nif "--force" not in sys.argv:\n    sys.exit(1)\n${PY}`,
      ['2 asks for --force'],
    ],
    [
      'option',
      'python',
      `import argparse\np = argparse.ArgumentParser()\np.add_argument("--yes", action="store_true")\na = p.parse_args()\nif not a.yes:\n    raise SystemExit(1)\n${PY}`,
      ['3 --yes'],
    ],
    [
      'dry run by default',
      'python',
      `def main(dry_run=True):\n    if dry_run:\n        return\n    ${PY}`,
      ['1 dry_run is the default'],
    ],
    [
      'shell',
      'shell',
      'if [ "$APP_ENV" = production ]; then exit 1; fi\nread -p "Sure? " answer\nrm data/app.db\n',
      ['1 asks for APP_ENV', '2 read'],
    ],
  ])('%s', async (_name, language, text, expected) => {
    expect(await guards(language, text)).toEqual(expect.arrayContaining([...expected]));
  });

  it.each<[string, LanguageId, string]>([
    ['none', 'python', PY],
    ['read, not asked', 'typescript', `console.log(process.env.NODE_ENV);\n${TS}`],
    [
      'an option that nothing reads',
      'python',
      `import argparse\np = argparse.ArgumentParser()\np.add_argument("--yes", action="store_true")\na = p.parse_args()\n${PY}`,
    ],
    ['dry run on request', 'python', `def main(dry_run=False):\n    if dry_run:\n        return\n    ${PY}`],
    ['another variable', 'python', `import os\nif os.getenv("FORCE_SCRIPT_NAME"):\n    x = 1\n${PY}`],
    ['a condition about something else', 'typescript', `if (users.length > 3) ${TS}`],
    ['a loop that reads', 'shell', 'while read -r line; do echo "$line"; done\nrm data/app.db\n'],
  ])('near miss: %s', async (_name, language, text) => {
    expect(await guards(language, text)).toEqual([]);
  });
});

describe('C16: options that are accepted and ignored', () => {
  const unread = async (language: LanguageId, text: string): Promise<readonly string[]> =>
    optionsNeverRead(await facts(language, text)).map(({ name, line }) => `${line} ${name}`);
  const ARGPARSE =
    'import argparse\np = argparse.ArgumentParser()\np.add_argument("-n", "--dry-run", action="store_true")\n';

  it.each<[string, LanguageId, string, readonly string[]]>([
    ['argparse', 'python', `${ARGPARSE}args = p.parse_args()\nrun()\n`, ['3 --dry-run']],
    ['argparse, read', 'python', `${ARGPARSE}args = p.parse_args()\nif args.dry_run:\n    run()\n`, []],
    [
      'argparse, read elsewhere in the file',
      'python',
      `def work(a):\n    print(a.dry_run)\n${ARGPARSE}args = p.parse_args()\nwork(args)\n`,
      [],
    ],
    ['argparse, handed on', 'python', `from other import work\n${ARGPARSE}args = p.parse_args()\nwork(args)\n`, []],
    [
      'argparse, returned',
      'python',
      `def parse():\n    import argparse\n    p = argparse.ArgumentParser()\n    p.add_argument("--dry-run")\n    return p.parse_args()\n`,
      [],
    ],
    ['argparse, all at once', 'python', `${ARGPARSE}args = p.parse_args()\nrun(**vars(args))\n`, []],
    [
      'argparse, another name',
      'python',
      `${ARGPARSE}p.add_argument("--b", dest="c")\nargs = p.parse_args()\nprint(args.dry_run, args.c)\n`,
      [],
    ],
    [
      'argparse, version',
      'python',
      'import argparse\np = argparse.ArgumentParser()\np.add_argument("--version", action="version")\nargs = p.parse_args()\n',
      [],
    ],
    [
      'a browser',
      'python',
      'from selenium import webdriver\noptions = webdriver.ChromeOptions()\noptions.add_argument("--headless")\n',
      [],
    ],
    [
      'a command of Django',
      'python',
      'class Command(BaseCommand):\n    def add_arguments(self, parser):\n        parser.add_argument("--dry-run")\n        parser.add_argument("--name")\n    def handle(self, *args, **options):\n        print(options["name"])\n',
      ['3 --dry-run'],
    ],
    [
      'click',
      'python',
      'import click\n@click.command()\n@click.option("--dry-run", is_flag=True)\n@click.option("--name")\ndef main(dry_run, name):\n    print(name)\n',
      ['3 --dry-run'],
    ],
    [
      'click, all at once',
      'python',
      'import click\n@click.command()\n@click.option("--dry-run", is_flag=True)\ndef main(**options):\n    run(options)\n',
      [],
    ],
    [
      'typer',
      'python',
      'import typer\ndef main(dry_run: bool = typer.Option(False), name: str = typer.Option("x")):\n    print(name)\n',
      ['2 --dry-run'],
    ],
    [
      'commander',
      'typescript',
      "import { program } from 'commander';\nprogram.option('-n, --dry-run', 'look only').option('--fast');\nprogram.parse();\nconst o = program.opts();\nif (o.fast) run();\n",
      ['2 --dry-run'],
    ],
    [
      'commander, read',
      'typescript',
      "import { program } from 'commander';\nprogram.option('-n, --dry-run', 'look only').action(({ dryRun }) => run(dryRun));\n",
      [],
    ],
    [
      'commander, handed on',
      'typescript',
      "import { program } from 'commander';\nimport { run } from './run';\nprogram.option('-n, --dry-run', 'look only');\nrun(program.opts());\n",
      [],
    ],
    [
      'parseArgs',
      'typescript',
      "import { parseArgs } from 'node:util';\nconst { values } = parseArgs({ options: { 'dry-run': { type: 'boolean' }, out: { type: 'string' } } });\nwrite(values.out);\n",
      ['2 --dry-run'],
    ],
  ])('%s', async (_name, language, text, expected) => {
    expect(await unread(language, text)).toEqual(expected);
  });
});

describe('bad input', () => {
  it('depth and length do not matter', () => {
    let deep: Expr = { k: 'name', v: 'a' };
    for (let i = 0; i < 200_000; i++)
      deep = i % 2 === 0 ? { k: 'member', of: deep, v: 'b' } : { k: 'call', fn: deep, args: [], at: [0, 1, 1] };
    const found = {
      ...emptyFacts('python', 'structure', 1),
      scopes: [],
      statements: [{ scope: 0, value: deep, at: [0, 1, 1] as const, test: true as const }],
    };
    expect(rolesOf(found)).toEqual([]);
    expect(optionsNeverRead(found)).toEqual([]);
  });

  it('any text is read', async () => {
    const parts = [
      'DROP TABLE a',
      '"',
      "'",
      '(',
      ')',
      'if ',
      ':\n    ',
      'os.remove',
      'x.db',
      '--yes',
      '\n',
      'a.delete()',
      '= ',
      '${',
      '`',
    ];
    const languages: readonly LanguageId[] = ['python', 'typescript', 'shell', 'php', 'sql'];
    const ready = await Promise.all(languages.map(loadLanguage));
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...parts), { maxLength: 30 }),
        fc.constantFrom(...ready),
        (list, language) => {
          const text = list.join('');
          const found = language.structure(text, 'x');
          rolesOf(found, text);
          optionsNeverRead(found);
        },
      ),
      { numRuns: 300 },
    );
  });
});
