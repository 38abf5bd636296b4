import type { Row } from '../rows/value.ts';
import type { Store, Table } from './model.ts';

/** What a reader finds out on opening: everything about the content, nothing about place or git. */
export type Contents = Pick<Store, 'tables' | 'migrations' | 'sqlite' | 'csv' | 'freshness'>;

export interface ReadOptions {
  /** Rows sampled for profiles and sketches of tables that are larger than `digestRows`. */
  readonly sampleRows: number;
  /** Tables of at most this many rows are read whole: digest, exact profile, exact sketch. */
  readonly digestRows: number;
  /** Integrity check and foreign-key check. */
  readonly integrity: boolean;
  /** The newest timestamp of tables that are only sampled: one more pass over them. */
  readonly freshness: boolean;
  /** Timestamps after this moment (ms since the epoch) do not count as freshness. */
  readonly now: number;
}

/**
 * Reads one store, of whatever kind. Runs in a child process; `path` names a file that nobody changes
 * while it is read (the caller made sure). Never writes to it. The conformance suite is `reader.contract.ts`.
 */
export interface Reader {
  /** Schema, exact counts, profiles. Throws `UnreadableStore` where the content is not what it claims. */
  contents(options: ReadOptions): Promise<Contents>;
  /** All rows of a table, in storage order, streamed; cells in the order of `table.columns`. */
  rows(table: Table): AsyncIterable<Row>;
  close(): void;
}

/** The store cannot be read; becomes `status: 'not-verified'` with this reason, never a crash. */
export class UnreadableStore extends Error {
  readonly reason: NonNullable<Store['reason']>['code'];
  constructor(reason: NonNullable<Store['reason']>['code'], message: string) {
    super(message);
    this.name = 'UnreadableStore';
    this.reason = reason;
  }
}
