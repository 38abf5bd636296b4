/** Small files are read in another way than large ones; whatever the lengths of reads are, the digest is that of the bytes. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { File } from './disk.ts';
import { hashFile } from './hash-file.ts';
import { copyContent } from './write-file.ts';

/** Gives at most `most` bytes a call. */
function holding(bytes: Buffer, most: number): File {
  const read = (into: Uint8Array, at: number): number =>
    bytes.copy(into, 0, at, Math.min(bytes.length, at + Math.min(most, into.length)));
  return { stat: () => ({ size: bytes.length }), read } as unknown as File;
}
/** Takes at most `most` bytes a call. */
function taking(most: number): { readonly file: File; content(): Buffer } {
  let content = Buffer.alloc(0);
  const grow = (length: number): void => {
    content = Buffer.concat([content, Buffer.alloc(Math.max(0, length - content.length))]);
  };
  const write = (bytes: Uint8Array, at: number): number => {
    const taken = Math.min(most, bytes.length);
    grow(at + taken);
    content.set(bytes.subarray(0, taken), at);
    return taken;
  };
  return { file: { write, truncate: grow } as unknown as File, content: () => content };
}

it('the same bytes, and the digest of them', () => {
  const around = 64 * 1024;
  const length = fc.oneof(fc.nat(3000), fc.integer({ min: around - 2, max: around + 2 }), fc.nat(4 * around));
  fc.assert(
    fc.property(length, fc.boolean(), fc.integer({ min: 997, max: 5_000_000 }), (size, zeros, most) => {
      const bytes = zeros ? Buffer.alloc(size) : Buffer.from(Array.from({ length: size }, (_, i) => (i * 31) & 0xff));
      const digest = { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: size };
      expect(hashFile(holding(bytes, most))).toEqual(digest);
      const to = taking(most);
      expect(copyContent(holding(bytes, most), to.file)).toEqual(digest);
      expect(to.content().equals(bytes)).toBe(true);
    }),
    { numRuns: 60 },
  );
});
