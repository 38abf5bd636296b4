/**
 * X1, to its end: records that only a text file has come into the table that they fit, column by column as somebody agreed to. Through the command
 * line: planned, refused while undecided, answered, applied, verified, taken back.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ApplyResult, VerifyReport } from '../src/apply/model.ts';
import type { PlanDocument } from '../src/report/plan/json.ts';
import { projectHome } from './project-home.ts';
import { makeStore } from './projects/make-store.ts';
import { openStoreProcess } from './store-process.ts';
import { treeState } from './tree-state.ts';

const FILE = 'exports/readings.csv';
const IMPORT = 'hub-readings-exports-readings.csv-import';
const reading = (i: number): readonly [at: string, sensor: string, volts: number] => [
  `2025-${String((i % 12) + 1).padStart(2, '0')}-${String((i % 28) + 1).padStart(2, '0')}T${String(i % 24).padStart(2, '0')}:00:00`,
  `s-${i % 9}`,
  (i * 13) % 240,
];
const from = (first: number, count: number): readonly number[] => Array.from({ length: count }, (_, i) => first + i);

let parent: string;
let root: string;
beforeEach(() => {
  parent = realpathSync(mkdtempSync(join(tmpdir(), 'orphan-import-')));
  root = join(parent, 'project');
  mkdirSync(root);
  makeStore(
    root,
    'data/hub.db',
    `CREATE TABLE readings (id INTEGER PRIMARY KEY, taken TEXT NOT NULL, sensor TEXT NOT NULL, volts INTEGER NOT NULL);
     INSERT INTO readings VALUES ${from(0, 40)
       .map(
         (i) =>
           `(${i + 1}, ${reading(i)
             .map((cell) => JSON.stringify(cell).replaceAll('"', "'"))
             .join(', ')})`,
       )
       .join(', ')};`,
  );
  write('app.py', 'import sqlite3\n\nprint(sqlite3.connect("data/hub.db").execute("select count(*) from readings"))\n');
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
const run = (...args: readonly string[]) => projectHome(parent, 'project').run(args);
const json = async <T>(...args: readonly string[]): Promise<T> => {
  const { stdout, stderr } = await run(...args, '--json');
  expect(stdout, stderr).not.toBe('');
  expect(stdout).not.toContain('DSP-');
  return JSON.parse(stdout) as T;
};
const PLAN = (): string => join(parent, 'plan.yaml');
const plan = (...more: readonly string[]) => json<PlanDocument>('plan', '--out', PLAN(), ...more);
const shown = ({ actions }: PlanDocument): readonly string[] =>
  actions.map(({ kind, subject, is }) => `${kind} ${subject}: ${is}`);
const answer = (id: string, choice: string): void => {
  const text = readFileSync(PLAN(), 'utf8');
  const at = text.indexOf('chosen:', text.indexOf(`decision: ${id}\n`));
  writeFileSync(PLAN(), `${text.slice(0, at)}chosen: ${choice}${text.slice(text.indexOf('\n', at))}`);
};
const ask = async (sql: string): Promise<readonly string[]> => {
  const one = openStoreProcess(join(root, 'data/hub.db'));
  const rows = await one.run(sql);
  await one.close();
  return rows.map((row) => Object.values(row).join(' '));
};

it('X1: a fitting export comes in with the columns that somebody agreed to; until then nothing of it goes', async () => {
  // Twenty rows of the table, 75 of its own; the time is called otherwise.
  write(
    FILE,
    `zeit,sensor,volts\n${from(20, 95)
      .map((i) => `${reading(i).join(',')}\n`)
      .join('')}`,
  );
  const before = treeState(root);
  const planned = await plan();
  expect(shown(planned)).toEqual(['merge data/hub.db: undecided', `archive ${FILE}: undecided`]);
  expect(planned.decisions).toMatchObject([
    {
      id: IMPORT,
      proposal: null,
      question: `${FILE} has 75 rows that readings lacks. Shall they come in, column by column as listed?`,
      evidence: [
        'by name: sensor and volts',
        'zeit → taken, a guess: the only one of its kind',
        'only in the table: id: given by it, or left empty',
      ],
    },
  ]);
  expect((await run('apply', PLAN(), '--yes')).stderr).toContain('DSP-PLAN-UNDECIDED');
  expect(treeState(root)).toEqual(before);
  answer(IMPORT, 'import');
  const result = await json<ApplyResult>('apply', PLAN(), '--yes');
  expect(result.status).toBe('verified');
  expect(result.ledger).toMatchObject([{ store: FILE, table: 'readings', rows: 95, inserted: 75, retained: 0 }]);
  expect(existsSync(join(root, FILE))).toBe(false);
  expect(await ask('SELECT taken, sensor, volts FROM readings ORDER BY id')).toEqual(
    from(0, 115).map((i) => reading(i).join(' ')),
  );
  expect(await json<VerifyReport>('verify')).toMatchObject({ ok: true, ledger: [{ store: FILE, inserted: 75 }] });
  expect((await run('rollback', '--yes')).code).toBe(0);
  expect(treeState(root)).toEqual(before);
}, 120_000);

it('X1: an answer that it stays leaves it, and its rows with it', async () => {
  write(
    FILE,
    `taken,sensor,volts\n${from(20, 95)
      .map((i) => `${reading(i).join(',')}\n`)
      .join('')}`,
  );
  expect((await plan()).decisions).toMatchObject([{ id: IMPORT, proposal: 'import' }]);
  const before = treeState(root);
  answer(IMPORT, 'apart');
  expect(await json<ApplyResult>('apply', PLAN(), '--yes')).toMatchObject({ status: 'nothing to do' });
  expect(treeState(root)).toEqual(before);
}, 120_000);

it('X1: what is declared comes in and is made anew, in one run: nothing of the old file is lost, so nobody is asked', async () => {
  write(
    FILE,
    `id,taken,sensor,volts\n${from(20, 95)
      .map((i) => `${i + 1},${reading(i).join(',')}\n`)
      .join('')}`,
  );
  write(
    'desprawl.yaml',
    'version: 1\nexports:\n  readings: { store: data/hub.db, table: readings, format: csv, to: exports }\n',
  );
  const before = treeState(root);
  const planned = await plan();
  expect(shown(planned)).toEqual(['merge data/hub.db: undecided', `export ${FILE}: undecided`]);
  expect(planned.decisions.map(({ id }) => id)).toEqual([IMPORT]);
  await plan('--from', PLAN(), '--accept-proposals');
  expect(await json<ApplyResult>('apply', PLAN(), '--yes')).toMatchObject({ status: 'verified' });
  expect(readFileSync(join(root, FILE), 'utf8').split('\n')).toHaveLength(117);
  expect((await run('rollback', '--yes')).code).toBe(0);
  expect(treeState(root)).toEqual(before);
}, 120_000);

it('X1: names of rows become their keys; rows without such a row stay out with the reason, and their file waits for an answer', async () => {
  rmSync(join(root, 'data/hub.db'));
  const meters = ['North', 'South', 'Cellar', 'Roof', 'Barn'];
  makeStore(
    root,
    'data/hub.db',
    `CREATE TABLE meters (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
     INSERT INTO meters VALUES ${meters.map((name, i) => `(${(i + 1) * 10}, '${name}')`).join(', ')};
     CREATE TABLE readings (id INTEGER PRIMARY KEY, meter_id INTEGER NOT NULL REFERENCES meters (id), taken TEXT NOT NULL, kwh REAL NOT NULL);
     INSERT INTO readings VALUES ${from(0, 40)
       .map((i) => `(${i + 1}, ${((i % 5) + 1) * 10}, '${reading(i)[0]}', ${i}.5)`)
       .join(', ')};`,
  );
  write(
    FILE,
    `taken,meter,kwh\n${from(20, 92)
      .map((i) => `${reading(i)[0]},${meters[i % 5]},${i}.5\n`)
      .join('')}2026-01-01T00:00:00,Lost,1.5\n2026-01-02T00:00:00,Lost,2.5\n2026-01-03T00:00:00,,3.5\n`,
  );
  const before = treeState(root);
  const planned = await plan();
  const asked = Object.fromEntries(planned.decisions.map(({ id, evidence }) => [id, evidence]));
  expect(asked[IMPORT]).toContain(
    'meter → meter_id of meters.name, the key of the row that is called so; rows without one such row, or with several, stay out',
  );
  expect(asked['hub-readings-refused']).toEqual([
    `${FILE}: 3 rows, refused: NOT NULL constraint failed: readings.meter_id`,
  ]);
  answer(IMPORT, 'import');
  answer('hub-readings-refused', 'wait');
  const result = await json<ApplyResult>('apply', PLAN(), '--yes');
  expect(result.status).toBe('verified');
  expect(result.ledger).toMatchObject([{ store: FILE, rows: 95, inserted: 72, retained: 3 }]);
  expect(existsSync(join(root, FILE))).toBe(true);
  expect(
    await ask('SELECT taken, name, kwh FROM readings JOIN meters ON meters.id = meter_id ORDER BY readings.id'),
  ).toEqual(from(0, 112).map((i) => `${reading(i)[0]} ${meters[i % 5]} ${i}.5`));
  expect(await json<VerifyReport>('verify')).toMatchObject({ ok: true });
  expect((await run('rollback', '--yes')).code).toBe(0);
  expect(treeState(root)).toEqual(before);
}, 120_000);

it('X1: names of which no row is there are told with what would help; when the rows are there, their keys are proposed, declared or not', async () => {
  rmSync(join(root, 'data/hub.db'));
  makeStore(
    root,
    'data/hub.db',
    `CREATE TABLE meters (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
     INSERT INTO meters VALUES (10, 'North'), (20, 'South');
     CREATE TABLE readings (id INTEGER PRIMARY KEY, meter_id INTEGER NOT NULL, taken TEXT NOT NULL, kwh REAL NOT NULL);
     INSERT INTO readings VALUES ${from(0, 40)
       .map((i) => `(${i + 1}, ${((i % 2) + 1) * 10}, '${reading(i)[0]}', ${i}.5)`)
       .join(', ')};`,
  );
  write(
    FILE,
    `taken,meter,kwh\n${from(40, 30)
      .map((i) => `${reading(i)[0]},${i % 2 === 0 ? 'Barn' : 'Roof'},${i}.5\n`)
      .join('')}`,
  );
  const { left } = await plan();
  expect(left.find(({ path }) => path === FILE)?.why).toBe(
    '30 rows that readings of data/hub.db lacks; it has no meter_id, which is required there, and has meter; no value of meter is in meters.name, which could tell the keys: add those rows to meters, then plan again',
  );
  await ask("INSERT INTO meters VALUES (30, 'Barn'), (40, 'Roof')");
  const { decisions } = await plan();
  expect(decisions).toMatchObject([
    { id: IMPORT, proposal: null, evidence: expect.arrayContaining([expect.stringMatching(/^meter → meter_id of /)]) },
  ]);
}, 120_000);
