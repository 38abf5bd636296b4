import type { Audit } from '../audit/model.ts';
import type { CheckOutcome, MeasureOutcome } from '../checks/model.ts';
import type { Copies } from '../copy/copies.ts';
import { copyProject } from '../copy/copy-project.ts';
import type { RecordedPath } from '../disk/paths.ts';
import { DesprawlError } from '../errors.ts';
import type { Check } from '../journal/records.ts';
import { chainsOf, changesOf, totalsOf } from '../journal/run-changes.ts';
import { prepareRun, type Run, runId } from '../journal/run-folder.ts';
import { snapshotOf } from '../plan/code-snapshot.ts';
import type { CompiledPhase } from '../plan/compile/model.ts';
import { planHash } from '../plan/intent.ts';
import type { Lock, LockedAction } from '../plan/lock-model.ts';
import { gitIndex } from '../steps/git-index-file.ts';
import { openObjects } from '../vault/objects.ts';
import { ABOUT, type AboutExport, type AboutRun } from '../verify/model.ts';
import { structureOf } from '../verify/structure.ts';
import { carryOut } from './carry-out.ts';
import { copiesOf } from './copies-of.ts';
import { fitSteps, severalNames } from './fit-steps.ts';
import { foldersTouched } from './folders-touched.ts';
import { assertAsCompiled, assertRight } from './gate.ts';
import { assertGitAtRest } from './git-at-rest.ts';
import type { ProjectGround } from './ground.ts';
import { holdStores, storesTouched } from './hold-stores.ts';
import type { KnownRuns } from './known-runs.ts';
import { asTheyAre } from './loose-stores.ts';
import { makeExports } from './make-exports.ts';
import { type MakeMerges, type MergesMade, makeMerges, type SnapshotOf } from './make-merges.ts';
import type { ApplyResult, NotVerified, RunId } from './model.ts';
import { actionsOf, decisionsOf, leftOf } from './outcomes.ts';
import type { Prepared } from './prepare-apply.ts';
import { checkProject, chosen, measureProject } from './run-project-checks.ts';
import { standsOn } from './stands-on.ts';
import { type BackupsTaken, takeBackups } from './take-backups.ts';
import { verifiedResult } from './verified-result.ts';
import { exportsBefore } from './verify-exports.ts';

export interface ApplyRequest {
  readonly prepared: Prepared;
  /** The plan file as it is. */
  readonly planText: string;
  readonly known: KnownRuns;
  /** The owner agreed to the commands of the checks. */
  readonly consent: boolean;
  readonly dryRun: boolean;
  /** How a dry run's copy differs from the project. */
  readonly notVerified?: readonly NotVerified[];
}

/** The caller holds the state, and no run waits. Throws before the first step, or leaves a run that `status` explains. */
export async function apply(ground: ProjectGround, request: ApplyRequest): Promise<ApplyResult> {
  const began = ground.now();
  const { prepared } = request;
  if (prepared.phase === null) return nothingToDo(ground, request, began);
  assertGitAtRest(ground.root);
  const planned = { ...prepared.phase, steps: fitSteps(ground.disk, ground.root, prepared.phase.steps) };
  assertRight(ground.disk, ground.root, planned.steps);
  const copies = copiesOf(ground);
  try {
    const { before, measuredOn } = await checksBefore(ground, request, copies);
    const held = await holdStores(ground, storesToHold(planned, prepared.audit));
    let run: Run;
    let left: readonly RecordedPath[];
    try {
      const id = runId(ground.now(), ground.random(4));
      const backups = await takeBackups(ground, id, planned, prepared.audit, held);
      const merged = await makeMerges(ground, mergesOf(prepared, planned, backups));
      try {
        const snapshotOf = afterMerges(merged, backups);
        const exported = await makeExports(ground, { phase: merged.phase, snapshotOf });
        const exports = await exportsBefore(ground, prepared, exported, snapshotOf);
        const steps = asTheyAre(gateGround(ground), exported.steps, looseStores(planned));
        const phase = { ...exported, steps };
        assertAsCompiled(gateGround(ground), steps);
        run = prepare(ground, request, phase, { id, backups, checks: before, merged, exports });
      } finally {
        merged.close();
      }
      try {
        const first = before.map((one) => recordOf(one, 'before'));
        const outcome = await carryOut(ground, { run, first, assertHeld: (step) => held.assertHeld(step) });
        left = outcome.left;
      } finally {
        run.steps.close();
      }
    } finally {
      await held.release();
    }
    const measured = measuredOn === null ? undefined : await measure(ground, request, copies, measuredOn);
    const { consent, dryRun } = request;
    return await verifiedResult(ground, { id: run.id, left, consent, measured, dryRun, began });
  } finally {
    copies.close();
  }
}

