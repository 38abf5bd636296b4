import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Assign, Expr, FileFacts } from '../facts.ts';
import { typescript } from './language.ts';

const outline = (text: string, name = 'a.ts'): FileFacts => typescript.outline(text, name);
const structure = (text: string, name = 'a.ts'): FileFacts => typescript.structure(text, name);
const imports = (facts: FileFacts) => facts.imports.map(({ kind, module }) => `${kind} ${module}`);
const assigned = (facts: FileFacts, to: string) => facts.assigns.find((each) => each.to === to) as Assign;

/** Both readings of a file agree on what it takes and gives. */
function both(text: string, name = 'a.ts'): FileFacts {
  const quick = outline(text, name);
  const whole = structure(text, name);
  expect(whole.imports.map(({ scope, ...rest }) => rest)).toEqual(quick.imports.map(({ scope, ...rest }) => rest));
  expect(whole.exports).toEqual(quick.exports);
  return quick;
}

test('C4: every way to take a module is found, words in strings and comments are not', () => {
  const facts = both(`
    import a, { b as c, type T } from './one.js';
    import type { U } from './types';
    import * as ns from "ns";
    import './effect';
    import legacy = require('./legacy');
    export * from './all';
    export * as inner from './inner';
    export { x as y } from './some';
    export type { V } from './more-types';
    const lazy = () => import('./lazy');
    const { d } = await import('./named');
    // import no from './comment'
    const text = "import no from './text'";
    const template = \`import no from './template' \${await import('./hole')}\`;
    const regex = /import 'no'; require('no')/;
    object.import('./no'); object.require('./no');
    let t: typeof import('./typeof');
  `);
  expect(imports(facts)).toEqual([
    'static ./one.js',
    'type ./one.js',
    'type ./types',
    'static ns',
    'static ./effect',
    'static ./legacy',
    'reexport ./all',
    'reexport ./inner',
    'reexport ./some',
    'type ./more-types',
    'dynamic ./lazy',
    'dynamic ./named',
    'dynamic ./hole',
    'type ./typeof',
  ]);
  expect(facts.imports[0]).toMatchObject({
    names: [
      { name: 'default', as: 'a' },
      { name: 'b', as: 'c' },
    ],
  });
  expect(facts.imports[3]).toMatchObject({ as: 'ns', names: [] });
  expect(facts.imports[11]).toMatchObject({ names: [{ name: 'd', as: 'd' }] });
});

test('C4: a name may be called type', () => {
  const [plain, types] = both(`import { type, type as other, type as as renamed, type Row } from './x';`).imports;
  expect(plain?.names).toEqual([
    { name: 'type', as: 'type' },
    { name: 'type', as: 'other' },
  ]);
  expect(types).toMatchObject({
    kind: 'type',
    names: [
      { name: 'as', as: 'renamed' },
      { name: 'Row', as: 'Row' },
    ],
  });
});

test('an import says where its module is spelled, quotes left out', () => {
  const text = `import x from './db.js';\nconst y = require("./ü/y");`;
  for (const { module, at } of both(text, 'a.js').imports) expect(text.slice(at[0], at[1])).toBe(module);
});

test('C4: require, what it takes, and what is no require', () => {
  const facts = both(
    `const db = require('./db'); const { pool: p, query } = require('./pool');
     const get = require('./get').get;
     try { optional = require('optional') } catch {}
     function later() { return require('./later') }
     const dynamic = require(name);
     require.resolve('./resolved');
     module.exports = { ...require('./spread'), own: 1 };`,
    'a.cjs',
  );
  expect(imports(facts)).toEqual([
    'static ./db',
    'static ./pool',
    'static ./get',
    'dynamic optional',
    'dynamic ./later',
    'dynamic null',
    'text ./resolved',
    'reexport ./spread',
  ]);
  expect(facts.imports[1]?.names).toEqual([
    { name: 'pool', as: 'p' },
    { name: 'query', as: 'query' },
  ]);
  expect(facts.imports[2]?.names).toEqual([{ name: 'get', as: 'get' }]);
  expect(facts.imports[3]?.guarded).toBe(true);
  expect(facts.imports[0]?.guarded).toBeUndefined();
});

