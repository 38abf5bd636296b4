import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type CodeProject, codeProject, type Files, removeCodeProjects } from '../../../test/code-project.ts';
import { splice } from '../../edit/splice.ts';
import { snapshotOf } from '../code-snapshot.ts';
import { type Delta, delta, gainsNothing, placeOf } from '../delta.ts';
import { lookAtOverlay } from '../overlay.ts';
import type { Sites } from './model.ts';
import { openCode } from './open-code.ts';
import { storeSites } from './store-sites.ts';

afterAll(removeCodeProjects);

interface Tried {
  readonly now: CodeProject;
  readonly sites: Sites;
  readonly texts: ReadonlyMap<string, Buffer>;
  readonly change: Delta;
  readonly bound: readonly string[];
}

/** Sites of a store that moves, and what the project is with them edited. */
async function moveStore(
  files: Files,
  from: string,
  to: string,
  only: readonly string[] | null = null,
  alongside: readonly string[] = [],
): Promise<Tried> {
  const now = await codeProject(files);
  const open = openCode({ ...now.looked, stores: now.facts.stores }, now.read);
  const sites = storeSites(open, { from, to, only, alongside });
  const texts = new Map<string, Buffer>();
  for (const path of new Set(sites.edits.map((edit) => edit.path))) {
    const source = open.source(path);
    if (source === null) throw new Error(path);
    const own = sites.edits.filter((edit) => edit.path === path).map((edit) => ({ ...edit, action: 'a' }));
    texts.set(path, source.write(splice(source.text, own)));
  }
  const moved = new Map(now.facts.stores.some(({ path }) => path === from) ? [[from, to]] : []);
  const after = snapshotOf(await lookAtOverlay(now, { texts, moved, removed: new Set() }));
  return {
    now,
    sites,
    texts,
    change: delta(snapshotOf(now.looked), after, moved),
    bound: after.bindings.map(({ path, line, target }) => `${path}:${line} ${placeOf(target)}`),
  };
}

const lines = (texts: ReadonlyMap<string, Buffer>, path: string): string =>
  texts.get(path)?.toString() ?? '(not edited)';

describe('S5: one spelling, several stores that become one', () => {
  const files: Files = {
    Makefile: 'run:\n\tpython3 auth/app.py\nhere:\n\tcd auth && python3 app.py\n',
    'auth/app.py': 'import os\nimport sqlite3\nDB = os.getenv("AUTH_DB", "auth.db")\nsqlite3.connect(DB)\n',
    'auth.db': '',
    'auth/auth.db': '',
    'hub.db': '',
  };
  const FROM_ITS_FILE = 'os.path.join(os.path.dirname(os.path.abspath(__file__)), "../hub.db")';

  test('counts from its own file where all of them are pointed to it', async () => {
    const { texts, sites } = await moveStore(files, 'auth.db', 'hub.db', null, ['hub.db', 'auth/auth.db']);
    expect(sites.open).toEqual([]);
    expect(lines(texts, 'auth/app.py')).toContain(`os.getenv("AUTH_DB", ${FROM_ITS_FILE})`);
  });

  test('is left open where one of them stays, and where no module of paths is at hand', async () => {
    const alone = await moveStore(files, 'auth.db', 'hub.db');
    expect(alone.sites.open.map(({ why }) => why)).toContain('one spelling serves several stores');
    expect(alone.sites.edits).toEqual([]);
    const plain = { ...files, 'auth/app.py': 'import sqlite3\nDB = "auth.db"\nsqlite3.connect(DB)\n' };
    const without = await moveStore(plain, 'auth.db', 'hub.db', null, ['hub.db', 'auth/auth.db']);
    expect(without.sites.edits.filter(({ path }) => path === 'auth/app.py')).toEqual([]);
  });
});