/** Throws `DSP-CHECK-ESCAPED` where one wrote into the project: nothing was begun. */
async function checksBefore(
  ground: ProjectGround,
  { prepared, consent }: ApplyRequest,
  copies: Copies,
): Promise<{ readonly before: readonly CheckOutcome[]; readonly measuredOn: string | null }> {
  const { plan, audit } = prepared;
  const before = await checkProject(
    ground,
    audit,
    { checks: chosen(ground.config.checks, plan.checks), consent },
    { copies, tree: ground.root },
  );
  const escaped = before.find(({ wrote }) => wrote !== undefined);
  if (escaped !== undefined) {
    const wrote = (escaped.wrote ?? []).join(', ');
    throw new DesprawlError(
      'DSP-CHECK-ESCAPED',
      `The check ${escaped.name} wrote outside of its copy: ${wrote}. Nothing was begun.`,
    );
  }
  const measures = Object.keys(chosen(ground.config.measures, plan.measures));
  if (measures.length === 0 || !consent) return { before, measuredOn: null };
  // Kept until the run is done: both states are measured side by side.
  const copy = await copyProject({ disk: ground.disk, root: ground.root, to: copies.fresh('before') });
  return { before, measuredOn: copy.root };
}

/** Those that change, and those whose rows are taken or written out: nobody may write to them from before the backup on. */
function storesToHold({ steps, merges, exports }: CompiledPhase, { stores }: Audit): readonly string[] {
  const sqlite = new Set(stores.flatMap(({ path, kind }) => (kind === 'sqlite' ? [path] : [])));
  const read = merges.flatMap(({ sources }) => sources).filter((path) => sqlite.has(path));
  const exported = exports.map(({ spec }) => spec.store).filter((path) => sqlite.has(path));
  return [...new Set([...storesTouched(steps), ...read, ...exported])].sort();
}

function looseStores({ merges }: CompiledPhase): ReadonlySet<string> {
  return new Set(merges.flatMap(({ loose }) => loose));
}

function mergesOf({ audit, lock }: Prepared, phase: CompiledPhase, { snapshotOf }: BackupsTaken): MakeMerges {
  const rules = phase.merges.map(({ action }) => [action, lock.actions[action]?.rules ?? []] as const);
  return { phase, audit, snapshotOf, rules: new Map(rules) };
}

/** A store that is merged into as it will be, any other as it is. */
function afterMerges({ phase, about }: MergesMade, { snapshotOf }: BackupsTaken): SnapshotOf {
  return (path) => {
    const merged = about.find(({ target }) => target === path);
    if (merged === undefined) return snapshotOf(path);
    const put = phase.steps.find((step) => step.op === 'put' && step.path === path);
    const bytes = put?.op === 'put' && put.after.kind === 'file' ? put.after.bytes : 0;
    return { sha256: merged.merged, bytes };
  };
}

function gateGround({ disk, root, state }: ProjectGround): Parameters<typeof assertAsCompiled>[0] {
  return { disk, root, run: '', objects: openObjects(disk, state.vault), git: gitIndex(disk) };
}

