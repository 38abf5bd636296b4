/**
 * The backups that a run stands on, before its first step: every file that it changes or takes away, the stores of the project where it
 * touches any, and what its actions archive, which is kept forever. Read back, opened and counted before anything begins (promise 4).
 */
import type { Audit } from '../audit/model.ts';
import { joinPath, keyOf, type RecordedPath, shownPath } from '../disk/paths.ts';
import { DesprawlError } from '../errors.ts';
import type { CompiledPhase } from '../plan/compile/model.ts';
import { assertSpace } from '../state/space.ts';
import { type PlannedStep, transitionsOf } from '../steps/step.ts';
import { openPool } from '../stores/child/pool.ts';
import { openScratch } from '../stores/scratch.ts';
import type { BackupStore } from '../vault/backup-request.ts';
import { writeCheck } from '../vault/checks.ts';
import { createBackup } from '../vault/create.ts';
import type { BackupReason, Manifest, ProjectMark } from '../vault/model.ts';
import { openObjects } from '../vault/objects.ts';
import { vaultFolder } from '../vault/vault-folder.ts';
import { verifyBackup } from '../vault/verify-backup.ts';
import { BATCH_BYTES } from './batches.ts';
import type { ProjectGround } from './ground.ts';
import { type HeldStores, storesTouched } from './hold-stores.ts';
import type { SnapshotOf } from './make-merges.ts';
import type { NotVerified, RunId } from './model.ts';

export interface BackupsTaken {
  readonly ids: readonly string[];
  /** Keys of paths that are kept forever. */
  readonly archived: ReadonlySet<string>;
  readonly notVerified: readonly NotVerified[];
  /** What merges and exports read: one file that opens by itself, or the text file as it is. */
  readonly snapshotOf: SnapshotOf;
}

/** Left free for the journal and for what else happens on the disk. */
const HEADROOM_BYTES = 16 * 1024 * 1024;
const SIDECAR = /-(?:wal|shm|journal)$/;
/** Roles of stores that an application works with. */
const USED = new Set(['live', 'primary']);

/** Throws `DSP-NO-SPACE`, `DSP-STORE-BUSY`, `DSP-VAULT-DAMAGED`, `DSP-WRITE-FAILED`: nothing of the run has begun then. */
export async function takeBackups(
  ground: ProjectGround,
  run: RunId,
  phase: Pick<CompiledPhase, 'steps' | 'archived' | 'contents' | 'merges' | 'exports'>,
  audit: Pick<Audit, 'stores' | 'project'>,
  held: HeldStores,
): Promise<BackupsTaken> {
  const { disk, state, root } = ground;
  const { steps, archived, contents, merges, exports } = phase;
  const written = [...contents.values()].reduce((sum, bytes) => sum + bytes.length, 0);
  assertSpace(disk, [
    { path: state.vault, bytes: written + HEADROOM_BYTES, for: 'new contents' },
    {
      path: root,
      bytes: Math.min(written, BATCH_BYTES) + HEADROOM_BYTES,
      for: 'what is written before it takes effect',
    },
  ]);
  const project: ProjectMark = { root, git: audit.project.git };
  const isFile = (path: string): boolean => disk.lstat(joinPath(root, path))?.kind === 'file';
  const read = new Set([
    ...merges.flatMap(({ target, sources }) => [target, ...sources]),
    ...exports.map(({ spec }) => spec.store),
  ]);
  const stores = storesToTake(audit, steps, read, held).filter(({ store }) => isFile(shownPath(store)));
  const manifests: Manifest[] = [];
  const take = async (
    why: BackupReason,
    keep: 'forever' | null,
    files: readonly RecordedPath[],
    of: readonly BackupStore[],
  ) => {
    const { manifest } = await createBackup({
      disk,
      vault: state.vault,
      project,
      tool: ground.tool,
      why,
      keep,
      files,
      stores: of,
      waitSeconds: 0,
      now: () => ground.now(),
      signal: ground.signal,
      ...(ground.onProgress === undefined
        ? {}
        : { onProgress: (progress) => ground.onProgress?.({ phase: 'backup', ...progress }) }),
    });
    manifests.push(manifest);
    return manifest;
  };
  const files = filesToTake(steps);
  const main = await take({ kind: 'run', run }, null, files, stores);
  assertComplete(main, [...files, ...read]);
  for (const { action, paths } of archived) {
    const own = stores.filter(({ store }) => paths.includes(shownPath(store)));
    const manifest = await take({ kind: 'archive', run, action }, 'forever', paths, own);
    assertComplete(manifest, paths);
  }
  await verifyContents(ground, manifests);
  // New contents last: whatever stops a run before leaves nothing but backups.
  const objects = openObjects(disk, state.vault);
  await objects.putAll(contents.values());
  return {
    ids: manifests.map(({ id }) => id),
    archived: new Set(archived.flatMap(({ paths }) => paths.map((path) => keyOf(path)))),
    notVerified: [
      ...held.notVerified,
      ...main.notTaken.map(({ path, why }) => ({ what: `backup of ${shownPath(path)}`, why })),
    ],
    snapshotOf: (path) => snapshotIn(main, path),
  };
}

