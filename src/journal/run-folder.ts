/**
 * The folder of a run: what was to be done, and what is known of how far it came. Every file is written once or appended to. What is
 * incomplete never began.
 */
import type { RunHeader, RunId, VerifyReport } from '../apply/model.ts';
import type { Disk, Path } from '../disk/disk.ts';
import { readWhole } from '../disk/read-file.ts';
import { copyNewFile, writeNewFile } from '../disk/write-file.ts';
import { DesprawlError } from '../errors.ts';
import type { PlannedStep } from '../steps/step.ts';
import { type Journal, readJournal } from './read-journal.ts';
import { openSteps, type StepsFile, writeSteps } from './steps-file.ts';

/** Of a state folder, as much as is needed here. */
export interface RunsPlace {
  readonly runs: string;
}

export interface Run {
  readonly id: RunId;
  readonly folder: string;
  readonly header: RunHeader;
  readonly steps: StepsFile;
  readonly journal: Journal;
  /** What verifications found, oldest first. */
  readonly reports: readonly VerifyReport[];
}

/** What a run keeps of its own: a plan and its lock as they were applied, ledgers. `from`: a file that nobody changes. */
export type Companion = { readonly name: string } & ({ readonly bytes: Uint8Array } | { readonly from: Path });

const HEADER = 'run.json';
const STEPS = 'steps';
const REPORT = /^report-\d{4,}\.json$/;

/** `at` in milliseconds; `random`: 4 hex digits. */
export function runId(at: number, random: string): RunId {
  return `${new Date(at).toISOString().slice(0, 19).replaceAll(':', '')}Z-${random}`;
}

/** All that a run needs to be carried out, on the disk on return; no step has begun. */
export function prepareRun(
  disk: Disk,
  place: RunsPlace,
  header: Omit<RunHeader, 'version' | 'steps'>,
  steps: Iterable<PlannedStep>,
  companions: readonly Companion[] = [],
): Run {
  const folder = `${place.runs}/${header.run}`;
  disk.mkdir(folder, 0o700);
  for (const one of companions) {
    const path = `${folder}/${one.name}`;
    if ('bytes' in one) writeNewFile(disk, path, one.bytes);
    else copyNewFile(disk, one.from, path);
  }
  const written = writeSteps(disk, `${folder}/${STEPS}`, steps);
  const whole: RunHeader = { version: 1, ...header, steps: written };
  // Last: with it, all of the rest is there.
  writeNewFile(disk, `${folder}/${HEADER}`, Buffer.from(`${JSON.stringify(whole, null, 2)}\n`));
  disk.syncFolder(folder);
  disk.syncFolder(place.runs);
  const run = readRun(disk, place, header.run);
  if (run === null) throw new DesprawlError('DSP-STATE', `The run ${header.run} was written and cannot be read.`);
  return run;
}

/** `null`: it never began, a crash left it. Throws `DSP-RUN-UNKNOWN`, `DSP-JOURNAL-DAMAGED`. The caller closes `steps`. */
export function readRun(disk: Disk, place: RunsPlace, id: RunId): Run | null {
  const folder = `${place.runs}/${id}`;
  if (id === '' || id.includes('/') || disk.lstat(folder)?.kind !== 'folder') {
    throw new DesprawlError('DSP-RUN-UNKNOWN', `There is no run ${id}.`);
  }
  const journal = readJournal(disk, folder);
  const header = readHeader(disk, `${folder}/${HEADER}`);
  const steps = header === null ? null : openSteps(disk, `${folder}/${STEPS}`, header.steps);
  if (header === null || steps === null) {
    if (journal.segments === 0) return null;
    // The first segment was made after both were on the disk.
    throw new DesprawlError(
      'DSP-JOURNAL-DAMAGED',
      `The run ${id} began, and its ${header === null ? HEADER : STEPS} is damaged.`,
      {
        hint: 'It can neither be continued nor rolled back by itself. `desprawl backup list` shows its backup. Check the disk.',
      },
    );
  }
  return { id, folder, header, steps, journal, reports: readReports(disk, folder) };
}

/** Newest first, by name; which came after which, their headers say. */
export function runIds(disk: Disk, place: RunsPlace): readonly RunId[] {
  if (disk.lstat(place.runs) === null) return [];
  return disk
    .readdir(place.runs)
    .map((name) => name.toString('utf8'))
    .sort()
    .reverse();
}

/** Removes what crashes left of runs that never began. Only for who holds the state: another may be preparing one. */
export function removeUnbegun(disk: Disk, place: RunsPlace): readonly RunId[] {
  const removed: RunId[] = [];
  for (const id of runIds(disk, place)) {
    const folder = `${place.runs}/${id}`;
    if (disk.lstat(folder)?.kind !== 'folder') continue;
    const run = readRun(disk, place, id);
    run?.steps.close();
    if (run !== null) continue;
    for (const name of disk.readdir(folder)) disk.unlink(`${folder}/${name.toString('utf8')}`);
    disk.rmdir(folder);
    removed.push(id);
  }
  if (removed.length > 0) disk.syncFolder(place.runs);
  return removed;
}

function readHeader(disk: Disk, path: string): RunHeader | null {
  const header = readJson<RunHeader>(disk, path);
  if (header === null) return null;
  if (header.version !== 1) {
    throw new DesprawlError(
      'DSP-STATE',
      `${path} has version ${String(header.version)}, which this desprawl cannot read.`,
      {
        hint: 'Use the version of desprawl that made the run, or a newer one.',
      },
    );
  }
  return header;
}

/** One that a crash cut off says nothing. */
function readReports(disk: Disk, folder: string): readonly VerifyReport[] {
  return disk
    .readdir(folder)
    .map((name) => name.toString('latin1'))
    .filter((name) => REPORT.test(name))
    .sort()
    .flatMap((name) => readJson<VerifyReport>(disk, `${folder}/${name}`) ?? []);
}

function readJson<T extends object>(disk: Disk, path: string): T | null {
  if (disk.lstat(path)?.kind !== 'file') return null;
  try {
    const value: unknown = JSON.parse(readWhole(disk, path).toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as T) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
