import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type CodeProject, codeProject, type Files, removeCodeProjects } from '../../../test/code-project.ts';
import { splice } from '../../edit/splice.ts';
import { snapshotOf } from '../code-snapshot.ts';
import { type Delta, delta } from '../delta.ts';
import { lookAtOverlay } from '../overlay.ts';
import type { Sites } from './model.ts';
import { moduleSites } from './module-sites.ts';
import { type Moves, NO_MOVES } from './moves.ts';
import { openCode } from './open-code.ts';

afterAll(removeCodeProjects);

interface Tried {
  readonly now: CodeProject;
  readonly sites: Sites;
  /** By path afterwards. */
  readonly text: (path: string) => string;
  readonly change: Delta;
}

async function change(files: Files, moves: Partial<Moves>): Promise<Tried> {
  const now = await codeProject(files);
  const all: Moves = { ...NO_MOVES, ...moves };
  const open = openCode({ ...now.looked, stores: now.facts.stores }, now.read);
  const sites = moduleSites(open, all);
  const texts = new Map<string, Buffer>(all.made.map((path) => [path, Buffer.from('')]));
  for (const path of new Set(sites.edits.map((edit) => edit.path))) {
    const source = open.source(path);
    if (source === null) throw new Error(path);
    const own = sites.edits.filter((edit) => edit.path === path).map((edit) => ({ ...edit, action: 'a' }));
    texts.set(all.moved.get(path) ?? path, source.write(splice(source.text, own)));
  }
  const after = snapshotOf(await lookAtOverlay(now, { texts, moved: all.moved, removed: new Set() }));
  const back = new Map([...all.moved].map(([from, to]) => [to, from]));
  return {
    now,
    sites,
    text: (path) => (texts.get(path) ?? now.read(back.get(path) ?? path)).toString(),
    change: delta(snapshotOf(now.looked), after, all.moved),
  };
}

const move = (...pairs: readonly (readonly [string, string])[]): Partial<Moves> => ({ moved: new Map(pairs) });

function expectWhole({ sites, change: { unresolved, names, imports } }: Tried): void {
  expect(sites.open).toEqual([]);
  expect({ unresolved, names, imports }).toEqual({
    unresolved: { gained: [], lost: [] },
    names: { gained: [], lost: [] },
    imports: { gained: [], lost: [] },
  });
}

