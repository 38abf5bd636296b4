/** Runs taken back: whatever was changed since, from the middle, on each other, and the way back taken back itself. */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeStore } from '../../test/projects/make-store.ts';
import { edit, move, type RollbackGround, removal, rollbackGround } from '../../test/rollback-ground.ts';
import { openStoreProcess } from '../../test/store-process.ts';
import { treeHash } from '../../test/tree-hash.ts';
import { treeState } from '../../test/tree-state.ts';
import type { Disk, Path } from '../disk/disk.ts';
import { ABSENT, type FileState } from '../disk/path-state.ts';
import { realDisk } from '../disk/real-disk.ts';
import { gitIndex } from '../steps/git-index-file.ts';
import type { PlannedStep } from '../steps/step.ts';
import { type Change, stepsBetween } from '../steps/steps-between.ts';
import { readManifest } from '../vault/manifest.ts';
import { vaultFolder } from '../vault/vault-folder.ts';

let on: RollbackGround;
beforeEach(() => {
  on = rollbackGround();
});
afterEach(() => on.close());

let seconds = 1_700_000_000.123457;
const write = (path: string, text: string, mode = 0o644): void => {
  const place = join(on.root, path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, text);
  chmodSync(place, mode);
  seconds += 77.000_103;
  realDisk.setAttributes(place, { mtimeNs: BigInt(Math.round(seconds * 1e6)) * 1000n });
};
/** So that no folder has the time of now. */
const settle = (...folders: readonly string[]): void => {
  for (const path of folders) utimesSync(join(on.root, path), 1_600_000_000, 1_600_000_001.5);
};
const text = (path: string): string => readFileSync(join(on.root, path), 'utf8');
const tree = (): readonly string[] => treeState(on.root);
const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@b', ...args], { cwd: on.root, encoding: 'utf8' });
const keptIn = (id: string | null | undefined): readonly string[] => {
  const vault = vaultFolder(on.ground.state.vault);
  return readManifest(realDisk, vault, id ?? '').files.map(({ path }) => String(path));
};

