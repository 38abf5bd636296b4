/** Names that come from other files without being named there. */
import { expect, it } from 'vitest';
import { buildProgram } from '../../test/builders/program.ts';
import { settle } from './settle.ts';
import { asSymbol } from './value.ts';

async function seen(
  texts: Readonly<Record<string, string>>,
  file: string,
  names: readonly string[],
): Promise<Readonly<Record<string, readonly (string | null)[]>>> {
  const { evaluator, contexts } = await buildProgram(texts);
  const context = contexts.of(file)[0];
  if (context === undefined) throw new Error('no context');
  return Object.fromEntries(
    names.map((name) => [
      name,
      settle(asSymbol(evaluator.exported(file, name)), context).map(({ value, holes }) =>
        holes.length > 0 ? '?' : value,
      ),
    ]),
  );
}

it('PHP: what an included file includes is seen, variables and constants alike', async () => {
  const texts = {
    'public/index.php': `<?php
require '../src/boot.php';
require '../src/more.php';
$a = DB_PATH; $b = $path; $c = FOLDER; $d = MORE; $e = NOWHERE; $f = $own;
`,
    'src/boot.php': "<?php\nrequire_once __DIR__ . '/config.php';\n$own = 'boot.db';\n",
    'src/config.php': `<?php
require_once __DIR__ . '/folders.php';
define('DB_PATH', FOLDER . '/app.db');
$path = DB_PATH . '.old';
$own = 'config.db';
`,
    'src/folders.php': "<?php\nconst FOLDER = '/srv/data';\n",
    'src/more.php': "<?php\nconst MORE = 'more.db';\nfunction inner() { $hidden = 'x.db'; return $hidden; }\n",
  };
  expect(await seen(texts, 'public/index.php', ['a', 'b', 'c', 'd', 'e', 'f'])).toEqual({
    a: ['/srv/data/app.db'],
    b: ['/srv/data/app.db.old'],
    c: ['/srv/data'],
    d: ['more.db'],
    e: ['?'],
    // What a file sets itself hides what it includes.
    f: ['boot.db'],
  });
});

it('PHP: a name of a function, or of a file that is not included, is not seen', async () => {
  const texts = {
    'index.php': "<?php\nrequire 'a.php';\n$x = $hidden; $y = OTHER;\n",
    'a.php': "<?php\nfunction inner() { $hidden = 'x.db'; }\n",
    'b.php': "<?php\nconst OTHER = 'b.db';\n",
  };
  expect(await seen(texts, 'index.php', ['x', 'y'])).toEqual({ x: ['?'], y: ['?'] });
});

it('two files that give a name are two possibilities', async () => {
  const texts = {
    'index.php': "<?php\nrequire 'a.php';\nrequire 'b.php';\n$x = $path; $y = $same;\n",
    'a.php': "<?php\n$path = 'a.db'; $same = 's.db';\n",
    'b.php': "<?php\n$path = 'b.db'; $same = 's.db';\n",
  };
  expect(await seen(texts, 'index.php', ['x', 'y'])).toEqual({ x: ['a.db', 'b.db'], y: ['s.db'] });
});

it('Python: the first star that leads elsewhere does not hide the next', async () => {
  const texts = {
    'main.py': 'from one import *\nfrom two import *\nx = PATH\n',
    'one.py': 'from other import *\n',
    'other.py': 'NAME = 1\n',
    'two.py': 'from three import *\n',
    'three.py': "PATH = 'three.db'\n",
  };
  expect(await seen(texts, 'main.py', ['x'])).toEqual({ x: ['three.db'] });
});

it('files that include each other end', async () => {
  const files = Array.from({ length: 60 }, (_, one) => one);
  const all = files.map((one) => `require 'f${one}.php';`).join('\n');
  const texts = Object.fromEntries(files.map((one) => [`f${one}.php`, `<?php\n${all}\n`]));
  expect(await seen({ ...texts, 'index.php': `<?php\n${all}\n$x = $nowhere;\n` }, 'index.php', ['x'])).toEqual({
    x: ['?'],
  });
});
