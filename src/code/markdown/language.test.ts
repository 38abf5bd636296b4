import { describe, expect, it } from 'vitest';
import type { FileFacts } from '../facts.ts';
import { markdown } from './language.ts';

const read = (text: string): FileFacts => markdown.structure(text, 'README.md');
const commands = (text: string): string[] =>
  read(text).commands.map(({ cwd, words }) => `${cwd ?? ''} | ${words.join(' ')}`);

describe('prose', () => {
  it('blocks of a shell are weak commands, each block by itself', () => {
    const text = '# X\n```bash\ncd api\nexport DB=x.db\npython a.py # go\n```\n- ```sh\n  python b.py\n  ```\n';
    expect(commands(text)).toEqual(['api | python a.py', ' | python b.py']);
    const { commands: found, variables } = read(text);
    expect(found.every(({ weak, by }) => weak === true && by === 'docs')).toBe(true);
    expect(found[0]?.env).toEqual({ DB: 'x.db' });
    expect(variables).toEqual([]);
    expect(found[1] && text.slice(found[1].at[0], found[1].at[1])).toBe('python b.py');
  });

  it('in a session only what follows a prompt was typed', () => {
    expect(commands('```console\n$ python a.py \\\n    --x\npython output\n$ python b.py\n```\n')).toEqual([
      ' | python a.py --x',
      ' | python b.py',
    ]);
    expect(commands('text\n\n    $ python c.py\n    output\n')).toEqual([' | python c.py']);
    expect(commands('```\n$ python d.py\n```\n```\npython output\n```\n```python\npython = 1\n```\n')).toEqual([
      ' | python d.py',
    ]);
    expect(commands('```bash\n{"a": 1}\nResponse: 200\n```\n')).toEqual([]);
  });

  it('C22: names of stores and sources, as prose', () => {
    const text =
      'Rows live in `data/x.db`, not in **y.sqlite**. See src/a.py and a.b.c, https://x.org/z.db.\n"C:\\d\\w.db" `self.db`?\n';
    const facts = read(text);
    expect(facts.texts.map(({ v, at }) => [v, text.slice(at[0], at[1])])).toEqual([
      ['data/x.db', 'data/x.db'],
      ['y.sqlite', 'y.sqlite'],
      ['src/a.py', 'src/a.py'],
      ['C:\\d\\w.db', 'C:\\d\\w.db'],
      ['self.db', 'self.db'],
    ]);
    expect(facts.texts.every(({ prose }) => prose === true)).toBe(true);
  });

  it('links to files, not to pages or headings', () => {
    const text = '[a](docs/a.md#x) [b](https://x.org) [c](#y) ![d](<d.png>)\n[e]: ../e.py\n';
    const { references } = read(text);
    expect(references.map(({ target, kind, at }) => [target, kind, text.slice(at[0], at[1])])).toEqual([
      ['docs/a.md', 'link', 'docs/a.md'],
      ['d.png', 'link', 'd.png'],
      ['../e.py', 'link', '../e.py'],
    ]);
  });

  it('an open fence, and lines of a megabyte', () => {
    expect(commands('```sh\npython a.py')).toEqual([' | python a.py']);
    for (const text of ['x.'.repeat(1_000_000), ']('.repeat(100_000), '```sh\n'.repeat(50_000)]) {
      read(text);
    }
  });
});
