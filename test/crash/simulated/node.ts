/**
 * A file, folder or link of the simulated disk: as programs see it now, and as it is on the platters. What lies between the two
 * survives a crash or does not, piece by piece.
 */

export interface Marks {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtimeNs: bigint;
}

export interface Node {
  readonly ino: bigint;
  readonly kind: 'file' | 'folder' | 'link';
  marks: Marks;
  ctimeNs: bigint;
  nlink: number;
  /** Of a file its bytes, of a link its target. Never changed in place: copies of a disk share it. */
  content: Buffer;
  /** Blocks written since the last fsync. */
  readonly dirty: Set<number>;
  /** Blocks that a failed fsync dropped and nobody wrote since: they read as written and never reach the disk. */
  readonly lost: Set<number>;
  /** Of a folder, by the bytes of the name as characters. */
  readonly entries: Map<string, Node>;
  /** On the disk. */
  durable: { content: Buffer; marks: Marks };
  readonly durableEntries: Map<string, Node>;
  /** Changes of entries since the last fsync of the folder, in their order. */
  pending: Change[];
}

/** One call's change of one folder: a rename within a folder is one, between folders two that survive each by itself. */
export type Change = readonly (readonly [name: string, node: Node | null])[];

/** What a disk writes whole or not at all, but for the one it is writing when the power goes. */
export const BLOCK_BYTES = 4096;

export function newNode(ino: bigint, kind: Node['kind'], marks: Marks, content: Buffer = Buffer.alloc(0)): Node {
  return {
    ino,
    kind,
    marks,
    ctimeNs: marks.mtimeNs,
    nlink: 0,
    content,
    dirty: new Set(),
    lost: new Set(),
    entries: new Map(),
    // A link's target is part of it; a file begins empty.
    durable: { content: kind === 'link' ? content : Buffer.alloc(0), marks },
    durableEntries: new Map(),
    pending: [],
  };
}

export function writeAt(node: Node, bytes: Uint8Array, position: number): void {
  const end = position + bytes.length;
  const next = Buffer.alloc(Math.max(node.content.length, end));
  node.content.copy(next);
  next.set(bytes, position);
  markDirty(node, Math.min(position, node.content.length), end);
  node.content = next;
}

export function truncate(node: Node, length: number): void {
  const next = Buffer.alloc(length);
  next.set(node.content.subarray(0, length));
  markDirty(node, Math.min(length, node.content.length), Math.max(length, node.content.length));
  node.content = next;
}

function markDirty(node: Node, from: number, to: number): void {
  for (let block = Math.floor(from / BLOCK_BYTES); block * BLOCK_BYTES < to; block++) {
    node.dirty.add(block);
    node.lost.delete(block);
  }
}

/** fsync(2) of a file. */
export function syncFile(node: Node): void {
  const { content, marks, lost } = node;
  const kept = lost.size === 0 ? content : mixed(node, content.length, (block) => (lost.has(block) ? 'old' : 'new'));
  node.durable = { content: kept, marks };
  node.dirty.clear();
}

/**
 * fsync(2) of a folder: its entries, and its own mode and times. A link cannot be fsynced; it is on the disk with the folder that
 * names it.
 */
export function syncEntries(node: Node): void {
  node.durable = { content: node.durable.content, marks: node.marks };
  node.durableEntries.clear();
  for (const [name, one] of node.entries) {
    node.durableEntries.set(name, one);
    if (one.kind === 'link') one.durable = { content: one.content, marks: one.marks };
  }
  node.pending = [];
}

export type BlockFate = 'new' | 'old' | 'half';

/** What a failed fsync(2) does on Linux: the blocks are taken for written, and the next fsync says that all is well. */
export function dropUnsynced(node: Node): void {
  for (const block of node.dirty) node.lost.add(block);
  node.dirty.clear();
}

/** The bytes that are on the disk when of each block this is. What was never written reads as zeros. */
export function mixed(node: Node, size: number, fate: (block: number) => BlockFate): Buffer {
  const { content, durable } = node;
  const bytes = Buffer.alloc(size);
  for (let block = 0; block * BLOCK_BYTES < size; block++) {
    const [from, to] = [block * BLOCK_BYTES, Math.min((block + 1) * BLOCK_BYTES, size)];
    const is = fate(block);
    if (is !== 'new') bytes.set(durable.content.subarray(from, to), from);
    if (is === 'old') continue;
    const until = is === 'half' ? from + Math.ceil((to - from) / 2) : to;
    bytes.fill(0, from, until);
    bytes.set(content.subarray(from, until), from);
  }
  return bytes;
}
