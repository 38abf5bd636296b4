/**
 * Before the first step back: what somebody changed since goes into the vault, stores with a snapshot; every content that is to be put is
 * whole; and every content that is taken away is there, so that the rollback itself can be taken back.
 */
import type { ProjectGround } from '../apply/ground.ts';
import type { HeldStores } from '../apply/hold-stores.ts';
import type { RunId } from '../apply/model.ts';
import { joinPath, keyOf, type RecordedPath, shownPath } from '../disk/paths.ts';
import { DesprawlError } from '../errors.ts';
import { type PlannedStep, transitionsOf } from '../steps/step.ts';
import type { BackupStore } from '../vault/backup-request.ts';
import { createBackup } from '../vault/create.ts';
import type { ProjectMark } from '../vault/model.ts';
import { openObjects } from '../vault/objects.ts';
import type { ChangedPath } from './steps-back.ts';

/** How many paths a message names. */
const SHOWN = 5;

/** Returns the backup; `null`: there is nothing to keep. Throws `DSP-NO-SPACE`, `DSP-STORE-BUSY`, `DSP-RUN-FOREIGN`. */
export async function keepChanged(
  ground: ProjectGround,
  run: RunId,
  since: readonly ChangedPath[],
  held: HeldStores,
  git: ProjectMark['git'],
): Promise<string | null> {
  const changed = since.filter(({ found }) => found.kind !== 'absent');
  if (changed.length === 0) return null;
  const stores = new Map<string, BackupStore>();
  for (const { store } of changed) {
    if (store === undefined || ground.disk.lstat(joinPath(ground.root, store)) === null) continue;
    const own = held.held.get(keyOf(store));
    stores.set(keyOf(store), { store, kind: 'sqlite', ...(own === undefined ? {} : { held: own }) });
  }
  // Sidecars come with their store, and go as files where it is gone.
  const files = changed.filter(({ store }) => store === undefined || !stores.has(keyOf(store))).map(({ path }) => path);
  const { manifest } = await createBackup({
    disk: ground.disk,
    vault: ground.state.vault,
    project: { root: ground.root, git },
    tool: ground.tool,
    why: { kind: 'kept', run },
    keep: null,
    files,
    stores: [...stores.values()],
    waitSeconds: 0,
    now: () => ground.now(),
    ...(ground.signal === undefined ? {} : { signal: ground.signal }),
    onProgress: (progress) => ground.onProgress?.({ phase: 'backup', ...progress }),
  });
  const taken = new Map(manifest.files.map((file) => [keyOf(file.path), file]));
  for (const { path, found } of changed) {
    const file = taken.get(keyOf(path));
    const is =
      found.kind === 'file' ? file?.kind === 'file' && file.sha256 === found.sha256 : file?.kind === found.kind;
    if (is) continue;
    const why = manifest.notTaken.find((one) => keyOf(one.path) === keyOf(path))?.why ?? 'it changes while it is read';
    throw new DesprawlError('DSP-RUN-FOREIGN', `${shownPath(path)} cannot be kept: ${why}. Nothing was changed.`, {
      hint: 'Stop what writes to it, then run the command again.',
    });
  }
  return manifest.id;
}

/** Throws `DSP-VAULT-DAMAGED`, naming what cannot be put back. */
export function assertWhole({ disk, root, state }: ProjectGround, steps: readonly PlannedStep[]): void {
  const objects = openObjects(disk, state.vault);
  const known = new Map<string, boolean>();
  const isWhole = (sha256: string): boolean => {
    const found = known.get(sha256) ?? objects.verify(sha256);
    known.set(sha256, found);
    return found;
  };
  /** What is put at a path first is made of what the vault holds, or moved there. */
  const made = new Set<string>();
  const damaged: RecordedPath[] = [];
  let good = 0;
  for (const step of steps) {
    if (step.op === 'put' && step.after.kind === 'file') {
      if (isWhole(step.after.sha256)) good++;
      else damaged.push(step.path);
    }
    for (const { path, before, after } of transitionsOf(step)) {
      const key = keyOf(path);
      // Nothing of it has begun: what is before the first step of a path is at the path.
      if (before.kind === 'file' && !made.has(key) && !isWhole(before.sha256)) {
        objects.put({ file: joinPath(root, path) }, { hashFirst: true });
        known.set(before.sha256, true);
      }
      if (after.kind !== 'absent') made.add(key);
    }
  }
  if (damaged.length === 0) return;
  const names = damaged.slice(0, SHOWN).map((path) => shownPath(path));
  const more = damaged.length > SHOWN ? ` and ${damaged.length - SHOWN} more` : '';
  throw new DesprawlError(
    'DSP-VAULT-DAMAGED',
    `What was at ${names.join(', ')}${more} is missing in the vault or damaged; ${good} other ${good === 1 ? 'file is' : 'files are'} whole. Nothing was changed.`,
    {
      hint: 'Put these files there yourself as they were, if you have them, and run the command again: what is as before is left alone. `desprawl backup restore` gives you the others. Check the disk.',
    },
  );
}
