/**
 * Programs that build paths, made at random, are read here and run by the real interpreter: what was predicted for the
 * folder, variables and place they run in must be what they print.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildProgram } from '../../test/builders/program.ts';
import type { Assign } from '../code/facts.ts';
import { type Situation, settle } from './settle.ts';
import { asSymbol } from './value.ts';

const hasPython = spawnSync('python3', ['--version']).status === 0;
const VARIABLES: Readonly<Record<string, string>> = { DATA_DIR: '/var/data', APP_DB: 'from-env.db', EMPTY: '' };

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'program-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function situation(cwd: string): Situation {
  return {
    cwd: join(root, cwd),
    home: '/home/someone',
    temp: '/tmp',
    variable: (name) => {
      const value = VARIABLES[name];
      return value === undefined ? undefined : { value, source: { path: '.env', line: 1, text: '' }, sure: true };
    },
    placeOf: (file) => join(root, file),
  };
}

/** What is predicted for the names assigned in `file`. */
async function predict(
  files: Readonly<Record<string, string>>,
  file: string,
  names: readonly string[],
  cwd: string,
): Promise<readonly (string | null)[]> {
  const { evaluator } = await buildProgram(files, root);
  return names.map((name) => {
    const outcomes = settle(asSymbol(evaluator.exported(file, name)), situation(cwd));
    expect(outcomes).toHaveLength(1);
    return outcomes[0]?.value ?? null;
  });
}

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

const names = fc.constantFrom("'data'", "'app.db'", "'..'", "'cache'", "'/srv'", "'.'");

/** Python expressions that are a text. */
const { text: pythonText } = fc.letrec<{ text: string; path: string }>((tie) => ({
  text: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    names,
    fc.constantFrom('BASE', 'settings.ROOT', 'os.getcwd()', 'os.path.dirname(__file__)', "os.environ['DATA_DIR']"),
    fc.constantFrom(
      "os.getenv('APP_DB', 'fallback.db')",
      "os.getenv('UNSET', 'fallback.db')",
      "(os.environ.get('EMPTY') or 'or.db')",
      "(os.environ.get('UNSET2') or 'unset.db')",
    ),
    fc.array(tie('text'), { minLength: 1, maxLength: 3 }).map((parts) => `os.path.join(${parts.join(', ')})`),
    fc.tuple(tie('text'), tie('text')).map(([a, b]) => `(${a} + '/' + ${b})`),
    tie('text').map((a) => `os.path.abspath(${a})`),
    tie('text').map((a) => `os.path.dirname(${a})`),
    tie('text').map((a) => `os.path.normpath(${a})`),
    tie('text')
      .map((a) => `f"{${a.replaceAll('"', "'")}}/x.db"`)
      .filter((one) => !/f".*f"/.test(one) && !/\{[^}]*'[^}]*\}/.test(one)),
    tie('path').map((a) => `str(${a})`),
    tie('text').map((a) => `where(${a})`),
    tie('text').map((a) => `where(name=${a})`),
    tie('text').map((a) => `('%s/y.db' % (${a}))`),
    tie('text').map((a) => `'{}/{name}'.format(${a}, name='z.db')`),
    tie('text').map((a) => `${a}.replace('app', 'other')`),
    tie('text').map((a) => `Store(${a}).path()`),
    tie('text').map((a) => `Store(${a}).file`),
  ),
  path: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(
      'Path(__file__)',
      'Path(__file__).resolve().parent',
      'Path.cwd()',
      'HERE',
      'settings.DATA',
      "Path('data')",
    ),
    fc.tuple(tie('path'), tie('text')).map(([a, b]) => `(${a} / ${b})`),
    tie('path').map((a) => `${a}.parent`),
    tie('path').map((a) => `${a}.parents[0]`),
    tie('path').map((a) => `${a}.absolute()`),
    tie('path').map((a) => `${a}.joinpath('deep', 'x.db')`),
    tie('text').map((a) => `Path(${a})`),
  ),
}));

const PYTHON_HEAD = `import os
from pathlib import Path
import pkg.settings as settings
from pkg.paths import where, Store
BASE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'base')
HERE = Path(__file__).parent
`;
const PYTHON_REST: Readonly<Record<string, string>> = {
  'pkg/__init__.py': '',
  'pkg/settings.py': `import os\nfrom pathlib import Path\nROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))\nDATA = Path(ROOT) / 'data'\n`,
  'pkg/paths.py': `import os\nfrom .settings import ROOT as BASE\nDEFAULT = 'default.db'\ndef where(name=DEFAULT, folder=None):\n    return os.path.join(BASE, name)\nclass Store:\n    kind = 'store'\n    def __init__(self, name, suffix='.x'):\n        self.file = name + suffix\n    def path(self):\n        return os.path.join(BASE, self.kind, self.file)\n`,
};