describe('a store that moves beside itself', () => {
  const forms: readonly (readonly [string, Files, string, string])[] = [
    [
      'a constant',
      { 'app.py': 'import sqlite3\nDB = "data/auth.db"\nsqlite3.connect(DB)\n' },
      'app.py',
      'DB = "data/main.db"',
    ],
    [
      'a join of parts',
      {
        'app.py':
          'import os, sqlite3\nROOT = os.path.dirname(os.path.abspath(__file__))\nDB = os.path.join(ROOT, "data", "auth.db")\nsqlite3.connect(DB)\n',
      },
      'app.py',
      'os.path.join(ROOT, "data", "main.db")',
    ],
    [
      'pathlib over two files',
      {
        'paths.py': "from pathlib import Path\nDATA = Path(__file__).resolve().parent / 'data'\n",
        'app.py': "import sqlite3\nfrom paths import DATA\nsqlite3.connect(DATA / 'auth.db')\n",
      },
      'app.py',
      "DATA / 'main.db'",
    ],
    [
      'an f-string',
      { 'app.py': "import sqlite3\nDIR = 'data'\nsqlite3.connect(f'{DIR}/auth.db')\n" },
      'app.py',
      "f'{DIR}/main.db'",
    ],
    [
      'a default argument',
      {
        'app.py':
          'import sqlite3\ndef opened(path: str = "data/auth.db"):\n    return sqlite3.connect(path)\nopened()\n',
      },
      'app.py',
      'path: str = "data/main.db"',
    ],
    [
      'a fallback',
      { 'app.py': "import os, sqlite3\nsqlite3.connect(os.getenv('AUTH_DB', 'data/auth.db'))\n" },
      'app.py',
      "os.getenv('AUTH_DB', 'data/main.db')",
    ],
    [
      'a URL with a query',
      { 'app.py': "from sqlalchemy import create_engine\ne = create_engine('sqlite:///data/auth.db?timeout=5')\n" },
      'app.py',
      "'sqlite:///data/main.db?timeout=5'",
    ],
    [
      'a percent format',
      { 'app.py': "import sqlite3\nsqlite3.connect('%s/auth.db' % 'data')\n" },
      'app.py',
      "'%s/main.db' % 'data'",
    ],
    [
      'a class attribute',
      { 'app.py': "import sqlite3\nclass Config:\n    PATH = 'data/auth.db'\nsqlite3.connect(Config.PATH)\n" },
      'app.py',
      "PATH = 'data/main.db'",
    ],
    [
      'Node, from its own folder',
      {
        'src/db.js':
          "const path = require('path');\nconst Database = require('better-sqlite3');\nconst db = new Database(path.join(__dirname, '..', 'data', 'auth.db'));\n",
      },
      'src/db.js',
      "'..', 'data', 'main.db'",
    ],
    [
      'ESM, by its address',
      {
        'src/db.mjs':
          "import Database from 'better-sqlite3';\nimport { fileURLToPath } from 'node:url';\nconst db = new Database(fileURLToPath(new URL('../data/auth.db', import.meta.url)));\n",
      },
      'src/db.mjs',
      "new URL('../data/main.db', import.meta.url)",
    ],
    [
      'a template',
      {
        'db.ts':
          "import Database from 'better-sqlite3';\nconst dir = 'data';\nexport const db = new Database(`./${dir}/auth.db`);\n",
      },
      'db.ts',
      '`./${dir}/main.db`',
    ],
    [
      '?? of Node',
      {
        'db.ts':
          'import Database from \'better-sqlite3\';\nexport const db = new Database(process.env.DB ?? "data/auth.db");\n',
      },
      'db.ts',
      '?? "data/main.db"',
    ],
    [
      'PHP',
      { 'db.php': "<?php\n$db = new PDO('sqlite:' . __DIR__ . '/data/auth.db');\n" },
      'db.php',
      "'/data/main.db'",
    ],
    [
      'a file of variables',
      {
        '.env': '# the store\nAUTH_DB="data/auth.db" # here\n',
        'app.py':
          "import os, sqlite3\nfrom dotenv import load_dotenv\nload_dotenv()\nsqlite3.connect(os.environ['AUTH_DB'])\n",
      },
      '.env',
      'AUTH_DB="data/main.db" # here',
    ],
    [
      'a variable made of another',
      {
        '.env': 'DIR=data\nAUTH_DB=${DIR}/auth.db\n',
        'app.py':
          "import os, sqlite3\nfrom dotenv import load_dotenv\nload_dotenv()\nsqlite3.connect(os.environ['AUTH_DB'])\n",
      },
      '.env',
      'AUTH_DB=${DIR}/main.db',
    ],
    [
      'compose, in the container’s own words',
      {
        'docker-compose.yml':
          'services:\n  auth:\n    build: .\n    environment:\n      - AUTH_DB=/srv/data/auth.db\n    volumes:\n      - ./data:/srv/data\n',
        Dockerfile: 'FROM python:3\nWORKDIR /srv\nCOPY app.py .\nCMD ["python", "app.py"]\n',
        'app.py': "import os, sqlite3\nsqlite3.connect(os.environ['AUTH_DB'])\n",
      },
      'docker-compose.yml',
      '- AUTH_DB=/srv/data/main.db',
    ],
    [
      'a default in compose',
      {
        'docker-compose.yml':
          'services:\n  auth:\n    build: .\n    environment:\n      AUTH_DB: "${AUTH_DB:-/srv/data/auth.db}"\n    volumes:\n      - ./data:/srv/data\n',
        Dockerfile: 'FROM python:3\nWORKDIR /srv\nCOPY app.py .\nCMD ["python", "app.py"]\n',
        'app.py': "import os, sqlite3\nsqlite3.connect(os.environ['AUTH_DB'])\n",
      },
      'docker-compose.yml',
      '"${AUTH_DB:-/srv/data/main.db}"',
    ],
    [
      'an image',
      {
        'docker-compose.yml': 'services:\n  auth:\n    build: .\n    volumes:\n      - ./data:/srv/data\n',
        Dockerfile:
          'FROM python:3\nENV AUTH_DB=/srv/data/auth.db\nWORKDIR /srv\nCOPY app.py .\nCMD ["python", "app.py"]\n',
        'app.py': "import os, sqlite3\nsqlite3.connect(os.environ['AUTH_DB'])\n",
      },
      'Dockerfile',
      'ENV AUTH_DB=/srv/data/main.db',
    ],
    [
      'a shell script',
      { 'check.sh': "#!/bin/sh\nsqlite3 data/auth.db 'select count(*) from users'\n" },
      'check.sh',
      "sqlite3 data/main.db 'select",
    ],
    [
      'Prisma',
      { 'prisma/schema.prisma': 'datasource db {\n  provider = "sqlite"\n  url      = "file:../data/auth.db"\n}\n' },
      'prisma/schema.prisma',
      'url      = "file:../data/main.db"',
    ],
    [
      'alembic.ini',
      {
        'alembic.ini': '[alembic]\nscript_location = alembic\nsqlalchemy.url = sqlite:///data/auth.db\n',
        'alembic/env.py': '',
      },
      'alembic.ini',
      'sqlalchemy.url = sqlite:///data/main.db',
    ],
    [
      'CRLF, tabs, a mark, no last line end',
      { 'app.py': '\ufeffimport sqlite3\r\nif True:\r\n\tDB = "data/auth.db"\t# here\r\n\tsqlite3.connect(DB)' },
      'app.py',
      '\ufeffimport sqlite3\r\nif True:\r\n\tDB = "data/main.db"\t# here\r\n\tsqlite3.connect(DB)',
    ],
  ];

  test.each(forms)('%s', async (_, files, path, expected) => {
    const { sites, texts, change } = await moveStore(
      { ...files, 'data/auth.db': '', 'data/keep.txt': 'x' },
      'data/auth.db',
      'data/main.db',
    );
    expect(sites.open).toEqual([]);
    expect(lines(texts, path)).toContain(expected);
    expect(texts.size).toBe(1);
    expect(change.bindings).toEqual([]);
    expect(gainsNothing(change)).toBe(true);
  });
});

