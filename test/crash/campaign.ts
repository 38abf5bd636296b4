/**
 * Cuts the power at every call of a command, lets the machine come up with everything that may then be on the disk, and goes on from
 * each: forward and back, and with the power going once more on the way. A campaign that saw little proves nothing: it counts what it
 * saw.
 */
import { createHash } from 'node:crypto';
import type { Disk } from '../../src/disk/disk.ts';
import { treeState } from '../tree-state.ts';
import { type Expected, expectedOf, problemsOf } from './oracle.ts';
import { PowerCut, powerCut } from './power-cut.ts';
import type { Scenario } from './scenarios.ts';
import type { SimulatedDisk } from './simulated/simulated-disk.ts';
import { byChance, chance, KNOWN_WAYS, type Survival } from './simulated/survival.ts';
import { apply, buildWorld, type Direction, go, ROLLBACK, statusIn, type World } from './world.ts';

export interface CampaignOptions {
  /** Which command is cut: that which applies, or that which takes back what was applied. */
  readonly of?: Direction;
  /** All known ways to survive and this many by chance for each call, each there and back, each with and without a second cut. */
  readonly seeds?: number;
  /** Every call, or every n-th. */
  readonly stride?: number;
  /** A bug that is planted: the disk as the engine sees it. */
  readonly mutant?: (disk: Disk) => Disk;
  /** Ends at the first that is wrong. */
  readonly untilWrong?: boolean;
}

export interface CampaignResult {
  /** Calls of the whole command that change something. */
  readonly points: number;
  /** Of them, at how many the power was cut. */
  readonly cuts: number;
  /** Different disks that a machine came up with. */
  readonly states: number;
  readonly recoveries: number;
  readonly wrong: readonly string[];
}

/** A second command is cut somewhere in its beginning, where it repairs. */
const SECOND_CUT = 60;

export async function campaign(scenario: Scenario, options: CampaignOptions = {}): Promise<CampaignResult> {
  const { of = 'continue', seeds, stride = 1, mutant = (disk) => disk, untilWrong = false } = options;
  const world = buildWorld(scenario);
  const expected = await expectedOf(world);
  if (of === 'roll back') await apply(world.disk, world);
  const whole = powerCut(world.disk.fork(), Number.POSITIVE_INFINITY);
  await go(mutant(whole.disk), of, world);
  const points = whole.calls();
  const seen = new Set<string>();
  const wrong: string[] = [];
  let recoveries = 0;
  let cuts = 0;
  // From the end: what goes wrong there is what most recoveries stand on.
  for (let k = points; k >= 1; k -= stride) {
    cuts++;
    for (const when of seeds === undefined ? [k % 2 === 0 ? ('before' as const) : ('during' as const)] : BOTH) {
      const disk = world.disk.fork();
      await go(mutant(powerCut(disk, k, when).disk), of, world).catch(assertCut);
      for (const { name, up, key } of comingUp(disk, `${k} ${when}`, waysOf(k, seeds))) {
        if (seen.has(key)) continue;
        seen.add(key);
        for (const [i, direction] of (['continue', 'roll back'] as const).entries()) {
          const again = seen.size * 31 + k;
          const agains = seeds === undefined ? [(seen.size + i) % 2 === 0 ? null : again] : [null, again];
          for (const one of agains) {
            recoveries++;
            const what = `${scenario.name}: ${of} cut at call ${k} (${when}), ${name}, then ${direction}${one === null ? '' : ', cut once more'}`;
            wrong.push(...(await recover({ up, direction, again: one, mutant, world, expected, what })));
            if (untilWrong && wrong.length > 0) return { points, cuts, states: seen.size, recoveries, wrong };
          }
        }
      }
    }
  }
  return { points, cuts, states: seen.size, recoveries, wrong };
}

const BOTH = ['before', 'during'] as const;

/** All of them, or few that change from call to call. */
function waysOf(k: number, seeds: number | undefined): readonly Survival[] {
  if (seeds !== undefined) {
    return [...KNOWN_WAYS, ...Array.from({ length: seeds }, (_, seed) => byChance(k * 1_009 + seed))];
  }
  return [KNOWN_WAYS[k % KNOWN_WAYS.length], KNOWN_WAYS[(k + 3) % KNOWN_WAYS.length], byChance(k)].flatMap(
    (way) => way ?? [],
  );
}

interface ComingUp {
  readonly name: string;
  readonly up: SimulatedDisk;
  /** Equal for equal disks. */
  readonly key: string;
}

function* comingUp(disk: SimulatedDisk, at: string, ways: readonly Survival[]): Generator<ComingUp> {
  yield { name: 'the process was killed', up: disk, key: `killed ${at}` };
  for (const way of ways) {
    const up = disk.crash(way);
    const lines = treeState('/', { disk: up, without: [] }).join('\n');
    yield { name: way.name, up, key: createHash('sha256').update(lines).digest('hex') };
  }
}

interface Recovery {
  readonly up: SimulatedDisk;
  readonly direction: Direction;
  /** A seed: the command that recovers is cut, and another one follows. */
  readonly again: number | null;
  readonly mutant: (disk: Disk) => Disk;
  readonly world: World;
  readonly expected: Expected;
  readonly what: string;
}

/** From one disk to the end; what is wrong with it. */
async function recover({ up, direction, again, mutant, world, expected, what }: Recovery): Promise<readonly string[]> {
  let disk = up.fork();
  let last = direction;
  try {
    if (again !== null) {
      const next = chance(again);
      const cut = powerCut(disk, 1 + Math.floor(next() * SECOND_CUT), next() < 0.5 ? 'during' : 'before');
      await go(mutant(cut.disk), direction, world).catch(assertCut);
      if (cut.isDead()) disk = next() < 0.3 ? disk.fork() : disk.crash(byChance(again));
      if (statusIn(disk, ROLLBACK) === null && next() < 0.5) last = direction === 'continue' ? 'roll back' : 'continue';
    }
    await go(mutant(disk), last, world);
    return problemsOf(disk, last, expected, world)
      .slice(0, 3)
      .map((problem) => `${what}: ${last}: ${problem}`);
  } catch (error) {
    return [`${what}: ${(error as Error).message}`];
  }
}

function assertCut(error: unknown): void {
  if (!(error instanceof PowerCut)) throw error;
}
