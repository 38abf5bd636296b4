/** What is done to the project of the simulated disk: each kind of step by itself, what several do to one path, and all together. */
import type { Disk } from '../../src/disk/disk.ts';
import { hashBytes } from '../../src/disk/hash-file.ts';
import { ABSENT, type FileState, type LinkState, stateOf } from '../../src/disk/path-state.ts';
import { writeNewFile } from '../../src/disk/write-file.ts';
import type { IndexChange, PlannedStep } from '../../src/steps/step.ts';
import { type Change, stepsBetween } from '../../src/steps/steps-between.ts';
import { indexBytes } from './simulated/simulated-git.ts';

export const ROOT = '/p';
const INDEX = `${ROOT}/.git/index`;

export interface Scenario {
  readonly name: string;
  steps(on: Making): readonly PlannedStep[];
}

/** What scenarios are written with. */
export interface Making {
  /** The content is one that the run writes. */
  content(text: string, more?: Partial<FileState>): FileState;
  /** From what is there to `want`. */
  change(path: string, want: Change['want'], more?: Partial<Change>): Change;
  move(from: string, to: string, more?: Partial<Change>): readonly Change[];
}

export interface Made {
  readonly steps: readonly PlannedStep[];
  readonly contents: readonly Buffer[];
}

const entry = (letter: string) => ({ mode: '100644', oid: letter.repeat(40), flags: '' });
const MTIME = '1711111111123457000';
const LONG = (letter: string): string => letter.repeat(9_000);

/** Some of each, with modes and times of their own. */
export function buildProject(disk: Disk): void {
  disk.mkdir(ROOT, 0o755);
  for (const folder of ['a', 'b', 'e', 'e/f', '.git']) disk.mkdir(`${ROOT}/${folder}`, 0o755);
  const files: Readonly<Record<string, string>> = {
    'a/x': 'x'.repeat(200),
    'a/y': 'y'.repeat(90),
    'a/z': 'z',
    'b/w': LONG('w'),
    'b/s.db': LONG('s'),
    'b/s.db-wal': LONG('l'),
    'b/s.db-shm': 'm',
    c: LONG('c'),
    d: LONG('d').slice(0, 5_000),
    g: 'g',
  };
  let time = 1_699_999_999_000_001n;
  const stamp = (path: string): void => {
    time += 7_000_003n;
    disk.setAttributes(path, { mtimeNs: time * 1000n });
  };
  for (const [path, text] of Object.entries(files)) {
    writeNewFile(disk, `${ROOT}/${path}`, Buffer.from(text), 0o600, { mode: path === 'a/z' ? 0o4755 : 0o640 });
    stamp(`${ROOT}/${path}`);
  }
  disk.symlink(Buffer.from('a/x'), `${ROOT}/l`);
  stamp(`${ROOT}/l`);
  writeNewFile(disk, INDEX, indexBytes({ 'a/x': entry('a'), 'a/y': entry('b') }));
  for (const folder of ['a', 'b', 'e/f', 'e', '.git']) stamp(`${ROOT}/${folder}`);
  stamp(ROOT);
}

export function makeSteps(disk: Disk, scenario: Scenario): Made {
  const contents: Buffer[] = [];
  const steps = scenario.steps({
    content: (text, more = {}) => {
      const bytes = Buffer.from(text);
      contents.push(bytes);
      return { kind: 'file', mode: 0o640, ...hashBytes(bytes), ...more };
    },
    change: (path, want, more = {}) => ({ path, now: stateOf(disk, `${ROOT}/${path}`), want, action: 'a', ...more }),
    move: (from, to, more = {}) => {
      const now = stateOf(disk, `${ROOT}/${from}`);
      return [
        { path: from, now, want: ABSENT, action: 'a', ...more },
        { path: to, now: ABSENT, want: now, movedFrom: from, action: 'a', ...more },
      ];
    },
  });
  return { steps, contents };
}

const link = (target: string): LinkState => ({ kind: 'link', target, mtime: MTIME });
const exchange = (entries: readonly IndexChange[]): PlannedStep => ({
  op: 'git-index',
  action: 'a',
  index: INDEX,
  entries,
});
const exchanged = exchange([
  { path: 'a/x', before: entry('a'), after: null },
  { path: 'n', before: null, after: entry('c') },
]);

const put = ({ content, change }: Making): readonly Change[] => [
  change('a/x', content(LONG('X'), { mode: 0o751, mtime: MTIME })),
  change('a/new', content('new')),
];
const inPlace = ({ content, change }: Making): readonly Change[] => [
  change('c', content(LONG('C').slice(0, 4_500), { mode: 0o600 }), { how: 'in-place' }),
  change('d', content(LONG('D'), { mtime: MTIME }), { how: 'in-place' }),
];
const links = ({ change, content }: Making): readonly Change[] => [
  change('l', content('no link any more')),
  change('g', link('b/w')),
  change('b/new', link('nowhere')),
];
const remove = ({ change }: Making): readonly Change[] => [change('a/z', ABSENT), change('l', ABSENT)];
const renames = ({ move }: Making): readonly Change[] => [
  ...move('a/y', 'a/y2'),
  ...move('b/w', 'a/w'),
  ...move('l', 'b/l'),
];
const folders = ({ change, content }: Making): readonly Change[] => [
  change('made', { kind: 'folder', mode: 0o2775 }),
  change('made/in', { kind: 'folder', mode: 0o700 }),
  change('made/in/file', content('file')),
  change('e/f', ABSENT),
  change('e', ABSENT),
];
const store = ({ change, move }: Making): readonly Change[] => [
  change('kept', { kind: 'folder', mode: 0o755 }),
  ...['b/s.db', 'b/s.db-wal', 'b/s.db-shm'].flatMap((path) =>
    move(path, path.replace('b/', 'kept/'), { store: 'b/s.db' }),
  ),
];

/** Several steps on one path: moved and edited, two that change places, a folder where a file was and the other way round. */
const chains = ({ change, content }: Making): readonly Change[] => {
  const [x, y, w] = [change('a/x', ABSENT).now, change('a/y', ABSENT).now, change('b/w', ABSENT).now];
  return [
    { ...change('a/x', y), movedFrom: 'a/y' },
    { ...change('a/y', x), movedFrom: 'a/x' },
    change('b/w', { kind: 'folder', mode: 0o755 }),
    { ...change('b/moved', w), want: content('moved and edited'), movedFrom: 'b/w' },
    change('e/f', ABSENT),
    change('e', content('a file where a folder was')),
  ];
};

const between =
  (of: (on: Making) => readonly Change[]) =>
  (on: Making): readonly PlannedStep[] =>
    stepsBetween(of(on));

export const SCENARIOS: readonly Scenario[] = [
  { name: 'put', steps: between(put) },
  { name: 'put in place', steps: between(inPlace) },
  { name: 'links', steps: between(links) },
  { name: 'remove', steps: between(remove) },
  { name: 'rename', steps: between(renames) },
  { name: 'folders', steps: between(folders) },
  { name: 'git-index', steps: () => [exchanged] },
  { name: 'store', steps: between(store) },
  { name: 'chains', steps: between(chains) },
];

export const EVERYTHING_AT_ONCE: Scenario = {
  name: 'everything',
  steps: (on) => [
    ...stepsBetween([
      ...put(on).slice(1),
      ...inPlace(on).slice(1),
      ...remove(on).slice(0, 1),
      ...chains(on),
      ...folders(on).slice(0, 3),
      ...store(on),
    ]),
    exchanged,
  ],
};
