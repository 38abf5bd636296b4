/** Gathers backup files that belong together and counts how many different contents they are. Judges nothing. */
import type { Store } from '../stores/model.ts';
import type { Facts } from './model.ts';

export interface BackupSet {
  /** The folder that holds them all; `.` for the project's root. */
  readonly folder: string;
  readonly files: readonly Store[];
  /** Files of one content together, the newest first; the content with most files first. */
  readonly contents: readonly (readonly Store[])[];
  /** Bytes of all files but one of each content. */
  readonly freeable: number;
  /** Files whose story this set tells. */
  readonly covered: ReadonlySet<string>;
}

/** From this number on, backups are a heap even where all differ. */
const HEAP = 5;
const BACKUP_FOLDER = /back-?ups?|bak|archives?|snapshots?|dumps?|old/i;

/** Sets worth a word: something is there twice, or there are many. */
export function backupSets(facts: Facts): readonly BackupSet[] {
  const sets = new Map<string, { folder: string; files: Store[] }>();
  for (const store of facts.stores) {
    if (store.role !== 'backup' || store.status !== 'verified' || store.foreign !== undefined) continue;
    const folder = folderOf(store.path);
    const group = facts.groups.find(({ stores }) => stores.includes(store.id))?.id ?? '';
    const key = `${group}\n${folder}`;
    const set = sets.get(key) ?? { folder, files: [] };
    set.files.push(store);
    sets.set(key, set);
  }
  return [...sets.values()]
    .map(({ folder, files }) => measure(folder, files))
    .filter(({ covered }) => covered.size > 0);
}

/** `backups/2025-09/hub.db` lies in `backups`: dated folders below are one heap. */
function folderOf(path: string): string {
  const folders = path.split('/').slice(0, -1);
  const top = folders.findIndex((name) => BACKUP_FOLDER.test(name));
  return (top < 0 ? folders : folders.slice(0, top + 1)).join('/') || '.';
}

function measure(folder: string, files: readonly Store[]): BackupSet {
  const byContent = new Map<string, Store[]>();
  for (const store of files) {
    // Rows may sit in a sidecar, and a file that no other has the size of was never hashed.
    const key = store.sha256 === undefined || store.sidecars.length > 0 ? `path ${store.path}` : store.sha256;
    byContent.set(key, [...(byContent.get(key) ?? []), store]);
  }
  const newestFirst = (x: Store, y: Store): number =>
    x.modified === y.modified ? (x.id < y.id ? -1 : 1) : x.modified < y.modified ? 1 : -1;
  const contents = [...byContent.values()]
    .map((same) => same.sort(newestFirst))
    .sort((x, y) => y.length - x.length || ((x[0]?.id ?? '') < (y[0]?.id ?? '') ? -1 : 1));
  const covered = contents.filter((same) => same.length > 1 || files.length >= HEAP).flat();
  return {
    folder,
    files,
    contents,
    freeable: contents.reduce((sum, same) => sum + same.slice(1).reduce((more, { bytes }) => more + bytes, 0), 0),
    covered: new Set(covered.map(({ id }) => id)),
  };
}