function measure(
  ground: ProjectGround,
  { prepared, consent }: ApplyRequest,
  copies: Copies,
  before: string,
): Promise<readonly MeasureOutcome[]> {
  const measures = chosen(ground.config.measures, prepared.plan.measures);
  return measureProject(ground, prepared.audit, { measures, consent }, { copies, before, after: ground.root });
}

interface Ready {
  readonly id: RunId;
  readonly backups: BackupsTaken;
  readonly checks: readonly CheckOutcome[];
  readonly merged: MergesMade;
  readonly exports: readonly AboutExport[];
}

function prepare(
  ground: ProjectGround,
  request: ApplyRequest,
  phase: CompiledPhase,
  { id, backups, checks, merged, exports }: Ready,
): Run {
  const { disk, root, state, config } = ground;
  const { prepared, planText, known } = request;
  const { plan, compiled, audit } = prepared;
  const about: AboutRun = {
    version: 1,
    code: snapshotOf(audit),
    structure: structureOf(audit),
    asked: {
      checks: plan.checks.filter((name) => config.checks[name] !== undefined),
      measures: plan.measures.filter((name) => config.measures[name] !== undefined),
    },
    checks,
    actions: actionsOf(plan, compiled, phase.phase),
    decisions: decisionsOf(plan),
    left: leftOf(plan, compiled, phase.phase),
    notVerified: [...(request.notVerified ?? []), ...backups.notVerified],
    severalNames: severalNames(disk, root, phase.steps),
    ...(merged.about.length === 0 ? {} : { merges: merged.about }),
    ...(exports.length === 0 ? {} : { exports }),
  };
  const header = {
    run: id,
    kind: 'apply' as const,
    tool: ground.tool,
    project: { root, git: audit.project.git },
    plan: { id: plan.plan, hash: planHash(plan), phase: phase.phase },
    undoes: [],
    after: standsOn(ground, known.runs, phase.steps),
    backups: backups.ids,
    folders: foldersTouched(disk, root, phase.steps),
    at: new Date(ground.now()).toISOString(),
  };
  return prepareRun(disk, state, header, phase.steps, [
    { name: 'plan.yaml', bytes: Buffer.from(planText) },
    { name: 'lock.json', bytes: Buffer.from(JSON.stringify(lockAsApplied(prepared))) },
    { name: ABOUT, bytes: Buffer.from(JSON.stringify(about)) },
    ...merged.ledgers,
  ]);
}

/** What was reviewed, with what was accepted since: the run's own copy says what was applied. */
function lockAsApplied({ plan, lock, compiled }: Prepared): Lock {
  const actions = [...compiled.actions].flatMap(([id, { locked }]): [string, LockedAction][] =>
    locked === null ? [] : [[id, { ...locked, seconds: lock.actions[id]?.seconds ?? 0 }]],
  );
  return {
    ...lock,
    hash: planHash(plan),
    actions: Object.fromEntries(actions),
    code: compiled.code,
    digest: compiled.digest,
  };
}

function nothingToDo(
  ground: ProjectGround,
  { prepared, dryRun, notVerified = [] }: ApplyRequest,
  began: number,
): ApplyResult {
  const none = chainsOf([]);
  return {
    version: 1,
    kind: 'apply',
    dryRun,
    run: null,
    status: 'nothing to do',
    plan: null,
    undoes: [],
    actions: actionsOf(prepared.plan, prepared.compiled, null),
    decisions: decisionsOf(prepared.plan),
    changes: changesOf(none),
    totals: totalsOf(none),
    backups: [],
    changedSince: [],
    later: [],
    left: [],
    checks: [],
    ledger: [],
    notVerified,
    findings: [],
    seconds: (ground.now() - began) / 1000,
  };
}

function recordOf({ name, ok, seconds, value }: CheckOutcome, when: Check['when']): Check {
  return { t: 'check', name, when, ok: ok === true, seconds, ...(value === undefined ? {} : { value }) };
}
