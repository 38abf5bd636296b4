/** Folders that a run was to remove, and that somebody put something into meanwhile. */
import { type RecordedPath, shownPath } from '../disk/paths.ts';
import type { NotVerified } from './model.ts';

export function stays(left: readonly RecordedPath[]): readonly NotVerified[] {
  return left.map((path) => ({
    what: `folder ${shownPath(path)}`,
    why: 'it stays, since somebody put something into it meanwhile',
  }));
}
