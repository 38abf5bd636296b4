/**
 * What may leave the vault, and why everything else stays. Pure: nothing is removed here. Whatever is needed by a run that could
 * still be taken back, by anybody's word, or by something that cannot be read, stays.
 */

import type { RunStatus } from '../apply/model.ts';
import { keyOf } from '../disk/paths.ts';
import type { Manifest } from './model.ts';
import { contentsOf } from './verify-backup.ts';

export interface RunNeeds {
  readonly run: string;
  readonly status: RunStatus['is'];
  /** Without one of them it cannot be taken back. */
  readonly backups: readonly string[];
  /** Contents that its steps name, before and after. */
  readonly objects: () => Iterable<string>;
}

export interface StoredBackup {
  readonly id: string;
  /** `null`: it cannot be read. */
  readonly manifest: Manifest | null;
}

export interface StoredObject {
  readonly sha256: string;
  readonly bytes: number;
  /** When it came, ms since 1970. */
  readonly at: number;
}

export interface PruneRequest {
  /** Oldest first. */
  readonly backups: readonly StoredBackup[];
  readonly objects: readonly StoredObject[];
  readonly runs: readonly RunNeeds[];
  /** `null`: no limit; where both are, no backup goes. */
  readonly retention: { readonly keepDays: number | null; readonly keepRuns: number | null };
  readonly now: number;
}

export interface PrunePlan {
  readonly remove: readonly { readonly id: string; readonly at: string }[];
  readonly keep: readonly { readonly id: string; readonly why: string }[];
  /** Contents that nothing needs then. */
  readonly objects: readonly StoredObject[];
  readonly bytes: number;
  /** Why no content is removed, whatever goes; `null`: they are. */
  readonly allObjectsStay: string | null;
}

const DAY_MS = 86_400_000;
/** Younger contents may belong to a backup that is being made. */
const YOUNG_MS = 3_600_000;
/** Only these cannot be taken back, or need not be. */
const SETTLED: ReadonlySet<string> = new Set<RunStatus['is']>(['verified', 'rolled back']);

export function planPrune(request: PruneRequest): PrunePlan {
  const why = keptBecause(request);
  const gone = new Set(request.backups.filter(({ id }) => !why.has(id)).map(({ id }) => id));
  keepTheLastOfEachStore(request, gone, why);
  const unreadable = request.backups.find(({ manifest }) => manifest === null);
  const allObjectsStay = unreadable === undefined ? null : `what backup ${unreadable.id} needs cannot be read`;
  const objects = allObjectsStay === null ? unneeded(request, gone) : [];
  return {
    remove: request.backups.flatMap(({ id, manifest }) =>
      gone.has(id) && manifest !== null ? [{ id, at: manifest.at }] : [],
    ),
    keep: request.backups.flatMap(({ id }) => (gone.has(id) ? [] : [{ id, why: why.get(id) ?? '' }])),
    objects,
    bytes: objects.reduce((sum, { bytes }) => sum + bytes, 0),
    allObjectsStay,
  };
}

function keptBecause({ backups, runs, retention, now }: PruneRequest): Map<string, string> {
  const why = new Map<string, string>();
  const status = new Map(runs.map((run) => [run.run, run.status]));
  const newestRun = [...status.keys()].sort().at(-1);
  const newest = new Set(newestGroups(backups, retention.keepRuns ?? 0));
  for (const { id, manifest } of backups) {
    const reason = (): string | null => {
      if (manifest === null) return 'its manifest cannot be read';
      if (manifest.keep === 'forever') return 'it is kept forever';
      const run = 'run' in manifest.why ? manifest.why.run : null;
      if (run !== null) {
        const is = status.get(run);
        if (is === undefined) return `its run ${run} is not known here`;
        if (run === newestRun) return 'it is of the newest run';
        if (!SETTLED.has(is)) return is === 'applied' ? 'its run is not verified' : `its run is ${is}`;
      }
      const { keepDays, keepRuns } = retention;
      if (keepDays === null && keepRuns === null) return 'no retention is set';
      // A clock that went back makes a backup of the future, which is young.
      if (keepDays !== null && now - Date.parse(manifest.at) <= keepDays * DAY_MS) {
        return `it is not older than ${keepDays} ${keepDays === 1 ? 'day' : 'days'}`;
      }
      if (newest.has(id)) return `it is among the newest ${keepRuns}`;
      return null;
    };
    const found = reason();
    if (found !== null) why.set(id, found);
  }
  return why;
}

/** Backups of one run count as one. */
function newestGroups(backups: readonly StoredBackup[], count: number): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const { id, manifest } of backups) {
    if (manifest === null) continue;
    const key = 'run' in manifest.why ? manifest.why.run : id;
    groups.set(key, [...(groups.get(key) ?? []), id]);
  }
  const newestOf = (ids: readonly string[]): string => [...ids].sort().at(-1) ?? '';
  return [...groups.values()]
    .sort((a, b) => (newestOf(a) < newestOf(b) ? 1 : -1))
    .slice(0, count)
    .flat();
}

/** Of a store that was backed up, at least one backup stays: the newest. */
function keepTheLastOfEachStore({ backups }: PruneRequest, gone: Set<string>, why: Map<string, string>): void {
  const held = new Set<string>();
  const storesOf = ({ manifest }: StoredBackup): readonly string[] =>
    manifest?.stores.map(({ store }) => keyOf(store)) ?? [];
  for (const backup of backups) if (!gone.has(backup.id)) for (const store of storesOf(backup)) held.add(store);
  for (const backup of backups.toReversed()) {
    const stores = storesOf(backup);
    if (!gone.has(backup.id) || stores.every((store) => held.has(store))) continue;
    gone.delete(backup.id);
    why.set(backup.id, 'no other backup holds a store that it holds');
    for (const store of stores) held.add(store);
  }
}

function unneeded({ backups, objects, runs, now }: PruneRequest, gone: ReadonlySet<string>): readonly StoredObject[] {
  const needed = new Set<string>();
  for (const { id, manifest } of backups) {
    if (manifest === null || gone.has(id)) continue;
    for (const sha256 of contentsOf(manifest).keys()) needed.add(sha256);
  }
  const there = new Set(backups.flatMap(({ id }) => (gone.has(id) ? [] : [id])));
  for (const run of runs) {
    // It can neither go on nor back any more: its contents are of no use to it.
    if (SETTLED.has(run.status) && !run.backups.every((id) => there.has(id))) continue;
    for (const sha256 of run.objects()) needed.add(sha256);
  }
  return objects.filter(({ sha256, at }) => !needed.has(sha256) && now - at > YOUNG_MS);
}
