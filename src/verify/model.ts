/** What a verification is given and gives. It compares with the state before, never with perfection. */
import type { NotVerified, Structure, VerifyFinding } from '../apply/model.ts';
import type { CheckOutcome } from '../checks/model.ts';
import type { CodeSnapshot } from '../plan/code-snapshot.ts';

/** `before.json` of a run: what was measured when it began. Written once, with the run. */
export interface BeforeRun {
  readonly version: 1;
  readonly code: CodeSnapshot;
  readonly structure: Structure;
  /** What its checks said, of those that were run. */
  readonly checks: readonly CheckOutcome[];
}

/** One part of a verification. */
export interface Judged {
  readonly findings: readonly VerifyFinding[];
  readonly notVerified: readonly NotVerified[];
}

export const NOTHING: Judged = { findings: [], notVerified: [] };

export function together(parts: readonly Judged[]): Judged {
  return {
    findings: parts.flatMap(({ findings }) => findings),
    notVerified: parts.flatMap(({ notVerified }) => notVerified),
  };
}
