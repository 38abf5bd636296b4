import { describe, expect, it } from 'vitest';
import { scan } from './scan.ts';
import * as t from './tokens.ts';

const NAMES: Readonly<Record<number, string>> = {
  [t.NEWLINE]: 'NEWLINE',
  [t.INDENT]: 'INDENT',
  [t.DEDENT]: 'DEDENT',
  [t.BAD]: 'BAD',
};

/** Tokens as written; those without a spelling by name. */
function spelt(text: string): string[] {
  const { data, count } = scan(text);
  return Array.from({ length: count - 1 }, (_, index) => {
    const at = index * t.STRIDE;
    return NAMES[data[at] as number] ?? text.slice(data[at + 1], data[at + 2]);
  });
}

const problem = (text: string): string | undefined => scan(text).problem?.message;

describe('strings', () => {
  it.each([
    ["r'\\\\'", undefined],
    ["r'\\'", 'string is never closed'],
    ["b'a' rb'b' BR'c' u'd' Rb'e'", undefined],
    ["'it\\'s'", undefined],
    ["'''a'b\"c'''", undefined],
    ["'''a\\'''b'''", undefined],
    ['"""a\n"b"\n"""', undefined],
    ["'a\\\nb'", undefined],
    ["'a\nb'", 'string is never closed'],
    ["'''a", 'string is never closed'],
  ])('%j', (text, expected) => {
    expect(problem(`x = ${text}\n`)).toBe(expected);
  });

  it('are one token each, whatever their prefix', () => {
    expect(spelt("rb'a' F'b' xb'c'")).toEqual(["rb'a'", "F'b'", 'xb', "'c'", 'NEWLINE']);
  });

  it.each([
    'f"{x}"',
    'f"{x!r:>{width}}"',
    'f"{{}}"',
    `f"{d['a']}"`,
    'f"{d["a"]}"',
    'f"{f"{f"{x}"}"}"',
    `f'''{
      x  # a comment with ' in it
    }'''`,
    'rf"\\{x}"',
    'f"\\N{DIGIT ONE}{x}"',
    'f"{x:%Y-%m-%d}"',
    'f"{a != b}"',
    'f"{(lambda y: y)(x)}"',
    'f"{x:{"}" + "a"}}"',
  ])('a template is one token: %s', (text) => {
    expect(spelt(`${text} + 1`)).toEqual([text, '+', '1', 'NEWLINE']);
    expect(problem(text)).toBeUndefined();
  });

  it('a template whose hole is not closed ends with its quotes', () => {
    expect(spelt('a = f"{x"\nb = 1\n')).toEqual(['a', '=', 'f"{x"', 'NEWLINE', 'b', '=', '1', 'NEWLINE']);
  });
});

describe('lines', () => {
  it('brackets, backslashes, comments and empty lines do not end them', () => {
    expect(spelt('x = (1,\n\n  # c\n 2) + \\\n 3\n\n# d\n')).toEqual([
      'x',
      '=',
      '(',
      '1',
      ',',
      '2',
      ')',
      '+',
      '3',
      'NEWLINE',
    ]);
  });

  it('indentation by blanks and tabs, blank lines left out', () => {
    const text = 'if a:\n\tb\n\n        c\n  # no dedent\nd';
    expect(spelt(text)).toEqual([
      'if',
      'a',
      ':',
      'NEWLINE',
      'INDENT',
      'b',
      'NEWLINE',
      'c',
      'NEWLINE',
      'DEDENT',
      'd',
      'NEWLINE',
    ]);
  });

  it('every end of line, a byte order mark and form feeds', () => {
    expect(spelt('\ufeffa\r\nb\rc\n\fd')).toEqual(['a', 'NEWLINE', 'b', 'NEWLINE', 'c', 'NEWLINE', 'd', 'NEWLINE']);
  });

  it('an indentation that fits no block is said', () => {
    expect(problem('if a:\n    b\n  c\n')).toBe('unindent does not match any outer level');
  });
});

describe('what is no Python', () => {
  it('C21: a bracket that is never closed ends before the next definition', () => {
    const text = 'x = call(1,\n  2\ndef f():\n    pass\n';
    expect(spelt(text)).toEqual(
      ['x', '=', 'call', '(', '1', ',', '2', 'NEWLINE', 'def', 'f', '(', ')', ':', 'NEWLINE'].concat([
        'INDENT',
        'pass',
        'NEWLINE',
        'DEDENT',
      ]),
    );
    expect(scan(text).problem).toEqual({ at: 8, message: 'bracket was never closed' });
  });

  it('C21: words that may stand inside of brackets close none', () => {
    expect(problem('x = [\n  a\n  for a in b\n  if a\n  else c\n  async for d in e\n]\n')).toBeUndefined();
    expect(problem('y = (yield\n  from import_)\n')).toBeUndefined();
  });

  it('C21: both sides of a merge conflict are read', () => {
    const text = '<<<<<<< HEAD\na = 1\n=======\na = 2\n>>>>>>> other\n';
    expect(spelt(text)).toEqual(['a', '=', '1', 'NEWLINE', 'a', '=', '2', 'NEWLINE']);
    expect(problem(text)).toBe('merge conflict marker');
    expect(problem('"""\n=======\nTitle\n=======\n"""\n')).toBeUndefined();
  });

  it('names in every script, and quotes that are none', () => {
    expect(problem('größe = 変数\n')).toBeUndefined();
    expect(problem('x = “a”\n')).toBe('invalid character');
  });

  it.each(['0777', '10L', 'a <> b'])('Python 2: %s', (text) => {
    expect(problem(`x = ${text}\n`)).toBeDefined();
  });

  it.each(['0', '00', '0_0', '0x_ff', '1_000', '1e-5', '.5', '1.', '5j', '0b1', '0o17', '1if x else 2'])(
    'a number: %s',
    (text) => {
      expect(problem(`x = ${text}\n`)).toBeUndefined();
    },
  );
});
