import { expect, it } from 'vitest';
import type { ApplyResult, RunChange, RunSummary, StatusDocument, Structure, VerifyReport } from '../../apply/model.ts';
import { runsToTerminal, statusToTerminal } from '../status/status-terminal.ts';
import { verifyToMarkdown } from '../verify/verify-markdown.ts';
import { verifyToTerminal } from '../verify/verify-terminal.ts';
import { changeTree } from './change-tree.ts';
import { runToMarkdown } from './run-markdown.ts';
import { runToTerminal } from './run-terminal.ts';

const PAGE = { width: 80, colour: false, project: 'homestead' };
const RUN = '2026-11-21T143617Z-4f1c';
const removed = (n: number): readonly RunChange[] =>
  Array.from({ length: n }, (_, i) => ({
    path: `backups/hub-${String(i + 1).padStart(2, '0')}.db`,
    is: 'removed',
    kind: 'file',
    before: 146_000,
    after: null,
    action: 'archive-backups',
  }));
const changes: readonly RunChange[] = [
  ...removed(13),
  {
    path: 'scripts/check_db.py',
    is: 'moved',
    kind: 'file',
    from: 'scripts/old/check_db.py',
    before: 900,
    after: 905,
    action: 'move-scripts',
  },
  { path: 'services/auth/app.py', is: 'changed', kind: 'file', before: 412, after: 411, action: 'repoint-auth' },
];
const result: ApplyResult = {
  version: 1,
  kind: 'apply',
  dryRun: false,
  run: RUN,
  status: 'applied',
  plan: { id: 'homestead-7c1e', phase: 1 },
  undoes: [],
  actions: [
    { id: 'archive-backups', is: 'applied', paths: 13, reason: '13 backups of one content' },
    { id: 'move-scripts', is: 'applied', paths: 1 },
    { id: 'split-app-db', is: 'undecided', why: 'app-db is not decided', paths: 0 },
    { id: 'remove-empty', is: 'skipped', why: 'left out: skip', paths: 0 },
  ],
  decisions: [
    { id: 'app-db', question: 'Which one shall backend/worker.py open?', chosen: null, proposed: false },
    {
      id: 'untrack-auth',
      question: 'How do they keep theirs?',
      chosen: 'note',
      means: 'UNTRACKED.md says what to do',
      proposed: true,
    },
  ],
  changes,
  totals: {
    steps: 16,
    files: { made: 0, changed: 1, moved: 1, removed: 13, entries: 1 },
    bytes: { written: 411, freed: 1_898_001, archived: 1_898_000 },
  },
  backups: ['2026-11-21T143612Z-0d9b31f6a2c4'],
  changedSince: [],
  later: [],
  left: [{ path: 'scripts/import_legacy.py', line: 9, why: 'legacy importer', action: 'repoint-auth' }],
  checks: [
    {
      name: 'tests',
      before: 'passed',
      after: 'ended with 1',
      ok: false,
      why: 'it passed before',
      output: ['1 failed'],
    },
  ],
  ledger: [],
  notVerified: [{ what: 'check health', why: 'not run: nobody agreed to run this command' }],
  findings: [],
  seconds: 3.12,
};

it('a run on one screen: what was done, what waits, the tree, what is not sure, what next', () => {
  expect(runToTerminal(result, PAGE)).toBe(`homestead · homestead-7c1e · applied in 3.1 s
  run  2026-11-21T143617Z-4f1c

  applied    archive-backups                                            13 paths
  applied    move-scripts                                                 1 path
  undecided  split-app-db: app-db is not decided
  skipped    remove-empty: left out: skip

  1 changed, 1 moved, 13 removed, 1 entry of git's index; 1.9 MB freed, 1.9 MB
  archived

    backups/
    - hub-01.db                                                           146 kB
    - hub-02.db                                                           146 kB
    - hub-03.db                                                           146 kB
    - hub-04.db                                                           146 kB
    - hub-05.db                                                           146 kB
    - hub-06.db                                                           146 kB
    - hub-07.db                                                           146 kB
    - 6 more                                                              876 kB
    scripts/
    > check_db.py                             from scripts/old/check_db.py, +5 B
    services/
      auth/
      ~ app.py                                                              −1 B

names the old place, left as it is
  scripts/import_legacy.py:9  legacy importer

checks
  FAIL  tests  before passed · after ended with 1: it passed before
          | 1 failed

not verified
  check health: not run: nobody agreed to run this command

next   desprawl verify                            compares with the state before
       desprawl rollback 2026-11-21T143617Z-4f1c                   takes it back
       desprawl apply                                     asks what is undecided
`);
});

it('no report is wider than its page, also with colour and odd names', () => {
  const odd = {
    ...result,
    changes: [...changes, { ...changes[0], path: `x/\u001b[2J${'n'.repeat(200)}` } as RunChange],
  };
  for (const width of [30, 60, 120]) {
    for (const line of runToTerminal(odd, { ...PAGE, width }).split('\n'))
      expect(line.length).toBeLessThanOrEqual(width);
  }
  expect(runToTerminal(odd, { ...PAGE, colour: true })).not.toContain('\u001b[2J');
});

