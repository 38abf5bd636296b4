import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PLAN_TEXT } from '../../test/plan/plan-text.ts';
import { randomPlan } from '../../test/plan/random-plan.ts';
import type { Action, Plan } from './model.ts';
import { readPlan } from './read-plan.ts';
import { updatePlan } from './update-plan.ts';
import { writePlan } from './write-plan.ts';

const read = (text: string): Plan => readPlan(text, 'p.yaml');
const update = (text: string, plan: Plan): string => updatePlan(text, plan, 'p.yaml');
const plan = read(PLAN_TEXT);
const withAction = (n: number, change: Partial<Action>): Plan => ({
  ...plan,
  actions: plan.actions.map((action, i) => (i === n ? ({ ...action, ...change } as Action) : action)),
});
const answer = (of: Plan, id: string, chosen: string | null): Plan => ({
  ...of,
  decisions: of.decisions.map((one) => (one.id === id ? { ...one, chosen } : one)),
});
/** Lines that only one of the two has. */
const changed = (before: string, after: string): readonly string[] => {
  const [a, b] = [before.split('\n'), after.split('\n')];
  return [
    ...a.filter((line) => !b.includes(line)).map((line) => `-${line}`),
    ...b.filter((line) => !a.includes(line)).map((line) => `+${line}`),
  ];
};
const comments = (text: string): readonly string[] =>
  text
    .split('\n')
    .flatMap((line) => /(?:^|\s)(#.*)$/.exec(line)?.[1] ?? [])
    .sort();

describe('what did not change stays byte for byte', () => {
  it('nothing', () => expect(update(PLAN_TEXT, plan)).toBe(PLAN_TEXT));

  it('an answer, with the comment behind it', () => {
    const after = update(PLAN_TEXT, answer(plan, 'app-db', 'root'));
    expect(changed(PLAN_TEXT, after)).toEqual([
      '-    chosen:            # ask Chloe',
      '+    chosen: root            # ask Chloe',
    ]);
  });

  it('an answer taken back', () => {
    const after = update(PLAN_TEXT, answer(plan, 'untrack-auth', null));
    expect(changed(PLAN_TEXT, after)).toEqual([
      '-    chosen: note            # Ada, 21 Nov',
      '+    chosen:            # Ada, 21 Nov',
    ]);
  });

  it('values of actions; a new key stands where it would have been written', () => {
    const after = update(PLAN_TEXT, withAction(0, { files: 12, risk: 'medium', risks: ['a: b', 'c'], skip: true }));
    expect(changed(PLAN_TEXT, after)).toEqual([
      '-    files: 13',
      '-    risk: low                # nothing opens them',
      '+    files: 12',
      '+    risk: medium                # nothing opens them',
      '+    risks: ["a: b", c]',
      '+    skip: true',
    ]);
    expect(after).toContain('nothing opens them\n    risks: ["a: b", c]\n    skip: true\n\n  - remove');
  });

  it('a list in blocks, a key that goes, an item in braces', () => {
    const after = update(PLAN_TEXT, withAction(1, { left: [], phase: 1 }));
    expect(changed(PLAN_TEXT, after)).toEqual([
      '-    left:',
      '-      - scripts/import_legacy.py:9        legacy importer',
      '-    phase: 2',
    ]);
    const flow = update(PLAN_TEXT, withAction(2, { skip: false, done: 'already so: yes' }));
    expect(flow).toContain('needs: {untrack-auth: note}, skip: null, done: "already so: yes"}');
  });

  it('comments inside a value that goes stand above it', () => {
    const text = PLAN_TEXT.replace('      - scripts/import', '      # why is that?\n      - scripts/import');
    const after = update(text, withAction(1, { left: [{ path: 'x', why: 'y' }] }));
    expect(comments(after)).toEqual(comments(text));
    expect(read(after).actions[1]?.left).toEqual([{ path: 'x', why: 'y' }]);
  });

  it('new decisions, actions and approvals at the end of their lists', () => {
    const approval = { by: 'Ada <ada@example.com>', at: '2026-11-21T10:00:00Z', hash: 'ab', code: 'cd' };
    const more = {
      ...plan,
      decisions: [...plan.decisions, { ...plan.decisions[0], id: 'third' } as Plan['decisions'][number]],
      actions: [...plan.actions, { ...plan.actions[0], id: 'fourth' } as Action],
      approvals: [approval],
    };
    const after = update(PLAN_TEXT, more);
    expect(read(after)).toEqual(more);
    expect(comments(after).filter((one) => !comments(PLAN_TEXT).includes(one))).toEqual([]);
    const again = { ...more, approvals: [approval, { ...approval, by: 'Ben' }] };
    expect(read(update(after, again))).toEqual(again);
    for (const line of PLAN_TEXT.split('\n')) if (line !== 'approvals: []') expect(after.split('\n')).toContain(line);
  });

  it('line ends of another system', () => {
    const text = PLAN_TEXT.replaceAll('\n', '\r\n');
    const after = update(text, { ...withAction(0, { skip: true, risks: ['x'] }), checks: ['a', 'b'] });
    expect(after.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(after.split('\r\n')).toEqual(
      expect.arrayContaining([
        '    skip: true',
        '    risks: [x]',
        'checks: [a, b]        # of desprawl.yaml; run before and after, in a copy'.replace(
          '; run before and after, in a copy',
          '',
        ),
      ]),
    );
  });

  it('no line break at the end; a list of its own in no place', () => {
    const text = PLAN_TEXT.slice(0, PLAN_TEXT.indexOf('checks:')).trimEnd();
    const wanted = { ...plan, checks: [], approvals: [{ by: 'a', at: 'b', hash: 'c', code: 'd' }] };
    expect(read(update(text, wanted))).toEqual(wanted);
  });

  it('a list that the file lacks, where the file ends with what changes too', () => {
    const text = 'version: 1\nplan: p-0001\nactions:\n  - move: a.ts\n    to: b/a.ts\n    id: m\n    reason: r\n';
    const written = read(text);
    const wanted: Plan = {
      ...written,
      decisions: plan.decisions.slice(0, 2),
      actions: [...written.actions.map((one) => ({ ...one, undo: 'moved back', takes: '1 s' })), ...plan.actions],
    };
    expect(plan.decisions.length).toBeGreaterThan(1);
    expect(read(update(text, wanted))).toEqual(wanted);
  });

  it('anchors that cannot be kept are refused, not broken', () => {
    const text = PLAN_TEXT.replace('undo: put back from the vault', 'undo: &u put back').replace(
      'reason: 0 bytes',
      'reason: 0 bytes\n    undo: *u',
    );
    const anchored = read(text);
    const wanted = {
      ...anchored,
      actions: anchored.actions.map((one, i) => (i === 0 ? { ...one, undo: 'new' } : one)),
    };
    expect(() => update(text, wanted)).toThrow('is written in a way in which desprawl cannot change it');
  });
});

describe('X: round trips', () => {
  it('what is written is what is read', () => {
    fc.assert(
      fc.property(randomPlan, (one) => {
        expect(read(writePlan(one, 'title'))).toEqual(one);
      }),
      { numRuns: 120 },
    );
  });

  it('any change of any plan is carried into its text, and every comment stays', () => {
    fc.assert(
      fc.property(randomPlan, randomPlan, fc.boolean(), (a, b, crlf) => {
        const written = writePlan(a, 'title')
          .replace(/^( +chosen:.*)$/gm, '$1   # asked')
          .replace(/^( +- (?:archive|remove).*)$/gm, '  # mine\n$1');
        const text = crlf ? written.replaceAll('\n', '\r\n') : written;
        // The same items with other values, and those that only the other plan has.
        const decisions = [
          ...a.decisions.map((one) => b.decisions.find(({ id }) => id === one.id) ?? one),
          ...b.decisions.filter(({ id }) => !a.decisions.some((one) => one.id === id)),
        ];
        const actions = [
          ...a.actions.map((one, i) => {
            const other = b.actions[i];
            return other === undefined
              ? one
              : {
                  ...one,
                  risks: other.risks,
                  files: other.files,
                  left: other.left,
                  done: other.done,
                  skip: other.skip,
                  takes: other.takes,
                };
          }),
          ...b.actions
            .filter(({ id }) => !a.actions.some((one) => one.id === id))
            .map((one) => ({ ...one, needs: [] })),
        ].map((one) => ({ ...one, needs: [] })) as Action[];
        const wanted: Plan = { ...a, decisions, actions, left: b.left, checks: b.checks };
        const after = update(text, wanted);
        expect(read(after)).toEqual(wanted);
        expect((after.match(/# (?:asked|mine)/g) ?? []).length).toBe((text.match(/# (?:asked|mine)/g) ?? []).length);
        expect(update(after, wanted)).toBe(after);
      }),
      { numRuns: 120 },
    );
  });
});
