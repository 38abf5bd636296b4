/** One cell as desprawl carries it: exact, typed, the same for every kind of store. */

/**
 * Text whose bytes are not valid UTF-8. It is carried as bytes, never replaced by U+FFFD (trap R16).
 */
export class BrokenText {
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/**
 * `bigint`: an integer (64-bit exact). `number`: a floating-point value, also when integral. `string`: text, may
 * hold NUL. `Uint8Array`: a blob. Nested JSON arrives as canonical JSON text.
 */
export type Value = null | bigint | number | string | boolean | Uint8Array | BrokenText;

/** Cells in the order of the table's columns. */
export type Row = readonly Value[];
