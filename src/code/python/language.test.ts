import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Expr, FileFacts } from '../facts.ts';
import { python } from './language.ts';

/** How deep the expressions of a file are, without recursion. */
function height(facts: FileFacts): number {
  let highest = 0;
  const queue: [unknown, number][] = [...facts.assigns, ...facts.statements].map(({ value }) => [value, 1]);
  for (const scope of facts.scopes) for (const value of scope.returns ?? []) queue.push([value, 1]);
  const seen = new Set<unknown>();
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const [value, depth] = next;
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    const deeper = (value as Partial<Expr>).k === undefined ? depth : depth + 1;
    highest = Math.max(highest, depth);
    for (const part of Object.values(value)) queue.push([part, deeper]);
  }
  return highest;
}

describe('bad input is bounded in time and depth', () => {
  it.each<[string, string]>([
    ['brackets', `x = ${'('.repeat(10_000)}1${')'.repeat(10_000)}\ny = 1\n`],
    ['open brackets', `x = ${'['.repeat(10_000)}`],
    ['mixed brackets', `${'([{'.repeat(10_000)}${')]}'.repeat(10_000)}`],
    ['calls', `x = a${'()'.repeat(50_000)}`],
    ['members', `x = a${'.b'.repeat(50_000)}`],
    ['a long sum', `x = 1${' + a'.repeat(50_000)}`],
    ['a long sum of texts', `x = ${'"a" + b + '.repeat(20_000)}"c"`],
    ['not not not', `x = ${'not '.repeat(50_000)}y`],
    ['signs', `x = ${'-'.repeat(50_000)}y`],
    ['lambdas', `x = ${'lambda: '.repeat(20_000)}y`],
    ['conditions', `x = ${'a if b else '.repeat(20_000)}c`],
    ['blocks', Array.from({ length: 1000 }, (_, depth) => `${' '.repeat(depth)}if x:`).join('\n')],
    ['elif', `if x:\n  y\n${'elif z:\n  y\n'.repeat(20_000)}`],
    ['templates in templates', `x = ${'f"{'.repeat(5000)}`],
    ['open templates', 'f"{\n'.repeat(50_000)],
    ['open texts', "'''\\\n".repeat(50_000)],
    ['comprehensions', `x = ${'['.repeat(150)}y${' for y in z]'.repeat(150)}`],
    ['a list', `x = [${'1, '.repeat(200_000)}]`],
    ['closing brackets', ')'.repeat(50_000)],
    ['conflicts', '<<<<<<< a\nx=1\n=======\nx=2\n>>>>>>> b\n'.repeat(5000)],
    ['open imports', 'from a import (b\n'.repeat(20_000)],
    ['no colon, no dot, no brace', 'x = f(b"aaaaaa", f"bbbbbb")\n'.repeat(30_000)],
    ['a path through itself', `${'sys.path.insert(0, A)\n'.repeat(300)}${'A = A\n'.repeat(300)}`],
    ['dots', `# ${'a.'.repeat(100_000)}`],
    ['a 200,000-line file', 'x = connect("a.db")\n'.repeat(200_000)],
  ])('%s', (_, text) => {
    const facts = python.structure(text, 'a.py');
    expect(height(facts)).toBeLessThan(400);
    expect(() => JSON.stringify(facts)).not.toThrow();
  });

  it('what is too deep is unknown, what comes behind it is read', () => {
    const facts = python.structure(`x = ${'('.repeat(1000)}1${')'.repeat(1000)}\ny = 1\n`, 'a.py');
    expect(facts.assigns.map(({ to, value }) => [to, value.k])).toEqual([
      ['x', 'unknown'],
      ['y', 'number'],
    ]);
  });

  it('above 5 MB names and texts are read, above 20 MB nothing; both are said', () => {
    const large = python.structure(`import a\n${'x = 1 # 23456789\n'.repeat(300_000)}`, 'a.py');
    expect(large).toMatchObject({ read: 'tokens', problem: 'larger than 5 MB: names and texts only', assigns: [] });
    expect(large.imports).toHaveLength(1);
    expect(python.outline('#'.repeat(21_000_000), 'a.py')).toMatchObject({
      read: 'none',
      problem: 'larger than 20 MB',
    });
    expect(python.structure('a\0b', 'a.py')).toMatchObject({ read: 'none', problem: 'binary' });
  });

  const piece = fc.constantFrom(
    ...[
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      '"',
      "'",
      '"""',
      'f"',
      '{',
      ':',
      ',',
      '=',
      ':=',
      '\\',
      '\n',
      '\n  ',
      '\t',
      '#',
      '@',
      '.',
      '...',
    ],
    ...[
      'def f',
      'class A',
      'if ',
      'else',
      'for ',
      ' in ',
      'lambda ',
      'import ',
      'from ',
      'with ',
      ' as ',
      'match x',
      'case ',
      'global ',
    ],
    ...[
      'a',
      'b.c',
      '1',
      '0x',
      '"a.db"',
      'yield',
      'await ',
      'async ',
      '*',
      '**',
      '->',
      'not ',
      'None',
      'é',
      '“',
      '\r',
      '\ufeff',
      '<<<<<<< ',
    ],
  );
  it('never throws, and every span lies in the file', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join('');
        const facts = python.structure(text, 'a.py');
        for (const { at } of [
          ...facts.imports,
          ...facts.exports,
          ...facts.scopes,
          ...facts.assigns,
          ...facts.statements,
          ...facts.texts,
        ]) {
          expect(at[0]).toBeGreaterThanOrEqual(0);
          expect(at[1]).toBeGreaterThanOrEqual(at[0]);
          expect(at[1]).toBeLessThanOrEqual(text.length);
        }
        for (const { scope } of [...facts.imports, ...facts.assigns, ...facts.statements, ...facts.texts]) {
          expect(facts.scopes[scope]).toBeDefined();
        }
        expect(python.outline(text, 'a.py').exports).toEqual(facts.exports);
      }),
      { numRuns: 600 },
    );
  });
});
