import { describe, expect, it } from 'vitest';
import { type Imagined, imagine } from '../../test/plan/files-measured.ts';
import { compile } from './compile/index.ts';
import { SLOW_RATES } from './estimate.ts';
import { type Comparison, compareWithLock, makeLock } from './lock.ts';
import type { Lock } from './lock-model.ts';
import { completePlan } from './make-plan.ts';
import type { Plan } from './model.ts';
import { readPlan } from './read-plan.ts';

const TEXT = `version: 1
plan: kiosk-7c1e
decisions:
  - { decision: d, question: "old?", choices: { go: goes, stay: stays }, chosen: }
actions:
  - { archive: "b/*.db", id: a, except: [b/2.db] }
  - { remove: x, id: r, because: y }
  - { ignore: /x, id: i }
  - { ignore: /y, id: j }
  - { archive: late, id: l, phase: 2 }
  - { archive: old, id: o, needs: { d: go } }
`;
const FILES = { 'b/1.db': '1', 'b/2.db': '2', x: 'same', y: 'same', late: 'l', old: 'o', '.gitignore': '/z\n' };
const plan = (text: string = TEXT): Plan => readPlan(text, 'p.yaml');

async function lockOf(text: string = TEXT, project: Imagined = { files: FILES }): Promise<Lock> {
  const made = await completePlan(plan(text), SLOW_RATES, imagine(project));
  const { compiled, asIf } = made;
  return makeLock({
    plan: made.plan,
    compiled,
    asIf,
    before: { code: {} as never, tree: '' },
    project: { root: '/kiosk', git: null },
    rates: SLOW_RATES,
    tool: '0',
    at: '2026-11-21T00:00:00.000Z',
  });
}

async function compare(
  lock: Lock,
  text: string,
  files: Imagined['files'] = FILES,
  phase?: number,
): Promise<Comparison> {
  const now = plan(text);
  return compareWithLock(lock, now, await compile(now, imagine({ files })), phase);
}
const changed = (from: string, to: string): string => {
  expect(TEXT).toContain(from);
  return TEXT.replace(from, to);
};

describe('a plan against its lock', () => {
  it('as reviewed, whatever was written that has no effect', async () => {
    const lock = await lockOf();
    const all = ['a', 'r', 'i', 'j', 'l'];
    expect(await compare(lock, TEXT)).toEqual({ reviewed: all, edited: [], stale: [] });
    expect(await compare(lock, changed('id: r,', 'id: r, reason: why not, owner: ada,'))).toEqual({
      reviewed: all,
      edited: [],
      stale: [],
    });
    expect((await compare(lock, TEXT, FILES, 2)).reviewed).toEqual(['l']);
  });

  it('an answer that was not given when it was measured is covered', async () => {
    const lock = await lockOf();
    const { reviewed, edited } = await compare(lock, changed('chosen: }', 'chosen: go }'));
    expect([reviewed.includes('o'), edited]).toEqual([true, []]);
    expect((await compare(lock, changed('chosen: }', 'chosen: stay }'))).edited).toEqual([]);
  });

  it('stale: what an action relies on changed; named with what changed', async () => {
    const lock = await lockOf();
    const stale = async (files: Imagined['files']): Promise<unknown> => (await compare(lock, TEXT, files)).stale;
    expect(await stale({ ...FILES, 'b/1.db': 'other' })).toEqual([
      { action: 'a', changed: [{ path: 'b/1.db', what: 'has another content' }] },
    ]);
    expect(await stale({ ...FILES, 'b/3.db': 'new' })).toEqual([
      {
        action: 'a',
        changed: [
          { path: 'b/3.db', what: 'is new' },
          { path: 'b/*.db', what: 'matches other files' },
        ],
      },
    ]);
    expect(await stale({ ...FILES, '.gitignore': '/z\n/q\n' })).toMatchObject([{ action: 'i' }, { action: 'j' }]);
    // Blocked now: what was to hold the same does not.
    expect(await stale({ ...FILES, y: 'other' })).toMatchObject([
      { action: 'r', changed: [{ what: expect.stringContaining('not proven') }] },
    ]);
    expect(await stale({ ...FILES, 'b/2.db': 'stays, so that nobody minds' })).toEqual([]);
  });

  it('edited: the action itself, what edits the same file, and what is of a later phase', async () => {
    const lock = await lockOf();
    expect((await compare(lock, changed('except: [b/2.db]', 'except: [b/1.db]'))).edited).toEqual(['a']);
    expect((await compare(lock, changed('ignore: /y', 'ignore: /q'))).edited).toEqual(['j']);
    expect(await compare(lock, changed('id: i }', 'id: i, skip: true }'))).toMatchObject({ edited: [], stale: [] });
    const another = `${TEXT}  - { block: late, id: n, phase: 2, after: [l] }\n`;
    expect((await compare(lock, another)).edited).toEqual(['n']);
  });

  it('an edit of one action does not excuse a change under another', async () => {
    const lock = await lockOf();
    const both = await compare(lock, changed('id: r,', 'id: r, docs: true,'), { ...FILES, 'b/1.db': 'other' });
    expect([both.edited, both.stale.map(({ action }) => action)]).toEqual([['r'], ['a']]);
  });

  it('is the same lock for the same project, and holds no hash of what it does not do', async () => {
    expect(await lockOf()).toEqual(await lockOf());
    const lock = await lockOf(changed('id: r,', 'id: r, skip: true,'));
    expect(JSON.stringify(lock.actions.a)).not.toContain('"y"');
    expect(lock.actions.o?.steps).toEqual([expect.objectContaining({ op: 'remove', path: 'old' })]);
  });
});
