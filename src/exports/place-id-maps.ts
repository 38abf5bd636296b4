/** Gives id maps their names in a folder that a person named: all of them or none, and never that of a file that is there. */
import type { Disk } from '../disk/disk.ts';
import { DesprawlError } from '../errors.ts';
import type { IdMapPart } from '../merge/ledger/documents.ts';
import { inFolder } from './in-folder.ts';
import { type NewFile, placeFiles } from './place-files.ts';

/** As private as the ledger: keys may be personal. */
const MODE = 0o600;

/** Names of the files, in the order of `made`. Throws `DSP-FILE-EXISTS`, `DSP-WRITE-FAILED`; then nothing was written. */
export function placeIdMaps(disk: Disk, to: string, made: readonly IdMapPart[]): readonly string[] {
  const names = namesFor(made);
  inFolder(disk, to, (folder) => {
    const there = names.filter((name) => disk.lstat(`${folder}/${name}`) !== null);
    if (there.length > 0) {
      throw new DesprawlError('DSP-FILE-EXISTS', `There already: ${there.join(', ')}.`, {
        hint: 'Move it away or name another folder: an id map never replaces a file.',
      });
    }
    const files = made.map(
      ({ file }, i): NewFile => ({ name: names[i] ?? '', content: file, mode: MODE, own: new Set() }),
    );
    const last = files.at(-1);
    if (last !== undefined) placeFiles(disk, folder, files.slice(0, -1), () => last, false);
  });
  return names;
}

/** `data-shop.db.users.csv`; with a number where two would be called the same. */
function namesFor(made: readonly IdMapPart[]): readonly string[] {
  const taken = new Set<string>();
  return made.map(({ store, table }) => {
    const stem = `${store}.${table}`.replace(/[^\p{L}\p{N}_.]+/gu, '-').replace(/^[-.]+/, '') || 'table';
    for (let n = 1; ; n++) {
      const name = `${stem}${n === 1 ? '' : `-${n}`}.csv`;
      // Some file systems hold names equal that differ in case or composition.
      const key = name.normalize('NFC').toLowerCase();
      if (taken.has(key)) continue;
      taken.add(key);
      return name;
    }
  });
}