test('C3: mocks name modules; methods of other objects do not', () => {
  const facts = both(`vi.mock('./a'); jest.doMock("./b", () => ({})); vi.importActual<typeof import('./c')>('./c');
    jest.unstable_mockModule('./d', f); mock.module('./e', {}); server.mock('/no'); db.mock.calls('no');
    new Worker(new URL('./worker.ts', import.meta.url)); new URL('./data.db', import.meta.url); new URL('./no.ts', base);`);
  expect(facts.imports.filter(({ kind }) => kind === 'text').map(({ module }) => module)).toEqual([
    './a',
    './b',
    './c',
    './d',
    './e',
    './worker.ts',
  ]);
});

test('what a module gives: names, kinds, async, and where they live inside', () => {
  const facts = both(
    `
    export const pool = create(), second = 1;
    export const { a, b: [c], ...rest } = config;
    export async function open() {}
    export const load = async (x: string): Promise<void> => {};
    export class Db {}
    export abstract class Base {}
    export interface Row { id: string }
    export type Id = string;
    export enum Kind { A }
    function inner() {}
    const value = 1;
    class Later {}
    export { inner, value as renamed, Later };
    export default inner;
    namespace N { export const hidden = 1 }
  `.replace(/^ {4}/gm, ''),
  );
  expect(
    facts.exports.map(({ name, kind, local, async }) => [name, kind, local ?? '', async ?? false].join(' ').trim()),
  ).toEqual([
    'pool value  false',
    'second value  false',
    'a value  false',
    'c value  false',
    'rest value  false',
    'open function  true',
    'load function  true',
    'Db class  false',
    'Base class  false',
    'Row type  false',
    'Id type  false',
    'Kind value  false',
    'inner function  false',
    'renamed value value false',
    'Later class  false',
    'default function inner false',
  ]);
});

test('what CommonJS gives', () => {
  const facts = both(
    `exports.__esModule = true; exports.a = 1; module.exports.b = async () => { go() }; exports['c-d'] = function () {};
     if (exports.no == 1) {} notexports.no = 1; my.exports.no = 2;
     Object.defineProperty(exports, 'e', { get() { return 1 } }); Object.defineProperty(exports, '__esModule', { value: true });`,
    'a.js',
  );
  expect(facts.exports.map(({ name, kind, local }) => `${name} ${kind} ${local}`)).toEqual([
    'a value exports.a',
    'b function module.exports.b',
    'c-d function exports.c-d',
    'e value exports.e',
  ]);
  const whole = both(
    `const x = 1; module.exports = { x, y: other, async z() { return { no: 1 } }, 'q-r': () => 1, get g() { return 1 }, };`,
    'a.js',
  );
  expect(whole.exports.map(({ name, kind, local, async }) => `${name} ${kind} ${local} ${async ?? ''}`.trim())).toEqual(
    [
      'default value module.exports',
      'x value undefined',
      'y value other',
      'z function module.exports.z true',
      'q-r function module.exports.q-r',
      'g value module.exports.g',
    ],
  );
});

test.each([
  ['export const pool = null as any;', ['pool']],
  ['export const pool: Pool = undefined as unknown as Pool', ['pool']],
  ['export const pool = {} as Pool;', ['pool']],
  ['export let pool = null as any;', ['pool']],
  ['const pool = null as any;\nexport { pool as db };\nexport default pool;', ['db', 'default']],
  ['export default {} as Pool;', ['default']],
  ["export function getPool() { throw new Error('Not implemented') }", ['getPool']],
  ['export async function query(sql: string): Promise<Row[]> {\n  console.warn("stub");\n  return [];\n}\n', ['query']],
  ['export const query = async () => null;', ['query']],
  ['export const close = () => {};', ['close']],
  ["export class Db {\n  query() { throw new Error('not implemented yet'); }\n}\n", ['Db']],
  ['exports.pool = null;\nmodule.exports.query = () => [];', ['pool', 'query']],
])('C7: a stand-in is said to be one: %s', (text, names) => {
  const facts = both(text);
  expect(facts.exports.filter(({ stub }) => stub).map(({ name }) => name)).toEqual(names);
});

