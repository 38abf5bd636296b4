import { describe, expect, it } from 'vitest';
import { emptyFacts } from '../empty-facts.ts';
import type { FileFacts, ImportFact, LanguageId } from '../facts.ts';
import { languageOf, loadLanguage } from '../languages.ts';
import { phpResolver } from '../php/resolve-php.ts';
import { pythonResolver } from '../python/resolve-python.ts';
import type { Resolution, Resolver, SourceTree } from '../resolve.ts';
import { typescriptResolver } from '../typescript/resolve-typescript.ts';
import { buildGraph } from './build-graph.ts';
import { type EntryPoint, entryPoints } from './entry-points.ts';
import { readRenames } from './former-paths.ts';
import { globRegExp } from './glob.ts';
import type { ImportGraph } from './model.ts';
import { reachable, type Unused, unusedModules } from './reachable.ts';
import { residue } from './residue.ts';
import { readWrittenName } from './written-name.ts';

type Files = Readonly<Record<string, string>>;

interface Project {
  readonly tree: SourceTree;
  readonly graph: ImportGraph;
  readonly entries: readonly EntryPoint[];
  readonly unused: Unused;
}

/** Through the real front ends and resolvers. */
async function project(files: Files, formerPaths?: ReadonlyMap<string, string>): Promise<Project> {
  const facts = new Map<string, FileFacts>();
  const folders = new Set<string>();
  for (const [path, text] of Object.entries(files)) {
    for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1))
      folders.add(path.slice(0, cut));
    const id = languageOf(path, text.split('\n')[0]);
    if (id !== undefined) facts.set(path, (await loadLanguage(id)).structure(text, path));
  }
  const tree: SourceTree = { paths: new Set(Object.keys(files)), folders, facts, readText: (path) => files[path] };
  const resolvers: Partial<Record<LanguageId, Resolver>> = {
    python: pythonResolver(tree),
    typescript: typescriptResolver(tree),
    php: phpResolver(tree),
  };
  const graph = buildGraph(tree, (language) => resolvers[language], formerPaths);
  const entries = entryPoints(tree);
  return {
    tree,
    graph,
    entries,
    unused: unusedModules(
      graph,
      entries.map(({ file }) => file),
      tree,
    ),
  };
}

const unusedPaths = ({ unused }: Project): readonly string[] => unused.modules.map(({ path }) => path);
const how = ({ graph }: Project, from: string, to: string): readonly string[] =>
  graph
    .edgesFrom(from)
    .filter((edge) => edge.to === to)
    .map((edge) => edge.how);

describe('the graph', () => {
  it('C2: guarded imports, imports in functions, and packages on the way are edges', async () => {
    const found = await project({
      'main.py':
        'try:\n    import fast.impl as f\nexcept ImportError:\n    f = None\ndef later():\n    from fast import slow\n',
      'fast/__init__.py': 'x = 1\n',
      'fast/impl.py': 'y = 1\n',
      'fast/slow.py': 'z = 1\n',
    });
    expect([...found.graph.imports('main.py')].sort()).toEqual(['fast/__init__.py', 'fast/impl.py', 'fast/slow.py']);
    expect(how(found, 'main.py', 'fast/impl.py')).toEqual(['module']);
    expect(how(found, 'main.py', 'fast/slow.py')).toEqual(['member']);
    expect(how(found, 'main.py', 'fast/__init__.py')).toContain('package');
    expect(found.graph.importers('fast/slow.py')).toEqual(['main.py']);
    expect([...found.graph.leadingTo('fast/slow.py')].sort()).toEqual(['fast/slow.py', 'main.py']);
  });

  it('C3: strings that name modules are importers', async () => {
    const found = await project({
      'test_pay.py': 'from unittest import mock\n@mock.patch("shop.pay.charge")\ndef test_it(m):\n    pass\n',
      'shop/__init__.py': '',
      'shop/pay.py': 'def charge():\n    return 1\n',
    });
    expect(found.graph.importers('shop/pay.py')).toEqual(['test_pay.py']);
  });

  it('circles are fine', async () => {
    const found = await project({ 'a.py': 'import b\n', 'b.py': 'import c\n', 'c.py': 'import a\n' });
    expect(reachable(found.graph, ['b.py'])).toEqual(new Set(['b.py', 'c.py', 'a.py']));
    expect(found.graph.leadingTo('a.py')).toEqual(new Set(['a.py', 'b.py', 'c.py']));
  });

  it('types load nothing when the program runs, and yet need the file', async () => {
    const found = await project({
      'main.ts': "import type { Db } from './db';\nexport const x: Db | null = null;\n",
      'db.ts': 'export interface Db { a: string }\n',
    });
    expect(found.graph.importers('db.ts')).toEqual(['main.ts']);
    expect(found.graph.leadingTo('db.ts')).toEqual(new Set(['db.ts']));
  });

  it('names what leads nowhere', async () => {
    const found = await project({
      'app/__init__.py': '',
      'app/main.py': 'from app.gone import x\nfrom app.db import connect, nothing\n',
      'app/db.py': 'def connect():\n    return 1\n',
    });
    expect(found.graph.unresolved).toMatchObject([
      { from: 'app/main.py', status: 'missing', fact: { module: 'app.gone' } },
      { from: 'app/main.py', status: 'names', missingNames: ['nothing'] },
    ]);
  });
});

