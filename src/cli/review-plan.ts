/**
 * The review of a plan in the terminal, before it is applied: the plan as it would be now, open decisions one by one, then proceed, try
 * it on a copy, or wait with a backup. What is answered is written into the plan, so that the file says what was done.
 */
import { basename } from 'node:path';
import type { ProjectGround } from '../apply/ground.ts';
import type { KnownRuns } from '../apply/known-runs.ts';
import { writeLock } from '../apply/lock-files.ts';
import { type Planned, planAgain } from '../apply/plan-project.ts';
import { type Prepared, prepareApply } from '../apply/prepare-apply.ts';
import { DesprawlError } from '../errors.ts';
import type { Plan } from '../plan/model.ts';
import { updatePlan } from '../plan/update-plan.ts';
import { viewOf } from '../report/plan/make-view.ts';
import { planToTerminal } from '../report/plan/terminal.ts';
import { titleOf } from '../report/plan/title.ts';
import { putOwnFile } from '../steps/put-own-file.ts';
import type { Ask } from './ask.ts';
import { type CommonOptions, type Context, page } from './context.ts';
import type { PlanFile } from './plan-file.ts';

export interface Reviewed {
  readonly file: PlanFile;
  readonly prepared: Prepared;
}

export interface ReviewInput {
  readonly context: Context;
  readonly options: CommonOptions;
  readonly ground: ProjectGround;
  readonly known: KnownRuns;
  readonly ask: Ask;
  readonly file: PlanFile;
  readonly prepared: Prepared;
  readonly phase: number | null;
  readonly tryIt: () => Promise<void>;
  readonly backUp: () => Promise<void>;
}

/** Leaves a decision open. */
const LATER = 'later';

/** `null`: the person waits. */
export async function reviewPlan(input: ReviewInput): Promise<Reviewed | null> {
  const { context, options, ask } = input;
  let { file, prepared } = input;
  let planned = await planAgain(prepared.plan, prepared.measured, prepared.lock.rates);
  await context.err.write(shown(planned, input));
  if (prepared.edited.length > 0) {
    await context.err.write(
      `Edited since it was measured: ${prepared.edited.join(', ')}. Shown is what it comes to now.\n`,
    );
  }
  const answered = await answers(planned.plan, ask);
  if (answered !== planned.plan || prepared.edited.length > 0) {
    planned = await planAgain(answered, prepared.measured, prepared.lock.rates);
    file = write(input, planned, file);
    if (answered !== prepared.plan) await context.err.write(shown(planned, input));
    prepared = await prepareApply(input.ground, {
      plan: planned.plan,
      name: file.name,
      lock: planned.lock,
      runs: input.known.runs,
      phase: input.phase,
      measured: prepared.measured,
    });
  }
  if (prepared.phase === null) return { file, prepared };
  for (;;) {
    const next = await ask.choose('What next?', [
      { value: 'proceed', does: 'back everything up and apply it' },
      { value: 'dry run', does: 'carry it out on a copy and show what differs' },
      { value: 'wait', does: 'take a verified backup of all stores now; the plan stays' },
    ]);
    if (next === 'proceed') break;
    if (next === 'wait') {
      await input.backUp();
      return null;
    }
    await input.tryIt();
  }
  await confirmRemoval(prepared, input.ground.root, ask, options);
  return { file, prepared };
}

/** Throws `DSP-CANCELLED` where another word is typed. */
async function confirmRemoval({ phase }: Prepared, root: string, ask: Ask, _options: CommonOptions): Promise<void> {
  const removed = (phase?.steps ?? []).filter(({ op }) => op === 'remove').length;
  if (removed === 0) return;
  const word = basename(root);
  if (await ask.typed(`${removed} ${removed === 1 ? 'file goes' : 'files go'} from the project, into the vault.`, word))
    return;
  throw new DesprawlError('DSP-CANCELLED', 'Another word was typed.', {
    hint: 'Nothing was changed. The plan stays as it is.',
  });
}

async function answers(plan: Plan, ask: Ask): Promise<Plan> {
  let answered = plan;
  for (const decision of plan.decisions) {
    if (decision.chosen !== null) continue;
    const places = decision.evidence.length === 0 ? '' : ` (${decision.evidence.slice(0, 5).join(', ')})`;
    const chosen = await ask.choose(
      `${decision.question}${places}`,
      [
        ...Object.entries(decision.choices).map(([value, does]) => ({ value, does })),
        { value: LATER, does: 'leave it open: what depends on it is not applied now' },
      ],
      decision.proposal,
    );
    if (chosen === LATER && decision.choices[LATER] === undefined) continue;
    const decisions = answered.decisions.map((one) => (one.id === decision.id ? { ...one, chosen } : one));
    answered = { ...answered, decisions };
  }
  return answered;
}

function write({ context, ground }: ReviewInput, planned: Planned, file: PlanFile): PlanFile {
  const text = updatePlan(file.text, planned.plan, file.name, titleOf(planned.plan, planned.lock));
  writeLock(context.disk, ground.state, planned.lock);
  putOwnFile(context.disk, file.path, file.text, text);
  return { ...file, text, plan: planned.plan };
}

function shown(planned: Planned, { context, options, file, phase }: ReviewInput): string {
  const { plan, compiled, asIf, lock, measured } = planned;
  const view = viewOf({ plan, compiled, asIf, lock, audit: measured.audit, file: file.name });
  return planToTerminal(view, { ...page(context.err, options), ...(phase === null ? {} : { phase }), next: [] });
}