function snapshotIn({ stores, files }: Manifest, path: string): ReturnType<SnapshotOf> {
  const store = stores.find((one) => keyOf(one.store) === keyOf(path));
  const file = files.find((one) => keyOf(one.path) === keyOf(path));
  if (store?.snapshot !== undefined) return store.snapshot;
  return file?.kind === 'file' && store?.notVerified === undefined ? { sha256: file.sha256, bytes: file.bytes } : null;
}

/** What is there before, of each path that a step changes or takes away. */
function filesToTake(steps: Iterable<PlannedStep>): readonly RecordedPath[] {
  const first = new Map<string, { path: RecordedPath; take: boolean }>();
  for (const step of steps) {
    for (const { path, before } of transitionsOf(step)) {
      const key = keyOf(path);
      if (!first.has(key)) first.set(key, { path, take: before.kind === 'file' || before.kind === 'link' });
    }
  }
  return [...first.values()].flatMap(({ path, take }) => (take ? [path] : []));
}

/** Those that change, are merged or exported, and with any of them those that the application uses. */
function storesToTake(
  { stores }: Pick<Audit, 'stores'>,
  steps: readonly PlannedStep[],
  read: ReadonlySet<string>,
  held: HeldStores,
): readonly BackupStore[] {
  const touched = new Set([...storesTouched(steps), ...read]);
  if (touched.size === 0) return [];
  return stores.flatMap(({ path, kind, role }) => {
    if (!touched.has(path) && !(USED.has(role) && kind === 'sqlite')) return [];
    const own = held.held.get(keyOf(path));
    const taken: BackupStore = { store: path, kind: kind === 'sqlite' ? 'sqlite' : 'text' };
    return [own === undefined ? taken : { ...taken, held: own }];
  });
}

function assertComplete(manifest: Manifest, needed: readonly RecordedPath[]): void {
  const keys = new Set(needed.map((path) => keyOf(path)));
  const missing = manifest.notTaken.find(
    ({ path }) => keys.has(keyOf(path)) || keys.has(keyOf(shownPath(path).replace(SIDECAR, ''))),
  );
  if (missing === undefined) return;
  throw new DesprawlError(
    'DSP-STORE-BUSY',
    `${shownPath(missing.path)} could not be backed up (${missing.why}), and is to be changed. Nothing was begun.`,
  );
}

/** Level `contents`: what is taken away must be known to come back. */
async function verifyContents(ground: ProjectGround, manifests: readonly Manifest[]): Promise<void> {
  const { disk, state, scratchDir, signal } = ground;
  const vault = vaultFolder(state.vault);
  const scratch = openScratch(scratchDir);
  const pool = openPool({ size: 1, tempDir: scratch.dir, signal });
  try {
    for (const manifest of manifests) {
      const on = { disk, objects: openObjects(disk, state.vault), pool, now: () => ground.now(), signal };
      const check = await verifyBackup(on, manifest, 'contents');
      writeCheck(disk, vault, check);
      const [problem] = check.problems;
      if (problem === undefined) continue;
      throw new DesprawlError(
        'DSP-VAULT-DAMAGED',
        `The backup ${manifest.id} is not good: ${shownPath(problem.path)}: ${problem.what}. Nothing was begun.`,
      );
    }
  } finally {
    pool.close();
    scratch.close();
  }
}
