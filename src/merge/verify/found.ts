import type { MergeProblem } from '../model.ts';

/** Takes what a check counted; nothing is said of a count of 0. */
export type Found = (
  what: MergeProblem['what'],
  table: string,
  source: string | null,
  rows: number,
  detail: string,
) => void;
