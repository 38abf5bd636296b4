/**
 * Plans a project: measures, proposes or measures an earlier plan again, and makes the lock. Writes nothing; who asked writes the plan and
 * its lock.
 */
import type { Audit } from '../audit/model.ts';
import type { Config } from '../config/config.ts';
import type { Disk } from '../disk/disk.ts';
import { snapshotOf } from '../plan/code-snapshot.ts';
import type { Compiled, CompiledAction } from '../plan/compile/model.ts';
import { digest } from '../plan/digest.ts';
import { makeLock } from '../plan/lock.ts';
import type { Before, Lock, Rates } from '../plan/lock-model.ts';
import { completePlan, type Made, makePlan } from '../plan/make-plan.ts';
import type { Measured } from '../plan/measured.ts';
import type { Plan, Policy } from '../plan/model.ts';
import { remeasure } from '../plan/remeasure.ts';
import type { StateFolder } from '../state/state-folder.ts';
import { VERSION } from '../version.ts';
import { measure } from './measure.ts';

export interface PlanRequest {
  readonly audit: Audit;
  readonly config: Config;
  readonly disk: Disk;
  readonly rates: Rates;
  /** Where audits keep what they learnt; `null`: nothing is taken from it. */
  readonly cacheDir: string | null;
  /** Parent folder for private copies of stores. */
  readonly scratchDir?: string;
  readonly signal?: AbortSignal;
  /** Where ledgers of earlier runs lie. */
  readonly state?: StateFolder;
  /** What was asked for on the command line. */
  readonly policy: Policy;
  /** Measured again; `null`: a new plan with the id `id`. */
  readonly from: Plan | null;
  readonly id: string;
}

export interface Planned {
  readonly plan: Plan;
  readonly compiled: Compiled;
  readonly asIf: ReadonlyMap<string, CompiledAction>;
  readonly lock: Lock;
  readonly measured: Measured;
}

export async function planProject(request: PlanRequest): Promise<Planned> {
  const { audit, config, disk, rates, cacheDir, scratchDir, signal, state, policy, from, id } = request;
  const measured = measure({
    audit,
    config,
    disk,
    cacheDir,
    ...(state === undefined ? {} : { state }),
    ...(scratchDir === undefined ? {} : { scratchDir }),
    ...(signal === undefined ? {} : { signal }),
  });
  const made =
    from === null
      ? await makePlan(measured, { id, policy, rates })
      : await remeasure(from, measured, { policy, rates });
  return locked(made, measured, rates);
}

/** After decisions were answered: what is generated and the lock follow. */
export async function planAgain(plan: Plan, measured: Measured, rates: Rates): Promise<Planned> {
  return locked(await completePlan(plan, rates, measured), measured, rates);
}

function locked({ plan, compiled, asIf, rules }: Made, measured: Measured, rates: Rates): Planned {
  const { audit } = measured;
  const lock = makeLock({
    plan,
    compiled,
    asIf,
    rules,
    before: beforeOf(audit),
    project: { root: audit.project.root, git: audit.project.git },
    rates,
    tool: VERSION,
    at: new Date(audit.now).toISOString(),
  });
  return { plan, compiled, asIf, lock, measured };
}

function beforeOf(audit: Audit): Before {
  return { code: snapshotOf(audit), tree: digest('files\n', [...audit.code.paths].sort()) };
}
