/** Nothing goes while it is needed (promises 4 and 7), tried through the command line: what keeps a file, and what is not told for certain. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import { planningHome } from './plan/plan-project.ts';
import { makeStore } from './projects/make-store.ts';

const home = planningHome();
afterAll(() => home.close());
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'promises-'));
  write('app.py', "import sqlite3\nprint(sqlite3.connect('data/app.db').execute('select * from users').fetchall())\n");
  makeStore(dir, 'data/app.db', USERS, "INSERT INTO users VALUES (1, 'Ada'), (2, 'Bob')");
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const USERS = 'CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)';

function write(path: string, text: string): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), text);
}

function copies(...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    copyFileSync(join(dir, 'data/app.db'), join(dir, path));
  }
}

it.each([
  ['a setting', 'config.toml', '[db]\npath = "old/part.db"\n'],
  [
    'a command of a job',
    '.github/workflows/ci.yml',
    'on: push\njobs:\n  a:\n    steps:\n      - run: cp old/part.db /tmp\n',
  ],
  [
    'a path in a container',
    'docker-compose.yml',
    'services:\n  a:\n    image: x\n    volumes:\n      - ./old:/data\n    command: browse /data/part.db\n',
  ],
  [
    'a name with holes',
    'open.py',
    'import sqlite3, sys\nsqlite3.connect(f"{sys.argv[1]}/part.db").execute("select 1")\n',
  ],
  [
    'a line of which nobody could tell what it opens',
    'tool.py',
    "import sqlite3, sys\nsqlite3.connect(sys.argv[1]).execute('select 1')\n",
  ],
])('S7: before a store goes, %s that may mean it is a question', async (_, path, text) => {
  makeStore(dir, 'old/part.db', USERS, "INSERT INTO users VALUES (1, 'Ada')");
  const going = (await home.plan(dir)).action('old/part.db');
  expect(going.needs).toEqual([]);
  write(path, text);
  const plan = await home.plan(dir, '--out', 'desprawl-second.yaml');
  const [need] = plan.action('old/part.db').needs;
  const asked = plan.document.decisions.find(({ id }) => id === need?.decision);
  expect(asked).toMatchObject({ proposal: null, evidence: [expect.stringContaining(path)] });
  const applied = await home.run(dir, 'apply', 'desprawl-second.yaml', '--yes');
  expect([applied.code, existsSync(join(dir, 'old/part.db'))], applied.stderr).toEqual([2, true]);
  expect(applied.stderr).toContain('DSP-PLAN-UNDECIDED');
});

it('a guide that names a store is a risk of taking it away; a list of what git ignores is nothing', async () => {
  makeStore(dir, 'old/part.db', USERS, "INSERT INTO users VALUES (1, 'Ada')");
  write('README.md', '# Kiosk\n\n```sh\nsqlite3 old/part.db .dump\n```\n');
  write('.gitignore', 'old/part.db\n');
  expect((await home.plan(dir)).action('old/part.db')).toMatchObject({
    needs: [],
    risk: 'medium',
    risks: ['README.md:4 names old/part.db'],
  });
});

it('S9: the backups that stay are part of the reason: without them the plan is stale', async () => {
  copies('backups/app-1.db', 'backups/app-2.db', 'backups/app-3.db', 'backups/app-4.db');
  const { document } = await home.plan(dir);
  expect(document.actions.map(({ kind }) => kind)).toEqual(['archive']);
  // Others of the application's rows: nothing but these files has theirs.
  for (const one of ['app-1', 'app-4']) rmSync(join(dir, `backups/${one}.db`));
  const ran = await home.run(dir, 'apply', '--yes');
  expect([ran.code, readdirSync(join(dir, 'backups'))]).toEqual([10, ['app-2.db', 'app-3.db']]);
  expect(ran.stderr).toContain('DSP-PLAN-STALE');
});

it.runIf(process.platform === 'linux')('a name that is not UTF-8 keeps its folder, and the plan knows', async () => {
  write('left/empty.db', '');
  const odd = Buffer.concat([Buffer.from(`${dir}/left/latin`), Buffer.of(0xe9)]);
  writeFileSync(odd, 'a letter');
  await home.plan(dir);
  const ran = await home.run(dir, 'apply', '--yes');
  expect(ran.code, ran.stdout).toBe(0);
  expect([existsSync(odd), existsSync(join(dir, 'left/empty.db'))]).toEqual([true, false]);
});
