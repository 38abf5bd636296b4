import type { FixtureProject } from './fixture-project.ts';
import { insert, makeStore } from './make-store.ts';
import { person, range } from './people.ts';
import { writeFile } from './write-file.ts';

const USERS = 'CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT UNIQUE, name TEXT)';
const users = (numbers: readonly number[]) =>
  insert(
    'users',
    numbers.map((n, index) => ({ id: index + 1, email: person(n).email, name: person(n).name })),
  );

export const project: FixtureProject = {
  traps: ['S4', 'S5', 'S6', 'S13', 'C2', 'C21', 'C23', 'C26'],
  wrong: `S5: shop/queue.py opens "queue.db" relative to where it is started: the Makefile starts it at the root and in shop/, and both files
    are there. S6: data/shop.db is spelled five ways (join of __file__, pathlib, a URL with four slashes through a bind mount, a
    constant, an environment default). C26: the portal reads data/portal.db, whose users lack those that the shop adds to
    data/shop.db. S4: data/typo.db has 0 bytes; tools/typo.py makes it. S13: a cache per device, a store in /tmp, one in memory, one that
    is made at the first start. C23: self.db, packages.db.models and a list of suffixes name no files. C21: shop/broken.py does not
    parse and still names data/shop.db. Beside them: tests open stores of their own.`,
  build(dir) {
    makeStore(dir, 'data/shop.db', USERS, users(range(9)));
    makeStore(dir, 'data/portal.db', USERS, users(range(6)));
    makeStore(
      dir,
      'queue.db',
      'CREATE TABLE jobs (id INTEGER PRIMARY KEY, what TEXT)',
      insert('jobs', [{ id: 1, what: 'a' }]),
    );
    makeStore(
      dir,
      'shop/queue.db',
      'CREATE TABLE jobs (id INTEGER PRIMARY KEY, what TEXT)',
      insert('jobs', [{ id: 1, what: 'b' }]),
    );
    makeStore(dir, 'data/cache_kitchen.db', 'CREATE TABLE c (k TEXT PRIMARY KEY)', insert('c', [{ k: 'x' }]));
    writeFile(dir, 'data/typo.db', '');
    const write = (path: string, ...lines: readonly string[]): void => writeFile(dir, path, `${lines.join('\n')}\n`);
    write('Makefile', 'queue:', '\tpython shop/queue.py', 'queue-here:', '\tcd shop && python queue.py');
    write(
      'docker-compose.yml',
      'services:',
      '  shop:',
      '    build: .',
      '    command: python -m shop.main',
      '    volumes:',
      '      - ./data:/app/data',
      '    environment:',
      '      SHOP_URL: sqlite:////app/data/shop.db',
    );
    write('Dockerfile', 'FROM python:3.12', 'WORKDIR /app', 'COPY . .', 'CMD ["python", "-m", "shop.main"]');
    write('shop/__init__.py');
    write(
      'shop/paths.py',
      'import os',
      'from pathlib import Path',
      'ROOT = Path(__file__).resolve().parent.parent',
      'SHOP = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "data", "shop.db")',
    );
    write(
      'shop/main.py',
      'import os',
      'import sqlite3',
      'from sqlalchemy import create_engine, text',
      'from shop.paths import SHOP',
      'engine = create_engine(os.environ["SHOP_URL"])',
      'def add(name):',
      '    with sqlite3.connect(SHOP) as db:',
      '        db.execute("INSERT INTO users (name) VALUES (?)", (name,))',
      'def names():',
      '    with engine.connect() as db:',
      '        return db.execute(text("SELECT name FROM users")).fetchall()',
    );
    write(
      'shop/report.py',
      'import sqlite3',
      'from shop.paths import ROOT',
      'class Report:',
      '    packages = "packages.db.models"',
      '    suffixes = (".db", ".sqlite")',
      '    def __init__(self, path=ROOT / "data" / "shop.db"):',
      '        self.db = sqlite3.connect(path)',
      '    def count(self):',
      '        return self.db.execute("SELECT count(*) FROM users").fetchone()',
    );
    write(
      'shop/queue.py',
      'import sqlite3',
      'db = sqlite3.connect("queue.db")',
      'print(db.execute("SELECT * FROM jobs").fetchall())',
    );
    write(
      'shop/cache.py',
      'import sqlite3',
      'from shop.paths import ROOT',
      'def cache(device):',
      '    return sqlite3.connect(f"{ROOT}/data/cache_{device}.db")',
      'scratch = sqlite3.connect("/tmp/scratch.db")',
      'memory = sqlite3.connect(":memory:")',
      'first = sqlite3.connect(ROOT / "data" / "made-at-first-start.db")',
      'first.execute("CREATE TABLE IF NOT EXISTS t (a)")',
    );
    write(
      'shop/broken.py',
      'import sqlite3',
      'from shop.paths import ROOT',
      'try:',
      '    from shop.paths import OLD',
      'except ImportError:',
      '    OLD = None',
      'def broken(:',
      '    pass',
      'db = sqlite3.connect(ROOT / "data" / "shop.db")',
    );
    write(
      'portal/package.json',
      '{ "name": "portal", "type": "module", "scripts": { "start": "node src/server.js" } }',
    );
    write(
      'portal/src/db.js',
      "import Database from 'better-sqlite3';",
      "import { join } from 'node:path';",
      "export const db = new Database(process.env.PORTAL_DB ?? join(import.meta.dirname, '../../data/portal.db'));",
    );
    write(
      'portal/src/server.js',
      "import { db } from './db.js';",
      "export const login = (email) => db.prepare('SELECT id, name FROM users WHERE email = ?').get(email);",
    );
    write(
      'tools/typo.py',
      'import sqlite3',
      'from pathlib import Path',
      'db = sqlite3.connect(Path(__file__).parent.parent / "data/typo.db")',
    );
    write(
      'tests/test_shop.py',
      'import sqlite3',
      'def test_users(tmp_path):',
      '    db = sqlite3.connect(tmp_path / "shop.db")',
      '    db.execute("CREATE TABLE users (id INTEGER)")',
    );
  },
};
