import { afterAll, describe, expect, test } from 'vitest';
import { codeProject, type Files, removeCodeProjects } from '../../../test/code-project.ts';
import { type Imagined, imagine } from '../../../test/plan/files-measured.ts';
import { splice } from '../../edit/splice.ts';
import { snapshotOf } from '../code-snapshot.ts';
import { type Delta, delta, placeOf } from '../delta.ts';
import type { Measured } from '../measured.ts';
import { lookAtOverlay } from '../overlay.ts';
import { readPlan } from '../read-plan.ts';
import { compile } from './index.ts';
import type { Compiled } from './model.ts';

afterAll(removeCodeProjects);

interface Tried {
  readonly is: Readonly<Record<string, string>>;
  readonly compiled: Compiled;
  readonly steps: readonly string[];
  readonly left: readonly string[];
  /** By path afterwards; `undefined`: not written. */
  readonly text: (path: string) => string | undefined;
  readonly change: Delta;
}

/** Compiles actions on real code, and looks at the project as its first phase would leave it. */
async function run(files: Files, actions: string, more: Partial<Imagined> = {}, rest = ''): Promise<Tried> {
  const now = await codeProject(files);
  const texts = Object.fromEntries(Object.entries(files).map(([path, text]) => [path, text.toString()]));
  const measured = imagine({ ...more, files: texts, stores: now.facts.stores.map(({ path }) => ({ path })) });
  const on: Measured = {
    ...measured,
    audit: { ...measured.audit, code: now.looked.code, project: now.looked.project },
  };
  const compiled = await compile(readPlan(`version: 1\nplan: kiosk-7c1e\n${rest}actions:\n${actions}`, 'p.yaml'), on);
  const [phase] = compiled.phases;
  const moved = new Map<string, string>();
  const written = new Map<string, Buffer>();
  const removed = new Set<string>();
  for (const { from, to, before, edits, write } of phase?.edited ?? []) {
    if (from !== null && from !== to) moved.set(from, to);
    if (edits.length > 0 || from === null) written.set(to, write(splice(before, edits)));
  }
  for (const step of phase?.steps ?? []) {
    if (step.op === 'rename' && typeof step.path === 'string' && typeof step.to === 'string')
      moved.set(step.path, step.to);
    if (step.op === 'remove' && typeof step.path === 'string') removed.add(step.path);
    if (
      step.op === 'put' &&
      typeof step.path === 'string' &&
      step.before.kind === 'absent' &&
      step.after.kind === 'file' &&
      !written.has(step.path)
    )
      written.set(step.path, Buffer.from(phase?.contents.get(step.after.sha256) ?? ''));
  }
  const after = snapshotOf(await lookAtOverlay(now, { texts: written, moved, removed }));
  return {
    is: Object.fromEntries(
      [...compiled.actions].map(([id, one]) => [id, one.why === null ? one.is : `${one.is}: ${one.why}`]),
    ),
    compiled,
    steps: (phase?.steps ?? []).map((step) =>
      step.op === 'git-index'
        ? `git-index ${step.entries.map(({ path }) => path)}`
        : `${step.op} ${step.path}${step.op === 'rename' ? ` ${step.to}` : ''}`,
    ),
    left: [...compiled.actions.values()].flatMap(({ locked }) =>
      (locked?.left ?? []).map(({ path, line, why }) => `${path}:${line} ${why}`),
    ),
    text: (path) => written.get(path)?.toString(),
    change: delta(snapshotOf(now.looked), after, moved),
  };
}

const clean = ({ unresolved, names, references, imports, bindings, syntax }: Delta): unknown => ({
  unresolved: unresolved.gained,
  names: names.gained,
  references: references.gained,
  imports: [...imports.gained, ...imports.lost],
  bindings,
  syntax,
});
const CLEAN = { unresolved: [], names: [], references: [], imports: [], bindings: [], syntax: [] };

