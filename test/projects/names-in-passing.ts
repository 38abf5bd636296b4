import type { FixtureProject } from './fixture-project.ts';
import { insert, makeStore } from './make-store.ts';
import { range } from './people.ts';
import { writeFile } from './write-file.ts';

export const project: FixtureProject = {
  traps: ['C20', 'C22', 'C23'],
  wrong: `Stores are named by what does not open them. C20: tools/consolidate.py maps auth.db and sessions.db to hub.db and opens what the
    map says; legacy.py reads the old path on purpose; guard.js lists names that nobody may use; none of the three expects a file to
    be there. C22: the handbook, a prompt for a language model, a docstring and a comment name data/hub.db; app.py opens it, and
    consolidate.py what its map says: that one. C23:
    self.db, user.db, Thumbs.db, a list of suffixes, an attribute of a module and a domain name say nothing of files.`,
  build(dir) {
    const write = (path: string, ...lines: readonly string[]): void => writeFile(dir, path, `${lines.join('\n')}\n`);
    makeStore(
      dir,
      'data/hub.db',
      'CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)',
      insert(
        'users',
        range(5).map((n) => ({ id: n + 1, name: `Guest ${n}` })),
      ),
    );
    write(
      'app.py',
      '"""Keeps its rows in data/hub.db, beside the program."""',
      'import sqlite3',
      'from pathlib import Path',
      '# Formerly data/auth.db',
      'db = sqlite3.connect(Path(__file__).parent / "data" / "hub.db")',
      'print(db.execute("SELECT name FROM users").fetchall())',
    );
    write(
      'tools/consolidate.py',
      'import sqlite3',
      'MERGE_INTO = {"data/auth.db": "data/hub.db", "data/sessions.db": "data/hub.db"}',
      'for source, target in MERGE_INTO.items():',
      '    with sqlite3.connect(target) as db:',
      '        db.execute("ATTACH ? AS source", (source,))',
    );
    write(
      'tools/legacy.py',
      'import os',
      'import sqlite3',
      'OLD = "/srv/legacy/auth.db"',
      'if os.path.exists(OLD):',
      '    print(sqlite3.connect(OLD).execute("SELECT name FROM users").fetchall())',
    );
    write(
      'tools/guard.js',
      "import { readFileSync } from 'node:fs';",
      "const FORBIDDEN = ['data/auth.db', 'sessions.db', 'sqlite:///data/auth.db'];",
      "const text = readFileSync(process.argv[2], 'utf8');",
      'if (FORBIDDEN.some((name) => text.includes(name))) process.exit(1);',
    );
    write(
      'README.md',
      '# Hub',
      '',
      'Rows are in `data/hub.db`. Copy it before you try anything:',
      '',
      '    cp data/hub.db /tmp/',
      '',
      'The old data/auth.db is gone.',
    );
    write(
      'assistant.py',
      'PROMPT = """You answer questions about the guests.',
      'The database is data/hub.db; its table users has the columns id and name.',
      'Never write to data/auth.db, which is gone."""',
    );
    write(
      'names.py',
      'import packages.db.models',
      'class Names:',
      '    suffixes = (".db", ".sqlite", ".csv")',
      '    ignored = ["Thumbs.db", ".DS_Store"]',
      '    def __init__(self, db):',
      '        self.db = db',
      '        self.model = packages.db.models.User',
      '    def host(self):',
      '        return self.db or "hub.db.kiosk-nord.de"',
    );
    write(
      'names.ts',
      "export const user = { db: 1, sqlite: 'user.db' };",
      'export const reads = [user.db, user.sqlite, "knex.db.client", "packages.db.models"];',
    );
  },
};
