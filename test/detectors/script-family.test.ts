import { expect, it } from 'vitest';
import type { Code } from '../../src/audit/code-model.ts';
import { scriptFamily } from '../../src/audit/detectors/script-family.ts';
import type { EntryPoint } from '../../src/code/graph/entry-points.ts';
import type { Role, RoleFound } from '../../src/code/roles/model.ts';
import { binding } from '../builders/bindings.ts';
import { facts, NO_CODE } from '../builders/facts.ts';

const role = (name: Role, text = 'ALTER TABLE orders', more: Partial<RoleFound> = {}): RoleFound => ({
  role: name,
  evidence: [{ line: 3, text }],
  destructive: false,
  guards: [],
  ...more,
});

const found = (roles: Readonly<Record<string, RoleFound>>, more: Partial<Code> = {}) =>
  scriptFamily.detect(
    facts([], [], {
      code: { ...NO_CODE, ...more, roles: new Map(Object.entries(roles).map(([path, one]) => [path, [one]])) },
    }),
  );

const numbered = (most: number, one: RoleFound): Record<string, RoleFound> =>
  Object.fromEntries(Array.from({ length: most }, (_, n) => [`scripts/a${String(n).padStart(3, '0')}.py`, one]));

it('C17: three scripts of one job are a family, two are not; looking does less harm than changing', () => {
  expect(found(numbered(3, role('migrate')))).toMatchObject([{ severity: 'medium' }]);
  expect(found(numbered(3, role('check')))).toMatchObject([{ severity: 'low' }]);
  expect(found(numbered(2, role('migrate')))).toEqual([]);
});

it('C17: what is put away, copies of one script and what only opens stores for the moment do not count', () => {
  const two = numbered(2, role('backup'));
  expect(found({ ...two, 'archive/save.sh': role('backup') })).toEqual([]);
  expect(found({ ...two, 'copy/scripts/a000.py': role('backup') })).toEqual([]);
  expect(
    found({ 'debian11/run.sh': role('check'), 'debian12/run.sh': role('check'), 'debian13/run.sh': role('check') }),
  ).toEqual([]);
  const third = { ...two, 'scripts/try.py': role('backup') };
  const scratch = binding('scripts/try.py', 3, { kind: 'temporary', path: '/tmp/try.db' });
  expect(found(third, { bindings: [scratch] })).toEqual([]);
  expect(found(third, { bindings: [scratch, binding('scripts/try.py', 4, 'shop.db')] })).toHaveLength(1);
  expect(found(third)).toHaveLength(1);
});

it('C17: a large family says first what is started, what deletes, what opens a store that is there', () => {
  const wipe = role('reset', 'DELETE orders without WHERE', { destructive: true });
  const guarded = role('reset', 'DELETE users without WHERE', {
    destructive: true,
    guards: [{ line: 1, text: 'input()' }],
  });
  const started: EntryPoint = {
    file: 'jobs/c.py',
    by: 'cron (deploy/crontab)',
    from: { path: 'deploy/crontab', line: 1 },
    kind: 'command',
    why: 'deploy/crontab runs it',
  };
  const drafts = found(
    {
      ...numbered(24, guarded),
      'tools/z.py': wipe,
      'tools/y.py': guarded,
      'jobs/c.py': guarded,
    },
    { entries: [started], bindings: [binding('tools/y.py', 2, 'shop.db')] },
  );
  expect(drafts).toMatchObject([
    { message: '27 scripts reset data: jobs/c.py, tools/z.py, tools/y.py, scripts/a000.py and 23 more.' },
  ]);
  expect(drafts[0]?.at).toHaveLength(20);
  expect(drafts[0]?.evidence[0]).toBe('jobs/c.py: DELETE users without WHERE (line 3); named by deploy/crontab');
  expect(drafts[0]?.evidence.slice(-3)).toEqual([
    'in scripts/ (24), tools/ (2) and jobs/ (1)',
    'tables: users (26) and orders (1)',
    '1 of them is named by commands or documents',
  ]);
  const at = (path: string, ...words: readonly string[]): EntryPoint => ({
    ...started,
    file: 'scripts/a001.py',
    from: { path, line: 1 },
    command: { by: 'line', words, env: {}, at: [0, 1, 1] },
  });
  const kept = [at('old/run.sh', 'python', 'scripts/a001.py'), at('tidy.sh', 'mv', 'scripts/a001.py', 'away/')];
  expect(found(numbered(3, wipe), { entries: kept })[0]?.evidence.at(-1)).toBe(
    'no command and no document names any of them',
  );
  expect(found(numbered(3, wipe))[0]?.evidence.at(-1)).toBe('no command and no document names any of them');
});