describe('names that are put together at run time', () => {
  it.each([
    ['python', 'import importlib\ndef load(x):\n    return importlib.import_module(f"plugins.{x}")\n'],
    ['concatenated', 'import importlib\ndef load(x):\n    return importlib.import_module("plugins." + x)\n'],
    ['formatted', 'import importlib\ndef load(x):\n    return importlib.import_module("plugins.{}".format(x))\n'],
    ['percent', 'import importlib\ndef load(x):\n    return importlib.import_module("plugins.%s" % x)\n'],
    ['dunder', 'def load(x):\n    return __import__(f"plugins.{x}.handler")\n'],
  ])('%s', async (_name, main) => {
    const found = await project({
      'main.py': main,
      'plugins/mail.py': 'x = 1\n',
      'plugins/deep/handler.py': 'x = 1\n',
      'other/mail.py': 'x = 1\n',
    });
    expect(found.graph.imports('main.py')).toEqual(['plugins/deep/handler.py', 'plugins/mail.py']);
    expect(how(found, 'main.py', 'plugins/mail.py')).toEqual(['computed']);
  });

  it('the beginning of a name counts', async () => {
    const found = await project({
      'main.py': 'import importlib\ndef load(x):\n    return importlib.import_module(f"plugins.send_{x}")\n',
      'plugins/__init__.py': '',
      'plugins/send_mail.py': 'x = 1\n',
      'plugins/read_mail.py': 'x = 1\n',
    });
    expect(found.graph.imports('main.py')).toContain('plugins/send_mail.py');
    expect(found.graph.imports('main.py')).not.toContain('plugins/read_mail.py');
  });

  it('its own package, by name or by looking into its folder', async () => {
    const files = { 'pay/card.py': 'x = 1\n', 'ship/post.py': 'x = 1\n' };
    const named = await project({
      ...files,
      'pay/__init__.py': 'import importlib\ndef load(x):\n    return importlib.import_module(f"{__name__}.{x}")\n',
    });
    expect(named.graph.imports('pay/__init__.py')).toEqual(['pay/card.py']);
    const looked = await project({
      ...files,
      'pay/__init__.py':
        'import importlib, pkgutil\nfor m in pkgutil.iter_modules(__path__):\n    importlib.import_module(name_of(m))\n',
    });
    expect(looked.graph.imports('pay/__init__.py')).toEqual(['pay/card.py']);
    const unknown = await project({
      ...files,
      'pay/__init__.py': 'import importlib\ndef load(x):\n    return importlib.import_module(x)\n',
    });
    expect(unknown.graph.imports('pay/__init__.py')).toEqual([]);
    expect(unknown.graph.unresolved).toMatchObject([{ status: 'computed' }]);
  });

  it('scripts: concatenation, templates, globs, require', async () => {
    const found = await project({
      'src/a.ts': "export const load = (x: string) => import('./plugins/' + x);\n",
      'src/b.ts': `export const load = (x: string) => import(\`./plugins/\${x}.ts\`);\n`,
      'src/c.ts': "export const all = import.meta.glob('./plugins/*.ts');\n",
      'src/d.js': "module.exports = (x) => require('./plugins/' + x);\n",
      'src/e.ts': `export const load = (x: string) => import(\`./texts/\${x}.json\`);\n`,
      'src/plugins/one.ts': 'export const x = 1;\n',
      'src/plugins/two.ts': 'export const x = 1;\n',
      'src/texts/en.json': '{}',
      'src/other.ts': 'export const x = 1;\n',
    });
    for (const from of ['src/a.ts', 'src/b.ts', 'src/c.ts', 'src/d.js']) {
      expect(found.graph.imports(from)).toEqual(['src/plugins/one.ts', 'src/plugins/two.ts']);
    }
    expect(found.graph.imports('src/e.ts')).toEqual(['src/texts/en.json']);
  });

  it.each([
    ['f"a.{b}.c")', { before: 'a.', after: '.c', ownPackage: false }],
    ["'./a/' + b + '.js')", { before: './a/', after: '.js', ownPackage: false }],
    ['__name__ + ".x." + y)', { before: 'x.', after: '', ownPackage: true }],
    ['name)', { before: '', after: '', ownPackage: false }],
    ['', { before: '', after: '', ownPackage: false }],
    ['"a{b}")', { before: 'a{b}', after: '', ownPackage: false }],
  ])('what is certain of %s', (source, expected) => {
    expect(readWrittenName(source)).toEqual(expected);
  });

  it.each([
    ['src/**/*.ts', ['src/a.ts', 'src/b/c.ts'], ['a.ts', 'src/a.js']],
    ['./{a,b}/*.py', ['a/x.py', 'b/y.py'], ['c/x.py', 'a/b/x.py']],
    ['a?.(x)', ['ab.(x)'], ['a.(x)', 'ab.x']],
  ])('glob %s', (glob, hits, misses) => {
    for (const hit of hits) expect(globRegExp(glob).test(hit)).toBe(true);
    for (const miss of misses) expect(globRegExp(glob).test(miss)).toBe(false);
  });

  it('no glob takes long', () => {
    for (const glob of ['*a'.repeat(200), '**/'.repeat(300), '{a,'.repeat(100), '*'.repeat(1000)])
      globRegExp(glob).test('a'.repeat(5_000));
  });
});

