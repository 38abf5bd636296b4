import { expect, it } from 'vitest';
import { unusedModule } from '../../src/audit/detectors/unused-module.ts';
import { entryPoints } from '../../src/code/graph/entry-points.ts';
import type { Unresolved } from '../../src/code/graph/model.ts';
import { unusedModules } from '../../src/code/graph/reachable.ts';
import { codeOf } from '../builders/code.ts';
import { facts } from '../builders/facts.ts';
import { buildProgram } from '../builders/program.ts';

const computed = (from: string): Unresolved => ({
  from,
  fact: { module: null, names: [], kind: 'dynamic', scope: 0, at: [0, 1, 1] },
  status: 'computed',
});

/** All of `texts` but `main.py` are modules that no entry point leads to. */
async function unused(texts: Readonly<Record<string, string>>, loader?: string): Promise<readonly string[]> {
  const modules = Object.keys(texts).map((path) => ({
    path,
    importers: [],
    chain: [path],
    because: 'nobody imports it' as const,
  }));
  const entries = [{ file: 'main.py', kind: 'command' as const, by: 'Procfile', path: 'Procfile', line: 1 }];
  const code = await codeOf(texts, {
    unused: { modules, blind: loader === undefined ? [] : [computed(loader)] },
    entries: entries as never,
  });
  return unusedModule.detect(facts([], [], { code })).flatMap(({ at }) => at.map(({ path }) => path));
}

it('takes a page of PHP for something that is asked for by its address, and a class for something that is not', async () => {
  const page = "<?php\nrequire 'connect.php';\n$rows = $db->query('SELECT 1');\necho json_encode($rows);\n";
  const library = '<?php\nclass Base32 {\n  public function encode($x) { return $x; }\n}\n';
  expect(await unused({ 'endpoints/add.php': page, 'libs/Base32.php': library })).toEqual(['libs/Base32.php']);
});

it('takes Python that declares nothing for a script, and a module of functions for none', async () => {
  const script =
    "import sqlite3\nconn = sqlite3.connect('shop.db')\nprint([row for row in conn.execute('SELECT 1')])\n";
  const module = 'import logging\nlogging.basicConfig()\n\ndef total(rows):\n    return sum(rows)\n';
  const constants = 'LIMIT = 5\nNAMES = ["a"]\n';
  expect(await unused({ 'look.py': script, 'totals.py': module, 'limits.py': constants })).toEqual([
    'totals.py',
    'limits.py',
  ]);
});

it('leaves folders of packages and of old code alone', async () => {
  const text = 'export const a = 1;\n';
  const texts = { 'node_modules.backup/x/index.js': text, 'src.backup/a.ts': text, 'src/backups.ts': text };
  expect(await unused(texts)).toEqual(['src/backups.ts']);
});

it('takes modules of one name in sibling folders for plugins, where Python computes what it loads', async () => {
  const names = ['brief', 'collect', 'notify', 'rank'].map((skill) => `skills/${skill}/src/__init__.py`);
  const run = 'def run(x):\n    return x\n';
  const texts = Object.fromEntries([...names, 'lib/left.py', 'load.py', 'load.ts'].map((path) => [path, run]));
  expect(await unused(texts, 'load.py')).toEqual(['lib/left.py', 'load.py', 'load.ts']);
  expect(await unused(texts, 'load.ts')).toHaveLength(7);
  expect(await unused(texts)).toHaveLength(7);
});

/** What is found where imports and entry points are those of the program. */
async function unusedIn(texts: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { tree, graph } = await buildProgram({ ...texts, Procfile: 'web: python main.py\n', 'main.py': 'x = 1\n' });
  const entries = entryPoints(tree);
  const unused = unusedModules(
    graph,
    entries.map(({ file }) => file),
    tree,
  );
  const code = await codeOf(texts, { unused, entries, graph, paths: tree.paths });
  return unusedModule.detect(facts([], [], { code })).flatMap(({ at }) => at.map(({ path }) => path));
}

it('C10: what a script without a guard imports is used, and so is what that imports', async () => {
  const act = "import sys\nsys.path.insert(0, '.')\nfrom shop.totals import total\nprint(total([1]))\n";
  const texts = {
    'shop/__init__.py': '',
    'shop/totals.py': 'from shop.rows import rows\n\ndef total(x):\n    return sum(x) + len(rows())\n',
    'shop/rows.py': 'def rows():\n    return []\n',
    'shop/left.py': 'from shop.only import a\n\ndef left():\n    return a()\n',
    'shop/only.py': 'def a():\n    return 1\n',
  };
  expect(await unusedIn({ ...texts, 'tools/count.py': act })).toEqual(['shop/left.py', 'shop/only.py']);
  expect(await unusedIn({ ...texts, 'count.py': act })).toEqual(['shop/left.py', 'shop/only.py']);
  // In a folder that was put away it keeps nothing.
  expect(await unusedIn({ ...texts, 'old/count.py': act })).toHaveLength(4);
});

it('C10: what a page of PHP includes is used', async () => {
  const texts = {
    'pages/list.php':
      "<?php\nrequire_once __DIR__ . '/../inc/Rows.php';\n$rows = (new Rows())->all();\necho json_encode($rows);\n",
    'inc/Rows.php': '<?php\nclass Rows { function all() { return []; } }\n',
    'inc/Gone.php': '<?php\nclass Gone { function all() { return []; } }\n',
  };
  expect(await unusedIn(texts)).toEqual(['inc/Gone.php']);
});

it('takes Python with functions for a script where it prints, saves or calls them when it is loaded, and is in no package', async () => {
  const train =
    "import pickle\n\ndef clean(x):\n    return x\n\nwords = [clean('a')]\npickle.dump(words, open('w.pkl', 'wb'))\n";
  const main = 'def main():\n    pass\n\nmain()\n';
  const module =
    "import logging\n\nLOG = logging.getLogger('x')\nLOG.setLevel(10)\n\ndef total(rows):\n    print(rows)\n";
  expect(
    await unusedIn({
      'training.py': train,
      'load.py': main,
      'totals.py': module,
      'pkg/__init__.py': '',
      'pkg/load.py': main,
    }),
  ).toEqual(['pkg/load.py', 'totals.py']);
});
