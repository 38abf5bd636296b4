import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileFacts } from '../facts.ts';
import { parseJsonc } from './jsonc.ts';
import { json } from './language.ts';

const read = (text: string, name = 'package.json'): FileFacts => json.structure(text, name);

describe('JSON with comments', () => {
  it('is what JSON.parse says, for every value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(4), (value, indent) => {
        const { value: found, problem } = parseJsonc(JSON.stringify(value, null, indent));
        expect(problem).toBeUndefined();
        expect(found).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('comments, trailing commas and a byte order mark', () => {
    const text = '\uFEFF{ // a\n "a": [1, 2,], /* b */ "u": "http://x//y", "p": true, }';
    expect(parseJsonc(text)).toEqual({ value: { a: [1, 2], u: 'http://x//y', p: true } });
  });

  it.each(['{"a": 1', '{"a": }', '[1 2', 'nonsense', '', '{"a": "x\n"}', '{"a" 1}', ']', '{"a": 1} x'])(
    'C21: %j does not throw',
    (text) => {
      parseJsonc(text);
      expect(read(text).problem ?? read(text).read).toBeTruthy();
    },
  );

  it('says what is broken and keeps what is not', () => {
    expect(parseJsonc('{\n"a": 1,\n"b": oops,\n"c": 3}')).toEqual({
      value: { a: 1, c: 3 },
      problem: 'line 3: oops is no JSON',
    });
  });

  it('depth costs no stack, and a key is only a key', () => {
    expect(parseJsonc('['.repeat(100_000) + ']'.repeat(100_000)).problem).toBeUndefined();
    const { value } = parseJsonc('{"__proto__": {"x": 1}}') as { value: Record<string, unknown> };
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect((value as { x?: number }).x).toBeUndefined();
  });
});

describe('package.json', () => {
  const text = `{
  "name": "x", "main": "./dist/main.js", "version": "1.0.0",
  "bin": { "tool": "bin/tool.js" },
  "scripts": {
    "dev": "cross-env DB=\\"dev.db\\" nodemon --exec 'tsx src/a.ts'",
    "seed": "cd db && node seed.js\\t--x",
    "both": "concurrently \\"npm:dev\\" \\"node b.js\\""
  },
  "prisma": { "schema": "db/schema.prisma", "seed": "ts-node db/seed.ts" },
  "dependencies": { "sqlite3.db": "file:../a.db", "x": "1.0.0" },
  "jest": { "setupFiles": ["./test/setup.js"] }
}`;
  const facts = read(text);

  it('scripts, with what they set and where', () => {
    expect(facts.commands.map(({ by, cwd, words, env }) => [by, cwd, words.join(' '), env])).toEqual([
      ['script dev', undefined, 'tsx src/a.ts', { DB: 'dev.db' }],
      ['script seed', 'db', 'node seed.js\t--x'.replace('\t', ' '), {}],
      ['script both', undefined, 'npm run dev', {}],
      ['script both', undefined, 'node b.js', {}],
      ['script prisma seed', undefined, 'ts-node db/seed.ts', {}],
    ]);
    expect(facts.commands.some(({ weak }) => weak)).toBe(false);
  });

  it('places point through escapes', () => {
    for (const { target, at } of facts.references) expect(text.slice(at[0], at[1])).toBe(target);
    expect(facts.references.map(({ target }) => target)).toEqual([
      'src/a.ts',
      'seed.js',
      'b.js',
      'db/seed.ts',
      './dist/main.js',
      'bin/tool.js',
      'db/schema.prisma',
      './test/setup.js',
    ]);
  });

  it('C23: dependencies are neither stores nor modules', () => {
    expect(facts.texts.map(({ v }) => v)).toEqual([]);
    expect(facts.settings?.map(({ key, v }) => [key, v])).toEqual([
      ['prisma.schema', 'db/schema.prisma'],
      ['jest.setupFiles.0', './test/setup.js'],
    ]);
  });

  it('composer, nodemon, pm2, launch configurations', () => {
    expect(
      read('{"scripts": {"t": ["@php bin/x.php", "Acme\\\\X::y", "phpunit"]}}', 'composer.json').commands.map(
        ({ words }) => words.join(' '),
      ),
    ).toEqual(['php bin/x.php', 'phpunit']);
    expect(read('{"exec": "node x.js", "env": {"A": "a.db"}}', 'nodemon.json')).toMatchObject({
      commands: [{ words: ['node', 'x.js'] }],
      variables: [{ name: 'A', value: 'a.db' }],
    });
    expect(
      read('{"apps": [{"name": "api", "script": "a.js", "cwd": "srv", "env": {"P": 1}}]}', 'ecosystem.config.json')
        .commands,
    ).toMatchObject([{ by: 'service api', cwd: 'srv', env: { P: '1' } }]);
    expect(
      read(
        `{"configurations": [{"name": "x", "type": "debugpy", "program": "\${workspaceFolder}/a.py"}]}`,
        '.vscode/launch.json',
      ).commands,
    ).toMatchObject([{ words: ['python', '../a.py'], weak: true }]);
  });

  it('other settings, and lock files', () => {
    const other = read('{"db": {"url": "sqlite:///x.db", "pool": 3}, "title": "a.b"}', 'config.json');
    expect(other.settings?.map(({ key, v }) => [key, v])).toEqual([
      ['db.url', 'sqlite:///x.db'],
      ['title', 'a.b'],
    ]);
    expect(read('{"lockfileVersion": 3}')).toMatchObject({ read: 'none', generated: true });
  });
});
