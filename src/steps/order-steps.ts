/**
 * Puts steps into an order in which each has what it needs. They come in rounds: all of a round could change places, so that many
 * fit into one batch. Where nothing is ready any more, renames wait for each other, and one of them is made in two.
 */
import { bytesOf, keyOf, type RecordedPath, recordedPath } from '../disk/paths.ts';
import type { PlannedStep, Rename } from './step.ts';

export interface Node {
  step: PlannedStep;
  readonly after: Need[];
}

/** A rename takes something away and brings it somewhere: what waits for it waits for one of the two. */
interface Need {
  readonly node: Node;
  readonly of: 'vacated' | 'filled';
}

export function node(step: PlannedStep): Node {
  return { step, after: [] };
}

/** `stays`: a folder of that key is there all the time, so that something can lie aside in it. */
export function inOrder(nodes: readonly Node[], stays: (key: string) => boolean): readonly PlannedStep[] {
  const ordered: PlannedStep[] = [];
  const waiting = new Set(nodes);
  /** What was taken away already of renames that were made in two. */
  const vacated = new Set<Node>();
  const isOpen = (need: Need): boolean => waiting.has(need.node) && !(need.of === 'vacated' && vacated.has(need.node));
  const open = new Map<Node, number>();
  const dependents = new Map<Node, { node: Node; of: Need['of'] }[]>();
  for (const one of nodes) {
    open.set(one, one.after.length);
    for (const need of one.after) {
      const list = dependents.get(need.node);
      if (list === undefined) dependents.set(need.node, [{ node: one, of: need.of }]);
      else list.push({ node: one, of: need.of });
    }
  }
  let ready: Node[] = nodes.filter((one) => one.after.length === 0);
  const settle = (one: Node, is: (of: Need['of']) => boolean, next: Node[]): void => {
    for (const { node: waits, of } of dependents.get(one) ?? []) {
      if (!is(of)) continue;
      const left = (open.get(waits) ?? 0) - 1;
      open.set(waits, left);
      if (left === 0) next.push(waits);
    }
  };
  for (let aside = 0; waiting.size > 0; ) {
    const next: Node[] = [];
    if (ready.length === 0) {
      const stuck = renameInCircle(waiting, isOpen, vacated);
      const { step } = stuck;
      const place = placeAside(step.to, ++aside, stays);
      ordered.push({ ...step, to: place });
      stuck.step = { ...step, path: place };
      vacated.add(stuck);
      settle(stuck, (of) => of === 'vacated', next);
    }
    for (const { step } of ready.map(withOrder).sort(byOrder)) ordered.push(step);
    for (const one of ready) waiting.delete(one);
    for (const one of ready) settle(one, (of) => of === 'filled' || !vacated.has(one), next);
    ready = next;
  }
  return ordered;
}

type RenameNode = Node & { step: Omit<Rename, 'n'> };

/** Following what waits from anywhere leads into a circle; every circle has a rename, since nothing else both takes and brings. */
function renameInCircle(
  waiting: ReadonlySet<Node>,
  isOpen: (need: Need) => boolean,
  vacated: ReadonlySet<Node>,
): RenameNode {
  const walked = new Map<Node, number>();
  const way: Node[] = [];
  let [at] = waiting;
  while (at !== undefined && !walked.has(at)) {
    walked.set(at, way.length);
    way.push(at);
    at = at.after.find(isOpen)?.node;
  }
  const circle = at === undefined ? [] : way.slice(walked.get(at));
  const [first] = circle
    .filter((one): one is RenameNode => one.step.op === 'rename' && !vacated.has(one))
    .sort((a, b) => (keyOf(a.step.path) < keyOf(b.step.path) ? -1 : 1));
  if (first === undefined) throw new Error('steps wait for each other without a rename');
  return first;
}

/** In the innermost folder above that is neither made nor removed. */
function placeAside(to: RecordedPath, count: number, stays: (key: string) => boolean): RecordedPath {
  const name = `.desprawl-aside-${count}`;
  const key = keyOf(to);
  for (let at = key.lastIndexOf('/'); at > 0; at = key.lastIndexOf('/', at - 1)) {
    if (stays(key.slice(0, at)))
      return recordedPath(Buffer.concat([bytesOf(to).subarray(0, at + 1), Buffer.from(name)]));
  }
  return name;
}

interface Ordered {
  readonly step: PlannedStep;
  readonly rank: number;
  /** A store and its sidecars stand together. */
  readonly group: string;
  /** A main file goes last: a new one beside an old WAL would make SQLite delete the WAL. */
  readonly member: number;
  readonly path: string;
}

const RANKS: Readonly<Record<PlannedStep['op'], number>> = {
  'make-folder': 0,
  rename: 1,
  put: 1,
  remove: 2,
  'git-index': 3,
  'remove-folder': 4,
};

function withOrder({ step }: Node): Ordered {
  const path = keyOf(step.op === 'git-index' ? step.index : step.path);
  if (step.store === undefined) return { step, rank: RANKS[step.op], group: path, member: 0, path };
  const member = path.endsWith('-shm') ? 0 : /-(wal|journal)$/.test(path) ? 1 : 2;
  return { step, rank: RANKS.put, group: keyOf(step.store), member, path };
}

function byOrder(a: Ordered, b: Ordered): number {
  if (a.rank !== b.rank) return a.rank - b.rank;
  if (a.group !== b.group) return a.group < b.group ? -1 : 1;
  if (a.member !== b.member) return a.member - b.member;
  return a.path < b.path ? -1 : 1;
}
