/** What a run came to, once it is carried out: read again from its own files, verified, told. The same for one that was continued. */
import type { MeasureOutcome } from '../checks/model.ts';
import type { RecordedPath } from '../disk/paths.ts';
import { DesprawlError } from '../errors.ts';
import type { ProjectGround } from './ground.ts';
import { knownRuns } from './known-runs.ts';
import type { ApplyResult, RunId } from './model.ts';
import { stays } from './stays.ts';
import { verifyRun } from './verify-run.ts';

export interface CarriedOut {
  readonly id: RunId;
  /** Folders that stay since somebody put something into them. */
  readonly left: readonly RecordedPath[];
  /** The owner agreed to the commands of the checks. */
  readonly consent: boolean;
  readonly measured?: readonly MeasureOutcome[] | undefined;
  readonly dryRun: boolean;
  /** Milliseconds, as `ground.now`. */
  readonly began: number;
}

/** Throws `DSP-STATE` where the run cannot be read any more. */
export async function verifiedResult(
  ground: ProjectGround,
  { id, left, consent, measured, dryRun, began }: CarriedOut,
): Promise<ApplyResult> {
  const known = knownRuns(ground.disk, ground.state);
  const run = known.runs.find((one) => one.id === id);
  if (run === undefined) throw new DesprawlError('DSP-STATE', `The run ${id} was carried out and cannot be read.`);
  const report = await verifyRun(ground, { run, known, consent, ...(measured === undefined ? {} : { measured }) });
  return {
    version: 1,
    kind: 'apply',
    dryRun,
    run: id,
    status: report.status,
    plan: report.plan,
    undoes: [],
    actions: report.actions,
    decisions: report.decisions,
    changes: report.changes,
    totals: report.totals,
    backups: run.header.backups,
    changedSince: [],
    later: [],
    left: report.left,
    checks: report.checks,
    ledger: report.ledger,
    notVerified: [...report.notVerified, ...stays(left)],
    findings: report.findings,
    seconds: (ground.now() - began) / 1000,
  };
}
