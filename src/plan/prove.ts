/**
 * The proof of a plan: all its edits, moves and removals on the project as it would be, read anew, and compared with the project as it is. Planners and
 * compilers need not be right by cleverness: what changes here and was not planned is found before anything is touched.
 */
import { type CodeSnapshot, snapshotOf } from './code-snapshot.ts';
import { type ChangedBinding, type Delta, delta, placeOf } from './delta.ts';
import { explainedBindings } from './explained-bindings.ts';
import type { PlannedBinding } from './lock-model.ts';
import { lookAtOverlay, type ProjectChanges, type ProjectNow } from './overlay.ts';

export interface Planned {
  readonly bindings: readonly PlannedBinding[];
  /** Module → the one that takes its place at its importers. */
  readonly instead: ReadonlyMap<string, string>;
}

export interface Unplanned {
  /** File afterwards, or before where it goes. */
  readonly path: string;
  readonly line: number;
  readonly what: string;
}

export interface Proof {
  readonly after: CodeSnapshot;
  readonly delta: Delta;
  readonly unplanned: readonly Unplanned[];
}

export async function prove(
  now: ProjectNow,
  before: CodeSnapshot,
  changes: ProjectChanges,
  planned: Planned,
  signal?: AbortSignal,
): Promise<Proof> {
  const after = snapshotOf(await lookAtOverlay(now, changes, signal));
  const change = delta(before, after, changes.moved);
  return { after, delta: change, unplanned: unplannedIn(change, changes, planned, { before, after }) };
}

/** What a change does beside what was planned. */
export function unplannedIn(
  change: Delta,
  { moved, removed, texts }: ProjectChanges,
  planned: Planned,
  states: { readonly before: CodeSnapshot; readonly after: CodeSnapshot },
): readonly Unplanned[] {
  const found: Unplanned[] = [];
  const say = (path: string, line: number, what: string): void => {
    found.push({ path, line, what });
  };
  for (const { path, line, what } of change.unresolved.gained) say(path, line, `imports ${what}, which leads nowhere`);
  for (const { path, line, what } of change.names.gained) say(path, line, `takes ${what}, which is not there`);
  for (const { path, line, what } of change.references.gained) say(path, line, `names ${what}, which is not there`);
  for (const { path, problem } of change.syntax)
    say(path, 1, `can no longer be read: ${problem ?? 'it does not parse'}`);
  const now = (path: string): string => moved.get(path) ?? path;
  const heirs = new Set([...planned.instead].map(([from, to]) => `${now(from)}\n${now(to)}`));
  const isMeant = (from: string, lost: string): boolean =>
    change.imports.gained.some((one) => one.from === from && heirs.has(`${lost}\n${one.to}`));
  for (const { from, to, line } of change.imports.lost) {
    if (!removed.has(from) && !removed.has(to) && !isMeant(from, to)) say(from, line, `no longer loads ${to}`);
  }
  for (const { from, to, line } of change.imports.gained) {
    const isHeir = [...planned.instead.values()].some((heir) => now(heir) === to);
    // A new file loads what it loads.
    if (!isHeir && !(texts.has(from) && !isOld(from, change)) && !isNewFile(to, change))
      say(from, line, `loads ${to} instead`);
  }
  const touched = new Set([...texts.keys(), ...moved.values()]);
  const explained = explainedBindings(change.bindings, {
    ...states,
    moved,
    touched,
    removed,
    planned: planned.bindings,
  });
  for (const one of change.bindings) {
    if (isPlanned(one, planned.bindings, moved) || explained.has(one)) continue;
    const at = one.after ?? one.before;
    if (at !== null) say(at.path, at.line, `opened ${shown(one.before)}, would open ${shown(one.after)}`);
  }
  return found;
}

/** A file that imported something before. */
const isOld = (path: string, { imports }: Delta): boolean => imports.lost.some(({ from }) => from === path);
/** Packages that a move makes. */
const isNewFile = (path: string, { imports }: Delta): boolean =>
  path.endsWith('/__init__.py') && !imports.lost.some(({ to }) => to === path);

function isPlanned(
  { before, after }: ChangedBinding,
  planned: readonly PlannedBinding[],
  moved: ReadonlyMap<string, string>,
): boolean {
  if (after === null) return false;
  const now = (path: string): string => moved.get(path) ?? path;
  return planned.some((one) => {
    const path = one.site.replace(/:\d+$/, '');
    return (
      now(path) === after.path &&
      one.after !== null &&
      placeOf(after.target) === `file ${one.after}` &&
      (before === null || one.before === null || placeOf(before.target) === `file ${now(one.before)}`)
    );
  });
}

const shown = (binding: ChangedBinding['before']): string =>
  binding === null
    ? 'nothing'
    : `${placeOf(binding.target).replace(/^file /, '')} ${binding.context}${binding.confidence === 'proven' ? '' : ` (${binding.confidence})`}`;
