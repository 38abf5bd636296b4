/** Lines that open what is not there, and that ask before whether it is: never proven to be missing. */
import { describe, expect, it } from 'vitest';
import { bindingsOf, said } from '../../test/builders/program-bindings.ts';

const MISSING = ['proven missing a.csv'];
const ASKED = ['likely missing a.csv'];

describe('S13: a file that is absent', () => {
  it.each([
    ['opened', "open('a.csv')", MISSING],
    ['asked for by the same path', "if os.path.exists('a.csv'):\n    open('a.csv')", ASKED],
    ['by another spelling of it', "if os.path.isfile(os.path.join(HERE, 'a.csv')):\n    open(HERE + '/a.csv')", ASKED],
    ['asked for only after it', "open('a.csv')\nos.path.exists('a.csv')", MISSING],
    ['of which another was asked for', "if os.path.exists('b.csv'):\n    open('a.csv')", MISSING],
    ['left early', "def f(p):\n    if not os.path.exists(p):\n        return\n    open(p)\n\nf('a.csv')", ASKED],
    ['asked for in another function', "def g():\n    os.path.exists('a.csv')\n\nopen('a.csv')", MISSING],
  ])('%s', async (_, code, expected) => {
    const text = `import os\nHERE = os.path.dirname(os.path.abspath(__file__))\n${code}\n`;
    const found = await bindingsOf({ 'app.py': text, Makefile: 'run:\n\tpython app.py\n' });
    expect(found.map(said)).toEqual(expected);
  });

  it('that a loop asks for, item by item', async () => {
    const text = `import shutil
from pathlib import Path
ROOT = Path(__file__).parent
for path in [ROOT / 'a.db', ROOT / 'b.db']:
    if path.exists():
        shutil.copy2(path, ROOT / 'all.db')
`;
    const found = await bindingsOf({ 'unify.py': text });
    expect(found.filter(({ target }) => target.kind === 'missing').map(said)).toEqual([
      'likely missing a.db',
      'likely missing b.db',
    ]);
    expect(found[0]?.assumes).toContain('the file is there, which is asked first');
  });

  it('that Node asks for', async () => {
    const code = (question: string): Readonly<Record<string, string>> => ({
      'app.js': `const fs = require('node:fs');\nconst FILE = __dirname + '/a.csv';\n${question}fs.readFileSync(FILE);\n`,
    });
    expect((await bindingsOf(code(''))).map(said)).toEqual(MISSING);
    expect((await bindingsOf(code('if (!fs.existsSync(FILE)) process.exit(1);\n'))).map(said)).toEqual(ASKED);
  });
});
