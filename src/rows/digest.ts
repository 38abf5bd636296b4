/**
 * A digest of a table that depends on its rows and not on their order: SHA-256 of each row's canonical encoding, summed
 * modulo 2^256. A sum, not XOR, so that two equal rows do not cancel (Bellare and Micciancio, "A new paradigm for
 * collision-free hashing", 1997). The format is in docs/rows.md.
 */
import { createHash, hash } from 'node:crypto';
import { ByteWriter, encodingOrder } from './canonical.ts';
import type { Row } from './value.ts';

const FORMAT = 'desprawl rows 1';
/** 32-bit words of the sum. */
const WORDS = 8;

export interface TableDigest {
  /** Cells in the order of the columns. */
  add(row: Row): void;
  /** 64 hex digits. Tables with equal columns (in any order) and equal rows (in any order) have equal digests. */
  hex(): string;
}

export function startDigest(columns: readonly string[]): TableDigest {
  const order = encodingOrder(columns);
  const writer = new ByteWriter();
  const sum = new Uint32Array(WORDS);
  let rows = 0;
  return {
    add: (row) => {
      writer.reset();
      for (const at of order) writer.value(row[at] ?? null);
      const bytes = hash('sha256', writer.written(), 'buffer');
      let carry = 0;
      for (let word = 0; word < WORDS; word++) {
        carry += (sum[word] ?? 0) + bytes.readUInt32LE(word * 4);
        sum[word] = carry;
        carry = carry > 0xffffffff ? 1 : 0;
      }
      rows++;
    },
    hex: () => {
      writer.reset();
      writer.value(FORMAT);
      writer.value(BigInt(rows));
      for (const at of order) writer.value(columns[at]?.toLowerCase() ?? '');
      const total = Buffer.alloc(WORDS * 4);
      sum.forEach((word, i) => {
        total.writeUInt32LE(word, i * 4);
      });
      return createHash('sha256').update(writer.written()).update(total).digest('hex');
    },
  };
}
