/** Steps carried out in a real folder with a real journal and vault: to the end, stopped, failed, taken up again. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Disk } from '../disk/disk.ts';
import type { ABSENT, FileState } from '../disk/path-state.ts';
import { realDisk } from '../disk/real-disk.ts';
import { prepareRun, type Run, readRun } from '../journal/run-folder.ts';
import { openSegment } from '../journal/segment.ts';
import { primitiveOf } from '../steps/index.ts';
import type { PlannedStep } from '../steps/step.ts';
import { openObjects, type StoredObjects } from '../vault/objects.ts';
import { continueRun } from './continue.ts';
import { type Outcome, runSteps, type Work } from './run-steps.ts';

let parent: string;
let root: string;
let objects: StoredObjects;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'run-'));
  root = join(parent, 'project');
  for (const name of ['project', 'runs']) mkdirSync(join(parent, name));
  objects = openObjects(realDisk, join(parent, 'vault'));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const ID = '2026-11-21T143617Z-4f1c';
const FOLDER = { kind: 'folder', mode: 0o755 } as const;
const noGit = (): never => {
  throw new Error('no git here');
};
const content = (text: string): FileState => ({
  kind: 'file',
  mode: 0o644,
  ...objects.put({ bytes: Buffer.from(text) }),
});
const write = (path: string, text: string): FileState => {
  writeFileSync(join(root, path), text);
  return content(text);
};
const text = (path: string): string => readFileSync(join(root, path), 'utf8');
const place = (): { runs: string } => ({ runs: join(parent, 'runs') });
const prepare = (...steps: readonly PlannedStep[]): Run =>
  prepareRun(
    realDisk,
    place(),
    {
      run: ID,
      kind: 'apply',
      tool: '0',
      project: { root, git: null },
      plan: null,
      undoes: [],
      after: [],
      backups: [],
      folders: [],
      at: 'now',
    },
    steps,
  );
const reread = (): Run => {
  const run = readRun(realDisk, place(), ID);
  if (run === null) throw new Error('it never began');
  return run;
};
const run = async (of: Run, more: Partial<Work> = {}, disk: Disk = realDisk): Promise<Outcome> => {
  const segment = openSegment(realDisk, of, { pid: 1, started: '1', boot: 'b', host: 'h', tool: '0', at: 'now' });
  const on = { root, disk, objects, run: ID, git: { entriesOf: noGit, write: noGit } };
  try {
    return await runSteps({ run: of, segment, on, now: () => 0, ...more });
  } finally {
    segment.close();
    of.steps.close();
  }
};
const goOn = async (disk: Disk = realDisk): Promise<Outcome> => {
  const again = reread();
  const on = { root, disk, objects, run: ID, git: { entriesOf: noGit, write: noGit } };
  const taking = { pid: 2, started: '2', boot: 'b', host: 'h', tool: '0', at: 'now' };
  try {
    return await continueRun(again, { on, taking, now: () => 0 });
  } finally {
    again.steps.close();
  }
};
const told = (): readonly string[] =>
  reread().journal.records.map((one) => ('from' in one ? `${one.t} ${one.from}-${one.to}` : one.t));
const put = (path: string, before: FileState | typeof ABSENT, after: FileState): PlannedStep => ({
  action: 'a',
  op: 'put',
  path,
  before,
  after,
  how: 'replace',
});

/** One of each, in several batches. */
const everything = (): readonly PlannedStep[] => {
  const [old, gone, moved] = [write('a', 'old'), write('gone', 'gone'), write('moved', 'moved')];
  mkdirSync(join(root, 'empty'));
  return [
    put('a', old, content('new')),
    { action: 'a', op: 'make-folder', path: 'made', after: FOLDER },
    { action: 'a', op: 'remove', path: 'gone', before: gone },
    { action: 'a', op: 'rename', path: 'moved', to: 'made/here', before: moved },
    { action: 'a', op: 'remove-folder', path: 'empty', before: FOLDER },
    put('made/here', moved, content('edited')),
  ];
};
const expectAll = (): void => {
  expect(readdirSync(root).sort()).toEqual(['a', 'made']);
  expect(readdirSync(join(root, 'made'))).toEqual(['here']);
  expect([text('a'), text('made/here')]).toEqual(['new', 'edited']);
};

