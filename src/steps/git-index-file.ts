/**
 * Reads entries of a git index, and makes a second index with some of them changed. Only ever writes the copy: git itself does that,
 * so that every other entry, extension and split keeps what it has. Nothing of the repository's own configuration is run. What is read
 * of an ordinary index is read here; git is asked for the others.
 */
import { spawnSync } from 'node:child_process';
import { isAbsolute } from 'node:path';
import type { Attributes, Disk, Path } from '../disk/disk.ts';
import { bytesOf, folderOf, keyOf, type RecordedPath, shownPath } from '../disk/paths.ts';
import { readIfThere } from '../disk/read-file.ts';
import { copyContent } from '../disk/write-file.ts';
import { DesprawlError } from '../errors.ts';
import { GIT_ENV, GIT_SAFE } from '../project/git.ts';
import { parseIndex } from './parse-index.ts';
import type { GitIndex } from './primitive.ts';
import type { IndexChange, IndexEntry } from './step.ts';

/** Bits of an entry that `ls-files --debug` prints; https://git-scm.com/docs/index-format and git's `read-cache-ll.h`. */
const FLAGS = [
  { bit: 0x8000, letter: 'h', option: '--assume-unchanged' },
  { bit: 0x40000000, letter: 'S', option: '--skip-worktree' },
  // Promised with `git add -N`: no plumbing makes one.
  { bit: 0x20000000, letter: 'N', option: null },
] as const;

const ENTRY =
  /(\d{6}) ([0-9a-f]+) ([0-3])\t([^\0]*)\0 {2}ctime: .*\n {2}mtime: .*\n {2}dev: .*\n {2}uid: .*\n {2}size: \d+\tflags: ([0-9a-f]+)\n/y;
const TIMEOUT_MS = 60_000;
const OUTPUT_BYTES = 1024 * 1024 * 1024;
const NO_MODE = '0';

export function gitIndex(disk: Disk): GitIndex {
  return {
    entriesOf: (index, paths) => {
      const keys = paths.map((path) => keyOf(path));
      const entries = keys.length === 0 ? null : readEntries(disk, indexPath(index), { only: new Set(keys) });
      return keys.map((key) => entries?.get(key) ?? null);
    },
    write: (index, copy, changes) => {
      const from = indexPath(index);
      try {
        copyIndex(disk, from, copy);
        const before = readEntries(disk, from, { of: copy });
        change(from, copy, changes);
        assertChanged(from, changes, before, readEntries(disk, from, { of: copy }));
        settle(disk, from, copy);
      } catch (error) {
        dropIndex(disk, copy);
        throw error;
      }
    },
  };
}

/** Equal in every respect that a step names. */
export function sameEntry(a: IndexEntry | null, b: IndexEntry | null): boolean {
  if (a === null || b === null) return a === b;
  return a.mode === b.mode && a.oid === b.oid && a.flags === b.flags;
}

/** A copy, and what git leaves beside it when it is killed. */
export function dropIndex(disk: Disk, copy: Path): void {
  for (const path of [copy, lockOf(copy)]) if (disk.lstat(path) !== null) disk.unlink(path);
}

export function lockOf(index: Path): Path {
  return typeof index === 'string' ? `${index}.lock` : Buffer.concat([index, Buffer.from('.lock')]);
}

export function indexPath(index: RecordedPath): Path {
  return typeof index === 'string' ? index : bytesOf(index);
}

/** `of`: a copy that is read in place of the index. */
function readEntries(
  disk: Disk,
  index: Path,
  { of = index, only }: { readonly of?: Path; readonly only?: ReadonlySet<string> },
): ReadonlyMap<string, IndexEntry> {
  const kind = disk.lstat(of)?.kind;
  if (kind === undefined) return new Map();
  const bytes = kind === 'file' ? readIfThere(disk, of) : null;
  return (bytes === null ? null : parseIndex(bytes, only)) ?? askedEntries(index, of);
}

/** What git says of them. */
export function askedEntries(index: Path, of: Path = index): ReadonlyMap<string, IndexEntry> {
  const entries = new Map<string, IndexEntry>();
  const text = git(index, of, ['ls-files', '--stage', '--debug', '-z']).toString('latin1');
  ENTRY.lastIndex = 0;
  let read = 0;
  for (let match = ENTRY.exec(text); match !== null; match = ENTRY.exec(text)) {
    const [, mode = '', oid = '', stage = '', path = '', bits = ''] = match;
    read = ENTRY.lastIndex;
    const set = Number.parseInt(bits, 16);
    const flags = FLAGS.filter(({ bit }) => (set & bit) !== 0).map(({ letter }) => letter);
    // Of a conflict there are up to three, none of which is the entry.
    entries.set(path, stage === '0' ? { mode, oid, flags: flags.join('') } : { mode, oid, flags: 'U' });
  }
  if (read !== text.length) throw unusable(index, 'lists its entries in a way that is not known');
  return entries;
}

function copyIndex(disk: Disk, index: Path, copy: Path): void {
  dropIndex(disk, copy);
  if (disk.lstat(index) === null) return;
  const from = disk.open(index, 'read');
  try {
    const to = disk.open(copy, 'create');
    try {
      copyContent(from, to);
    } finally {
      to.close();
    }
  } finally {
    from.close();
  }
}

