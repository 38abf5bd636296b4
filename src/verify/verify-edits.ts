/**
 * Each edit of a run stands. A file that is byte for byte as the run left it needs no look; in one that was edited since, the new text
 * is looked for.
 */
import type { VerifyFinding } from '../apply/model.ts';
import { count } from '../audit/wording.ts';
import type { Hunk } from '../plan/lock-model.ts';

export interface EditsInput {
  readonly hunks: readonly Hunk[];
  readonly moved: ReadonlyMap<string, string>;
  /** Files that are not as the run left them. */
  readonly changedSince: ReadonlySet<string>;
  /** `null`: there is none. */
  readonly read: (path: string) => string | null;
}

export function editsFinding({ hunks, moved, changedSince, read }: EditsInput): VerifyFinding {
  const places = hunks.flatMap(({ path, at, to }) => {
    const now = moved.get(path) ?? path;
    if (!changedSince.has(now)) return [];
    const text = read(now);
    if (text === null) return [{ path: now, what: 'the file is gone' }];
    return text.includes(to) ? [] : [{ path: now, line: at[2], what: `${to} does not stand there any more` }];
  });
  return {
    what: 'edits',
    ok: places.length === 0,
    detail:
      places.length === 0
        ? `${count(hunks.length, 'edit')} ${hunks.length === 1 ? 'stands' : 'stand'}`
        : `${count(places.length, 'edit')} undone since`,
    places,
  };
}
