/**
 * Bugs planted between the engine and its disk: each leaves out or puts off what the order of durability stands on. The laboratory
 * must find every one of them, or it would not find the next real one either.
 */
import type { Disk, Path } from '../../src/disk/disk.ts';
import { folderOf } from '../../src/disk/paths.ts';
import { encode } from '../../src/journal/frame.ts';
import { type Call, type CallName, watched } from './changing-calls.ts';
import { ROOT } from './scenarios.ts';

export interface Mutant {
  readonly name: string;
  readonly disk: (disk: Disk) => Disk;
}

const isIn = (folder: string, path: Path): boolean => String(path).startsWith(folder);
const isJournal = (path: Path): boolean => /\/journal-\d+$/.test(String(path));

/** Says that it did what it did not. */
function without(name: string, isLeftOut: (name: CallName, path: Path) => boolean): Mutant {
  const change = <R>(call: Call<R>): R => {
    if (!isLeftOut(call.name, call.path)) return call.go();
    return (call.name === 'fsync all' ? Promise.resolve() : undefined) as R;
  };
  return { name, disk: (disk) => watched(disk, { change }) };
}

/** Folders of the project are fsynced when the journal is written next: old names are gone before the new ones are durable. */
const lateFolders: Mutant = {
  name: 'old names go before the new ones are on the disk',
  disk: (disk) => {
    const late = new Set<string>();
    const change = <R>(call: Call<R>): R => {
      if (call.name === 'fsync folder' && isIn(ROOT, call.path)) {
        late.add(String(call.path));
        return undefined as R;
      }
      if (call.name === 'write' && isJournal(call.path)) {
        for (const folder of late) if (disk.lstat(folder) !== null) disk.syncFolder(folder);
        late.clear();
      }
      return call.go();
    };
    return watched(disk, { change });
  },
};

/** Only folders that this very process changed are fsynced: what a killed one did stays in doubt. */
const doubtIsForgotten: Mutant = {
  name: 'the batch in doubt is not fsynced again',
  disk: (disk) => {
    const changed = new Set<string>();
    const NAMES: readonly CallName[] = ['create', 'link', 'rename', 'unlink', 'symlink', 'mkdir', 'rmdir'];
    const change = <R>(call: Call<R>): R => {
      if (NAMES.includes(call.name)) changed.add(String(folderOf(call.path)));
      if (call.name === 'mkdir' || call.name === 'setattr') changed.add(String(call.path));
      if (call.name === 'fsync folder' && isIn(ROOT, call.path) && !changed.has(String(call.path)))
        return undefined as R;
      return call.go();
    };
    return watched(disk, { change });
  },
};

/** `done` of a batch stands in the journal together with its `batch`. */
const doneEarly: Mutant = {
  name: 'done is told before it is done',
  disk: (disk) => ({
    ...watched(disk, { change: (call) => call.go() }),
    syncAll: (files) => disk.syncAll(files),
    open: (path, how, mode) => {
      const file = disk.open(path, how, mode);
      if (!isJournal(path) || how !== 'create') return file;
      const told: object[] = [];
      let written = 0;
      // The segment counts its own records; those that are put in here shift what follows.
      return Object.assign(Object.create(file), {
        stat: () => file.stat(),
        sync: () => file.sync(),
        close: () => file.close(),
        write: (bytes: Uint8Array) => {
          const lines = Buffer.from(bytes).toString('utf8').split('\n').slice(0, -1);
          const frames = lines.flatMap((line) => {
            const record = JSON.parse(line.slice(18)) as { t: string; from?: number; to?: number; s: number };
            if (record.t === 'done') return [];
            const own = [record, ...(record.t === 'batch' ? [{ ...record, t: 'done' }] : [])];
            return own.map((one) => {
              told.push(one);
              return encode({ ...one, n: told.length });
            });
          });
          const all = Buffer.concat(frames);
          file.write(all, written);
          written += all.length;
          return bytes.length;
        },
      });
    },
  }),
};

export const MUTANTS: readonly Mutant[] = [
  without('no fsync of new contents', (name) => name === 'fsync all'),
  without('no fsync of folders', (name, path) => name === 'fsync folder' && isIn(ROOT, path)),
  without('no fsync of the journal', (name, path) => name === 'fsync' && isJournal(path)),
  doneEarly,
  lateFolders,
  doubtIsForgotten,
  without(
    'no fsync of what the vault holds',
    (name, path) => name === 'fsync folder' && /\/vault\b/.test(String(path)),
  ),
  without('no fsync of the list of steps', (name, path) => name === 'fsync' && /\/steps$/.test(String(path))),
  without('no fsync of the folders of runs', (name, path) => name === 'fsync folder' && /\/runs\b/.test(String(path))),
  without('no fsync of what is written in place', (name, path) => name === 'fsync' && isIn(ROOT, path)),
  without('times of folders are not set', (name, path) => name === 'setattr' && /^\/p(\/[a-f])?$/.test(String(path))),
  without('temporaries are not removed', (name, path) => name === 'unlink' && String(path).includes('.desprawl-')),
];