it('a dry run says the same of changes, and that nothing changed', () => {
  const dry = runToTerminal({ ...result, dryRun: true, seconds: 9 }, PAGE);
  expect(dry).toMatch(/^homestead · homestead-7c1e · dry run: would be applied in 9.0 s\n/);
  expect(dry).toMatch(/^ {2}applies +archive-backups/m);
  const body = (text: string) => text.slice(text.indexOf('  1 changed'), text.indexOf('\nnext'));
  expect(body(dry)).toBe(body(runToTerminal(result, PAGE)));
  expect(dry).not.toMatch('rollback');
});

it('an interrupted run names both ways out; a rollback what it took back', () => {
  expect(runToTerminal({ ...result, status: 'interrupted' }, PAGE)).toMatch(
    /next {3}desprawl apply --continue .*\n.*desprawl rollback /,
  );
  const back = runToTerminal({ ...result, kind: 'rollback', undoes: [RUN], actions: [] }, PAGE);
  expect(back).toMatch(/rolled back in 3.1 s[\s\S]*takes back {2}2026-11-21T143617Z-4f1c/);
});

it('Markdown of a run has the same, escaped', () => {
  const text = runToMarkdown({ ...result, left: [{ path: 'a*b.md', why: '<prose>', action: 'x' }] }, 'home_stead');
  expect(text).toMatch(/^# home\\_stead: applied\n/);
  expect(text).toContain('| `archive-backups` | applied | 13 |');
  expect(text).toContain('a\\*b.md  \\<prose\\>');
  expect(text).toContain('- hub-01.db   146 kB');
});

it('a folder that came or went is marked where what is in it stands, or stands alone', () => {
  const folder = (path: string, is: RunChange['is']): RunChange => ({
    path,
    is,
    kind: 'folder',
    before: null,
    after: null,
    action: 'x',
  });
  const lines = changeTree([
    folder('a', 'removed'),
    folder('a/b', 'removed'),
    { ...folder('a/b/x', 'removed'), kind: 'file', before: 3 },
    folder('new', 'made'),
  ]);
  expect(lines.map(({ depth, mark, text }) => `${depth} ${mark} ${text}`)).toEqual([
    '0 made new/',
    '0 removed a/',
    '1 removed b/',
    '2 removed x',
  ]);
});

it('trees show folders once and count what is many of a kind', () => {
  const lines = changeTree([
    ...removed(9),
    { path: 'backups/README', is: 'made', kind: 'file', before: null, after: 3, action: 'x' },
  ]);
  expect(lines.filter(({ text }) => text === 'backups/')).toHaveLength(1);
  expect(lines.at(-2)?.text === '2 more' || lines.at(-1)?.text === '2 more').toBe(true);
  expect(changeTree(removed(9), true)).toHaveLength(10);
});

const store = (path: string, rows: number | null, bytes: number) => ({
  path,
  kind: 'sqlite',
  bytes,
  tables: 2,
  rows,
  role: 'live',
});
const before: Structure = {
  files: 60,
  stores: [store('data/hub.db', 120, 40_960), store('backups/hub-01.db', 100, 36_864)],
  findings: { 'split-store': 1, 'copy-store': 3 },
  connectionModules: 3,
};
const after: Structure = {
  files: 47,
  stores: [store('data/hub.db', 121, 40_960)],
  findings: { 'split-store': 1 },
  connectionModules: 1,
};
const report: VerifyReport = {
  version: 1,
  run: RUN,
  status: 'verified',
  at: '2026-11-21T14:40:00.000Z',
  tool: '0.2.0',
  ok: true,
  plan: { id: 'homestead-7c1e', phase: 1 },
  findings: [
    { what: 'imports', ok: true, detail: '214 imports, as many lead nowhere as before: 1', places: [] },
    { what: 'bindings', ok: true, detail: '31 bindings as planned', places: [] },
  ],
  checks: [{ name: 'people', before: '15', after: '15', ok: true }],
  actions: result.actions,
  decisions: result.decisions,
  changes,
  left: result.left,
  ledger: [],
  notVerified: [],
  totals: result.totals,
  before,
  after,
  seconds: 2,
};

it('a verification says whether it held, and before and after as a table', () => {
  const text = verifyToTerminal(report, PAGE);
  expect(text).toMatch(/everything compared is as planned, and nothing is worse than before/);
  expect(text).toMatch(/before {2}2 stores, 78 kB · 3 modules with connections · 60 files/);
  expect(text).toMatch(/findings {2}copy-store 3 → 0/);
  expect(text).toMatch(/- +backups\/hub-01.db +100 +37 kB/);
  expect(text).toMatch(/~ +data\/hub.db +120 +121 +41 kB +41 kB/);
  expect(text).toMatch(/ok {4}people {2}before 15 · after 15/);
});

it('one that failed says what, where, and the way back', () => {
  const bad = {
    ...report,
    ok: false,
    findings: [
      {
        what: 'imports',
        ok: false,
        detail: '2 lead nowhere that did before',
        places: [{ path: 'a.py', line: 3, what: 'hub.legacy' }],
      },
    ],
  };
  const text = verifyToTerminal(bad, PAGE);
  expect(text).toMatch(/1 comparison failed/);
  expect(text).toMatch(/FAIL {2}imports {2}2 lead nowhere that did before\n {10}a.py:3 {2}hub.legacy/);
  expect(text).toMatch(/next {3}desprawl rollback /);
});

it('what was not verified is never called good', () => {
  const unsure = { ...report, notVerified: [{ what: 'data/old.db', why: 'encrypted' }] };
  expect(verifyToTerminal(unsure, PAGE)).toMatch(/1 thing could\s+not be compared/);
  expect(verifyToMarkdown(unsure, 'homestead')).toContain('- data/old.db: encrypted');
});

it('an owner reads who decided what, before and after, and how to go back', () => {
  const text = verifyToMarkdown(report, 'homestead');
  for (const part of [
    '**As planned; nothing compared is worse than before.**',
    '| gone | `backups/hub-01.db` | 100 |  | 37 kB |  |',
    '| Which one shall backend/worker.py open? | **open** |  |',
    '| How do they keep theirs? | `note`: UNTRACKED.md says what to do | as proposed |',
    '## Not verified\n\nNothing: all that was to be compared could be.',
    `\`desprawl rollback ${RUN}\` takes everything back`,
  ]) {
    expect(text).toContain(part);
  }
});

const summary = (more: Partial<RunSummary> = {}, is: RunSummary['status']['is'] = 'applied'): RunSummary => ({
  run: RUN,
  kind: 'apply',
  at: '2026-11-21T14:36:17.000Z',
  plan: { id: 'homestead-7c1e', phase: 1 },
  undoes: [],
  status: { run: RUN, is, done: 16, of: 16, inDoubt: null, stopped: null, damaged: false, by: null },
  verifications: [],
  backups: [],
  with: [],
  cannotGoBack: null,
  ...more,
});
const status = (more: Partial<StatusDocument> = {}): StatusDocument => ({
  version: 1,
  project: 'homestead',
  state: '/home/you/.local/state/desprawl/homestead-3f9a1c20',
  known: true,
  working: [],
  runs: [],
  waiting: null,
  notes: [],
  ...more,
});

it('status of a project without runs', () => {
  expect(statusToTerminal(status(), PAGE)).toBe(`homestead · no runs
  state  /home/you/.local/state/desprawl/homestead-3f9a1c20

next   desprawl plan                                          what could be done
`);
});

it('status of an interrupted run: how far, why, both ways out', () => {
  const waits = summary({
    status: {
      ...summary({}, 'interrupted').status,
      done: 4,
      inDoubt: { from: 5, to: 9 },
      stopped: { code: 'DSP-WRITE-FAILED', message: 'The disk is full' },
    },
  });
  const text = statusToTerminal(status({ runs: [waits], waiting: RUN }), PAGE);
  expect(text).toMatch(/a run was interrupted and waits/);
  expect(text).toMatch(/4 of 16 steps done, 5–9 may have begun/);
  expect(text).toMatch(/The disk is full \(DSP-WRITE-FAILED\)/);
  expect(text).toMatch(/next {3}desprawl apply --continue +finishes it\n +desprawl rollback +takes it back/);
  const damaged = { ...waits, status: { ...waits.status, damaged: true } };
  expect(statusToTerminal(status({ runs: [damaged], waiting: RUN }), PAGE)).not.toMatch(/--continue/);
});

it('status of somebody at work, of a holder that may be gone, of a state that is not there', () => {
  const holder = {
    pid: 41,
    host: 'box',
    command: 'apply',
    since: '2026-11-21T14:36:00.000Z',
    alive: 'yes' as const,
    file: '/s/held/41.json',
  };
  expect(statusToTerminal(status({ working: [holder] }), PAGE)).toMatch(
    /works {2}apply \(process 41 on box\) since 2026-11-21 14:36 UTC/,
  );
  expect(statusToTerminal(status({ working: [{ ...holder, alive: 'cannot tell' }] }), PAGE)).toMatch(
    /delete[\s\S]*\/s\/held\/41.json/,
  );
  expect(statusToTerminal(status({ known: false }), PAGE)).toMatch(/nothing is known of runs/);
});

it('runs, newest first, with what goes back with what', () => {
  const back = summary({ run: '2026-11-22T080000Z-aaaa', kind: 'rollback', plan: null, undoes: [RUN] });
  const old = summary({
    status: { ...summary({}, 'rolled back').status, by: back.run },
    with: ['2026-11-21T200000Z-bbbb'],
    cannotGoBack: 'its backup was pruned',
  });
  const text = runsToTerminal(status({ runs: [back, old] }), { ...PAGE, width: 100 });
  expect(text.split('\n')[0]).toBe('homestead · 2 runs, newest first');
  expect(text).toMatch(/aaaa {2}applied · 16 steps · takes back 2026-11-21T143617Z-4f1c/);
  expect(text).toMatch(/4f1c {2}rolled back by 2026-11-22T080000Z-aaaa/);
  expect(text).toMatch(/cannot be taken back: its backup was pruned/);
  expect(text).toMatch(/goes back together with 2026-11-21T200000Z-bbbb/);
});
