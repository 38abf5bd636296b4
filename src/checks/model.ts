/** What a check or a measure of the project said. Results say what was seen, never why it must have been so. */

/** One check, run once. */
export interface CheckOutcome {
  readonly name: string;
  /** `null`: it was not run. */
  readonly ok: boolean | null;
  /** `passed`, `ended with 1`, `15`, `GET /rooms: 500 instead of 200`. */
  readonly said: string;
  readonly seconds: number;
  /** What a SQL expectation found. */
  readonly value?: number;
  /** Only of what failed: its last lines, without secrets. */
  readonly output?: readonly string[];
  /** What changed in the project while it ran and nobody else has open. */
  readonly wrote?: readonly string[];
  /** What changed in the project while it ran, and somebody else works with it. */
  readonly unclear?: readonly string[];
}

/** One measure: medians of the same number of runs on both sides. */
export interface MeasureOutcome {
  readonly name: string;
  readonly of: 'seconds' | 'memory';
  /** Seconds, or bytes; `null` where a run failed. */
  readonly before: number | null;
  readonly after: number | null;
  readonly tolerance: number;
  readonly ok: boolean;
  readonly why?: string;
}
