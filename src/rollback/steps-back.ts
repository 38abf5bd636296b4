/**
 * The steps from what is there now to what was there before the runs, path by path. What somebody changed since is told, so that its
 * bytes go into the vault first; a folder with something of others in it stays, and so does an entry of git's index that is not the
 * run's. Looks, and changes nothing.
 */
import { ABSENT, type FileState, type FolderState, type LinkState, type PathState, same } from '../disk/path-state.ts';
import { bytesOf, joinPath, keyOf, type RecordedPath, recordedPath, shownPath } from '../disk/paths.ts';
import { DesprawlError } from '../errors.ts';
import { foreignError, lookAt, lookTogether, placeOf, shownState } from '../steps/place.ts';
import type { Ground } from '../steps/primitive.ts';
import type { PlannedStep } from '../steps/step.ts';
import { type Change, pathsAbove, stepsBetween } from '../steps/steps-between.ts';
import { isOfChain, type PathChain } from './chains.ts';
import { type IndexChain, indexStepsBack } from './index-chains.ts';
import { carriedStates } from './later/carried-states.ts';
import type { Carried } from './later/model.ts';
import { isOneTime } from './restore-times.ts';
import { withSidecars } from './sidecars.ts';

export interface StepsBack {
  readonly steps: readonly PlannedStep[];
  /** What is there is to be put into the vault before the first step. */
  readonly changedSince: readonly ChangedPath[];
  /** What stays as it is: folders with something of others in them, entries of others. */
  readonly left: readonly { readonly path: RecordedPath; readonly why: string }[];
  /** As before but for their time, as they are now. */
  readonly times: readonly { readonly path: RecordedPath; readonly state: FileState | LinkState }[];
}

export interface ChangedPath {
  readonly path: RecordedPath;
  readonly expected: PathState;
  readonly found: PathState;
  /** Main file of the store that it belongs to, where it lies now. */
  readonly store?: RecordedPath;
}

export interface BackRequest {
  readonly chains: ReadonlyMap<string, PathChain>;
  readonly indexes?: ReadonlyMap<string, IndexChain>;
  /** Modes of folders before, by key: of those that somebody removed since. */
  readonly folders?: ReadonlyMap<string, FolderState>;
  /** Files and links that only get another time. By key. */
  readonly times?: ReadonlyMap<string, { readonly path: RecordedPath; readonly state: FileState | LinkState }>;
  /** Stores that are put back with later rows in them. */
  readonly carried?: readonly Carried[];
}

const FOLDER: FolderState = { kind: 'folder', mode: 0o755 };

/** Throws `DSP-RUN-FOREIGN` where something is in the way that no step can change. */
export function stepsBack(ground: Ground, request: BackRequest): StepsBack {
  const on = lookTogether(ground);
  const { indexes = new Map<string, IndexChain>(), folders = new Map<string, FolderState>() } = request;
  const chains = withSidecars(on, request.chains);
  const changes = new Map<string, Change>();
  const changedSince: ChangedPath[] = [];
  const times: StepsBack['times'][number][] = [];
  for (const [key, chain] of chains) {
    const { path, states, store, action, how, main } = chain;
    const [want] = states;
    const now = whatIsThere(on, key, chain, chains);
    if (!isOfChain(chain, now) && now.kind !== 'folder' && chain.counts !== false) {
      // Of what is gone, nothing can be kept and nothing is lost.
      const of = store === undefined || now.kind === 'absent' ? {} : { store: main ?? path };
      changedSince.push({ path, expected: chain.last, found: now, ...of });
    }
    if ((now.kind === 'file' || now.kind === 'link') && same(now, want) && !isOneTime(now, want)) {
      times.push({ path, state: now });
    }
    const inPlace = now.kind === 'file' && want.kind === 'file' ? { how: severalNames(on, path) ?? how } : {};
    changes.set(key, { path, now, want, action, ...inPlace, ...(store === undefined ? {} : { store }) });
  }
  for (const [key, { path, state }] of request.times ?? []) {
    const now = chains.has(key) ? null : lookAt(on, path).state;
    if (now === null || (now.kind !== 'file' && now.kind !== 'link')) continue;
    if (same(now, state) && !isOneTime(now, state)) times.push({ path, state: now });
  }
  const fresh = putCarried(on, request.carried ?? [], changes);
  renamesBack(on, chains, changes);
  addMissingFolders(on, changes, folders);
  const back = withoutLeft(on, changes);
  const index = indexStepsBack(on, indexes);
  return {
    steps: [...back.steps, ...index.steps],
    changedSince,
    left: [...back.left, ...index.left],
    times: times.filter(({ path }) => !fresh.has(keyOf(path))),
  };
}

