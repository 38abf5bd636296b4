/**
 * Reads the entries of a git index from its bytes: a process of git for each look took longer than the files that a rollback puts back.
 * Only what is whole and plainly known is read: an index without its checksum, of SHA-256 names, split, sparse or of a later version is
 * for git itself. https://git-scm.com/docs/index-format
 */
import { createHash } from 'node:crypto';
import type { IndexEntry } from './step.ts';

const HEADER_BYTES = 12;
const CHECKSUM_BYTES = 20;
/** Of an entry, from its beginning: times, device, inode, mode, owner, size; the name of its content; flags. */
const AT = { mode: 24, oid: 40, flags: 60, more: 62 } as const;
/** Bits of the flags. A name of this length or longer ends where a NUL says so, as all do. */
const FLAG = { assumeValid: 0x8000, extended: 0x4000, stage: 0x3000 } as const;
/** Bits of the flags that follow where `extended` says so. */
const MORE = { skipWorktree: 0x4000, intentToAdd: 0x2000 } as const;

/** By key of the path; `only`: of these keys. `null`: git is to be asked. */
export function parseIndex(bytes: Buffer, only?: ReadonlySet<string>): ReadonlyMap<string, IndexEntry> | null {
  const end = bytes.length - CHECKSUM_BYTES;
  if (end < HEADER_BYTES || bytes.toString('latin1', 0, 4) !== 'DIRC') return null;
  const version = bytes.readUInt32BE(4);
  if (version < 2 || version > 4 || !isWhole(bytes, end)) return null;
  const entries = new Map<string, IndexEntry>();
  let at = HEADER_BYTES;
  let path = '';
  for (let left = bytes.readUInt32BE(8); left > 0; left--) {
    if (at + AT.more > end) return null;
    const flags = bytes.readUInt16BE(at + AT.flags);
    const isExtended = (flags & FLAG.extended) !== 0;
    if (isExtended && (version === 2 || at + AT.more + 2 > end)) return null;
    const more = isExtended ? bytes.readUInt16BE(at + AT.more) : 0;
    if ((more & ~(MORE.skipWorktree | MORE.intentToAdd)) !== 0) return null;
    let name = at + (isExtended ? AT.more + 2 : AT.more);
    let kept = 0;
    if (version === 4) {
      const cut = offsetAt(bytes, name, end);
      if (cut === null || cut.value > path.length) return null;
      kept = path.length - cut.value;
      name = cut.next;
    }
    const stop = bytes.indexOf(0, name);
    if (stop < 0 || stop >= end) return null;
    path = path.slice(0, kept) + bytes.toString('latin1', name, stop);
    if (only === undefined || only.has(path)) entries.set(path, entryAt(bytes, at, flags, more));
    // Up to 8 NULs, so that each entry begins at a multiple of 8 from the one before; not where names are cut.
    at = version === 4 ? stop + 1 : at + (((stop - at) >> 3) + 1) * 8;
  }
  return onlyOptional(bytes, at, end) ? entries : null;
}

function isWhole(bytes: Buffer, end: number): boolean {
  return createHash('sha1').update(bytes.subarray(0, end)).digest().equals(bytes.subarray(end));
}

function entryAt(bytes: Buffer, at: number, flags: number, more: number): IndexEntry {
  const letters = [
    (flags & FLAG.assumeValid) !== 0 ? 'h' : '',
    (more & MORE.skipWorktree) !== 0 ? 'S' : '',
    (more & MORE.intentToAdd) !== 0 ? 'N' : '',
  ];
  return {
    mode: bytes
      .readUInt32BE(at + AT.mode)
      .toString(8)
      .padStart(6, '0'),
    oid: bytes.toString('hex', at + AT.oid, at + AT.flags),
    // Of a conflict there are up to three, none of which is the entry.
    flags: (flags & FLAG.stage) !== 0 ? 'U' : letters.join(''),
  };
}

/** How much of the name before is cut off: git's `decode_varint`. */
function offsetAt(bytes: Buffer, at: number, end: number): { readonly value: number; readonly next: number } | null {
  let value = 0;
  for (let next = at; next < end; ) {
    const byte = bytes[next++] ?? 0;
    value = value * 128 + (byte & 0x7f);
    if ((byte & 0x80) === 0) return { value, next };
    value++;
  }
  return null;
}

/** What follows the entries may be passed over if its name begins with a capital; the others say that the entries are not all of it. */
function onlyOptional(bytes: Buffer, from: number, end: number): boolean {
  let at = from;
  while (at + 8 <= end) {
    const first = bytes[at] ?? 0;
    if (first < 0x41 || first > 0x5a) return false;
    at += 8 + bytes.readUInt32BE(at + 4);
  }
  return at === end;
}