describe('Python', () => {
  const base: Files = { 'hub/__init__.py': '', 'hub/db/__init__.py': '', 'hub/store/__init__.py': '' };

  test('C1: a name that is the beginning of another', async () => {
    const tried = await change(
      {
        ...base,
        'hub/db/connection.py': 'def open_db(): pass\n',
        'hub/db/connection_manager.py': 'def manage(): pass\n',
        'app.py': 'from hub.db.connection import open_db\nfrom hub.db.connection_manager import manage\n',
      },
      move(['hub/db/connection.py', 'hub/store/pool.py']),
    );
    expect(tried.text('app.py')).toBe(
      'from hub.store.pool import open_db\nfrom hub.db.connection_manager import manage\n',
    );
    expectWhole(tried);
  });

  test('C2: every form of import', async () => {
    const tried = await change(
      {
        ...base,
        'hub/db/pool.py': 'X = 1\ndef open_db(): return X\n',
        'hub/db/other.py': 'Y = 1\n',
        'hub/db/near.py': 'from .pool import X\nfrom . import pool\nfrom . import other, pool as p\n',
        'hub/web/__init__.py': '',
        'hub/web/view.py': 'from ..db.pool import (  # why\n    X,\n    open_db as o,\n)\nfrom ..db import pool\n',
        'a.py': 'import hub.db.pool as p\np.open_db()\n',
        'b.py': 'import hub.db.pool\nhub.db.pool.open_db()\nx = "hub.db.pool"  # hub.db.pool\ny = z.hub.db.pool\n',
        'c.py': 'from hub.db import pool\nfrom hub.db.pool import *\n',
        'd.py': 'import importlib\nm = importlib.import_module("hub.db.pool")\nn = __import__("hub.db.pool")\n',
        'e.py':
          'try:\n    from hub.db.pool import X\nexcept ImportError:\n    X = None\ndef f():\n\tfrom hub.db import (pool)\n\treturn pool\n',
        'test_a.py': 'from unittest import mock\n@mock.patch("hub.db.pool.open_db")\ndef test_x(m):\n    pass\n',
      },
      move(['hub/db/pool.py', 'hub/store/connections.py']),
    );
    expect(tried.text('hub/db/near.py')).toBe(
      'from ..store.connections import X\nfrom ..store import connections as pool\nfrom . import other\nfrom ..store import connections as p\n',
    );
    expect(tried.text('hub/web/view.py')).toBe(
      'from ..store.connections import (  # why\n    X,\n    open_db as o,\n)\nfrom ..store import connections as pool\n',
    );
    expect(tried.text('a.py')).toBe('import hub.store.connections as p\np.open_db()\n');
    expect(tried.text('b.py')).toBe(
      'import hub.store.connections\nhub.store.connections.open_db()\nx = "hub.db.pool"  # hub.db.pool\ny = z.hub.db.pool\n',
    );
    expect(tried.text('c.py')).toBe('from hub.store import connections as pool\nfrom hub.store.connections import *\n');
    expect(tried.text('d.py')).toContain('import_module("hub.store.connections")');
    expect(tried.text('d.py')).toContain('__import__("hub.store.connections")');
    expect(tried.text('e.py')).toBe(
      'try:\n    from hub.store.connections import X\nexcept ImportError:\n    X = None\ndef f():\n\tfrom hub.store import (connections as pool)\n\treturn pool\n',
    );
    expect(tried.text('test_a.py')).toContain('mock.patch("hub.store.connections.open_db")');
    expectWhole(tried);
  });

  test('C3: settings that name modules', async () => {
    const tried = await change(
      {
        ...base,
        'hub/tasks.py': 'def run(): pass\n',
        'pyproject.toml': '[project]\nname = "hub"\n[project.scripts]\nhub = "hub.tasks:run"\n',
        'settings.py': 'INSTALLED_APPS = [\n    "django.contrib.auth",\n    "hub.tasks",\n]\n',
      },
      move(['hub/tasks.py', 'hub/store/jobs.py']),
    );
    expect(tried.text('pyproject.toml')).toContain('hub = "hub.store.jobs:run"');
    expect(tried.text('settings.py')).toContain('"hub.store.jobs",');
    expectWhole(tried);
  });

  test('what moves takes its own imports along', async () => {
    const tried = await change(
      {
        ...base,
        'hub/db/pool.py': 'from .models import User\nfrom . import models\nfrom ..util import slug\nimport os\n',
        'hub/db/models.py': 'class User: pass\n',
        'hub/util.py': 'def slug(): pass\n',
      },
      move(['hub/db/pool.py', 'hub/store/deep/pool.py']),
    );
    expect(tried.text('hub/store/deep/pool.py')).toBe(
      'from ...db.models import User\nfrom ...db import models\nfrom ...util import slug\nimport os\n',
    );
    expectWhole(tried);
  });

  test('a whole package moves, and stays whole inside', async () => {
    const tried = await change(
      {
        ...base,
        'hub/db/pool.py': 'from .models import User\nfrom hub.db.models import User as U\n',
        'hub/db/models.py': 'class User: pass\n',
        'app.py': 'from hub.db import models\nfrom hub.db.pool import U\nimport hub.db\n',
      },
      move(
        ['hub/db/__init__.py', 'core/db/__init__.py'],
        ['hub/db/pool.py', 'core/db/pool.py'],
        ['hub/db/models.py', 'core/db/models.py'],
      ),
    );
    expect(tried.text('core/db/pool.py')).toBe('from .models import User\nfrom core.db.models import User as U\n');
    expect(tried.text('app.py')).toBe('from core.db import models\nfrom core.db.pool import U\nimport core.db\n');
    expectWhole(tried);
  });

  test('the first name of an import, used for something else as well, is a question', async () => {
    const { sites } = await change(
      {
        ...base,
        'hub/db/pool.py': 'X = 1\n',
        'core/__init__.py': '',
        'app.py': 'import hub.db.pool\nprint(hub.db.pool.X, hub.__name__)\n',
      },
      move(['hub/db/pool.py', 'core/pool.py']),
    );
    expect(sites.open).toMatchObject([{ path: 'app.py', line: 1, why: 'hub is used for more than hub.db.pool' }]);
  });

  test('C8: a module that lacks what importers take does not take its place', async () => {
    const files = {
      ...base,
      'hub/db/old.py': 'def open_db(): pass\ndef retrying(): pass\n',
      'hub/db/new.py': 'def open_db(): pass\n',
      'a.py': 'from hub.db.old import open_db\n',
      'b.py': 'from hub.db.old import retrying\n',
    };
    const { sites, text } = await change(files, { instead: new Map([['hub/db/old.py', 'hub/db/new.py']]) });
    expect(text('a.py')).toBe('from hub.db.new import open_db\n');
    expect(sites.open).toMatchObject([{ path: 'b.py', line: 1 }]);
  });

  test('Python itself finds everything afterwards; CRLF, tabs and comments stay', async () => {
    const files: Files = {
      ...base,
      'hub/db/pool.py': 'X = "x"\r\ndef open_db():\r\n\treturn X',
      'app.py':
        'import hub.db.pool\t# one\r\nfrom hub.db import pool as p, __name__ as n\r\nfrom hub.db.pool import open_db\r\nprint(hub.db.pool.X, p.X, open_db(), n)',
    };
    const { now, text, sites } = await change(files, move(['hub/db/pool.py', 'hub/store/pool.py']));
    expect(sites.open).toEqual([]);
    const before = execFileSync('python3', ['app.py'], { cwd: now.root, encoding: 'utf8' });
    for (const path of ['app.py']) writeFileSync(join(now.root, path), text(path));
    mkdirSync(dirname(join(now.root, 'hub/store/pool.py')), { recursive: true });
    renameSync(join(now.root, 'hub/db/pool.py'), join(now.root, 'hub/store/pool.py'));
    expect(execFileSync('python3', ['app.py'], { cwd: now.root, encoding: 'utf8' })).toBe(before);
    expect(text('app.py')).toBe(
      'import hub.store.pool\t# one\r\nfrom hub.store import pool as p\r\nfrom hub.db import __name__ as n\r\nfrom hub.store.pool import open_db\r\nprint(hub.store.pool.X, p.X, open_db(), n)',
    );
  });
});

