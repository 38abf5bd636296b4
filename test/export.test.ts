/** `desprawl export` as its user sees it: files that are what the tables are, stores that nobody touched, answers for CI. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readConfig } from '../src/config/read-config.ts';
import type { ExportDocument } from '../src/exports/model.ts';
import { verifyExport } from '../src/exports/verify-export.ts';
import { insert, makeStore, makeWalStore } from './projects/make-store.ts';
import { expectNoTrace, runCli } from './run-cli.ts';
import { treeHash } from './tree-hash.ts';

let dir: string;
let project: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'export-'));
  project = join(dir, 'project');
  mkdirSync(project);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const USERS = 'CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, age INTEGER)';
const users = [
  { id: 2, email: 'b@x.org', age: 9 },
  { id: 1, email: '', age: null },
];

function configure(exports: object): void {
  writeFileSync(join(project, 'desprawl.yaml'), JSON.stringify({ version: 1, exports }));
}

async function run(args: readonly string[], code = 0) {
  const done = await runCli(['-C', project, 'export', ...args], { cwd: dir });
  expectNoTrace(done);
  expect(done.code, done.stderr + done.stdout).toBe(code);
  return done;
}

const schema = new URL('../schema/export.schema.json', import.meta.url);
const validate = new Ajv({ strict: false, allErrors: true }).compile(
  JSON.parse(readFileSync(schema, 'utf8')) as object,
);

async function document(args: readonly string[], code = 0): Promise<ExportDocument> {
  const found = JSON.parse((await run([...args, '--json'], code)).stdout) as ExportDocument;
  validate(found);
  expect(validate.errors ?? []).toEqual([]);
  return found;
}

it('writes what was asked for, and touches nothing of a store in WAL mode', async () => {
  makeWalStore(
    project,
    'data/hub.db',
    (db) => {
      db.exec(USERS);
      insert('users', users)(db);
    },
    { shm: true },
  );
  configure({
    people: { store: 'data/hub.db', table: 'users', format: 'csv' },
    old: {
      store: 'data/hub.db',
      query: 'select email from users where age > 5',
      format: 'jsonl',
      file: 'old people.jsonl',
    },
  });
  const before = treeHash(project);
  await run(['people', 'old', '--to', 'out/new']);
  expect(treeHash(project)).toEqual(before);
  const read = (name: string) => readFileSync(join(dir, 'out/new', name), 'utf8');
  expect(read('people.csv')).toBe('id,email,age\n1,"",\n2,b@x.org,9\n');
  expect(read('old people.jsonl')).toBe('{"email":"b@x.org"}\n');
  expect(JSON.parse(read('manifest.json'))).toMatchObject({
    desprawl: 'exports',
    version: 1,
    exports: {
      people: { rows: 2, columns: [{ name: 'id', type: 'INTEGER', holds: { integer: 2 } }, {}, {}] },
      old: { rows: 1 },
    },
  });
  expect(readdirSync(join(dir, 'out/new')).sort()).toEqual(['manifest.json', 'old people.jsonl', 'people.csv']);
});

it('the same rows give the same bytes, and files that are right are left alone', async () => {
  makeStore(project, 'a.db', USERS, insert('users', users));
  configure({ people: { store: 'a.db', table: 'users', format: 'csv' } });
  await run(['--all', '--to', 'out']);
  const files = () => treeHash(join(dir, 'out')).filter((line) => !line.startsWith('. '));
  const before = files();
  expect(await document(['--all', '--to', 'out'])).toMatchObject({ exports: [{ unchanged: true }] });
  expect(files()).toEqual(before);
});

it('--check says whether files are what their tables are, and writes nothing', async () => {
  makeStore(project, 'a.db', USERS, insert('users', users));
  configure({
    people: { store: 'a.db', table: 'users', format: 'csv' },
    lines: { store: 'a.db', table: 'users', format: 'jsonl' },
  });
  expect(await document(['--all', '--to', 'out', '--check'], 1)).toMatchObject({
    ok: false,
    exports: [{ is: 'missing' }, {}],
  });
  expect(readdirSync(dir)).toEqual(['project']);
  await run(['--all', '--to', 'out']);
  expect(await document(['--all', '--to', 'out', '--check'])).toMatchObject({ ok: true });
  makeStore(project, 'a.db', "UPDATE users SET email = 'c@x.org' WHERE id = 2");
  const before = treeHash(dir);
  expect(await document(['--all', '--to', 'out', '--check'], 1)).toMatchObject({
    ok: false,
    exports: [
      { name: 'people', is: 'differs', why: 'row 2 differs in email', rowsInStore: 2, rowsInFile: 2 },
      { name: 'lines', is: 'differs', why: 'row 2 differs in email' },
    ],
  });
  expect((await run(['--all', '--to', 'out', '--check'], 1)).stdout).not.toContain('x.org');
  expect(treeHash(dir)).toEqual(before);
  await run(['people', '--to', 'out']);
  configure({ people: { store: 'a.db', table: 'users', format: 'csv' } });
  expect(await document(['--all', '--to', 'out', '--check'], 1)).toMatchObject({
    exports: [{ is: 'equal' }, { name: 'lines', is: 'undeclared' }],
  });
});

it('an export that got another name, or whose file was removed, is no longer in the manifest', async () => {
  makeStore(project, 'a.db', USERS, insert('users', users));
  configure({
    people: { store: 'a.db', table: 'users', format: 'csv' },
    lines: { store: 'a.db', table: 'users', format: 'jsonl' },
    third: { store: 'a.db', table: 'users', format: 'jsonl' },
  });
  await run(['--all', '--to', 'out']);
  rmSync(join(dir, 'out/lines.jsonl'));
  configure({ users: { store: 'a.db', table: 'users', format: 'csv', file: 'people.csv' } });
  await run(['--all', '--to', 'out']);
  expect(await document(['--all', '--to', 'out', '--check'], 1)).toMatchObject({
    exports: [
      { name: 'users', is: 'equal' },
      { name: 'third', is: 'undeclared' },
    ],
  });
});

it('X4: an export that is lossier than its table is told by its first difference, before anything is replaced', async () => {
  makeStore(project, 'a.db', 'CREATE TABLE scores (id INTEGER PRIMARY KEY, score REAL, note TEXT)');
  makeStore(project, 'a.db', "INSERT INTO scores VALUES (1, 0.5, 'x'), (2, 1.5, 'y')");
  mkdirSync(join(dir, 'out'));
  configure({ scores: { store: 'a.db', table: 'scores', format: 'csv' } });
  writeFileSync(join(dir, 'out/scores.csv'), 'id,score\n1,0\n2,0\n');
  expect(await document(['--all', '--to', 'out', '--check'], 1)).toMatchObject({
    exports: [{ is: 'differs', why: 'its header has 2 columns instead of 3' }],
  });
  const lossy = 'id,score,note\n1,0,x\n2,0,y\n';
  writeFileSync(join(dir, 'out/scores.csv'), lossy);
  expect(await document(['--all', '--to', 'out', '--check'], 1)).toMatchObject({
    exports: [{ is: 'differs', why: 'row 1 differs in score' }],
  });
  expect((await run(['--all', '--to', 'out'], 2)).stderr).toContain('DSP-FILE-EXISTS');
  expect(readFileSync(join(dir, 'out/scores.csv'), 'utf8')).toBe(lossy);
  expect(readdirSync(join(dir, 'out'))).toEqual(['scores.csv']);
  expect(await document(['--all', '--to', 'out', '--force'])).toMatchObject({ exports: [{ kept: 'scores.csv.old' }] });
  expect(readFileSync(join(dir, 'out/scores.csv.old'), 'utf8')).toBe(lossy);
  expect(readFileSync(join(dir, 'out/scores.csv'), 'utf8')).toBe('id,score,note\n1,0.5,x\n2,1.5,y\n');
});

it('an export of a folder that was edited by hand is not replaced silently', async () => {
  makeStore(project, 'a.db', USERS, insert('users', users));
  configure({ people: { store: 'a.db', table: 'users', format: 'csv' } });
  await run(['--all', '--to', 'out']);
  makeStore(project, 'a.db', 'DELETE FROM users WHERE id = 1');
  await run(['--all', '--to', 'out']);
  writeFileSync(join(dir, 'out/people.csv'), 'id,email,age\n2,edited,9\n');
  expect((await run(['--all', '--to', 'out'], 2)).stderr).toContain('DSP-FILE-EXISTS');
});

it('without --to each goes where it is kept; one that is kept nowhere is an error', async () => {
  makeStore(project, 'a.db', USERS, insert('users', users));
  const kept = { people: { store: 'a.db', table: 'users', format: 'csv', to: 'out/csv' } };
  configure({ ...kept, lines: { store: 'a.db', table: 'users', format: 'jsonl', to: '.' } });
  expect(await document(['--all'])).toMatchObject({
    to: '.',
    exports: [{ file: 'out/csv/people.csv' }, { file: 'lines.jsonl' }],
  });
  expect(readdirSync(join(project, 'out/csv')).sort()).toEqual(['manifest.json', 'people.csv']);
  expect((await run(['--all', '--check'])).stdout).not.toContain('--to');
  writeFileSync(join(project, 'lines.jsonl'), '{}\n');
  expect(await document(['--all', '--check'], 1)).toMatchObject({
    ok: false,
    exports: [{ is: 'equal' }, { file: 'lines.jsonl', is: 'differs' }],
  });
  configure({ ...kept, none: { store: 'a.db', table: 'users', format: 'csv' } });
  expect((await run(['--all'], 2)).stderr).toContain('none has none');
});

it('verifyExport compares one file of anywhere', async () => {
  makeStore(project, 'a.db', USERS, insert('users', users));
  configure({ people: { store: 'a.db', table: 'users', format: 'csv' } });
  const { exports } = await readConfig(project, undefined, () => []);
  const [spec] = Object.values(exports);
  if (spec === undefined) throw new TypeError('no export');
  const ground = { root: project, scratchDir: dir, timeoutSeconds: 30 };
  const file = join(dir, 'copy.csv');
  writeFileSync(file, 'id,email,age\n1,"",\n2,b@x.org,9\n');
  expect(await verifyExport(ground, file, spec)).toMatchObject({ is: 'equal', rowsInFile: 2 });
  writeFileSync(file, 'id,email,age\n1,,\n2,b@x.org,9\n');
  expect(await verifyExport(ground, file, spec)).toMatchObject({ is: 'differs', why: 'row 1 differs in email' });
});

it.each([
  [[], /DSP-USAGE/],
  [['--all'], /--to DIR/],
  [['people', '--all', '--to', 'out'], /not both/],
  [['nobody', '--to', 'out'], /There is no export nobody[\s\S]*Declared: people, gone, text, odd, alone/],
  [['gone', '--to', 'out'], /DSP-EXPORT-INVALID[\s\S]*no table|no table[\s\S]*DSP-EXPORT-INVALID/],
  [['text', '--to', 'out'], /DSP-STORE-UNREADABLE/],
  [['odd', '--to', 'out'], /DSP-EXPORT-VALUE/],
  [['alone', '--to', 'out'], /blank line/],
  [['people', 'alone', '--to', 'out'], /blank line/],
  [['people', '--to', 'project/a.db'], /DSP-WRITE-FAILED/],
] as const)('export %j fails with words and writes nothing', async (args, words) => {
  makeStore(
    project,
    'a.db',
    USERS,
    insert('users', users),
    "CREATE TABLE odd (t); INSERT INTO odd VALUES (CAST(x'ff' AS TEXT))",
  );
  writeFileSync(join(project, 'b.csv'), 'id,name\n1,x\n');
  configure({
    people: { store: 'a.db', table: 'users', format: 'csv' },
    gone: { store: 'a.db', table: 'usres', format: 'csv' },
    text: { store: 'b.csv', table: 'b', format: 'csv' },
    odd: { store: 'a.db', table: 'odd', format: 'csv' },
    alone: { store: 'a.db', table: 'users', columns: ['age'], format: 'csv' },
  });
  const before = treeHash(dir);
  expect((await run(args, 2)).stderr).toMatch(words);
  expect(treeHash(dir)).toEqual(before);
});
