import { describe, expect, it } from 'vitest';
import type { JournalRecord, Open } from './records.ts';
import { isInForce, type RunFacts, statusOf, type Worker } from './run-status.ts';

const US: Worker = { pid: 7, started: '99', boot: 'b', host: 'h' };
const open = (by: Worker = US): Open => ({ t: 'open', segment: 1, tool: '1', at: 'now', ...by });
const batch = (from: number, to: number): JournalRecord => ({ t: 'batch', from, to });
const done = (from: number, to: number): JournalRecord => ({ t: 'done', from, to });
const END: JournalRecord = { t: 'end', steps: 9, bytes: 0, seconds: 0 };
const STOP: JournalRecord = { t: 'stop', code: 'DSP-RUN-FOREIGN', message: 'a is not as it was' };

const run = (records: readonly JournalRecord[], more: Partial<RunFacts> & { undoes?: string[] } = {}): RunFacts => ({
  id: 'run',
  header: {
    kind: more.undoes === undefined ? 'apply' : 'rollback',
    undoes: more.undoes ?? [],
    steps: { count: 9, sha256: '' },
  },
  journal: { records, damaged: false },
  reports: [],
  ...more,
});
const is = (of: RunFacts, others: readonly RunFacts[] = [], workers: readonly Worker[] = []): string =>
  statusOf(of, [of, ...others], workers).is;
const finished = (id: string, undoes: string[]): RunFacts => run([open(), END], { id, undoes });

describe('the table of docs/journal.md', () => {
  it.each<[string, string, RunFacts]>([
    ['prepared', 'no segment', run([])],
    ['prepared', 'no batch', run([open()])],
    ['prepared', 'stopped before a batch', run([open(), STOP])],
    ['interrupted', 'a batch without end', run([open(), batch(1, 5)])],
    ['interrupted', 'stopped in the middle', run([open(), batch(1, 5), STOP])],
    ['interrupted', 'all done, no end', run([open(), batch(1, 9), done(1, 9)])],
    [
      'interrupted',
      'damaged, the batch may be among what is lost',
      run([], { journal: { records: [], damaged: true } }),
    ],
    ['applied', 'end', run([open(), batch(1, 9), END])],
    ['applied', 'end after a continuation', run([open(), batch(1, 5), STOP, open(), batch(1, 9), END])],
    ['applied', 'the newest report has a failure', run([open(), END], { reports: [{ ok: true }, { ok: false }] })],
    ['verified', 'the newest report has none', run([open(), END], { reports: [{ ok: false }, { ok: true }] })],
    ['interrupted', 'a report says nothing before the end', run([open(), batch(1, 2)], { reports: [{ ok: true }] })],
  ])('%s: %s', (expected, _when, of) => {
    expect(is(of)).toBe(expected);
  });

  it('running: the last that took it is alive, and has not stopped', () => {
    const other = { ...US, started: '100' };
    expect(is(run([open(), batch(1, 5)]), [], [US])).toBe('running');
    expect(is(run([open()]), [], [US])).toBe('running');
    expect(is(run([open(), batch(1, 5)]), [], [other])).toBe('interrupted');
    expect(is(run([open(), batch(1, 5), open(other)]), [], [US])).toBe('interrupted');
    expect(is(run([open(), batch(1, 5), STOP]), [], [US])).toBe('interrupted');
    expect(is(run([open(), END]), [], [US])).toBe('applied');
  });

  it('rolled back: a rollback of it has ended and is not rolled back itself, however deep', () => {
    const first = run([open(), END]);
    const back = finished('back', ['other', 'run']);
    const again = finished('again', ['back']);
    const undone = finished('undone', ['again']);
    expect(is(first, [back])).toBe('rolled back');
    expect(is(first, [back, again])).toBe('applied');
    expect(is(first, [back, again, undone])).toBe('rolled back');
    expect(is(run([open(), batch(1, 2)]), [back])).toBe('rolled back');
    expect(is(first, [run([open(), batch(1, 2)], { id: 'back', undoes: ['run'] })])).toBe('applied');
    expect(statusOf(first, [first, back], []).by).toBe('back');
  });
});

it('says how far it came, and what may have begun', () => {
  const half = run([open(), batch(1, 4), done(1, 4), batch(5, 7)]);
  expect(statusOf(half, [half], [])).toMatchObject({ done: 4, of: 9, inDoubt: { from: 5, to: 7 }, stopped: null });
  const all = run([open(), batch(1, 9), END]);
  expect(statusOf(all, [all], [])).toMatchObject({ done: 9, inDoubt: null });
});

it('says why the last process stopped, not an earlier one', () => {
  const stopped = run([open(), batch(1, 4), STOP]);
  expect(statusOf(stopped, [stopped], []).stopped).toEqual({ code: 'DSP-RUN-FOREIGN', message: 'a is not as it was' });
  const taken = run([open(), batch(1, 4), STOP, open()]);
  expect(statusOf(taken, [taken], []).stopped).toBeNull();
});

it('is in force if any of it may be in the project', () => {
  const force = (of: RunFacts, others: readonly RunFacts[] = []) => isInForce(statusOf(of, [of, ...others], []));
  expect(force(run([open()]))).toBe(false);
  expect(force(run([open(), batch(1, 2)]))).toBe(true);
  expect(force(run([open(), END]), [finished('back', ['run'])])).toBe(false);
});
