/**
 * A verification in shares, so that several children can work on one at the same time. What a share finds by itself is a problem at once;
 * what only the sums of all shares tell is a balance: a number, and the name of what the others have counted to set against it.
 */
import type { MergeProblem, MergeVerification } from '../model.ts';
import { damaged } from './found.ts';

export interface Share {
  /** Whether SQLite finds the merged file whole. Asked first: where it does not, nothing else is looked at. */
  readonly damage: boolean;
  /** Positions of the sources of which every row is compared. */
  readonly sources: readonly number[];
  /** The rows of the target, and what is asked of the merged file as one. */
  readonly target: boolean;
}

export interface ShareResult {
  readonly damage: string | null;
  readonly problems: readonly MergeProblem[];
  readonly rows: number;
  readonly notVerified: MergeVerification['notVerified'];
  /** Rows of sources, by a name that a balance may ask for. */
  readonly counted: Readonly<Record<string, number>>;
  readonly balances: readonly Balance[];
}

/** A problem of so many rows as its own exceed what the shares counted under the name. `null`: nothing is set against them. */
export interface Balance {
  readonly problem: MergeProblem;
  readonly against: string | null;
}

/** All of it in one. */
export const everything = (sources: number): Share => ({
  damage: true,
  sources: Array.from({ length: sources }, (_, i) => i),
  target: true,
});

/** What the shares of one verification say together. */
export function together(shares: readonly ShareResult[]): MergeVerification {
  const damage = shares.find((one) => one.damage !== null)?.damage ?? null;
  // Whatever became of rows in a damaged file says nothing.
  if (damage !== null) return damaged(damage);
  const counted = (name: string | null): number =>
    name === null ? 0 : shares.reduce((sum, one) => sum + (one.counted[name] ?? 0), 0);
  const unbalanced = shares
    .flatMap(({ balances }) => balances)
    .map(({ problem, against }) => ({ ...problem, rows: problem.rows - counted(against) }))
    .filter(({ rows }) => rows > 0);
  return {
    problems: [...shares.flatMap(({ problems }) => problems), ...unbalanced],
    rows: shares.reduce((sum, { rows }) => sum + rows, 0),
    notVerified: shares.flatMap(({ notVerified }) => notVerified),
  };
}
