/** What commands start, and what they do not: a framework's program runs its own files, not all that lie beside it. */
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../test/builders/program.ts';

type Texts = Readonly<Record<string, string>>;

async function labelsOf(texts: Texts): Promise<(file: string) => readonly string[]> {
  const { contexts } = await buildProgram(texts);
  return (file) => contexts.of(file).flatMap(({ label, cwdSure }) => (cwdSure ? [label] : []));
}

const manifest = (scripts: Readonly<Record<string, string>>, dependencies: readonly string[] = []): string =>
  JSON.stringify({ scripts, dependencies: Object.fromEntries(dependencies.map((name) => [name, '1'])) });
const TS = 'export const x = 1;\n';

describe('C1: `next dev` runs the pages and what they load', () => {
  const texts = {
    'package.json': manifest({ dev: 'next dev -p 3000', build: 'next build', seed: 'tsx prisma/seed.ts' }),
    'src/app/api/users/route.ts': "import { db } from '../../../lib/db';\nexport const GET = () => db;\n",
    'src/app/helper.ts': TS,
    'src/lib/db.ts': 'export const db = 1;\n',
    'src/lib/unused.ts': TS,
    'middleware.ts': "import './lib/auth';\n",
    'lib/auth.ts': TS,
    'scripts/load.ts': "import { db } from '../src/lib/db';\n",
    'prisma/seed.ts': "import { db } from '../src/lib/db';\n",
    'analytics/x.py': "open('out/x.csv', 'w')\n",
    'tools/run.sh': 'sqlite3 app.db\n',
    'web/index.php': '<?php new PDO("sqlite:x.db");\n',
    'deeper/app/page.tsx': TS,
  };

  it.each([
    ['src/app/api/users/route.ts', ['npm run dev']],
    ['src/lib/db.ts', ['npm run dev']],
    ['middleware.ts', ['npm run dev']],
    ['lib/auth.ts', ['npm run dev']],
    ['prisma/seed.ts', ['npm run seed']],
    ['src/lib/unused.ts', []],
    ['src/app/helper.ts', []],
    ['scripts/load.ts', []],
    ['analytics/x.py', []],
    ['tools/run.sh', []],
    ['web/index.php', []],
    ['deeper/app/page.tsx', []],
  ])('%s: %j', async (file, labels) => {
    expect((await labelsOf(texts))(file).slice(0, 1)).toEqual(labels);
  });

  it('building and checking run no page', async () => {
    const of = await labelsOf({ ...texts, 'package.json': manifest({ build: 'next build', lint: 'next lint' }) });
    expect(of('src/lib/db.ts')).toEqual([]);
  });
});

describe('C1: other frameworks', () => {
  it.each<[string, Texts, string, string]>([
    [
      'vite dev',
      { 'index.html': '<script type="module" src="/src/main.ts"></script>', 'src/main.ts': "import './db';\n" },
      'src/db.ts',
      'scripts/db.ts',
    ],
    ['nest start --watch', { 'src/main.ts': "import './app.module';\n" }, 'src/app.module.ts', 'src/cli.ts'],
    ['react-scripts start', { 'src/index.tsx': "import './App';\n" }, 'src/App.tsx', 'src/old/App.tsx'],
    ['nuxt dev', { 'server/api/a.ts': "import '../db';\n" }, 'server/db.ts', 'scripts/db.ts'],
    ['remix vite:dev', { 'app/routes/_index.tsx': "import '../db';\n" }, 'app/db.ts', 'db.ts'],
    ['astro dev', { 'src/pages/a.ts': "import '../db';\n" }, 'src/db.ts', 'src/other.ts'],
  ])('%s', async (command, texts, hit, miss) => {
    const of = await labelsOf({ 'package.json': manifest({ dev: command }), [hit]: TS, [miss]: TS, ...texts });
    expect([of(hit), of(miss)]).toEqual([['npm run dev'], []]);
  });

  it('what a plugin of vite serves, where the manifest has it', async () => {
    const texts = { 'src/routes/+page.server.ts': "import '../lib/db';\n", 'src/lib/db.ts': TS };
    const kit = manifest({ dev: 'vite dev' }, ['@sveltejs/kit']);
    expect((await labelsOf({ ...texts, 'package.json': kit }))('src/lib/db.ts')).toEqual(['npm run dev']);
    expect((await labelsOf({ ...texts, 'package.json': manifest({ dev: 'vite dev' }) }))('src/lib/db.ts')).toEqual([]);
  });

  it('Django: the settings in use, the applications, the command that is called', async () => {
    const texts = {
      'backend/manage.py': "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings.local')\n",
      'backend/shop/settings/local.py': 'from .base import *\n',
      'backend/shop/settings/base.py': 'import os\n',
      'backend/shop/settings/production.py': 'import os\n',
      'backend/shop/wsgi.py':
        "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings.production')\n",
      'backend/users/models.py': 'import os\n',
      'backend/users/management/commands/seed.py': 'import os\n',
      'backend/users/management/commands/wipe.py': 'import os\n',
      'backend/users/tests/models.py': 'import os\n',
      'backend/etl/load.py': 'import os\n',
      'run.sh': 'python backend/manage.py seed\n',
      'serve.sh': 'cd backend && gunicorn shop.wsgi:application\n',
    };
    const of = await labelsOf(texts);
    const seen = Object.keys(texts).map((file) => [file.replace('backend/', ''), of(file)]);
    expect(Object.fromEntries(seen)).toMatchObject({
      'shop/settings/local.py': ['started by run.sh'],
      'shop/settings/base.py': ['started by run.sh'],
      'shop/settings/production.py': ['started by serve.sh (from backend)'],
      'users/models.py': ['started by run.sh', 'started by serve.sh (from backend)'],
      'users/management/commands/seed.py': ['started by run.sh'],
      'users/management/commands/wipe.py': [],
      'users/tests/models.py': [],
      'etl/load.py': [],
    });
  });
});

