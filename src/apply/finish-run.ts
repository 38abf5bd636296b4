/** Finishes a run that was interrupted, and verifies it: the plan may have been edited since, and is not read. */

import { DesprawlError } from '../errors.ts';
import { chainsOf, changesOf, totalsOf } from '../journal/run-changes.ts';
import { type Run, readRun } from '../journal/run-folder.ts';
import { gitIndex } from '../steps/git-index-file.ts';
import { openObjects } from '../vault/objects.ts';
import { continueRun } from './continue.ts';
import type { ProjectGround } from './ground.ts';
import { holdStores, storesTouched } from './hold-stores.ts';
import { type KnownRun, knownRuns } from './known-runs.ts';
import type { ApplyResult, NotVerified } from './model.ts';
import { verifyRun } from './verify-run.ts';

/** The caller holds the state. `atEnd`: what a rollback does last. */
export async function finishRun(
  ground: ProjectGround,
  waiting: KnownRun,
  consent: boolean,
  atEnd?: (run: Run) => void,
): Promise<ApplyResult> {
  const began = ground.now();
  const { disk, state, root, identity, signal, onProgress } = ground;
  const run = readRun(disk, state, waiting.id);
  if (run === null) throw new DesprawlError('DSP-RUN-UNKNOWN', `The run ${waiting.id} never began.`);
  let left: readonly NotVerified[];
  try {
    const steps = [...run.steps.between(1, run.steps.count)];
    const held = await holdStores(ground, storesTouched(steps));
    try {
      const { pid, started, boot, host } = identity;
      const outcome = await continueRun(run, {
        on: { root, disk, objects: openObjects(disk, state.vault), run: run.id, git: gitIndex(disk) },
        taking: { pid, started, boot, host, tool: ground.tool, at: new Date(ground.now()).toISOString() },
        now: () => ground.now(),
        assertHeld: (step) => held.assertHeld(step),
        ...(atEnd === undefined ? {} : { atEnd: () => atEnd(run) }),
        ...(signal === undefined ? {} : { signal }),
        ...(onProgress === undefined ? {} : { onProgress: (progress) => onProgress({ phase: 'steps', ...progress }) }),
      });
      left = outcome.left.map((path) => ({
        what: `folder ${String(path)}`,
        why: 'it stays, since somebody put something into it meanwhile',
      }));
    } finally {
      await held.release();
    }
    return run.header.kind === 'apply'
      ? await verified(ground, run, left, consent, began)
      : rolledBack(ground, run, steps, left, began);
  } finally {
    run.steps.close();
  }
}

async function verified(
  ground: ProjectGround,
  run: Run,
  left: readonly NotVerified[],
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
    notVerified: [...report.notVerified, ...left],
    findings: report.findings,
    seconds: (ground.now() - began) / 1000,
  };
}

function rolledBack(
  ground: ProjectGround,
  { id, header }: Run,
  steps: Parameters<typeof chainsOf>[0],
  left: readonly NotVerified[],
  began: number,
): ApplyResult {
  const chains = chainsOf(steps);
  return {
    version: 1,
    kind: 'rollback',
    dryRun: false,
    run: id,
    status: 'applied',
    plan: null,
    undoes: header.undoes,
    actions: [],
    decisions: [],
    changes: changesOf(chains),
    totals: totalsOf(chains),
    backups: header.backups,
    changedSince: [],
    left: [],
    checks: [],
    ledger: [],
    notVerified: left,
    findings: [],
    seconds: (ground.now() - began) / 1000,
  };
}
