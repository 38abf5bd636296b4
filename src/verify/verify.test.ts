import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunChange, Structure } from '../apply/model.ts';
import { stateOf } from '../disk/path-state.ts';
import { realDisk } from '../disk/real-disk.ts';
import { chainsOf } from '../journal/run-changes.ts';
import type { CodeSnapshot, SeenBinding } from '../plan/code-snapshot.ts';
import type { PlannedBinding } from '../plan/lock-model.ts';
import type { PlannedStep } from '../steps/step.ts';
import { backupsFinding } from './verify-backups.ts';
import { codeFindings } from './verify-code.ts';
import { editsFinding } from './verify-edits.ts';
import { targetsFinding } from './verify-targets.ts';
import { treeFinding } from './verify-tree.ts';

const EMPTY: CodeSnapshot = { unresolved: [], names: [], references: [], imports: [], bindings: [], read: [] };
const site = (path: string, what: string, line = 1) => ({ path, what, line, scope: '' });
const opens = (path: string, store: string, more: Partial<SeenBinding> = {}): SeenBinding => ({
  path,
  line: 3,
  scope: 'open',
  by: 'sqlite3.connect',
  nth: 0,
  context: 'python app.py',
  target: { kind: 'store', store },
  confidence: 'proven',
  ...more,
});
const planned = (path: string, before: string, after: string): PlannedBinding => ({
  site: `${path}:3`,
  context: 'python app.py',
  before,
  after,
});
const change = (path: string, is: RunChange['is'], from?: string): RunChange => ({
  path,
  is,
  kind: 'file',
  ...(from === undefined ? {} : { from }),
  before: 1,
  after: 1,
  action: 'x',
});

