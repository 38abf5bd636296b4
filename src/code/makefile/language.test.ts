import { describe, expect, it } from 'vitest';
import type { FileFacts } from '../facts.ts';
import { makefile } from './language.ts';

const read = (text: string, name = 'Makefile'): FileFacts => makefile.structure(text, name);
const commands = (text: string, name?: string): string[] =>
  read(text, name).commands.map(({ by, cwd, words }) => `${by} | ${cwd ?? ''} | ${words.join(' ')}`);

describe('Makefile', () => {
  it('C19: recipes, line by line, each in the file’s folder', () => {
    const text =
      'DB ?= data/x.db\nPY := python\n.PHONY: all\nall: a.py b.py # c\n\t@cd api && \\\n\t  $(PY) run.py --db $(DB) $$HOME\n\t-$(PY) $< $(OPEN) $@\nclean:; rm $(DB)\n';
    expect(commands(text)).toEqual([
      'target all | api | python run.py --db data/x.db $HOME',
      `target all |  | python a.py \${OPEN} all`,
      'target clean |  | rm data/x.db',
    ]);
    const facts = read(text);
    const run = facts.references.find(({ target }) => target === 'run.py');
    expect(run && text.slice(run.at[0], run.at[1])).toBe('run.py');
    expect(facts.variables.map(({ name, value, by }) => [name, value, by])).toEqual([
      ['DB', 'data/x.db', 'make'],
      ['PY', 'python', 'make'],
    ]);
  });

  it('what is exported is in force; what belongs to one target is said of it', () => {
    const facts = read('export A = 1\nB = 2\nexport B\ntest: DB = t.db\ntest:\n\tpytest\n');
    expect(facts.commands).toMatchObject([{ words: ['pytest'], env: { A: '1', B: '2' } }]);
    expect(facts.variables).toContainEqual(expect.objectContaining({ name: 'DB', value: 't.db', by: 'target test' }));
  });

  it('make’s own functions are no commands, the shell’s are', () => {
    expect(commands('all:\n\techo $(wildcard *.py) $(shell python v.py)\n')).toEqual(['target all |  | python v.py']);
  });

  it('variables that name themselves or each other end', () => {
    const growing = Array.from({ length: 30 }, (_, index) => `V${index} = $(V${index + 1})$(V${index + 1})`).join('\n');
    expect(commands(`A = $(A) x\nB = $(C)\nC = $(B)\n${growing}\nall:\n\tpython $(A) $(B) $(V0)\n`)).toHaveLength(1);
  });

  it('justfiles', () => {
    const text = 'export DB := "x.db"\npy := "python"\n\nrun file=\'a.py\':\n    @cd api && {{py}} {{file}} {{open}}\n';
    expect(commands(text, 'justfile')).toEqual(['target run | api | python a.py {{open}}']);
    expect(read(text, 'justfile').commands[0]?.env).toEqual({ DB: 'x.db' });
  });
});
