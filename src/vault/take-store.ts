/**
 * Takes a store: its main file and its sidecars, byte for byte, of one moment. Under exclusion where it can be had; else between two
 * equal stamps of all of them, where nobody is seen to write.
 */
import type { Disk, Path, Stat } from '../disk/disk.ts';
import { type FileState, stampOf } from '../disk/path-state.ts';
import { keyOf, type RecordedPath, shownPath } from '../disk/paths.ts';
import { DesprawlError } from '../errors.ts';
import { type Holder, withSuffix } from './hold-store.ts';
import type { HeldStore, Taken } from './model.ts';
import { namesOf, whoHasOpen } from './openers.ts';
import { ATTEMPTS, NotTaken, pause, putFile, settle, type Taking, takeFile } from './take-file.ts';

/** Main file first. */
export const STORE_FILES = ['', '-wal', '-journal', '-shm'] as const;
export type StoreFile = (typeof STORE_FILES)[number];

export interface StoreToTake {
  /** The real path: no link. */
  readonly path: Path;
  readonly kind: 'sqlite' | 'text';
  /** Held by the caller, who lets go of it. */
  readonly held?: HeldStore;
}

export interface TakingStores extends Taking {
  readonly holder: Holder;
  /** How long others are waited for. */
  readonly waitSeconds: number;
}

export interface TakenStore {
  readonly taken: Taken;
  readonly files: ReadonlyMap<StoreFile, Required<FileState>>;
}

const RETRY_MS = 250;

/** Throws `NotTaken`; `busy` where somebody wrote to it all the time. */
export async function takeStore(taking: TakingStores, store: StoreToTake): Promise<TakenStore> {
  if (store.kind === 'text') {
    const state = await takeFile(taking, store.path);
    if (state.kind !== 'file') throw new NotTaken('a link took its place');
    return { taken: 'static', files: new Map([['', state]]) };
  }
  if (store.held !== undefined) return await takeHeld(taking, store.held);
  const until = Date.now() + taking.waitSeconds * 1000;
  for (;;) {
    const hold = await taking.holder.hold(store.path);
    if (hold.is === 'held') {
      try {
        return await takeHeld(taking, hold.store);
      } finally {
        await hold.store.release();
      }
    }
    // A journal in use looks as one that was left: somebody who has it open tells them apart.
    const inUse = hold.is === 'busy' || whoHasOpen([store.path]).answer === 'yes';
    if (inUse && Date.now() < until) {
      await pause(RETRY_MS, taking.signal);
      continue;
    }
    return { taken: 'between-equal-stamps', files: await takeBetween(taking, store.path) };
  }
}

async function takeHeld(taking: TakingStores, held: HeldStore): Promise<TakenStore> {
  const lost = new DesprawlError(
    'DSP-STORE-BUSY',
    `The process that kept others out of ${shownPath(held.store)} ended before it was copied.`,
    { hint: 'Run the command again. If it happens again, look for what ends processes (memory).' },
  );
  if (!held.isHeld()) throw lost;
  const { files, before, after } = takeOnce(taking, held.store);
  if (!held.isHeld()) throw lost;
  // Nobody who asks for locks can have written; who does not ask would tear any copy.
  if (before !== after) throw new NotTaken('it changed while all others were kept out of it', true);
  return { taken: 'excluded', files };
}

async function takeBetween(taking: Taking, path: Path): Promise<ReadonlyMap<StoreFile, Required<FileState>>> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if (attempt > 1) await pause(20 * 3 ** attempt, taking.signal);
    taking.signal?.throwIfAborted();
    const written = STORE_FILES.filter((suffix) => suffix !== '-shm').map((suffix) => withSuffix(path, suffix));
    await settle(taking.disk, written, taking.signal);
    const { files, before, after } = takeOnce(taking, path);
    if (before === after) return files;
  }
  const { who } = whoHasOpen([path]);
  const by = who.length > 0 ? namesOf(who) : 'somebody';
  throw new NotTaken(`${by} wrote to it during each of ${ATTEMPTS} attempts to copy it`, true);
}

interface Take {
  readonly files: ReadonlyMap<StoreFile, Required<FileState>>;
  readonly before: string;
  readonly after: string;
}

function takeOnce(taking: Taking, path: Path): Take {
  const before = statsOf(taking.disk, path);
  const files = new Map<StoreFile, Required<FileState>>();
  for (const [suffix, stat] of before) {
    try {
      files.set(suffix, putFile(taking, withSuffix(path, suffix), stat));
    } catch (error) {
      // A sidecar went away between looking and copying: the stamps say so too. Without its main file there is no store.
      if (suffix === '' || !(error instanceof NotTaken) || taking.disk.lstat(withSuffix(path, suffix)) !== null)
        throw error;
    }
  }
  return { files, before: stampsOf(before), after: stampsOf(statsOf(taking.disk, path)) };
}

function statsOf(disk: Disk, path: Path): ReadonlyMap<StoreFile, Stat> {
  const stats = new Map<StoreFile, Stat>();
  for (const suffix of STORE_FILES) {
    const stat = disk.lstat(withSuffix(path, suffix));
    if (stat === null) {
      if (suffix === '') throw new NotTaken('it is not there');
    } else if (stat.kind === 'file') {
      stats.set(suffix, stat);
    } else {
      throw new NotTaken(suffix === '' ? 'it is no regular file' : `${suffix} beside it is no regular file`);
    }
  }
  return stats;
}

/** The shared memory changes with every reader and is made anew by the next: that it is there says enough. */
function stampsOf(stats: ReadonlyMap<StoreFile, Stat>): string {
  return [...stats].map(([suffix, stat]) => (suffix === '-shm' ? '-shm' : `${suffix} ${stampOf(stat)}`)).join('\n');
}

/** `data/a.db` and `-wal` → `data/a.db-wal`. */
export function recordedFile(store: RecordedPath, suffix: StoreFile): RecordedPath {
  if (typeof store === 'string') return store + suffix;
  return { bytes: Buffer.from(keyOf(store) + suffix, 'latin1').toString('base64') };
}