describe('C9: former paths', () => {
  const files = {
    'main.py': 'from helpers.dates import parse\n',
    'helpers/__init__.py': '',
    'core/dates.py': 'def parse():\n    return 1\n',
    'web/a.ts': "import { x } from './lib/money';\nimport { y } from '@/lib/tax';\nexport const z = [x, y];\n",
    'web/shared/money.ts': 'export const x = 1;\n',
    'web/shared/tax.ts': 'export const y = 1;\n',
  };

  it('an import that names one is an importer', async () => {
    const former = new Map([
      ['helpers/dates.py', 'core/dates.py'],
      ['web/lib/money.ts', 'web/shared/money.ts'],
      ['web/src/lib/tax.ts', 'web/shared/tax.ts'],
    ]);
    const found = await project(files, former);
    expect(how(found, 'main.py', 'core/dates.py')).toEqual(['former']);
    expect(how(found, 'web/a.ts', 'web/shared/money.ts')).toEqual(['former']);
    expect(how(found, 'web/a.ts', 'web/shared/tax.ts')).toEqual(['former']);
    expect(found.graph.unresolved.map(({ status }) => status)).toContain('missing');
    expect(found.unused.modules.find(({ path }) => path === 'core/dates.py')?.importers).toEqual(['main.py']);
  });

  it('without history what the resolver guesses counts', async () => {
    const tree: SourceTree = {
      paths: new Set(['a.py', 'core/dates.py']),
      folders: new Set(['core']),
      facts: new Map([['a.py', { ...emptyFacts('python', 'structure', 1), imports: [plainImport('helpers.dates')] }]]),
      readText: () => undefined,
    };
    const resolution: Resolution = { status: 'missing', perhaps: ['core/dates.py'] };
    const graph = buildGraph(tree, () => ({ resolve: () => resolution }));
    expect(graph.edgesTo('core/dates.py').map((edge) => edge.how)).toEqual(['perhaps']);
    expect(graph.leadingTo('core/dates.py').has('a.py')).toBe(false);
  });

  it('later renames are followed; what is used again or gone is nobody’s former path', () => {
    const log = [
      'R100',
      'b.py',
      'c.py',
      'R090',
      'a.py',
      'b.py',
      'R100',
      'x.py',
      'gone.py',
      'R100',
      'back.py',
      'c.py',
    ].join('\0');
    expect(readRenames(`${log}\0`, new Set(['c.py', 'back.py']))).toEqual(
      new Map([
        ['b.py', 'c.py'],
        ['a.py', 'c.py'],
      ]),
    );
  });
});

