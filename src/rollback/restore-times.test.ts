/** What a rollback does at its end, on a disk that forgets what was not fsynced. */
import { expect, it } from 'vitest';
import { SimulatedDisk } from '../../test/crash/simulated/simulated-disk.ts';
import { NOTHING } from '../../test/crash/simulated/survival.ts';
import type { FileState } from '../disk/path-state.ts';
import { stateOf } from '../disk/path-state.ts';
import { restoreTimes } from './restore-times.ts';

const BEFORE = '1500000000123456000';

function project(): { readonly disk: SimulatedDisk; readonly read: Parameters<typeof restoreTimes>[2] } {
  const disk = new SimulatedDisk();
  disk.mkdir('/p', 0o755);
  const file = disk.open('/p/a', 'create', 0o644);
  file.write(Buffer.from('one'), 0);
  file.sync();
  file.close();
  disk.syncFolder('/p');
  disk.syncFolder('/');
  const state = { ...(stateOf(disk, '/p/a') as FileState), mtime: BEFORE };
  const times = new Map([['a', { path: 'a', state }]]);
  return { disk, read: { chains: new Map(), times, folders: new Map() } };
}
const timeOf = (disk: SimulatedDisk): string => String(disk.lstat('/p/a')?.mtimeNs);

it('a file gets its time back, and keeps it when the power goes', async () => {
  const { disk, read } = project();
  await restoreTimes(disk, '/p', read);
  expect(timeOf(disk.crash(NOTHING))).toBe(BEFORE);
});

it('a time that a killed process set is brought to the disk by who goes on', async () => {
  const { disk, read } = project();
  disk.setAttributes('/p/a', { mtimeNs: BigInt(BEFORE) });
  await restoreTimes(disk, '/p', read, true);
  expect(timeOf(disk.crash(NOTHING))).toBe(BEFORE);
});
