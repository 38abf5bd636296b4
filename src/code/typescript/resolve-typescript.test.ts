import { posix } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import type { FileFacts, ImportFact } from '../facts.ts';
import type { Resolution, SourceTree } from '../resolve.ts';
import { originOf } from './exported-names.ts';
import { typescript } from './language.ts';
import { typescriptResolver } from './resolve-typescript.ts';

type Files = Readonly<Record<string, string>>;

function treeOf(files: Files): SourceTree {
  const folders = new Set<string>();
  for (const path of Object.keys(files))
    for (let at = posix.dirname(path); at !== '.'; at = posix.dirname(at)) folders.add(at);
  const facts = new Map<string, FileFacts>();
  for (const [path, text] of Object.entries(files))
    if (/\.[cm]?[jt]sx?$/.test(path)) facts.set(path, typescript.outline(text, path));
  return { paths: new Set(Object.keys(files)), folders, facts, readText: (path) => files[path] };
}

function importOf(module: string, more: Partial<ImportFact> = {}): ImportFact {
  return { module, names: [], kind: 'static', scope: 0, at: [0, 0, 1], ...more };
}

/** What each import of a file leads to. */
function led(files: Files, from: string): readonly string[] {
  const tree = treeOf(files);
  const resolver = typescriptResolver(tree);
  return (tree.facts.get(from)?.imports ?? []).map((fact) => {
    const { status, file, missingNames } = resolver.resolve(from, fact);
    return `${fact.module} ${file ?? status}${missingNames === undefined ? '' : ` without ${missingNames.join(' ')}`}`;
  });
}

function resolved(files: Files, from: string, module: string, more?: Partial<ImportFact>): Resolution {
  return typescriptResolver(treeOf(files)).resolve(from, importOf(module, more));
}

const PROJECT: Files = {
  'tsconfig.json': `{ // comments and commas at ends are allowed
    "extends": ["./base.json", "./config/paths"],
    "compilerOptions": { "module": "esnext", "moduleResolution": "bundler", "resolveJsonModule": true, "allowJs": true, },
  }`,
  'base.json': '{ "compilerOptions": { "paths": { "never/*": ["./never/*"] } } }',
  'config/paths.json':
    '{ "compilerOptions": { "paths": { "@/*": ["../src/*", "../generated/*"], "@/db": ["../src/db/index.ts"], "config": ["../src/config"], "@/db/pool*": ["../src/db/special*"] } } }',
  'src/main.ts': '',
  'src/db/index.ts': 'export const pool = 1;',
  'src/db/pool.ts': '',
  'src/db/special-x.ts': '',
  'src/both.ts': '',
  'src/both.js': '',
  'src/both/index.ts': '',
  'src/plain.js': '',
  'src/types.d.ts': '',
  'src/view.tsx': '',
  'src/old.jsx': '',
  'src/module.mts': '',
  'src/common.cts': '',
  'src/data.json': '{}',
  'src/config.ts': '',
  'src/dotted.config.ts': '',
  'generated/client.ts': '',
  'app/tsconfig.json':
    '{ "compilerOptions": { "baseUrl": ".", "paths": { "~/*": ["./*"] }, "moduleResolution": "bundler", "module": "esnext" } }',
  'app/main.ts': '',
  'app/lib/db.ts': '',
  'app/deep/er/page.tsx': '',
  'package.json':
    '{ "name": "root", "imports": { "#db": "./src/db/index.ts", "#lib/*": { "types": "./src/*.ts", "default": "./dist/*.js" } }, "workspaces": ["packages/*"] }',
};

