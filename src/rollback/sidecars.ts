/**
 * A store is its main file and its sidecars together (trap S3): what lies beside a store that goes back, and that the run knew nothing of,
 * was written since. Rows may be in it, and beside another main file it would be replayed into that.
 */
import { ABSENT, same } from '../disk/path-state.ts';
import { bytesOf, keyOf, type RecordedPath, recordedPath } from '../disk/paths.ts';
import { lookAt } from '../steps/place.ts';
import type { Ground } from '../steps/primitive.ts';
import type { PathChain } from './chains.ts';

/** A path of a store as it lies now. */
export interface StoreChain extends PathChain {
  /** Its main file. */
  readonly main?: RecordedPath;
  /** `false`: nothing that anybody could miss. */
  readonly counts?: boolean;
}

const SUFFIXES = ['-wal', '-journal', '-shm'] as const;
const SIDECAR = /-(?:wal|journal|shm)$/;

/** The chains, and those of sidecars that nobody told of. */
export function withSidecars(on: Ground, chains: ReadonlyMap<string, PathChain>): ReadonlyMap<string, StoreChain> {
  const all = new Map<string, StoreChain>();
  for (const [key, chain] of chains) {
    if (chain.store === undefined) {
      all.set(key, chain);
      continue;
    }
    const main = recordedPath(Buffer.from(key.replace(SIDECAR, ''), 'latin1'));
    // What an index of the WAL held is made again from the WAL.
    all.set(key, { ...chain, main, counts: !key.endsWith('-shm') });
  }
  for (const [key, chain] of chains) {
    if (chain.store === undefined || SIDECAR.test(key) || isAsBefore(on, chain)) continue;
    for (const suffix of SUFFIXES) {
      const path = recordedPath(Buffer.concat([bytesOf(chain.path), Buffer.from(suffix)]));
      if (all.has(keyOf(path))) continue;
      const { state } = lookAt(on, path);
      if (state.kind !== 'file') continue;
      all.set(keyOf(path), {
        ...chain,
        path,
        states: [ABSENT],
        last: ABSENT,
        how: 'replace',
        origin: null,
        main: chain.path,
        counts: suffix !== '-shm' && state.bytes > 0,
      });
    }
  }
  return all;
}

function isAsBefore(on: Ground, { path, states }: PathChain): boolean {
  return same(lookAt(on, path).state, states[0]);
}
