/** What a plan proposes, and above all what it does not: trap by trap, through the command line. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type OpenedProject, openProject } from './open-project.ts';
import { type PlanView, planningHome } from './plan/plan-project.ts';
import { project as backupHeap } from './projects/backup-heap.ts';
import { project as emptyAccident } from './projects/empty-accident.ts';
import { project as exportsInUse } from './projects/exports-in-use.ts';
import { project as falseDuplicate } from './projects/false-duplicate.ts';
import type { FixtureProject } from './projects/fixture-project.ts';
import { project as lossyExport } from './projects/lossy-export.ts';
import { project as olderGeneration } from './projects/older-generation.ts';
import { project as scriptFolders } from './projects/script-folders.ts';
import { FILES, project as stateHeap } from './projects/state-heap.ts';
import { project as thirdParty } from './projects/third-party.ts';
import { project as trackedSecrets } from './projects/tracked-secrets.ts';
import { project as unreadable } from './projects/unreadable.ts';
import { writeFile } from './projects/write-file.ts';
import { treeHash } from './tree-hash.ts';

const home = planningHome();
afterAll(() => home.close());
let opened: OpenedProject | undefined;
afterEach(() => opened?.close());

const PLAN = 'desprawl-plan.yaml';

/** Plans a fixture; nothing but the plan file may change. */
async function planned(project: FixtureProject, ...args: readonly string[]): Promise<PlanView> {
  opened = await openProject(project);
  // The folder of the project itself has another time: a file is put there and taken away again.
  const hash = (dir: string): readonly string[] => treeHash(dir).filter((line) => !line.startsWith('. '));
  const before = hash(opened.dir);
  const view = await home.plan(opened.dir, ...args);
  const aside = view.text === '' ? undefined : readFileSync(join(opened.dir, PLAN));
  rmSync(join(opened.dir, PLAN), { force: true });
  expect(hash(opened.dir)).toEqual(before);
  if (aside !== undefined) writeFileSync(join(opened.dir, PLAN), aside);
  return view;
}

const touched = ({ document }: PlanView): string => JSON.stringify(document.actions);

describe('stores', () => {
  it('S7: a "duplicate" with rows of its own is never proposed for removal; a subset and a copy are', async () => {
    const plan = await planned(falseDuplicate);
    expect(plan.actions.toSorted()).toEqual(['remove dashboard/kiosk.db', 'remove mirror/kiosk.db']);
    expect(plan.action('dashboard/kiosk.db')).toMatchObject({ because: 'data/kiosk.db', is: 'ready', risk: 'high' });
    expect(plan.left['backend/kiosk.db']).toMatch(/no copy of data\/kiosk\.db \(7 rows that it lacks\)/);
    expect(plan.left['backup/kiosk_copy.db']).toMatch(/backup with 1 row that backend\/kiosk\.db lacks/);
    expect(plan.text).not.toMatch(/@|password/);
  });

  it('S9: 144 of 156 backups go, the newest of each of the 12 contents stays', async () => {
    const plan = await planned(backupHeap);
    expect(plan.actions).toEqual(['archive backups/energy-*.db']);
    const { files, except, reason, bytes } = plan.action('backups/energy-*.db');
    expect([files, except.length]).toEqual([144, 12]);
    expect(reason).toContain('144 of 156 backups');
    // Each content is in the vault once.
    expect(bytes).toMatchObject({ freed: 144 * 8192, vault: 12 * 8192 });
    expect(except).toContain('backups/energy-2025-07-06.db');
  });

  it('S4: an empty store goes where nothing opens it, and is a question of where its rows went where a backup has them', async () => {
    const plan = await planned(emptyAccident);
    for (const { kind, subject } of plan.document.actions)
      expect([kind, plan.left[subject]]).toEqual(['remove', undefined]);
    const kept = Object.values(plan.left).join('\n');
    expect(kept).toMatch(/find out first where they went|correct that path first/);
  });

  it('S8: another generation is left alone, whatever its name says', async () => {
    const plan = await planned(olderGeneration);
    expect(touched(plan)).not.toContain('hub.db.old');
    expect(Object.values(plan.left).join('\n')).toContain('another generation of');
  });

  it('S12 and S14: what belongs to other programs or could not be read is in no action', async () => {
    const foreign = await planned(thirdParty);
    const others = foreign.document.left.filter(({ why }) => why.startsWith('belongs to'));
    expect(others.length).toBeGreaterThan(0);
    for (const { path } of others) expect(touched(foreign)).not.toContain(path);
    opened?.close();
    const closed = await planned(unreadable);
    const unread = closed.document.left.filter(({ why }) => why.startsWith('not verified'));
    expect(unread.length).toBeGreaterThan(0);
    for (const { path } of unread) expect(touched(closed)).not.toContain(`"${path}"`);
  });

  it('S10: untracking is asked first, says what it does to others, and never touches the file', async () => {
    const plan = await planned(trackedSecrets);
    expect(plan.actions.toSorted()).toEqual([
      'ignore /data/catalog.db',
      'untrack data/auth.db',
      'untrack data/catalog.db',
      'write-file UNTRACKED.md',
    ]);
    // A rule for what git goes on tracking is without effect: it waits for the same answer.
    expect(plan.action('/data/catalog.db')).toMatchObject({
      is: 'undecided',
      needs: [{ decision: 'untrack-data-catalog-db', choices: ['untrack'] }],
    });
    expect(plan.action('data/auth.db')).toMatchObject({
      is: 'undecided',
      needs: [{ decision: 'untrack', choices: ['note'] }],
      risk: 'high',
    });
    expect(plan.action('data/catalog.db')).toMatchObject({ is: 'undecided', after: ['ignore-data-catalog-db'] });
    const [pull, ship] = plan.document.decisions;
    expect([pull?.proposal, ship?.proposal]).toEqual(['note', null]);
    expect(pull?.question).toContain('`git pull` delete it in every other checkout');
    const accepted = await home.plan(opened?.dir ?? '', '--from', PLAN, '--accept-proposals');
    expect(accepted.action('data/auth.db').is).toBe('ready');
    expect(accepted.action('data/catalog.db').is).toBe('undecided');
  });
});

