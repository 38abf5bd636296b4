import { describe, expect, it } from 'vitest';
import { danglingImport } from '../../src/audit/detectors/dangling-import.ts';
import { facts } from '../builders/facts.ts';
import { readCode } from '../builders/read-code.ts';

const detect = async (texts: Readonly<Record<string, string>>) =>
  danglingImport.detect(facts([], [], { code: await readCode(texts) }));

describe('dangling-import', () => {
  it('C1: a module whose name begins like another one is not that one', async () => {
    const texts = {
      'database/__init__.py': '',
      'database/core/__init__.py': '',
      'database/core/connection_manager.py': 'def get(): return 1\n',
      'app.py': 'from database.core.connection import get\nget()\n',
      'web.py': 'from database.core.connection import get\nget()\n',
    };
    expect(await detect(texts)).toMatchObject([
      {
        message: '2 files import database.core.connection, which is not there.',
        confidence: 'likely',
        at: [
          { path: 'app.py', line: 1 },
          { path: 'web.py', line: 1 },
        ],
      },
    ]);
    expect(await detect({ ...texts, 'database/core/connection.py': 'def get(): return 2\n' })).toEqual([]);
  });

  it('C2: a guarded import is found, and low', async () => {
    const texts = {
      'lib/__init__.py': '',
      'lib/fast.py': 'try:\n    from .speed import run\nexcept ImportError:\n    run = None\n',
      'app.py': 'from lib.fast import run\n',
    };
    expect(await detect(texts)).toMatchObject([
      { severity: 'low', message: '1 file imports lib/speed, which is not there.' },
    ]);
    const bare = { ...texts, 'lib/fast.py': 'from .speed import run\n' };
    expect(await detect(bare)).toMatchObject([{ severity: 'high', confidence: 'proven' }]);
  });

  it('C9: names where the module may be now', async () => {
    const [found] = await detect({
      'src/utils/dates.ts': 'export const today = 1;\n',
      'src/a.ts': 'import { today } from "./lib/dates";\ntoday;\n',
    });
    expect(found).toMatchObject({ message: '1 file imports src/lib/dates, which is not there.', confidence: 'proven' });
    expect(found?.evidence).toContain('perhaps src/utils/dates.ts is meant');
  });

  it('reports names that a module does not have, unless it makes them while it runs', async () => {
    const use = 'from shop import total, price\n';
    expect(await detect({ 'shop.py': 'def price(): return 1\n', 'app.py': use })).toMatchObject([
      { severity: 'medium', confidence: 'likely', message: 'shop has no total, which 1 file imports from it.' },
    ]);
    const open = 'import sys\ndef price(): return 1\nfor n in NAMES:\n    setattr(sys.modules[__name__], n, 1)\n';
    expect(await detect({ 'shop.py': open, 'app.py': use })).toEqual([]);
  });

  it('makes one finding of a package that is gone, and one of what a test alone misses', async () => {
    const gone = ['a', 'b', 'c'].map((name) => `from core.models.${name} import x\n`).join('');
    expect(await detect({ 'core/__init__.py': '', 'app.py': gone })).toMatchObject([
      { message: '1 file imports core.models (3 modules), which is not there.' },
    ]);
    const found = await detect({
      'core/__init__.py': '',
      'tests/test_a.py': 'from core.one import x\nfrom core.two import y\n',
    });
    expect(found).toMatchObject([
      { severity: 'low', message: '1 file imports core.one and core.two, which are not there.' },
    ]);
  });

  it('is silent about what is generated or no code, packages, documents and code of others', async () => {
    expect(
      await detect({
        'src/a.ts':
          'import "./style.css";\nimport x from "./generated/client";\nimport pg from "pg";\nimport y from "../dist/y.js";\nx; y; pg;\n',
        'README.md': '```python\nfrom app.gone import x\n```\n',
        'static/plugins/moment/locale/de.js': 'require("../moment");\n',
      }),
    ).toEqual([]);
  });

  it('misses nothing that a build or each machine makes', async () => {
    const made = {
      'src/routes/page.ts': "import type { Load } from './$types';\nimport env from '../.env';\n",
      'static/index.html': '<script src="./js/main.b063e158.js"></script>\n',
    };
    expect(await detect(made)).toEqual([]);
    expect(await detect({ 'src/routes/page.ts': "import { Load } from './types';\n" })).toHaveLength(1);
  });
});