function plainImport(module: string): ImportFact {
  return { module, names: [], kind: 'static', scope: 0, at: [0, module.length, 1] };
}

describe('C10: what nothing reaches', () => {
  it('dead chains are told apart from what a program uses', async () => {
    const found = await project({
      Procfile: 'web: python main.py\n',
      'main.py': 'import used\n',
      'used.py': 'x = 1\n',
      'lib/__init__.py': '',
      'lib/dead.py': 'from lib import deader\n',
      'lib/deader.py': 'import lib.deadest\n',
      'lib/deadest.py': 'x = 1\n',
      'lib/ring_a.py': 'import lib.ring_b\n',
      'lib/ring_b.py': 'import lib.ring_a\n',
    });
    expect(found.unused.modules).toEqual([
      { path: 'lib/dead.py', importers: [], chain: ['lib/dead.py'], because: 'nobody imports it' },
      {
        path: 'lib/deader.py',
        importers: ['lib/dead.py'],
        chain: ['lib/deader.py', 'lib/dead.py'],
        because: 'only unused modules import it',
      },
      {
        path: 'lib/deadest.py',
        importers: ['lib/deader.py'],
        chain: ['lib/deadest.py', 'lib/deader.py', 'lib/dead.py'],
        because: 'only unused modules import it',
      },
      {
        path: 'lib/ring_a.py',
        importers: ['lib/ring_b.py'],
        chain: ['lib/ring_a.py', 'lib/ring_b.py', 'lib/ring_a.py'],
        because: 'its importers and it import each other',
      },
      {
        path: 'lib/ring_b.py',
        importers: ['lib/ring_a.py'],
        chain: ['lib/ring_b.py', 'lib/ring_a.py', 'lib/ring_b.py'],
        because: 'its importers and it import each other',
      },
    ]);
  });

  it('modules that components and pages load are used', async () => {
    const found = await project({
      'index.html': '<script type="module" src="/src/main.ts"></script><script src="js/old.js"></script>',
      'src/main.ts': "import App from './App.vue';\nexport const app = App;\n",
      'src/App.vue': "<script setup>\nimport { load } from './load';\nconst x = () => import('./lazy.ts')\n</script>",
      'src/load.ts': 'export const load = 1;\n',
      'src/lazy.ts': 'export const lazy = 1;\n',
      'src/dead.ts': 'export const dead = 1;\n',
      'js/old.js': 'export const old = 1;\n',
      'package.json': '{"name": "x"}',
    });
    expect(unusedPaths(found)).toEqual(['src/dead.ts']);
  });

  it('files that code names by their path are used', async () => {
    const found = await project({
      'manage.py':
        'import importlib.util, os, subprocess, sys\nspec = importlib.util.spec_from_file_location("e", os.path.join(HERE, "engines", "fast.py"))\nsubprocess.run([sys.executable, "./tools/load.py"])\nprint("see lib/gone.py")\n',
      'engines/fast.py': 'x = 1\n',
      'tools/load.py': 'x = 1\n',
      'lib/gone.py': 'x = 1\n',
    });
    expect(unusedPaths(found)).toEqual(['lib/gone.py']);
    expect(how(found, 'manage.py', 'engines/fast.py')).toEqual(['named']);
  });

  it('computed names without any hint are said to be blind spots', async () => {
    const found = await project({
      'manage.py': 'import importlib\nimportlib.import_module(x)\n',
      'a/__init__.py': '',
      'a/b.py': 'x = 1\n',
    });
    expect(found.unused.modules.map(({ path }) => path)).toEqual(['a/b.py']);
    expect(found.unused.blind).toMatchObject([{ from: 'manage.py' }]);
  });
});