describe('code', () => {
  const judged = (
    before: Partial<CodeSnapshot>,
    after: Partial<CodeSnapshot>,
    more: Partial<Parameters<typeof codeFindings>[0]> = {},
  ) =>
    codeFindings({
      before: { ...EMPTY, ...before },
      after: { ...EMPTY, ...after },
      moved: new Map(),
      planned: [],
      changes: [],
      ...more,
    });
  const failing = (...args: Parameters<typeof judged>) =>
    judged(...args).flatMap(({ what, ok, places }) =>
      ok ? [] : [`${what}: ${places.map(({ path }) => path).join(' ')}`],
    );

  it('what led nowhere before may lead nowhere now, and no more', () => {
    const was = { unresolved: [site('a.py', 'hub.legacy')] };
    expect(failing(was, was)).toEqual([]);
    expect(failing(was, {})).toEqual([]);
    expect(failing(was, { unresolved: [site('a.py', 'hub.legacy', 9), site('b.py', 'hub.gone')] })).toEqual([
      'imports: b.py',
    ]);
    expect(failing({}, { names: [site('c.py', 'hub Pool')] })).toEqual(['names: c.py']);
    expect(failing({}, { references: [site('Makefile', 'scripts/old/x.py')] })).toEqual(['references: Makefile']);
  });

  it('a file that moved takes its debts along', () => {
    const moved = new Map([['old/a.py', 'new/a.py']]);
    expect(
      failing({ unresolved: [site('old/a.py', 'x')] }, { unresolved: [site('new/a.py', 'x')] }, { moved }),
    ).toEqual([]);
    expect(failing({ unresolved: [site('old/a.py', 'x')] }, { unresolved: [site('new/a.py', 'x')] })).toEqual([
      'imports: new/a.py',
    ]);
  });

  it('a file that parsed must parse', () => {
    const read = (is: 'structure' | 'tokens') => ({
      read: [{ path: 'a.py', read: is, problem: 'line 3: unexpected indent' }],
    });
    expect(failing(read('structure'), read('tokens'))).toEqual(['syntax: a.py']);
    expect(failing(read('tokens'), read('tokens'))).toEqual([]);
  });

  it('a line opens what it opened, or what was planned', () => {
    const was = { bindings: [opens('app.py', 'a.db')] };
    const is = { bindings: [opens('app.py', 'b.db', { line: 7 })] };
    expect(failing(was, was)).toEqual([]);
    expect(failing(was, is)).toEqual(['bindings: app.py']);
    expect(failing(was, is, { planned: [planned('app.py', 'a.db', 'b.db')] })).toEqual([]);
    expect(failing(was, is, { planned: [planned('other.py', 'a.db', 'b.db')] })).toEqual(['bindings: app.py other.py']);
    expect(failing(was, is, { planned: [planned('app.py', 'c.db', 'b.db')] })).toEqual(['bindings: app.py']);
  });

  it('what was planned and did not come true fails', () => {
    const was = { bindings: [opens('app.py', 'a.db')] };
    expect(failing(was, was, { planned: [planned('app.py', 'a.db', 'b.db')] })).toEqual(['bindings: app.py']);
  });

  it('a store that moved is the same store; a file that went took its lines with it', () => {
    const moved = new Map([['a.db', 'data/a.db']]);
    expect(
      failing({ bindings: [opens('app.py', 'a.db')] }, { bindings: [opens('app.py', 'data/a.db')] }, { moved }),
    ).toEqual([]);
    const gone = { bindings: [opens('old.py', 'a.db')] };
    expect(failing(gone, {}, { changes: [change('old.py', 'removed')] })).toEqual([]);
    expect(failing(gone, {})).toEqual(['bindings: old.py']);
  });

  it('what a file was to open that goes is opened by what is imported instead of it', () => {
    const was = { bindings: [opens('old.py', 'a.db')], imports: [{ from: 'app.py', to: 'old.py', line: 1 }] };
    const is = (store: string) => ({
      bindings: [opens('new.py', store)],
      imports: [{ from: 'app.py', to: 'new.py', line: 1 }],
    });
    const of = { planned: [planned('old.py', 'a.db', 'b.db')], changes: [change('old.py', 'removed')] };
    expect(failing(was, is('b.db'), of)).toEqual([]);
    expect(failing(was, is('a.db'), of)).toEqual(['bindings: old.py']);
  });

  it('a line of a file that moved is judged where it is now', () => {
    const moved = new Map([['old/app.py', 'app.py']]);
    const of = { moved, planned: [planned('old/app.py', 'a.db', 'b.db')] };
    expect(failing({ bindings: [opens('old/app.py', 'a.db')] }, { bindings: [opens('app.py', 'b.db')] }, of)).toEqual(
      [],
    );
  });

  it('a module takes over what another one opened for the same file, and nothing else', () => {
    const was = {
      bindings: [opens('old/connection.py', 'a.db'), opens('db/connection.py', 'b.db')],
      imports: [{ from: 'app.py', to: 'old/connection.py', line: 1 }],
    };
    const is = (store: string, from = 'app.py') => ({
      bindings: [opens('db/connection.py', 'b.db'), opens('db/connection.py', store, { via: [from] })],
      imports: [{ from, to: 'db/connection.py', line: 1 }],
    });
    const by = { changes: [change('app.py', 'changed'), change('other.py', 'changed')] };
    expect(failing(was, is('a.db'), by)).toEqual([]);
    expect(failing(was, is('c.db'), by)).toEqual(['bindings: old/connection.py db/connection.py']);
    expect(failing(was, is('a.db', 'other.py'), by)).toEqual(['bindings: old/connection.py db/connection.py']);
  });

  it('two equal modules beside two files open two files: one that goes leaves its importers another file', () => {
    const was = {
      bindings: [opens('old/connection.py', 'old/a.db'), opens('db/connection.py', 'db/a.db')],
      imports: [{ from: 'app.py', to: 'old/connection.py', line: 1 }],
    };
    const is = { bindings: [opens('db/connection.py', 'db/a.db')] };
    const by = { changes: [change('app.py', 'changed'), change('old/connection.py', 'removed')] };
    const instead = { ...is, imports: [{ from: 'app.py', to: 'db/connection.py', line: 1 }] };
    expect(failing(was, instead, by)).toEqual(['bindings: old/connection.py']);
    expect(failing({ ...was, imports: [] }, is, by)).toEqual([]);
  });

  it('what comes into view when other callers go was so before', () => {
    const was = { bindings: [opens('db/connection.py', 'a.db', { via: ['unused.py'] })] };
    const is = { bindings: [opens('db/connection.py', 'b.db', { via: ['app.py'] })] };
    const both = { bindings: [...was.bindings, ...is.bindings] };
    expect(failing(was, both, { changes: [change('unused.py', 'removed')] })).toEqual([]);
    expect(failing(was, both, { changes: [change('app.py', 'changed')] })).toEqual(['bindings: db/connection.py']);
    expect(failing(both, is, { changes: [change('unused.py', 'removed')] })).toEqual([]);
  });

  it('less sure than before is not as before', () => {
    const was = { bindings: [opens('app.py', 'a.db')] };
    const is = { bindings: [opens('app.py', 'a.db', { confidence: 'likely' })] };
    expect(failing(was, is, { changes: [change('app.py', 'changed')] })).toEqual(['bindings: app.py']);
    // Where neither the call nor what it is read from was touched, only what else is to be seen changed.
    expect(failing(was, is, { changes: [change('other.py', 'removed')] })).toEqual([]);
  });
});

