/**
 * Judges a run: what it left against what it was to leave, and the project against the state before. What could not be decided is said
 * to be so, and is neither good nor bad. Reads only; whoever asked writes the report.
 */
import type {
  ActionOutcome,
  CheckResult,
  DecisionTaken,
  LeftPlace,
  NotVerified,
  RunStatus,
  VerifyFinding,
  VerifyReport,
} from '../apply/model.ts';
import type { Audit } from '../audit/model.ts';
import { count } from '../audit/wording.ts';
import type { Config } from '../config/config.ts';
import type { Disk } from '../disk/disk.ts';
import { joinPath } from '../disk/paths.ts';
import { readIfThere } from '../disk/read-file.ts';
import { chainsOf, changesOf, movesOf, totalsOf } from '../journal/run-changes.ts';
import type { Run } from '../journal/run-folder.ts';
import { snapshotOf } from '../plan/code-snapshot.ts';
import type { Lock } from '../plan/lock-model.ts';
import type { GitIndex } from '../steps/primitive.ts';
import type { GitIndexStep } from '../steps/step.ts';
import { type BeforeRun, together, type VerifiedExport, type VerifiedMerge } from './model.ts';
import { structureOf } from './structure.ts';
import { backupsFinding, type CheckedBackup } from './verify-backups.ts';
import { codeFindings } from './verify-code.ts';
import { editsFinding } from './verify-edits.ts';
import { exportsFinding } from './verify-exports.ts';
import { declaredFinding, ledgerLines, mergesFinding } from './verify-merges.ts';
import { targetsFinding } from './verify-targets.ts';
import { treeFinding } from './verify-tree.ts';

export interface VerifyInput {
  readonly disk: Disk;
  /** The real path of the project. */
  readonly root: string;
  readonly run: Pick<Run, 'id' | 'header' | 'steps'>;
  readonly status: RunStatus['is'];
  /** The project as it is. */
  readonly audit: Audit;
  readonly config: Config;
  /** `null`: what was there before is not known. */
  readonly before: BeforeRun | null;
  /** `null`: in a rollback or restore. */
  readonly lock: Lock | null;
  readonly backups: readonly CheckedBackup[];
  readonly merges: readonly VerifiedMerge[];
  readonly exports: readonly VerifiedExport[];
  readonly git: Pick<GitIndex, 'entriesOf'> | null;
  /** Keys of paths that later runs in force touched. */
  readonly later: ReadonlySet<string>;
  /** Keys of paths that are kept forever. */
  readonly archived: ReadonlySet<string>;
  readonly actions: readonly ActionOutcome[];
  readonly decisions: readonly DecisionTaken[];
  readonly left: readonly LeftPlace[];
  readonly checks: readonly CheckResult[];
  /** Of checks, measures and whatever was looked at around the run. */
  readonly notVerified: readonly NotVerified[];
  readonly tool: string;
  readonly at: string;
  readonly seconds: number;
}

export function verify(input: VerifyInput): VerifyReport {
  const { disk, root, run, audit, before, lock } = input;
  const steps = [...run.steps.between(1, run.steps.count)];
  const chains = chainsOf(steps);
  const changes = changesOf(chains);
  const moved = movesOf(chains);
  const after = structureOf(audit);
  const tree = treeFinding({
    disk,
    root,
    chains,
    indexSteps: steps.filter((step): step is GitIndexStep => step.op === 'git-index'),
    git: input.git,
    later: input.later,
  });
  const hunks = Object.values(lock?.actions ?? {}).flatMap((action) => action.hunks);
  const applied = new Set(input.actions.filter(({ is }) => is === 'applied').map(({ id }) => id));
  const planned = Object.entries(lock?.actions ?? {}).flatMap(([id, action]) =>
    applied.has(id) ? action.bindings : [],
  );
  const edits = editsFinding({
    hunks: hunks.filter(({ path }) => chains.paths.size > 0 && touches(path, moved, changes)),
    moved,
    changedSince: tree.changedSince,
    read: (path) => textOf(disk, root, path),
  });
  const code: readonly VerifyFinding[] =
    before === null ? [] : codeFindings({ before: before.code, after: snapshotOf(audit), moved, planned, changes });
  const targets = targetsFinding(input.config.targets, after);
  const judged = together([
    backupsFinding(input.backups),
    mergesFinding(input.merges),
    declaredFinding(input.merges),
    exportsFinding(input.exports),
    tree,
    { findings: [edits, ...code, ...(targets === null ? [] : [targets])], notVerified: notSeen(input) },
  ]);
  const ok = judged.findings.every((one) => one.ok) && input.checks.every((one) => one.ok);
  const { plan } = run.header;
  return {
    version: 1,
    run: run.id,
    status:
      ok && input.status === 'applied' ? 'verified' : !ok && input.status === 'verified' ? 'applied' : input.status,
    at: input.at,
    tool: input.tool,
    ok,
    plan: plan === null ? null : { id: plan.id, phase: plan.phase },
    findings: judged.findings,
    checks: input.checks,
    actions: input.actions,
    decisions: input.decisions,
    changes,
    left: input.left,
    ledger: ledgerLines(input.merges),
    notVerified: [...judged.notVerified, ...input.notVerified],
    totals: totalsOf(chains, input.archived),
    before: before?.structure ?? null,
    after,
    seconds: input.seconds,
  };
}

/** What an audit could not read cannot have been compared either. */
function notSeen({ before, audit }: VerifyInput): readonly NotVerified[] {
  const closed = audit.stores.flatMap(({ path, status, reason }) =>
    status === 'not-verified' ? [{ what: path, why: reason?.message ?? 'it could not be read' }] : [],
  );
  const unread = [...audit.code.files].filter(([, { read }]) => read === 'tokens' || read === 'none');
  const hidden = audit.project.unreadable.map(({ path, why }) => ({ what: path, why }));
  return [
    ...(before === null
      ? [{ what: 'imports, names, references and bindings', why: 'what they were before the run is not known' }]
      : []),
    ...closed,
    ...hidden,
    ...(unread.length === 0
      ? []
      : [{ what: `${count(unread.length, 'file')} of code`, why: 'they do not parse: compared by their words only' }]),
  ];
}

function touches(
  path: string,
  moved: ReadonlyMap<string, string>,
  changes: readonly { readonly path: string }[],
): boolean {
  const now = moved.get(path) ?? path;
  return changes.some((one) => one.path === now);
}

function textOf(disk: Disk, root: string, path: string): string | null {
  return readIfThere(disk, joinPath(root, path))?.toString('utf8') ?? null;
}