describe('entry points', () => {
  const entry = ({ entries }: Project, file: string): EntryPoint | undefined =>
    entries.find((one) => one.file === file);

  it('commands of every kind of file', async () => {
    const found = await project({
      'package.json':
        '{"main": "dist/index.js", "scripts": {"dev": "tsx watch server/dev.ts", "test": "mocha \'checks/*.js\'"}}',
      'src/index.ts': 'export const x = 1;\n',
      'server/dev.ts': 'export const x = 1;\n',
      'checks/one.js': 'exports.x = 1;\n',
      'docker-compose.yml':
        'services:\n  web:\n    build: ./backend\n    working_dir: /srv/app\n    command: uvicorn app.main:app --port 80\n  worker:\n    build: ./backend\n    command: celery -A jobs.queue worker\n',
      'backend/Dockerfile': 'FROM python:3\nWORKDIR /srv/app\nCOPY . .\nCMD ["python", "/srv/app/tools/start.py"]\n',
      'backend/app/main.py': 'x = 1\n',
      'backend/jobs/queue.py': 'x = 1\n',
      'backend/tools/start.py': 'x = 1\n',
      'ops/Makefile': 'sync:\n\tpython -m sync.rows\n',
      'ops/sync/rows.py': 'x = 1\n',
      '.github/workflows/ci.yml':
        'on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: php tools/check.php\n',
      'tools/check.php': '<?php\nclass A {}\n',
      'README.md': 'Run it:\n\n```sh\npython by_hand.py\n```\n',
      'by_hand.py': 'x = 1\n',
      'other/never.py': 'x = 1\n',
    });
    expect(entry(found, 'src/index.ts')).toMatchObject({ kind: 'manifest', from: { path: 'package.json' } });
    expect(entry(found, 'server/dev.ts')).toMatchObject({ kind: 'command', by: 'script dev (package.json)', cwd: '' });
    expect(entry(found, 'checks/one.js')).toMatchObject({ kind: 'command', by: 'script test (package.json)' });
    expect(entry(found, 'backend/app/main.py')).toMatchObject({
      kind: 'command',
      by: 'service web (docker-compose.yml)',
      cwd: '/srv/app',
    });
    expect(entry(found, 'backend/jobs/queue.py')).toMatchObject({
      kind: 'command',
      by: 'service worker (docker-compose.yml)',
    });
    expect(entry(found, 'backend/tools/start.py')).toMatchObject({
      kind: 'command',
      from: { path: 'backend/Dockerfile', line: 4 },
    });
    expect(entry(found, 'ops/sync/rows.py')).toMatchObject({ kind: 'command', cwd: 'ops' });
    expect(entry(found, 'tools/check.php')).toMatchObject({ kind: 'command' });
    expect(entry(found, 'by_hand.py')).toMatchObject({ kind: 'docs', why: 'README.md tells to run it' });
    expect(entry(found, 'other/never.py')).toBeUndefined();
    expect(unusedPaths(found)).toEqual(['other/never.py']);
  });

  it.each<[string, Files, readonly string[], readonly string[]]>([
    [
      'Next.js',
      { 'package.json': '{"dependencies": {"next": "1"}}' },
      ['src/app/(a)/page.tsx', 'app/api/x/route.ts', 'pages/index.tsx', 'middleware.ts'],
      ['src/app/helper.ts', 'lib/page.tsx'],
    ],
    ['no Next.js', { 'package.json': '{}' }, [], ['app/x/page.tsx', 'pages/index.tsx']],
    [
      'SvelteKit',
      { 'package.json': '{"devDependencies": {"@sveltejs/kit": "1"}}' },
      ['src/routes/+page.server.ts', 'src/hooks.server.ts'],
      ['src/routes/helper.ts'],
    ],
    [
      'SolidStart',
      { 'dd/package.json': '{"dependencies": {"@solidjs/start": "1"}}', 'plain/package.json': '{}' },
      ['dd/src/app.tsx', 'dd/src/entry-server.tsx', 'dd/src/routes/[...404].tsx', 'dd/src/middleware/index.ts'],
      ['dd/src/components/Counter.tsx', 'dd/src/store.ts', 'plain/src/app.tsx', 'plain/src/routes/index.tsx'],
    ],
    [
      'folders that are loaded',
      {
        'backend/index.js': "const consign = require('consign')\nconsign().include('./api').into(app)\n",
        'front/index.js': "const consign = require('./consign')\nconsign().include('./api')\n",
      },
      ['backend/api/user.js', 'backend/config/v1/routes.js'],
      ['backend/helper.js', 'front/api/user.js', 'other/api/user.js'],
    ],
    [
      'Remix',
      { 'package.json': '{"dependencies": {"@remix-run/react": "1"}}' },
      ['app/routes/a.tsx', 'app/root.tsx'],
      ['app/models/a.ts'],
    ],
    [
      'Nuxt',
      { 'package.json': '{"dependencies": {"nuxt": "3"}}' },
      ['server/api/a.ts', 'composables/b.ts'],
      ['lib/c.ts'],
    ],
    [
      'tools',
      {},
      ['vite.config.ts', 'jest.setup.js', 'a.stories.tsx', 'x.test.ts', '__tests__/y.ts', 'env.d.ts'],
      ['config.ts', 'latest.ts'],
    ],
    ['Vercel', { 'vercel.json': '{}' }, ['api/x.ts'], ['lib/x.ts']],
    [
      'Python',
      {},
      ['conftest.py', 'pkg/test_a.py', 'pkg/__main__.py', 'setup.py', 'wsgi.py'],
      ['pkg/tested.py', 'pkg/main.py'],
    ],
    [
      'Django',
      { 'manage.py': '' },
      ['shop/admin.py', 'shop/models.py', 'shop/management/commands/load.py', 'shop/migrations/0001_a.py'],
      ['shop/prices.py'],
    ],
    ['no Django', {}, [], ['shop/admin.py', 'shop/models.py']],
    ['Alembic', { 'alembic.ini': '' }, ['alembic/env.py', 'alembic/versions/a1.py'], ['alembic/x.py']],
    ['served', {}, ['public/sw.js'], []],
  ])('%s', async (_name, marks, hits, misses) => {
    const files: Record<string, string> = { ...marks };
    for (const path of [...hits, ...misses]) files[path] = /\.py$/.test(path) ? 'x = 1\n' : 'export const x = 1;\n';
    const found = await project(files);
    const conventions = new Set(
      found.entries.filter(({ kind }) => kind === 'convention' || kind === 'test').map(({ file }) => file),
    );
    for (const hit of hits) expect([hit, conventions.has(hit)]).toEqual([hit, true]);
    for (const miss of misses) expect([miss, conventions.has(miss)]).toEqual([miss, false]);
  });

  it('scripts run by themselves; a module of a package that can be run as well is a module', async () => {
    const main = 'def f():\n    pass\nif __name__ == "__main__":\n    f()\n';
    const found = await project({
      'tool.py': main,
      'scripts/load.py': main,
      'scripts/helper.py': 'def f():\n    pass\n',
      'pkg/__init__.py': '',
      'pkg/mod.py': main,
      'once.js': "const db = require('better-sqlite3')('x.db');\ndb.exec('VACUUM');\n",
      'lib/helper.js': 'module.exports = { a: 1 };\n',
    });
    expect(unusedPaths(found)).toEqual(['lib/helper.js', 'pkg/mod.py', 'scripts/helper.py']);
  });
});

