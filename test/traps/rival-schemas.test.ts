import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditView, type OpenedProject, openProject } from '../open-project.ts';
import { PASSWORD, project } from '../projects/rival-schemas.ts';
import { runCli } from '../run-cli.ts';

let opened: OpenedProject;
let seen: AuditView;

beforeAll(async () => {
  opened = await openProject(project);
  seen = await opened.audit();
});
afterAll(() => opened?.close());

const placesOf = (code: string): readonly string[] =>
  seen.findings(code).flatMap(({ at }) => at.map(({ path, line }) => (line === undefined ? path : `${path}:${line}`)));

it('C11: four declarations of one table, no two alike, in three languages', () => {
  expect(seen.findings('ddl-clash')).toMatchObject([
    { severity: 'high', confidence: 'proven', stores: ['data/shop.db'], tables: [{ table: 'users' }] },
  ]);
  expect(placesOf('ddl-clash')).toEqual(['app/desk.py:4', 'app/shop.py:4', 'web/users.js:3', 'web/users.php:3']);
});

it('C11: the same columns twice, or a column that an ALTER in code adds, are no clash', () => {
  const tables = seen.findings('ddl-clash').flatMap(({ tables: all = [] }) => all.map(({ table }) => table));
  expect(tables).not.toContain('prices');
  expect(tables).not.toContain('stock');
});

it('C12: two heads, a revision outside its folder, a journal that does not list its files; a tree in order is none', () => {
  const found = seen.findings('several-migration-systems').map(({ message }) => message);
  expect(found.toSorted()).toEqual([
    '1 revision of Alembic lies outside versions/: alembic/d4.py.',
    'Alembic in alembic/ has 2 heads: b2 and c3.',
    'drizzle/meta/_journal.json lists 2 migrations, and drizzle/ holds 12 files.',
  ]);
});

it('C16: one variable with three defaults in two languages; one with the same default everywhere is none', () => {
  expect(seen.findings('config-scatter')).toMatchObject([
    { message: 'SHOP_PORT is read in 3 places with 3 different defaults.' },
  ]);
  expect([...placesOf('config-scatter')].sort()).toEqual(['app/desk.py:7', 'app/shop.py:8', 'web/users.js:4']);
});

it('C16: where --env lists each place with its default', async () => {
  const run = await opened.untouched(() => runCli(['-C', opened.dir, 'where', '--env', 'SHOP_PORT', '--json']));
  const { variables } = JSON.parse(run.stdout) as { variables: { path: string; line: number; value: string }[] };
  expect(variables.map(({ path, line, value }) => `${path}:${line} ${value}`).sort()).toEqual([
    'app/desk.py:7 8080',
    'app/shop.py:8 8000',
    'web/users.js:4 3000',
  ]);
});

it('C24: a password in a URL, a call, a default and compose; not one that a manual would say or that comes from outside', () => {
  expect([...placesOf('credentials-in-code')].sort()).toEqual([
    'app/remote.py:2',
    'docker-compose.yml:5',
    'web/remote.js:2',
    'web/remote.js:3',
  ]);
});

it('C24: no form of the report and no answer shows the password', async () => {
  expect(JSON.stringify(seen.audit)).not.toContain(PASSWORD);
  for (const args of [
    ['audit', '--details', '--no-cache'],
    ['where', 'app/remote.py'],
    ['where', '--env', 'DATABASE_URL'],
  ]) {
    const run = await opened.untouched(() => runCli(['-C', opened.dir, ...args]));
    expect(run.stdout + run.stderr, args.join(' ')).not.toContain(PASSWORD);
    expect(run.stdout.length, args.join(' ')).toBeGreaterThan(0);
  }
});