describe('a store that moves to another folder', () => {
  test('parts of one expression get what belongs to them', async () => {
    const { texts, change } = await moveStore(
      {
        'app.py':
          "import sqlite3\nfrom pathlib import Path\nsqlite3.connect(Path(__file__).parent / 'data' / 'auth.db')\n",
        'data/auth.db': '',
      },
      'data/auth.db',
      'var/lib/main.db',
    );
    expect(lines(texts, 'app.py')).toContain("/ 'var/lib' / 'main.db'");
    expect(change.bindings).toEqual([]);
  });

  test('a folder that others use stays what it is: the last part leads out of it', async () => {
    const files = {
      'paths.py': "from pathlib import Path\nDATA = Path(__file__).parent / 'data'\n\n\n\n\n\n\n",
      'app.py':
        "import sqlite3\nfrom paths import DATA\nsqlite3.connect(DATA / 'auth.db')\nsqlite3.connect(DATA / 'hub.db')\n",
      'data/auth.db': '',
      'data/hub.db': '',
    };
    const { texts, change } = await moveStore(files, 'data/auth.db', 'var/auth.db');
    expect(lines(texts, 'app.py')).toContain("DATA / '../var/auth.db'");
    expect(texts.has('paths.py')).toBe(false);
    expect(change.bindings).toEqual([]);
  });

  test('but not through a folder that would be gone: then the folder is another one', async () => {
    const files = {
      'paths.py': `from pathlib import Path\nDATA = Path(__file__).parent / 'data'\n`,
      'app.py': "import sqlite3\nfrom paths import DATA\nsqlite3.connect(DATA / 'auth.db')\n",
      'data/auth.db': '',
    };
    const { texts, change } = await moveStore(files, 'data/auth.db', 'var/auth.db');
    expect(lines(texts, 'paths.py')).toContain("/ 'var'");
    expect(change.bindings).toEqual([]);
  });

  test('S5: a folder in a variable of two stores, none of which stays in it', async () => {
    const files = {
      '.env': 'DIR=data\n',
      'app.py':
        "import os, sqlite3\nfrom dotenv import load_dotenv\nload_dotenv()\nsqlite3.connect(os.environ['DIR'] + '/auth.db')\nsqlite3.connect(os.environ['DIR'] + '/hub.db')\n",
      'data/auth.db': '',
      'data/hub.db': '',
    };
    const { texts, change } = await moveStore(files, 'data/auth.db', 'var/auth.db');
    expect(lines(texts, 'app.py')).toContain("os.environ['DIR'] + '/../var/auth.db'");
    expect(change.bindings).toEqual([]);
  });

  test('a path that no mount shows in the container is open', async () => {
    const files = {
      'docker-compose.yml':
        'services:\n  auth:\n    build: .\n    environment:\n      - AUTH_DB=/srv/data/auth.db\n    volumes:\n      - ./data:/srv/data\n',
      Dockerfile: 'FROM python:3\nWORKDIR /srv\nCOPY app.py .\nCMD ["python", "app.py"]\n',
      'app.py': "import os, sqlite3\nsqlite3.connect(os.environ['AUTH_DB'])\n",
      'data/auth.db': '',
    };
    const { sites } = await moveStore(files, 'data/auth.db', 'var/auth.db');
    expect(sites.edits).toEqual([]);
    expect(sites.open[0]?.why).toMatch(/nothing shows var\/auth\.db/);
  });
});

