/**
 * Makes a project a second time, so that a dry run, a check or a rehearsal is the real thing in another place: every file, also
 * ignored ones, with modes and times to the microsecond; live stores of one moment; a repository of its own. The project is only
 * read. What the copy does not have as the project does is said.
 */
import { join } from 'node:path';
import type { Disk, Path, Stat } from '../disk/disk.ts';
import { joinPath, keyOf, type RecordedPath, recordedPath, shownPath } from '../disk/paths.ts';
import { DesprawlError } from '../errors.ts';
import { vendoredBecause } from '../project/vendored.ts';
import { copyBytes, copyFile, takeAttributes } from './copy-file.ts';
import { copyGit } from './copy-git.ts';
import { beside, copyStore, type Hold, looksLikeStore, SIDECARS } from './copy-store.ts';
import { type Entry, everythingIn, reasonOf } from './everything.ts';
import { leadsTo } from './links.ts';
import { copyOuterRepository, endSearch, makeFolders, placeOf } from './place.ts';
import { removeCopy } from './remove-copy.ts';
import { assertRoom, canClone, isBelow, tooLarge } from './room.ts';

export interface CopyRequest {
  readonly disk: Disk;
  /** The real path of the project. */
  readonly root: string;
  /** A folder that is not there; its parent is. It is made 0700. */
  readonly to: string;
  /** Keeps everybody out of a store that is written all the time. */
  readonly hold?: Hold;
  /** Bytes of vendored folders from which they are linked where blocks cannot be shared. */
  readonly linkFrom?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

export interface ProjectCopy {
  /** The copy of the project; in `to`, with the name that the project has. */
  readonly root: string;
  readonly files: number;
  /** Of files that were copied; blocks may be shared. */
  readonly bytes: number;
  /** Folders of other people's files that are links to the project's own: too large to be copied. */
  readonly linked: readonly string[];
  /** Links that lead out of the project, and out of the copy as well. */
  readonly outward: readonly { readonly path: RecordedPath; readonly to: string }[];
  /** How the copy differs from the project. */
  readonly notCopied: readonly { readonly what: string; readonly why: string }[];
}

const GIT: ReadonlySet<string> = new Set(['.git']);

/** Throws `DSP-NO-SPACE`, `DSP-STORE-BUSY`, `DSP-WRITE-FAILED`; then nothing is left of the copy. */
export async function copyProject(request: CopyRequest): Promise<ProjectCopy> {
  const { disk, root, to } = request;
  if (`${to}/`.startsWith(`${root}/`)) {
    throw new DesprawlError('DSP-STATE', `${to} is in the project: a copy in it would be a part of itself.`);
  }
  disk.mkdir(to, 0o700);
  try {
    return await copyInto(request);
  } catch (error) {
    removeCopy(disk, to);
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      throw new DesprawlError('DSP-NO-SPACE', `The disk was full before ${root} was copied to ${to}.`, {
        cause: error,
      });
    }
    if (error instanceof DesprawlError || code === undefined || request.signal?.aborted === true) throw error;
    throw new DesprawlError('DSP-WRITE-FAILED', `${root} could not be copied to ${to}: ${message}.`, { cause: error });
  }
}

async function copyInto(request: CopyRequest): Promise<ProjectCopy> {
  const { disk, root, to } = request;
  const place = placeOf(disk, root, to);
  makeFolders(disk, to, place.root);
  if (place.repository === null) endSearch(disk, to);
  const { entries, unreadable } = everythingIn(disk, root, {
    closed: GIT,
    vendoredBecause: (path, siblings) => vendoredBecause(root, path, siblings),
  });
  const clones = canClone(disk, root, to, entries);
  const linked = clones ? [] : tooLarge(entries, request.linkFrom);
  const taken = linked.length === 0 ? entries : entries.filter(({ path }) => !isBelow(path, linked));
  if (!clones) assertRoom(disk, root, to, taken);
  const work = new Work(request, place.root, new Set(linked));
  const folders: Entry[] = [];
  for (const [done, entry] of taken.entries()) {
    request.signal?.throwIfAborted();
    if (entry.stat.kind === 'folder') folders.push(entry);
    await work.take(entry);
    if (done % 64 === 0) {
      request.onProgress?.({ done, total: taken.length });
      await new Promise((next) => setImmediate(next));
    }
  }
  const own = disk.lstat(root);
  if (own !== null) takeAttributes(disk, place.root, { ...own, mode: own.mode | 0o700 });
  if (place.repository !== null) {
    const why = copyOuterRepository(disk, place.repository, root, to);
    if (why !== null) work.notCopied.push({ what: join(place.repository, '.git'), why });
  }
  // What is made in a folder moves its time: the deepest first, after everything is in it.
  for (const { path, stat } of folders.toReversed()) {
    const made = joinPath(place.root, path);
    if (disk.lstat(made)?.kind === 'folder' && !isGit(path)) takeAttributes(disk, made, stat);
  }
  if (own !== null) takeAttributes(disk, place.root, own);
  for (const { path, why } of unreadable) work.notCopied.push({ what: `${shownPath(path)}/`, why });
  for (const path of linked)
    work.notCopied.push({ what: `${path}/`, why: 'too large to be copied: the copy uses the folder of the project' });
  const { files, bytes, outward, notCopied } = work;
  return { root: place.root, files, bytes, linked, outward, notCopied };
}

