import { execFileSync } from 'node:child_process';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Expr } from '../code/facts.ts';
import { python } from '../code/python/language.ts';
import { typescript } from '../code/typescript/language.ts';
import { inLiteral } from './literal.ts';
import { splice } from './splice.ts';

type Text = Expr & { k: 'text' };

/** The literal parts of an expression and what stands between them, in order. */
function partsOf(expr: Expr): readonly (Text | string)[] {
  if (expr.k === 'text') return [expr];
  if (expr.k === 'concat') return expr.parts.flatMap(partsOf);
  return [expr.k === 'name' ? expr.v : '?'];
}

interface Tried {
  readonly source: string;
  /** What the expression must give after the edit; holes have their own names. */
  readonly expected: string;
  readonly edited: boolean;
}

/** Edits units `from` to `to` of one part of the expression, where that is possible. */
function tryEdit(
  source: string,
  expr: Expr,
  which: number,
  cut: readonly [number, number],
  added: string,
  language: 'python' | 'typescript',
): Tried {
  const parts = partsOf(expr);
  const texts = parts.filter((part) => typeof part !== 'string');
  const part = texts[which % Math.max(1, texts.length)];
  const same = {
    source,
    expected: parts.map((one) => (typeof one === 'string' ? one : one.v)).join(''),
    edited: false,
  };
  if (part === undefined) return same;
  const from = cut[0] % (part.v.length + 1);
  const to = from + (cut[1] % (part.v.length - from + 1));
  const literal = inLiteral(source, part.at, part.v, language);
  const span = literal?.place(from, to, added);
  if (span == null) return same;
  return {
    source: splice(source, [{ ...span, with: added, why: '', action: '' }]),
    expected: parts
      .map((one) =>
        typeof one === 'string' ? one : one === part ? one.v.slice(0, from) + added + one.v.slice(to) : one.v,
      )
      .join(''),
    edited: true,
  };
}

const added = fc.constantFrom(
  'data/main.db',
  'x',
  '',
  'ä',
  'a b',
  "it's",
  '"',
  '{a}',
  '${a}',
  '\\',
  '#',
  '..',
  "'",
  'n',
);
const cut = fc.tuple(fc.nat(30), fc.nat(12));

function pythonValues(sources: readonly string[]): readonly string[] {
  const program = `
import json, sys
print(json.dumps([eval(compile(s[4:], "x", "eval"), {"a": "a", "b": "b"}) for s in json.load(sys.stdin)]))`;
  return JSON.parse(
    execFileSync('python3', ['-W', 'ignore', '-c', program], { input: JSON.stringify(sources), encoding: 'utf8' }),
  );
}

describe('edits inside literals', () => {
  test('Python reads what was planned: prefixes, quotes, escapes, joined literals, f-strings (C19–C22)', () => {
    const unit = fc.constantFrom(
      'data/',
      'auth.db',
      'é',
      '\\n',
      '\\\\',
      '\\x41',
      '\\u00e4',
      '\\q',
      '{a}',
      '{b}',
      '{{',
      '}}',
      ' ',
      "\\'",
      '\\"',
      '/',
    );
    const literal = fc
      .tuple(
        fc.constantFrom('', 'r', 'f', 'rf', 'u'),
        fc.constantFrom('"', "'", '"""', "'''"),
        fc.array(unit, { maxLength: 5 }),
      )
      .map(([prefix, quote, parts]) => `${prefix}${quote}${parts.join('')}${quote}`);
    const source = fc
      .tuple(
        fc.array(literal, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(' ', '\n  ', '  # a comment\n\t', ' \\\n '),
      )
      .map(([literals, between]) => `X = (${literals.join(between)})`);
    const tried: Tried[] = [];
    fc.assert(
      fc.property(source, fc.nat(5), cut, added, (written, which, at, by) => {
        const facts = python.structure(written, 'x.py');
        const value = facts.assigns[0]?.value;
        if (facts.read !== 'structure' || value === undefined) return;
        tried.push(tryEdit(written, value, which, at, by, 'python'));
      }),
      { numRuns: 4000, seed: 7 },
    );
    const valid = tried.filter(({ source: text }) => text.startsWith('X = '));
    expect(pythonValues(valid.map(({ source: text }) => text))).toEqual(valid.map(({ expected }) => expected));
    expect(valid.filter(({ edited }) => edited).length).toBeGreaterThan(800);
  });

  test('Node reads what was planned: quotes, escapes, templates', () => {
    const unit = fc.constantFrom(
      'data/',
      'auth.db',
      'é',
      '\\n',
      '\\\\',
      '\\x41',
      '\\u00e4',
      '\\u{1F600}',
      '\\q',
      '${a}',
      '${b}',
      '$',
      ' ',
      "\\'",
      '\\"',
      '\\`',
      '/',
    );
    const source = fc
      .tuple(fc.constantFrom('"', "'", '`'), fc.array(unit, { maxLength: 6 }))
      .map(([quote, parts]) => `x = ${quote}${parts.join('')}${quote}`);
    let edited = 0;
    fc.assert(
      fc.property(source, fc.nat(5), cut, added, (written, which, at, by) => {
        const value = typescript.structure(written, 'x.js').assigns[0]?.value;
        if (value === undefined) return;
        const tried = tryEdit(written, value, which, at, by, 'typescript');
        if (tried.edited) edited++;
        expect(runInNewContext(tried.source, { a: 'a', b: 'b' })).toBe(tried.expected);
      }),
      { numRuns: 4000, seed: 7 },
    );
    expect(edited).toBeGreaterThan(800);
  });

  test('the literal that holds the part is edited; a part in two literals is none', () => {
    const source = "X = 'data/' 'auth.db'";
    const literal = inLiteral(source, [4, source.length, 1], 'data/auth.db', 'python');
    expect(literal?.place(5, 12, 'main.db')).toEqual({ start: 13, end: 20 });
    expect(literal?.place(0, 12, 'x')).toBeNull();
  });

  test('an escape inside the part is left alone, one beside it is not', () => {
    const source = String.raw`'a\\b/auth.db'`;
    const literal = inLiteral(source, [0, source.length, 1], 'a\\b/auth.db', 'typescript');
    expect(literal?.place(0, 3, 'x')).toBeNull();
    expect(literal?.place(4, 11, 'x')).toEqual({ start: 6, end: 13 });
  });

  test('texts without quotes take what every format reads as part of a word', () => {
    const source = 'DB=data/auth.db';
    const literal = inLiteral(source, [3, source.length, 1], 'data/auth.db', 'env');
    expect(literal?.place(5, 12, 'main.db')).toEqual({ start: 8, end: 15 });
    expect([literal?.place(5, 12, 'ma in.db'), literal?.place(5, 12, '$X')]).toEqual([null, null]);
  });

  test('quotes of a format that expands variables take no dollar', () => {
    const source = '"data/auth.db"';
    expect(inLiteral(source, [0, 14, 1], 'data/auth.db', 'php')?.place(5, 12, '$x')).toBeNull();
    expect(inLiteral(source, [0, 14, 1], 'data/auth.db', 'json')?.place(5, 12, '$x')).toEqual({ start: 6, end: 13 });
  });
});
