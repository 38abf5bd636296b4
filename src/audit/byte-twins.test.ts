import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { possibleTwins } from './byte-twins.ts';

const dir = mkdtempSync(join(tmpdir(), 'byte-twins-test-'));
afterAll(() => rmSync(dir, { recursive: true }));

function twins(files: Readonly<Record<string, Uint8Array>>): readonly string[] {
  const sized = Object.entries(files).map(([path, content]) => {
    writeFileSync(join(dir, path), content);
    return { path, bytes: content.length };
  });
  return [...possibleTwins(sized, ({ path }) => join(dir, path))].map(({ path }) => path);
}

const bytes = (length: number, ...changed: readonly number[]): Uint8Array => {
  const content = new Uint8Array(length).fill(7);
  for (const at of changed) content[at] = 8;
  return content;
};

it('copies are possible twins, files of other sizes and empty ones are not', () => {
  const found = twins({ a: bytes(10), b: bytes(10), c: bytes(11), d: bytes(0), e: bytes(0) });
  expect(found).toEqual(['a', 'b']);
});

it('the first and the last byte tell files apart, however large they are', () => {
  for (const length of [1, 4096, 1_000_000]) {
    expect(twins({ a: bytes(length), b: bytes(length, 0), c: bytes(length, length - 1) })).toEqual(
      length === 1 ? ['b', 'c'] : [],
    );
  }
});

it('files that differ only where nobody looked stay possible: their hashes will tell', () => {
  const between = 4096 + 100;
  expect(twins({ a: bytes(1_000_000), b: bytes(1_000_000, between) })).toEqual(['a', 'b']);
});