describe.runIf(hasPython)('Python', () => {
  it('prints the paths that were predicted', async () => {
    const expressions = fc.sample(pythonText, { numRuns: 400, seed: 20_261_121 });
    const file = 'app/main.py';
    const assigned = expressions.map((expression, index) => `P${index} = ${expression}`);
    const files = { ...PYTHON_REST, [file]: `${PYTHON_HEAD}${assigned.join('\n')}\n` };
    write(files);
    const cwd = 'app';
    const show = `import sys, json; sys.path.insert(0, ${JSON.stringify(root)}); import app.main as m; print(json.dumps([getattr(m, 'P%d' % i) for i in range(${expressions.length})]))`;
    const output = execFileSync('python3', ['-B', '-c', show], {
      cwd: join(root, cwd),
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...VARIABLES },
    });
    const real = JSON.parse(output.toString()) as string[];
    const predicted = await predict(
      files,
      file,
      expressions.map((_, index) => `P${index}`),
      cwd,
    );
    expect(expressions.map((expression, index) => [expression, predicted[index]])).toEqual(
      expressions.map((expression, index) => [expression, real[index]]),
    );
  });
});

/** What is predicted for names that get several values in turn. */
async function predictAll(
  files: Readonly<Record<string, string>>,
  file: string,
  names: readonly string[],
  cwd: string,
): Promise<readonly (readonly string[])[]> {
  const { evaluator } = await buildProgram(files, root);
  const { assigns } = evaluator.program.facts(file);
  return names.map((name) => {
    const { value, scope, at } = assigns.find(({ to }) => to === name) as Assign;
    const standing = { file, scope, before: at[0], line: at[2] };
    const outcomes = settle(asSymbol(evaluator.evaluate(value, standing)), situation(cwd));
    return [...new Set(outcomes.map(({ value }) => value ?? 'nothing'))].sort();
  });
}

/** Ways to loop over up to four texts; each has a variable `p` that is one of them, and `q` that goes with it. */
interface Loop {
  readonly head: string;
  /** Its names are its own: that one of two branches runs is not seen, so what stood before would count. */
  readonly own?: true;
  readonly before?: string;
}
const items = fc.uniqueArray(fc.constantFrom("'a.db'", "'data/b.db'", "'/srv/c.db'", "'..'", 'BASE'), {
  minLength: 1,
  maxLength: 4,
});

