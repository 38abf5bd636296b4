/**
 * The steps from what is there now to what was there before the runs, path by path. What somebody changed since is told, so that its
 * bytes go into the vault first; a folder with something of others in it stays. Looks, and changes nothing. Entries of an index are not
 * paths, and not told of here.
 */
import { type PathState, same } from '../disk/path-state.ts';
import { joinPath, keyOf, type RecordedPath, recordedPath, shownPath } from '../disk/paths.ts';
import { DesprawlError } from '../errors.ts';
import { foreignError, lookAt, placeOf, shownState } from '../steps/place.ts';
import type { Ground } from '../steps/primitive.ts';
import type { PlannedStep } from '../steps/step.ts';
import { type Change, stepsBetween } from '../steps/steps-between.ts';
import { isOfChain, type PathChain } from './chains.ts';

export interface StepsBack {
  readonly steps: readonly PlannedStep[];
  /** To be put into the vault before the first step. */
  readonly changedSince: readonly {
    readonly path: RecordedPath;
    readonly expected: PathState;
    readonly found: PathState;
  }[];
  /** Folders that stay, since something of others is in them. */
  readonly left: readonly RecordedPath[];
}

/** Throws `DSP-RUN-FOREIGN` where something is in the way that no step can change, `DSP-ROLLBACK-LATER` for a store changed since. */
export function stepsBack(on: Ground, chains: ReadonlyMap<string, PathChain>): StepsBack {
  const changes = new Map<string, Change>();
  const changedSince: StepsBack['changedSince'][number][] = [];
  for (const [key, chain] of chains) {
    const { path, states, store, action, how } = chain;
    const look = lookAt(on, path);
    const now = look.state;
    const [want] = states;
    if (now.kind === 'special') throw foreignError(path, now, look.stray);
    if (!isOfChain(chain, now) && now.kind !== 'folder') {
      if (store !== undefined) throw later(path, now);
      changedSince.push({ path, expected: chain.last, found: now });
    }
    const inPlace = now.kind === 'file' && want.kind === 'file' ? { how } : {};
    changes.set(key, { path, now, want, action, ...inPlace, ...(store === undefined ? {} : { store }) });
  }
  renamesBack(chains, changes);
  return { ...withoutLeft(on, changes), changedSince };
}

/** A file that lies where the run moved it goes back as it is, inode and all. */
function renamesBack(chains: ReadonlyMap<string, PathChain>, changes: Map<string, Change>): void {
  for (const [key, { path, origin, last }] of chains) {
    if (origin === null || keyOf(origin) === key) continue;
    const [source, target] = [changes.get(key), changes.get(keyOf(origin))];
    if (source === undefined || target?.now.kind !== 'absent' || !same(source.now, last)) continue;
    if (target.want.kind === 'file' || target.want.kind === 'link') {
      changes.set(keyOf(origin), { ...target, movedFrom: path });
    }
  }
}

/** Innermost first: a folder that stays is something in the folder above it. */
function withoutLeft(on: Ground, changes: Map<string, Change>): Pick<StepsBack, 'steps' | 'left'> {
  const left: RecordedPath[] = [];
  const folders = [...changes].filter(([, { now, want }]) => now.kind === 'folder' && want.kind !== 'folder');
  for (const [key, { path, want }] of folders.sort(([a], [b]) => b.length - a.length)) {
    const stays = on.disk.readdir(placeOf(on, path)).some((name) => {
      const below = changes.get(keyOf(recordedPath(Buffer.from(joinPath(Buffer.from(key, 'latin1'), name)))));
      return below === undefined || below.want.kind !== 'absent';
    });
    if (!stays) continue;
    if (want.kind !== 'absent')
      throw foreignError(path, { kind: 'special' }, 'a folder with other files is in its place');
    changes.delete(key);
    left.push(path);
  }
  return { steps: stepsBetween([...changes.values()]), left };
}

function later(path: RecordedPath, now: PathState): DesprawlError {
  return new DesprawlError(
    'DSP-ROLLBACK-LATER',
    `The store ${shownPath(path)} was changed since the run: there is ${shownState(now)} now.`,
  );
}
