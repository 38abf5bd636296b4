import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { failing } from '../../test/crash/failing-disk.ts';
import type { Disk } from '../disk/disk.ts';
import { hashBytes } from '../disk/hash-file.ts';
import { realDisk } from '../disk/real-disk.ts';
import { type Placed, placeFiles } from './place-files.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'place-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const none: ReadonlySet<string> = new Set();
const sha = (text: string): string => hashBytes(Buffer.from(text)).sha256;

/** `own`: what may be replaced. */
function place(
  texts: Readonly<Record<string, string>>,
  own: readonly string[] = [],
  force = false,
  disk: Disk = realDisk,
): readonly Placed[] {
  const known = new Set(own.map(sha));
  const files = Object.entries(texts).map(([name, text]) => ({
    name,
    content: Buffer.from(text),
    mode: 0o640,
    own: known,
  }));
  const last = (made: readonly { readonly sha256: string }[]) => ({
    name: 'last',
    content: Buffer.from(made.map(({ sha256 }) => sha256.slice(0, 4)).join(' ')),
    mode: 0o640,
    own: none,
  });
  return placeFiles(disk, dir, files, last, force);
}

/** Names and texts, hidden ones too. */
const contents = (): Record<string, string> =>
  Object.fromEntries(
    readdirSync(dir)
      .sort()
      .map((name) => [name, readFileSync(join(dir, name), 'utf8')]),
  );

it('places all files, the last one told what the others are', () => {
  const placed = place({ a: 'one', b: 'two' });
  expect(contents()).toEqual({ a: 'one', b: 'two', last: `${sha('one').slice(0, 4)} ${sha('two').slice(0, 4)}` });
  expect(placed.map(({ name, unchanged, kept }) => [name, unchanged, kept])).toEqual([
    ['a', false, null],
    ['b', false, null],
    ['last', false, null],
  ]);
});

it('replaces what it may, keeping its mode; leaves alone what would be the same', () => {
  writeFileSync(join(dir, 'a'), 'mine');
  chmodSync(join(dir, 'a'), 0o600);
  writeFileSync(join(dir, 'b'), 'two');
  const { ino } = statSync(join(dir, 'b'));
  const placed = place({ a: 'one', b: 'two' }, ['mine']);
  expect(contents()).toMatchObject({ a: 'one', b: 'two' });
  expect(readdirSync(dir).sort()).toEqual(['a', 'b', 'last']);
  expect(statSync(join(dir, 'a')).mode & 0o777).toBe(0o600);
  expect(statSync(join(dir, 'b')).ino).toBe(ino);
  expect(placed[1]).toMatchObject({ unchanged: true });
});

it('refuses another file of the name, and places none; with force it is kept beside', () => {
  writeFileSync(join(dir, 'b'), 'somebody’s');
  writeFileSync(join(dir, 'b.old'), 'older');
  expect(() => place({ a: 'one', b: 'two' })).toThrow(expect.objectContaining({ code: 'DSP-FILE-EXISTS' }));
  expect(contents()).toEqual({ b: 'somebody’s', 'b.old': 'older' });
  const placed = place({ a: 'one', b: 'two' }, [], true);
  expect(placed[1]).toMatchObject({ kept: 'b.old-2' });
  expect(contents()).toMatchObject({ a: 'one', b: 'two', 'b.old': 'older', 'b.old-2': 'somebody’s' });
});

it('never replaces a folder or a link, whatever was forced', () => {
  mkdirSync(join(dir, 'a'));
  expect(() => place({ a: 'one' }, [], true)).toThrow(expect.objectContaining({ code: 'DSP-FILE-EXISTS' }));
  symlinkSync('nowhere', join(dir, 'b'));
  expect(() => place({ b: 'one' }, [], true)).toThrow(expect.objectContaining({ code: 'DSP-FILE-EXISTS' }));
  expect(readdirSync(dir).sort()).toEqual(['a', 'b']);
});

it('two writers cannot both win: what came meanwhile stays', () => {
  const disk: Disk = {
    ...realDisk,
    link(from, to) {
      writeFileSync(String(to), 'theirs');
      realDisk.link(from, to);
    },
  };
  expect(() => place({ a: 'one' }, [], false, disk)).toThrow(expect.objectContaining({ code: 'DSP-FILE-EXISTS' }));
  expect(contents()).toEqual({ a: 'theirs' });
});

it('whichever call of the disk fails: all of it is there, or everything is as it was', () => {
  const begin = (): void => {
    for (const name of readdirSync(dir)) rmSync(join(dir, name));
    writeFileSync(join(dir, 'a'), 'mine');
    writeFileSync(join(dir, 'b'), 'other');
  };
  let calls = 0;
  for (let k = 1; calls === 0; k++) {
    begin();
    const { disk, calls: made } = failing(realDisk, { k, code: 'ENOSPC' });
    let failed = false;
    try {
      place({ a: 'one', b: 'two', c: 'three' }, ['mine'], true, disk);
    } catch (error) {
      expect(error).toMatchObject({ code: 'DSP-WRITE-FAILED' });
      failed = true;
    }
    const { a, b, c } = contents();
    if (failed) expect(contents()).toEqual({ a: 'mine', b: 'other' });
    else expect([a, b, c]).toEqual(['one', 'two', 'three']);
    // The last one is the first in which nothing failed.
    if (made() < k) calls = made();
  }
  expect(calls).toBeGreaterThan(20);
});

it('a disk that is gone from any call on leaves whole files only, loses nobody’s, and the next run finishes', () => {
  for (let k = 1; ; k++) {
    for (const name of readdirSync(dir)) rmSync(join(dir, name));
    writeFileSync(join(dir, 'a'), 'mine');
    writeFileSync(join(dir, 'b'), 'other');
    const { disk, calls } = failing(realDisk, { k, code: 'EIO', lasts: true });
    try {
      place({ a: 'one', b: 'two', c: 'three' }, ['mine'], true, disk);
    } catch {
      // What a dying disk says does not matter here.
    }
    const { a, b, c = 'three', ...rest } = contents();
    expect(['mine', 'one']).toContain(a);
    expect(['other', 'two']).toContain(b);
    expect(c).toBe('three');
    if (b === 'two') expect(rest['b.old']).toBe('other');
    place({ a: 'one', b: 'two', c: 'three' }, ['mine'], true);
    expect(contents()).toMatchObject({ a: 'one', b: 'two', c: 'three', 'b.old': 'other' });
    if (calls() < k) return;
  }
});
