/** The plan file that a command is about: where it is, what is in it. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import { DesprawlError } from '../errors.ts';
import type { Plan } from '../plan/model.ts';
import { readPlan } from '../plan/read-plan.ts';

export interface PlanFile {
  /** As the user named it, for messages. */
  readonly name: string;
  readonly path: string;
  readonly text: string;
  readonly plan: Plan;
}

/** Throws `DSP-PLAN-MISSING`, `DSP-PLAN-INVALID`. `folder`: what `name` is relative to. */
export function readPlanFile(folder: string, name: string, config: Config): PlanFile {
  const path = resolve(folder, name);
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new DesprawlError('DSP-PLAN-MISSING', `There is no plan ${name}.`, { cause });
    throw new DesprawlError('DSP-PLAN-INVALID', `${name} cannot be read: ${message}.`, { cause });
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new DesprawlError('DSP-PLAN-INVALID', `${name} cannot be read: it is not UTF-8.`, { cause });
  }
  const known = { checks: Object.keys(config.checks), measures: Object.keys(config.measures) };
  return { name, path, text, plan: readPlan(text, name, known) };
}
