/** Runs as they lie on the disk: prepared, taken, interrupted, taken again; and each of their files damaged. */
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Disk, File } from '../disk/disk.ts';
import { ABSENT } from '../disk/path-state.ts';
import { realDisk } from '../disk/real-disk.ts';
import type { PlannedStep } from '../steps/step.ts';
import { encode } from './frame.ts';
import { prepareRun, type Run, readRun, removeUnbegun, runId, runIds } from './run-folder.ts';
import { openSegment, type Segment, type Taking } from './segment.ts';

let runs: string;
beforeEach(() => {
  runs = mkdtempSync(join(tmpdir(), 'journal-'));
});
afterEach(() => rmSync(runs, { recursive: true, force: true }));

const ID = '2026-11-21T143617Z-4f1c';
const HEADER = {
  run: ID,
  kind: 'apply',
  tool: '0.2.0',
  project: { root: '/p', git: null },
  plan: { id: 'p-1', hash: 'b1', phase: 1 },
  undoes: [],
  after: [],
  backups: [],
  folders: [],
  at: '2026-11-21T14:36:17.204Z',
} as const;
const TAKING: Taking = { pid: 7, started: '99', boot: 'b', host: 'h', tool: '0.2.0', at: 'now' };
const steps = (count: number): PlannedStep[] =>
  Array.from({ length: count }, (_, i) => ({
    action: 'a',
    op: 'put',
    path: i % 2 === 0 ? `file-${i}` : { bytes: Buffer.from(`\xff${i}`, 'latin1').toString('base64') },
    how: 'replace',
    before: ABSENT,
    after: { kind: 'file', sha256: 'x'.repeat(64), bytes: i, mode: 0o644 },
  }));
const prepare = (count = 5, disk: Disk = realDisk): Run => prepareRun(disk, { runs }, HEADER, steps(count));
const again = (): Run => {
  const run = readRun(realDisk, { runs }, ID);
  if (run === null) throw new Error('it never began');
  return run;
};
const path = (name: string): string => join(runs, ID, name);
/** A process that takes the run, works, and is gone. */
const work = (run: Run, ...then: readonly ((segment: Segment) => void)[]): void => {
  const segment = openSegment(realDisk, run, TAKING);
  for (const one of then) one(segment);
  segment.close();
};
const batch = (from: number, to: number) => (segment: Segment) => segment.append({ t: 'batch', from, to });
const told = (run: Run): readonly string[] => run.journal.records.map(({ t }) => t);

it('names runs by time, so that they sort', () => {
  expect(runId(Date.UTC(2026, 10, 21, 14, 36, 17, 999), '4f1c')).toBe(ID);
});

it('a prepared run has all that it needs, once', () => {
  const run = prepareRun(realDisk, { runs }, HEADER, steps(3), [{ name: 'plan.yaml', bytes: Buffer.from('plan') }]);
  expect(readdirSync(join(runs, ID)).sort()).toEqual(['plan.yaml', 'run.json', 'steps']);
  expect(run.header).toMatchObject({ version: 1, ...HEADER, steps: { count: 3 } });
  expect(run.journal).toEqual({ records: [], segments: 0, bytes: 0, damaged: false });
  expect([...run.steps.between(1, 3)]).toEqual(steps(3).map((step, i) => ({ n: i + 1, ...step })));
  expect([...run.steps.between(3, 2)].map(({ n }) => n)).toEqual([3, 2]);
  expect(() => run.steps.at(4)).toThrow(RangeError);
  expect(() => prepare()).toThrow(expect.objectContaining({ code: 'EEXIST' }));
  expect(runIds(realDisk, { runs })).toEqual([ID]);
});

it('steps are found across the borders of what is read and written at once', () => {
  const run = prepare(20_000);
  expect(run.steps.at(12_345)).toEqual({ n: 12_345, ...steps(12_345).at(-1) });
  expect(run.steps.at(20_000).n).toBe(20_000);
  run.steps.close();
});

