/** What a rollback did, measured from its steps and from the tree that it leaves. */
import type { ProjectGround } from '../apply/ground.ts';
import type { ApplyResult, RunHeader } from '../apply/model.ts';
import { chainsOf, changesOf, totalsOf } from '../journal/run-changes.ts';
import { gitIndex } from '../steps/git-index-file.ts';
import type { PlannedStep } from '../steps/step.ts';
import { openObjects } from '../vault/objects.ts';
import type { AboutRollback } from './about-rollback.ts';
import { asBefore } from './as-before.ts';
import type { RunsRead } from './read-runs.ts';

export interface RolledBack {
  readonly header: Pick<RunHeader, 'run' | 'undoes' | 'backups'>;
  /** `null`: it cannot be read. */
  readonly about: Partial<AboutRollback> | null;
  readonly read: RunsRead;
  readonly steps: Iterable<PlannedStep>;
  /** Folders that were found to be full only when they were to go. */
  readonly left: readonly string[];
  readonly dryRun: boolean;
  readonly began: number;
}

export function rollbackResult(ground: ProjectGround, done: RolledBack): ApplyResult {
  const { disk, root, state } = ground;
  const { header, about, read } = done;
  const on = { root, disk, objects: openObjects(disk, state.vault), run: header.run, git: gitIndex(disk) };
  const left = [
    ...(about?.left ?? []),
    ...done.left.map((path) => ({ path, why: 'the folder stays: somebody put something into it', action: '' })),
  ];
  const chains = chainsOf(done.steps);
  const changes = changesOf(chains);
  return {
    version: 1,
    kind: 'rollback',
    dryRun: done.dryRun,
    run: header.run,
    status: 'applied',
    plan: null,
    undoes: header.undoes,
    actions: about?.actions ?? [],
    decisions: [],
    changes,
    totals: totalsOf(chains, new Set(), changes),
    backups: header.backups,
    changedSince: about?.changedSince ?? [],
    later: about?.later ?? [],
    left,
    checks: [],
    ledger: [],
    notVerified: about?.notVerified ?? [],
    findings: [asBefore(on, read, new Set(left.map(({ path }) => path)), about?.carried ?? [])],
    seconds: (ground.now() - done.began) / 1000,
  };
}