test.each([
  'export let pool: Pool | null = null;',
  'export const cache = {} as Record<string, Pool>;',
  'export const registry = {};',
  'export const rows = [] as Row[];',
  'export const options = { a: 1 } as Options;',
  'export const pool = create() as any;',
  "export function getPool() { if (!pool) throw new Error('not implemented'); return pool; }",
  'export function find(id) {\n  for (const x of all) if (x.id === id) return x;\n  return null;\n}\n',
  'export const noop = () => {};',
  'export const isBrowser = () => false;',
  "export class Db {\n  query() { throw new Error('not implemented yet'); }\n  open() { return connect(); }\n}\n",
  "export abstract class Db {\n  abstract query(): void;\n  open() { throw new Error('not implemented'); }\n}\n",
  'exports.Mode = void 0;\n(function (Mode) { Mode[0] = 1 })(Mode || (exports.Mode = Mode = {}));',
  'exports.open = void 0;\nfunction open() { go() }\nexports.open = open;',
  '// export const pool = null as any;\nexport const text = "export const pool = null as any;";',
])('C7: no stand-in: %s', (text) => {
  expect(both(text).exports.some(({ stub }) => stub)).toBe(false);
});

test('environment with defaults, destructured', () => {
  const facts = structure(
    `const { DB = 'data/app.db', PORT: port, ...rest } = process.env;\nconst [first = 1] = list;`,
  );
  const env: Expr = { k: 'member', of: { k: 'name', v: 'process' }, v: 'env' };
  expect(assigned(facts, 'DB').value).toMatchObject({
    k: 'op',
    op: '??',
    a: { k: 'member', of: env, v: 'DB' },
    b: { k: 'text', v: 'data/app.db' },
  });
  expect(assigned(facts, 'port').value).toEqual({ k: 'member', of: env, v: 'PORT' });
  expect(assigned(facts, 'rest').value).toEqual(env);
  expect(assigned(facts, 'first').value).toMatchObject({ op: '??', a: { k: 'index', key: { k: 'number', v: 0 } } });
});

test('casts, await, optional chains and templates come down to what they say', () => {
  const facts = structure('const a = (await (open(`$' + '{dir}/app.db`) as Db)!)?.db?.get?.("x") satisfies X;');
  expect(assigned(facts, 'a').value).toMatchObject({
    k: 'call',
    fn: { k: 'member', v: 'get', of: { k: 'member', v: 'db', of: { k: 'call', fn: { k: 'name', v: 'open' } } } },
    args: [{ k: 'text', v: 'x' }],
  });
  expect(facts.texts.map(({ v, holes }) => [v, holes])).toEqual([['{}/app.db', true]]);
});

test('scopes: parameters, returns, classes, fields, decorators, parameter properties', () => {
  const facts = structure(`
@Entity('users')
export class Users extends Base {
  static path = 'users.db';
  @Column() email: string;
  #secret = 1;
  constructor(private readonly db: Db, name = 'x') { super(); this.name ||= name }
  async find({ id, limit = 10 }: Query, next: Next, ...more) { return this.db.get(id) }
}
const add = (a, b) => a + b;`);
  expect(facts.scopes.map(({ kind, name, parent }) => `${kind} ${name} ${parent}`)).toEqual([
    'module  -1',
    'class Users 0',
    'function constructor 1',
    'function find 1',
    'function add 0',
  ]);
  const [, users, , find, add] = facts.scopes;
  expect(users).toMatchObject({
    bases: [{ k: 'name', v: 'Base' }],
    decorators: [{ k: 'call', args: [{ v: 'users' }] }],
    lastLine: 9,
  });
  expect(find).toMatchObject({
    async: true,
    params: [
      { name: 'id', property: 'id' },
      { name: 'limit', property: 'limit', position: 0, default: { v: 10 } },
      { name: 'next', position: 1, type: 'Next' },
      { name: 'more', position: 2, rest: true },
    ],
  });
  expect(find?.returns).toMatchObject([{ k: 'call' }]);
  expect(add?.returns).toMatchObject([{ k: 'op', op: '+' }]);
  expect(assigned(facts, 'this.db')).toMatchObject({ scope: 2, type: 'Db', value: { k: 'name', v: 'db' } });
  expect(assigned(facts, 'this.name')).toMatchObject({ scope: 2, adds: true });
  expect(assigned(facts, 'path')).toMatchObject({ scope: 1, value: { k: 'text', v: 'users.db' } });
  expect(assigned(facts, '#secret').scope).toBe(1);
  expect(assigned(facts, 'add').value).toEqual({ k: 'function', scope: 4 });
  expect(facts.statements.find(({ as }) => as === 'email')).toMatchObject({ scope: 1, value: { k: 'call' } });
});

