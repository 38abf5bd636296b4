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
import { projectHome } from './project-home.ts';
import { makeStore } from './projects/make-store.ts';
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

const run = (...args: readonly string[]) => projectHome(parent, 'project').run(args);
const json = async <T>(...args: readonly string[]): Promise<T> => {
  const { stdout, stderr } = await run(...args, '--json');
  expect(stdout, stderr).not.toBe('');
  expect(stdout).not.toContain('DSP-');
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
const edit = (from: string, to: string): void => {
  const text = readFileSync(PLAN(), 'utf8');
  expect(text).toContain(from);
  writeFileSync(PLAN(), text.replace(from, to));
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
  expect(treeState(root).filter((line) => !/\.\/data/.test(line))).toEqual(
    before.filter((line) => !/\.\/data/.test(line)),
  );
}, 120_000);

it('X4: columns, rows and values that only the old file has are a question; unanswered nothing is done, answered it is', async () => {
  const old = `${csv(4, (i) => `p${i}@example.org,Person ${i},${i - 1}.5`)
    .replace('score\n', 'score,note\n')
    .replaceAll('.5\n', '.5,by hand\n')}77,gone@example.org,Gone,1.5,by hand\n`;
  write('exports/people.csv', old);
  declare({ people: people() });
  const before = treeState(root);
  // Its rows can be imported: then nothing is lost. Here somebody does not want to.
  expect(shown(await plan())).toEqual(['merge data/hub.db: undecided', 'export exports/people.csv: undecided']);
  edit('merge: data/hub.db', 'merge: data/hub.db\n    skip: true');
  const planned = await plan('--from', PLAN());
  expect(shown(planned)).toEqual(['merge data/hub.db: skipped', 'export exports/people.csv: undecided']);
  expect(planned.decisions.filter(({ id }) => id.startsWith('export'))).toMatchObject([
    {
      id: 'export-exports-people-csv-replace',
      proposal: null,
      question:
        'exports/people.csv has what its export from people of data/hub.db would not have: rows and the column note. Shall it be replaced?',
      evidence: [
        '5 rows in the file, 12 in the export, compared by id',
        '1 row of the file is not in the export',
        'note: 5 values in the file; the export has no such column',
      ],
    },
  ]);
  expect(readFileSync(PLAN(), 'utf8')).not.toContain('by hand');
  expect((await run('apply', PLAN(), '--yes')).stderr).toContain('DSP-PLAN-UNDECIDED');
  expect(treeState(root)).toEqual(before);
  answer('export-exports-people-csv-replace', 'replace');
  expect((await apply()).status).toBe('verified');
  expect(read('exports/people.csv')).toBe(csv(12));
  const backups = (await run('backup', 'list', '--json')).stdout;
  expect(backups).toMatch(/"keep":\s*"forever"/);
  expect((await run('rollback', '--yes')).code).toBe(0);
  expect(treeState(root)).toEqual(before);
}, 120_000);

it('other values alone are what stale means: proposed. An answer of an earlier question is none for another one', async () => {
  write('exports/people.csv', csv(12).replace('Person 3', 'Pers. 3'));
  declare({ people: people() });
  const planned = await plan();
  expect(planned.decisions).toMatchObject([
    { proposal: 'replace', question: expect.stringContaining('other values in name') },
  ]);
  await plan('--from', PLAN(), '--accept-proposals');
  // What would be lost is another column now: neither the answer nor the review was about it.
  await ask('data/hub.db', 'UPDATE people SET score = NULL WHERE id = 5');
  expect((await run('apply', PLAN(), '--yes')).stderr).toContain('DSP-PLAN-STALE');
  const again = await plan('--from', PLAN());
  expect(again.decisions).toMatchObject([
    { proposal: null, question: expect.stringContaining('values in score and other values in name') },
  ]);
  expect(readFileSync(PLAN(), 'utf8')).toMatch(/answered replace when it was asked otherwise[\s\S]*chosen: *\n/);
  answer('export-exports-people-csv-replace', 'leave');
  // A run that does something else leaves the file, and is not to blame for it.
  writeFileSync(
    PLAN(),
    readFileSync(PLAN(), 'utf8').replace(
      /\nactions:\n/,
      '\nactions:\n  - write-file: NOTES.md\n    id: notes\n    content: kept\n',
    ),
  );
  await plan('--from', PLAN());
  const result = await apply();
  expect(result.status).toBe('verified');
  expect(result.findings.find(({ what }) => what === 'exports')).toMatchObject({
    ok: true,
    detail: '0 of 1 declared export say what the tables say; the plan left exports/people.csv as it was',
  });
  expect(read('exports/people.csv')).toContain('Pers. 3');
}, 120_000);

