/**
 * The states that runs took each path through, from the first to the last: what a rollback compares with what is there now, path by
 * path and not step by step. Pure.
 */
import { type PathState, same } from '../disk/path-state.ts';
import { keyOf, type RecordedPath } from '../disk/paths.ts';
import { type Put, type Step, transitionsOf } from '../steps/step.ts';

export interface PathChain {
  readonly path: RecordedPath;
  /** Each once; the first is the one to go back to. */
  readonly states: readonly [PathState, ...PathState[]];
  readonly last: PathState;
  /** The last action. */
  readonly action: string;
  readonly store?: RecordedPath;
  /** How its file was written: it is written so on the way back. */
  readonly how: Put['how'];
  /** The path whose file lies here in the end; `null` where it was made by the run, or none is here. */
  readonly origin: RecordedPath | null;
}

/** `steps`: of the runs, the oldest run first. By key of the path. */
export function pathChains(steps: Iterable<Step>): ReadonlyMap<string, PathChain> {
  const chains = new Map<string, PathChain>();
  for (const step of steps) {
    const carried = step.op === 'rename' ? (chains.get(keyOf(step.path)) ?? { origin: step.path }).origin : null;
    for (const { path, before, after } of transitionsOf(step)) {
      const key = keyOf(path);
      const known = chains.get(key);
      const stays = known === undefined ? path : known.origin;
      const store = step.store ?? known?.store;
      chains.set(key, {
        path,
        states: grown(known?.states ?? [before], after),
        last: after,
        action: step.action,
        ...(store === undefined ? {} : { store }),
        how: step.op === 'put' && step.how === 'in-place' ? 'in-place' : (known?.how ?? 'replace'),
        origin: after.kind === 'absent' ? null : before.kind === 'absent' ? carried : stays,
      });
    }
  }
  return chains;
}

/** The run has had it there at some time: it is nobody else's. */
export function isOfChain({ states }: Pick<PathChain, 'states'>, now: PathState): boolean {
  return states.some((state) => same(state, now));
}

function grown(states: PathChain['states'], after: PathState): PathChain['states'] {
  return states.some((state) => same(state, after)) ? states : [...states, after];
}
