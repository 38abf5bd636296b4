/**
 * Bindings that changed although nothing is opened otherwise: what one module opened for a file another one opens now, and what was always
 * so and is only told now. What a call can be given is looked up at a few of its callers: when some of them go, others come into view.
 */
import type { CodeSnapshot, SeenBinding } from './code-snapshot.ts';
import { type ChangedBinding, type MovedPaths, placeOf } from './delta.ts';
import type { PlannedBinding } from './lock-model.ts';

/** How a line is told that opens the same file in every way of starting. */
const EVERYWHERE = 'wherever it is started';

export interface ExplainedBy {
  readonly before: CodeSnapshot;
  readonly after: CodeSnapshot;
  readonly moved: MovedPaths;
  /** Files that were written or moved, by their paths afterwards. */
  readonly touched: ReadonlySet<string>;
  /** By their paths before. */
  readonly removed: ReadonlySet<string>;
  /** What lines are to open instead: a module that goes may have opened what its heir opens under another name. */
  readonly planned?: readonly PlannedBinding[];
}

/** Those of `changed` that are no change of what is opened. */
export function explainedBindings(changed: readonly ChangedBinding[], by: ExplainedBy): ReadonlySet<ChangedBinding> {
  const contexts = new Set(by.before.bindings.map(({ context }) => context));
  return new Set(
    changed.filter(
      (one) =>
        isTakenOver(one, changed, by) ||
        isTwoThings(one, changed, by) ||
        isJoined(one, by) ||
        isOnlyToldNow(one, contexts, by) ||
        went(one, by) ||
        isSmallerFamily(one, by),
    ),
  );
}

/**
 * A file that took its connection from one module takes it from another one now: what the first one opened for it, the second one does.
 * True of both sides.
 */
function isTakenOver({ before, after }: ChangedBinding, changed: readonly ChangedBinding[], by: ExplainedBy): boolean {
  if ((before === null) === (after === null)) return false;
  const takes = (lost: SeenBinding, gained: SeenBinding): boolean =>
    placesOf(lost, by).includes(placeOf(gained.target)) && isTakenInstead(lost.path, gained.path, by);
  return changed.some((other) => {
    if (before !== null) return other.before === null && other.after !== null && takes(before, other.after);
    return other.after === null && other.before !== null && after !== null && takes(other.before, after);
  });
}

/**
 * A line that is given several paths: one of them is another one now, as was planned, and one more came from a module that goes. What one of them was
 * and the other one is says nothing.
 */
function isTwoThings(one: ChangedBinding, changed: readonly ChangedBinding[], by: ExplainedBy): boolean {
  const { before, after } = one;
  if (before === null || after === null || !isTakenOver({ ...one, before: null }, changed, by)) return false;
  const [, ...instead] = placesOf(before, by);
  const path = by.moved.get(before.path) ?? before.path;
  return by.after.bindings.some((now) => now.path === path && instead.includes(placeOf(now.target)));
}

/** Ways of starting that opened two stores open one now, as was planned of both: they are told as one. */
function isJoined({ before, after }: ChangedBinding, by: ExplainedBy): boolean {
  if (before === null || after !== null) return false;
  const [, ...instead] = placesOf(before, by);
  const path = by.moved.get(before.path) ?? before.path;
  const contexts = before.context.split('; ');
  return by.after.bindings.some((now) => {
    const told = now.context.split('; ');
    const isTold = now.context === EVERYWHERE || contexts.every((one) => told.includes(one));
    return now.path === path && instead.includes(placeOf(now.target)) && isTold;
  });
}

/** What a line opened, and what it is to open instead. */
function placesOf(lost: SeenBinding, { planned = [] }: ExplainedBy): readonly string[] {
  const place = placeOf(lost.target);
  const others = planned.flatMap(({ site, before, after }) =>
    site.replace(/:\d+$/, '') === lost.path && `file ${before}` === place && after !== null ? [`file ${after}`] : [],
  );
  return [place, ...others];
}

function isTakenInstead(lost: string, gained: string, { before, after, moved }: ExplainedBy): boolean {
  const now = (path: string): string => moved.get(path) ?? path;
  const takers = new Set(after.imports.filter(({ to }) => to === gained).map(({ from }) => from));
  return before.imports.some(({ from, to }) => now(to) === lost && takers.has(now(from)));
}

/**
 * Neither the call nor anything that its answer was read from changed, and it is started as things were started before. It may be told with less
 * certainty: that is a matter of what else there is to see.
 */
function isOnlyToldNow(
  { before, after }: ChangedBinding,
  contexts: ReadonlySet<string>,
  { touched }: ExplainedBy,
): boolean {
  if (after === null || !contexts.has(after.context)) return false;
  if (before !== null && placeOf(before.target) !== placeOf(after.target)) return false;
  return [after.path, ...(after.via ?? []), ...(before?.via ?? [])].every((path) => !touched.has(path));
}

/** With its file, or with a caller, and whoever took it from there opens it elsewhere: two equal modules beside two files open two files. */
function went({ before, after: now }: ChangedBinding, by: ExplainedBy): boolean {
  const { removed, moved, after } = by;
  if (now !== null || before === null) return false;
  if (!removed.has(before.path)) return (before.via ?? []).some((path) => removed.has(path));
  const takers = new Set(
    by.before.imports.flatMap(({ from, to }) =>
      to === before.path && !removed.has(from) ? [moved.get(from) ?? from] : [],
    ),
  );
  if (takers.size === 0) return true;
  const heirs = new Set(after.imports.flatMap(({ from, to }) => (takers.has(from) ? [to] : [])));
  const places = placesOf(before, by);
  return after.bindings.some((one) => heirs.has(one.path) && places.includes(placeOf(one.target)));
}

/** What one name stands for many of, `cache_{id}.db`, is fewer files when some of them go: the line opens what it opened, by the name that it makes. */
function isSmallerFamily({ before, after }: ChangedBinding, { removed }: ExplainedBy): boolean {
  if (before?.target.kind !== 'family') return false;
  const { pattern, stores } = before.target;
  if (after !== null && (after.target.kind !== 'family' || after.target.pattern !== pattern)) return false;
  const now = after?.target.kind === 'family' ? after.target.stores : [];
  return (
    stores.some((store) => !now.includes(store)) &&
    stores.every((store) => now.includes(store) || removed.has(store)) &&
    now.every((store) => stores.includes(store))
  );
}