/** Makes the entries of the copy one by one. A class since what is met on the way adds up. */
class Work {
  files = 0;
  bytes = 0;
  readonly outward: { path: RecordedPath; to: string }[] = [];
  readonly notCopied: { what: string; why: string }[] = [];
  readonly #request: CopyRequest;
  readonly #root: string;
  readonly #linked: ReadonlySet<string>;
  /** By device and inode: files of several names keep them. */
  readonly #names = new Map<string, Path>();
  /** Sidecars that came with their store. */
  readonly #came = new Set<string>();

  constructor(request: CopyRequest, root: string, linked: ReadonlySet<string>) {
    this.#request = request;
    this.#root = root;
    this.#linked = linked;
  }

  async take(entry: Entry): Promise<void> {
    const { disk } = this.#request;
    const from = joinPath(this.#request.root, entry.path);
    const to = joinPath(this.#root, entry.path);
    const why = closedBecause(disk, from, entry.stat);
    if (why !== null) this.#skip(entry, why);
    else if (isGit(entry.path) && entry.stat.kind !== 'link') this.#git(entry, from, to);
    else if (typeof entry.path === 'string' && this.#linked.has(entry.path)) disk.symlink(Buffer.from(from), to);
    else if (entry.stat.kind === 'folder') disk.mkdir(to, 0o700);
    else if (entry.stat.kind === 'link') this.#link(entry, from, to);
    else await this.#file(entry, from, to);
  }

  #git({ path, stat }: Entry, from: Path, to: Path): void {
    const { disk } = this.#request;
    const why = copyGit(disk, String(from), String(to));
    if (why === null) return;
    this.notCopied.push({ what: shownPath(path), why });
    // Git says of the copy what it says of the project.
    if (stat.kind === 'folder') disk.mkdir(to, 0o700);
    else copyBytes(disk, from, to);
  }

  #link({ path, stat }: Entry, from: Path, to: Path): void {
    const { disk, root } = this.#request;
    const { target, outside } = leadsTo(root, this.#root, path, disk.readlink(from));
    disk.symlink(target, to);
    takeAttributes(disk, to, stat);
    if (outside === undefined) return;
    this.outward.push({ path, to: outside });
  }

  async #file(entry: Entry, from: Path, to: Path): Promise<void> {
    const { disk, hold } = this.#request;
    if (this.#came.has(keyOf(entry.path))) return;
    const inode = `${entry.stat.dev}:${entry.stat.ino}`;
    const other = entry.stat.nlink > 1 ? this.#names.get(inode) : undefined;
    if (other !== undefined) {
      disk.link(other, to);
      return;
    }
    // A sidecar sorts after its store, so that the store was met before it.
    const isStore = entry.vendored === undefined && (hasSidecar(disk, from) || looksLikeStore(disk, from));
    const copied = isStore ? await copyStore(disk, from, to, hold) : await copyFile(disk, from, to);
    if (copied === 'gone') {
      this.#skip(entry, 'it vanished meanwhile');
      return;
    }
    if (copied === 'changing') this.#skip(entry, 'it was written while it was copied');
    if (isStore) for (const suffix of SIDECARS) this.#came.add(keyOf(recordedPath(beside(bytes(entry.path), suffix))));
    if (entry.stat.nlink > 1) this.#names.set(inode, to);
    this.files++;
    this.bytes += entry.stat.size;
  }

  #skip({ path }: Entry, why: string): void {
    this.notCopied.push({ what: shownPath(path), why });
  }
}

function hasSidecar(disk: Disk, path: Path): boolean {
  return SIDECARS.some((suffix) => disk.lstat(beside(path, suffix))?.kind === 'file');
}

function isGit(path: RecordedPath): boolean {
  return path === '.git' || (typeof path === 'string' && path.endsWith('/.git'));
}

/** Asked before anything is made: whatever goes wrong later is the copy's, and ends it. */
function closedBecause(disk: Disk, path: Path, { kind }: Stat): string | null {
  try {
    if (kind === 'special') return 'a pipe, socket or device';
    if (kind === 'link') disk.readlink(path);
    if (kind === 'file') disk.open(path, 'read').close();
    return null;
  } catch (error) {
    return reasonOf(error);
  }
}

function bytes(path: RecordedPath): Path {
  return typeof path === 'string' ? path : Buffer.from(path.bytes, 'base64');
}