/** With names of its own where it needs them. */
const spelled = ({ own }: Loop, index: number, text: string): string =>
  own ? text.replace(/(?<![\w'.])([pq])(?![\w'(])/g, `$1${index}`) : text;

const pythonLoops: fc.Arbitrary<Loop> = items.chain((all) => {
  const pairs = all.map((one, index) => [one, `'to-${index}'`] as const);
  return fc.constantFrom<Loop>(
    { head: `for p in [${all}]:\n    q = p` },
    { head: `for p in (${all},):\n    q = p + '.bak'` },
    { head: 'for p in NAMES:\n    q = p', before: `NAMES = [${all}]` },
    { head: `for p, q in [${pairs.map((pair) => `(${pair})`)}]:\n    pass` },
    { head: `for p, q in {${pairs.map((pair) => pair.join(': '))}}.items():\n    pass` },
    { head: 'for q, p in PLACES.items():\n    pass', before: `PLACES = {${pairs.map(([p, q]) => `${q}: ${p}`)}}` },
    { head: `for p in {${pairs.map((pair) => pair.join(': '))}}:\n    q = p` },
    { head: `for q, p in zip([${pairs.map(([, q]) => q)}], [${all}]):\n    pass` },
    { head: `for i, p in enumerate([${all}]):\n    q = p` },
    { head: `for p in sorted([${all}]):\n    q = p` },
    { head: `for p in list({${pairs.map((pair) => pair.join(': '))}}.keys()):\n    q = p` },
    { head: `for d in [${pairs.map(([p, q]) => `{'from': ${p}, 'to': ${q}}`)}]:\n    p = d['from']\n    q = d['to']` },
    {
      head: `for c in (True, False):\n    if c:\n        p = ${all[0]}\n    else:\n        p = 'else.db'\n    q = p`,
      own: true,
    },
    {
      head: `for c in (True, False):\n    p = 'before.db'\n    if c:\n        p = ${all[0]}\n    q = p`,
    },
    { head: 'while True:\n    p = q = FIRST', before: `FIRST = ${all[0]}` },
  );
});
const pythonUses = fc.constantFrom(
  'p',
  "os.path.join('data', p)",
  "p + '/' + q",
  'os.path.join(p, q)',
  'where(p)',
  'Store(q).path()',
  'str(HERE / p)',
);

describe.runIf(hasPython)('Python', () => {
  it('loops give what was predicted, all of it and nothing else', async () => {
    const loops = fc.sample(fc.tuple(pythonLoops, pythonUses), { numRuns: 300, seed: 20_261_122 });
    const file = 'app/loops.py';
    const text = loops
      .map(([loop, use], index) => {
        const { head, before = '' } = loop;
        const stop = head.startsWith('while') ? '\n    break' : '';
        return spelled(
          loop,
          index,
          `${before}\n${head}\n    P${index} = ${use}\n    SEEN.setdefault('P${index}', []).append(P${index})${stop}\n`,
        );
      })
      .join('');
    const files = { ...PYTHON_REST, [file]: `${PYTHON_HEAD}SEEN = {}\n${text}` };
    write(files);
    const show = `import sys, json; sys.path.insert(0, ${JSON.stringify(root)}); import app.loops as m; print(json.dumps(m.SEEN))`;
    const output = execFileSync('python3', ['-B', '-c', show], { cwd: join(root, 'app'), env: { ...VARIABLES } });
    const real = JSON.parse(output.toString()) as Record<string, string[]>;
    const predicted = await predictAll(
      files,
      file,
      loops.map((_, index) => `P${index}`),
      'app',
    );
    expect(loops.map((loop, index) => [loop, predicted[index]])).toEqual(
      loops.map((loop, index) => [loop, [...new Set(real[`P${index}`])].sort()]),
    );
  });
});

/** JavaScript expressions that are a text. */
const { text: nodeText } = fc.letrec<{ text: string }>((tie) => ({
  text: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    names,
    fc.constantFrom('BASE', 'settings.ROOT', 'process.cwd()', 'import.meta.dirname', 'here', 'process.env.DATA_DIR'),
    fc.constantFrom(
      "(process.env.APP_DB ?? 'fallback.db')",
      "(process.env.UNSET || 'fallback.db')",
      "(process.env.EMPTY || 'or.db')",
      "(process.env['UNSET2'] ?? 'unset.db')",
    ),
    fc.array(tie('text'), { minLength: 1, maxLength: 3 }).map((parts) => `path.join(${parts.join(', ')})`),
    fc.array(tie('text'), { minLength: 1, maxLength: 3 }).map((parts) => `resolve(${parts.join(', ')})`),
    fc.tuple(tie('text'), tie('text')).map(([a, b]) => `(${a} + '/' + ${b})`),
    tie('text').map((a) => `path.dirname(${a})`),
    tie('text').map((a) => `\`\${${a}}/x.db\``),
    tie('text').map((a) => `where(${a})`),
    tie('text').map((a) => `named({ name: ${a} })`),
    tie('text').map((a) => `new Store(${a}).path()`),
    tie('text').map((a) => `new Store(${a}).file`),
    tie('text').map((a) => `${a}.replace('app', 'other')`),
    fc.constantFrom(
      "fileURLToPath(new URL('../data/x.db', import.meta.url))",
      "new URL('./y.db', import.meta.url).pathname",
    ),
  ),
}));

const NODE_HEAD = `import path, { resolve } from 'node:path';
import { dirname } from 'path';
import { fileURLToPath } from 'node:url';
import * as settings from '../pkg/settings.mjs';
import { where, named, Store } from '../pkg/index.mjs';
const here = dirname(fileURLToPath(import.meta.url));
const BASE = path.join(here, 'base');
`;
const NODE_REST: Readonly<Record<string, string>> = {
  'pkg/settings.mjs': `import { dirname } from 'node:path';\nexport const ROOT = dirname(import.meta.dirname);\n`,
  'pkg/index.mjs': `export * from './paths.mjs';\nexport { default as Store } from './store.mjs';\n`,
  'pkg/paths.mjs': `import { join } from 'node:path';\nimport { ROOT as BASE } from './settings.mjs';\nexport const where = (name = 'default.db') => join(BASE, name);\nexport function named({ name = 'none.db' }) { return join(BASE, 'named', name); }\n`,
  'pkg/store.mjs': `import { join } from 'node:path';\nimport { ROOT } from './settings.mjs';\nexport default class Store {\n  kind = 'store';\n  constructor(name, suffix = '.x') { this.file = name + suffix; }\n  path() { return join(ROOT, this.kind, this.file); }\n}\n`,
};

