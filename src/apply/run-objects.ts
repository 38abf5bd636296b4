/** The contents that a run needs to be continued or taken back: those of its steps, before and after, and what it put aside. */
import type { Disk } from '../disk/disk.ts';
import { type RunsPlace, readRun } from '../journal/run-folder.ts';
import { transitionsOf } from '../steps/step.ts';
import type { RunId } from './model.ts';

/** Throws `DSP-JOURNAL-DAMAGED` where they cannot be told. */
export function objectsOf(disk: Disk, place: RunsPlace, id: RunId): ReadonlySet<string> {
  const objects = new Set<string>();
  const run = readRun(disk, place, id);
  if (run === null) return objects;
  try {
    for (const step of run.steps.between(1, run.steps.count)) {
      for (const { before, after } of transitionsOf(step)) {
        for (const state of [before, after]) if (state.kind === 'file') objects.add(state.sha256);
      }
    }
  } finally {
    run.steps.close();
  }
  for (const record of run.journal.records)
    if (record.t === 'kept' && record.sha256 !== null) objects.add(record.sha256);
  return objects;
}
