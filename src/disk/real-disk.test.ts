import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { diskContract } from '../../test/disk.contract.ts';
import type { File } from './disk.ts';
import { hashBytes, hashFile } from './hash-file.ts';
import { realDisk } from './real-disk.ts';
import { toMicroseconds } from './times.ts';
import { copyContent, copyNewFile, writeNewFile } from './write-file.ts';

const made: string[] = [];
const folder = (): string => {
  const dir = mkdtempSync(join(tmpdir(), 'disk-'));
  made.push(dir);
  return dir;
};
afterEach(() => {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true });
});

diskContract('the real disk', () => ({ disk: realDisk, root: folder() }));

it('never waits for a pipe, and calls it special', () => {
  const path = join(folder(), 'pipe');
  execFileSync('mkfifo', [path]);
  expect(realDisk.lstat(path)?.kind).toBe('special');
  realDisk.open(path, 'read').close();
  expect(() => realDisk.open(path, 'append')).toThrow(/ENXIO/);
  expect(() => realDisk.clone(path, `${path}2`)).toThrow(expect.objectContaining({ code: 'EINVAL' }));
});

it('20,000 random times come out to the microsecond', () => {
  const path = join(folder(), 'a');
  writeNewFile(realDisk, path, Buffer.alloc(0));
  const file = realDisk.open(path, 'write');
  let wrong = 0;
  for (let i = 0; i < 20_000; i++) {
    const us = BigInt(Math.floor(Math.random() * 4e15) - 1e15);
    file.setAttributes({ mtimeNs: us * 1000n });
    if (toMicroseconds(file.stat().mtimeNs) !== us) wrong++;
  }
  file.close();
  expect(wrong).toBe(0);
});

it('keeps the holes of a sparse file', () => {
  const dir = folder();
  writeNewFile(realDisk, join(dir, 'a'), Buffer.from('begin'));
  truncateSync(join(dir, 'a'), 200 * 1024 * 1024);
  const [from, to] = [realDisk.open(join(dir, 'a'), 'read'), realDisk.open(join(dir, 'b'), 'create')];
  const copied = copyContent(from, to);
  expect(copied).toEqual(hashFile(to));
  from.close();
  to.close();
  expect(statSync(join(dir, 'b')).size).toBe(200 * 1024 * 1024);
  expect(statSync(join(dir, 'b')).blocks * 512).toBeLessThan(1024 * 1024);
});

it.each(['write', 'setAttributes', 'sync'] as const)('leaves nothing of a new file whose %s fails', (call) => {
  const dir = folder();
  const full = (): never => {
    throw Object.assign(new Error('full'), { code: 'ENOSPC' });
  };
  const disk = { ...realDisk, open: (...args: Parameters<typeof realDisk.open>) => failing(realDisk.open(...args)) };
  const failing = (file: File): File => new Proxy(file, { get: (of, key) => (key === call ? full : bound(of, key)) });
  expect(() => writeNewFile(disk, join(dir, 'a'), Buffer.from('x'))).toThrow('full');
  expect(readdirSync(dir)).toEqual([]);
  if (call === 'setAttributes') return;
  writeNewFile(realDisk, join(dir, 'b'), Buffer.from('x'));
  expect(() => copyNewFile(disk, join(dir, 'b'), join(dir, 'a'))).toThrow('full');
  expect(readdirSync(dir)).toEqual(['b']);
  expect(copyNewFile(realDisk, join(dir, 'b'), join(dir, 'a'))).toEqual(hashBytes(Buffer.from('x')));
  expect(statSync(join(dir, 'a'))).toMatchObject({ size: 1, mode: 0o100600 });
});

function bound(file: File, key: string | symbol): unknown {
  const value: unknown = Reflect.get(file, key);
  return typeof value === 'function' ? value.bind(file) : value;
}
