/** Nesting that would end the process if it reached the parser, or overflow our own stack. */
import { expect, test } from 'vitest';
import { typescript } from './language.ts';

const CASES: Readonly<Record<string, (times: (text: string) => string) => string>> = {
  parentheses: (r) => `${r('(')}1${r(')')}`,
  brackets: (r) => `${r('[')}${r(']')}`,
  blocks: (r) => `${r('{')}${r('}')}`,
  objects: (r) => `x=${r('{a:')}1${r('}')}`,
  sums: (r) => `a${r('+a')}`,
  members: (r) => `a${r('.a')}`,
  calls: (r) => `a${r('()')}`,
  chains: (r) => `a${r('.a(1)\n')}`,
  nots: (r) => `${r('!')}a`,
  arrows: (r) => `${r('a=>')}1`,
  ternaries: (r) => `${r('a?b:')}1`,
  elseIfs: (r) => `if(a){}${r('else if(a){}\n')}`,
  templates: (r) => `${r('`${')}1${r('}`')}`,
  elements: (r) => `x=${r('<a>')}${r('</a>')}`,
  typeofs: (r) => `${r('typeof ')}a`,
  labels: (r) => `${r('a:')};`,
  generics: (r) => `let a: ${r('A<')}b${r('>')}`,
  assignments: (r) => `${r('a=')}1`,
  ands: (r) => `a${r('&&a')}`,
  casts: (r) => `a${r(' as b')}`,
  news: (r) => `${r('new ')}a`,
  loops: (r) => `${r('for(;;)')};`,
  ifs: (r) => `${r('if(a)')};`,
  tags: (r) => `a${r('``')}`,
  sequences: (r) => `a${r(',a')}`,
  patterns: (r) => `let ${r('[')}a${r(']')}=1`,
  functions: (r) => `${r('function a(){')}${r('}')}`,
  classes: (r) => `${r('class A { a = ')}1${r('}')}`,
  conditions: (r) => `type A = ${r('B extends C ? D : ')}E`,
  functionTypes: (r) => `type X = ${r('()=>')}void`,
  dos: (r) => `${r('do ')};${r(' while(0)')}`,
  imports: (r) => `${r('import(')}1${r(')')}`,
  quotes: (r) => r("'"),
  ticks: (r) => r('`'),
  slashes: (r) => r('/a'),
  comments: (r) => r('/*'),
  openTags: (r) => r('<a '),
  exports: (r) => r('export const a = {'),
  requires: (r) => r('const {a = require('),
  names: (r) => `import {${r('a,')}} from 'x'`,
  lists: (r) => `x = [${r("'a.db',")}]`,
};

test.each(Object.keys(CASES))(
  'deep nesting is survived: %s',
  (name) => {
    for (const count of [100, 400, 3_000, 20_000]) {
      // Lines stay short: a long one would be taken for minified code and not be parsed.
      const times = (each: string) => `${each.repeat(Math.min(count, 500))}\n`.repeat(Math.ceil(count / 500));
      const text = `import './kept';\n${(CASES[name] as (r: typeof times) => string)(times)}`;
      for (const file of ['a.ts', 'a.tsx']) {
        const facts = typescript.structure(text, file);
        expect(facts.imports[0]).toMatchObject({ module: './kept' });
        expect(typescript.outline(text, file).imports[0]).toMatchObject({ module: './kept' });
      }
    }
  },
  60_000,
);
