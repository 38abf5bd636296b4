/** Against the interpreters themselves: the same calls, run in one Python and one PHP process for all cases. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyOperation, HOLE } from './path-functions.ts';
import type { Operation } from './symbol.ts';

const hasPython = spawnSync('python3', ['--version']).status === 0;
const hasPhp = spawnSync('php', ['--version']).status === 0;

const segment = fc.constantFrom(
  'data',
  'app.db',
  '..',
  '.',
  '',
  'a b',
  'x.tar.gz',
  '.env',
  'ünï',
  '%20',
  'name.',
  '~',
  '#1',
);
const anyPath = fc
  .tuple(fc.constantFrom('', '/', '//', '///', './', '../', '~/'), fc.array(segment, { maxLength: 5 }))
  .map(([start, parts]) => start + parts.join('/'));

let cwd: string;
const home = '/home/someone';
beforeAll(() => {
  cwd = mkdtempSync(path.join(tmpdir(), 'cwd-'));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

type Case = readonly [op: Operation, of: readonly string[]];

function ours(cases: readonly Case[]): readonly string[] {
  return cases.map(([op, of]) => applyOperation(op, of, { cwd, home }));
}

const PYTHON = `
import json, os, sys
from pathlib import PurePosixPath, Path
P = PurePosixPath
ops = {
  'python-join': lambda *a: os.path.join(*a),
  'python-dirname': lambda a: os.path.dirname(a),
  'python-basename': lambda a: os.path.basename(a),
  'python-abspath': lambda a: os.path.abspath(a),
  'python-normpath': lambda a: os.path.normpath(a),
  'python-expanduser': lambda a: os.path.expanduser(a),
  'pathlib': lambda *a: str(P(*a)),
  'pathlib-parent': lambda a: str(P(a).parent),
  'pathlib-absolute': lambda a: str(Path(a).absolute()),
  'with-name': lambda a, b: str(P(a).with_name(b)),
  'with-suffix': lambda a, b: str(P(a).with_suffix(b)),
  'stem': lambda a: P(a).stem,
  'suffix': lambda a: P(a).suffix,
  'replace': lambda a, b, c: a.replace(b, c) if b else a,
  'remove-prefix': lambda a, b: a.removeprefix(b),
  'remove-suffix': lambda a, b: a.removesuffix(b),
}
out = []
for op, args in json.load(sys.stdin):
  try: out.append(ops[op](*args))
  except ValueError: out.append(None)
json.dump(out, sys.stdout)
`;

function inPython(cases: readonly Case[]): readonly (string | null)[] {
  const output = execFileSync('python3', ['-c', PYTHON], {
    cwd,
    env: { ...process.env, HOME: home },
    input: JSON.stringify(cases),
    maxBuffer: 1e8,
  });
  return JSON.parse(output.toString('utf8')) as (string | null)[];
}

const many = (op: Operation, args: fc.Arbitrary<readonly string[]>): readonly Case[] =>
  fc.sample(args, 400).map((of) => [op, of] as const);

const one = anyPath.map((value) => [value]);
const pair = fc.tuple(anyPath, anyPath);

describe.runIf(hasPython)('Python', () => {
  it.each<[Operation, fc.Arbitrary<readonly string[]>]>([
    ['python-join', fc.array(anyPath, { minLength: 1, maxLength: 4 })],
    ['python-dirname', one],
    ['python-basename', one],
    ['python-abspath', one],
    ['python-normpath', one],
    ['python-expanduser', one],
    ['pathlib', fc.array(anyPath, { minLength: 1, maxLength: 4 })],
    ['pathlib-parent', one],
    ['pathlib-absolute', one],
    ['with-name', fc.tuple(anyPath, fc.constantFrom('x.db', 'y'))],
    ['with-suffix', fc.tuple(anyPath, fc.constantFrom('.bak', '', '.tar'))],
    ['stem', one],
    ['suffix', one],
    ['replace', fc.tuple(anyPath, fc.constantFrom('a', '.db', '/'), fc.constantFrom('', 'x'))],
    ['remove-prefix', pair],
    ['remove-suffix', pair],
  ])('%s', (op, args) => {
    const cases = many(op, args);
    const real = inPython(cases);
    // Where Python raises (`with_name` of a path without a name) no program goes on.
    const pairs = ours(cases).map((value, index) => [cases[index]?.[1], real[index] === null ? null : value]);
    expect(pairs).toEqual(real.map((value, index) => [cases[index]?.[1], value]));
    expect(real.filter((value) => value !== null).length).toBeGreaterThan(200);
  });
});

describe('Node', () => {
  it.each<[Operation, fc.Arbitrary<readonly string[]>, (...of: string[]) => string]>([
    ['node-join', fc.array(anyPath, { maxLength: 4 }), path.posix.join],
    ['node-resolve', fc.array(anyPath, { maxLength: 4 }), (...of) => path.posix.resolve(cwd, ...of)],
    ['node-dirname', one, path.posix.dirname],
    ['node-basename', fc.oneof(one, fc.tuple(anyPath, fc.constant('.db'))), path.posix.basename],
    ['node-normalize', one, path.posix.normalize],
    ['node-extname', one, path.posix.extname],
    [
      'from-file-url',
      anyPath.map((value) => [pathToFileURL(path.resolve('/x', value)).href]),
      (url) => fileURLToPath(url),
    ],
    [
      'url-resolve',
      fc
        .tuple(anyPath, fc.constantFrom('file:///a/b/c.mjs', 'file:///x.js'))
        .filter(([reference, base]) => URL.canParse(reference, base)),
      (reference, base) => new URL(reference as string, base).href,
    ],
  ])('%s', (op, args, real) => {
    for (const [, of] of many(op, args)) {
      expect([of, applyOperation(op, of, { cwd, home })]).toEqual([of, real(...of)]);
    }
  });
});

describe.runIf(hasPhp)('PHP', () => {
  it('php-dirname', () => {
    const cases = fc.sample(fc.tuple(anyPath, fc.constantFrom('1', '2', '3')), 400);
    const output = execFileSync(
      'php',
      [
        '-r',
        'echo json_encode(array_map(fn($c) => dirname($c[0], (int)$c[1]), json_decode(stream_get_contents(STDIN))));',
      ],
      { input: JSON.stringify(cases) },
    );
    expect(cases.map((of) => applyOperation('php-dirname', of, { cwd, home }))).toEqual(JSON.parse(output.toString()));
  });
});

describe('a part that is not known', () => {
  it('travels through', () => {
    expect(applyOperation('node-join', ['data', `cache_${HOLE}.db`], { cwd, home })).toBe(`data/cache_${HOLE}.db`);
    expect(applyOperation('pathlib', ['/srv', HOLE, 'x.db'], { cwd, home })).toBe(`/srv/${HOLE}/x.db`);
    mkdirSync(path.join(cwd, 'sub'), { recursive: true });
    expect(applyOperation('python-abspath', [`sub/../${HOLE}`], { cwd, home })).toBe(`${cwd}/${HOLE}`);
  });
});
