/** The segments of a run read as one: what each process that worked on it wrote, as far as it counts. */
import type { Disk } from '../disk/disk.ts';
import { readWhole } from '../disk/read-file.ts';
import { decode } from './frame.ts';
import type { JournalRecord } from './records.ts';

export interface Journal {
  readonly records: readonly JournalRecord[];
  /** How many segments there are, and how many bytes of the last one count. */
  readonly segments: number;
  readonly bytes: number;
  /** Something that had been fsynced is broken or gone: to be rolled back, not continued. */
  readonly damaged: boolean;
}

const NAME = /^journal-(\d{4,})$/;

export function segmentName(segment: number): string {
  return `journal-${String(segment).padStart(4, '0')}`;
}

export function readJournal(disk: Disk, folder: string): Journal {
  const numbers = disk
    .readdir(folder)
    .map((name) => Number(NAME.exec(name.toString('latin1'))?.[1]))
    .filter((number) => number > 0)
    .sort((a, b) => a - b);
  const segments = numbers.map((number) => {
    const bytes = readWhole(disk, `${folder}/${segmentName(number)}`);
    return { number, bytes, ...decode<JournalRecord>(bytes) };
  });
  // Each was on the disk, with its name, before the next was made.
  let damaged = numbers.some((number, i) => number !== i + 1);
  const records: JournalRecord[] = [];
  for (const [i, segment] of segments.entries()) {
    const next = segments[i + 1]?.records[0];
    const counted = next?.t === 'open' && next.continues?.segment === segment.number ? next.continues.bytes : null;
    const read = counted === null ? segment : decode<JournalRecord>(segment.bytes.subarray(0, counted));
    damaged ||= read.tail === 'damaged' || (counted !== null && read.good < counted);
    records.push(...read.records);
  }
  const last = segments.at(-1);
  return { records, segments: last?.number ?? 0, bytes: last?.good ?? 0, damaged };
}
