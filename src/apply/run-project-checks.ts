/** The checks of a project around a run: which of them, with whose consent, on which state of it, from one folder of copies. */
import type { Audit } from '../audit/model.ts';
import type { CheckGround } from '../checks/in-copy.ts';
import type { CheckOutcome, MeasureOutcome } from '../checks/model.ts';
import { runChecks } from '../checks/run-checks.ts';
import { runMeasures } from '../checks/run-measures.ts';
import { storeVariablesOf } from '../checks/store-variables.ts';
import type { CheckConfig, MeasureConfig } from '../config/config.ts';
import type { Copies } from '../copy/copies.ts';
import { openPool } from '../stores/child/pool.ts';
import { UnreadableStore } from '../stores/reader.ts';
import { openScratch } from '../stores/scratch.ts';
import type { ProjectGround } from './ground.ts';

export interface ProjectChecks {
  readonly checks: Readonly<Record<string, CheckConfig>>;
  readonly measures: Readonly<Record<string, MeasureConfig>>;
  readonly consent: boolean;
}

/** Seconds for one query on a copy. */
const QUERY_SECONDS = 120;

/** `tree`: the project, or another state of it. `storeAt`: where a store of the configuration lies there. */
export async function checkProject(
  ground: ProjectGround,
  audit: Pick<Audit, 'code'>,
  { checks, consent }: Omit<ProjectChecks, 'measures'>,
  where: { readonly copies: Copies; readonly tree: string; readonly storeAt?: (path: string) => string },
): Promise<readonly CheckOutcome[]> {
  if (Object.keys(checks).length === 0) return [];
  const scratch = openScratch(ground.scratchDir);
  const pool = openPool({ size: 1, tempDir: scratch.dir, signal: ground.signal });
  try {
    return await runChecks({
      ...checkGround(ground, audit, where.copies),
      tree: where.tree,
      checks,
      consent,
      ...(where.storeAt === undefined ? {} : { storeAt: where.storeAt }),
      expect: async (file, sql, limit) => {
        try {
          return await pool.ask('expect', { file, sql, limit }, QUERY_SECONDS);
        } catch (error) {
          if (error instanceof UnreadableStore) return { error: error.message };
          throw error;
        }
      },
      ...(ground.onProgress === undefined
        ? {}
        : { onProgress: (progress) => ground.onProgress?.({ phase: 'check', ...progress }) }),
    });
  } finally {
    pool.close();
    scratch.close();
  }
}

export function measureProject(
  ground: ProjectGround,
  audit: Pick<Audit, 'code'>,
  { measures, consent }: Omit<ProjectChecks, 'checks'>,
  where: { readonly copies: Copies; readonly before: string; readonly after: string },
): Promise<readonly MeasureOutcome[]> {
  const { copies, before, after } = where;
  return runMeasures({ ...checkGround(ground, audit, copies), before, after, measures, consent });
}

function checkGround(
  { disk, real, env, signal }: ProjectGround,
  { code }: Pick<Audit, 'code'>,
  copies: Copies,
): CheckGround {
  return {
    disk,
    root: real,
    copies,
    env,
    storeVariables: storeVariablesOf(code, env),
    ...(signal === undefined ? {} : { signal }),
  };
}

/** Those of the configuration that a plan names; one that is not there any more is said. */
export function chosen<T>(all: Readonly<Record<string, T>>, names: readonly string[]): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
}