it('what crashes leave of a preparation never began, and is removed', () => {
  prepare().steps.close();
  for (const [id, files] of [
    ['2026-11-21T143617Z-0001', []],
    ['2026-11-21T143617Z-0002', ['steps']],
    ['2026-11-21T143617Z-0003', ['steps', 'run.json']],
  ] as const) {
    mkdirSync(join(runs, id));
    for (const file of files) writeFileSync(join(runs, id, file), readFileSync(path(file)).subarray(0, -3));
    expect(readRun(realDisk, { runs }, id)).toBeNull();
  }
  expect(removeUnbegun(realDisk, { runs })).toHaveLength(3);
  expect(readdirSync(runs)).toEqual([ID]);
});

it('unknown names are no runs', () => {
  for (const name of ['none', '', '.', '../x']) {
    if (name === '.') continue;
    expect(() => readRun(realDisk, { runs }, name)).toThrow(expect.objectContaining({ code: 'DSP-RUN-UNKNOWN' }));
  }
  expect(runIds(realDisk, { runs: join(runs, 'none') })).toEqual([]);
});

describe('segments', () => {
  it('one per process; what each wrote is read as one', () => {
    work(prepare(), batch(1, 3));
    work(again(), (one) => one.append({ t: 'done', from: 1, to: 3 }, { t: 'batch', from: 4, to: 5 }));
    const run = again();
    expect(told(run)).toEqual(['open', 'batch', 'open', 'done', 'batch']);
    expect(run.journal).toMatchObject({ segments: 2, damaged: false });
    expect(run.journal.records[2]).toMatchObject({
      segment: 2,
      continues: { segment: 1, bytes: readFileSync(path('journal-0001')).length },
    });
  });

  it('counts the fsyncs that returned', () => {
    work(
      prepare(),
      (one) => one.append({ t: 'check', name: 'c', when: 'before', ok: true, seconds: 1 }),
      (one) => one.append({ t: 'done', from: 1, to: 1 }, { t: 'batch', from: 2, to: 2 }),
      batch(3, 3),
    );
    expect(again().journal.records.map((record) => (record as unknown as { s: number }).s)).toEqual([0, 1, 1, 1, 2]);
  });

  it('a torn tail is left where it is; the next process says how much counts', () => {
    work(prepare(), batch(1, 3));
    const good = readFileSync(path('journal-0001')).length;
    appendFileSync(path('journal-0001'), encode({ n: 3, s: 2, t: 'end' }).subarray(0, 20));
    expect(again().journal).toMatchObject({ bytes: good, damaged: false });
    work(again(), batch(1, 3));
    expect(told(again())).toEqual(['open', 'batch', 'open', 'batch']);
    // What reaches the disk later does not count any more.
    truncateSync(path('journal-0001'), good);
    appendFileSync(path('journal-0001'), encode({ n: 3, s: 2, t: 'end' }));
    expect(told(again())).toEqual(['open', 'batch', 'open', 'batch']);
    expect(again().journal.damaged).toBe(false);
  });

  it('a process killed while it took the run: an empty segment is one like any other', () => {
    prepare();
    writeFileSync(path('journal-0001'), '');
    work(again(), batch(1, 2));
    expect(again().journal).toMatchObject({ segments: 2, damaged: false });
    writeFileSync(path('journal-0003'), '0000');
    writeFileSync(path('journal-0004'), '');
    expect(told(again())).toEqual(['open', 'batch']);
    expect(again().journal).toMatchObject({ segments: 4, bytes: 0, damaged: false });
  });

  it.each([
    ['a record in the middle is broken', () => flip('journal-0001', 60)],
    ['what was counted is gone', () => truncateSync(path('journal-0001'), 40)],
    ['a segment is gone', () => rmSync(path('journal-0001'))],
  ])('%s: damaged, and not continued', (_name, damage) => {
    work(prepare(), batch(1, 3));
    work(again(), batch(1, 3));
    damage();
    expect(again().journal.damaged).toBe(true);
    expect(() => openSegment(realDisk, again(), TAKING)).toThrow(
      expect.objectContaining({ code: 'DSP-JOURNAL-DAMAGED' }),
    );
  });

  it.each(['run.json', 'steps'])(
    'a run that began, whose %s is broken or gone, is not taken for one that never did',
    (name) => {
      work(prepare());
      flip(name, name === 'steps' ? 50 : 0);
      expect(again).toThrow(expect.objectContaining({ code: 'DSP-JOURNAL-DAMAGED' }));
      rmSync(path(name));
      expect(again).toThrow(expect.objectContaining({ code: 'DSP-JOURNAL-DAMAGED' }));
      expect(() => removeUnbegun(realDisk, { runs })).toThrow();
      expect(readdirSync(runs)).toEqual([ID]);
    },
  );

  it('a barrier is on the disk when it is told; other records need not be', () => {
    const calls: string[] = [];
    const disk = watching(calls);
    const segment = openSegment(disk, prepare(), TAKING);
    expect(calls).toEqual(['write', 'sync', 'sync folder']);
    calls.length = 0;
    segment.append({ t: 'done', from: 1, to: 1 });
    expect(calls).toEqual(['write']);
    segment.append({ t: 'done', from: 2, to: 2 }, { t: 'batch', from: 3, to: 3 });
    expect(calls).toEqual(['write', 'write', 'sync']);
    segment.close();
  });

  it('an fsync that failed is never tried again', () => {
    const calls: string[] = [];
    const segment = openSegment(watching(calls, 2), prepare(), TAKING);
    expect(() => segment.append({ t: 'batch', from: 1, to: 1 })).toThrow('EIO');
    calls.length = 0;
    expect(() => segment.append({ t: 'stop', code: 'x', message: 'y' })).toThrow(
      expect.objectContaining({ code: 'DSP-WRITE-FAILED' }),
    );
    expect(calls).toEqual([]);
    segment.close();
  });

  it('says so when the folder is removed under it', () => {
    const segment = openSegment(realDisk, prepare(), TAKING);
    rmSync(runs, { recursive: true });
    expect(() => segment.append({ t: 'batch', from: 1, to: 1 })).toThrow(
      expect.objectContaining({ code: 'DSP-STATE' }),
    );
    segment.close();
  });
});

