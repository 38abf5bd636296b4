/**
 * The canonical encoding of values and rows: typed, length-prefixed, unambiguous, independent of the order of columns. The
 * format is written down in docs/rows.md: two cells encode equal exactly when SQLite calls them equal.
 */
import { BrokenText, type Value } from './value.ts';

const TAG = { null: 0, integer: 1, real: 2, text: 3, blob: 4, brokenText: 5 } as const;
const MAX_INTEGER = 2n ** 63n;
/** Up to this length writing ASCII byte by byte is faster than a call into the runtime. */
const SHORT = 24;
const NAN = Buffer.from('000000000000f87f', 'hex');
/** With the `u` flag this matches lone surrogates only. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** A growing buffer of encoded values; reused from row to row. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(1024);
  #length = 0;

  reset(): void {
    this.#length = 0;
  }

  /** Valid until the next call. */
  written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  value(value: Value): void {
    if (typeof value === 'string') this.#text(value);
    else if (typeof value === 'bigint') this.#integer(value);
    else if (value === null) this.#tag(TAG.null, 0);
    else if (typeof value === 'number') this.#real(value);
    else if (typeof value === 'boolean') this.#small(value ? 1 : 0);
    else if (value instanceof BrokenText) this.#sized(TAG.brokenText, value.bytes);
    else this.#sized(TAG.blob, value);
  }

  #text(text: string): void {
    this.#tag(TAG.text, 4 + text.length * 3);
    const start = this.#length + 4;
    const size = text.length <= SHORT ? this.#shortAscii(text, start) : -1;
    const written = size >= 0 ? size : this.#bytes.write(text, start, 'utf8');
    if (written !== text.length && LONE_SURROGATE.test(text)) {
      this.#length--;
      this.#sized(TAG.brokenText, surrogateBytes(text));
      return;
    }
    this.#bytes.writeUInt32LE(written, this.#length);
    this.#length = start + written;
  }

  /** Bytes written, or -1 where the text is not ASCII. */
  #shortAscii(text: string, start: number): number {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 127) return -1;
      this.#bytes[start + i] = code;
    }
    return text.length;
  }

  #integer(value: bigint): void {
    if (value >= MAX_INTEGER || value < -MAX_INTEGER) {
      this.#text(String(value));
      return;
    }
    if (value >= -0x80000000n && value <= 0x7fffffffn) {
      this.#small(Number(value));
      return;
    }
    this.#tag(TAG.integer, 8);
    this.#length = this.#bytes.writeBigInt64LE(value, this.#length);
  }

  /** An integer of 32 bits, without the cost of a bigint. */
  #small(value: number): void {
    this.#tag(TAG.integer, 8);
    this.#bytes.writeInt32LE(value, this.#length);
    this.#length = this.#bytes.writeInt32LE(value < 0 ? -1 : 0, this.#length + 4);
  }

  #real(value: number): void {
    if (Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63) {
      this.#integer(BigInt(value));
      return;
    }
    this.#tag(TAG.real, 8);
    if (Number.isNaN(value)) this.#bytes.set(NAN, this.#length);
    else this.#bytes.writeDoubleLE(value, this.#length);
    this.#length += 8;
  }

  #sized(tag: number, bytes: Uint8Array): void {
    this.#tag(tag, 4 + bytes.length);
    this.#length = this.#bytes.writeUInt32LE(bytes.length, this.#length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Writes the tag and makes room for `payload` bytes behind it. */
  #tag(tag: number, payload: number): void {
    const needed = this.#length + 1 + payload;
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, needed));
      larger.set(this.written());
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = tag;
  }
}

/** UTF-8 where half a surrogate pair gets the three bytes that its code point would have, as the JSON reader carries it. */
function surrogateBytes(text: string): Uint8Array {
  const parts: Buffer[] = [];
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code < 0xd800 || code > 0xdfff) parts.push(Buffer.from(char, 'utf8'));
    else parts.push(Buffer.from([0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)]));
  }
  return Buffer.concat(parts);
}

/** The encoding of one value. */
export function encodeValue(value: Value): Uint8Array {
  const writer = new ByteWriter();
  writer.value(value);
  return writer.written();
}

/** Positions of columns in the order in which their values are encoded: by name, so that the table's order does not matter (trap R6). */
export function encodingOrder(columns: readonly string[]): readonly number[] {
  const compare = (x: string, y: string): number => (x < y ? -1 : x > y ? 1 : 0);
  return columns
    .map((name, at) => ({ name, lower: name.toLowerCase(), at }))
    .sort((x, y) => compare(x.lower, y.lower) || compare(x.name, y.name) || x.at - y.at)
    .map(({ at }) => at);
}