/** Removals first: a file may make room for a folder of its name. */
function change(index: Path, copy: Path, changes: readonly IndexChange[]): void {
  const impossible = changes.find(({ after }) => /[NU]/.test(after?.flags ?? ''));
  if (impossible !== undefined) {
    throw unusable(index, `cannot be given back the entry of ${shownPath(impossible.path)}, which was no ordinary one`);
  }
  const removed = changes.filter(({ before }) => before !== null);
  const added = changes.flatMap(({ path, after }) => (after === null ? [] : [{ path, ...after }]));
  assertContents(index, copy, added);
  const zero = '0'.repeat(added[0]?.oid.length ?? removed[0]?.before?.oid.length ?? 40);
  const lines = [
    ...removed.map(({ path }) => line(`${NO_MODE} ${zero}`, path)),
    ...added.map(({ path, mode, oid }) => line(`${mode} ${oid} 0`, path)),
  ];
  git(index, copy, ['update-index', '-z', '--index-info'], Buffer.concat(lines));
  for (const { letter, option } of FLAGS) {
    const flagged = added.filter(({ flags }) => flags.includes(letter));
    if (option === null || flagged.length === 0) continue;
    const names = flagged.map(({ path }) => Buffer.concat([bytesOf(path), Buffer.of(0)]));
    git(index, copy, ['update-index', '-z', option, '--stdin'], Buffer.concat(names));
  }
}

function line(head: string, path: RecordedPath): Buffer {
  return Buffer.concat([Buffer.from(`${head}\t`), bytesOf(path), Buffer.of(0)]);
}

/** An entry whose content git has thrown away would be of no use. A partial clone may have it elsewhere. */
function assertContents(
  index: Path,
  copy: Path,
  added: readonly (IndexEntry & { readonly path: RecordedPath })[],
): void {
  const asked = added.filter(({ mode }) => mode !== '160000');
  if (asked.length === 0) return;
  const input = Buffer.from(asked.map(({ oid }) => `${oid}\n`).join(''));
  const answers = git(index, copy, ['cat-file', '--batch-check'], input).toString('latin1').split('\n');
  const missing = asked.find((_, i) => answers[i]?.endsWith(' missing'));
  if (missing === undefined || isPartial(index, copy)) return;
  throw new DesprawlError(
    'DSP-RUN-FOREIGN',
    `git no longer has the content of ${shownPath(missing.path)} that was staged (${missing.oid.slice(0, 12)}).`,
    { hint: 'It was never committed, and git cleaned it up. Stage the file again with `git add` afterwards.' },
  );
}

function isPartial(index: Path, copy: Path): boolean {
  const asked = run(index, copy, ['config', '--get-regexp', '^(remote\\..*\\.promisor|extensions\\.partialclone)$']);
  return asked.status === 0;
}

function assertChanged(
  index: Path,
  changes: readonly IndexChange[],
  before: ReadonlyMap<string, IndexEntry>,
  entries: ReadonlyMap<string, IndexEntry>,
): void {
  const wrong = changes.find(({ path, after }) => !sameEntry(entries.get(keyOf(path)) ?? null, after));
  if (wrong !== undefined) throw unusable(index, `did not take the entry of ${shownPath(wrong.path)}`);
  const named = new Set(changes.map(({ path }) => keyOf(path)));
  for (const [path, entry] of before) {
    if (named.has(path) || sameEntry(entries.get(path) ?? null, entry)) continue;
    // A folder and a file of one name cannot both be in it.
    throw unusable(index, `would lose the entry of ${path}, which no step names`);
  }
}

/**
 * With the time of the index it is made of: git takes an entry for unchanged if its file is older than the index, and files that
 * changed in the same moment as the old one would look older than a new one.
 */
function settle(disk: Disk, index: Path, copy: Path): void {
  const now = disk.lstat(index);
  const made = disk.lstat(copy);
  if (made === null) throw unusable(index, 'was not written');
  const as: Attributes = now === null ? {} : { mode: now.mode, mtimeNs: now.mtimeNs };
  const owner = now !== null && (now.uid !== made.uid || now.gid !== made.gid) ? { uid: now.uid, gid: now.gid } : {};
  disk.setAttributes(copy, { ...owner, ...as });
}

/** `of`: the file that is read or written in place of the index. */
function git(index: Path, of: Path, args: readonly string[], input?: Buffer): Buffer {
  const { status, stdout, stderr, error } = run(index, of, args, input);
  if (error === undefined && status === 0) return stdout;
  const said = error?.message ?? stderr.toString('utf8').trim().split('\n').at(-1) ?? '';
  throw unusable(index, `cannot be used: ${said}`);
}

/**
 * The folder of the index stands for the work tree, so that paths are those of the index and no file of the project is looked at:
 * none of these commands needs one.
 */
function run(
  index: Path,
  of: Path,
  args: readonly string[],
  input?: Buffer,
): ReturnType<typeof spawnSync> & { stdout: Buffer; stderr: Buffer } {
  const folder = String(folderOf(index));
  if (!isAbsolute(folder)) throw new RangeError(`an index is named by its absolute path, not ${folder}`);
  const where = [`--git-dir=${folder}`, `--work-tree=${folder}`, '-c', 'core.untrackedCache=keep'];
  return spawnSync('git', [...GIT_SAFE, ...where, ...args], {
    cwd: folder,
    env: { ...withoutGit(process.env), ...GIT_ENV, GIT_INDEX_FILE: String(of) },
    timeout: TIMEOUT_MS,
    maxBuffer: OUTPUT_BYTES,
    encoding: 'buffer',
    ...(input === undefined ? {} : { input }),
  });
}

/** A caller's own `GIT_DIR` means another repository. */
function withoutGit(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('GIT_')));
}

function unusable(index: Path, what: string): DesprawlError {
  return new DesprawlError('DSP-RUN-FOREIGN', `The index ${shownPath(index)} ${what}.`, {
    hint: '`git status` says more. Put it right, then run `desprawl apply --continue` or `desprawl rollback`.',
  });
}