it('reports are read in order; one that was cut off says nothing', () => {
  prepare();
  writeFileSync(path('report-0002.json'), '{"ok":true}');
  writeFileSync(path('report-0001.json'), '{"ok":false}');
  writeFileSync(path('report-0003.json'), '{"ok"');
  expect(again().reports).toEqual([{ ok: false }, { ok: true }]);
});

it('a run of a later version is not guessed at', () => {
  prepare();
  writeFileSync(path('run.json'), readFileSync(path('run.json'), 'utf8').replace('"version": 1', '"version": 2'));
  expect(again).toThrow(expect.objectContaining({ code: 'DSP-STATE' }));
});

function flip(name: string, at: number): void {
  const bytes = readFileSync(path(name));
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(path(name), bytes);
}

/** Tells writes and fsyncs of the segment; the `failing`-th fsync fails. */
function watching(calls: string[], failing = 0): Disk {
  let fsyncs = 0;
  return {
    ...realDisk,
    syncFolder: (folder) => {
      calls.push('sync folder');
      realDisk.syncFolder(folder);
    },
    open: (...args) => {
      const file = realDisk.open(...args);
      const watched: Partial<File> = {
        write: (bytes, position) => {
          calls.push('write');
          return file.write(bytes, position);
        },
        sync: () => {
          calls.push('sync');
          if (++fsyncs === failing) throw Object.assign(new Error('EIO'), { code: 'EIO' });
          file.sync();
        },
      };
      return new Proxy(file, {
        get: (of, key) => {
          const value: unknown = Reflect.get(watched, key) ?? Reflect.get(of, key);
          return typeof value === 'function' ? value.bind(of) : value;
        },
      });
    },
  };
}
