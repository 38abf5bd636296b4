/** Virtual tables that nobody here can read: beside a source they keep it from going, in a target they are asked about; never half merged. */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ApplyResult, VerifyReport } from '../../src/apply/model.ts';
import { projectHome } from '../project-home.ts';
import { settleTimes } from '../projects/fixture-project.ts';
import { project } from '../projects/unread-virtual.ts';
import { openStoreProcess } from '../store-process.ts';
import { treeState } from '../tree-state.ts';

let parent: string;
let root: string;
let planFile: string;

beforeEach(async () => {
  parent = realpathSync(mkdtempSync(join(tmpdir(), 'unread-virtual-')));
  root = join(parent, 'kiosk');
  planFile = join(parent, 'plan.yaml');
  mkdirSync(root);
  await project.build(root);
  settleTimes(root);
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const run = (...args: readonly string[]) => projectHome(parent, 'kiosk').run(args);
const json = <T>(...args: readonly string[]): Promise<T> => projectHome(parent, 'kiosk').json<T>(...args);
const ask = async (store: string, sql: string): Promise<readonly string[]> => {
  const one = openStoreProcess(join(root, store));
  const rows = await one.run(sql);
  await one.close();
  return rows.map((row) => Object.values(row).join(' '));
};
const STORAGE = 'SELECT chunk, hex(points) FROM vectors_chunks ORDER BY chunk';

it('R20: beside a source, they are not verified and keep the source; its other rows come in', async () => {
  await run('plan', '--target', 'data/plain.db', '--out', planFile);
  const plan = readFileSync(planFile, 'utf8');
  for (const why of [
    'words: not verified (an index that keeps no text: what it holds cannot be read)',
    'vectors: not verified (no such module: vec0)',
    'vectors_chunks: not verified (it may be what vectors is kept in, whose module is not here)',
  ])
    expect(plan).toContain(why);
  expect(plan).not.toContain('archive:');
  // Nor when a person asks for it.
  const archive =
    '\n  - archive: data/search.db\n    id: archive-search\n    after: [merge-plain]\n    reason: its rows are elsewhere\n';
  writeFileSync(planFile, plan.replace(/\n\nleft:/, `${archive}\nleft:`));
  const before = treeState(root).filter((line) => line.includes('search.db'));
  await run('plan', '--from', planFile, '--out', planFile);
  const result = await json<ApplyResult>('apply', planFile, '--yes');
  expect(result.status).toBe('verified');
  expect(result.actions).toContainEqual(
    expect.objectContaining({ id: 'archive-search', is: 'blocked', why: expect.stringContaining('stay in it') }),
  );
  expect(await ask('data/plain.db', 'SELECT count(*) FROM notes')).toEqual(['10']);
  expect(await ask('data/plain.db', "SELECT name FROM sqlite_schema WHERE type = 'table'")).toEqual(['notes']);
  expect(treeState(root).filter((line) => line.includes('search.db'))).toEqual(before);
});

it('R20: in a target, they are asked about before anything moves; accepted, they stay as they are and are listed', async () => {
  await run('plan', '--target', 'data/search.db', '--out', planFile);
  const plan = readFileSync(planFile, 'utf8');
  expect(plan).toContain('needs: { search-vectors-virtual: accept, search-words-virtual: accept }');
  const before = treeState(root);
  expect((await run('apply', planFile, '--yes')).stderr).toContain('DSP-PLAN-UNDECIDED');
  expect(treeState(root)).toEqual(before);

  const [storage, words] = [
    await ask('data/search.db', STORAGE),
    await ask('data/search.db', 'SELECT count(*) FROM words'),
  ];
  writeFileSync(planFile, plan.replaceAll(/^( +chosen:).*$/gm, '$1 accept'));
  expect((await json<ApplyResult>('apply', planFile, '--yes')).status).toBe('verified');
  expect(await ask('data/search.db', 'SELECT count(*) FROM notes')).toEqual(['10']);
  expect([await ask('data/search.db', STORAGE), await ask('data/search.db', 'SELECT count(*) FROM words')]).toEqual([
    storage,
    words,
  ]);
  const { notVerified } = await json<VerifyReport>('verify');
  expect(notVerified.map(({ what }) => what)).toEqual(
    expect.arrayContaining(['vectors of data/search.db', 'words of data/search.db']),
  );
});

it('R20: what a module keeps its table in is merged by nobody, though a plan says so', async () => {
  await ask('data/plain.db', 'CREATE TABLE vectors_chunks (chunk INTEGER PRIMARY KEY, size INTEGER, points BLOB)');
  writeFileSync(
    planFile,
    `version: 1\nplan: kiosk-0001\nactions:\n  - merge: data/plain.db\n    id: merge-by-hand\n    from: [data/search.db]\n    tables: { vectors_chunks: { identity: row } }\n`,
  );
  const before = treeState(root);
  await run('plan', '--from', planFile, '--out', planFile);
  expect(readFileSync(planFile, 'utf8')).toContain('vectors_chunks may be what vectors of data/search.db is kept in');
  await run('apply', planFile, '--yes');
  expect(await ask('data/plain.db', 'SELECT count(*) FROM vectors_chunks')).toEqual(['0']);
  expect(before.length).toBe(treeState(root).length);
});