/** In place of what was there: also in stores that the runs did not touch. Returns their paths, by key. */
function putCarried(on: Ground, carried: readonly Carried[], changes: Map<string, Change>): ReadonlySet<string> {
  const states = carriedStates(carried);
  for (const [key, { path, state, action, store }] of states) {
    const known = changes.get(key);
    const now = known?.now ?? lookAt(on, path).state;
    if (known === undefined && state.kind === 'absent' && now.kind === 'absent') continue;
    const inPlace = known === undefined && now.kind === 'file' ? severalNames(on, path) : known?.how;
    const { how: _how, ...rest } = known ?? { path, now, action };
    const how = now.kind === 'file' && state.kind === 'file' && inPlace !== undefined ? { how: inPlace } : {};
    changes.set(key, { ...rest, want: state, store, ...how });
  }
  return new Set(states.keys());
}

/** Behind a file or link that lies where a folder of the run was, there is nothing of the run. */
function whatIsThere(
  on: Ground,
  key: string,
  { path }: PathChain,
  chains: ReadonlyMap<string, PathChain>,
): Exclude<PathState, { kind: 'special' }> {
  const { state, stray } = lookAt(on, path);
  if (state.kind !== 'special') return state;
  if (stray !== undefined) {
    for (const above of pathsAbove(key)) {
      const over = chains.get(above);
      const kind = over === undefined ? undefined : on.disk.lstat(placeOf(on, over.path))?.kind;
      if (kind === 'file' || kind === 'link') return ABSENT;
    }
  }
  throw foreignError(path, state, stray);
}

/** A file of several names stays one. */
function severalNames(on: Ground, path: RecordedPath): 'in-place' | undefined {
  return (on.disk.lstat(placeOf(on, path))?.nlink ?? 1) > 1 ? 'in-place' : undefined;
}

/** A file that lies where the run moved it goes back as it is, inode and all. */
function renamesBack(on: Ground, chains: ReadonlyMap<string, PathChain>, changes: Map<string, Change>): void {
  const taken = new Set<string>();
  for (const [key, { path, origin, last }] of chains) {
    if (origin === null || keyOf(origin) === key || taken.has(keyOf(origin))) continue;
    const [source, target] = [changes.get(key), changes.get(keyOf(origin))];
    if (source === undefined || target?.now.kind !== 'absent' || !same(source.now, last)) continue;
    if ((target.want.kind !== 'file' && target.want.kind !== 'link') || !onOneSystem(on, path, origin)) continue;
    taken.add(keyOf(origin));
    changes.set(keyOf(origin), { ...target, movedFrom: path });
  }
}

function onOneSystem(on: Ground, a: RecordedPath, b: RecordedPath): boolean {
  return systemOf(on, a) === systemOf(on, b);
}

/** Of the nearest folder that is there. */
function systemOf(on: Ground, path: RecordedPath): bigint | undefined {
  const bytes = bytesOf(path);
  for (let at = bytes.lastIndexOf(SLASH); at > 0; at = bytes.lastIndexOf(SLASH, at - 1)) {
    const stat = on.disk.lstat(placeOf(on, recordedPath(bytes.subarray(0, at))));
    if (stat !== null) return stat.dev;
  }
  return on.disk.lstat(on.root)?.dev;
}

const SLASH = 0x2f;

/** Folders that the run did not make, and that somebody removed since. */
function addMissingFolders(on: Ground, changes: Map<string, Change>, folders: ReadonlyMap<string, FolderState>): void {
  const there = new Set<string>();
  for (const [key, { want, action }] of [...changes]) {
    if (want.kind === 'absent') continue;
    for (const above of pathsAbove(key)) {
      if (changes.has(above)) continue;
      if (there.has(above)) break;
      const path = recordedPath(Buffer.from(above, 'latin1'));
      if (on.disk.lstat(placeOf(on, path)) !== null) {
        there.add(above);
        break;
      }
      changes.set(above, { path, now: ABSENT, want: folders.get(above) ?? FOLDER, action });
    }
  }
}

/** Innermost first: a folder that stays is something in the folder above it. */
function withoutLeft(on: Ground, changes: Map<string, Change>): Pick<StepsBack, 'steps' | 'left'> {
  const left: StepsBack['left'][number][] = [];
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
    left.push({ path, why: 'the folder stays: somebody put something into it' });
  }
  return { steps: stepsBetween([...changes.values()]), left };
}

/** Throws `DSP-ROLLBACK-LATER` for stores that were written since. `rows`: what became of their rows. */
export function assertNoLater(changed: readonly ChangedPath[], rows = ''): void {
  const stores = changed.filter(({ store }) => store !== undefined);
  const [first] = stores;
  if (first === undefined) return;
  const names = [...new Set(stores.map(({ store }) => shownPath(store ?? '')))].join(', ');
  throw new DesprawlError(
    'DSP-ROLLBACK-LATER',
    `Written since the run, and rolling back would take it away: ${names}. At ${shownPath(first.path)} there is ${shownState(first.found)} now.${rows} Nothing was changed.`,
  );
}
