import fc from 'fast-check';
import { parse, stringify } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import type { ConfigNode } from '../config-tree.ts';
import type { FileFacts } from '../facts.ts';
import { linesOf } from '../text-lines.ts';
import { toml } from './language.ts';
import { readToml } from './read.ts';

const read = (text: string, name = 'pyproject.toml'): FileFacts => toml.structure(text, name);

/** Texts only: numbers and dates are kept as spelled. */
function plain(node: ConfigNode): unknown {
  if (node.k === 'map') return Object.fromEntries(node.entries.map(({ key, value }) => [key, plain(value)]));
  if (node.k === 'list') return node.items.map(plain);
  return node.k === 'null' ? null : node.v;
}

describe('TOML with places', () => {
  it('is what the parser says, for every table of texts', () => {
    const leaf = fc.string();
    const value = fc.oneof(
      leaf,
      fc.array(leaf, { maxLength: 3 }),
      fc.dictionary(fc.string({ minLength: 1 }), leaf, { maxKeys: 3 }),
      fc.array(fc.dictionary(fc.string({ minLength: 1 }), leaf, { minKeys: 1, maxKeys: 2 }), {
        minLength: 1,
        maxLength: 2,
      }),
    );
    const keys = fc.string({ minLength: 1 }).filter((key) => key !== '__proto__');
    fc.assert(
      fc.property(fc.dictionary(keys, value, { maxKeys: 5 }), (table) => {
        const text = stringify(table);
        fc.pre(!text.includes('__proto__'));
        expect(plain(readToml(text, linesOf(text)))).toEqual(JSON.parse(JSON.stringify(parse(text))));
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['a.b."c d" = "x"\n[t.u]\nv = \'y\'\n', { a: { b: { 'c d': 'x' } }, t: { u: { v: 'y' } } }],
    ['a = """\none\\\n   two\n"""', { a: 'onetwo\n' }],
    ["a = '''it's'''", { a: "it's" }],
    ['a = [\n  "x", # c\n  ["y"],\n]\nb = { c = "d", e.f = "g" }', { a: ['x', ['y']], b: { c: 'd', e: { f: 'g' } } }],
    ['[[p]]\nn = "a"\n[p.q]\nr = "s"\n[[p]]\nn = "b"', { p: [{ n: 'a', q: { r: 's' } }, { n: 'b' }] }],
    ['a = "x\\u0041\\n"\nd = 2020-01-01 00:00:00', { a: 'xA\n', d: '2020-01-01 00:00:00' }],
  ])('%j', (text, expected) => {
    expect(plain(readToml(text, linesOf(text)))).toEqual(expected);
  });

  it('C21: a broken line costs that line', () => {
    const facts = read('[a]\nurl = "x.db"\noops\npath = "y.db"\n', 'a.toml');
    expect(facts).toMatchObject({ read: 'tokens' });
    expect(facts.problem).toMatch(/^line 3: /);
    expect(facts.texts.map(({ v }) => v)).toEqual(['x.db', 'y.db']);
  });

  it('depth and length in bounded time', () => {
    for (const text of [`a = ${'['.repeat(100_000)}`, `a = ${'{b='.repeat(100_000)}`, '[a]\n'.repeat(50_000)]) {
      read(text);
    }
  });
});

describe('pyproject.toml', () => {
  const text = `[project]
dependencies = ["sqlite-utils.db"]
[project.scripts]
run = "pkg.main:go"
[project.entry-points."x.plugins"]
p = "pkg.plug"
[tool.poe.tasks]
dev = "python -m pkg.dev"
[tool.poe.tasks.db]
shell = "cd db && python up.py"
cwd = "sub"
env = { DB = "poe.db" }
[tool.pytest.ini_options]
testpaths = ["tests"]
DJANGO_SETTINGS_MODULE = "pkg.settings"
env = ["D:MODE=test"]
`;
  const facts = read(text);

  it('C3: entry points name modules, and running them runs the module', () => {
    expect(facts.imports.map(({ module, names, at }) => [module, names[0]?.name, text.slice(at[0], at[1])])).toEqual([
      ['pkg.main', 'go', 'pkg.main'],
      ['pkg.plug', undefined, 'pkg.plug'],
      ['pkg.dev', undefined, 'pkg.dev'],
      ['pkg.settings', undefined, 'pkg.settings'],
    ]);
    expect(facts.commands.map(({ by, cwd, words, env }) => [by, cwd, words.join(' '), env])).toEqual([
      ['script run', undefined, 'python -m pkg.main', {}],
      ['script dev', undefined, 'python -m pkg.dev', {}],
      ['script db', 'sub/db', 'python up.py', { DB: 'poe.db' }],
    ]);
  });

  it('settings and variables; requirements are neither', () => {
    expect(facts.settings?.map(({ key }) => key)).toContain('tool.pytest.ini_options.testpaths.0');
    expect(facts.variables).toMatchObject([{ name: 'MODE', value: 'test', by: 'script pytest' }]);
    expect(facts.texts.map(({ v }) => v)).toEqual(['poe.db']);
  });

  it('hosting files', () => {
    const fly = read(
      '[deploy]\nrelease_command = "python m.py"\n[env]\nDB = "/data/x.db"\n[mounts]\nsource = "vol"\ndestination = "/data"\n',
      'fly.toml',
    );
    expect(fly).toMatchObject({
      commands: [{ by: 'script deploy', words: ['python', 'm.py'] }],
      variables: [{ name: 'DB', value: '/data/x.db', by: '' }],
      places: [{ mounts: [{ source: 'vol', target: '/data', named: true }] }],
    });
  });
});
