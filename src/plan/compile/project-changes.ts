/** Everything that phases did so far, against the project as it is: what the project as it would be is made of. */
import type { ProjectChanges } from '../overlay.ts';
import type { Merged } from './merge.ts';

export interface ChangesSoFar {
  /** Path now → path at first, of files that moved. */
  readonly origins: ReadonlyMap<string, string>;
  readonly texts: ReadonlyMap<string, Buffer>;
  readonly removed: ReadonlySet<string>;
}

export const NO_CHANGES: ChangesSoFar = { origins: new Map(), texts: new Map(), removed: new Set() };

export function withChanges(before: ChangesSoFar, { after }: Pick<Merged, 'after'>): ChangesSoFar {
  const origins = new Map(before.origins);
  const texts = new Map(before.texts);
  const removed = new Set(before.removed);
  const originOf = (path: string): string => before.origins.get(path) ?? path;
  const taken = new Set([...after.values()].flatMap(({ movedFrom }) => movedFrom ?? []));
  // What leaves a path first: another file may come to it.
  for (const [path, { state, movedFrom }] of after) {
    if (state.kind !== 'absent' && movedFrom === undefined && !taken.has(path)) continue;
    if (!taken.has(path) && state.kind === 'absent') removed.add(originOf(path));
    origins.delete(path);
    texts.delete(path);
  }
  for (const [path, { state, content, movedFrom }] of after) {
    if (movedFrom !== undefined) {
      origins.set(path, originOf(movedFrom));
      const text = before.texts.get(movedFrom);
      if (text !== undefined) texts.set(path, text);
    }
    if (content !== undefined && state.kind === 'file') texts.set(path, Buffer.from(content));
  }
  return { origins, texts, removed };
}

/** As code sees it: stores that only go are still there, since who opened them is another question. */
export function codeChanges(
  { origins, texts, removed }: ChangesSoFar,
  isCode: (path: string) => boolean,
): ProjectChanges {
  const moved = [...origins].filter(([now, first]) => now !== first).map(([now, first]) => [first, now] as const);
  return { texts, moved: new Map(moved), removed: new Set([...removed].filter(isCode)) };
}
