import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startDistinct } from './distinct.ts';
import { hash32, overlap, SKETCH_SIZE, sketchHash, startBottom } from './sketch.ts';
import { BrokenText, type Value } from './value.ts';

function sketchOf(values: Iterable<Exclude<Value, null>>): readonly number[] {
  const bottom = startBottom();
  for (const value of values) bottom.add(sketchHash(value, false));
  return bottom.smallest();
}

function* numbered(from: number, to: number): Iterable<string> {
  for (let i = from; i < to; i++) yield `row ${i}`;
}

describe('R8: values that compare equal in some form hash alike', () => {
  const HEX = '3f2504e04f8941d39a0c0305e82c3301';
  it.each<[Exclude<Value, null>, Exclude<Value, null>, boolean]>([
    [7n, '7', false],
    [7, '7.0', false],
    [true, 1n, false],
    ['3f2504e0-4f89-41d3-9a0c-0305e82c3301', HEX.toUpperCase(), false],
    ['2025-09-16 10:00:00', '2025-09-16T12:00:00+02:00', false],
    [1_758_016_800n, '2025-09-16T10:00:00Z', true],
    ['1758016800', 1_758_016_800_000n, true],
    ['Ana@X.org', 'ana@x.org ', false],
    ['Zoë', 'Zoe\u0308', false],
    [' text', 'text', false],
  ])('%o and %o', (x, y, time) => {
    expect(sketchHash(x, time)).toBe(sketchHash(y, time));
  });

  it.each<[Exclude<Value, null>, Exclude<Value, null>, boolean]>([
    ['7', '07', false],
    ['Zoë', 'zoë', false],
    [1_758_016_800n, '2025-09-16T10:00:00Z', false],
    [new Uint8Array([97]), 'a', false],
    [new Uint8Array([97]), new BrokenText(new Uint8Array([97])), false],
    [9_007_199_254_740_993n, 9_007_199_254_740_992n, false],
    ['2025-09-16', '2025-09-17', false],
  ])('but not %o and %o', (x, y, time) => {
    expect(sketchHash(x, time)).not.toBe(sketchHash(y, time));
  });

  it('the hash spreads evenly: one in 256 values falls into the lowest 256th', () => {
    const low = [...numbered(0, 100_000)].filter((text) => hash32(text) < 2 ** 24).length;
    expect(low / 100_000).toBeCloseTo(1 / 256, 3);
  });
});

describe('the smallest hashes', () => {
  it('are those that sorting everything gives, whatever the order and however often', () => {
    const hashes = fc.array(fc.nat({ max: 0xffffffff }), { maxLength: 600 });
    fc.assert(
      fc.property(hashes, fc.constantFrom(1, 3, 64), (list, size) => {
        const bottom = startBottom(size);
        for (const hash of [...list, ...list.slice(0, 50)]) bottom.add(hash);
        expect(bottom.smallest()).toEqual([...new Set(list)].sort((x, y) => x - y).slice(0, size));
      }),
    );
  });
});

describe('overlap', () => {
  it('is exact where both sketches hold everything', () => {
    const few = fc.uniqueArray(fc.nat({ max: 60 }), { maxLength: SKETCH_SIZE - 1 });
    fc.assert(
      fc.property(few, few, (a, b) => {
        const [x, y] = [a, b].map((list) => sketchOf(list.map((n) => `row ${n}`)));
        const shared = a.filter((n) => b.includes(n)).length;
        const share = (all: number): number => (all === 0 ? 0 : shared / all);
        const expected = { aInB: share(a.length), bInA: share(b.length) };
        expect(overlap(x ?? [], y ?? [])).toMatchObject(expected);
      }),
    );
  });

  it('is symmetric', () => {
    const sketch = fc
      .uniqueArray(fc.nat({ max: 500 }), { maxLength: 120 })
      .map((list) => sketchOf(list.map((n) => `row ${n}`)));
    fc.assert(
      fc.property(sketch, sketch, (a, b) => {
        const [there, back] = [overlap(a, b), overlap(b, a)];
        expect(back).toEqual({ aInB: there.bInA, bInA: there.aInB, compared: there.compared });
      }),
    );
  });

  it.each([
    [10_000, 10_000, 10_000],
    [10_000, 10_000, 0],
    [10_000, 10_000, 5_000],
    [10_000, 5_000, 2_500],
    [3_000, 30_000, 3_000],
    [3_000, 30_000, 600],
  ])('of %i and %i values with %i in common is estimated within the stated error', (a, b, shared) => {
    let squares = 0;
    const rounds = 60;
    let expected = 0;
    for (let round = 0; round < rounds; round++) {
      const start = round * 100_000;
      const x = sketchOf(numbered(start, start + a));
      const y = sketchOf(numbered(start + a - shared, start + a - shared + b));
      const { aInB, bInA, compared } = overlap(x, y);
      expect(Math.max(aInB, bInA)).toBeLessThanOrEqual(1);
      const error = (a < b ? aInB : bInA) - shared / Math.min(a, b);
      squares += compared === 0 ? 0 : error ** 2;
      expected += compared === 0 ? 0 : 0.25 / compared;
    }
    // Root mean square over many pairs against 0.5 / √n, with room for chance.
    expect(Math.sqrt(squares / rounds)).toBeLessThanOrEqual(Math.sqrt(expected / rounds) * 1.3);
  });

  it('of a few rows and a very large table is unknown, and says so', () => {
    const small = sketchOf(numbered(0, 5));
    const large = Array.from({ length: SKETCH_SIZE }, (_, i) => i);
    expect(overlap(small, large)).toEqual({ aInB: 0, bInA: 0, compared: 0 });
    expect(overlap([], [])).toEqual({ aInB: 0, bInA: 0, compared: 0 });
  });
});

describe('distinct values', () => {
  it('are counted exactly up to the limit, and estimated beyond it', () => {
    const count = (values: number, kept?: number): number => {
      const distinct = startDistinct(kept);
      for (const text of numbered(0, values)) for (let twice = 0; twice < 2; twice++) distinct.add(hash32(text));
      return distinct.count();
    };
    expect(count(0)).toBe(0);
    expect(count(1_000, 1_024)).toBe(1_000);
    expect(Math.abs(count(300_000) / 300_000 - 1)).toBeLessThan(0.03);
    expect(Math.abs(count(100_000, 1_024) / 100_000 - 1)).toBeLessThan(0.15);
  });
});
