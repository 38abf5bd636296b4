/** A store in UTF-16 comes into one in UTF-8, to the last character; where UTF-8 cannot hold it, nothing is begun. */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ApplyResult } from '../../src/apply/model.ts';
import { projectHome } from '../project-home.ts';
import { settleTimes } from '../projects/fixture-project.ts';
import { MOTTOS, project } from '../projects/wide-text.ts';
import { openStoreProcess } from '../store-process.ts';
import { treeState } from '../tree-state.ts';

let parent: string;
let root: string;
let planFile: string;

beforeEach(async () => {
  parent = realpathSync(mkdtempSync(join(tmpdir(), 'wide-text-')));
  root = join(parent, 'kiosk');
  planFile = join(parent, 'plan.yaml');
  mkdirSync(root);
  await project.build(root);
  settleTimes(root);
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const run = (...args: readonly string[]) => projectHome(parent, 'kiosk').run(args);
const ask = async (store: string, sql: string): Promise<readonly (readonly unknown[])[]> => {
  const one = openStoreProcess(join(root, store));
  const rows = await one.run(sql);
  await one.close();
  return rows.map((row) => Object.values(row));
};
const hex = (text: string): string => Buffer.from(text, 'utf8').toString('hex').toUpperCase();

it('R16: a source in UTF-16 comes in to the last character, with the types and constraints of its own table; and back', async () => {
  const before = treeState(root);
  await run('plan', '--target', 'data/hub.db', '--out', planFile);
  expect(readFileSync(planFile, 'utf8')).toContain('users: { rows: "2 + 3 → 4');
  const { stdout } = await run('apply', planFile, '--yes', '--json');
  const result = JSON.parse(stdout) as ApplyResult;
  expect(result.status, stdout).toBe('verified');
  expect(await ask('data/hub.db', 'SELECT hex(motto), typeof(points), colour FROM cards ORDER BY id')).toEqual(
    MOTTOS.map((motto) => [hex(motto), 'real', 'red']),
  );
  expect(await ask('data/hub.db', "SELECT hex(name) FROM users WHERE name LIKE 'Zo%'")).toEqual([[hex('Zoë 😀')]]);
  expect(
    await ask('data/hub.db', 'SELECT u.email, count(*) FROM cards c JOIN users u ON u.id = c.user_id GROUP BY 1'),
  ).toHaveLength(3);
  const [[made = '']] = (await ask('data/hub.db', "SELECT sql FROM sqlite_schema WHERE name = 'cards'")) as [[string]];
  expect(made).toContain('id INTEGER PRIMARY KEY');
  expect(made).toContain("CHECK (colour <> '')");
  // No number that either store gave away is given again.
  const [[given]] = (await ask('data/hub.db', "SELECT seq FROM sqlite_sequence WHERE name = 'users'")) as [[number]];
  expect(given).toBeGreaterThanOrEqual(90);
  expect((await run('rollback', '--yes')).code).toBe(0);
  expect(treeState(root)).toEqual(before);
});

it('R16: half a surrogate pair has no place in UTF-8: refused with the table, before anything is begun', async () => {
  await ask('data/cards.db', "UPDATE cards SET motto = CAST(x'3dd8' AS TEXT) WHERE id = 1");
  const before = treeState(root);
  const planned = await run('plan', '--target', 'data/hub.db', '--out', planFile);
  expect(planned.stdout.replaceAll(/\s+/g, ' ')).toContain('text in cards is no valid UTF-16: UTF-8 cannot hold it');
  await run('apply', planFile, '--yes');
  expect(treeState(root)).toEqual(before);
});

it('a target in UTF-16 is refused with the reason', async () => {
  writeFileSync(
    planFile,
    'version: 1\nplan: kiosk-0001\nactions:\n  - merge: data/cards.db\n    id: merge-by-hand\n    from: [data/hub.db]\n    tables: { users: { identity: [email] } }\n',
  );
  const before = treeState(root);
  const planned = await run('plan', '--from', planFile, '--out', planFile);
  expect(planned.stdout.replaceAll(/\s+/g, ' ')).toContain(
    'data/cards.db keeps its text in UTF-16le: such a store can be a source, not a target',
  );
  await run('apply', planFile, '--yes');
  expect(treeState(root)).toEqual(before);
});
