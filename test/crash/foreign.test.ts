/** A run that stops at what is foreign, and loses its power while it keeps that and says so: with it out of the way, both ways are open. */
import { expect, it } from 'vitest';
import type { Disk } from '../../src/disk/disk.ts';
import { writeNewFile } from '../../src/disk/write-file.ts';
import { expectedOf, problemsOf } from './oracle.ts';
import { PowerCut, powerCut } from './power-cut.ts';
import { EVERYTHING_AT_ONCE, ROOT } from './scenarios.ts';
import { byChance, KNOWN_WAYS } from './simulated/survival.ts';
import { APPLY, apply, buildWorld, go, statusIn } from './world.ts';

/** A store, which is a batch of its own, after the first; and where it is meanwhile. */
const [STORE, ASIDE] = [`${ROOT}/b/s.db`, '/aside'];

/** Something happens in the folder, which keeps its time. */
function keepingTime(disk: Disk, act: () => void): void {
  const time = disk.lstat(`${ROOT}/b`)?.mtimeNs ?? 0n;
  act();
  disk.setAttributes(`${ROOT}/b`, { mtimeNs: time });
  disk.syncFolder(`${ROOT}/b`);
}

it('kept, stopped, cut at every call', { timeout: 120_000 }, async () => {
  const world = buildWorld(EVERYTHING_AT_ONCE);
  const expected = await expectedOf(world);
  keepingTime(world.disk, () => {
    world.disk.rename(STORE, ASIDE);
    writeNewFile(world.disk, STORE, Buffer.from('somebody’s'));
  });
  world.disk.settle();
  const whole = powerCut(world.disk.fork(), Number.POSITIVE_INFINITY);
  await expect(apply(whole.disk, world)).rejects.toMatchObject({ code: 'DSP-RUN-FOREIGN' });
  expect(statusIn(whole.disk, APPLY)).toMatchObject({ is: 'interrupted', stopped: { code: 'DSP-RUN-FOREIGN' } });
  const wrong: string[] = [];
  // The last calls: the batch before, what is kept, the reason.
  for (let k = whole.calls() + 1; k > whole.calls() - 24; k--) {
    const disk = world.disk.fork();
    const ended = await apply(powerCut(disk, k, 'during').disk, world).catch((error: unknown) => error);
    if (!(ended instanceof PowerCut) && k <= whole.calls()) wrong.push(`${k}: ${String(ended)}`);
    for (const up of [disk, disk.crash(KNOWN_WAYS[k % KNOWN_WAYS.length] ?? byChance(1)), disk.crash(byChance(k))]) {
      for (const direction of ['continue', 'roll back'] as const) {
        const one = up.fork();
        keepingTime(one, () => one.rename(ASIDE, STORE));
        one.syncFolder('/');
        try {
          await go(one, direction, world);
          wrong.push(...problemsOf(one, direction, expected, world).map((problem) => `${k}, ${direction}: ${problem}`));
        } catch (error) {
          wrong.push(`${k}, ${direction}: ${(error as Error).message}`);
        }
      }
    }
  }
  expect(wrong.slice(0, 5)).toEqual([]);
});
