import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ABSENT, type FileState } from '../disk/path-state.ts';
import type { PlannedStep } from '../steps/step.ts';
import { type Change, stepsBetween } from '../steps/steps-between.ts';
import { chainsOf, changesOf, movesOf, totalsOf } from './run-changes.ts';

const file = (content: string, bytes = content.length, mode = 0o644): FileState => ({
  kind: 'file',
  sha256: content,
  bytes,
  mode,
});
const told = (steps: readonly PlannedStep[]) =>
  changesOf(chainsOf(steps)).map(({ is, path, from }) => `${is} ${from === undefined ? '' : `${from} → `}${path}`);

it('a file that moves and is edited is one change', () => {
  const steps: PlannedStep[] = [
    { op: 'make-folder', action: 'move', path: 'new', after: { kind: 'folder', mode: 0o755 } },
    { op: 'rename', action: 'move', path: 'old.py', to: 'new/old.py', before: file('a', 10) },
    { op: 'put', action: 'repoint', path: 'new/old.py', before: file('a', 10), after: file('b', 12), how: 'replace' },
  ];
  expect(told(steps)).toEqual(['made new', 'moved old.py → new/old.py']);
  expect(changesOf(chainsOf(steps))[1]).toEqual({
    path: 'new/old.py',
    is: 'moved',
    kind: 'file',
    from: 'old.py',
    before: 10,
    after: 12,
    action: 'repoint',
  });
  expect(totalsOf(chainsOf(steps))).toEqual({
    steps: 3,
    files: { made: 0, changed: 0, moved: 1, removed: 0, entries: 0 },
    bytes: { written: 12, freed: -2, archived: 0 },
  });
});

it('a swap through a temporary name is two moves, and the temporary name nothing', () => {
  const steps: PlannedStep[] = [
    { op: 'rename', action: 'x', path: 'a', to: 'tmp', before: file('a') },
    { op: 'rename', action: 'x', path: 'b', to: 'a', before: file('b') },
    { op: 'rename', action: 'x', path: 'tmp', to: 'b', before: file('a') },
  ];
  expect(told(steps)).toEqual(['moved b → a', 'moved a → b']);
  expect([...movesOf(chainsOf(steps))]).toEqual([
    ['b', 'a'],
    ['a', 'b'],
  ]);
});

it('a store that is removed and blocked by a folder was replaced; permissions alone are no content', () => {
  const steps: PlannedStep[] = [
    { op: 'remove', action: 'x', path: 'app.db', before: file('rows', 4096) },
    { op: 'make-folder', action: 'y', path: 'app.db', after: { kind: 'folder', mode: 0o755 } },
    { op: 'put', action: 'z', path: 'run.sh', before: file('s'), after: file('s', 1, 0o755), how: 'replace' },
  ];
  expect(told(steps)).toEqual(['changed app.db', 'mode run.sh']);
  expect(totalsOf(chainsOf(steps)).bytes.freed).toBe(4096);
});

it('what is archived is counted apart, entries of an index as well', () => {
  const steps: PlannedStep[] = [
    { op: 'remove', action: 'x', path: 'old.db', before: file('rows', 100) },
    { op: 'remove', action: 'y', path: 'copy.db', before: file('rows', 100) },
    { op: 'git-index', action: 'x', index: '/i', entries: [{ path: 'old.db', before: null, after: null }] },
  ];
  expect(totalsOf(chainsOf(steps), new Set(['old.db']))).toEqual({
    steps: 3,
    files: { made: 0, changed: 0, moved: 0, removed: 2, entries: 1 },
    bytes: { written: 0, freed: 200, archived: 100 },
  });
});

it('whatever the changes are, their steps say them again', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const state = fc.oneof(
    fc.constant(ABSENT),
    fc.constantFrom('x', 'y', 'z').map((content) => file(content, content.charCodeAt(0))),
  );
  const changes = fc
    .uniqueArray(fc.record({ path: name, now: state, want: state }), { selector: ({ path }) => path })
    .map((all) => all.map((one): Change => ({ ...one, action: 'x' })));
  fc.assert(
    fc.property(changes, (all) => {
      const chains = chainsOf(stepsBetween(all));
      const freed = all.reduce(
        (sum, { now, want }) => sum + ('bytes' in now ? now.bytes : 0) - ('bytes' in want ? want.bytes : 0),
        0,
      );
      expect(totalsOf(chains).bytes.freed).toBe(freed);
      const differing = all
        .filter(({ now, want }) => JSON.stringify(now) !== JSON.stringify(want))
        .map(({ path }) => path);
      expect(changesOf(chains).map(({ path }) => path)).toEqual([...differing].sort());
    }),
  );
});
