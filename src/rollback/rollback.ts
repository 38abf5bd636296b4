/**
 * Takes runs back. A rollback is a run: its steps lead from what is there now to what was there before, so it has a journal of its own, can
 * be interrupted, continued, and taken back itself. What was changed since is in the vault before the first step.
 * Whole because it is one sequence: what is looked at, held, kept, written down and carried out.
 */
import { BATCH_BYTES } from '../apply/batches.ts';
import { carryOut } from '../apply/carry-out.ts';
import { fitSteps } from '../apply/fit-steps.ts';
import { foldersTouched } from '../apply/folders-touched.ts';
import { assertRight } from '../apply/gate.ts';
import type { ProjectGround } from '../apply/ground.ts';
import { holdStores, storesTouched } from '../apply/hold-stores.ts';
import type { KnownRuns } from '../apply/known-runs.ts';
import type { ApplyResult, ChangedSince, LaterLine, LeftPlace, NotVerified } from '../apply/model.ts';
import { standsOn } from '../apply/stands-on.ts';
import { keyOf, type RecordedPath, shownPath } from '../disk/paths.ts';
import { DesprawlError } from '../errors.ts';
import { prepareRun, runId } from '../journal/run-folder.ts';
import { gitMark } from '../project/git.ts';
import { assertSpace } from '../state/space.ts';
import { gitIndex } from '../steps/git-index-file.ts';
import { shownState } from '../steps/place.ts';
import type { Ground } from '../steps/primitive.ts';
import type { PlannedStep } from '../steps/step.ts';
import type { ProjectMark } from '../vault/model.ts';
import { openObjects } from '../vault/objects.ts';
import { ABOUT_ROLLBACK, type AboutRollback, actionsOf, partedFrom, readAbout } from './about-rollback.ts';
import { assertBase } from './assert-base.ts';
import type { ChosenRuns } from './choose-runs.ts';
import { cleanUp } from './clean-up.ts';
import { assertWhole, keepChanged } from './keep-changed.ts';
import { type LaterWork, laterRows, storesOfMerges, withLater } from './later/later-rows.ts';
import { type Carried, type LaterChoice, type LaterRows, NO_LATER } from './later/model.ts';
import { folderStates, type RunsRead, readRuns } from './read-runs.ts';
import { restoreTimes } from './restore-times.ts';
import { rollbackResult } from './result.ts';
import { assertNoLater, type StepsBack, stepsBack } from './steps-back.ts';

export interface RollbackRequest {
  readonly chosen: ChosenRuns;
  readonly known: KnownRuns;
  /** What becomes of rows written since. */
  readonly later: LaterChoice;
  readonly dryRun: boolean;
  /** How a dry run's copy differs from the project. */
  readonly notVerified?: readonly NotVerified[];
}

/** What a rollback would do now. Changes nothing but what an ended process left half done. */
export interface PreparedRollback {
  readonly read: RunsRead;
  readonly back: StepsBack;
  readonly git: ProjectMark['git'];
}

/** The caller holds the state. Throws `DSP-RUN-BASE`, `DSP-RUN-FOREIGN`. */
export async function prepareRollback(
  ground: ProjectGround,
  { chosen, known }: Pick<RollbackRequest, 'chosen' | 'known'>,
): Promise<PreparedRollback> {
  const { disk, state } = ground;
  for (const id of chosen.undoes) {
    const run = known.runs.find((one) => one.id === id);
    if (run !== undefined) cleanUp(ground, run);
  }
  // git answers while the paths are looked at.
  const asked = gitMark(ground.root);
  const read = readRuns(disk, state, chosen.undoes);
  const back = stepsBackFrom(ground, read);
  const git = await asked;
  // Other branch, other files: before it is asked what to do with each of them.
  assertBase(read.headers, git, back.changedSince);
  return { read, git, back };
}

/** Throws also `DSP-ROLLBACK-LATER`, `DSP-STORE-BUSY`, `DSP-NO-SPACE`, `DSP-VAULT-DAMAGED`: then nothing was begun. */
export async function rollback(ground: ProjectGround, request: RollbackRequest): Promise<ApplyResult> {
  const { read, git, back: first } = await prepareRollback(ground, request);
  if (storesChanged(first).length === 0) return goBack(ground, request, { read, git, first, merges: null });
  return withLater(ground, read, request.later, (work) => goBack(ground, request, { read, git, first, merges: work }));
}

interface Ready {
  readonly read: RunsRead;
  readonly git: ProjectMark['git'];
  readonly first: StepsBack;
  /** `null`: no store was written since. */
  readonly merges: LaterWork | null;
}

