/**
 * Is a backup good? By levels, each with those before it: every content has the hash of its name; every snapshot opens; SQLite
 * finds in it what was counted when it was taken. Reads only; what it found is written by the caller, who may not be allowed to.
 */
import type { Disk } from '../disk/disk.ts';
import { keyOf, type RecordedPath } from '../disk/paths.ts';
import type { Pool } from '../stores/child/pool.ts';
import { UnreadableStore } from '../stores/reader.ts';
import { LEVELS } from './checks.ts';
import type { BackupCheck, Manifest, ManifestStore, StoreCheck, VerifiedLevel } from './model.ts';
import type { StoredObjects } from './objects.ts';
import { secondsFor } from './snapshot-store.ts';

export interface VerifyGround {
  readonly disk: Disk;
  readonly objects: StoredObjects;
  readonly pool: Pool;
  readonly now: () => number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number; readonly item: string }) => void;
}

type Problem = BackupCheck['problems'][number];

export async function verifyBackup(
  ground: VerifyGround,
  manifest: Manifest,
  level: Exclude<VerifiedLevel, 'rehearsed'>,
): Promise<BackupCheck> {
  const started = ground.now();
  const problems: Problem[] = [...damagedContents(ground, manifest)];
  const stores: StoreCheck[] = [];
  if (level !== 'bytes') {
    const damaged = new Set(problems.map(({ path }) => keyOf(path)));
    for (const store of manifest.stores) {
      // What is damaged has been said; SQLite would say it again in other words.
      if (damaged.has(keyOf(store.store))) continue;
      ground.signal?.throwIfAborted();
      const found = await checkSnapshot(ground, store, LEVELS.indexOf(level) >= LEVELS.indexOf('contents'));
      problems.push(...found.problems);
      if (found.check !== null) stores.push(found.check);
    }
  }
  const seconds = (ground.now() - started) / 1000;
  return {
    version: 1,
    backup: manifest.id,
    at: new Date(ground.now()).toISOString(),
    level,
    seconds,
    problems,
    stores,
  };
}

/** Each content once, with all the paths that need it. */
function damagedContents(ground: VerifyGround, manifest: Manifest): readonly Problem[] {
  const paths = contentsOf(manifest);
  const problems: Problem[] = [];
  let done = 0;
  for (const [sha256, needed] of paths) {
    ground.signal?.throwIfAborted();
    if (!ground.objects.verify(sha256)) {
      const what = ground.objects.has(sha256)
        ? 'its content in the vault is damaged'
        : 'its content is missing in the vault';
      problems.push(...needed.map((path) => ({ path, what })));
    }
    ground.onProgress?.({ done: ++done, total: paths.size, item: manifest.id });
  }
  return problems;
}

/** Every content that a backup needs → the paths that it belongs to; a snapshot belongs to its store. */
export function contentsOf(manifest: Manifest): ReadonlyMap<string, readonly RecordedPath[]> {
  const paths = new Map<string, RecordedPath[]>();
  const add = (sha256: string, path: RecordedPath): void => {
    const all = paths.get(sha256);
    if (all === undefined) paths.set(sha256, [path]);
    else if (!all.some((one) => keyOf(one) === keyOf(path))) all.push(path);
  };
  for (const file of manifest.files) if (file.kind === 'file') add(file.sha256, file.path);
  for (const { store, snapshot } of manifest.stores) if (snapshot !== undefined) add(snapshot.sha256, store);
  return paths;
}

async function checkSnapshot(
  { objects, pool }: VerifyGround,
  { store, snapshot, tables }: ManifestStore,
  whole: boolean,
): Promise<{ readonly problems: readonly Problem[]; readonly check: StoreCheck | null }> {
  if (snapshot === undefined) return { problems: [], check: null };
  try {
    const input = { file: String(objects.pathOf(snapshot.sha256)), whole };
    const facts = await pool.ask('describeCopy', input, secondsFor(snapshot.bytes) * (whole ? 4 : 1));
    const what: string[] = [];
    if (facts.bytes > snapshot.bytes) what.push(`its snapshot has ${snapshot.bytes} bytes and says ${facts.bytes}`);
    const rows = new Map(facts.tables.map((table) => [table.name, table.rows]));
    for (const table of tables) {
      if (rows.get(table.name) !== table.rows) {
        what.push(`table ${table.name} had ${table.rows} rows, the snapshot has ${rows.get(table.name) ?? 'none'}`);
      }
    }
    const { integrity, brokenReferences } = facts;
    const check =
      integrity === undefined || brokenReferences === undefined ? null : { store, integrity, brokenReferences };
    return { problems: what.map((one) => ({ path: store, what: one })), check };
  } catch (error) {
    if (!(error instanceof UnreadableStore)) throw error;
    return { problems: [{ path: store, what: `its snapshot cannot be read: ${error.message}` }], check: null };
  }
}