it('carries out every step, and tells the journal before and after', async () => {
  const progress: number[] = [];
  const outcome = await run(prepare(...everything()), { onProgress: ({ done }) => progress.push(done) });
  expectAll();
  expect(outcome).toMatchObject({ steps: 6, bytes: 9, left: [] });
  expect(told()).toEqual(['open', 'batch 1-3', 'done 1-3', 'batch 4-5', 'done 4-5', 'batch 6-6', 'done 6-6', 'end']);
  expect(progress).toEqual([3, 5, 6]);
});

it('a batch is told durably before a step of it is on the disk', async () => {
  const seen: (readonly string[])[] = [];
  const disk: Disk = Object.create(realDisk, {
    rename: {
      value: (from: string, to: string) => {
        seen.push(told());
        realDisk.rename(from, to);
      },
    },
  });
  await run(prepare(put('a', write('a', 'x'), content('y'))), {}, disk);
  expect(seen).toEqual([['open', 'batch 1-1']]);
});

it('what is foreign stops the run before its batch, is kept, and can be put back', async () => {
  const steps = everything();
  write('made-by-others', '');
  const prepared = prepare(...steps);
  writeFileSync(join(root, 'gone'), 'work of somebody');
  await expect(run(prepared)).rejects.toMatchObject({
    code: 'DSP-RUN-FOREIGN',
    message: expect.stringMatching(
      /^gone is not as it was: .* Expected was a file of 4 bytes.* 0 of 6 steps are done\.$/,
    ),
  });
  expect(text('a')).toBe('old');
  const { records } = reread().journal;
  expect(records.map(({ t }) => t)).toEqual(['open', 'kept', 'stop']);
  const kept = records.find((one) => one.t === 'kept');
  expect(objects.verify(kept?.sha256 ?? '')).toBe(true);
  rmSync(join(root, 'made-by-others'));
  writeFileSync(join(root, 'gone'), 'gone');
  await goOn();
  expectAll();
});

it('a folder that is not empty stays, and is listed', async () => {
  mkdirSync(join(root, 'full'));
  write('full/note', 'mine');
  const outcome = await run(prepare({ action: 'a', op: 'remove-folder', path: 'full', before: FOLDER }));
  expect(outcome.left).toEqual(['full']);
  expect(text('full/note')).toBe('mine');
});

it('ends between two batches when it is cancelled', async () => {
  const abort = new AbortController();
  const work = { signal: abort.signal, onProgress: ({ done }: { done: number }) => done > 0 && abort.abort() };
  await expect(run(prepare(...everything()), work)).rejects.toMatchObject({ code: 'DSP-CANCELLED' });
  expect(told()).toEqual(['open', 'batch 1-3', 'done 1-3', 'stop']);
  await goOn();
  expectAll();
});

it('a store that is not held any more is not touched', async () => {
  const busy = (): never => {
    throw Object.assign(new Error('gone'), { code: 'EBUSY' });
  };
  await expect(run(prepare(...everything()), { assertHeld: busy })).rejects.toMatchObject({ code: 'DSP-WRITE-FAILED' });
  expect(readdirSync(root).sort()).toEqual(['a', 'empty', 'gone', 'moved']);
  expect(text('a')).toBe('old');
});

const CHANGING = [
  'link',
  'rename',
  'unlink',
  'mkdir',
  'rmdir',
  'setAttributes',
  'syncFolder',
  'syncAll',
  'open',
] as const;