async function goBack(
  ground: ProjectGround,
  request: RollbackRequest,
  { read, git, first, merges }: Ready,
): Promise<ApplyResult> {
  const began = ground.now();
  const { disk, root, state } = ground;
  const { chosen, known, later } = request;
  const more = merges !== null && later === 'carry' ? storesOfMerges(merges.merges) : [];
  const toHold = [...new Set([...storesTouched(first.steps), ...more])].sort();
  const held = await holdStores(ground, toHold);
  try {
    // Whoever wrote to a store until it was held is seen; from then on nobody does. Files that nobody holds are looked at in their batch.
    const found = toHold.length === 0 ? first : stepsBackFrom(ground, read);
    const rows = await rowsSince(ground, merges, found, later);
    const back = rows.carried.length === 0 ? found : stepsBackFrom(ground, read, rows.carried);
    assertAllHeld(back.steps, toHold);
    const run = runId(ground.now(), ground.random(4));
    assertRight(disk, root, back.steps);
    room(ground, back.steps);
    const kept = await keepChanged(ground, run, back.changedSince, held, git);
    assertWhole(ground, back.steps);
    const abouts = chosen.undoes.flatMap((id) => readAbout(ground, id) ?? []);
    const about: AboutRollback = {
      version: 1,
      actions: actionsOf(abouts),
      changedSince: back.changedSince.map(
        ({ path, expected, found }): ChangedSince => ({
          path,
          expected: shownState(expected),
          found: shownState(found),
          backup: found.kind === 'absent' ? null : kept,
        }),
      ),
      left: back.left.map(({ path, why }): LeftPlace => ({ path: shownPath(path), why, action: '' })),
      notVerified: [
        ...(request.notVerified ?? []),
        ...held.notVerified,
        ...partedFrom(abouts, back.steps),
        ...rows.notVerified,
      ],
      later: rows.lines.map((line) => ({
        ...line,
        file: line.file === null ? null : `${state.runs}/${run}/${line.file}`,
      })),
      carried: rows.carried,
    };
    const header = {
      run,
      kind: 'rollback' as const,
      tool: ground.tool,
      project: { root, git },
      plan: null,
      undoes: chosen.undoes,
      after: standsOn(ground, known.runs, back.steps, read.paths),
      backups: kept === null ? [] : [kept],
      folders: foldersTouched(
        disk,
        root,
        back.steps,
        [...read.folders.values()].map(({ path }) => path),
      ),
      ...(back.times.length === 0 ? {} : { times: back.times }),
      at: new Date(ground.now()).toISOString(),
    };
    const prepared = prepareRun(disk, state, header, back.steps, [
      { name: ABOUT_ROLLBACK, bytes: Buffer.from(JSON.stringify(about)) },
      ...rows.files,
    ]);
    try {
      const outcome = await carryOut(ground, {
        run: prepared,
        assertHeld: (step) => held.assertHeld(step),
        atEnd: () => restoreTimes(disk, root, read),
      });
      return rollbackResult(ground, {
        header,
        about,
        read,
        steps: back.steps,
        left: outcome.left.map((path) => shownPath(path)),
        dryRun: request.dryRun,
        began,
      });
    } finally {
      prepared.steps.close();
    }
  } finally {
    await held.release();
  }
}

function stepsBackFrom(ground: ProjectGround, read: RunsRead, carried: readonly Carried[] = []): StepsBack {
  const { disk, root, state } = ground;
  const on: Ground = { root, disk, objects: openObjects(disk, state.vault), run: '', git: gitIndex(disk) };
  const { chains, indexes, times } = read;
  const back = stepsBack(on, { chains, indexes, times, folders: folderStates(read), carried });
  return { ...back, steps: fitSteps(disk, root, back.steps) };
}

/** Main files of stores that were written since. */
export function storesChanged({ changedSince }: Pick<StepsBack, 'changedSince'>): readonly RecordedPath[] {
  const stores = changedSince.flatMap(({ store }) => (store === undefined ? [] : [[keyOf(store), store] as const]));
  return [...new Map(stores).values()];
}

/** Throws `DSP-ROLLBACK-LATER` where they are to stop the rollback. */
async function rowsSince(
  ground: ProjectGround,
  on: LaterWork | null,
  found: StepsBack,
  choice: LaterChoice,
): Promise<LaterRows> {
  const stores = storesChanged(found);
  if (stores.length === 0) return NO_LATER;
  if (on === null) {
    throw new DesprawlError(
      'DSP-STORE-BUSY',
      `${shownPath(stores[0] ?? '')} was written while the rollback was prepared. Nothing was changed.`,
    );
  }
  const rows = await laterRows(on, stores, choice);
  if (choice === 'refuse') assertNoLater(found.changedSince, countedText(rows.lines));
  ground.onProgress?.({ phase: 'backup', done: 0, total: stores.length });
  return rows;
}

/** ` users: 3 inserted, 1 changed; notes: 2 deleted.` */
function countedText(lines: readonly LaterLine[]): string {
  const tables = lines.map(({ table, inserted, changed, deleted }) => {
    const counts = Object.entries({ inserted, changed, deleted }).filter(([, count]) => count > 0);
    return `${table}: ${counts.map(([what, count]) => `${count} ${what}`).join(', ')}`;
  });
  return tables.length === 0 ? ' No row of it differs.' : ` ${tables.join('; ')}.`;
}

/** Somebody made another store while the first ones were locked. */
function assertAllHeld(now: readonly PlannedStep[], before: readonly string[]): void {
  const held = new Set(before);
  const other = storesTouched(now).find((store) => !held.has(store));
  if (other === undefined) return;
  throw new DesprawlError('DSP-STORE-BUSY', `${other} was made while the rollback was prepared. Nothing was changed.`);
}

/** Left free for the journal and for what else happens on the disk. */
const HEADROOM_BYTES = 16 * 1024 * 1024;

function room({ disk, root, state }: ProjectGround, steps: readonly PlannedStep[]): void {
  let written = 0;
  let freed = 0;
  for (const step of steps) {
    if (step.op === 'put' && step.after.kind === 'file') written += step.after.bytes;
    if ((step.op === 'put' || step.op === 'remove') && step.before.kind === 'file') freed += step.before.bytes;
  }
  assertSpace(disk, [
    { path: state.runs, bytes: HEADROOM_BYTES, for: 'the journal' },
    {
      path: root,
      bytes: Math.max(written - freed, Math.min(written, BATCH_BYTES)) + HEADROOM_BYTES,
      for: 'what is put back',
    },
  ]);
}