describe('TypeScript (C4)', () => {
  test('aliases, barrels, types, require, dynamic imports, mocks, suffixes', async () => {
    const tried = await change(
      {
        'tsconfig.json': '{ "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["src/*"] } } }',
        'package.json': '{ "name": "x", "type": "module" }',
        'src/lib/db.ts': "import { slug } from './slug.js';\nexport const db = slug;\nexport type Db = string;\n",
        'src/lib/slug.ts': "export const slug = 'a';\n",
        'src/lib/index.ts': "export * from './db';\nexport { slug } from './slug';\n",
        'src/a.ts': 'import { db } from \'@/lib/db\';\nimport type { Db } from "./lib/db";\nexport const x: Db = db;\n',
        'src/b.js': "const { db } = require('./lib/db.js');\nconst later = () => import('./lib/db.js');\n",
        'src/a.test.ts': "import { vi } from 'vitest';\nvi.mock('./lib/db');\nvi.mock('@/lib/db', () => ({}));\n",
        'src/c.ts': "import { db } from '@/lib';\n",
      },
      move(['src/lib/db.ts', 'src/server/store/db.ts']),
    );
    expect(tried.text('src/server/store/db.ts')).toContain("from '../../lib/slug.js'");
    expect(tried.text('src/lib/index.ts')).toContain("export * from '../server/store/db'");
    expect(tried.text('src/a.ts')).toContain("from '@/server/store/db'");
    expect(tried.text('src/a.ts')).toContain('from "./server/store/db"');
    expect(tried.text('src/b.js')).toBe(
      "const { db } = require('./server/store/db.js');\nconst later = () => import('./server/store/db.js');\n",
    );
    expect(tried.text('src/a.test.ts')).toContain("vi.mock('./server/store/db')");
    expect(tried.text('src/a.test.ts')).toContain("vi.mock('@/server/store/db'");
    expect(tried.text('src/c.ts')).toBe("import { db } from '@/lib';\n");
    expectWhole(tried);
  });
});

test('PHP: what is included', async () => {
  const tried = await change(
    {
      'lib/db.php': '<?php\nfunction open_db() {}\n',
      'web/index.php': "<?php\nrequire_once __DIR__ . '/../lib/db.php';\n",
    },
    move(['lib/db.php', 'lib/store/db.php']),
  );
  expect(tried.text('web/index.php')).toContain("'/../lib/store/db.php'");
  expectWhole(tried);
});
