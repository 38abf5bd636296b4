/** The disks of the laboratory keep the contract of the real one, and forget, fail and count as they are told. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Disk } from '../../src/disk/disk.ts';
import { readIfThere } from '../../src/disk/read-file.ts';
import { realDisk } from '../../src/disk/real-disk.ts';
import { writeNewFile } from '../../src/disk/write-file.ts';
import { diskContract } from '../disk.contract.ts';
import { failing } from './failing-disk.ts';
import { killing } from './killing-disk.ts';
import { PowerCut, powerCut } from './power-cut.ts';
import { BLOCK_BYTES } from './simulated/node.ts';
import { SimulatedDisk } from './simulated/simulated-disk.ts';
import { byChance, EVERYTHING, KNOWN_WAYS, NOTHING } from './simulated/survival.ts';

const fresh = (): SimulatedDisk => {
  const disk = new SimulatedDisk();
  disk.mkdir('/w', 0o755);
  return disk.settle();
};
const made: string[] = [];
const folder = (): string => {
  const dir = mkdtempSync(join(tmpdir(), 'disks-'));
  made.push(dir);
  return dir;
};
afterAll(() => {
  for (const dir of made) rmSync(dir, { recursive: true, force: true });
});
const never = Number.POSITIVE_INFINITY;

diskContract('the simulated disk', () => ({ disk: fresh(), root: '/w' }));
diskContract('the simulated disk, after a crash', () => ({ disk: fresh().crash(NOTHING), root: '/w' }));
diskContract('the failing disk that does not', () => ({
  disk: failing(fresh(), { k: never, code: 'EIO' }).disk,
  root: '/w',
}));
diskContract('the killing disk that does not', () => ({
  disk: killing(realDisk, never, 'before').disk,
  root: folder(),
}));
diskContract('the power that stays', () => ({ disk: powerCut(realDisk, never).disk, root: folder() }));

const text = (disk: Disk, path: string): string | null => readIfThere(disk, path)?.toString('latin1') ?? null;
const write = (disk: Disk, path: string, bytes: string, position = 0): void => {
  const file = disk.open(path, 'write');
  file.write(Buffer.from(bytes), position);
  file.close();
};
/** A file and its name, on the disk. */
const settled = (content: string): SimulatedDisk => {
  const disk = fresh();
  writeNewFile(disk, '/w/a', Buffer.from(content));
  return disk.settle();
};

describe('the simulated disk forgets', () => {
  it('what was not fsynced, and not what was', () => {
    const disk = settled('old');
    write(disk, '/w/a', 'new');
    expect(text(disk.crash(NOTHING), '/w/a')).toBe('old');
    expect(text(disk.crash(EVERYTHING), '/w/a')).toBe('new');
    const file = disk.open('/w/a', 'write');
    file.sync();
    file.close();
    for (const way of KNOWN_WAYS) expect([way.name, text(disk.crash(way), '/w/a')]).toEqual([way.name, 'new']);
  });

  it('a name whose folder was not fsynced, though the file was', () => {
    const disk = fresh();
    writeNewFile(disk, '/w/a', Buffer.from('x'));
    expect(text(disk.crash(NOTHING), '/w/a')).toBeNull();
    disk.syncFolder('/w');
    expect(text(disk.crash(NOTHING), '/w/a')).toBe('x');
  });

  it('a content whose name is on the disk: nothing, or zeros', () => {
    const disk = fresh();
    disk.open('/w/a', 'create').write(Buffer.from('xy'), 0);
    disk.syncFolder('/w');
    const found = KNOWN_WAYS.map((way) => text(disk.crash(way), '/w/a'));
    expect(new Set(found)).toEqual(new Set(['', 'xy', '\0\0', 'x\0']));
  });

  it('one side of a rename between folders, never a half of one within', () => {
    const disk = settled('x');
    for (const name of ['/w/b', '/w/c']) disk.mkdir(name, 0o755);
    disk.settle();
    disk.rename('/w/a', '/w/b/a');
    const states = new Set<string>();
    for (let seed = 0; seed < 60; seed++) {
      const up = disk.crash(byChance(seed));
      states.add([up.lstat('/w/a') !== null, up.lstat('/w/b/a') !== null].join());
    }
    expect(states.size).toBe(4);
    disk.settle().rename('/w/b/a', '/w/b/z');
    for (let seed = 0; seed < 60; seed++) expect(disk.crash(byChance(seed)).readdir('/w/b').length).toBe(1);
  });

  it('blocks one by one, with the one that was being written in two', () => {
    const disk = settled('o'.repeat(3 * BLOCK_BYTES));
    write(disk, '/w/a', 'n'.repeat(2 * BLOCK_BYTES), BLOCK_BYTES);
    const states = new Set<string>();
    for (let seed = 0; seed < 80; seed++) {
      const found = text(disk.crash(byChance(seed)), '/w/a') ?? '';
      expect(found.slice(0, BLOCK_BYTES)).toBe('o'.repeat(BLOCK_BYTES));
      states.add([1, 1.25, 2, 2.75].map((block) => found[block * BLOCK_BYTES]).join(''));
    }
    for (const one of ['oooo', 'nnnn', 'nnoo', 'oonn']) expect(states).toContain(one);
    expect([...states].some((one) => /^no|.o$/.test(one) && one !== 'nnoo' && one !== 'oooo')).toBe(true);
  });

  it('modes and times, until the file or folder is fsynced; those of a link go with its folder', () => {
    const disk = settled('x');
    disk.mkdir('/w/f', 0o755);
    disk.symlink(Buffer.from('a'), '/w/l');
    disk.settle();
    for (const path of ['/w/a', '/w/f', '/w/l']) disk.setAttributes(path, { mtimeNs: 5_000n });
    const times = (up: Disk) => ['/w/a', '/w/f', '/w/l'].map((path) => up.lstat(path)?.mtimeNs === 5_000n);
    expect(times(disk.crash(NOTHING))).toEqual([false, false, false]);
    disk.syncFolder('/w');
    expect(times(disk.crash(NOTHING))).toEqual([false, false, true]);
    disk.syncFolder('/w/f');
    expect(times(disk.crash(NOTHING))).toEqual([false, true, true]);
  });

  it('nothing when only the process dies, and what it leaves is still to be fsynced', () => {
    const disk = settled('old');
    write(disk, '/w/a', 'new');
    const other = disk.fork();
    write(disk, '/w/a', 'NEW');
    expect(text(other, '/w/a')).toBe('new');
    expect(text(other.crash(NOTHING), '/w/a')).toBe('old');
  });

  it('counts the names of what is left', () => {
    const disk = settled('x');
    disk.link('/w/a', '/w/b');
    expect(disk.crash(NOTHING).lstat('/w/a')?.nlink).toBe(1);
    expect(disk.crash(EVERYTHING).lstat('/w/a')?.nlink).toBe(2);
  });
});

