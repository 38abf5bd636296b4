import { expect, it } from 'vitest';
import { mixedImportPaths } from '../../src/audit/detectors/mixed-import-paths.ts';
import { facts } from '../builders/facts.ts';
import { readCode } from '../builders/read-code.ts';

const detect = async (texts: Readonly<Record<string, string>>) =>
  mixedImportPaths.detect(facts([], [], { code: await readCode(texts, ['backend/app.db']) }));

const DB = 'import os, sqlite3\nconn = sqlite3.connect(os.path.join(os.path.dirname(__file__), "app.db"))\n';
const texts = {
  'backend/__init__.py': '',
  'backend/db.py': DB,
  'backend/users.py': 'from backend.db import conn\n',
  'backend/main.py': 'from db import conn\nimport users\n',
  Makefile: 'run:\n\tPYTHONPATH=. python backend/main.py\n',
};

it('reports a module that opens a store and that one program imports under two names', async () => {
  const found = await detect(texts);
  expect(found).toMatchObject([
    {
      severity: 'high',
      confidence: 'likely',
      message: 'backend/db.py is imported as backend.db and db by one program.',
    },
  ]);
  expect(found[0]?.evidence).toContain('backend/main.py leads to both');
});

it('is silent where different programs use the names, about one of two tries, tests and relative imports', async () => {
  expect(await detect({ ...texts, 'backend/main.py': 'from db import conn\n' })).toEqual([]);
  const tries = 'try:\n    from backend.db import conn\nexcept ImportError:\n    from db import conn\n';
  expect(await detect({ ...texts, 'backend/users.py': '', 'backend/main.py': tries })).toEqual([]);
  expect(await detect({ ...texts, 'backend/users.py': 'from .db import conn\n' })).toEqual([]);
  const tested = { ...texts, 'backend/users.py': '', 'tests/test_db.py': 'from backend.db import conn\n' };
  expect(await detect(tested)).toEqual([]);
});

it('is silent where a name means another module in the project’s own folder', async () => {
  const shadowed = { ...texts, 'db/__init__.py': 'conn = None\n' };
  expect(await detect(shadowed)).toEqual([]);
  expect(await detect({ ...texts, 'other/db/__init__.py': 'conn = None\n' })).toHaveLength(1);
});