describe('Node', () => {
  it('prints the paths that were predicted', async () => {
    const expressions = fc.sample(nodeText, { numRuns: 400, seed: 20_261_121 });
    const file = 'web/main.mjs';
    const files = {
      ...NODE_REST,
      [file]: `${NODE_HEAD}${expressions.map((expression, index) => `export const P${index} = ${expression};`).join('\n')}\n`,
    };
    write(files);
    const cwd = 'web';
    const show = `import * as m from ${JSON.stringify(join(root, file))}; console.log(JSON.stringify(Array.from({ length: ${expressions.length} }, (_, i) => m['P' + i])));`;
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', show], {
      cwd: join(root, cwd),
      env: { ...VARIABLES },
    });
    const real = JSON.parse(output.toString()) as string[];
    const predicted = await predict(
      files,
      file,
      expressions.map((_, index) => `P${index}`),
      cwd,
    );
    expect(expressions.map((expression, index) => [expression, predicted[index]])).toEqual(
      expressions.map((expression, index) => [expression, real[index]]),
    );
  });
});

const nodeLoops: fc.Arbitrary<Loop> = items.chain((all) => {
  const pairs = all.map((one, index) => [one, `'to-${index}'`] as const);
  const map = `{ ${pairs.map(([p, q]) => `${q}: ${p}`).join(', ')} }`;
  return fc.constantFrom<Loop>(
    { head: `for (const p of [${all}]) {\n const q = p;` },
    { head: 'for (const p of NAMES) {\n const q = p;', before: `const NAMES = [${all}];` },
    { head: `for (const [p, q] of [${pairs.map((pair) => `[${pair}]`)}]) {` },
    { head: `for (const { from: p, to: q } of [${pairs.map(([p, q]) => `{ from: ${p}, to: ${q} }`)}]) {` },
    { head: `for (const [q, p] of Object.entries(${map})) {` },
    { head: `for (const p of Object.values(${map})) {\n const q = p;` },
    { head: `for (const p in ${map}) {\n const q = p;` },
    { head: `for (const p of [${all}].map((one) => path.join('deep', one))) {\n const q = p;` },
    { head: `for (const p of [${all}].filter((one) => one !== '')) {\n const q = p;` },
    { head: `[${all}].forEach((p) => {\n const q = p;` },
    { head: `[${pairs.map(([p, q]) => `[${q}, ${p}]`)}].forEach(([q, p]) => {` },
    { head: `[${pairs.map(([p, q]) => `{ p: ${p}, q: ${q} }`)}].forEach(({ p, q }) => {` },
    {
      head: `for (const c of [true, false]) {\n let p;\n if (c) p = ${all[0]};\n else p = 'else.db';\n const q = p;`,
      own: true,
    },
    {
      head: `for (const c of [1, 2]) {\n let p;\n switch (c) {\n case 1:\n p = ${all[0]};\n break;\n default:\n p = 'd.db'; }\n const q = p;`,
      own: true,
    },
  );
});
const nodeUses = fc.constantFrom(
  'p',
  "path.join('data', p)",
  "p + '/' + q",
  'resolve(p, q)',
  'where(p)',
  'new Store(q).path()',
  "[q, p, q].join('/')",
);

describe('Node', () => {
  it('loops give what was predicted, all of it and nothing else', async () => {
    const loops = fc.sample(fc.tuple(nodeLoops, nodeUses), { numRuns: 300, seed: 20_261_122 });
    const file = 'web/loops.mjs';
    const text = loops
      .map(([loop, use], index) => {
        const { head, before = '' } = loop;
        const end = head.includes('forEach') ? '});' : '}';
        return spelled(
          loop,
          index,
          `{ ${before.replaceAll('NAMES', `NAMES${index}`)}\n${head.replaceAll('NAMES', `NAMES${index}`)}\n P${index} = ${use};\n (SEEN.P${index} ??= []).push(P${index});\n${end} }\n`,
        );
      })
      .join('');
    const names = loops.map((_, index) => `P${index}`);
    const files = { ...NODE_REST, [file]: `${NODE_HEAD}export const SEEN = {};\nexport let ${names};\n${text}` };
    write(files);
    const show = `import { SEEN } from ${JSON.stringify(join(root, file))}; console.log(JSON.stringify(SEEN));`;
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', show], {
      cwd: join(root, 'web'),
      env: { ...VARIABLES },
    });
    const real = JSON.parse(output.toString()) as Record<string, string[]>;
    const predicted = await predictAll(files, file, names, 'web');
    expect(loops.map((loop, index) => [loop, predicted[index]])).toEqual(
      loops.map((loop, index) => [loop, [...new Set(real[`P${index}`])].sort()]),
    );
  });
});
