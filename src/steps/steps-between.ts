/**
 * The steps from what is there to what should be there. Pure, and the same for the same changes in any order. Actions compile through
 * it, and so does every way back. Folders are made before what goes into them and removed after what was in them; a file that only
 * moved is renamed; where renames wait for each other in a circle, one goes aside first.
 */

import { ABSENT, type FileState, type LinkState, type PathState, same } from '../disk/path-state.ts';
import { keyOf, type RecordedPath, shownPath } from '../disk/paths.ts';
import { inOrder, type Node, node } from './order-steps.ts';
import type { PlannedStep, Put } from './step.ts';

export interface Change {
  readonly path: RecordedPath;
  readonly now: PathState;
  /** Modes of folders that stay are not changed: there is no step for it. */
  readonly want: PathState;
  /** Where the file or link lies that is to be renamed to here: another change's path. Only within one file system. */
  readonly movedFrom?: RecordedPath;
  readonly action: string;
  readonly store?: RecordedPath;
  /** How a file that stays gets its new content; `replace` if left out. */
  readonly how?: Put['how'];
}

export function stepsBetween(changes: readonly Change[]): readonly PlannedStep[] {
  const all = new Map<string, Change>();
  for (const change of changes) {
    const key = keyOf(change.path);
    if (all.has(key)) throw new Error(`two changes of ${shownPath(change.path)}`);
    all.set(key, change);
  }
  const takers = takersOf(all);
  const made = { nodes: [] as Node[], vacates: new Map<string, Node>(), fills: new Map<string, Node>() };
  // Sorted, so that the order of the changes is not seen in the order of the steps.
  for (const [key, change] of [...all].sort(([a], [b]) => (a < b ? -1 : 1))) nodesOf(key, change, all, takers, made);
  for (const [key, fill] of made.fills) {
    const vacate = made.vacates.get(key);
    if (vacate !== undefined && vacate !== fill) fill.after.push({ node: vacate, of: 'vacated' });
    const folder = nearestAbove(key, made.fills);
    if (folder !== undefined) fill.after.push({ node: folder, of: 'filled' });
    for (const above of pathsAbove(key)) {
      const over = all.get(above);
      if (over !== undefined && over.want.kind !== 'folder')
        throw new Error(`${above} is to hold ${key} and not to be`);
    }
  }
  for (const [key, vacate] of made.vacates) {
    const folder = nearestAbove(key, made.vacates);
    if (folder !== undefined) folder.after.push({ node: vacate, of: 'vacated' });
  }
  return inOrder(made.nodes, (key) => {
    const change = all.get(key);
    return change === undefined || (change.now.kind === 'folder' && change.want.kind === 'folder');
  });
}

interface Made {
  readonly nodes: Node[];
  /** What takes away that which is at a path now; what brings there that which is to be. One node may do both. */
  readonly vacates: Map<string, Node>;
  readonly fills: Map<string, Node>;
}

/** Source of a rename → the change that takes it. */
function takersOf(all: ReadonlyMap<string, Change>): ReadonlyMap<string, Change> {
  const takers = new Map<string, Change>();
  for (const [key, change] of all) {
    if (change.movedFrom === undefined) continue;
    const from = keyOf(change.movedFrom);
    const source = all.get(from)?.now.kind;
    if (from === key || takers.has(from) || (source !== 'file' && source !== 'link')) {
      throw new Error(`${shownPath(change.movedFrom)} cannot be moved to ${shownPath(change.path)}`);
    }
    takers.set(from, change);
  }
  return takers;
}

function nodesOf(
  key: string,
  change: Change,
  all: ReadonlyMap<string, Change>,
  takers: ReadonlyMap<string, Change>,
  made: Made,
): void {
  const { path, now, want, movedFrom, how = 'replace' } = change;
  if (want.kind === 'special' || now.kind === 'special') {
    throw new Error(`${shownPath(path)} is neither a file nor a folder nor a link`);
  }
  const common = { action: change.action, ...(change.store === undefined ? {} : { store: change.store }) };
  const add = (step: PlannedStep, where: 'vacates' | 'fills' | 'both' | 'neither'): Node => {
    const one = node(step);
    made.nodes.push(one);
    if (where === 'vacates' || where === 'both') made.vacates.set(key, one);
    if (where === 'fills' || where === 'both') made.fills.set(key, one);
    return one;
  };
  const put = (before: Put['before'], after: Put['after'], where: 'fills' | 'both' | 'neither'): Node =>
    add({ op: 'put', path, before, after, how: before.kind === 'absent' ? 'replace' : how, ...common }, where);

  const moves = takers.has(key);
  if (isContent(now) && !moves) {
    if (isContent(want) && movedFrom === undefined) {
      if (!same(now, want)) put(now, want, 'both');
      return;
    }
    add({ op: 'remove', path, before: now, ...common }, 'vacates');
  }
  if (now.kind === 'folder' && want.kind !== 'folder') {
    add({ op: 'remove-folder', path, before: now, ...common }, 'vacates');
  }
  if (want.kind === 'folder' && now.kind !== 'folder') {
    add({ op: 'make-folder', path, after: want, ...common }, 'fills');
  }
  if (!isContent(want)) return;
  const source = movedFrom === undefined ? undefined : all.get(keyOf(movedFrom))?.now;
  if (movedFrom === undefined || source === undefined || !isContent(source)) {
    put(ABSENT, want, 'fills');
    return;
  }
  const renamed = add({ op: 'rename', path: movedFrom, to: path, before: source, ...common }, 'fills');
  made.vacates.set(keyOf(movedFrom), renamed);
  if (!same(source, want)) put(source, want, 'neither').after.push({ node: renamed, of: 'filled' });
}

function isContent(state: PathState): state is FileState | LinkState {
  return state.kind === 'file' || state.kind === 'link';
}

/** The folders that a path lies in, innermost first; keys are bytes as characters, so `/` is a character. */
export function* pathsAbove(key: string): Generator<string> {
  for (let at = key.lastIndexOf('/'); at > 0; at = key.lastIndexOf('/', at - 1)) yield key.slice(0, at);
}

function nearestAbove(key: string, among: ReadonlyMap<string, Node>): Node | undefined {
  for (const above of pathsAbove(key)) {
    const found = among.get(above);
    if (found !== undefined) return found;
  }
  return undefined;
}
