import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ABSENT, type FileState, type FolderState, type PathState, same } from '../disk/path-state.ts';
import { keyOf } from '../disk/paths.ts';
import { type PlannedStep, transitionsOf } from './step.ts';
import { type Change, pathsAbove, stepsBetween } from './steps-between.ts';

const file = (content: string, mode = 0o644): FileState => ({
  kind: 'file',
  sha256: content,
  bytes: content.length,
  mode,
});
const FOLDER: FolderState = { kind: 'folder', mode: 0o755 };
const change = (path: string, now: PathState, want: PathState, more: Partial<Change> = {}): Change => ({
  path,
  now,
  want,
  action: 'test',
  ...more,
});
const told = (steps: readonly PlannedStep[]): readonly string[] =>
  steps.map((step) => {
    if (step.op === 'git-index') return step.op;
    return step.op === 'rename' ? `rename ${keyOf(step.path)} ${keyOf(step.to)}` : `${step.op} ${keyOf(step.path)}`;
  });

it('nothing where nothing differs, times and owners left aside', () => {
  expect(
    stepsBetween([
      change('a', { ...file('x'), mtime: '1' }, { ...file('x'), mtime: '2' }),
      change('b', ABSENT, ABSENT),
      change('c', FOLDER, { ...FOLDER, mode: 0o700 }),
      change('d', { kind: 'link', target: 'a' }, { kind: 'link', target: 'a' }),
    ]),
  ).toEqual([]);
});

it('a file becomes another one in one step, whatever differs', () => {
  const steps = stepsBetween([
    change('a', file('x'), file('y')),
    change('b', file('x'), file('x', 0o600), { how: 'in-place' }),
    change('c', file('x'), { kind: 'link', target: 'a' }),
    change('d', { kind: 'link', target: 'a' }, { kind: 'link', target: 'b' }),
  ]);
  expect(told(steps)).toEqual(['put a', 'put b', 'put c', 'put d']);
  expect(steps.map((step) => step.op === 'put' && step.how)).toEqual(['replace', 'in-place', 'replace', 'replace']);
});

it('folders are made before what goes in and removed after what was in them', () => {
  const steps = stepsBetween([
    change('old/deep/a', file('x'), ABSENT),
    change('old/deep', FOLDER, ABSENT),
    change('old', FOLDER, ABSENT),
    change('new/deep/b', ABSENT, file('y')),
    change('new', ABSENT, FOLDER),
    change('new/deep', ABSENT, FOLDER),
  ]);
  expect(told(steps)).toEqual([
    'make-folder new',
    'remove old/deep/a',
    'make-folder new/deep',
    'remove-folder old/deep',
    'put new/deep/b',
    'remove-folder old',
  ]);
});

it('what moved is renamed, and put again where it changed on the way', () => {
  const steps = stepsBetween([
    change('old/a', file('x'), ABSENT),
    change('new/a', ABSENT, file('y'), { movedFrom: 'old/a' }),
    change('new', ABSENT, FOLDER),
  ]);
  expect(told(steps)).toEqual(['make-folder new', 'rename old/a new/a', 'put new/a']);
  expect(steps[2]).toMatchObject({ before: file('x'), after: file('y') });
});

it('what is in the way of a move goes first, and what follows comes after', () => {
  const steps = stepsBetween([
    change('a', file('x'), file('new')),
    change('b', file('in the way'), file('x'), { movedFrom: 'a' }),
  ]);
  expect(told(steps)).toEqual(['remove b', 'rename a b', 'put a']);
});

describe('moves that wait for each other', () => {
  it('a chain begins at its end', () => {
    const steps = stepsBetween([
      change('a', file('1'), ABSENT),
      change('b', file('2'), file('1'), { movedFrom: 'a' }),
      change('c', ABSENT, file('2'), { movedFrom: 'b' }),
    ]);
    expect(told(steps)).toEqual(['rename b c', 'rename a b']);
  });

  it('of two that change places one goes aside', () => {
    const steps = stepsBetween([
      change('d/a', file('1'), file('2'), { movedFrom: 'd/b' }),
      change('d/b', file('2'), file('1'), { movedFrom: 'd/a' }),
    ]);
    expect(told(steps)).toEqual(['rename d/a d/.desprawl-aside-1', 'rename d/b d/a', 'rename d/.desprawl-aside-1 d/b']);
  });

  it('a file goes into a folder that takes its name, and comes back', () => {
    const there = [change('x/a', file('1'), FOLDER), change('x/a/a', ABSENT, file('1'), { movedFrom: 'x/a' })];
    expect(told(stepsBetween(there))).toEqual([
      'rename x/a x/.desprawl-aside-1',
      'make-folder x/a',
      'rename x/.desprawl-aside-1 x/a/a',
    ]);
    const back = [change('x/a', FOLDER, file('1'), { movedFrom: 'x/a/a' }), change('x/a/a', file('1'), ABSENT)];
    expect(told(stepsBetween(back))).toEqual([
      'rename x/a/a x/.desprawl-aside-1',
      'remove-folder x/a',
      'rename x/.desprawl-aside-1 x/a',
    ]);
  });
});

