/**
 * Runs stand on each other where they touched the same paths (trap S21). Which is above which is what `after` of each says, and not
 * what clocks said. Pure.
 */
import type { RunHeader, RunId } from '../apply/model.ts';

export interface StackedRun extends Pick<RunHeader, 'after' | 'undoes'> {
  readonly id: RunId;
  /** Its changes are in the project, as a whole or in part. */
  readonly inForce: boolean;
}

/**
 * The runs that must be taken back before `run` can be, in the order in which they go: those in force that stand on it, what stands on
 * those, and what is in force again once one of them, a rollback, is taken back itself.
 */
export function laterRuns(runs: readonly StackedRun[], run: RunId): readonly RunId[] {
  const byId = new Map(runs.map((one) => [one.id, one]));
  const belowOf = (id: RunId): ReadonlySet<RunId> => reached(id, (one) => byId.get(one)?.after ?? []);
  const below = new Map(runs.map(({ id }) => [id, belowOf(id)]));
  /** A rollback of what itself stands on `id` has left nothing of it; one of `id`, or of what lies below, has. */
  const standsOn = (one: StackedRun, id: RunId): boolean =>
    below.get(one.id)?.has(id) === true &&
    (one.undoes.length === 0 || one.undoes.some((undone) => undone === id || below.get(id)?.has(undone) === true));
  const goes = new Set<RunId>([run]);
  // The set grows while it is walked.
  for (const id of goes) {
    for (const one of runs) if (one.inForce && standsOn(one, id)) goes.add(one.id);
    if (id === run) continue;
    for (const undone of byId.get(id)?.undoes ?? []) {
      const again = byId.get(undone);
      if (again !== undefined && [...goes].some((other) => other !== id && standsOn(again, other))) goes.add(undone);
    }
  }
  goes.delete(run);
  return topFirst([...goes].map((id) => ({ id, below: belowOf(id) })));
}

/** What a new run that touches `paths` stands on: `after` of its header. `paths` of each run as keys. */
export function stackedOn(
  runs: readonly (StackedRun & { readonly paths: ReadonlySet<string> })[],
  paths: Iterable<string>,
): readonly RunId[] {
  const touched = [...paths];
  const candidates = runs.filter((run) => run.inForce && touched.some((path) => run.paths.has(path)));
  const byId = new Map(runs.map((run) => [run.id, run]));
  const covered = new Set<RunId>();
  for (const { id } of candidates) {
    for (const under of reached(id, (one) => byId.get(one)?.after ?? [])) covered.add(under);
  }
  return candidates
    .map(({ id }) => id)
    .filter((id) => !covered.has(id))
    .sort();
}

/** All that can be reached, without the beginning. */
function reached(from: RunId, next: (id: RunId) => readonly RunId[]): ReadonlySet<RunId> {
  const found = new Set<RunId>();
  const waiting = [from];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (const id of next(at)) {
      if (found.has(id)) continue;
      found.add(id);
      waiting.push(id);
    }
  }
  return found;
}

/** Each after all that stand on it, also by way of others. */
function topFirst(runs: readonly { readonly id: RunId; readonly below: ReadonlySet<RunId> }[]): readonly RunId[] {
  const left = new Set(runs);
  const order: RunId[] = [];
  while (left.size > 0) {
    const [top] = [...left]
      .filter(({ id }) => ![...left].some(({ below }) => below.has(id)))
      .sort((a, b) => (a.id < b.id ? 1 : -1));
    if (top === undefined) throw new Error('runs stand on each other in a circle');
    order.push(top.id);
    left.delete(top);
  }
  return order;
}