test('what may not happen is marked, per function', () => {
  const facts = structure(`if (x) { a = 1; function f() { b = 2 } } try { c = 3 } catch { d = 4 } finally { e = 5 }
    for (const g of ['a.db', 'b.db']) h = g; x && (i = 6); j = 7; switch (k) { case 1: l = 8 }`);
  const maybe = facts.assigns.filter((each) => each.maybe).map(({ to }) => to);
  expect(maybe).toEqual(['a', 'c', 'd', 'g', 'h', 'i', 'l']);
  expect(assigned(facts, 'g').value).toMatchObject({ k: 'index', of: { k: 'list' }, key: { k: 'unknown' } });
});

test('SQL in texts, templates, tagged templates and pieces; prose that begins alike is text', () => {
  const facts = structure(`
    db.exec('DELETE FROM users');
    db.query(\`SELECT * FROM \${table()} WHERE id = \${id}\`);
    sql\`INSERT INTO logs (a) VALUES (\${load()})\`;
    db.run('UPDATE items SET a = ? ' + where(x));
    say('Select a file from the list');`);
  const uses: string[] = [];
  const texts: string[] = [];
  const walk = (expr: unknown): void => {
    if (typeof expr !== 'object' || expr === null) return;
    const node = expr as { k?: string; uses?: { verb: string; table: string }[]; v?: string };
    if (node.k === 'sql') for (const { verb, table } of node.uses ?? []) uses.push(`${verb} ${table}`);
    if (node.k === 'text') texts.push(node.v as string);
    Object.values(expr).forEach(walk);
  };
  walk(facts.statements);
  expect(uses).toEqual(['delete users', 'select ?', 'insert logs', 'update items']);
  expect(texts).toContain('Select a file from the list');
  // What is called in the holes is not lost.
  const calls = JSON.stringify(facts.statements);
  for (const name of ['table', 'load', 'where']) expect(calls).toContain(`"fn":{"k":"name","v":"${name}"}`);
});

test('module.exports, exports, default exports, enums and namespaces are assigned', () => {
  const facts = structure(`exports.a = 1; module.exports.b = 2; app.config["X Y"] = 3; app.config['z'] = 4;
    export default new Pool(); enum E { A = 'x', B = 3, C } namespace N { export const path = 'n.db' }`);
  expect(facts.assigns.map(({ to }) => to)).toEqual([
    'exports.a',
    'module.exports.b',
    'app.config["X Y"]',
    'app.config["z"]',
    'default',
    'E.A',
    'E.B',
    'E.C',
    'path',
  ]);
  expect(assigned(facts, 'E.C').value).toEqual({ k: 'number', v: 4 });
  expect(assigned(facts, 'path').scope).toBe(1);
});

test('what is called on the way to what is assigned is kept', () => {
  const facts = structure(`open('a.db').items[key()] = value; plain[b()].c = 1; cache['app.db'] = 2; [x[load()]] = y;`);
  const calls = JSON.stringify(facts.statements);
  for (const name of ['open', 'key', 'b']) expect(calls).toContain(`"fn":{"k":"name","v":"${name}"}`);
  expect(facts.texts.map(({ v }) => v)).toEqual(['a.db', 'app.db']);
});

test('JSX: calls are kept, text is text', () => {
  const text = `export const A = () => <div title={load('a')} {...b()}>Don't import {"x"} {list.map((x) => <i key={x}>{open(x)}</i>)} it's <b/></div>;\nimport c from './c';`;
  const facts = structure(text, 'a.tsx');
  expect(facts.read).toBe('structure');
  const calls = JSON.stringify([facts.statements, facts.scopes]);
  for (const name of ['load', 'b', 'open']) expect(calls).toContain(`"v":"${name}"`);
  expect(imports(both(text, 'a.tsx'))).toEqual(['static ./c']);
});

test('texts that may name a store, in code and in prose; C23: dotted names are none', () => {
  const text = `// keeps data/old.db
const a = './app.db', b = "postgres://u@h/db", c = \`cache_\${id}.db\`, d = 'packages.db.models', e = 'self.db.x';
import './styles.css'; import data from './data.json';`;
  const quick = outline(text).texts;
  expect(quick.map(({ v, prose, holes }) => [v, prose ?? false, holes ?? false])).toEqual([
    ['data/old.db', true, false],
    ['./app.db', false, false],
    ['postgres://u@h/db', false, false],
    ['cache_{}.db', false, true],
  ]);
  expect(structure(text).texts).toEqual(quick);
  for (const { v, at, holes } of quick) if (!holes) expect(text.slice(at[0], at[1])).toContain(v);
});