const ASKED: readonly (readonly [from: string, module: string])[] = [
  ...[
    './db',
    './db/index.js',
    './db/pool',
    './db/pool.js',
    './both',
    './both.js',
    './both/index',
    './plain',
    './plain.js',
    './types',
    './view',
    './view.jsx',
    './view.js',
    './old',
    './old.jsx',
    './module.mjs',
    './common.cjs',
    './data.json',
    './dotted.config',
    '.',
    './',
    '..',
    './absent',
    './db/absent.js',
    '../generated/client',
  ].map((module) => ['src/main.ts', module] as const),
  ...[
    '@/db',
    '@/db/pool',
    '@/db/pool-x',
    '@/client',
    '@/absent',
    '@/view',
    'config',
    'never/x',
    '#db',
    '#lib/config',
    '#absent',
    'left-pad',
    'fs',
    'node:path',
  ].map((module) => ['src/main.ts', module] as const),
  ...['lib/db', '~/lib/db', './lib/db', '../src/db', 'lib/absent'].map((module) => ['app/main.ts', module] as const),
  ['app/deep/er/page.tsx', '~/lib/db'],
  ['app/deep/er/page.tsx', '../../lib/db'],
];

test.each(ASKED)('C4: the compiler agrees: %s imports %s', (from, module) => {
  const host: ts.ParseConfigHost & ts.ModuleResolutionHost = {
    useCaseSensitiveFileNames: true,
    fileExists: (path) => PROJECT[path.slice(1)] !== undefined,
    readFile: (path) => PROJECT[path.slice(1)],
    directoryExists: (path) =>
      path === '/' || Object.keys(PROJECT).some((each) => each.startsWith(`${path.slice(1)}/`)),
    readDirectory: () => [],
    getCurrentDirectory: () => '/',
  };
  const config = from.startsWith('app/') ? '/app/tsconfig.json' : '/tsconfig.json';
  const { config: json } = ts.readConfigFile(config, (path) => host.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(
    { ...json, files: ['main.ts'] },
    host,
    posix.dirname(config),
    undefined,
    config,
  );
  const truth = ts.resolveModuleName(
    module,
    `/${from}`,
    { ...options, allowJs: true, resolveJsonModule: true },
    host,
  ).resolvedModule;
  const ours = resolved(PROJECT, from, module);
  expect(ours.file).toBe(truth?.resolvedFileName.slice(1));
});

test('C4: Node finds JSON without its suffix, which the compiler does not', () => {
  expect(resolved(PROJECT, 'src/main.ts', './data').file).toBe('src/data.json');
});

test('C4: what runs before what describes it, and the description comes along', () => {
  const files = { 'a.ts': '', 'b.js': '', 'x.js': '', 'x.d.ts': '', 'y.ts': '', 'y.js': '' };
  expect(resolved(files, 'a.ts', './x')).toEqual({ status: 'project', file: 'x.js', also: ['x.d.ts'] });
  expect(resolved(files, 'a.ts', './y').file).toBe('y.ts');
  expect(resolved(files, 'b.js', './y').file).toBe('y.js');
  expect(resolved(files, 'b.js', './y.js').file).toBe('y.js');
});

test('C4: a circle of extends ends, and is said where an alias leads nowhere', () => {
  const files = {
    'tsconfig.json': '{ "extends": "./other.json", "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }',
    'other.json': '{ "extends": "./tsconfig.json" }',
    'src/a.ts': '',
  };
  expect(resolved(files, 'src/a.ts', '@/a').file).toBe('src/a.ts');
  expect(resolved(files, 'src/a.ts', '@/gone')).toMatchObject({
    status: 'missing',
    why: expect.stringContaining('circle of extends'),
  });
});

test('C4: a tsconfig that refers to another one in its folder has its paths; one that refers to a folder does not', () => {
  const files = {
    'tsconfig.json': '{ "files": [], "references": [{ "path": "./tsconfig.app.json" }, { "path": "./server" }] }',
    'tsconfig.app.json': '{ "compilerOptions": { "paths": { "app/*": ["./src/*"] } } }',
    'server/tsconfig.json': '{ "compilerOptions": { "paths": { "server/*": ["./lib/*"] } } }',
    'src/a.ts': '',
    'server/lib/b.ts': '',
  };
  expect(resolved(files, 'src/a.ts', 'app/a').file).toBe('src/a.ts');
  expect(resolved(files, 'server/lib/b.ts', 'server/b').file).toBe('server/lib/b.ts');
});

test('C4: workspaces, their exports, and what was built from sources', () => {
  const files = {
    'packages/db/package.json':
      '{ "name": "@acme/db", "exports": { ".": { "import": "./dist/index.js", "types": "./dist/index.d.ts" }, "./pool": "./dist/pool.js", "./jobs/*": "./dist/jobs/*.js" } }',
    'packages/db/src/index.ts': '',
    'packages/db/src/pool.ts': '',
    'packages/db/src/jobs/daily.ts': '',
    'a-copy/of/packages/db/package.json': '{ "name": "@acme/db" }',
    'a-copy/of/packages/db/index.ts': '',
    'packages/old/package.json': '{ "name": "old", "main": "lib/main.js" }',
    'packages/old/lib/main.js': '',
    'packages/old/lib/other.js': '',
    'packages/bare/package.json': '{ "name": "bare" }',
    'packages/bare/index.ts': '',
    'app/a.ts': '',
  };
  const to = (module: string) => resolved(files, 'app/a.ts', module);
  expect(to('@acme/db')).toEqual({ status: 'project', file: 'packages/db/src/index.ts', qualified: '@acme/db' });
  expect(to('@acme/db/pool').file).toBe('packages/db/src/pool.ts');
  expect(to('@acme/db/jobs/daily').file).toBe('packages/db/src/jobs/daily.ts');
  expect(to('old').file).toBe('packages/old/lib/main.js');
  expect(to('old/lib/other').file).toBe('packages/old/lib/other.js');
  expect(to('bare').file).toBe('packages/bare/index.ts');
  expect(to('@acme/db/gone').status).toBe('missing');
  // A name that only begins alike is another package.
  expect(to('@acme/db-tools')).toEqual({ status: 'external', qualified: '@acme/db-tools' });
  expect(to('older').status).toBe('external');
});

test.each([
  [
    'vite.config.ts',
    "export default { resolve: { alias: { '@': path.resolve(__dirname, './client/src'), react: 'preact/compat' } } }",
  ],
  [
    'vite.config.js',
    "export default { resolve: { alias: [{ find: '@', replacement: fileURLToPath(new URL('./client/src', import.meta.url)) }] } }",
  ],
  [
    'webpack.config.js',
    "module.exports = { resolve: { alias: { other: 1, '@': path.join(__dirname, 'client', 'src'), pg: 'pg-native' } } }",
  ],
  ['babel.config.js', "module.exports = { plugins: [['module-resolver', { alias: { '@': './client/src' } }]] }"],
  ['jest.config.js', "module.exports = { moduleNameMapper: { '^@/(.*)$': '<rootDir>/client/src/$1' } }"],
])('C4: aliases of bundlers and test runners: %s', (config, text) => {
  const files = { [config]: text, 'client/src/db.ts': '', 'client/src/a.ts': '', 'src/other.ts': '' };
  expect(resolved(files, 'client/src/a.ts', '@/db').file).toBe('client/src/db.ts');
  expect(resolved(files, 'client/src/a.ts', '@/gone').status).toBe('missing');
  expect(resolved(files, 'client/src/a.ts', 'react').status).toBe('external');
  expect(resolved(files, 'client/src/a.ts', '@acme/db').status).toBe('external');
});

test('C4: $lib is SvelteKit’s own folder, or the one that its settings name', () => {
  const kit = 'export default { kit: { adapter: adapter() } };';
  const files = {
    'a/svelte.config.js': kit,
    'a/src/lib/server/db.ts': 'export const db = 1;',
    'a/src/routes/+page.server.ts': '',
    'b/svelte.config.js': "export default { kit: { files: { assets: 'x', lib: 'source/library' } } };",
    'b/source/library/db.ts': '',
    'c/package.json': '{}',
    'c/src/lib/db.ts': '',
  };
  expect(resolved(files, 'a/src/routes/+page.server.ts', '$lib/server/db').file).toBe('a/src/lib/server/db.ts');
  expect(resolved(files, 'a/src/routes/+page.server.ts', '$lib/gone').status).toBe('missing');
  expect(resolved(files, 'a/src/routes/+page.server.ts', '$app/environment').status).toBe('external');
  expect(resolved(files, 'b/source/x.ts', '$lib/db').file).toBe('b/source/library/db.ts');
  expect(resolved(files, 'c/src/x.ts', '$lib/db').status).toBe('external');
});

test('C4: a package that depends on one of its own name means the published one; k6 brings its own modules', () => {
  const files = {
    'package.json': '{ "workspaces": ["*"] }',
    'k6/package.json': '{ "name": "k6" }',
    'k6/load.js': '',
    'queue/package.json': '{ "name": "queue", "dependencies": { "queue": "^7.0.0" } }',
    'queue/run.js': '',
    'db/package.json': '{ "name": "@shop/db" }',
    'db/own.js': '',
  };
  expect(resolved(files, 'k6/load.js', 'k6/http').status).toBe('external');
  expect(resolved(files, 'queue/run.js', 'k6').status).toBe('external');
  expect(resolved(files, 'queue/run.js', 'queue/lib/x').status).toBe('external');
  expect(resolved(files, 'queue/run.js', '@shop/db/gone').status).toBe('missing');
  expect(resolved(files, 'db/own.js', '@shop/db/gone').status).toBe('missing');
  expect(resolved(files, 'db/own.js', 'k6-html/x').status).toBe('external');
});

test('an alias that nothing explains is looked for in the sources, else missing; a package is never missing', () => {
  const files = {
    'web/package.json': '{ "dependencies": { "lib": "1" } }',
    'web/src/db.ts': '',
    'web/src/a.ts': '',
    'web/lib/x.ts': '',
    'web/tools/x.ts': '',
  };
  expect(resolved(files, 'web/src/a.ts', '@/db').file).toBe('web/src/db.ts');
  expect(resolved(files, 'web/src/a.ts', '~/gone').status).toBe('missing');
  expect(resolved(files, 'web/src/a.ts', 'src/db').file).toBe('web/src/db.ts');
  expect(resolved(files, 'web/src/a.ts', 'src/gone').status).toBe('missing');
  expect(resolved(files, 'web/src/a.ts', 'tools/x').file).toBe('web/tools/x.ts');
  for (const external of [
    'lib/x',
    'tools/gone',
    'pg',
    '@scope/x',
    'fs/promises',
    'bun:sqlite',
    'https://x.y/z.js',
    'virtual:pwa',
    'db',
  ])
    expect(resolved(files, 'web/src/a.ts', external).status, external).toBe('external');
});

test('assets, loaders and folders with a package.json', () => {
  const files = {
    'a.ts': '',
    'style.css': '',
    'icon.svg': '',
    'x/package.json': '{ "main": "./lib/go.js" }',
    'x/lib/go.ts': '',
    'work.ts': '',
    'App.vue': '',
  };
  const to = (module: string) => resolved(files, 'a.ts', module).file;
  expect([
    to('./style.css'),
    to('./icon.svg?url'),
    to('./x'),
    to('raw-loader!./work'),
    to('./work?worker'),
    to('./App'),
  ]).toEqual(['style.css', 'icon.svg', 'x/lib/go.ts', 'work.ts', 'work.ts', 'App.vue']);
  expect(to('./gone.css')).toBeUndefined();
});

test('C9: what an import that leads nowhere probably means', () => {
  const files = { 'src/a.ts': '', 'src/lib/db.ts': '', 'old/db/index.ts': '', 'other/lib/db.js': '', 'src/dbx.ts': '' };
  expect(resolved(files, 'src/a.ts', './utils/lib/db')).toMatchObject({
    status: 'missing',
    why: expect.stringContaining('src/utils/lib/db'),
    perhaps: ['src/lib/db.ts', 'other/lib/db.js', 'old/db/index.ts'],
  });
  expect(resolved(files, 'src/a.ts', './nothing-like-it').perhaps).toBeUndefined();
  expect(resolved(files, 'src/a.ts', '../../outside')).toMatchObject({
    status: 'missing',
    why: 'leads out of the project',
  });
});

const BARRELS: Files = {
  'index.ts':
    "export * from './a'; export { b as renamed } from './b'; export * as inner from './b'; export { c, type T }; import { c } from './c'; import type { T } from './c'; export default c;",
  'a.ts': "export * from './index'; export * from './c'; export const own = 1;",
  'b.ts': 'export const b = 1; export default 2;',
  'c.ts': 'export function c() {} export interface T {} export const deep = 1;',
  'ext.ts': "export * from 'pg'; export const known = 1;",
  'common.js': 'exports.one = 1; module.exports.two = 2;',
  'whole.js': 'module.exports = make();',
  'object.js': 'module.exports = { x, y: 1 };',
  'spread.js': 'module.exports = { ...rest, x };',
  'script.js': 'window.x = 1;',
  'main.ts': `import { own, renamed, inner, deep, T, gone } from './index'; import main, { b } from './b'; import noDefault from './c';
import { anything } from './ext'; import { one, two, three } from './common'; import four from './common'; import { dynamic } from './whole';
import { x, y, z } from './object'; import { w } from './spread'; import { v } from './script'; import * as all from './c'; import json, { u } from './data.json';
import type { Gone } from './c'; import noStar from './star';`,
  'star.ts': "export * from './b';",
  'data.json': '{}',
};

test('C4: names through barrels and circles of barrels; what no module gives is missing', () => {
  expect(led(BARRELS, 'main.ts')).toEqual([
    './index index.ts without gone',
    './b b.ts',
    './c c.ts without default',
    './ext ext.ts',
    './common common.js without three',
    './common common.js',
    './whole whole.js',
    './object object.js without z',
    './spread spread.js',
    './script script.js',
    './c c.ts',
    './data.json data.json',
    './c c.ts without Gone',
    './star star.ts without default',
  ]);
});

test('C4: the file that a name really comes from', () => {
  const tree = treeOf(BARRELS);
  const resolver = typescriptResolver(tree);
  const origin = (name: string, file = 'index.ts') => {
    const found = originOf(tree, resolver, file, name);
    return found === undefined ? undefined : `${found.file} ${found.name}`;
  };
  expect(['own', 'renamed', 'inner', 'c', 'T', 'deep', 'default', 'gone', 'b'].map((name) => origin(name))).toEqual([
    'a.ts own',
    'b.ts b',
    'b.ts *',
    'c.ts c',
    'c.ts T',
    'c.ts deep',
    'c.ts c',
    undefined,
    undefined,
  ]);
  expect(origin('Pool', 'ext.ts')).toBeUndefined();
  expect(origin('own', 'a.ts')).toBe('a.ts own');
});

test('a computed module cannot be told', () => {
  expect(resolved({ 'a.ts': '' }, 'a.ts', 'x', { module: null })).toEqual({ status: 'computed' });
});

test('settings that are broken, huge or of another shape do no harm', () => {
  for (const text of [
    '',
    '{',
    'null',
    '[]',
    '{"compilerOptions": 1}',
    '{"compilerOptions": {"paths": {"@/*": "x", "*": [1], "a": null}}}',
    '{"extends": [[], {}, 1]}',
    '{"references": [null, {"path": 1}]}',
  ]) {
    const files = { 'tsconfig.json': text, 'package.json': text, 'vite.config.ts': text, 'a.ts': '', 'b.ts': '' };
    expect(resolved(files, 'a.ts', './b').file, text).toBe('b.ts');
    expect(resolved(files, 'a.ts', 'pg').status, text).toBe('external');
  }
});

test('2,500 files with 8 imports each', () => {
  const files: Record<string, string> = {
    'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }',
    'package.json': '{}',
  };
  const modules = [
    './file-1',
    '../part-2/file-3.js',
    '@/part-4/file-5',
    'react',
    'node:fs',
    '../part-6',
    './file-7.ts',
    '../gone',
  ];
  for (let number = 0; number < 2_500; number++) {
    const part = `src/part-${number % 50}`;
    files[`${part}/file-${number}.ts`] = '';
    files[`${part}/file-${number % 10}.ts`] = '';
    files[`${part}/index.ts`] = '';
  }
  const tree = treeOf(files);
  const asked = [...tree.paths]
    .filter((path) => path.endsWith('.ts'))
    .flatMap((path) => modules.map((module) => [path, importOf(module)] as const));
  const resolver = typescriptResolver(tree);
  const statuses = new Set(asked.map(([from, fact]) => resolver.resolve(from, fact).status));
  expect(asked.length).toBeGreaterThan(20_000);
  expect([...statuses].sort()).toEqual(['external', 'missing', 'project']);
});