describe('the failing disk', () => {
  it('fails at the call it is told, and only there', () => {
    const { disk, calls } = failing(fresh(), { k: 2, code: 'ENOSPC', of: ['mkdir'] });
    disk.mkdir('/w/a', 0o755);
    expect(() => disk.mkdir('/w/b', 0o755)).toThrow(expect.objectContaining({ code: 'ENOSPC' }));
    disk.mkdir('/w/b', 0o755);
    expect(calls()).toBe(3);
  });

  it('drops what a failed fsync was to bring to the disk: the next one says that all is well, and it is not', async () => {
    for (const all of [false, true]) {
      const sim = settled('old');
      const { disk } = failing(sim, { k: 1, code: 'EIO', of: ['fsync', 'fsync all'] });
      const file = disk.open('/w/a', 'write');
      file.write(Buffer.from('new'), 0);
      if (all) await expect(disk.syncAll([file])).rejects.toMatchObject({ code: 'EIO' });
      else expect(() => file.sync()).toThrow(/EIO/);
      file.sync();
      expect(text(sim, '/w/a')).toBe('new');
      expect(text(sim.crash(EVERYTHING), '/w/a')).toBe('old');
      file.write(Buffer.from('new'), 0);
      file.sync();
      expect(text(sim.crash(NOTHING), '/w/a')).toBe('new');
    }
  });

  it('writes short, or a half and then fails', () => {
    const file = failing(settled(''), { k: 1, code: 'EIO', how: 'short' }).disk.open('/w/a', 'write');
    expect(file.write(Buffer.from('abcd'), 0)).toBe(2);
    const sim = settled('');
    const other = failing(sim, { k: 1, code: 'ENOSPC', how: 'half', lasts: true }).disk.open('/w/a', 'write');
    expect(() => other.write(Buffer.from('abcd'), 0)).toThrow(/ENOSPC/);
    expect(() => other.truncate(0)).toThrow(/ENOSPC/);
    expect(text(sim, '/w/a')).toBe('ab');
  });
});

it('a process is killed before, in the middle of, or after a call', async () => {
  for (const [when, expected] of [
    ['before', ''],
    ['during', 'ab'],
    ['after', 'abcd'],
  ] as const) {
    const sim = settled('');
    let at: string | null = null;
    const kill = () => {
      at = text(sim, '/w/a');
      throw new PowerCut('killed');
    };
    const file = killing(sim, 1, when, kill).disk.open('/w/a', 'write');
    expect(() => file.write(Buffer.from('abcd'), 0)).toThrow(PowerCut);
    expect([when, at]).toEqual([when, expected]);
  }
  const sim = settled('old');
  const { disk } = killing(sim, 2, 'after', () => {
    throw new PowerCut('killed');
  });
  const file = disk.open('/w/a', 'write');
  file.write(Buffer.from('new'), 0);
  await expect(disk.syncAll([file])).rejects.toThrow(PowerCut);
  expect(text(sim.crash(NOTHING), '/w/a')).toBe('new');
});

it('after the power went, nothing is done and nothing is seen', () => {
  const { disk, isDead, calls } = powerCut(settled('x'), 2);
  disk.mkdir('/w/b', 0o755);
  expect(() => disk.unlink('/w/a')).toThrow(PowerCut);
  for (const call of [() => disk.lstat('/w/a'), () => disk.unlink('/w/a'), () => disk.open('/w/a', 'read')]) {
    expect(call).toThrow(PowerCut);
  }
  expect([isDead(), calls()]).toEqual([true, 2]);
});
