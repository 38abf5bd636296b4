import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { realDisk } from '../disk/real-disk.ts';
import { putNewFile } from './put-new-file.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'put-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

it('writes the whole text and leaves nothing else', () => {
  const text = 'ü'.repeat(100_000);
  putNewFile(realDisk, join(dir, 'new.txt'), text);
  expect(readFileSync(join(dir, 'new.txt'), 'utf8')).toBe(text);
  expect(readdirSync(dir)).toEqual(['new.txt']);
});

it('never overwrites', () => {
  writeFileSync(join(dir, 'taken'), 'mine');
  expect(() => putNewFile(realDisk, join(dir, 'taken'), 'yours')).toThrow(
    expect.objectContaining({ code: 'DSP-FILE-EXISTS' }),
  );
  expect(readFileSync(join(dir, 'taken'), 'utf8')).toBe('mine');
  expect(readdirSync(dir)).toEqual(['taken']);
});

it('says what is wrong where the folder is not there', () => {
  expect(() => putNewFile(realDisk, join(dir, 'no', 'new'), '')).toThrow(
    expect.objectContaining({ code: 'DSP-WRITE-FAILED' }),
  );
});