describe('move', () => {
  const scripts: Files = {
    'scripts/old/check_db.py': "import sqlite3\nsqlite3.connect('data/hub.db')\n",
    'scripts/old/run.sh': '#!/bin/sh\npython scripts/old/check_db.py\n',
    'scripts/other.py': 'print(1)\n',
    Makefile: 'check:\n\tpython scripts/old/check_db.py --all\n# scripts/old/check_db.py is old\n',
    'package.json': '{\n  "scripts": { "check": "python scripts/old/check_db.py" }\n}\n',
    '.github/workflows/ci.yml':
      'jobs:\n  test:\n    runs-on: x\n    steps:\n      - run: python ./scripts/old/check_db.py\n      - run: cd scripts/old && python check_db.py\n',
    'deploy/crontab': '0 3 * * * cd /srv/hub && python3 scripts/old/check_db.py\n',
    'deploy/hub.service':
      '[Service]\nWorkingDirectory=/srv/hub\nExecStart=/usr/bin/python3 /srv/hub/scripts/old/check_db.py\n',
    Dockerfile:
      'FROM python:3\nWORKDIR /app\nCOPY scripts/old/check_db.py scripts/old/\nCMD ["python", "/app/scripts/old/check_db.py"]\n',
    'start.py': "import subprocess\nsubprocess.run(['python', 'scripts/old/check_db.py'])\n",
    'README.md': 'Run `python scripts/old/check_db.py`.\n',
    'CHANGELOG.md': '- scripts/old/check_db.py is new\n',
    'data/hub.db': '',
  };

  test('C19: the word of a CI matrix that names a script follows it, if nothing else reads it', async () => {
    const ci = (list: string, more = ''): string =>
      `jobs:\n  scripts:\n    runs-on: x\n    strategy:\n      matrix:\n        script:${list}\n    steps:\n      - run: python3 scripts/\${{ matrix.script }}.py\n${more}`;
    const files = (text: string): Files => ({
      'scripts/check_db.py': 'print(1)\n',
      'scripts/seed.py': 'print(2)\n',
      '.github/workflows/ci.yml': text,
    });
    const action = '  - {move: scripts/check_db.py, to: scripts/checks/check_db.py, id: m}\n';
    const flow = await run(files(ci(' [seed, check_db]')), action);
    expect(flow.is).toEqual({ m: 'ready' });
    expect(flow.text('.github/workflows/ci.yml')).toBe(ci(' [seed, checks/check_db]'));
    expect(clean(flow.change)).toEqual(CLEAN);
    const away = action.replace('scripts/checks/', 'ops/');
    const list = await run(files(ci('\n          - check_db\n          - seed')), away);
    expect(list.text('.github/workflows/ci.yml')).toBe(ci('\n          - ../ops/check_db\n          - seed'));
    expect(clean(list.change)).toEqual(CLEAN);
    const twice = await run(files(ci(' [seed, check_db]', '      - run: echo ${{ matrix.script }}\n')), action);
    expect(twice.is.m).toMatch(/blocked: .*put together of several words/);
  });

  test('C19, C22: commands, builds, schedules, units and scripts follow; prose is left', async () => {
    const tried = await run(scripts, '  - {move: scripts/old/check_db.py, to: scripts/check_db.py, id: m}\n');
    expect(tried.is).toEqual({ m: 'ready' });
    expect(tried.text('scripts/old/run.sh')).toContain('python scripts/check_db.py');
    expect(tried.text('Makefile')).toBe(
      'check:\n\tpython scripts/check_db.py --all\n# scripts/old/check_db.py is old\n',
    );
    expect(tried.text('package.json')).toContain('"check": "python scripts/check_db.py"');
    expect(tried.text('.github/workflows/ci.yml')).toContain('python ./scripts/check_db.py');
    expect(tried.text('.github/workflows/ci.yml')).toContain('cd scripts/old && python ../check_db.py');
    expect(tried.text('deploy/crontab')).toContain('python3 scripts/check_db.py');
    expect(tried.text('deploy/hub.service')).toContain('/srv/hub/scripts/check_db.py');
    expect(tried.text('Dockerfile')).toContain('COPY scripts/check_db.py');
    expect(tried.text('start.py')).toContain("'scripts/check_db.py'");
    expect(tried.text('README.md')).toBeUndefined();
    expect(tried.left).toEqual(
      expect.arrayContaining(['CHANGELOG.md:1 history', 'Makefile:3 a comment', 'README.md:1 prose']),
    );
    expect(clean(tried.change)).toEqual(CLEAN);
    expect(tried.steps).toContain('rename scripts/old/check_db.py scripts/check_db.py');
  });

  test('C19: a server is started with a module of one word: every place that names it follows, prose and others stay', async () => {
    const files: Files = {
      'wsgi.py': 'from app import app\n',
      'app.py': 'app = 1\n',
      Procfile: 'web: gunicorn -w 2 --worker-class gunicorn.workers.gthread.ThreadWorker wsgi:app\n',
      'start.sh': '#!/bin/sh\n# wsgi is what is started\nexec gunicorn -k gthread wsgi:app\n',
      'render.yaml': 'services:\n  - type: web\n    startCommand: gunicorn wsgi:app\n    name: wsgi\n',
      Dockerfile: 'FROM python:3\nWORKDIR /srv\nCOPY . .\nCMD ["gunicorn", "-b", ":80", "wsgi:app"]\n',
      'docker-compose.yml':
        'services:\n  web:\n    command: uvicorn wsgi:app\n    environment:\n      FLASK_APP: wsgi:app\n',
      Makefile: 'run:\n\tpython -m wsgi\n',
      '.env': 'FLASK_APP=wsgi\n',
      'README.md': 'gunicorn wsgi:app\n',
    };
    const tried = await run(files, '  - {move: wsgi.py, to: deploy/wsgi.py, id: m}\n');
    expect(tried.is).toEqual({ m: 'ready' });
    for (const [path, text] of Object.entries(files)) {
      if (/\.(?:py|md)$/.test(path)) continue;
      const now = text
        .toString()
        .replace(/wsgi(?=:app)/g, 'deploy.wsgi')
        .replace('-m wsgi', '-m deploy.wsgi')
        .replace('=wsgi\n', '=deploy.wsgi\n');
      expect([path, tried.text(path)]).toEqual([path, now]);
    }
    expect(tried.text('README.md')).toBeUndefined();
    expect(clean(tried.change)).toEqual(CLEAN);
  });

  test('C19: a module that a server cannot name any more, or that two files may be, is a question', async () => {
    const files: Files = {
      'backend/app/main.py': 'app = 1\n',
      'backend/start.sh': '#!/bin/sh\nuvicorn app.main:app\n',
    };
    const away = await run(files, '  - {move: backend/app/main.py, to: server/main.py, id: m}\n');
    expect(away.is.m).toMatch(/blocked: backend\/start\.sh:2: no name leads to server\/main\.py from there/);
    const two = await run(
      { 'main.py': 'app = 1\n', 'api/main.py': 'app = 2\n', 'api/start.sh': 'uvicorn main:app\n' },
      '  - {move: api/main.py, to: api/web/main.py, id: m}\n',
    );
    expect(two.is.m).toMatch(/blocked: .*main may be/);
  });

  test('C13: a folder that one program puts on its path is not where others look', async () => {
    const files: Files = {
      'utils/db.py': 'import sys, os\nsys.path.insert(0, os.path.dirname(os.path.dirname(__file__)))\nx = 1\n',
      'utils/log.py': 'y = 1\n',
      'bot/run.py': 'from utils.db import x\nfrom utils import log\nimport utils.log as l\nprint(x, log, l)\n',
    };
    const tried = await run(files, '  - {move: utils/, to: lib/utils/, id: m}\n');
    expect(tried.is).toEqual({ m: 'ready' });
    expect(tried.text('bot/run.py')).toBe(
      'from lib.utils.db import x\nfrom lib.utils import log\nimport lib.utils.log as l\nprint(x, log, l)\n',
    );
    expect(clean(tried.change)).toEqual(CLEAN);
    // Who moves along goes on to count from there.
    const whole = await run(
      { 'api/app/db.py': 'x = 1\n', 'api/main.py': 'from app.db import x\nif __name__ == "__main__":\n    print(x)\n' },
      '  - {move: api/, to: server/, id: m}\n',
    );
    expect(whole.is).toEqual({ m: 'ready' });
    expect(whole.text('server/main.py')).toBeUndefined();
  });

  test('C20: code that is called changelog or news is code', async () => {
    const tried = await run(
      {
        'src/ui/badge.ts': 'export const badge = 1;\n',
        'src/changelog/list.ts': "import { badge } from '../ui/badge';\nexport const list = badge;\n",
        'src/news.ts': "export { badge } from './ui/badge';\n",
        'changelog/1.md': 'src/ui/badge.ts\n',
      },
      '  - {move: src/ui/, to: src/kit/, id: m, docs: true}\n',
    );
    expect(tried.is).toEqual({ m: 'ready' });
    expect(tried.text('src/changelog/list.ts')).toContain("from '../kit/badge'");
    expect(tried.text('src/news.ts')).toContain("from './kit/badge'");
    expect(tried.left).toEqual(['changelog/1.md:1 history']);
  });

  test('prose is edited where that is asked for, history never', async () => {
    const tried = await run(
      scripts,
      '  - {move: scripts/old/check_db.py, to: scripts/check_db.py, id: m, docs: true}\n',
    );
    expect(tried.text('README.md')).toBe('Run `python scripts/check_db.py`.\n');
    expect(tried.text('CHANGELOG.md')).toBeUndefined();
  });

  test('C13: a script that counts from its own place is not moved deeper', async () => {
    const tried = await run(
      {
        'scripts/check.py':
          "import sqlite3\nfrom pathlib import Path\nsqlite3.connect(Path(__file__).parent.parent / 'hub.db')\n",
        'hub.db': '',
      },
      '  - {move: scripts/check.py, to: scripts/db/check.py, id: m}\n',
    );
    expect(tried.is.m).toMatch(
      /^blocked: scripts\/check\.py:3: its path counts from the place of the file: .* it would open scripts\/hub\.db/,
    );
    expect(tried.steps).toEqual([]);
  });

  test('C14: nothing falls out of git', async () => {
    const tried = await run({ 'a.py': 'x = 1\n', 'b.py': 'import a\n' }, '  - {move: a.py, to: build/a.py, id: m}\n', {
      git: { tracked: ['a.py', 'b.py'], ignored: ['build'] },
    });
    expect(tried.is.m).toMatch(/blocked: git ignores build\/a\.py/);
  });

  test('C15: a package stays a package; two modules of one name are refused', async () => {
    const files: Files = {
      'hub/__init__.py': '',
      'hub/db.py': 'X = 1\n',
      'hub/app.py': 'from hub.db import X\n',
      'hub/models.py': '',
    };
    const tried = await run(files, '  - {move: hub/db.py, to: hub/store/db.py, id: m}\n');
    expect(tried.text('hub/store/__init__.py')).toBe('');
    expect(tried.text('hub/app.py')).toBe('from hub.store.db import X\n');
    expect(clean(tried.change)).toEqual(CLEAN);
    const hidden = await run(files, '  - {move: hub/db.py, to: hub/models/db.py, id: m}\n');
    expect(hidden.is.m).toMatch(/blocked: hub\/models\.py and hub\/models\/ would be modules of one name/);
  });

  test('a whole folder, with those who name it as a folder', async () => {
    const tried = await run(
      {
        'app/__init__.py': '',
        'app/main.py': 'from .db import X\n',
        'app/db.py': 'X = 1\n',
        'tests/test_db.py': 'from app.db import X\nfrom app import main\n',
        Dockerfile: 'FROM python:3\nWORKDIR /srv\nCOPY app/ app/\nCMD ["uvicorn", "app.main:app"]\n',
        'pyproject.toml': '[project]\nname = "x"\n[project.scripts]\nx = "app.main:run"\n',
      },
      '  - {move: app/, to: core/, id: m}\n',
    );
    expect(tried.is).toEqual({ m: 'ready' });
    expect(tried.text('tests/test_db.py')).toBe('from core.db import X\nfrom core import main\n');
    expect(tried.text('core/main.py')).toBeUndefined();
    expect(tried.text('Dockerfile')).toContain('COPY core/');
    expect(tried.text('pyproject.toml')).toContain('x = "core.main:run"');
    expect(clean(tried.change)).toEqual(CLEAN);
  });

  test('C3: texts that are the name of a module, and those that only hold one', async () => {
    const tried = await run(
      {
        'hub/__init__.py': '',
        'hub/log.py': 'class Rotating: pass\nHANDLERS = {"file": "hub.log.Rotating", "other": "hub.logs.Rotating"}\n',
        'app.py': 'import hub.log\nSAYS = "see hub.log for more"\nhub.log.Rotating()\n',
      },
      '  - {move: hub/log.py, to: hub/core/log.py, id: m}\n',
      {},
      'decisions:\n  - decision: m-app-py-code-names-it-and-what-for-is-not-known\n    question: May it stay?\n    evidence: []\n    choices: {leave: it stays}\n    chosen: leave\n',
    );
    expect(tried.text('hub/core/log.py')).toContain('{"file": "hub.core.log.Rotating", "other": "hub.logs.Rotating"}');
    expect(tried.text('app.py')).toBe('import hub.core.log\nSAYS = "see hub.log for more"\nhub.core.log.Rotating()\n');
    expect(clean(tried.change)).toEqual(CLEAN);
  });

  test('a folder of sources may be called build', async () => {
    const tried = await run(
      {
        'hub/__init__.py': '',
        'hub/build/__init__.py': '',
        'hub/build/a.py': 'from hub.log import X\n',
        'hub/log.py': 'X = 1\n',
      },
      '  - {move: hub/log.py, to: hub/core/log.py, id: m}\n',
    );
    expect(tried.text('hub/build/a.py')).toBe('from hub.core.log import X\n');
  });

  test('a store with its sites', async () => {
    const tried = await run(
      {
        'app.py': "import sqlite3\nsqlite3.connect('data/hub.db')\n",
        Makefile: 'backup:\n\tcp data/hub.db backups/hub.db\nrun:\n\tpython app.py\n',
        'data/hub.db': '',
        'data/x.txt': '',
      },
      '  - {move: data/hub.db, to: var/main.db, id: m}\n',
    );
    expect(tried.is).toEqual({ m: 'ready' });
    expect(tried.text('app.py')).toContain("'var/main.db'");
    expect(tried.text('Makefile')).toContain('cp var/main.db backups/hub.db');
    expect(clean(tried.change)).toEqual(CLEAN);
  });
});

