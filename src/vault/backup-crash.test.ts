/** A process that dies at any call: what the vault then has is whole, and the next backup is as if nothing had been. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openPlace, type Place } from '../../test/builders/backup.ts';
import { writeFile } from '../../test/projects/write-file.ts';
import type { Disk, File } from '../disk/disk.ts';
import { realDisk } from '../disk/real-disk.ts';
import { listBackups } from './list.ts';
import { backupIds, readManifest } from './manifest.ts';
import { openObjects } from './objects.ts';
import { restoreTo } from './restore.ts';
import { contentsOf } from './verify-backup.ts';

let place: Place;
beforeEach(() => {
  place = openPlace();
  for (const name of ['a', 'b/c', 'b/d']) writeFile(place.root, name, `content of ${name}`);
  writeFile(place.root, 'rows.csv', 'id,name\n1,x\n');
});
afterEach(() => place.close());

const CHANGES = ['link', 'rename', 'unlink', 'symlink', 'mkdir', 'rmdir', 'setAttributes', 'syncFolder'] as const;
const WRITES = ['write', 'truncate', 'setAttributes', 'sync'] as const;

/** Dies before the n-th call that changes something; then nothing of it lives on, not even its clean-up. */
function mortal(n: number): { readonly disk: Disk; died(): boolean } {
  let left = n;
  const live = <A extends readonly unknown[], R>(call: (...args: A) => R): ((...args: A) => R) => {
    return (...args) => {
      if (left <= 0) throw new RangeError('dead');
      left--;
      return call(...args);
    };
  };
  const disk: Disk = {
    ...realDisk,
    ...Object.fromEntries(CHANGES.map((name) => [name, live(realDisk[name] as never)])),
    open: (path, how, mode) => {
      const open = how === 'create' ? live(realDisk.open) : realDisk.open;
      const file = open(path, how, mode);
      const calls = WRITES.map((name) => [name, live((file[name] as (...args: never) => unknown).bind(file) as never)]);
      return Object.assign(Object.create(file) as File, Object.fromEntries(calls));
    },
    clone: () => false,
  };
  return { disk, died: () => left <= 0 };
}

const request = { files: ['a', 'b/c', 'b/d'], stores: [{ store: 'rows.csv', kind: 'text' as const }] };

/** Every backup that is listed is whole. */
function allWhole(): readonly string[] {
  const { damaged } = listBackups(realDisk, place.folder);
  expect(damaged).toEqual([]);
  const objects = openObjects(realDisk, place.vault);
  const ids = backupIds(realDisk, place.folder);
  for (const id of ids) {
    for (const sha256 of contentsOf(readManifest(realDisk, place.folder, id)).keys()) {
      expect(objects.verify(sha256)).toBe(true);
    }
  }
  return ids;
}

it('K: taking a backup, killed before each call', { timeout: 120_000 }, async () => {
  let points = 0;
  for (let n = 1; ; n++) {
    const { disk, died } = mortal(n);
    const before = backupIds(realDisk, place.folder).length;
    try {
      await place.backup({ ...request, disk });
    } catch (error) {
      expect((error as Error).message).toBe('dead');
    }
    const after = allWhole().length;
    expect(after - before).toBeLessThanOrEqual(1);
    if (!died()) {
      expect(after - before).toBe(1);
      break;
    }
    points = n;
    // Every second time from what the killed one left, else from nothing.
    if (n % 2 === 0) {
      place.close();
      place = openPlace();
      for (const name of request.files) writeFile(place.root, name, `content of ${name}`);
      writeFile(place.root, 'rows.csv', 'id,name\n1,x\n');
    }
  }
  expect(points).toBeGreaterThan(25);
  await place.backup(request);
  expect(readdirSync(join(place.vault, 'part'))).toEqual([]);
});

it('K: restoring, killed before each call: the folder is there whole, or not there', async () => {
  const { manifest } = await place.backup(request);
  for (let n = 1; ; n++) {
    const to = place.beside(`to-${n}`);
    const { disk, died } = mortal(n);
    const ground = { disk, objects: openObjects(realDisk, place.vault) };
    try {
      restoreTo(ground, manifest, manifest.files, to);
    } catch (error) {
      expect((error as Error).message).toBe('dead');
    }
    if (realDisk.lstat(to) !== null) {
      expect(readdirSync(to, { recursive: true }).sort()).toEqual(['a', 'b', 'b/c', 'b/d', 'rows.csv']);
    }
    if (!died()) break;
  }
});