it('reads each file three times: before it begins, before its batch, and at the end; asks of their folder a few times', async () => {
  const counts = new Map<string, number>();
  const count = (what: string, path: Path): void => {
    const key = `${what} ${String(path)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  };
  const open: Disk['open'] = (path, how, mode) => {
    if (how === 'read') count('read', path);
    return realDisk.open(path, how, mode);
  };
  const lstat: Disk['lstat'] = (path) => {
    count('lstat', path);
    return realDisk.lstat(path);
  };
  on.close();
  on = rollbackGround({ ...realDisk, open, lstat });
  const paths = Array.from({ length: 100 }, (_, i) => `d/e/${i}`);
  for (const path of paths) write(path, path);
  await on.apply(paths.map((path) => edit(on, path, 'other')));
  counts.clear();
  await on.rollback();
  for (const path of paths) {
    expect(text(path)).toBe(path);
    expect(counts.get(`read ${join(on.root, path)}`)).toBe(3);
  }
  expect(counts.get(`lstat ${join(on.root, 'd/e')}`)).toBeLessThan(30);
});

describe('there and back', () => {
  const PATHS = ['a', 'b', 'd/a', 'd/b', 'd/e/a', 'd/e/f/a'];
  /** A content and a mode; links too. */
  const one = fc.constantFrom(null, 'x', 'y', 'z', 'x!', 'link');
  const all = fc.array(one, { minLength: PATHS.length, maxLength: PATHS.length });
  const build = (path: string, what: string | null, at: number): void => {
    if (what === null) return;
    const place = join(on.root, path);
    mkdirSync(dirname(place), { recursive: true });
    if (what === 'link') symlinkSync('elsewhere', place);
    else {
      writeFileSync(place, what[0] ?? '', { mode: 0o644 });
      chmodSync(place, what.endsWith('!') ? 0o755 : 0o644);
    }
    realDisk.setAttributes(place, { mtimeNs: BigInt(at) * 1000n });
  };
  /** What leads from the tree as it is to `wanted`: with the folders that are needed, and those that are left empty. */
  const changesTo = (wanted: readonly (string | null)[]): Change[] => {
    const changes = PATHS.map((path, i): Change => {
      const what = wanted[i] ?? null;
      const want =
        what === null
          ? ABSENT
          : what === 'link'
            ? ({ kind: 'link', target: 'elsewhere' } as const)
            : on.content(what[0] ?? '', what.endsWith('!') ? 0o755 : 0o644);
      return { path, now: on.now(path), want, action: 'a' };
    });
    for (const folder of ['d', 'd/e', 'd/e/f']) {
      const now = on.now(folder);
      const needed = changes.some(({ path, want }) => String(path).startsWith(`${folder}/`) && want.kind !== 'absent');
      if (needed && now.kind === 'absent')
        changes.push({ path: folder, now, want: { kind: 'folder', mode: 0o750 }, action: 'a' });
      if (!needed && now.kind === 'folder') changes.push({ path: folder, now, want: ABSENT, action: 'a' });
    }
    return changes;
  };

  it('random trees, wishes and ends: bytes, modes, times to the microsecond; and back again', async () => {
    let renamed = 0;
    await fc.assert(
      fc.asyncProperty(
        all,
        all,
        fc.integer({ min: -1, max: 5 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 2 ** 50 }),
        async (first, wanted, moved, stopAfter, time) => {
          on.close();
          on = rollbackGround();
          for (const [i, path] of PATHS.entries()) build(path, first[i] ?? null, time + i * 1_000_003);
          for (const [i, folder] of ['d/e/f', 'd/e', 'd', '.'].entries()) {
            const place = join(on.root, folder);
            if (existsSync(place)) realDisk.setAttributes(place, { mtimeNs: BigInt(time + 7 * i) * 1000n });
          }
          const before = tree();
          const changes = changesTo(wanted);
          const [from, to] = [changes[moved], changes[(moved + 1) % PATHS.length]];
          const isContent = (kind: string | undefined): boolean => kind === 'file' || kind === 'link';
          if (isContent(from?.now.kind) && from !== undefined && isContent(to?.want.kind) && to !== undefined) {
            changes[(moved + 1) % PATHS.length] = { ...to, movedFrom: from.path };
            renamed++;
          }
          const run = await on.apply(stepsBetween(changes), stopAfter);
          const after = tree();
          const dry = await on.rollback(null, { dryRun: true }).catch((error: unknown) => error);
          expect(tree()).toEqual(after);
          // A run of which nothing had begun is none.
          if (on.known().runs.find(({ id }) => id === run)?.status.is === 'prepared') return;
          const back = await on.rollback();
          expect(back.findings.every(({ ok }) => ok)).toBe(true);
          expect(tree()).toEqual(before);
          expect(back).toMatchObject({ undoes: [run], changedSince: [], left: [], notVerified: [] });
          expect(dry).toMatchObject({ changes: back.changes, totals: back.totals, notVerified: [] });
          const again = await on.rollback(back.run);
          expect(tree()).toEqual(after);
          expect(again.changedSince).toEqual([]);
          // A run that was stopped waits again, and has its own way back.
          await on.rollback(on.known().waiting === null ? again.run : null);
          expect(tree()).toEqual(before);
        },
      ),
      { numRuns: Number(process.env.RUNS ?? 15) },
    );
    expect(renamed).toBeGreaterThan(2);
  }, 120_000);

  it('two runs that lead a file away and back leave its time as it was', async () => {
    write('a', 'x');
    settle('.');
    const before = tree();
    const run = await on.apply([edit(on, 'a', 'y')]);
    await on.apply([edit(on, 'a', 'x')]);
    await on.rollback(run, { withLater: true });
    expect(tree()).toEqual(before);
  });
});

describe('changed since', () => {
  it('an edited file goes into the vault, then back; a rollback of the rollback brings it again', async () => {
    write('a', 'x');
    write('b', 'kept');
    const before = tree();
    await on.apply([edit(on, 'a', 'y')]);
    writeFileSync(join(on.root, 'a'), 'mine');
    const mine = tree();
    const back = await on.rollback();
    expect(tree()).toEqual(before);
    expect(back.changedSince).toMatchObject([{ path: 'a', found: expect.stringMatching(/a file of 4 bytes/) }]);
    const [changed] = back.changedSince;
    expect(keptIn(changed?.backup)).toEqual(['a']);
    expect(back.backups).toEqual([changed?.backup]);
    await on.rollback(back.run);
    expect(text('a')).toBe('mine');
    expect(tree()).toEqual(mine);
  });

  it('a moved file that was edited: at its old place as it was; a file that was made anew there is kept', async () => {
    write('a', 'x');
    mkdirSync(join(on.root, 'd'));
    await on.apply([move(on, 'a', 'd/a')]);
    writeFileSync(join(on.root, 'd/a'), 'edited');
    writeFileSync(join(on.root, 'a'), 'new');
    const back = await on.rollback();
    expect([text('a'), existsSync(join(on.root, 'd/a'))]).toEqual(['x', false]);
    expect(back.changedSince.map(({ path }) => path).sort()).toEqual(['a', 'd/a']);
    expect([...keptIn(back.changedSince[0]?.backup)].sort()).toEqual(['a', 'd/a']);
  });

  it('a file and its folder that somebody removed are restored, the folder with its mode and time', async () => {
    write('d/e/a', 'x');
    chmodSync(join(on.root, 'd/e'), 0o700);
    settle('d/e', 'd', '.');
    const before = tree();
    await on.apply([edit(on, 'd/e/a', 'y')]);
    rmSync(join(on.root, 'd/e'), { recursive: true });
    const back = await on.rollback();
    expect(back.changedSince).toMatchObject([{ path: 'd/e/a', found: 'nothing', backup: null }]);
    expect(tree().filter((line) => /"\.\/d\/e/.test(line))).toEqual(before.filter((line) => /"\.\/d\/e/.test(line)));
  });

  it('a folder of the run with something of others in it stays, and is listed', async () => {
    const folder: PlannedStep = {
      action: 'a',
      op: 'make-folder',
      path: 'made',
      after: { kind: 'folder', mode: 0o755 },
    };
    await on.apply([folder, edit(on, 'made/own', 'x')]);
    writeFileSync(join(on.root, 'made/theirs'), 'y');
    const back = await on.rollback();
    expect([existsSync(join(on.root, 'made/own')), text('made/theirs')]).toEqual([false, 'y']);
    expect(back.left).toMatchObject([{ path: 'made', why: expect.stringMatching(/somebody put something/) }]);
    expect(back.findings.every(({ ok }) => ok)).toBe(true);
  });

  it('where a folder of the run was there is a file now: kept, and what was there before comes back', async () => {
    write('place', 'before');
    await on.apply([
      removal(on, 'place'),
      { action: 'a', op: 'make-folder', path: 'place', after: { kind: 'folder', mode: 0o755 } },
      edit(on, 'place/README', 'why'),
    ]);
    rmSync(join(on.root, 'place'), { recursive: true });
    writeFileSync(join(on.root, 'place'), 'made anew');
    const back = await on.rollback();
    expect(text('place')).toBe('before');
    expect(back.changedSince.map(({ path }) => path)).toEqual(['place']);
  });

  it('a pipe in the place of a file is named, and nothing is changed', async () => {
    write('a', 'x');
    await on.apply([edit(on, 'a', 'y')]);
    unlinkSync(join(on.root, 'a'));
    execFileSync('mkfifo', [join(on.root, 'a')]);
    await expect(on.rollback()).rejects.toMatchObject({ code: 'DSP-RUN-FOREIGN' });
    expect(on.known().runs).toHaveLength(1);
  });

  it('a file of several names keeps them', async () => {
    write('a', 'x');
    const step = { ...edit(on, 'a', 'y'), how: 'in-place' } as PlannedStep;
    linkSync(join(on.root, 'a'), join(on.root, 'b'));
    await on.apply([step]);
    expect(text('b')).toBe('y');
    await on.rollback();
    expect([text('b'), statSync(join(on.root, 'a')).nlink]).toEqual(['x', 2]);
  });
});

describe('stores', () => {
  it('one that was made anew at its old place is refused, then kept aside with what is in its log', async () => {
    makeStore(on.root, 's.db', 'CREATE TABLE t (a)', 'INSERT INTO t VALUES (1)');
    const before = tree().filter((line) => line.includes('s.db'));
    await on.apply([removal(on, 's.db', 's.db')]);
    makeStore(on.root, 's.db', 'CREATE TABLE t (a)', 'INSERT INTO t VALUES (2)');
    const untouched = treeHash(on.root);
    await expect(on.rollback()).rejects.toMatchObject({
      code: 'DSP-ROLLBACK-LATER',
      message: expect.stringMatching(/s\.db/),
    });
    await expect(on.rollback(null, { dryRun: true })).rejects.toMatchObject({ code: 'DSP-ROLLBACK-LATER' });
    expect(treeHash(on.root)).toEqual(untouched);
    const back = await on.rollback(null, { later: 'aside' });
    expect(tree().filter((line) => line.includes('s.db'))).toEqual(before);
    const manifest = readManifest(realDisk, vaultFolder(on.ground.state.vault), back.changedSince[0]?.backup ?? '');
    expect(manifest).toMatchObject({
      why: { kind: 'kept', run: back.run },
      stores: [{ store: 's.db', tables: [{ name: 't', rows: 1 }] }],
    });
    const again = await on.rollback(back.run, { later: 'aside' });
    expect(again.findings.every(({ ok }) => ok)).toBe(true);
  });

  it('rows in the log of a store that moved count as well, and no log is left behind (trap S3)', async () => {
    makeStore(on.root, 'a.db', 'PRAGMA journal_mode = WAL', 'CREATE TABLE t (a)');
    for (const name of ['a.db-wal', 'a.db-shm']) rmSync(join(on.root, name), { force: true });
    const before = tree();
    await on.apply([{ ...move(on, 'a.db', 'b.db'), store: 'b.db' } as PlannedStep]);
    const store = openStoreProcess(join(on.root, 'b.db'));
    await store.run('INSERT INTO t VALUES (7)');
    // Its program is there: nobody takes the store away from under it.
    await expect(on.rollback(null, { later: 'aside' })).rejects.toMatchObject({ code: 'DSP-STORE-BUSY' });
    const [main, log] = [readFileSync(join(on.root, 'b.db')), readFileSync(join(on.root, 'b.db-wal'))];
    await store.close();
    writeFileSync(join(on.root, 'b.db'), main);
    writeFileSync(join(on.root, 'b.db-wal'), log);
    await expect(on.rollback()).rejects.toMatchObject({ code: 'DSP-ROLLBACK-LATER' });
    const back = await on.rollback(null, { later: 'aside' });
    expect(back.changedSince.map(({ path }) => path)).toEqual(['b.db-wal']);
    const { stores } = readManifest(realDisk, vaultFolder(on.ground.state.vault), back.backups[0] ?? '');
    expect(stores).toMatchObject([{ store: 'b.db', tables: [{ name: 't', rows: 1 }] }]);
    const names = (lines: readonly string[]): readonly string[] => lines.filter((line) => line.includes('.db'));
    expect(names(tree())).toEqual(names(before));
  });
});

describe('which runs', () => {
  it('later ones on the same paths go first, together; others alone', async () => {
    write('a', '0');
    write('b', '0');
    const one = await on.apply([edit(on, 'a', '1')]);
    const two = await on.apply([edit(on, 'a', '2')]);
    const other = await on.apply([edit(on, 'b', '1')]);
    await expect(on.rollback(one)).rejects.toMatchObject({
      code: 'DSP-RUN-STACKED',
      message: expect.stringContaining(two),
    });
    const back = await on.rollback(one, { withLater: true });
    expect(back.undoes).toEqual([two, one]);
    expect([text('a'), text('b')]).toEqual(['0', '1']);
    expect((await on.rollback()).undoes).toEqual([other]);
    expect([text('a'), text('b')]).toEqual(['0', '0']);
    await expect(on.rollback()).rejects.toMatchObject({ code: 'DSP-RUN-UNKNOWN' });
    await expect(on.rollback(one)).rejects.toMatchObject({
      code: 'DSP-RUN-UNKNOWN',
      message: expect.stringContaining(back.run ?? '?'),
    });
    await expect(on.rollback('nothing')).rejects.toMatchObject({ code: 'DSP-RUN-UNKNOWN' });
  });

  it('one that waits comes first', async () => {
    write('a', '0');
    const one = await on.apply([edit(on, 'a', '1')]);
    write('b', '0');
    const stopped = await on.apply(
      [edit(on, 'b', '1'), { ...edit(on, 'b', '2'), before: on.content('1') } as PlannedStep],
      1,
    );
    expect(on.known().waiting?.id).toBe(stopped);
    await expect(on.rollback(one)).rejects.toMatchObject({ code: 'DSP-RUN-INTERRUPTED' });
    expect((await on.rollback()).undoes).toEqual([stopped]);
    expect([text('a'), text('b'), on.known().waiting]).toEqual(['1', '0', null]);
  });

  it('on another branch where the files are others: refused with the branch (trap S21)', async () => {
    git('init', '-q', '-b', 'main');
    write('a', '0');
    git('add', '-A');
    git('commit', '-qm', 'one');
    git('branch', 'other');
    await on.apply([edit(on, 'a', '1')]);
    git('commit', '-qam', 'applied');
    git('switch', '-q', 'other');
    writeFileSync(join(on.root, 'a'), 'of the other branch');
    git('commit', '-qam', 'theirs');
    await expect(on.rollback()).rejects.toMatchObject({
      code: 'DSP-RUN-BASE',
      message: expect.stringMatching(/branch main, other is checked out/),
    });
    git('switch', '-q', 'main');
    await on.rollback();
    expect(text('a')).toBe('0');
  });
});

describe("git's index", () => {
  const index = (): string => join(on.root, '.git/index');
  const entry = (path: string) => gitIndex(realDisk).entriesOf(index(), [path])[0] ?? null;
  beforeEach(() => {
    git('init', '-q', '-b', 'main');
    write('data', 'rows');
    write('notes', 'x');
    git('add', '-A');
    git('commit', '-qm', 'one');
    git('update-index', '--skip-worktree', 'notes');
  });
  const untrack = (...paths: readonly string[]): PlannedStep => ({
    action: 'u',
    op: 'git-index',
    index: index(),
    entries: paths.map((path) => ({ path, before: entry(path), after: null })),
  });

  it('entries are exchanged by a run and come back with their flags, also after a commit on top', async () => {
    settle('.');
    const before = tree();
    const run = await on.apply([untrack('data', 'notes'), edit(on, '.gitignore', 'data\n')]);
    expect(git('ls-files')).toBe('');
    const back = await on.rollback(run);
    expect(back.totals.files.entries).toBe(2);
    expect(tree()).toEqual(before);
    await on.rollback(back.run);
    expect(git('ls-files')).toBe('');
    git('commit', '-qm', 'untracked');
    await on.rollback();
    expect(git('ls-files')).toBe('data\nnotes\n');
  });

  it('an entry that somebody staged since stays, and is listed', async () => {
    await on.apply([untrack('data', 'notes')]);
    appendFileSync(join(on.root, 'data'), 'more');
    git('add', '-f', 'data');
    const staged = entry('data');
    const back = await on.rollback();
    expect([entry('data'), git('ls-files')]).toEqual([staged, 'data\nnotes\n']);
    expect(back.left).toMatchObject([{ path: 'data', why: expect.stringMatching(/the index is yours/) }]);
    expect(back.findings.every(({ ok }) => ok)).toBe(true);
  });
});

describe('a rollback that was stopped', () => {
  /** In five batches there, and as many back; times of folders and entries of the index with it. */
  const everything = async (): Promise<{ readonly run: string; readonly before: readonly string[] }> => {
    git('init', '-q', '-b', 'main');
    for (const path of ['a', 'd/b', 'd/c', 'gone/only', 's.db']) write(path, path);
    git('add', '-A');
    git('commit', '-qm', 'one');
    settle('d', 'gone', '.');
    const before = tree();
    const index = join(on.root, '.git/index');
    const entry = gitIndex(realDisk).entriesOf(index, ['d/c'])[0] ?? null;
    const c = on.now('d/c');
    const edited = on.content('edited');
    const run = await on.apply([
      edit(on, 'a', 'A'),
      { action: 'a', op: 'make-folder', path: 'made', after: { kind: 'folder', mode: 0o700 } },
      move(on, 'd/c', 'made/c'),
      removal(on, 'gone/only'),
      // A store is a batch of its own.
      { ...edit(on, 's.db', 'rows'), store: 's.db' } as PlannedStep,
      { action: 'a', op: 'put', path: 'made/c', before: c as FileState, after: edited, how: 'replace' },
      { action: 'a', op: 'remove-folder', path: 'gone', before: { kind: 'folder', mode: 0o755 } },
      {
        action: 'a',
        op: 'git-index',
        index,
        entries: [
          { path: 'd/c', before: entry, after: null },
          { path: 'made/c', before: null, after: entry },
        ],
      },
    ]);
    return { run, before };
  };

  it.each(['is finished', 'goes back to the state before it'])(
    '%s, from every batch',
    async (exit) => {
      let stops = 0;
      for (let stopAfter = 1; ; stopAfter++) {
        on.close();
        on = rollbackGround();
        const { run, before } = await everything();
        writeFileSync(join(on.root, 'd/b'), 'not of the run');
        writeFileSync(join(on.root, 'a'), 'mine');
        const [withB, after] = [(lines: readonly string[]) => lines.filter((line) => !line.includes('d/b')), tree()];
        const stopped = await on.rollback(null, { stopAfter }).catch((error: unknown) => error);
        if (!(stopped instanceof Error)) break;
        stops++;
        expect(stopped).toMatchObject({ code: 'DSP-CANCELLED' });
        const waiting = on.known().waiting;
        expect(waiting?.header).toMatchObject({ kind: 'rollback', undoes: [run] });
        if (exit !== 'is finished') {
          // Back to the state before the rollback, and the run is in force.
          const back = await on.rollback();
          expect(back.undoes).toEqual([waiting?.id]);
          expect(tree()).toEqual(after);
          expect(on.known().runs.find(({ id }) => id === run)?.status.is).toBe('applied');
          await on.rollback();
        } else {
          const finished = await on.goOn();
          expect(finished).toMatchObject({ kind: 'rollback', run: waiting?.id, findings: [{ ok: true }] });
          // Told although another process found it.
          expect(finished.changedSince.map(({ path }) => path)).toEqual(['a']);
        }
        expect(text('d/b')).toBe('not of the run');
        expect(withB(tree()).filter((line) => !/^git status/.test(line))).toEqual(
          withB(before).filter((line) => !/^git status/.test(line)),
        );
        expect(on.known().waiting).toBeNull();
      }
      expect(stops).toBeGreaterThanOrEqual(2);
    },
    60_000,
  );
});

describe('the vault', () => {
  it('what rotted is named before anything is changed, with what is whole', async () => {
    write('a', 'x');
    write('b', 'good');
    await on.apply([edit(on, 'a', 'y'), edit(on, 'b', 'z')]);
    const { sha256 } = on.content('x');
    rmSync(String(on.objects.pathOf(sha256)));
    const untouched = treeHash(on.root);
    await expect(on.rollback()).rejects.toMatchObject({
      code: 'DSP-VAULT-DAMAGED',
      message: expect.stringMatching(/What was at a is missing .*1 other file is whole/),
    });
    expect(treeHash(on.root)).toEqual(untouched);
    // As the message says: whoever has it puts it there.
    writeFileSync(join(on.root, 'a'), 'x');
    await on.rollback();
    expect([text('a'), text('b')]).toEqual(['x', 'good']);
  });
});
