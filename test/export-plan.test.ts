/**
 * Exports in plans, through the command line: what is declared is made anew from its table, as a merge leaves it; what only the old file has is
 * a question; what is not declared is not made. Small projects of their own: each is a few rows.
 */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ApplyResult, VerifyReport } from '../src/apply/model.ts';
import type { PlanDocument } from '../src/report/plan/json.ts';
import { makeStore } from './projects/make-store.ts';
import { expectNoTrace, runCli } from './run-cli.ts';
import { openStoreProcess } from './store-process.ts';
import { treeState } from './tree-state.ts';

const PEOPLE = 'CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT, score REAL);';
const ROWS = Array.from({ length: 12 }, (_, i) => `(${i + 1}, 'p${i + 1}@example.org', 'Person ${i + 1}', ${i}.5)`);

let parent: string;
let root: string;
beforeEach(() => {
  parent = realpathSync(mkdtempSync(join(tmpdir(), 'export-plan-')));
  root = join(parent, 'project');
  mkdirSync(root);
  makeStore(root, 'data/hub.db', `${PEOPLE} INSERT INTO people VALUES ${ROWS.join(', ')};`);
  write('app.py', 'import sqlite3\n\nprint(sqlite3.connect("data/hub.db").execute("select count(*) from people"))\n');
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const declare = (exports: object): void => write('desprawl.yaml', JSON.stringify({ version: 1, exports }));
const people = (more: object = {}): object => ({
  store: 'data/hub.db',
  table: 'people',
  format: 'csv',
  to: 'exports',
  ...more,
});
const csv = (rows: number, more: (i: number) => string = (i) => `p${i}@example.org,Person ${i},${i - 1}.5`): string =>
  `id,email,name,score\n${Array.from({ length: rows }, (_, i) => `${i + 1},${more(i + 1)}\n`).join('')}`;

const run = async (...args: readonly string[]) => {
  const env = { XDG_STATE_HOME: join(parent, 'state'), XDG_CACHE_HOME: join(parent, 'cache') };
  const done = await runCli(['-C', root, ...args], { env });
  expectNoTrace(done);
  return done;
};
const json = async <T>(...args: readonly string[]): Promise<T> => {
  const { stdout, stderr } = await run(...args, '--json');
  expect(stdout, stderr).not.toBe('');
  return JSON.parse(stdout) as T;
};
const PLAN = (): string => join(parent, 'plan.yaml');
const plan = (...more: readonly string[]) => json<PlanDocument>('plan', '--out', PLAN(), ...more);
const apply = (...more: readonly string[]) => json<ApplyResult>('apply', PLAN(), '--yes', ...more);
const shown = ({ actions }: PlanDocument): readonly string[] =>
  actions.map(({ kind, subject, is }) => `${kind} ${subject}: ${is}`);
const ask = async (store: string, sql: string): Promise<void> => {
  const one = openStoreProcess(join(root, store));
  await one.run(sql);
  await one.close();
};
const answer = (id: string, choice: string): void => {
  const text = readFileSync(PLAN(), 'utf8');
  const at = text.indexOf(`decision: ${id}`);
  expect(at).toBeGreaterThan(0);
  const from = text.indexOf('chosen:', at);
  writeFileSync(PLAN(), `${text.slice(0, from)}chosen: ${choice}${text.slice(text.indexOf('\n', from))}`);
};

it('a stale export that is declared is made anew, verified, and back byte for byte', async () => {
  write('exports/people.csv', csv(5));
  declare({ people: people() });
  const before = treeState(root);
  const planned = await plan();
  expect(shown(planned)).toEqual(['export exports/people.csv: ready']);
  expect(planned.actions[0]).toMatchObject({ finding: 'stale-export' });
  expect(planned.decisions).toEqual([]);
  expect(treeState(root)).toEqual(before);
  const result = await apply();
  expect(result.status).toBe('verified');
  expect(read('exports/people.csv')).toBe(csv(12));
  expect(JSON.parse(read('exports/manifest.json'))).toMatchObject({
    exports: { people: { rows: 12, file: 'people.csv' } },
  });
  expect((await run('export', '--all', '--to', join(root, 'exports'), '--check')).code).toBe(0);
  // The next export by hand knows the file as its own.
  await ask('data/hub.db', "INSERT INTO people VALUES (13, 'p13@example.org', 'Person 13', 12.5)");
  const report = await json<VerifyReport>('verify');
  expect([report.ok, report.findings.find(({ what }) => what === 'exports')?.ok]).toEqual([true, true]);
  expect((await run('rollback', '--yes')).code).toBe(0);
  expect(read('exports/people.csv')).toBe(csv(5));
  expect(treeState(root).filter((line) => !/hub\.db/.test(line))).toEqual(
    before.filter((line) => !/hub\.db/.test(line)),
  );
}, 120_000);