test('offsets are UTF-16 units, a byte order mark included', () => {
  const text = "\uFEFFconst é = '𝒳'; const b = './ü.db';";
  const [found] = structure(text).texts;
  expect(text.slice(found?.at[0], found?.at[1])).toBe("'./ü.db'");
});

test('runnable and generated files; near misses', () => {
  expect(outline('#!/usr/bin/env node\nx()').runnable).toBe(true);
  expect(outline('if (require.main === module) main();', 'a.js').runnable).toBe(true);
  expect(outline('if (import.meta.url === pathToFileURL(process.argv[1]).href) main();').runnable).toBe(true);
  expect(outline('const a = process.argv[1]; require.main.filename').runnable).toBeUndefined();
  expect(outline('/* @generated by a tool */\nx').generated).toBe(true);
  expect(outline('// This file was automatically generated. Do not edit.\nx').generated).toBe(true);
  expect(outline('const a = 1;\n// generated by hand: @generated').generated).toBeUndefined();
  expect(outline('/* Do not edit the table without a migration. */').generated).toBeUndefined();
});

test('C21: a file that does not parse is read by tokens, and says so', () => {
  const facts = structure(
    "import a from './a';\nconst db = open('app.db');\nfunction broken( {\n  require('./b')\n  'it is not a string\n",
    'a.ts',
  );
  expect(facts).toMatchObject({ read: 'tokens', problem: expect.stringMatching(/^line \d+: ./) });
  expect(imports(facts)).toEqual(['static ./a', 'dynamic ./b']);
  expect(facts.texts.map(({ v }) => v)).toEqual(['app.db']);
  // Scripts that return at their top, sloppy mode, and types in a .js file are no mistakes.
  for (const fine of ['if (x) return; with (a) {}', 'const x: string = 1', '<div/>', 'await x; export {}'])
    expect(structure(fine, 'a.js').read).toBe('structure');
});

test('C21: a minified file is read by tokens and says so, a huge one is not read, one long text is neither', () => {
  const minified = `import a from'./a';${'x=1;'.repeat(5_000)}`;
  for (const facts of [outline(minified, 'a.js'), structure(minified, 'a.js')])
    expect(facts).toMatchObject({ read: 'tokens', generated: true, problem: expect.stringContaining('minified') });
  expect(imports(structure(minified, 'a.js'))).toEqual(['static ./a']);
  const huge = 'x=1;'.repeat(10 * 1024 * 1024);
  for (const facts of [outline(huge, 'a.js'), structure(huge, 'a.js')])
    expect(facts).toMatchObject({ read: 'none', problem: expect.stringContaining('too large') });
  const data = `const image = '${'A'.repeat(12_000)}';\n${"const db = open('app.db');\n".repeat(600)}`;
  expect(structure(data).read).toBe('structure');
});

test('nothing that stands in a file throws, and what was taken stays where it says', () => {
  const piece = fc.constantFrom(
    ...[
      "import { a } from './x';",
      'export const b = ',
      "require('./y')",
      '`${',
      '}',
      '{',
      '(',
      ')',
      '<a b=',
      '</a>',
      '/>',
      '/',
      '/*',
      '*/',
      '//',
      '\n',
    ],
    ...[
      "'",
      '"',
      '`',
      '\\',
      'export {',
      ' as ',
      'exports.c = ',
      'module.exports = {',
      'vi.mock(',
      "'app.db'",
      'class A { #p = 1 ',
      '@dec() ',
      'async ',
      '=>',
      '...',
    ],
    ...[
      'enum E { A',
      'namespace N {',
      'import(',
      'import.meta',
      'export * from ',
      'type T = ',
      '\u2028',
      '\uFEFF',
      '𝒳',
      '#!',
      ',',
      ';',
      ':',
      '?',
      '<T,>',
      'throw ',
    ],
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 40 }),
      fc.constantFrom('a.ts', 'a.tsx', 'a.js', 'a.cjs', 'a.d.ts', 'a'),
      (pieces, name) => {
        const text = pieces.join('');
        // A specifier that is written with escapes is not the text that stands there.
        for (const facts of [outline(text, name), structure(text, name)])
          for (const { at, module } of facts.imports)
            if (module !== null && !text.slice(at[0], at[1]).includes('\\'))
              expect(text.slice(at[0], at[1])).toContain(module.replace(/^\.\//, ''));
      },
    ),
    { numRuns: 500 },
  );
});