describe('what is not edited', () => {
  test('S5: one spelling that serves two stores is a question', async () => {
    const files = {
      'backend/worker.py': "import sqlite3\nsqlite3.connect('app.db')\n",
      Makefile: 'root:\n\tpython backend/worker.py\nback:\n\tcd backend && python worker.py\n',
      'app.db': '',
      'backend/app.db': '',
    };
    const { sites } = await moveStore(files, 'app.db', 'data/main.db');
    expect(sites.edits).toEqual([]);
    expect(sites.open).toMatchObject([
      { path: 'backend/worker.py', line: 2, why: 'one spelling serves several stores' },
    ]);
    expect(Object.keys(sites.open[0]?.serves ?? {})).toEqual(['backend/app.db']);
  });

  test('S5: a constant that names the folder of two stores', async () => {
    const files = {
      'app.py': "import sqlite3\nDIR = 'data'\nsqlite3.connect(DIR + '/auth.db')\nsqlite3.connect(DIR + '/hub.db')\n",
      'data/auth.db': '',
      'data/hub.db': '',
    };
    const { sites } = await moveStore(files, 'data/auth.db', 'var/auth.db');
    expect(sites.edits.some(({ from }) => from === 'data')).toBe(false);
  });

  test('C20: an importer that reads from the old store, a migration', async () => {
    const files = {
      'scripts/import_legacy.py':
        "import sqlite3\nold = sqlite3.connect('data/auth.db')\nnew = sqlite3.connect('data/main.db')\nfor row in old.execute('select * from users'):\n    new.execute('insert into users values (?)', row)\n",
      'migrations/001_first.py': "import sqlite3\nsqlite3.connect('data/auth.db').execute('create table users (id)')\n",
      'app.py': "import sqlite3\nsqlite3.connect('data/auth.db').execute('insert into users values (1)')\n",
      'data/auth.db': '',
      'data/main.db': '',
    };
    const { sites, texts } = await moveStore({ ...files }, 'data/auth.db', 'data/new.db');
    expect([...texts.keys()]).toEqual(['app.py']);
    expect(sites.left.map(({ path }) => path).sort()).toEqual(['migrations/001_first.py', 'scripts/import_legacy.py']);
  });

  test('C23: names that only look like it', async () => {
    const files = {
      'app.py':
        "import sqlite3\nimport packages.db.models\nself.db = 1\nTHUMBS = 'Thumbs.db'\nsqlite3.connect('auth.db')\n",
      'packages/db/models.py': '',
      'auth.db': '',
      'data/auth.db': '',
    };
    const { sites } = await moveStore(files, 'auth.db', 'main.db');
    expect(sites.edits.map(({ line, from }) => [line, from])).toEqual([[5, 'auth.db']]);
  });

  test('a name with escapes, a name put together at run time', async () => {
    const files = {
      'app.py': "import sqlite3\nsqlite3.connect('data/\\x61uth.db')\nsqlite3.connect('data/AUTH.db'.lower())\n",
      'data/auth.db': '',
    };
    const { sites } = await moveStore(files, 'data/auth.db', 'data/main.db');
    expect(sites.edits).toEqual([]);
    expect(sites.open.map(({ line }) => line)).toEqual([2, 3]);
  });

  test('only the files that are meant, and what they share with others is a question', async () => {
    const files = {
      'a.py': "import sqlite3\nsqlite3.connect('data/auth.db')\n",
      'b.py': "import sqlite3\nsqlite3.connect('data/auth.db')\n",
      'data/auth.db': '',
    };
    const { sites } = await moveStore(files, 'data/auth.db', 'data/main.db', ['a.py']);
    expect(sites.edits.map(({ path }) => path)).toEqual(['a.py']);
  });
});

test('what real Python opens afterwards is the new store', async () => {
  const files = {
    'hub/paths.py':
      "import os\nBASE = os.path.abspath(os.path.join(os.path.dirname(__file__), '..'))\nDATA = os.path.join(BASE, 'data')\n",
    'hub/app.py':
      "import sys, os\nsys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))\nimport sqlite3\nfrom hub.paths import DATA\nopened = []\ndef main(path=os.path.join(DATA, 'auth.db')):\n    opened.append(os.path.relpath(path))\n    sqlite3.connect(path)\nif __name__ == '__main__':\n    main()\n    print(*opened)\n",
    'hub/__init__.py': '',
    'data/auth.db': '',
  };
  const { now, texts, sites } = await moveStore(files, 'data/auth.db', 'data/auth.sqlite3.db');
  for (const [path, content] of texts) {
    mkdirSync(dirname(join(now.root, path)), { recursive: true });
    writeFileSync(join(now.root, path), content);
  }
  expect(sites.open).toEqual([]);
  expect(execFileSync('python3', ['hub/app.py'], { cwd: now.root, encoding: 'utf8' }).trim()).toBe(
    'data/auth.sqlite3.db',
  );
});
