/** Values by key, merged into a copy of their store: what would come of it, in scratch files. */
import type { Session } from '../audit/session.ts';
import type { MergeResult, MergeSpec } from '../merge/model.ts';

export interface TryValues {
  /** Path of the store, and the store as it is. */
  readonly store: string;
  readonly current: string;
  readonly spec: MergeSpec;
  /** With the values. */
  readonly staged: string;
  readonly seconds: number;
}

export async function tryValues(
  session: Session,
  { store, current, spec, staged, seconds }: TryValues,
): Promise<{ readonly result: MergeResult; readonly ledger: string }> {
  const ledger = session.scratch.file('.ledger.db');
  const request = {
    spec,
    files: { target: current, sources: [staged], ancestors: [null] },
    merged: session.scratch.file('.merged.db'),
    ledger,
    target: { path: store, sha256: null },
    sha256: [null],
  };
  return { result: await session.pool.ask('merge', request, seconds), ledger };
}
