/**
 * The review of a plan in the terminal, before it is applied: the plan as it would be now, open decisions one by one, then proceed, try
 * it on a copy, leave an action out, or wait with a backup. What is answered is written into the plan, so that the file says what was done.
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
import type { Page } from '../report/page.ts';
import { viewOf } from '../report/plan/make-view.ts';
import { planBriefly, planToTerminal } from '../report/plan/terminal.ts';
import { titleOf } from '../report/plan/title.ts';
import type { PlanView } from '../report/plan/view.ts';
import type { Ask, Choice } from './ask.ts';
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
  /** As it is answered by now. */
  readonly tryIt: (now: Reviewed) => Promise<void>;
  readonly backUp: () => Promise<void>;
  /** Writes the plan file, unless somebody else did meanwhile. */
  readonly save: (file: PlanFile, text: string) => void;
}

/** Leaves a decision open. */
const LATER = 'later';
const NONE = 'none';

/** `null`: the person waits. */
export async function reviewPlan(input: ReviewInput): Promise<Reviewed | null> {
  const { context, ask } = input;
  let now: Reviewed = { file: input.file, prepared: input.prepared };
  const { edited } = now.prepared;
  const planned = await planAgain(now.prepared.plan, now.prepared.measured, now.prepared.lock.rates);
  await context.err.write(planToTerminal(viewed(planned, now.file), { ...form(input), next: [] }));
  if (edited.length > 0) {
    await context.err.write(`Edited since it was measured: ${edited.join(', ')}. Shown is what it comes to now.\n`);
  }
  const answered = await answers(planned.plan, ask);
  if (answered !== planned.plan || edited.length > 0) now = await settled(input, now, answered);
  for (;;) {
    if (now.prepared.phase === null) return now;
    switch (await ask.choose('What next?', NEXT)) {
      case 'dry run':
        await input.tryIt(now);
        break;
      case 'skip': {
        const plan = await skipOne(now, ask);
        if (plan !== null) now = await settled(input, now, plan);
        break;
      }
      case 'wait':
        await input.backUp();
        return null;
      default:
        await confirmRemoval(now.prepared, input.ground.root, ask);
        return now;
    }
  }
}

const NEXT: readonly Choice[] = [
  { value: 'proceed', does: 'back everything up and apply it' },
  { value: 'dry run', does: 'carry it out on a copy and show what differs' },
  { value: 'skip', does: 'leave an action out, and what depends on it' },
  { value: 'wait', does: 'take a verified backup of all stores now; the plan stays' },
];

/** What was answered stands in the file, and is measured: the file says what is done. */
async function settled(input: ReviewInput, { file, prepared }: Reviewed, plan: Plan): Promise<Reviewed> {
  const planned = await planAgain(plan, prepared.measured, prepared.lock.rates);
  const written = write(input, planned, file);
  await input.context.err.write(`\n${planBriefly(viewed(planned, written), form(input))}`);
  const again = await prepareApply(input.ground, {
    plan: planned.plan,
    name: written.name,
    lock: planned.lock,
    runs: input.known.runs,
    phase: input.phase,
    measured: prepared.measured,
  });
  return { file: written, prepared: again };
}

/** `null`: none of them. */
async function skipOne({ prepared }: Reviewed, ask: Ask): Promise<Plan | null> {
  const { plan, compiled, phase } = prepared;
  const ready = plan.actions.filter(({ id, phase: own }) => {
    return compiled.actions.get(id)?.is === 'ready' && own === phase?.phase;
  });
  const id = await ask.choose('Which action is left out?', [
    ...ready.map(({ id: value, reason }) => ({ value, does: reason })),
    { value: NONE, does: 'none of them' },
  ]);
  if (id === NONE) return null;
  return { ...plan, actions: plan.actions.map((one) => (one.id === id ? { ...one, skip: true } : one)) };
}

/** Throws `DSP-CANCELLED` where another word is typed. */
async function confirmRemoval({ phase }: Prepared, root: string, ask: Ask): Promise<void> {
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
    const chosen = await ask.choose(
      decision.question,
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

function write({ context, ground, save }: ReviewInput, planned: Planned, file: PlanFile): PlanFile {
  const text = updatePlan(file.text, planned.plan, file.name, titleOf(planned.plan, planned.lock));
  writeLock(context.disk, ground.state, planned.lock);
  save(file, text);
  return { ...file, text, plan: planned.plan };
}

function viewed(planned: Planned, file: PlanFile): PlanView {
  const { plan, compiled, asIf, lock, measured } = planned;
  return viewOf({ plan, compiled, asIf, lock, audit: measured.audit, file: file.name });
}

function form({ context, options, phase }: ReviewInput): Page & { readonly phase?: number } {
  return { ...page(context.err, options), ...(phase === null ? {} : { phase }) };
}
