/** Finishes a run that was interrupted, and verifies it: the plan may have been edited since, and is not read. */

import { type RecordedPath, shownPath } from '../disk/paths.ts';
import { DesprawlError } from '../errors.ts';
import { type Run, readRun } from '../journal/run-folder.ts';
import { readAbout } from '../rollback/about-rollback.ts';
import { readRuns } from '../rollback/read-runs.ts';
import { restoreTimes } from '../rollback/restore-times.ts';
import { rollbackResult } from '../rollback/result.ts';
import { gitIndex } from '../steps/git-index-file.ts';
import { openObjects } from '../vault/objects.ts';
import { continueRun } from './continue.ts';
import type { ProjectGround } from './ground.ts';
import { holdStores, storesTouched } from './hold-stores.ts';
import { type KnownRun, knownRuns } from './known-runs.ts';
import type { ApplyResult } from './model.ts';
import { stays } from './stays.ts';
import { verifyRun } from './verify-run.ts';

/** The caller holds the state. */
export async function finishRun(ground: ProjectGround, waiting: KnownRun, consent: boolean): Promise<ApplyResult> {
  const began = ground.now();
  const { disk, state, root, identity, signal, onProgress } = ground;
  const run = readRun(disk, state, waiting.id);
  if (run === null) throw new DesprawlError('DSP-RUN-UNKNOWN', `The run ${waiting.id} never began.`);
  let left: readonly RecordedPath[];
  try {
    const steps = [...run.steps.between(1, run.steps.count)];
    const read = run.header.kind === 'rollback' ? readRuns(disk, state, run.header.undoes) : null;
    const held = await holdStores(ground, storesTouched(steps));
    try {
      const { pid, started, boot, host } = identity;
      const outcome = await continueRun(run, {
        on: { root, disk, objects: openObjects(disk, state.vault), run: run.id, git: gitIndex(disk) },
        taking: { pid, started, boot, host, tool: ground.tool, at: new Date(ground.now()).toISOString() },
        now: () => ground.now(),
        assertHeld: (step) => held.assertHeld(step),
        ...(read === null ? {} : { atEnd: () => restoreTimes(disk, root, read, true) }),
        ...(signal === undefined ? {} : { signal }),
        ...(onProgress === undefined ? {} : { onProgress: (progress) => onProgress({ phase: 'steps', ...progress }) }),
      });
      left = outcome.left;
    } finally {
      await held.release();
    }
    if (read === null) return await verified(ground, run, left, consent, began);
    const about = readAbout(ground, run.id);
    const shown = left.map((path) => shownPath(path));
    return rollbackResult(ground, { header: run.header, about, read, steps, left: shown, dryRun: false, began });
  } finally {
    run.steps.close();
  }
}

async function verified(
  ground: ProjectGround,
  run: Run,
  left: readonly RecordedPath[],
  consent: boolean,
  began: number,
): Promise<ApplyResult> {
  const known = knownRuns(ground.disk, ground.state);
  const found = known.runs.find(({ id }) => id === run.id);
  if (found === undefined) throw new DesprawlError('DSP-STATE', `The run ${run.id} was finished and cannot be read.`);
  const report = await verifyRun(ground, { run: found, known, consent });
  return {
    version: 1,
    kind: 'apply',
    dryRun: false,
    run: run.id,
    status: report.status,
    plan: report.plan,
    undoes: [],
    actions: report.actions,
    decisions: report.decisions,
    changes: report.changes,
    totals: report.totals,
    backups: run.header.backups,
    changedSince: [],
    left: report.left,
    checks: report.checks,
    ledger: report.ledger,
    notVerified: [...report.notVerified, ...stays(left)],
    findings: report.findings,
    seconds: (ground.now() - began) / 1000,
  };
}
