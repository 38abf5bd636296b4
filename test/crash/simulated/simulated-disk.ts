/**
 * A disk in memory that forgets what was not fsynced: `crash` is the disk that the machine comes up with. Held to the same contract as
 * the real one, so that what is proven here holds there; stricter than any file system where POSIX promises nothing: entries survive
 * in any order, a rename between folders on one side only, and an fsync of a file says nothing of its name.
 */
import type { Attributes, Disk, File, OpenHow, Path, Stat } from '../../../src/disk/disk.ts';
import { toMicroseconds } from '../../../src/disk/times.ts';
import {
  type Change,
  dropUnsynced,
  type Marks,
  mixed,
  type Node,
  newNode,
  syncEntries,
  syncFile,
  truncate,
  writeAt,
} from './node.ts';
import type { Survival } from './survival.ts';
import { failure, type Place, placeAt } from './walk.ts';

const UMASK = 0o022;
const SET_ID = 0o6000;
/** Any moment; every change is a little later. */
const FIRST_NS = 1_758_011_400_000_000_000n;
const TICK_NS = 1_003_007n;
const FREE = 1n << 40n;

export class SimulatedDisk implements Disk {
  #root: Node;
  #now: bigint;
  #inodes: bigint;

  constructor() {
    this.#now = FIRST_NS;
    this.#inodes = 2n;
    this.#root = newNode(1n, 'folder', { mode: 0o755, uid: 0, gid: 0, mtimeNs: FIRST_NS });
    this.#root.nlink = 1;
  }