describe('C10: residue', () => {
  it('is what no source explains any more', async () => {
    const compiled = "'use strict';\nObject.defineProperty(exports, '__esModule', { value: true });\nexports.x = 1;\n";
    const { tree, graph } = await project({
      'a.d.ts': 'export declare const a: number;\n//# sourceMappingURL=a.d.ts.map\n',
      'kept.d.ts': 'export declare const a: number;\n//# sourceMappingURL=kept.d.ts.map\n',
      'kept.ts': 'export const a = 1;\n',
      'ambient.d.ts': "declare module '*.svg';\n",
      'written.d.ts': 'export interface A { a: string }\n',
      'lib/types.d.ts': "import type { A } from '../written';\nexport type B = A['a'];\n",
      'lib/code.d.ts': 'export type C = string;\nexport declare const c: C;\n',
      'uses.ts': "import type { A } from './written';\nexport const b: A | null = null;\n",
      'style.css': '',
      'style.css.d.ts': 'export const red: string;\n',
      'b.js.map': '{"sources": ["b.ts"]}',
      'c.js': compiled,
      'c.js.map': '{"sources": ["../src/c.ts"], "sourceRoot": ""}',
      'lib/d.js': compiled,
      'lib/d.js.map': '{"sources": ["d.ts", "../node_modules/x/y.js"]}',
      'lib/boot.min.js': compiled,
      'lib/boot.min.js.map': '{"sources": ["../../js/src/boot.ts", "webpack/bootstrap"]}',
      'e.js': compiled,
      'e.ts': 'export const x = 1;\n',
      'f.js': 'export const own = 1;\n',
      'f.ts': 'export const other = 1;\n',
      'g.pyc': '',
      'h.pyc': '',
      'h.py': '',
      'pkg/__pycache__/i.cpython-311.pyc': '',
      'pkg/__pycache__/j.cpython-311.pyc': '',
      'pkg/j.py': '',
    });
    expect(residue(tree, graph).map(({ path, kind, source, beside }) => [path, kind, source, beside ?? false])).toEqual(
      [
        ['a.d.ts', 'declaration', 'a.ts', false],
        ['b.js.map', 'map', 'b.js', false],
        ['e.js', 'compiled', 'e.ts', true],
        ['g.pyc', 'compiled', 'g.py', false],
        ['h.pyc', 'compiled', 'h.py', true],
        ['lib/code.d.ts', 'declaration', 'lib/code.ts', false],
        ['lib/d.js', 'compiled', 'lib/d.ts', false],
        ['pkg/__pycache__/i.cpython-311.pyc', 'compiled', 'pkg/i.py', false],
      ],
    );
  });
});

describe('size', () => {
  it('5,000 files and 40,000 imports are joined', () => {
    const facts = new Map<string, FileFacts>();
    for (let i = 0; i < 5_000; i++) {
      const imports = Array.from({ length: 8 }, (_, k) => plainImport(`m${(i + 1 + k * 131) % 5_000}`));
      facts.set(`m${i}.py`, { ...emptyFacts('python', 'outline', 1), imports });
    }
    const tree: SourceTree = { paths: new Set(facts.keys()), folders: new Set(), facts, readText: () => undefined };
    const resolver: Resolver = { resolve: (_from, { module }) => ({ status: 'project', file: `${module}.py` }) };
    const graph = buildGraph(tree, () => resolver);
    expect(graph.edges.length).toBe(40_000);
    expect(unusedModules(graph, ['m0.py'], tree).modules.length + reachable(graph, ['m0.py']).size).toBe(5_000);
  });
});
