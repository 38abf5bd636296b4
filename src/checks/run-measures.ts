/**
 * Measures commands of a project before and after, in turns, so that a machine that gets slower meanwhile is slow for both. Of five
 * runs the median counts.
 */
import type { MeasureConfig } from '../config/config.ts';
import { type CheckGround, type InCopy, inCopy } from './in-copy.ts';
import type { MeasureOutcome } from './model.ts';
import { type Ended, type Group, runGroup } from './process-group.ts';
import { NOT_AGREED } from './run-checks.ts';
import { type MemoryWatch, watchMemory } from './watch-memory.ts';

export interface MeasuresRequest extends CheckGround {
  readonly before: string;
  readonly after: string;
  readonly measures: Readonly<Record<string, MeasureConfig>>;
  readonly consent: boolean;
  readonly runs?: number;
}

const RUNS = 5;

export async function runMeasures(request: MeasuresRequest): Promise<readonly MeasureOutcome[]> {
  const outcomes: MeasureOutcome[] = [];
  for (const [name, measure] of Object.entries(request.measures)) {
    request.signal?.throwIfAborted();
    outcomes.push({ name, of: measure.of, tolerance: measure.tolerance, ...(await measured(request, measure)) });
  }
  return outcomes;
}

type Measured = Pick<MeasureOutcome, 'before' | 'after' | 'ok' | 'why'>;

async function measured(request: MeasuresRequest, measure: MeasureConfig): Promise<Measured> {
  if (!request.consent) return { before: null, after: null, ok: false, why: NOT_AGREED };
  return inCopy(request, request.before, (before) =>
    inCopy(request, request.after, async (after) => {
      const { result, wrote } = await before.watched(() => inTurns(measure, before, after, request.runs ?? RUNS));
      if (wrote.length === 0) return result;
      return { ...result, ok: false, why: `wrote into the project: ${wrote.join(', ')}` };
    }),
  );
}

async function inTurns(measure: MeasureConfig, before: InCopy, after: InCopy, runs: number): Promise<Measured> {
  const values: { before: number[]; after: number[] } = { before: [], after: [] };
  const failed: { before?: string; after?: string } = {};
  for (let run = 0; run < runs; run++) {
    for (const [side, copy] of [
      ['before', before],
      ['after', after],
    ] as const) {
      if (failed[side] !== undefined) continue;
      const value = await once(measure, copy);
      if (typeof value === 'number') values[side].push(value);
      else failed[side] = value;
    }
  }
  const was = failed.before === undefined ? median(values.before) : null;
  const is = failed.after === undefined ? median(values.after) : null;
  if (is === null) {
    const as = was === null ? ', as before' : '';
    return { before: was, after: is, ok: was === null, why: `${failed.after ?? 'failed'}${as}` };
  }
  if (was === null) return { before: was, after: is, ok: true, why: `before, it ${failed.before ?? 'failed'}` };
  const ok = is <= was * (1 + measure.tolerance);
  return { before: was, after: is, ok, ...(ok ? {} : { why: `more than ${percent(measure.tolerance)} worse` }) };
}

/** A number, or why there is none. */
async function once(measure: MeasureConfig, copy: InCopy): Promise<number | string> {
  let memory: MemoryWatch | undefined;
  const watch = (group: Group): MemoryWatch => {
    memory = watchMemory(group.pid);
    return memory;
  };
  const request = { command: measure.run, cwd: copy.root, env: copy.env, signal: copy.signal };
  const ended: Ended = await runGroup(request, measure.timeout, measure.of === 'memory' ? watch : undefined);
  if (ended.how === 'timeout') return `did not end within ${measure.timeout} s`;
  if (ended.how !== 0) return `ended with ${ended.how}`;
  if (measure.of === 'seconds') return ended.seconds;
  const most = memory?.most() ?? 0;
  return most > 0 ? most : 'ended before its memory could be seen';
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((x, y) => x - y);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))}%`;
}
