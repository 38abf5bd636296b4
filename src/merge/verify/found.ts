import type { MergeProblem, MergeVerification } from '../model.ts';

/** Takes what a check counted; nothing is said of a count of 0. */
export type Found = (
  what: MergeProblem['what'],
  table: string,
  source: string | null,
  rows: number,
  detail: string,
) => void;

/** The same of a count against which the sources of all shares are to be set (`share.ts`). */
export type Unbalanced = (
  what: MergeProblem['what'],
  table: string,
  rows: number,
  detail: string,
  against: string | null,
) => void;

/** What is said of a merged file that is not whole. */
export function damaged(message: string): MergeVerification {
  const problem: MergeProblem = { what: 'integrity', table: '', source: null, rows: 1, detail: message };
  return { problems: [problem], rows: 0, notVerified: [{ what: 'rows', why: 'the merged file is damaged' }] };
}
