/** Free space is looked at before the first byte is written, one sum for each file system. */
import { dirname } from 'node:path';
import type { Disk } from '../disk/disk.ts';
import { DesprawlError } from '../errors.ts';

export interface SpaceNeed {
  /** Where it will be written; it need not be there yet. */
  readonly path: string;
  readonly bytes: number;
  /** For people: "the backup". */
  readonly for: string;
}

/** Throws `DSP-NO-SPACE` with both numbers. */
export function assertSpace(disk: Disk, needs: readonly SpaceNeed[]): void {
  const systems = new Map<bigint, { readonly place: string; readonly needs: SpaceNeed[] }>();
  for (const need of needs) {
    const place = nearestThere(disk, need.path);
    const dev = disk.lstat(place)?.dev ?? 0n;
    const known = systems.get(dev);
    if (known === undefined) systems.set(dev, { place, needs: [need] });
    else known.needs.push(need);
  }
  for (const { place, needs: some } of systems.values()) {
    const bytes = some.reduce((sum, one) => sum + one.bytes, 0);
    const free = disk.free(place);
    if (free >= BigInt(Math.ceil(bytes))) continue;
    const parts = some.map((one) => `${one.for} ${inWords(one.bytes)}`).join(', ');
    throw new DesprawlError(
      'DSP-NO-SPACE',
      `${inWords(bytes)} are needed on the file system of ${place} (${parts}), and ${inWords(Number(free))} are free.`,
    );
  }
}

/** Links are not followed here: a path of the state or the project is a real one. */
function nearestThere(disk: Disk, path: string): string {
  let at = path;
  while (disk.lstat(at) === null && dirname(at) !== at) at = dirname(at);
  return at;
}

function inWords(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}
