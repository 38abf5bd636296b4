/** A disk one call of which fails, or every one from then on: full, read-only, not allowed, broken, short, or forgetful in an fsync. */
import type { Disk } from '../../src/disk/disk.ts';
import { type Call, type CallName, watched } from './changing-calls.ts';
import { SimulatedFile } from './simulated/simulated-disk.ts';
import { failure } from './simulated/walk.ts';

export interface Fault {
  /** The k-th of the calls counts, from 1. */
  readonly k: number;
  readonly code: 'ENOSPC' | 'EIO' | 'EACCES' | 'EROFS';
  /** Which calls are counted; all that change something, if left out. */
  readonly of?: readonly CallName[];
  /** `half`: a part is done before it fails. `short`: a write does a part and says so, which is no error. */
  readonly how?: 'whole' | 'half' | 'short';
  /** All that follow fail as well. */
  readonly lasts?: boolean;
}

const SYNCS: readonly CallName[] = ['fsync', 'fsync all'];

export interface FailingDisk {
  readonly disk: Disk;
  /** How many counted calls there were. */
  calls(): number;
}

export function failing(below: Disk, { k, code, of, how = 'whole', lasts = false }: Fault): FailingDisk {
  let calls = 0;
  const change = <R>(call: Call<R>): R => {
    if (of !== undefined && !of.includes(call.name)) return call.go();
    calls++;
    if (calls !== k && !(lasts && calls > k)) return call.go();
    if (how === 'short') return call.name === 'write' && call.half !== undefined ? call.half() : call.go();
    if (how === 'half') call.half?.();
    // The pages of an fsync that failed are gone, and another one would not say so.
    if (SYNCS.includes(call.name)) for (const file of call.files ?? []) if (file instanceof SimulatedFile) file.drop();
    throw failure(code, call.name, call.path);
  };
  return { disk: watched(below, { change }), calls: () => calls };
}