describe('the tree', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'verify-'));
    for (const [path, text] of Object.entries({ 'a.py': 'new', 'sub/b.py': 'moved' })) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const stateNow = (path: string) => {
    const state = stateOf(realDisk, join(root, path));
    if (state.kind !== 'file') throw new RangeError(path);
    return state;
  };
  const steps = (): readonly PlannedStep[] => [
    {
      op: 'put',
      action: 'x',
      path: 'a.py',
      before: { ...stateNow('a.py'), sha256: 'old' },
      after: stateNow('a.py'),
      how: 'replace',
    },
    { op: 'rename', action: 'x', path: 'b.py', to: 'sub/b.py', before: stateNow('sub/b.py') },
    { op: 'remove', action: 'x', path: 'old.db', before: stateNow('a.py') },
  ];
  const judged = (made: readonly PlannedStep[], more: Partial<Parameters<typeof treeFinding>[0]> = {}) =>
    treeFinding({ disk: realDisk, root, chains: chainsOf(made), indexSteps: [], git: null, later: new Set(), ...more });

  it('is as the run left it', () => {
    expect(judged(steps())).toMatchObject({
      findings: [{ ok: true, detail: '4 paths as the run left them' }],
      notVerified: [],
    });
  });

  it('names what is not, and how it differs', () => {
    const made = steps();
    writeFileSync(join(root, 'a.py'), 'edited');
    rmSync(join(root, 'sub/b.py'));
    writeFileSync(join(root, 'old.db'), 'made anew');
    const { findings, changedSince } = judged(made);
    expect(findings[0]?.places).toEqual([
      { path: 'a.py', what: 'a file was left there, now there is one with another content' },
      { path: 'sub/b.py', what: 'a file was left there, now there is nothing' },
      { path: 'old.db', what: 'nothing was left there, now there is a file' },
    ]);
    expect(changedSince).toEqual(new Set(['a.py', 'sub/b.py', 'old.db']));
  });

  it('what later runs changed is theirs, and said', () => {
    const made = steps();
    writeFileSync(join(root, 'a.py'), 'by a later run');
    expect(judged(made, { later: new Set(['a.py']) })).toMatchObject({
      findings: [{ ok: true }],
      notVerified: [{ what: '1 path of this run', why: 'later runs changed them again' }],
    });
  });

  it('entries of git’s index are asked; without git they are not verified', () => {
    const entry = { mode: '100644', oid: 'abc', flags: '' };
    const indexSteps = [{ index: '/i', entries: [{ path: 'data/auth.db', before: entry, after: null }] }];
    const git = (now: typeof entry | null) => ({ entriesOf: () => [now] });
    expect(judged([], { indexSteps, git: git(null) }).findings[0]?.ok).toBe(true);
    expect(judged([], { indexSteps, git: git(entry) }).findings[0]?.places).toMatchObject([{ path: 'data/auth.db' }]);
    expect(judged([], { indexSteps }).notVerified).toHaveLength(1);
  });
});

it('an edit stands in a file that was edited since, or it does not', () => {
  const hunk = { path: 'a.py', at: [0, 1, 4] as const, from: 'old.db', to: 'new.db', why: '', proof: '' };
  const judged = (text: string | null, changed: readonly string[]) =>
    editsFinding({ hunks: [hunk], moved: new Map(), changedSince: new Set(changed), read: () => text });
  expect(judged(null, [])).toMatchObject({ ok: true, detail: '1 edit stands' });
  expect(judged('# hi\nopen("new.db")', ['a.py']).ok).toBe(true);
  expect(judged('open("old.db")', ['a.py'])).toMatchObject({ ok: false, places: [{ path: 'a.py', line: 4 }] });
  expect(judged(null, ['a.py']).ok).toBe(false);
});

it('a backup with a damaged content fails; one whose store has no snapshot is not verified as far', () => {
  const manifest = {
    files: [{ path: 'a' }],
    stores: [{ store: 'x.db', tables: [], taken: 'excluded', notVerified: 'it is encrypted' }],
    bytes: { files: 5, new: 5 },
  } as never;
  const check = { problems: [] } as never;
  expect(backupsFinding([{ id: 'b', manifest, check }])).toMatchObject({
    findings: [{ ok: true }],
    notVerified: [{ what: 'snapshot of x.db', why: 'it is encrypted' }],
  });
  const bad = { problems: [{ path: 'a', what: 'its content is damaged' }] } as never;
  expect(backupsFinding([{ id: 'b', manifest, check: bad }]).findings[0]).toMatchObject({
    ok: false,
    places: [{ path: 'a' }],
  });
  expect(backupsFinding([{ id: 'b', manifest: null, check: null }]).findings[0]?.ok).toBe(false);
});

it('targets are judged where they are asked', () => {
  const now: Structure = { files: 1, stores: [], findings: { 'split-store': 1 }, connectionModules: 2 };
  expect(targetsFinding({ findings: {} }, now)).toBeNull();
  expect(targetsFinding({ connectionModules: 2, findings: { 'copy-store': 0 } }, now)?.ok).toBe(true);
  expect(targetsFinding({ connectionModules: 1, findings: { 'split-store': 0 } }, now)).toMatchObject({
    ok: false,
    detail: '2 modules with connections, at most 1 are wanted, 1 split-store, at most 0 are wanted',
  });
});
