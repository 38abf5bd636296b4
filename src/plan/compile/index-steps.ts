/** Entries of git's index as steps: one per action, after everything else of the phase. */

import type { IndexChange, IndexEntry, PlannedStep } from '../../steps/step.ts';
import type { Measured } from '../measured.ts';
import type { DraftOf } from './draft.ts';

export function indexSteps(drafts: readonly DraftOf[], { git }: Measured): readonly PlannedStep[] {
  if (git === null) return [];
  const now = new Map<string, IndexEntry | null>();
  return drafts.flatMap(({ action, draft }): readonly PlannedStep[] => {
    const entries = draft.entries.flatMap(({ path, after }): readonly IndexChange[] => {
      const before = now.has(path) ? (now.get(path) ?? null) : git.entryOf(path);
      now.set(path, after);
      if (JSON.stringify(before) === JSON.stringify(after)) return [];
      return [{ path: `${git.prefix}${path}`, before, after }];
    });
    if (entries.length === 0) return [];
    return [{ op: 'git-index', index: git.index, entries: [...entries].sort(byPath), action: action.id }];
  });
}

function byPath(x: IndexChange, y: IndexChange): number {
  return String(x.path) < String(y.path) ? -1 : 1;
}
