/** Takes everything that a backup is to hold, in the order of the request, and says of each how, or why not. */
import type { Path } from '../disk/disk.ts';
import type { FileState } from '../disk/path-state.ts';
import { bytesOf, folderOf, keyOf, type RecordedPath, recordedPath, shownPath } from '../disk/paths.ts';
import { type BackupRequest, type BackupStore, placeOf } from './backup-request.ts';
import type { Manifest, ManifestFile, ManifestFolder, ManifestStore } from './model.ts';
import type { Snapshot } from './snapshot-store.ts';
import { NotTaken, takeFile, takeSmallFiles } from './take-file.ts';
import { recordedFile, type StoreFile, type TakenStore, type TakingStores, takeStore } from './take-store.ts';

export type Contents = Pick<Manifest, 'files' | 'folders' | 'stores' | 'notTaken'> & {
  readonly bytes: { readonly files: number };
};

type Files = ReadonlyMap<StoreFile, Required<FileState>>;

/** Snapshots are made while the next store is taken. */
export async function collect(
  request: BackupRequest,
  taking: TakingStores,
  snapshot: (files: Files) => Promise<Snapshot>,
): Promise<Contents> {
  const files = new Map<string, ManifestFile>();
  const notTaken: Manifest['notTaken'][number][] = [];
  const stores: Promise<ManifestStore>[] = [];
  const total = request.stores.length + request.files.length;
  let bytes = 0;
  let done = 0;
  const tell = (path: RecordedPath): void =>
    request.onProgress?.({ done: ++done, total, bytes, item: shownPath(path) });
  const add = (file: ManifestFile): void => {
    files.set(keyOf(file.path), file);
    if (file.kind === 'file') bytes += file.bytes;
  };

  const first = request.stores[0]?.store ?? request.files[0];
  if (first !== undefined) request.onProgress?.({ done, total, bytes, item: shownPath(first) });
  for (const one of request.stores) {
    const { store } = one;
    const taken = await orNot(notTaken, store, () => takeStore(taking, { ...one, path: placeOf(request, store) }));
    if (taken !== null) {
      for (const [suffix, state] of taken.files) add({ path: recordedFile(store, suffix), ...state, store });
      const described = describe(one, taken, snapshot);
      // A failure is thrown at the end, when nothing runs any more.
      described.catch(() => {});
      stores.push(described);
      // No more of them at once than there are children.
      await stores.at(-2)?.catch(() => {});
    }
    tell(store);
  }
  const others = request.files.filter((path) => !files.has(keyOf(path)));
  done = total - others.length;
  for await (const group of takeSmallFiles(taking, others, (path) => placeOf(request, path))) {
    for (const { file: path, state: small } of group) {
      const state = small ?? (await orNot(notTaken, path, () => takeFile(taking, placeOf(request, path))));
      if (state !== null) add({ path, ...state });
      tell(path);
    }
  }
  const sorted = [...files.values()].sort((a, b) => (keyOf(a.path) < keyOf(b.path) ? -1 : 1));
  return {
    files: sorted,
    folders: foldersOf(request, sorted),
    stores: await Promise.all(stores),
    notTaken,
    bytes: { files: bytes },
  };
}

async function describe(
  { store, kind }: BackupStore,
  { taken, files }: TakenStore,
  snapshot: (files: Files) => Promise<Snapshot>,
): Promise<ManifestStore> {
  if (kind === 'text') return { store, taken, tables: [] };
  return { store, taken, ...(await snapshot(files)) };
}

async function orNot<T>(
  notTaken: Manifest['notTaken'][number][],
  path: RecordedPath,
  take: () => Promise<T>,
): Promise<T | null> {
  try {
    return await take();
  } catch (error) {
    if (!(error instanceof NotTaken)) throw error;
    notTaken.push({ path, why: error.message });
    return null;
  }
}

/** Every folder between the project and a file; of a file outside the one that it lies in. */
function foldersOf(request: BackupRequest, files: readonly ManifestFile[]): readonly ManifestFolder[] {
  const folders = new Map<string, ManifestFolder>();
  for (const { path } of files) {
    for (const folder of above(path)) {
      const key = keyOf(folder);
      if (folders.has(key)) continue;
      const stat = request.disk.lstat(placeOf(request, folder));
      if (stat?.kind !== 'folder') continue;
      const { mode, mtimeNs, uid, gid } = stat;
      folders.set(key, { path: folder, kind: 'folder', mode, mtime: String(mtimeNs), uid, gid });
    }
  }
  return [...folders.values()].sort((a, b) => (keyOf(a.path) < keyOf(b.path) ? -1 : 1));
}

const SLASH = 0x2f;

function above(path: RecordedPath): readonly RecordedPath[] {
  const bytes: Path = bytesOf(path);
  if (bytes[0] === SLASH) return [recordedPath(folderOf(bytes) as Buffer)];
  const folders: RecordedPath[] = [];
  for (let at = bytes.indexOf(SLASH); at !== -1; at = bytes.indexOf(SLASH, at + 1)) {
    folders.push(recordedPath(bytes.subarray(0, at)));
  }
  return folders;
}
