import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, encode } from './frame.ts';

/** As a process writes them: `s` counts the fsyncs that returned; `open`, `batch`, `end` are followed by one. */
const RECORDS = [
  { n: 1, s: 0, t: 'open', at: 'ü' },
  { n: 2, s: 1, t: 'batch', from: 1, to: 3 },
  { n: 3, s: 2, t: 'done', from: 1, to: 3 },
  { n: 4, s: 2, t: 'batch', from: 4, to: 9 },
  { n: 5, s: 3, t: 'done', from: 4, to: 9 },
  { n: 6, s: 3, t: 'end', steps: 9 },
] as const;
const FRAMES = RECORDS.map(encode);
const SEGMENT = Buffer.concat(FRAMES);
/** Where each frame begins, and where the last ends. */
const BORDERS = [0, ...FRAMES.map((_, i) => Buffer.concat(FRAMES.slice(0, i + 1)).length)];
const wholeIn = (length: number): number => BORDERS.filter((border) => border > 0 && border <= length).length;

it('is a line that a person can read', () => {
  expect(encode({ n: 1, t: 'x' }).toString()).toMatch(/^0000000f [0-9a-f]{8} \{"n":1,"t":"x"\}\n$/);
});

it('reads what was written', () => {
  expect(decode(SEGMENT)).toEqual({ records: RECORDS, good: SEGMENT.length, tail: 'none' });
  expect(decode(Buffer.alloc(0))).toEqual({ records: [], good: 0, tail: 'none' });
});

it('every prefix: what is whole counts, the rest is torn', () => {
  for (let length = 0; length <= SEGMENT.length; length++) {
    const whole = wholeIn(length);
    expect(decode(SEGMENT.subarray(0, length))).toEqual({
      records: RECORDS.slice(0, whole),
      good: BORDERS[whole],
      tail: BORDERS[whole] === length ? 'none' : 'torn',
    });
  }
});

it('every flipped bit: what stands before it counts; broken after an fsync that something later knows of is damage', () => {
  for (let at = 0; at < SEGMENT.length; at++) {
    const hit = wholeIn(at);
    for (let bit = 0; bit < 8; bit++) {
      const bytes = Buffer.from(SEGMENT);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
      const { records, tail } = decode(bytes);
      expect(records).toEqual(RECORDS.slice(0, hit));
      // Of the last write, `done` and `end`, no record behind it knows whether it was fsynced.
      expect([at, bit, tail]).toEqual([at, bit, hit < 4 ? 'damaged' : 'torn']);
    }
  }
});

describe('one write whose blocks reached the disk in another order', () => {
  const [done, batch] = [FRAMES[2] as Buffer, FRAMES[3] as Buffer];
  const before = Buffer.concat(FRAMES.slice(0, 2));

  it('the first record lost: torn, it was not fsynced', () => {
    expect(decode(Buffer.concat([before, Buffer.alloc(done.length), batch]))).toMatchObject({
      records: RECORDS.slice(0, 2),
      tail: 'torn',
    });
  });

  it('the same with what was written after its fsync: damaged', () => {
    expect(decode(Buffer.concat([before, Buffer.alloc(done.length), batch, FRAMES[4] as Buffer]))).toMatchObject({
      records: RECORDS.slice(0, 2),
      tail: 'damaged',
    });
  });
});

it('zeros at the end are a torn tail', () => {
  expect(decode(Buffer.concat([SEGMENT, Buffer.alloc(4096)]))).toEqual({
    records: RECORDS,
    good: SEGMENT.length,
    tail: 'torn',
  });
});

it('a number that is left out or comes twice ends what counts', () => {
  const [first, second, third] = FRAMES as unknown as [Buffer, Buffer, Buffer];
  expect(decode(Buffer.concat([first, third])).records).toHaveLength(1);
  expect(decode(Buffer.concat([first, second, second, third])).records).toHaveLength(2);
});

it('a frame without `s` behind a broken one is damage: its file was fsynced as a whole', () => {
  const bytes = Buffer.concat([1, 2, 3].map((n) => encode({ n, op: 'put' })));
  bytes[30] = 0;
  expect(decode(bytes)).toMatchObject({ records: [], tail: 'damaged' });
});

it('garbage, with or without a beginning that is right, is never an exception', () => {
  const junk = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.string({ maxLength: 60 }).map((text) => Buffer.from(`0000000f 00000000 {${text}}\n`)),
    fc.constantFrom(...FRAMES),
    fc.json().map((json) => Buffer.from(`${json.length.toString(16).padStart(8, '0')} 00000000 ${json}\n`)),
  );
  fc.assert(
    fc.property(fc.array(junk, { maxLength: 6 }), (parts) => {
      const bytes = Buffer.concat(parts);
      const { records, good, tail } = decode(bytes);
      expect(Buffer.concat(records.map(encode)).equals(bytes.subarray(0, good))).toBe(true);
      expect(tail === 'none').toBe(good === bytes.length);
    }),
    { numRuns: 3_000 },
  );
});
