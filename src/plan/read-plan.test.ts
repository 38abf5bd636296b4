import { describe, expect, it } from 'vitest';
import { PLAN_TEXT } from '../../test/plan/plan-text.ts';
import { readPlan } from './read-plan.ts';

const read = (text: string): ReturnType<typeof readPlan> => readPlan(text, 'p.yaml');
const change = (from: string, to: string): string => {
  expect(PLAN_TEXT).toContain(from);
  return PLAN_TEXT.replace(from, () => to);
};
const wrong = (from: string, to: string): string => {
  try {
    read(change(from, to));
  } catch (error) {
    expect(error).toMatchObject({ code: 'DSP-PLAN-INVALID' });
    return (error as Error).message;
  }
  return 'no error';
};
/** `p.yaml:7:5`, of a word that is new in the text. */
const placeOf = (word: string, text: string): string => {
  const lines = text.slice(0, text.lastIndexOf(word)).split('\n');
  return `p.yaml:${lines.length}:${(lines.at(-1) ?? '').length + 1}`;
};

it('reads what a person wrote', () => {
  const plan = read(PLAN_TEXT);
  expect(plan).toMatchObject({ plan: 'kiosk-7c1e', checks: ['tests'], measures: [], policy: {}, approvals: [] });
  expect(plan.decisions.map(({ id, chosen, proposal }) => [id, chosen, proposal])).toEqual([
    ['app-db', null, 'backend'],
    ['untrack-auth', 'note', null],
  ]);
  expect(plan.actions).toMatchObject([
    {
      kind: 'archive',
      subject: 'backups/hub-*.db',
      to: null,
      files: 13,
      except: ['backups/hub-2.db'],
      finding: 'backup-residue',
    },
    {
      kind: 'remove',
      phase: 2,
      owner: 'ada',
      due: '2026-12-01',
      after: ['archive-backups'],
      left: [{ path: 'scripts/import_legacy.py', line: 9, why: 'legacy importer' }],
    },
    { kind: 'untrack', skip: true, needs: [{ decision: 'untrack-auth', choices: ['note'] }] },
  ]);
});

describe('a mistake has its place and what was probably meant', () => {
  it.each([
    ['version: 1', 'version: 2', '2\nplan:', 'this desprawl reads version 1, not 2'],
    ['plan: kiosk-7c1e', 'plan: "a b"', '"a b"', '"a b" is no id of a plan'],
    ['checks: [tests]', 'cheks: [tests]', 'cheks', 'unknown key "cheks" in the plan; did you mean "checks"?'],
    [
      'proposal: backend',
      'proposel: backend',
      'proposel',
      'unknown key "proposel" in a decision; did you mean "proposal"?',
    ],
    ['proposal: backend', 'proposal: backed', 'backed\n', '"backed" is no choice of app-db; did you mean "backend"?'],
    ['chosen: note', 'chosen: nope', 'nope', '"nope" is no choice of untrack-auth; did you mean "note"?'],
    ['- archive:', '- archiv:', 'archiv:', 'unknown key "archiv" in an action; did you mean "archive"?'],
    ['takes: 0.2 s', 'becase: y', 'becase', 'unknown key "becase" in an action; did you mean "because"?'],
    ['takes: 0.2 s', 'because: y', 'because', 'unknown key "because" in an action of kind archive'],
    [
      'id: remove-empty-hub',
      'id: archive-backups',
      'archive-backups\n    after',
      'there are two actions archive-backups',
    ],
    [
      '[archive-backups]',
      '[archive-bckups]',
      '[archive-b',
      'remove-empty-hub: there is no action "archive-bckups"; did you mean "archive-backups"?',
    ],
    ['phase: 2', 'phase: 0', '0\n    owner', 'phase must be 1 or more'],
    ['phase: 2', 'phase: two', 'two', 'phase must be a whole number'],
    ['due: 2026-12-01', 'due: soon', 'soon', 'due must be a day such as 2026-12-01'],
    ['risk: low', 'risk: none', 'none', 'risk must be low, medium, high'],
    ['skip: true', 'skip: yes', 'yes', 'skip must be true or false'],
    [
      '{untrack-auth: note}',
      '{untrack-aut: note}',
      '{untrack-aut:',
      'untrack-auth-db: there is no decision "untrack-aut"; did you mean "untrack-auth"?',
    ],
    [
      '{untrack-auth: note}',
      '{untrack-auth: not}',
      '{untrack-auth: not}',
      'untrack-auth-db: "not" is no choice of untrack-auth; did you mean "note"?',
    ],
    [
      '"services/hub.db"',
      '/etc/passwd',
      '/etc',
      'remove: "/etc/passwd" is absolute; paths are relative to the project',
    ],
    ['"services/hub.db"', 'a/../../b', 'a/..', 'remove: "a/../../b" leads out of the project'],
    ['"services/hub.db"', '.git/config', '.git', 'remove: ".git/config" lies in the repository of git itself'],
    ['files: 13', 'files: [../x]', '../x', 'files: "../x" leads out of the project'],
    ['files: 13', 'remove: x', 'remove: x', 'an action is one of archive and remove, not both'],
    ['decisions:\n', 'decisions: 5\nactions:\n', 'actions:\n  # -', 'Map keys must be unique'],
    ['question: How', 'queston: How', 'queston', 'unknown key "queston" in a decision; did you mean "question"?'],
  ])('%j → %j', (from, to, at, message) => {
    const found = wrong(from, to);
    expect(found).toContain(message);
    expect(found.slice(0, found.indexOf(': '))).toBe(placeOf(at, change(from, to)));
  });

  it('an empty file, tabs, a list, a text', () => {
    expect(() => read('')).toThrow('p.yaml:1:1: the file is empty');
    expect(() => read('# only this\n')).toThrow('the file is empty');
    expect(() => read('- a')).toThrow('p.yaml:1:1: the plan must be a map');
    expect(() => read('nonsense')).toThrow('p.yaml:1:1: the plan must be a map');
    expect(() => read('version: 1\nactions:\n\t- a')).toThrow(/p\.yaml:3:/);
  });

  it('actions that wait for each other, and a phase before that of what comes first', () => {
    const circle = wrong(
      '    id: archive-backups\n',
      '    id: archive-backups\n    after: [remove-empty-hub]\n    phase: 2\n',
    );
    expect(circle).toContain('these actions wait for each other: archive-backups → remove-empty-hub → archive-backups');
    expect(wrong('    id: archive-backups\n', '    id: archive-backups\n    phase: 3\n')).toContain(
      'remove-empty-hub is of phase 2 and comes after archive-backups, which is of phase 3',
    );
  });

  it('anchors are followed once and never expanded', () => {
    expect(read(PLAN_TEXT.replace('reason: 0 bytes', 'reason: &r 0 bytes\n    undo: *r')).actions[1]).toMatchObject({
      reason: '0 bytes',
      undo: '0 bytes',
    });
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b]\nversion: 1\nplan: *c\n`;
    expect(() => read(bomb)).toThrow('unknown key "a" in the plan');
  });

  it('checks that desprawl.yaml does not have', () => {
    expect(() => readPlan(PLAN_TEXT, 'p.yaml', { checks: ['test', 'health'] })).toThrow(
      'p.yaml:45:10: there is no "tests" among the checks; did you mean "test"?',
    );
  });
});
