import { describe, expect, it } from 'vitest';
import { env } from './language.ts';

describe('.env', () => {
  const text = `# DB=no.db
A=1
export B = two words # comment
C="a # b\\n\\"q\\""
D='it # is'
URL=sqlite:///\${DIR}/x.db
MULTI="one
DB=no
three"
EMPTY=
HASH=a#b
 E: yaml.db
not a line
F="open
G=last.db`;
  const facts = env.structure(text, '.env');

  it('reads as dotenv does', () => {
    expect(facts.variables.map(({ name, value }) => [name, value])).toEqual([
      ['A', '1'],
      ['B', 'two words'],
      ['C', 'a # b\n"q"'],
      ['D', 'it # is'],
      ['URL', `sqlite:///\${DIR}/x.db`],
      ['MULTI', 'one\nDB=no\nthree'],
      ['EMPTY', ''],
      ['HASH', 'a#b'],
      ['E', 'yaml.db'],
      ['F', '"open'],
      ['G', 'last.db'],
    ]);
    expect(facts.variables.every(({ by }) => by === '')).toBe(true);
  });

  it('stands where it says', () => {
    expect(facts.texts.map(({ v, at, holes }) => [text.slice(at[0], at[1]) === v, holes === true])).toEqual([
      [true, true],
      [true, false],
      [true, false],
    ]);
    const multi = facts.variables.find(({ name }) => name === 'MULTI');
    expect(multi && text.slice(multi.at[0], multi.at[1])).toBe('MULTI="one\nDB=no\nthree"');
    expect(multi?.at[2]).toBe(7);
  });

  it('ends of lines of every kind', () => {
    expect(env.outline('A=1\r\nB=2\rC=3', '.env').variables.map(({ value, at }) => [value, at[2]])).toEqual([
      ['1', 1],
      ['2', 2],
      ['3', 3],
    ]);
  });
});