/** Counts what changes the project; before or after the k-th it fails, and all that follows as well where the process is gone. */
function failing(k: number, when: 'before' | 'after', dead: boolean): { readonly disk: Disk; count(): number } {
  let count = 0;
  const entries = CHANGING.map((name) => {
    const real = realDisk[name] as (...args: unknown[]) => unknown;
    const value = (...args: unknown[]): unknown => {
      if (name === 'open' && args[1] === 'read') return real(...args);
      count++;
      const fails = dead ? count >= k : count === k;
      const failure = (): never => {
        throw Object.assign(new Error(`${name} failed`), { code: 'EIO', syscall: name });
      };
      if (fails && (when === 'before' || count > k)) return failure();
      const result = real(...args);
      if (result instanceof Promise) return fails ? result.then(failure) : result;
      return fails ? failure() : result;
    };
    return [name, { value }] as const;
  });
  return { disk: Object.create(realDisk, Object.fromEntries(entries)), count: () => count };
}

it.each([
  ['fails before', 'before', false],
  ['fails after', 'after', false],
  ['is gone before', 'before', true],
  ['is gone after', 'after', true],
] as const)('a disk that %s any of its calls: going on leads to the same end', async (_, when, dead) => {
  for (let k = 1, calls = k; k <= calls; k++) {
    rmSync(root, { recursive: true, force: true });
    rmSync(join(parent, 'runs'), { recursive: true, force: true });
    mkdirSync(root);
    mkdirSync(join(parent, 'runs'));
    const { disk, count } = failing(k, when, dead);
    const result = await run(prepare(...everything()), {}, disk).catch((error: unknown) => error);
    calls = Math.max(calls, count());
    if (count() < k) break;
    if (result instanceof Error) {
      expect(result).toMatchObject({ code: 'DSP-WRITE-FAILED' });
      expect(told().at(-1)).toBe('stop');
      await goOn();
    }
    expectAll();
    calls++;
    expect(readdirSync(root).filter((name) => name.startsWith('.desprawl'))).toEqual([]);
  }
});

it('what a killed process left half done is cleaned and done', async () => {
  const prepared = prepare(...everything());
  const segment = openSegment(realDisk, prepared, { pid: 1, started: '1', boot: 'b', host: 'h', tool: '0', at: '' });
  segment.append({ t: 'batch', from: 1, to: 3 });
  segment.close();
  const step = prepared.steps.at(1);
  const on = { root, disk: realDisk, objects, run: ID, git: { entriesOf: noGit, write: noGit } };
  primitiveOf(step).stage(step, primitiveOf(step).inspect(step, on), on).file?.close();
  expect(existsSync(join(root, `.desprawl-${ID}-1`))).toBe(true);
  await goOn();
  expectAll();
});

it('an in-place file in doubt is written anew and keeps its inode', async () => {
  const before = write('a', 'old');
  const { ino } = statSync(join(root, 'a'));
  const prepared = prepare({ action: 'a', op: 'put', path: 'a', before, after: content('newer'), how: 'in-place' });
  const segment = openSegment(realDisk, prepared, { pid: 1, started: '1', boot: 'b', host: 'h', tool: '0', at: '' });
  segment.append({ t: 'batch', from: 1, to: 1 });
  segment.close();
  writeFileSync(join(root, 'a'), 'newer');
  const opened: string[] = [];
  const disk: Disk = Object.create(realDisk, {
    open: {
      value: (...args: Parameters<Disk['open']>) => {
        opened.push(args[1]);
        return realDisk.open(...args);
      },
    },
  });
  await goOn(disk);
  expect(opened).toContain('write');
  expect([text('a'), statSync(join(root, 'a')).ino]).toEqual(['newer', ino]);
});

it('a content that rotted is found before anything begins', async () => {
  const prepared = prepare(put('a', write('a', 'old'), content('new')));
  prepared.steps.close();
  const { sha256 } = content('new');
  rmSync(String(objects.pathOf(sha256)));
  await expect(goOn()).rejects.toMatchObject({ code: 'DSP-VAULT-DAMAGED' });
  expect(reread().journal.segments).toBe(0);
  expect(text('a')).toBe('old');
});
