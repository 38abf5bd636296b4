import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, it } from 'vitest';
import { block, commandLine, table, withEdge, wrap } from './page.ts';
import { printable } from './printable.ts';

it('control characters and marks that reorder text cannot reach the terminal', () => {
  expect(printable('a\u001b[2Jb\nc\u202ed\u0000')).toBe('a\\e[2Jb\\nc\\u{202e}d\\u{0}');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(printable(text)).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
    }),
  );
});

it('no line is wider than asked, whatever the text, and no character is lost', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.integer({ min: 4, max: 60 }), (text, width) => {
      const lines = wrap(text, width);
      for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(width);
      expect(lines.join('').replaceAll(' ', '')).toBe(printable(text).replaceAll(' ', ''));
    }),
  );
});

it('an indented block keeps its indent, and an edge takes a line of its own where there is no room', () => {
  expect(block('  at  ', 'one two three', 12)).toEqual(['  at  one', '      two', '      three']);
  expect(withEdge(['short'], 'code', 14)).toEqual(['short     code']);
  expect(withEdge(['rather long'], 'code', 14)).toEqual(['rather long', '          code']);
});

it('a table too wide for the page says everything below the first column', () => {
  const specs = [{ title: 'path' }, { title: 'kind', plain: true }, { title: 'rows', align: 'right' }] as const;
  const rows = [
    ['a/long/path.db', 'sqlite', '1,200'],
    ['b', '', '3'],
  ];
  expect(table(specs, rows, 40)).toEqual([
    'path            kind     rows',
    'a/long/path.db  sqlite  1,200',
    'b                           3',
  ]);
  expect(table(specs, rows, 20)).toEqual(['a/long/path.db', '  sqlite · rows', '  1,200', 'b', '  rows 3']);
});

it('a command can be pasted into a shell, whatever the names', () => {
  const words = (line: string): string[] =>
    execFileSync('bash', ['-c', `desprawl() { printf '%s\\0' "$@"; }; ${line}`])
      .toString()
      .split('\0')
      .slice(0, -1);
  const odd = ['diff', "it's", 'a b', '$HOME', 'new\nline', '\\', '-x', 'ü', "both ' and \n"];
  expect(words(commandLine(odd))).toEqual(odd);
  expect(commandLine(['diff', 'data/hub.db'])).toBe('desprawl diff data/hub.db');
});
