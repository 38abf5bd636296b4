/** The contents that a run needs to be continued, taken back or verified: of its steps, before and after, of its merges, and what it put aside. */
import { join } from 'node:path';
import type { Disk } from '../disk/disk.ts';
import { readIfThere } from '../disk/read-file.ts';
import { type RunsPlace, readRun } from '../journal/run-folder.ts';
import { transitionsOf } from '../steps/step.ts';
import { ABOUT, type AboutRun } from '../verify/model.ts';
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
  for (const { snapshots, merged } of aboutOf(disk, run.folder)?.merges ?? []) {
    for (const sha256 of [...snapshots.sources, merged]) objects.add(sha256);
    if (snapshots.target !== null) objects.add(snapshots.target);
  }
  for (const record of run.journal.records)
    if (record.t === 'kept' && record.sha256 !== null) objects.add(record.sha256);
  return objects;
}

function aboutOf(disk: Disk, folder: string): AboutRun | null {
  const bytes = readIfThere(disk, join(folder, ABOUT));
  return bytes === null ? null : (JSON.parse(bytes.toString('utf8')) as AboutRun);
}
