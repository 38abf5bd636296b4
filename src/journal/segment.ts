/**
 * The segment that one process writes while it works on a run. A barrier is on the disk when `append` returns; anything else need not
 * be, and costs an inspection if it is lost.
 */
import type { Disk, File } from '../disk/disk.ts';
import { writeAll } from '../disk/write-file.ts';
import { DesprawlError } from '../errors.ts';
import { encode } from './frame.ts';
import { segmentName } from './read-journal.ts';
import { BARRIERS, type JournalRecord, type Open } from './records.ts';
import type { Run } from './run-folder.ts';

/** Who takes the run. */
export type Taking = Omit<Open, 't' | 'segment' | 'continues'>;

/** Makes the next segment of the run. Throws `DSP-JOURNAL-DAMAGED` where what was promised is lost. */
export function openSegment(disk: Disk, run: Run, taking: Taking): Segment {
  const { journal, folder, id } = run;
  if (journal.damaged) {
    throw new DesprawlError('DSP-JOURNAL-DAMAGED', `The journal of ${id} lost records that had been on the disk.`);
  }
  const number = journal.segments + 1;
  const file = disk.open(`${folder}/${segmentName(number)}`, 'create', 0o600);
  try {
    const segment = new Segment(file, id);
    const continues = number === 1 ? {} : { continues: { segment: number - 1, bytes: journal.bytes } };
    segment.append({ t: 'open', segment: number, ...taking, ...continues });
    disk.syncFolder(folder);
    return segment;
  } catch (error) {
    file.close();
    throw error;
  }
}

export class Segment {
  readonly #file: File;
  readonly #run: string;
  #records = 0;
  #fsyncs = 0;
  #bytes = 0;
  #broken = false;

  constructor(file: File, run: string) {
    this.#file = file;
    this.#run = run;
  }

  /** One write; an fsync where one of them is a barrier. */
  append(...records: readonly JournalRecord[]): void {
    // What was written behind a broken record would not be read; an fsync that failed must not be tried again.
    if (this.#broken)
      throw new DesprawlError('DSP-WRITE-FAILED', `The journal of ${this.#run} cannot be written any more.`);
    this.#broken = true;
    const bytes = Buffer.concat(records.map((record) => encode({ ...record, n: ++this.#records, s: this.#fsyncs })));
    writeAll(this.#file, bytes, this.#bytes);
    this.#bytes += bytes.length;
    if (records.some(({ t }) => BARRIERS.has(t))) {
      this.#file.sync();
      this.#fsyncs++;
      // Somebody removed the folder: what is written now, nobody will ever read.
      if (this.#file.stat().nlink === 0) {
        throw new DesprawlError(
          'DSP-STATE',
          `The folder of the run ${this.#run} was removed while the run was under way.`,
        );
      }
    }
    this.#broken = false;
  }

  close(): void {
    this.#file.close();
  }
}
