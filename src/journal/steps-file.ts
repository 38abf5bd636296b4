/**
 * The file `steps` of a run: every step, written once before the first one begins. A run may have more steps than fit into memory, so
 * they are written and read one by one; where each begins is kept, 8 bytes a step, so that a rollback can read from the end.
 */
import { createHash } from 'node:crypto';
import type { Disk, File } from '../disk/disk.ts';
import { piecesOf } from '../disk/hash-file.ts';
import { writeAll } from '../disk/write-file.ts';
import { DesprawlError } from '../errors.ts';
import type { PlannedStep, Step } from '../steps/step.ts';
import { encode, frameAt } from './frame.ts';

const WRITE_BYTES = 1024 * 1024;
/** Of small steps, this much is read at once. */
const READ_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

export interface StepsFile {
  readonly count: number;
  /** Steps are counted from 1. Throws `DSP-JOURNAL-DAMAGED`. */
  at(n: number): Step;
  /** From `from` to `to`, both included; backwards where `from` is the greater. There is no step 0: up to it, there are none. */
  between(from: number, to: number): Generator<Step>;
  close(): void;
}

/** Makes the file, complete and on the disk; numbers the steps. */
export function writeSteps(
  disk: Disk,
  path: string,
  steps: Iterable<PlannedStep>,
): { readonly count: number; readonly sha256: string } {
  const file = disk.open(path, 'create', 0o600);
  try {
    const hash = createHash('sha256');
    let count = 0;
    let written = 0;
    let waiting: Buffer[] = [];
    let bytes = 0;
    const flush = (): void => {
      const all = Buffer.concat(waiting);
      writeAll(file, all, written);
      hash.update(all);
      written += all.length;
      waiting = [];
      bytes = 0;
    };
    for (const step of steps) {
      const frame = encode({ n: ++count, ...step });
      waiting.push(frame);
      bytes += frame.length;
      if (bytes >= WRITE_BYTES) flush();
    }
    flush();
    file.sync();
    return { count, sha256: hash.digest('hex') };
  } finally {
    file.close();
  }
}

/** `null` where it is missing or is not what `run.json` says. */
export function openSteps(
  disk: Disk,
  path: string,
  expected: { readonly count: number; readonly sha256: string },
): StepsFile | null {
  if (disk.lstat(path)?.kind !== 'file') return null;
  const file = disk.open(path, 'read');
  const ends = endsOf(file, expected);
  if (ends === null) {
    file.close();
    return null;
  }
  const endOf = (n: number): number => {
    const end = ends[n];
    if (end === undefined) throw new RangeError(`there is no step ${n}`);
    return end;
  };
  /** Steps `first` to `last`, as they lie in the file. */
  const read = (first: number, last: number): Buffer => {
    const from = endOf(first - 1);
    const bytes = Buffer.alloc(endOf(last) - from);
    for (let length = 0; length < bytes.length; ) {
      const more = file.read(bytes.subarray(length), from + length);
      if (more === 0) break;
      length += more;
    }
    return bytes;
  };
  /** Of `piece`, which begins with step `first`. */
  const stepOf = (piece: Buffer, first: number, n: number): Step => {
    const start = endOf(first - 1);
    const step = frameAt<Step>(piece.subarray(endOf(n - 1) - start, endOf(n) - start), 0)?.record;
    // Its hash was right a moment ago.
    if (step?.n !== n) throw new DesprawlError('DSP-JOURNAL-DAMAGED', `${path}: step ${n} cannot be read.`);
    return step;
  };
  return {
    count: expected.count,
    at: (n) => stepOf(read(n, n), n, n),
    *between(from, to) {
      if (to < 1) return;
      const by = from <= to ? 1 : -1;
      for (let n = from; by > 0 ? n <= to : n >= to; ) {
        let end = n;
        // A call for each step took as long as all else that is done with it.
        while (end !== to && Math.abs(endOf(end + by) - endOf(n)) < READ_BYTES) end += by;
        const first = Math.min(n, end);
        const piece = read(first, Math.max(n, end));
        for (; by > 0 ? n <= end : n >= end; n += by) yield stepOf(piece, first, n);
      }
    },
    close: () => file.close(),
  };
}

/** Where each step ends, the first entry being 0. A frame has no line break but its last byte. */
function endsOf(file: File, expected: { readonly count: number; readonly sha256: string }): Float64Array | null {
  const ends = new Float64Array(expected.count + 1);
  const hash = createHash('sha256');
  let found = 0;
  let position = 0;
  for (const piece of piecesOf(file)) {
    hash.update(piece);
    for (let at = piece.indexOf(NEWLINE); at >= 0; at = piece.indexOf(NEWLINE, at + 1))
      ends[++found] = position + at + 1;
    position += piece.length;
  }
  return found === expected.count && hash.digest('hex') === expected.sha256 ? ends : null;
}