describe('code', () => {
  const project = (files: Readonly<Record<string, string>>): FixtureProject => ({
    traps: [],
    wrong: '',
    build(dir) {
      for (const [path, text] of Object.entries(files)) writeFile(dir, path, text);
    },
  });
  const open = (where: string): string =>
    `import os\nimport sqlite3\n\nDATA = ${where}\n\n\ndef connect(name=None):\n    path = name or DATA\n    connection = sqlite3.connect(path)\n    connection.row_factory = sqlite3.Row\n    connection.execute("PRAGMA foreign_keys = ON")\n    return connection\n\n\ndef query(sql, values=(), name=None):\n    connection = connect(name)\n    try:\n        return [dict(row) for row in connection.execute(sql, values)]\n    finally:\n        connection.close()\n`;
  const users = (module: string): string =>
    `from ${module} import connect\n\nprint(connect().execute("SELECT name FROM users").fetchall())\n`;
  const twice = (where: string): FixtureProject =>
    project({
      'shop/__init__.py': '',
      'shop/db.py': open(where),
      'depot/__init__.py': '',
      'depot/db.py': open(where),
      'sales.py': users('shop.db'),
      'stock.py': users('depot.db'),
      'orders.py': users('shop.db'),
      Makefile: 'run:\n\tpython3 sales.py\n\tpython3 stock.py\n\tpython3 orders.py\n',
    });

  it('C5: of two equal connection modules one stays and the other’s importers follow', async () => {
    const plan = await planned(twice('"data/shop.db"'));
    expect(plan.actions).toEqual(['repoint depot/db.py', 'remove depot/db.py']);
    expect(plan.action('depot/db.py')).toMatchObject({ to: 'shop/db.py', is: 'ready', references: '1 line in 1 file' });
  });

  it('S5: equal modules that open what lies beside them open two files, and stay two', async () => {
    const plan = await planned(twice('os.path.join(os.path.dirname(__file__), "shop.db")'));
    expect(plan.actions).toEqual([]);
    expect(plan.left['depot/db.py']).toMatch(/it would change more than it says: .*db\.py:9 opened/);
  });

  it('C15: a module that a package shadows is never the one that stays', async () => {
    const plan = await planned(
      project({
        'shop/__init__.py': '',
        'shop/store/__init__.py': 'from shop.store_old import connect\n',
        'shop/store.py': open('"data/shop.db"'),
        'shop/store_old.py': open('"data/shop.db"'),
        'sales.py': users('shop.store'),
        'stock.py': users('shop.store'),
        'orders.py': users('shop.store_old'),
        Makefile: 'run:\n\tpython3 sales.py\n\tpython3 stock.py\n\tpython3 orders.py\n',
      }),
    );
    expect(plan.actions.filter((one) => !one.startsWith('archive'))).toEqual(['remove shop/store.py']);
  });

  it('C17: two folders of scripts for one job are one question, answered they are one folder', async () => {
    const plan = await planned(scriptFolders);
    expect(plan.actions).toEqual(['move database/scripts/']);
    expect(plan.action('database/scripts/')).toMatchObject({ to: 'database/setup/', is: 'undecided' });
    const [question] = plan.document.decisions;
    expect(question).toMatchObject({ id: 'scripts-of-database-scripts', proposal: 'move' });
    const accepted = await home.run(opened?.dir ?? '', 'plan', '--from', PLAN, '--accept-proposals', '--diff-code');
    // Also a file that only moves has its reason.
    expect(accepted.stdout).toMatch(/^# move-database-scripts: .+\ndiff --git a\/database\/scripts\/clear\.py /m);
    expect(accepted.stdout).toContain('+0 3 * * * cd /srv/shop && sh database/setup/nightly.sh');
    expect(accepted.stdout).toContain('+python3 database/setup/clear.py');
    expect(accepted.stdout).not.toMatch(/^[-+](?![-+]).*tools\//m);
  });
});

describe('exports and state files', () => {
  it('X1 and X3: rows that no table has and files that code reads are left alone', async () => {
    const plan = await planned(exportsInUse);
    expect(touched(plan)).not.toMatch(/\.csv/);
    expect(plan.left['exports/readings.csv']).toBe('95 rows that no table has');
  });

  it('X4: a poorer export goes to the vault with what speaks against it, never in place of its table', async () => {
    const plan = await planned(lossyExport);
    expect(plan.actions).toEqual(['archive exports/devices.csv']);
    expect(plan.action('exports/devices.csv')).toMatchObject({
      risk: 'medium',
      risks: [
        'people outside this project may read it',
        expect.stringMatching(
          / devices: \{ store: data\/hub\.db, table: devices, columns: \[id, .*\], format: csv, to: exports \}$/,
        ),
      ],
    });
    expect(plan.action('exports/devices.csv').reason).toContain('11 of the 19 columns');
  });

  it('X5: all state files but the newest, and how many git could not bring back', async () => {
    const plan = await planned(stateHeap);
    const { files, except, risks } = plan.action('state/scenes/scene_*.json');
    expect([files, except]).toEqual([FILES - 1, ['state/scenes/scene_0243.json']]);
    expect(risks[0]).toContain('git could not bring back 241 of them');
    expect(touched(plan)).not.toContain('config/');
  });
});

describe('the file', () => {
  it('planning twice is the same plan; the file that was written is no part of the project', async () => {
    const first = await planned(stateHeap);
    const dir = opened?.dir ?? '';
    const again = await home.run(dir, 'plan', '--diff', PLAN);
    expect([again.code, again.stdout]).toEqual([0, 'The two plans say the same.\n']);
    const audit = JSON.parse((await home.run(dir, 'audit', '--json', '--no-cache')).stdout) as {
      findings: { at: { path: string }[] }[];
    };
    expect(JSON.stringify(audit.findings)).not.toContain(PLAN);
    const twice = await home.run(dir, 'plan');
    expect([twice.code, twice.stderr]).toEqual([2, expect.stringContaining('DSP-FILE-EXISTS')]);
    expect(readFileSync(join(dir, PLAN), 'utf8')).toBe(first.text);
  });

  it('what people write stays, byte for byte, and what they decide counts', async () => {
    const { text } = await planned(trackedSecrets);
    const dir = opened?.dir ?? '';
    const edited = text
      .replace('    chosen:\n', '    chosen: leave   # Ada, after lunch\n')
      .replace('  - untrack: data/auth.db', '  # Not before the release!\n  - untrack: data/auth.db')
      .replace(/( {4}id: ignore-data-catalog-db\n)/, '$1    skip: true\n');
    writeFileSync(join(dir, PLAN), edited);
    const plan = await home.plan(dir, '--from', PLAN);
    expect(plan.text).toContain('    chosen: leave   # Ada, after lunch\n');
    expect(plan.text).toContain('  # Not before the release!\n  - untrack: data/auth.db\n');
    expect(plan.action('data/auth.db')).toMatchObject({ is: 'skipped', why: 'untrack was answered leave' });
    expect(plan.action('/data/catalog.db')).toMatchObject({ is: 'skipped', why: 'left out: skip' });
    const different = plan.text.split('\n').filter((line) => !edited.split('\n').includes(line));
    // The title says how many are open; times are measured anew.
    expect(different.filter((line) => !/^# desprawl plan|^ {4}takes: /.test(line))).toEqual([]);
  });

  it('approve records who, when and what; an edit with an effect ends it', async () => {
    const { text } = await planned(lossyExport);
    const dir = opened?.dir ?? '';
    const approved = await home.run(dir, 'approve', PLAN, '--json');
    expect(approved.code, approved.stderr).toBe(0);
    const { by, hash, code, open } = JSON.parse(approved.stdout) as Record<string, unknown>;
    expect([typeof by, hash, code, open]).toEqual([
      'string',
      expect.stringMatching(/^[0-9a-f]{64}$/),
      expect.stringMatching(/^[0-9a-f]{64}$/),
      [],
    ]);
    const after = readFileSync(join(dir, PLAN), 'utf8');
    expect(after.startsWith(text.slice(0, text.indexOf('approvals:')))).toBe(true);
    writeFileSync(join(dir, PLAN), after.replace('    risk: medium\n', '    risk: medium\n    owner: ben\n'));
    expect((await home.run(dir, 'approve', PLAN)).stdout).toContain('was approved already');
    writeFileSync(join(dir, PLAN), after.replace('    risk: medium\n', '    risk: medium\n    skip: true\n'));
    const edited = await home.run(dir, 'approve', PLAN);
    expect([edited.code, edited.stderr]).toEqual([10, expect.stringContaining('DSP-PLAN-STALE')]);
  });

  it('a plan of nowhere, of another project, of another machine, of nonsense', async () => {
    await planned(lossyExport);
    const dir = opened?.dir ?? '';
    const text = readFileSync(join(dir, PLAN), 'utf8');
    const fails = async (...args: readonly string[]): Promise<readonly [number | null, string]> => {
      const { code, stderr, stdout } = await home.run(dir, ...args);
      expect(stdout).toBe('');
      return [code, stderr];
    };
    expect(await fails('plan', '--from', 'nope.yaml')).toEqual([2, expect.stringContaining('DSP-PLAN-MISSING')]);
    writeFileSync(join(dir, 'other.yaml'), text.replace('plan: kiosk-', 'plan: garage-'));
    expect(await fails('plan', '--from', 'other.yaml')).toEqual([
      2,
      expect.stringMatching(/is a plan of garage, and this is kiosk/),
    ]);
    writeFileSync(join(dir, 'wrong.yaml'), text.replace('archive:', 'archiv:'));
    expect(await fails('plan', '--from', 'wrong.yaml')).toEqual([
      2,
      expect.stringMatching(/wrong\.yaml:\d+:5: unknown key "archiv"[\s\S]*did you mean "archive"/),
    ]);
    const elsewhere = planningHome();
    try {
      const { code, stderr } = await elsewhere.run(dir, 'approve', PLAN);
      expect([code, stderr]).toEqual([10, expect.stringContaining('DSP-PLAN-UNLOCKED')]);
    } finally {
      elsewhere.close();
    }
  });

  it('as Markdown, as a page, narrow, and without anything to do', async () => {
    await planned(backupHeap);
    const dir = opened?.dir ?? '';
    const [md, page, text] = [
      await home.run(dir, 'plan', '--from', PLAN, '--format', 'md'),
      await home.run(dir, 'plan', '--from', PLAN, '--format', 'html'),
      await home.run(dir, 'plan', '--from', PLAN),
    ];
    expect(md.stdout).toMatch(
      /^# Plan for kiosk\n[\s\S]*## Structure now and after[\s\S]*energy-\*\.db {2}\(144 files/,
    );
    expect(page.stdout).toMatch(/^<!doctype html>[\s\S]*<h2 id="structure">/);
    expect(page.stdout).not.toMatch(/<script|https?:/);
    expect(Math.max(...text.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(text.stdout).toContain('144 files leave');
  });
});
