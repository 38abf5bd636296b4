/**
 * One record per line, with its length and a CRC-32: what was written when the machine stopped is told from what was written whole.
 * A CRC and not a hash, since it guards against torn writes and not against people. Reading never throws, whatever the bytes are.
 */
import { crc32 } from 'node:zlib';
import { BARRIERS } from './records.ts';

export interface Decoded<R> {
  readonly records: readonly R[];
  /** Bytes that count. */
  readonly good: number;
  /**
   * `torn`: what follows had not been fsynced, and nothing that waited for it began. `damaged`: something that had been fsynced is
   * broken.
   */
  readonly tail: 'none' | 'torn' | 'damaged';
}

interface Numbered {
  /** From 1, without gaps. */
  readonly n: number;
  /** How many fsyncs of the segment had returned when it was written; not in `steps`. */
  readonly s?: number;
  readonly t?: string;
}

/** `LLLLLLLL CCCCCCCC `, before the JSON. */
const HEAD_BYTES = 18;
const [SPACE, NEWLINE, BRACE] = [0x20, 0x0a, 0x7b];

/** `record` has its `n`, and in a segment its `s`. */
export function encode(record: object): Buffer {
  const json = Buffer.from(JSON.stringify(record));
  return Buffer.concat([Buffer.from(`${hex(json.length)} ${hex(crc32(json))} `), json, Buffer.of(NEWLINE)]);
}

export function decode<R extends object>(bytes: Buffer): Decoded<R & Numbered> {
  const records: (R & Numbered)[] = [];
  let good = 0;
  for (;;) {
    const frame = frameAt<R & Numbered>(bytes, good);
    if (frame?.record.n !== records.length + 1) break;
    records.push(frame.record);
    good = frame.next;
  }
  if (good === bytes.length) return { records, good, tail: 'none' };
  const last = records.at(-1);
  // After a barrier comes an fsync; what was written after it may say so.
  const promised = last === undefined ? 0 : (last.s ?? 0) + (BARRIERS.has(last.t ?? '') ? 1 : 0);
  for (let at = good; at + HEAD_BYTES < bytes.length; at++) {
    const later = frameAt<Numbered>(bytes, at)?.record;
    // One without `s` stands in a file that was fsynced as a whole.
    if (later !== undefined && (later.s === undefined || later.s > promised)) return { records, good, tail: 'damaged' };
  }
  return { records, good, tail: 'torn' };
}

/** The whole frame that begins at `at`; `null`: there is none. */
export function frameAt<R extends object>(
  bytes: Buffer,
  at: number,
): { readonly record: R; readonly next: number } | null {
  // Cheap looks first: where a frame may begin is searched byte by byte.
  if (bytes[at + 8] !== SPACE || bytes[at + 17] !== SPACE || bytes[at + HEAD_BYTES] !== BRACE) return null;
  const length = number(bytes, at);
  const crc = number(bytes, at + 9);
  if (length === null || crc === null) return null;
  const end = at + HEAD_BYTES + length;
  if (end >= bytes.length || bytes[end] !== NEWLINE) return null;
  const json = bytes.subarray(at + HEAD_BYTES, end);
  if (crc32(json) !== crc) return null;
  try {
    return { record: JSON.parse(json.toString('utf8')) as R, next: end + 1 };
  } catch {
    return null;
  }
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}

/** 8 lower-case hex digits. */
function number(bytes: Buffer, at: number): number | null {
  const digits = bytes.toString('latin1', at, at + 8);
  return /^[0-9a-f]{8}$/.test(digits) ? Number.parseInt(digits, 16) : null;
}