it('a store and its sidecars stand together, the main file last', () => {
  const move = (suffix: string): Change[] => [
    change(`b/x.db${suffix}`, ABSENT, file(suffix), { movedFrom: `a/x.db${suffix}`, store: 'a/x.db' }),
    change(`a/x.db${suffix}`, file(suffix), ABSENT, { store: 'a/x.db' }),
  ];
  const other = [change('a/x.db-old', file('o'), file('p'))];
  expect(told(stepsBetween([...move(''), ...other, ...move('-shm'), ...move('-wal')]))).toEqual([
    'rename a/x.db-shm b/x.db-shm',
    'rename a/x.db-wal b/x.db-wal',
    'rename a/x.db b/x.db',
    'put a/x.db-old',
  ]);
});

it('names that are no UTF-8 are kept apart', () => {
  const bytes = (last: number) => ({ bytes: Buffer.from([0x64, 0x2f, last]).toString('base64') });
  const steps = stepsBetween([
    { path: bytes(0xff), now: file('1'), want: file('2'), movedFrom: bytes(0xfe), action: 'test' },
    { path: bytes(0xfe), now: file('2'), want: file('1'), movedFrom: bytes(0xff), action: 'test' },
  ]);
  expect(steps.map((step) => step.op === 'rename' && keyOf(step.to))).toEqual([
    'd/.desprawl-aside-1',
    'd/\xfe',
    'd/\xff',
  ]);
});

it.each([
  ['a path twice', [change('a', ABSENT, file('x')), change('a', ABSENT, file('x'))]],
  ['a move from nowhere', [change('a', ABSENT, file('x'), { movedFrom: 'b' })]],
  ['a move of what is not there', [change('a', ABSENT, file('x'), { movedFrom: 'b' }), change('b', ABSENT, ABSENT)]],
  [
    'one file moved to two places',
    [
      change('a', ABSENT, file('x'), { movedFrom: 'c' }),
      change('b', ABSENT, file('x'), { movedFrom: 'c' }),
      change('c', file('x'), ABSENT),
    ],
  ],
  ['something in what is no folder', [change('a', FOLDER, file('x')), change('a/b', ABSENT, file('y'))]],
  ['a pipe', [change('a', { kind: 'special' }, ABSENT)]],
])('refuses %s', (_name, changes) => {
  expect(() => stepsBetween(changes)).toThrow();
});

describe('random trees', () => {
  const names = fc
    .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join('/'));
  const tree = fc.array(fc.tuple(names, fc.constantFrom('1', '2', '3', '4', '5', '6')), { maxLength: 14 }).map(treeOf);
  const seeds = fc.array(fc.nat(), { minLength: 20, maxLength: 20 });

  it('lead from one to the other by steps each of which can be made, in any order of the changes', () => {
    fc.assert(
      fc.property(tree, tree, seeds, (now, want, seed) => {
        const changes = changesOf(now, want, seed);
        const steps = stepsBetween(changes);
        const here = new Map(now);
        for (const step of steps) carryOut(here, step);
        expect([...here].sort()).toEqual([...want].sort());
        expect(stepsBetween([...changes].reverse())).toEqual(steps);
      }),
      { numRuns: 2_000 },
    );
  });
});

type Tree = Map<string, string>;

/** Content by path; '/' is a folder. */
function treeOf(entries: readonly (readonly [string, string])[]): Tree {
  const tree: Tree = new Map();
  for (const [path, content] of entries) {
    const above = [...pathsAbove(path)];
    if (tree.has(path) || above.some((folder) => (tree.get(folder) ?? '/') !== '/')) continue;
    for (const folder of above) tree.set(folder, '/');
    tree.set(path, content);
  }
  return tree;
}

function changesOf(now: Tree, want: Tree, seed: readonly number[]): readonly Change[] {
  const state = (content: string | undefined): PathState =>
    content === undefined ? ABSENT : content === '/' ? FOLDER : file(content);
  const sources = [...now].filter(([, content]) => content !== '/').map(([path]) => path);
  const taken = new Set<string>();
  return [...new Set([...now.keys(), ...want.keys()])].map((path, i) => {
    const movedFrom = sources[(seed[i % seed.length] ?? 0) % (sources.length + 2)];
    const moves =
      movedFrom !== undefined &&
      movedFrom !== path &&
      !taken.has(movedFrom) &&
      !same(state(now.get(movedFrom)), state(want.get(movedFrom))) &&
      !same(state(now.get(path)), state(want.get(path))) &&
      !['/', undefined].includes(want.get(path));
    if (moves) taken.add(movedFrom);
    return change(path, state(now.get(path)), state(want.get(path)), moves ? { movedFrom } : {});
  });
}

/** As strict as a disk is: nothing is replaced but by a put, nothing lies in what is no folder, only empty folders go. */
function carryOut(tree: Tree, step: PlannedStep): void {
  for (const { path, before, after } of transitionsOf(step)) {
    const key = keyOf(path);
    const contentOf = (state: PathState) =>
      state.kind === 'file' ? state.sha256 : state.kind === 'folder' ? '/' : undefined;
    expect([step.op, key, tree.get(key)]).toEqual([step.op, key, contentOf(before)]);
    for (const folder of pathsAbove(key))
      expect([step.op, key, folder, tree.get(folder)]).toEqual([step.op, key, folder, '/']);
    if (step.op === 'remove-folder') {
      expect([...tree.keys()].filter((one) => one.startsWith(`${key}/`))).toEqual([]);
    }
    const content = contentOf(after);
    if (content === undefined) tree.delete(key);
    else tree.set(key, content);
  }
}
