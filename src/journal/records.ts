/** The records of a segment, as `docs/journal.md` lists them. Which of them are barriers decides what is durable when. */

import type { PathState } from '../disk/path-state.ts';
import type { RecordedPath } from '../disk/paths.ts';

/** A process takes the run. */
export interface Open {
  readonly t: 'open';
  readonly segment: number;
  readonly pid: number;
  readonly started: string;
  readonly boot: string;
  readonly host: string;
  readonly tool: string;
  readonly at: string;
  /** How many bytes of the segment before count; not in the first one. */
  readonly continues?: { readonly segment: number; readonly bytes: number };
}

/** Steps `from` to `to` may begin from now on. */
export interface Batch {
  readonly t: 'batch';
  readonly from: number;
  readonly to: number;
}

/** These steps are in their state after, durably. */
export interface Done {
  readonly t: 'done';
  readonly from: number;
  readonly to: number;
}

/** A foreign state was found; its bytes are in the vault. */
export interface Kept {
  readonly t: 'kept';
  /** Not `n`, which is the number of the record in its segment. */
  readonly step: number;
  readonly path: RecordedPath;
  /** `null` where what was found has no content. */
  readonly sha256: string | null;
  readonly state: PathState;
}

/** What a check of the project said; never its output, which may hold secrets. */
export interface Check {
  readonly t: 'check';
  readonly name: string;
  readonly when: 'before' | 'after';
  readonly ok: boolean;
  readonly seconds: number;
  readonly value?: number;
}

/** The process ends by itself before the end of the run. */
export interface Stop {
  readonly t: 'stop';
  readonly code: string;
  readonly message: string;
  readonly step?: number;
}

/** Every step is in its state after. */
export interface End {
  readonly t: 'end';
  readonly steps: number;
  readonly bytes: number;
  readonly seconds: number;
}

export type JournalRecord = Open | Batch | Done | Kept | Check | Stop | End;

/** Followed by an fsync of the segment before anything else happens. */
export const BARRIERS: ReadonlySet<string> = new Set<JournalRecord['t']>(['open', 'batch', 'kept', 'stop', 'end']);