it('after a merge an export holds the rows of both stores; verify tells the run from who wrote since', async () => {
  makeStore(
    root,
    'old/hub.db',
    `${PEOPLE} INSERT INTO people VALUES ${ROWS.slice(0, 8).join(', ')}, (13, 'new@example.org', 'New', 1.5);`,
  );
  write('exports/people.csv', csv(12));
  write('exports/names.csv', 'name\nNobody\n');
  write('exports/rest.csv', 'name\nNobody\n');
  declare({
    people: people(),
    names: people({ columns: ['name'] }),
    rest: people({ columns: ['name'], order: ['name'] }),
  });
  write(
    '../first.yaml',
    `version: 1
plan: project-0001
decisions: []
actions:
  - merge: data/hub.db
    from: [old/hub.db]
    id: merge-hub
    tables:
      people: { identity: [email] }
  - export: exports/people.csv
    id: people
    after: [merge-hub]
  - export: exports/names.csv
    id: names
    after: [merge-hub]
  - export: exports/rest.csv
    id: rest
`,
  );
  const first = await plan('--from', join(parent, 'first.yaml'));
  const own = Object.fromEntries(first.actions.map(({ id, is, why }) => [id, why ?? is]));
  expect(own).toMatchObject({
    people: 'ready',
    names: expect.stringContaining('names-replace is not decided'),
    rest: expect.stringContaining('merge-hub changes data/hub.db in the same phase: it must come first'),
  });
  answer('names-replace', 'replace');
  writeFileSync(
    PLAN(),
    readFileSync(PLAN(), 'utf8').replace('- export: exports/rest.csv', '- export: exports/rest.csv\n    skip: true'),
  );
  await plan('--from', PLAN());
  const result = await apply();
  expect(result.status).toBe('verified');
  expect(read('exports/people.csv')).toBe(`${csv(12)}13,new@example.org,New,1.5\n`);
  expect(read('exports/names.csv')).toMatch(/\nNew\n$/);
  expect(Object.keys((JSON.parse(read('exports/manifest.json')) as { exports: object }).exports)).toEqual([
    'names',
    'people',
  ]);
  expect(result.findings.find(({ what }) => what === 'exports')).toMatchObject({
    ok: true,
    detail: '2 of 3 declared exports say what the tables say; the plan left exports/rest.csv as it was',
  });
  await ask('data/hub.db', "UPDATE people SET email = 'moved@example.org' WHERE id = 2");
  expect((await json<VerifyReport>('verify')).findings.find(({ what }) => what === 'exports')).toMatchObject({
    ok: true,
    detail: expect.stringContaining('the table of exports/people.csv was written to since'),
  });
  write('exports/people.csv', csv(12));
  const report = await json<VerifyReport>('verify');
  expect(report.ok).toBe(false);
  expect(report.findings.find(({ what }) => what === 'exports')).toMatchObject({
    ok: false,
    places: [{ path: 'exports/people.csv', what: expect.stringContaining('12 rows instead of 13') }],
  });
  expect((await run('verify')).stdout).toMatch(/exports[^\n]*exports say what the tables say|exports\/people\.csv/);
}, 120_000);

it('what is not declared is not made: the plan archives it, and shows the line that declares it with the columns it has', async () => {
  write(
    'exports/addresses.csv',
    `email,id\n${Array.from({ length: 6 }, (_, i) => `p${i + 1}@example.org,${i + 1}\n`).join('')}`,
  );
  const planned = await plan();
  expect(shown(planned)).toEqual(['archive exports/addresses.csv: ready']);
  const risks = planned.actions[0]?.risks.join('\n') ?? '';
  const line = /at `exports:`: (.*)$/m.exec(risks)?.[1] ?? '';
  expect(line).toBe('addresses: { store: data/hub.db, table: people, columns: [email, id], format: csv, to: exports }');
  const init = (await run('init', '--stdout')).stdout;
  expect(init).toContain(`  # ${line}\n`);
  // Uncommented as it says, it is a configuration.
  write('desprawl.yaml', init.replace(/ {2}\{\} # replace[^\n]*\n {2}# addresses/, '  addresses'));
  expect(shown(await plan('--out', join(parent, 'second.yaml')))).toEqual(['export exports/addresses.csv: ready']);
}, 120_000);

it('an export that cannot be made is blocked with the reason, and nothing is begun', async () => {
  write('exports/people.csv', csv(5));
  declare({
    people: people({ store: 'data/none.db' }),
    other: people({ table: 'persons', file: 'other.csv' }),
  });
  write('exports/other.csv', csv(5));
  write('exports/manifest.json', '{"mine": 1}\n');
  write(
    '../first.yaml',
    `version: 1\nplan: project-0001\nactions:\n${['people', 'other', 'strange'].map((name) => `  - export: exports/${name}.csv\n    id: ${name}\n`).join('')}`,
  );
  const planned = await plan('--from', join(parent, 'first.yaml'));
  expect(Object.fromEntries(planned.actions.map(({ id, why }) => [id, why]))).toMatchObject({
    people: 'its store, data/none.db, is not there',
    other: expect.stringContaining('there is no table persons'),
    strange: expect.stringContaining('no export of desprawl.yaml is kept at exports/strange.csv'),
  });
  // A list of another program stays what it is.
  rmSync(join(root, 'exports/other.csv'));
  declare({ people: people() });
  expect(shown(await plan('--out', join(parent, 'second.yaml')))).toEqual(['export exports/people.csv: ready']);
  const result = await json<ApplyResult>('apply', join(parent, 'second.yaml'), '--yes');
  expect(result.status).toBe('verified');
  expect(result.left).toMatchObject([{ path: 'exports/manifest.json' }]);
  expect(read('exports/manifest.json')).toBe('{"mine": 1}\n');
}, 120_000);
