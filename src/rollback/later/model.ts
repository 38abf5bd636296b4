/** What becomes of rows that were written after the runs that are taken back. */
import type { LaterLine, NotVerified } from '../../apply/model.ts';
import type { FileState } from '../../disk/path-state.ts';
import type { RecordedPath } from '../../disk/paths.ts';

export type LaterChoice = 'refuse' | 'aside' | 'carry';

/** A store that is not to be as it was before, but so with later rows in it. Its content is in the vault. */
export interface Carried {
  readonly path: RecordedPath;
  readonly state: FileState;
  readonly action: string;
}

export interface LaterRows {
  readonly lines: readonly LaterLine[];
  readonly carried: readonly Carried[];
  /** What the run keeps: rows aside, one file per store. */
  readonly files: readonly { readonly name: string; readonly from: string }[];
  readonly notVerified: readonly NotVerified[];
}

export const NO_LATER: LaterRows = { lines: [], carried: [], files: [], notVerified: [] };
