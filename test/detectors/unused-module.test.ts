import { expect, it } from 'vitest';
import { unusedModule } from '../../src/audit/detectors/unused-module.ts';
import type { Unresolved } from '../../src/code/graph/model.ts';
import { codeOf } from '../builders/code.ts';
import { facts } from '../builders/facts.ts';

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
  const script = "import sqlite3\nconn = sqlite3.connect('shop.db')\nprint(conn.execute('SELECT 1').fetchall())\n";
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
