/**
 * Source files that no careful person writes and a project holds all the same. Each audit ends, with a normal exit code; what was
 * not read whole is named with the reason, and the sound file beside it is read as ever. Made in a temporary folder: some
 * are large.
 */
import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { AuditDocument } from '../src/report/json.ts';
import { type AuditView, type OpenedProject, openProject } from './open-project.ts';
import { insert, makeStore } from './projects/make-store.ts';
import { range } from './projects/people.ts';
import { writeFile } from './projects/write-file.ts';
import { expectNoTrace, runCli } from './run-cli.ts';

const DEEP = 100_000;
const nested = (open: string, inside: string, close: string, times = DEEP): string =>
  `${open.repeat(times)}${inside}${close.repeat(times)}`;

const opened: OpenedProject[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

type Build = (dir: string, write: (path: string, text: string | Uint8Array) => void) => void;

interface Seen extends AuditView {
  /** Path → how it was read and why, in words. */
  readonly notParsed: Readonly<Record<string, string>>;
  readonly bindings: AuditDocument['bindings'];
}

/** Audits a project with a sound file and what `build` makes; the sound file is read whatever stands beside it. */
async function audited(build: Build): Promise<Seen> {
  const project = await openProject({
    traps: ['C21'],
    wrong: 'source that nobody meant to be read',
    build(dir) {
      makeStore(dir, 'data/app.db', 'CREATE TABLE notes (id INTEGER PRIMARY KEY)', insert('notes', [{ id: 1 }]));
      writeFile(
        dir,
        'sound.py',
        'import sqlite3\nfrom pathlib import Path\ndb = sqlite3.connect(Path(__file__).parent / "data/app.db")\n',
      );
      build(dir, (path, text) => writeFile(dir, path, text));
    },
  });
  opened.push(project);
  const seen = await project.audit();
  const { notParsed, bindings } = seen.audit as unknown as AuditDocument;
  expect(bindings.filter(({ path }) => path === 'sound.py')).toMatchObject([
    { line: 3, store: 'data/app.db', confidence: 'proven' },
  ]);
  for (const { path, problem } of notParsed) {
    // The file's fault in words, never the parser's.
    expect(problem, path).toMatch(/\w{3}/);
    expect(problem, path).not.toMatch(/undefined|Cannot (?:set|read)|is not a function|\n/);
  }
  return {
    ...seen,
    bindings,
    notParsed: Object.fromEntries(notParsed.map(({ path, read, problem }) => [path, `${read}: ${problem}`])),
  };
}

it('a minified file of 40 MB, and one of a size that is read', async () => {
  const code = 'var a=function(b,c){return b+c},d={e:"data/app.db"};';
  const { notParsed } = await audited((_dir, write) => {
    write('web/huge.js', code.repeat(Math.ceil((40 * 1024 * 1024) / code.length)));
    write('web/bundle.js', code.repeat(2_000));
  });
  expect(notParsed).toEqual({
    'web/bundle.js': expect.stringMatching(/^tokens: minified/),
    'web/huge.js': expect.stringMatching(/^none: .*larg/),
  });
});

it('200,000 lines of Python', async () => {
  const lines = range(200_000).map((n) => `x${n} = work(x${n - 1}, "data/app${n % 7}.db")\n`);
  const { notParsed } = await audited((_dir, write) => write('long.py', `import sqlite3\n${lines.join('')}`));
  expect(notParsed).toEqual({ 'long.py': expect.stringMatching(/^tokens: .*larger than/) });
});

it('parentheses, blocks and templates in each other, and expressions that are one long chain', async () => {
  const { notParsed } = await audited((_dir, write) => {
    write('deep.py', `db = "a.db"\nx = ${nested('(', '1', ')')}\n`);
    write('deep.ts', `const db = "a.db";\nconst x =\n${nested('(\n', '1', ')\n', 20_000)};\n`);
    write('deep.php', `<?php $db = "a.db"; $x = ${nested('(', '1', ')')};\n`);
    write('deep.sql', `SELECT ${nested('(', '1', ')')};\n`);
    write('blocks.js', `const db = "a.db";\n${nested('{\n', '', '}\n', 20_000)}`);
    write(
      'blocks.py',
      `db = "a.db"\n${range(1_000)
        .map((n) => `${' '.repeat(n)}if a:\n`)
        .join('')}${' '.repeat(1_000)}pass\n`,
    );
    write('blocks.sh', `sqlite3 a.db\n${nested('if true; then\n', ':\n', 'fi\n', 5_000)}`);
    write('template.js', `const db = "a.db";\nconst x = ${nested('`${\n', '1', '}`\n', 5_000)};\n`);
    write('template.py', `db = "a.db"\nx = ${nested('f"{', '1', '}"', 5_000)}\n`);
    write('inside.sh', `sqlite3 a.db\necho ${nested('$(', 'x', ')', 20_000)}\n`);
    write('chain.py', `db = "a.db"${' + "x"'.repeat(20_000)}\n`);
    write('chain.ts', `const db = "a.db"\n${'  + "x"\n'.repeat(20_000)};\n`);
    write('chain.php', `<?php $db = "a.db"${' . "x"'.repeat(20_000)};\n`);
    write('else.ts', `const db = "a.db";\n${'if (a) {}\nelse '.repeat(10_000)}{}\n`);
  });
  for (const path of ['blocks.js', 'chain.php', 'deep.php', 'deep.ts', 'template.js'])
    expect(notParsed[path], path).toMatch(/^tokens: .*nested/);
});

it('JSON and YAML in each other', async () => {
  const { notParsed } = await audited((_dir, write) => {
    write('package.json', `{"scripts": ${nested('{"a":', '1', '}')}}`);
    write('composer.json', '['.repeat(DEEP));
    write('docker-compose.yml', `services: ${nested('{a: ', '1', '}', 20_000)}\n`);
    write(
      'settings.yaml',
      `file: a.db\n${range(1_000)
        .map((n) => `${' '.repeat(n)}a:\n`)
        .join('')}`,
    );
  });
  expect(notParsed['docker-compose.yml']).toMatch(/^tokens: .*nested/);
  expect(notParsed['composer.json']).toMatch(/^tokens: .*ends/);
});

it('modules that import each other in a circle, and settings that extend themselves', async () => {
  const { findings, notParsed } = await audited((_dir, write) => {
    for (const n of range(30)) {
      const next = (n + 1) % 30;
      write(`ring/m${n}.py`, `from ring.m${next} import *\nfrom ring import m${next}\nDB = m${next}.DB\n`);
      write(`web/m${n}.ts`, `export * from './m${next}.js';\nexport { db${next} as db${n} } from './m${next}.js';\n`);
    }
    write('ring/__init__.py', '');
    write('ring/main.py', 'import sqlite3\nfrom ring.m0 import DB\ndb = sqlite3.connect(DB)\n');
    write('web/main.ts', "import Database from 'better-sqlite3';\nimport { db0 } from '@/m0';\nnew Database(db0);\n");
    write('web/tsconfig.json', '{ "extends": "./other.json" }');
    write('web/other.json', '{ "extends": "./tsconfig.json", "compilerOptions": { "paths": { "@/*": ["./*"] } } }');
    write('self/tsconfig.json', '{ "extends": ["./tsconfig.json", "../web"] }');
    write('self/a.ts', "import '@/m1';\nexport const file = 'a.db';\n");
    write(
      'ring/rounds.py',
      'import sqlite3\nP = Q\nQ = P\ndef f(x): return g(x)\ndef g(x): return f(x)\nsqlite3.connect(P)\nsqlite3.connect(f("a"))\n',
    );
  });
  expect(notParsed).toEqual({});
  expect(findings('missing-store')).toEqual([]);
});

it('values that double with every step', async () => {
  const { bindings } = await audited((_dir, write) => {
    const steps = range(60).map((n) => `a${n + 1} = a${n} + a${n} if c else a${n} + "z"\n`);
    write('double.py', `import sqlite3\na0 = "a"\n${steps.join('')}db = sqlite3.connect(a60 + ".db")\n`);
    write(
      'double.js',
      `import Database from 'better-sqlite3';\nlet s = 'a';\n${'s = s + s;\n'.repeat(60)}new Database(s);\n`,
    );
  });
  for (const path of ['double.py', 'double.js'])
    expect(bindings.filter((one) => one.path === path && one.store !== null)).toEqual([]);
});

it('manifests and settings that are broken', async () => {
  const { notParsed } = await audited((_dir, write) => {
    write('package.json', '{"scripts": {"start": "node a.js", }, // x\n "name": ');
    write('web/package.json', '\u0000\u0001');
    write('web/a.js', "import fs from 'node:fs';\nexport const db = 'a.db';\n");
    write('tsconfig.json', '{"compilerOptions": {"paths": 5, "baseUrl": []}, "extends": 7}');
    write('pyproject.toml', '[[[[\nx = = "a.db"');
    write('docker-compose.yml', 'services: [a, {b: : c}');
    write('docker-compose.prod.yml', 'services:\n  web: 5\n  db: [1, 2]\nvolumes: x.db\n');
    write('schema.prisma', 'datasource { provider = ');
    write('Makefile', `$((${'$('.repeat(1_000)}\n\t\t@@-a.db`);
    write('.env', `=\n==\nA=\${B}\nB=\${A}\nDB=a.db\${DB}\n"`);
    write('requirements.txt', '\u0000');
  });
  for (const path of ['package.json', 'pyproject.toml', 'docker-compose.yml'])
    expect(notParsed[path], path).toMatch(/^tokens: /);
  expect(notParsed['web/package.json']).toMatch(/^none: /);
});

it('C21: syntax from the future: what is known around it is still read', async () => {
  const { notParsed, bindings } = await audited((_dir, write) => {
    write('f.py', 'import sqlite3\nunless x then y\nlazy import json\ndb = sqlite3.connect("data/app.db")\n');
    write(
      'f.ts',
      "import Database from 'better-sqlite3';\nconst x = match (a) { when 1: 2 };\na |> b(%);\nnew Database('data/app.db');\n",
    );
    write(
      'f.php',
      '<?php $db = "a.db"; class A { public private(set) string $x { get => 1; } } $a |> b(...); match{};',
    );
    write('f.sql', "CREATE TABLE t (a INT) WITH MAGIC; SELECT a FROM t QUALIFY x; PIVOT $$ ' ");
    write(
      'today.py',
      'db = "a.db"\nmatch db:\n    case [*rest] if rest:\n        pass\ntype Name[T] = list[T]\ndef f[**P](a, /, *, b): ...\n',
    );
    write(
      'today.ts',
      'const db = "a.db";\nusing y = db;\nclass A { accessor x = 1; #p = 2; static { this.q = 1; } }\n',
    );
  });
  expect(Object.keys(notParsed).sort()).toEqual(['f.php', 'f.py', 'f.ts']);
  expect(notParsed['f.py']).toMatch(/^tokens: line 2/);
  expect(notParsed['f.ts']).toMatch(/^tokens: line 2/);
  expect(bindings.filter(({ path }) => path === 'f.py')).toMatchObject([{ line: 4 }]);
});

it('NUL, other encodings, and what is no text at all', async () => {
  const random = Buffer.from(range(100_000).map((n) => (n * n * 31 + n * 7) % 251));
  const { notParsed, bindings } = await audited((_dir, write) => {
    const opens = 'import sqlite3\ndb = sqlite3.connect("data/app.db")\n';
    write('nul.py', `${opens}\u0000\n`);
    write('late.py', `${opens}${'# x\n'.repeat(5_000)}\u0000\n`);
    write('binary.py', random);
    write('wide.py', Buffer.from(`\ufeff${opens}`, 'utf16le'));
    write('latin.py', Buffer.from(`# café\n${opens}`, 'latin1'));
    write('broken.py', Buffer.concat([Buffer.from(opens), Buffer.from([0x23, 0xff, 0xfe, 0xc0, 0x0a])]));
    write('marked.py', `\ufeff${opens}`);
    write('old-mac.py', opens.replaceAll('\n', '\r'));
  });
  for (const path of ['nul.py', 'binary.py', 'wide.py']) expect(notParsed[path], path).toBe('none: not a text');
  expect(notParsed['late.py']).toMatch(/^tokens: line 5003/);
  const read = bindings.filter(({ store }) => store === 'data/app.db').map(({ path }) => path);
  for (const path of ['latin.py', 'broken.py', 'marked.py', 'old-mac.py']) {
    expect(read, path).toContain(path);
    expect(notParsed[path], path).toBeUndefined();
  }
});

it('lines of a megabyte and of ten', async () => {
  const long = (unit: string, length: number): string => unit.repeat(length / unit.length);
  const { notParsed } = await audited((_dir, write) => {
    write('Dockerfile', `FROM python:3\nRUN ${long('echo a.db && ', 1_300_000)}true\n`);
    write('image/Dockerfile', `FROM python:3\nRUN ${long('echo a && ', 200_000)}true\n`);
    write('line.py', `db = "${long('a', 10_000_000)}.db"\n`);
    write('line.ts', `const db = "${long('a', 7_000_000)}.db";\n`);
    write('line.sh', `sqlite3 ${long('a', 5_000_000)}.db\n`);
    write('.env', `DB=sqlite:///${long('a/', 3_000_000)}x.db\n`);
    write('Procfile', `web: ${long('a ', 3_000_000)}\n`);
    write('crontab', `* * * * * ${long('a ', 3_000_000)}\n`);
    write('kiosk.service', `[Service]\nExecStart=${long('a ', 3_000_000)}\n`);
    write('Makefile', `a:\n\tsqlite3 ${long('b ', 3_000_000)}\n`);
    write('settings.yaml', `file: ${long('b', 5_000_000)}.db\n`);
    write('notes.md', `${long('`', 3_000_000)} a.db\n`);
  });
  expect(Object.keys(notParsed).sort()).toEqual(
    expect.arrayContaining([
      '.env',
      'Dockerfile',
      'Makefile',
      'Procfile',
      'crontab',
      'kiosk.service',
      'line.py',
      'line.sh',
      'line.ts',
    ]),
  );
  for (const [path, why] of Object.entries(notParsed)) expect(why, path).toMatch(/larg|minified/);
});

it('YAML whose anchors stand for more than a disk can hold', async () => {
  const bomb = [
    'a0: &a0 [x.db, x.db, x.db, x.db, x.db, x.db, x.db, x.db, x.db]',
    ...range(11).map((n) => `a${n + 1}: &a${n + 1} [${Array.from({ length: 9 }, () => `*a${n}`).join(', ')}]`),
  ].join('\n');
  await audited((_dir, write) => {
    write('bomb.yaml', bomb);
    write(
      'docker-compose.yml',
      `${bomb}\nservices:\n  web:\n    environment: *a11\n    volumes: *a11\n    command: *a11\n`,
    );
    write('self.yaml', 'a: &a [*a, x.db]\nb: &b {<<: *b, c: x.db}\n');
    const keys = range(12).map((n) => `        k${n}: [1, 2, 3, 4, 5, 6, 7, 8, 9]`);
    const script = range(12)
      .map((n) => `\${{ matrix.k${n} }}`)
      .join('/');
    write(
      '.github/workflows/a.yml',
      `on: push\njobs:\n  a:\n    strategy:\n      matrix:\n${keys.join('\n')}\n    steps:\n      - run: python ${script}.py\n`,
    );
  });
});

it('links that lead in a circle, a pipe and a device under the names of programs', async () => {
  await audited((dir) => {
    symlinkSync('..', join(dir, 'data/up'));
    symlinkSync('round', join(dir, 'round'));
    symlinkSync('b.py', join(dir, 'a.py'));
    symlinkSync('a.py', join(dir, 'b.py'));
    symlinkSync('/dev/zero', join(dir, 'zero.py'));
    execFileSync('mkfifo', [join(dir, 'pipe.py')]);
  });
});

it('where answers beside all of it', async () => {
  await audited((_dir, write) => {
    write('deep.php', `<?php $db = "a.db"; $x = ${nested('(', '1', ')')};\n`);
    write('line.py', `db = "${'a'.repeat(9_000_000)}.db"\n`);
    write('package.json', '{"scripts": ');
    write('future.py', 'import sqlite3\nunless x then y\ndb = sqlite3.connect("data/app.db")\n');
  });
  const [project] = opened as [OpenedProject];
  for (const query of ['data/app.db', 'future.py']) {
    const run = await project.untouched(() => runCli(['-C', project.dir, 'where', query, '--json', '--no-cache']));
    expectNoTrace(run);
    expect(run.code, query).toBe(0);
    expect(run.stdout, query).toContain('"store": "data/app.db"');
  }
  // A file that was not read opens nothing that is known: the answer is no, and no failure.
  const run = await runCli(['-C', project.dir, 'where', 'line.py', '--no-cache']);
  expectNoTrace(run);
  expect(run.code).toBe(1);
});