  /** The same disk once more, what is not fsynced included: what a killed process leaves behind. */
  fork(): SimulatedDisk {
    return this.#copy((node, copy, of) => {
      copy.content = node.content;
      for (const block of node.dirty) copy.dirty.add(block);
      for (const block of node.lost) copy.lost.add(block);
      copy.durable = node.durable;
      copy.marks = node.marks;
      for (const [name, one] of node.entries) copy.entries.set(name, of(one));
      for (const [name, one] of node.durableEntries) copy.durableEntries.set(name, of(one));
      copy.pending = node.pending.map((change) => change.map(([name, one]) => [name, one === null ? null : of(one)]));
      copy.nlink = node.nlink;
    });
  }

  /** After the power went: all of it is on the disk. */
  crash(survival: Survival): SimulatedDisk {
    const disk = this.#copy((node, copy, of) => {
      const marks = node.marks === node.durable.marks || !survival.marks() ? node.durable.marks : node.marks;
      const content = node.kind === 'file' ? contentAfter(node, survival) : node.content;
      const entries = new Map(node.durableEntries);
      for (const change of node.pending) if (survival.entries(change)) apply(entries, change);
      copy.marks = marks;
      copy.content = content;
      copy.durable = { content, marks };
      for (const [name, one] of entries) {
        const survivor = of(one);
        copy.entries.set(name, survivor);
        copy.durableEntries.set(name, survivor);
        survivor.nlink++;
      }
    });
    disk.#root.nlink = 1;
    return disk;
  }

  /** As after `sync(1)`. */
  settle(): this {
    const seen = new Set<Node>();
    const visit = (node: Node): void => {
      if (seen.has(node)) return;
      seen.add(node);
      if (node.kind === 'file') {
        node.lost.clear();
        syncFile(node);
      }
      if (node.kind !== 'folder') return;
      for (const one of node.entries.values()) visit(one);
      syncEntries(node);
    };
    visit(this.#root);
    return this;
  }

  #copy(fill: (node: Node, copy: Node, of: (node: Node) => Node) => void): SimulatedDisk {
    const copies = new Map<Node, Node>();
    const of = (node: Node): Node => {
      const known = copies.get(node);
      if (known !== undefined) return known;
      const copy = newNode(node.ino, node.kind, node.marks, node.content);
      copy.ctimeNs = node.ctimeNs;
      copies.set(node, copy);
      fill(node, copy, of);
      return copy;
    };
    const disk = new SimulatedDisk();
    disk.#root = of(this.#root);
    disk.#now = this.#now;
    disk.#inodes = this.#inodes;
    return disk;
  }

  lstat(path: Path): Stat | null {
    try {
      const { node } = placeAt(this.#root, path, 'lstat');
      return node === null ? null : statOf(node);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return null;
      throw error;
    }
  }

  readdir(path: Path): readonly Buffer[] {
    return [...this.#folder(path, 'scandir').entries.keys()].map((name) => Buffer.from(name, 'latin1'));
  }

  readlink(path: Path): Buffer {
    const node = this.#there(path, 'readlink');
    if (node.kind !== 'link') throw failure('EINVAL', 'readlink', path);
    return Buffer.from(node.content);
  }

  open(path: Path, how: OpenHow, mode = 0o600): File {
    const place = placeAt(this.#root, path, 'open');
    if (how === 'create') {
      if (place.node !== null) throw failure('EEXIST', 'open', path);
      const node = this.#new('file', mode & ~UMASK);
      this.#change(place.folder, [[place.name, node]]);
      return this.#file(node, how, path);
    }
    const { node } = place;
    if (node === null) throw failure('ENOENT', 'open', path);
    if (node.kind === 'link') throw failure('ELOOP', 'open', path);
    if (node.kind === 'folder' && how !== 'read') throw failure('EISDIR', 'open', path);
    return this.#file(node, how, path);
  }

  link(from: Path, to: Path): void {
    const node = this.#there(from, 'link');
    const place = this.#empty(to, 'link');
    if (node.kind === 'folder') throw failure('EPERM', 'link', from);
    this.#change(place.folder, [[place.name, node]]);
    node.ctimeNs = this.#now;
  }

  rename(from: Path, to: Path): void {
    const node = this.#there(from, 'rename');
    const source = placeAt(this.#root, from, 'rename');
    const target = placeAt(this.#root, to, 'rename');
    if (target.node === node) return;
    if (node.kind === 'folder') {
      if (holds(node, target.folder)) throw failure('EINVAL', 'rename', to);
      if (target.node !== null && target.node.kind !== 'folder') throw failure('ENOTDIR', 'rename', to);
      if (target.node !== null && target.node.entries.size > 0) throw failure('ENOTEMPTY', 'rename', to);
    } else if (target.node?.kind === 'folder') throw failure('EISDIR', 'rename', to);
    if (source.folder === target.folder) {
      this.#change(source.folder, [
        [source.name, null],
        [target.name, node],
      ]);
    } else {
      this.#change(target.folder, [[target.name, node]]);
      this.#change(source.folder, [[source.name, null]]);
      // A folder with two names, or with none, is nothing that any file system leaves behind.
      if (node.kind === 'folder') for (const folder of [source.folder, target.folder]) syncEntries(folder);
    }
    node.ctimeNs = this.#now;
  }

  unlink(path: Path): void {
    const node = this.#there(path, 'unlink');
    if (node.kind === 'folder') throw failure('EISDIR', 'unlink', path);
    const { folder, name } = placeAt(this.#root, path, 'unlink');
    this.#change(folder, [[name, null]]);
    node.ctimeNs = this.#now;
  }

  symlink(target: Buffer, path: Path): void {
    const { folder, name } = this.#empty(path, 'symlink');
    this.#change(folder, [[name, this.#new('link', 0o777, Buffer.from(target))]]);
  }

  mkdir(path: Path, mode: number): void {
    const { folder, name } = this.#empty(path, 'mkdir');
    this.#change(folder, [[name, this.#new('folder', mode & ~UMASK)]]);
  }

  rmdir(path: Path): void {
    const node = this.#there(path, 'rmdir');
    if (node.kind !== 'folder') throw failure('ENOTDIR', 'rmdir', path);
    if (node.entries.size > 0) throw failure('ENOTEMPTY', 'rmdir', path);
    const { folder, name } = placeAt(this.#root, path, 'rmdir');
    this.#change(folder, [[name, null]]);
  }

  setAttributes(path: Path, to: Attributes): void {
    const node = this.#there(path, 'setattr');
    if (to.mode !== undefined && node.kind === 'link') throw failure('ELOOP', 'chmod', path);
    this.#mark(node, to);
  }

  syncFolder(path: Path): void {
    syncEntries(this.#folder(path, 'fsync'));
  }

  async syncFolders(paths: readonly Path[]): Promise<void> {
    const folders = paths.map((path) => this.#folder(path, 'fsync'));
    for (const folder of folders) syncEntries(folder);
  }

  async syncAll(files: readonly File[]): Promise<void> {
    const settled = await Promise.allSettled(files.map(async (file) => file.sync()));
    for (const one of settled) if (one.status === 'rejected') throw one.reason;
  }

  clone(from: Path, to: Path): boolean {
    if (this.#there(from, 'clone').kind !== 'file') throw failure('EINVAL', 'clone', from);
    this.#empty(to, 'clone');
    return false;
  }

  free(path: Path): bigint {
    this.#there(path, 'statfs');
    return FREE;
  }

  #tick(): bigint {
    this.#now += TICK_NS;
    return this.#now;
  }

  #new(kind: Node['kind'], mode: number, content?: Buffer): Node {
    return newNode(this.#inodes++, kind, { mode, uid: 0, gid: 0, mtimeNs: this.#tick() }, content);
  }

  #there(path: Path, call: string): Node {
    const { node } = placeAt(this.#root, path, call);
    if (node === null) throw failure('ENOENT', call, path);
    return node;
  }

  #folder(path: Path, call: string): Node {
    const node = this.#there(path, call);
    if (node.kind !== 'folder') throw failure('ENOTDIR', call, path);
    return node;
  }

  #empty(path: Path, call: string): Place {
    const place = placeAt(this.#root, path, call);
    if (place.node !== null) throw failure('EEXIST', call, path);
    return place;
  }

  #change(folder: Node, change: Change): void {
    for (const [name, node] of change) {
      const old = folder.entries.get(name);
      if (old !== undefined) old.nlink--;
      if (node !== null) node.nlink++;
    }
    apply(folder.entries, change);
    folder.pending.push(change);
    folder.marks = { ...folder.marks, mtimeNs: this.#tick() };
    folder.ctimeNs = this.#now;
  }

  #mark(node: Node, { mode, mtimeNs, uid, gid }: Attributes): void {
    let marks: Marks = node.marks;
    // chown(2) takes set-uid away.
    if (uid !== undefined || gid !== undefined) {
      marks = { ...marks, uid: uid ?? marks.uid, gid: gid ?? marks.gid, mode: marks.mode & ~SET_ID };
    }
    if (mode !== undefined) marks = { ...marks, mode };
    if (mtimeNs !== undefined) marks = { ...marks, mtimeNs: toMicroseconds(mtimeNs) * 1000n };
    node.marks = marks;
    node.ctimeNs = this.#tick();
  }

  #file(node: Node, how: OpenHow, path: Path): SimulatedFile {
    return new SimulatedFile(node, how, path, {
      mark: (to) => this.#mark(node, to),
      written: () => {
        node.marks = { ...node.marks, mtimeNs: this.#tick() };
        node.ctimeNs = this.#now;
      },
    });
  }
}

interface OfDisk {
  mark(to: Attributes): void;
  written(): void;
}

export class SimulatedFile implements File {
  readonly #node: Node;
  readonly #how: OpenHow;
  readonly #path: Path;
  readonly #disk: OfDisk;
  #at = 0;
  #open = true;

  constructor(node: Node, how: OpenHow, path: Path, disk: OfDisk) {
    this.#node = node;
    this.#how = how;
    this.#path = path;
    this.#disk = disk;
  }

  stat(): Stat {
    this.#assert(true, 'fstat');
    return statOf(this.#node);
  }

  read(into: Uint8Array, position: number): number {
    this.#assert(this.#how !== 'append', 'read');
    if (this.#node.kind === 'folder') throw failure('EISDIR', 'read', this.#path);
    const bytes = this.#node.content.subarray(position, position + into.length);
    into.set(bytes);
    return bytes.length;
  }

  write(bytes: Uint8Array, position: number | null): number {
    this.#assert(this.#how !== 'read', 'write');
    const at = this.#how === 'append' ? this.#node.content.length : (position ?? this.#at);
    writeAt(this.#node, bytes, at);
    if (position === null) this.#at = at + bytes.length;
    this.#disk.written();
    return bytes.length;
  }

  truncate(length: number): void {
    this.#assert(this.#how !== 'read', 'ftruncate');
    truncate(this.#node, length);
    this.#disk.written();
  }

  setAttributes(to: Attributes): void {
    this.#assert(true, 'fsetattr');
    this.#disk.mark(to);
  }

  sync(): void {
    this.#assert(true, 'fsync');
    if (this.#node.kind === 'file') syncFile(this.#node);
    else syncEntries(this.#node);
  }

  /** As a failed fsync does. */
  drop(): void {
    dropUnsynced(this.#node);
  }

  close(): void {
    this.#assert(true, 'close');
    this.#open = false;
  }

  #assert(allowed: boolean, call: string): void {
    if (!this.#open || !allowed) throw failure('EBADF', call, this.#path);
  }
}

function contentAfter(node: Node, survival: Survival): Buffer {
  const { content, durable, dirty } = node;
  if (content === durable.content) return content;
  const size = content.length !== durable.content.length && survival.size() === 'old' ? durable.content : content;
  // What was fsynced is there; cut off at the shorter size, where only that one is.
  return mixed(node, size.length, (block) => (dirty.has(block) ? survival.block() : 'old'));
}

function apply(entries: Map<string, Node>, change: Change): void {
  for (const [name, node] of change) {
    if (node === null) entries.delete(name);
    else entries.set(name, node);
  }
}

function holds(folder: Node, sought: Node): boolean {
  if (folder === sought) return true;
  return [...folder.entries.values()].some((one) => one.kind === 'folder' && holds(one, sought));
}

function statOf(node: Node): Stat {
  const { kind, marks, nlink, ino, ctimeNs } = node;
  return { kind, size: kind === 'folder' ? 4096 : node.content.length, ...marks, nlink, dev: 7n, ino, ctimeNs };
}