describe('repoint', () => {
  test('C20: rename maps, importers, lists and history stay byte for byte', async () => {
    const files: Files = {
      'app.py': "import sqlite3\nsqlite3.connect('data/auth.db').execute('insert into users values (1)')\n",
      'tools/names.py': "RENAMED = {'auth.db': 'main.db', 'hub.db': 'main.db'}\n",
      'tools/validate.py':
        "FORBIDDEN = ['data/auth.db', 'data/hub.db']\ndef check(name):\n    return name not in FORBIDDEN\n",
      'scripts/import_legacy.py':
        "import sqlite3\nold = sqlite3.connect('data/auth.db')\nnew = sqlite3.connect('data/main.db')\nfor row in old.execute('select * from users'):\n    new.execute('insert into users values (?)', row)\n",
      'migrations/001.py': "import sqlite3\nsqlite3.connect('data/auth.db')\n",
      'CHANGELOG.md': 'data/auth.db\n',
      'desprawl.yaml': 'stores:\n  data/auth.db: {role: copy}\n',
      'data/auth.db': '',
      'data/main.db': '',
      'data/hub.db': '',
    };
    const tried = await run(files, '  - {repoint: data/auth.db, to: data/main.db, id: r}\n');
    expect(tried.is).toEqual({ r: 'ready' });
    expect(tried.steps).toEqual(['put app.py']);
    expect(tried.left.map((one) => one.replace(/:\d+ .*/, '')).sort()).toEqual([
      'CHANGELOG.md',
      'desprawl.yaml',
      'migrations/001.py',
      'scripts/import_legacy.py',
      'tools/names.py',
      'tools/validate.py',
    ]);
    expect(
      tried.change.bindings.map(({ before, after }) => [before?.path, placeOf(after?.target ?? { kind: 'memory' })]),
    ).toEqual([['app.py', 'file data/main.db']]);
    expect(tried.compiled.actions.get('r')?.locked?.bindings).toMatchObject([
      { site: 'app.py:2', before: 'data/auth.db', after: 'data/main.db' },
    ]);
  });

  test('what nobody can explain in code is a question, and an answer lets it be', async () => {
    const files: Files = {
      'app.py': "import sqlite3\nsqlite3.connect('data/auth.db')\n",
      'x.py': "import os\nos.stat('data/auth.db')\n",
      'data/auth.db': '',
    };
    const action = '  - {repoint: data/auth.db, to: data/main.db, id: r}\n';
    const tried = await run(files, action);
    expect(tried.is.r).toMatch(/^blocked: x\.py:2: code names it, and what for is not known/);
    const decision =
      'decisions:\n  - decision: r-x-py-code-names-it-and-what-for-is-not-known\n    question: May it stay?\n    evidence: [x.py:2]\n    choices: {leave: it stays, stop: not applied}\n    chosen: leave\n';
    const decided = await run(files, action, {}, decision);
    expect(decided.is).toEqual({ r: 'ready' });
    expect(decided.left).toEqual([expect.stringMatching(/^x\.py:2 left as decided/)]);
  });

  test('a command that takes the old store away does not take the new one away', async () => {
    const tried = await run(
      {
        'app.py': "import sqlite3\nsqlite3.connect('data/auth.db')\n",
        Makefile: 'clean:\n\trm -f data/auth.db\n',
        'data/auth.db': '',
      },
      '  - {repoint: data/auth.db, to: data/main.db, id: r}\n',
    );
    expect(tried.is.r).toMatch(/blocked: Makefile:2: a command takes it away/);
  });

  test('C8: importers follow a module only if it has what they take', async () => {
    const files: Files = {
      'hub/__init__.py': '',
      'hub/old.py':
        'def open_db(): return 1\nasync def retrying(): return 1\nclass Pool:\n    def getPool(self): return 1\n',
      'hub/new.py': 'def open_db(): return 2\ndef retrying(): return 2\nclass Pool:\n    pass\n',
      'a.py': 'from hub.old import open_db\nopen_db()\n',
    };
    const action = '  - {repoint: hub/old.py, to: hub/new.py, id: r}\n';
    const good = await run(files, action);
    expect(good.is).toEqual({ r: 'ready' });
    expect(good.text('a.py')).toBe('from hub.new import open_db\nopen_db()\n');
    const async = await run({ ...files, 'b.py': 'from hub.old import retrying\n' }, action);
    expect(async.is.r).toMatch(/b\.py:1: retrying is async function in hub\/old\.py, function in hub\/new\.py/);
    const member = await run({ ...files, 'b.py': 'from hub import old\nold.Pool().getPool()\n' }, action);
    expect(member.is.r).toMatch(/b\.py:1: hub\/new\.py has no getPool/);
    // Also where it is taken inside a function; and what is left as decided keeps its old module.
    const inside = 'def later():\n    from hub.old import ask, open_db\n    return ask, open_db\n';
    const more = { ...files, 'hub/old.py': `${files['hub/old.py']}ask = 1\n`, 'b.py': inside };
    const later = await run(more, action);
    expect(later.is.r).toMatch(/b\.py:2: hub\/new\.py has no ask/);
    const questions = ['r-b-py-hub-new-py-has-no-ask', 'r-b-py-no-name-leads-to-hub-new-py-from-here'];
    const answers = questions.map(
      (id) => `  - {decision: ${id}, question: Stay?, choices: {leave: so, stop: no}, chosen: leave}\n`,
    );
    const decided = await run(more, action, {}, `decisions:\n${answers.join('')}`);
    expect(decided.is).toEqual({ r: 'ready' });
    expect(decided.text('a.py')).toBe('from hub.new import open_db\nopen_db()\n');
    expect(decided.text('b.py')).toBeUndefined();
  });

  test('planned again after it was applied, nothing is left to do', async () => {
    const tried = await run(
      { 'app.py': "import sqlite3\nsqlite3.connect('data/main.db')\n", 'data/main.db': '', 'data/auth.db': '' },
      '  - {repoint: data/auth.db, to: data/main.db, id: r}\n',
    );
    expect(tried.is.r).toMatch(/^already so/);
  });
});