describe('package scripts', () => {
  it('that go to a folder take the program there', async () => {
    const { contexts } = await buildProgram({
      'package.json': manifest({
        start: 'cd server && node index.js',
        all: 'npm run start',
        other: 'npm run x -w web',
      }),
      'web/package.json': manifest({ x: 'node x.js' }),
      'server/index.js': 'require("fs");\n',
      'index.js': 'require("fs");\n',
      'web/x.js': 'require("fs");\n',
      Makefile: 'up:\n\tnpm run all\n',
    });
    const seen = (file: string): string[] =>
      contexts.of(file).flatMap(({ label, cwd, cwdSure }) => (cwdSure ? [`${label}: ${cwd}`] : []));
    expect(seen('server/index.js')).toEqual(['npm run start (from server): /srv/project/server']);
    expect(seen('index.js')).toEqual([]);
    expect(seen('web/x.js')).toEqual(['npm run x (from web): /srv/project/web']);
  });

  it('a shell script starts from where it goes to, not from where it is called', async () => {
    const texts = (script: string): Texts => ({
      'package.json': manifest({ dev: 'bash run.sh' }),
      'run.sh': script,
      'backend/app.py': 'import os\n',
    });
    const gone = await labelsOf(texts('cd /srv/elsewhere\nuvicorn backend.app:app\n'));
    expect([gone('backend/app.py'), gone('run.sh')]).toEqual([[], ['npm run dev']]);
    const there = await labelsOf(texts('cd backend\npython app.py\n'));
    expect(there('backend/app.py')).toEqual(['started by run.sh (from backend)']);
  });

  it('tools read their own settings; what they generate opens nothing', async () => {
    const texts = (script: string): Texts => ({
      'package.json': manifest({ db: script }),
      'prisma/schema.prisma': 'datasource db {\n  provider = "sqlite"\n  url = env("DATABASE_URL")\n}\n',
    });
    const of = async (script: string) => (await labelsOf(texts(script)))('prisma/schema.prisma');
    expect(await of('prisma migrate dev')).toEqual(['npm run db']);
    expect(await of('prisma generate')).toEqual([]);
  });
});

it('variables that a document shows are none that are set', async () => {
  const { contexts } = await buildProgram({
    'README.md': '```bash\nDATABASE_URL=postgresql://h/d python app.py\n```\n',
    'run.sh': 'DATABASE_URL=sqlite:///a.db python app.py\n',
    'app.py': 'import os\n',
  });
  const seen = contexts.of('app.py').map((context) => {
    const { value, sure } = context.variable('DATABASE_URL') ?? {};
    return [context.label.split(' ')[0], value, sure];
  });
  expect(seen).toContainEqual(['as', 'postgresql://h/d', false]);
  expect(seen).toContainEqual(['started', 'sqlite:///a.db', true]);
});
